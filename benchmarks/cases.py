"""What is asked of the engines, class by class?

Words are taken from the corpus itself, evenly from a band of how common they are: another corpus
makes other queries, and the same corpus the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, TypeVar

from corpora import Document, words
from vocabulary import FUNCTION_WORDS, Vocabulary

EACH = 8
"""So many queries a class."""
MAX_FORMS = 200
"""A prefix stands for at most so many words."""

Operator = Literal["all", "any", "phrase", "prefix"]
Thing = TypeVar("Thing")

KINDS = (
    "rare",
    "broad",
    "broad all",
    "broad any",
    "phrase",
    "prefix",
    "date",
    "entity",
    "facets",
    "arabic",
    "misspelt",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One query, for any engine to put in its own way."""

    kind: str
    words: tuple[str, ...]
    operator: Operator = "all"
    after: str = ""
    """Only from this day on."""
    entity: str = ""
    """Only naming this entity, by its slug."""
    facets: tuple[str, ...] = ()
    misspelt: bool = False


def make_cases(
    vocabulary: Vocabulary, documents: Sequence[Document], entities: Sequence[str]
) -> list[Case]:
    """Make the queries of every class; `entities` are slugs, the most named first."""
    broad = spread(vocabulary.band(0.25, 0.9), EACH)
    common = spread(vocabulary.band(0.05, 0.25), EACH)
    single = [Case("broad", (word,)) for word in broad]
    cases = [
        *_rare(vocabulary, documents),
        *single,
        *(Case("broad all", group) for group in _groups(broad, (2, 3))),
        *(Case("broad any", group, "any") for group in _groups(broad, (2, 3, 4))),
        *(Case("phrase", tuple(name.split()), "phrase") for name in _names(vocabulary)),
        *(Case("prefix", (prefix,), "prefix") for prefix in _prefixes(vocabulary)),
        *(
            replace(case, kind="date", after=_day(vocabulary, (number % 4 + 1) / 5))
            for number, case in enumerate(single)
        ),
        *(
            replace(case, kind="entity", entity=entity)
            for case, entity in zip(single, spread(entities, EACH), strict=False)
        ),
        *(Case("facets", (word,), facets=("source", "year")) for word in (*broad, *common)),
        *_arabic(vocabulary),
        *_misspelt(vocabulary),
    ]
    return sorted(cases, key=lambda case: KINDS.index(case.kind))


def spread(things: Sequence[Thing], count: int) -> list[Thing]:
    """Choose things evenly, the first and the last among them."""
    if len(things) <= count:
        return list(things)
    step = (len(things) - 1) / (count - 1)
    return [things[round(number * step)] for number in range(count)]


def _groups(chosen: Sequence[str], sizes: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """Yield a group from each word on, going round, of sizes in turn."""
    for start in range(len(chosen)):
        size = sizes[start % len(sizes)]
        yield tuple(chosen[(start + step) % len(chosen)] for step in range(size))


def _rare(vocabulary: Vocabulary, documents: Sequence[Document]) -> Iterator[Case]:
    """Yield rare words, every other with the rarest word that stands with it in some document."""
    band = [
        word for word, count in vocabulary.english.items() if 5 <= count <= 50 and len(word) >= 6
    ]
    for number, word in enumerate(spread(band, EACH)):
        if number % 2 == 0:
            yield Case("rare", (word,))
            continue
        beside = next(found for each in documents if word in (found := set(words(each.text))))
        known = beside & vocabulary.english.keys() - {word}
        other = min(sorted(known), key=lambda each: vocabulary.english[each])
        yield Case("rare", (word, other))


def _names(vocabulary: Vocabulary) -> list[str]:
    """Return pairs of names, from the commonest to those in one of 500 documents."""
    least = vocabulary.documents / 500
    return spread([name for name, count in vocabulary.names.items() if count >= least], EACH)


def _prefixes(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield six letters of longer words that are not too rare."""
    prefixes = dict.fromkeys(word[:6] for word in vocabulary.band(0.005, 0.05) if len(word) >= 9)
    fit = (
        prefix
        for prefix in spread(list(prefixes), EACH * 2)
        if 1 < sum(word.startswith(prefix) for word in vocabulary.english) <= MAX_FORMS
    )
    yield from islice(fit, EACH)


def _day(vocabulary: Vocabulary, share: float) -> str:
    """Return the day before which such a share of the dated documents was published."""
    return vocabulary.days[int(share * (len(vocabulary.days) - 1))] if vocabulary.days else "2000"


def _arabic(vocabulary: Vocabulary) -> Iterator[Case]:
    """Yield Arabic words, from common to rare; every other with the next."""
    most = next(iter(vocabulary.arabic.values()), 0)
    band = [word for word, count in vocabulary.arabic.items() if most / 100 <= count <= most / 3]
    chosen = spread(band, EACH)
    for number, word in enumerate(chosen):
        another = chosen[(number + 1) % len(chosen)]
        yield Case("arabic", (word, another) if number % 2 else (word,))


def _misspelt(vocabulary: Vocabulary) -> Iterator[Case]:
    """Yield selective words with the letter in their middle changed to the next that makes none."""
    band = [
        word for word, count in vocabulary.english.items() if 20 <= count <= 200 and len(word) >= 7
    ]
    for word in spread(band, EACH):
        middle = len(word) // 2
        for step in range(1, 26):
            letter = chr((ord(word[middle]) - ord("a") + step) % 26 + ord("a"))
            wrong = word[:middle] + letter + word[middle + 1 :]
            if wrong not in vocabulary.english and wrong not in FUNCTION_WORDS:
                yield Case("misspelt", (wrong,), misspelt=True)
                break
