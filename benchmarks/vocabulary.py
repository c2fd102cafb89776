"""Which words, pairs of words and days does a corpus hold, and how common is each?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cache import Cache
from corpora import Document, words

FUNCTION_WORDS = frozenset(
    """about after again against all also among and another any around are back because been
    before being between both but came can come could did does doing don down during each even
    every few first for from get going had has have having her here him his how however into its
    itself just last less like made make many may might more most much must near never new not now
    off once one only other our out over own said same says see several she should since some still
    such than that the their them then there these they this those though three through too took two
    under until upon use used very was way well were what when where whether which while who whom
    whose why will with within without would yet you your""".split()
) - {"said"}
"""English words that no one looks for alone; `said` stays, as the commonest that one might."""

_NAME = re.compile(r"\b([A-Z][a-z]{2,}) ([A-Z][a-z]{2,})\b")
_ARABIC = re.compile(r"[\u0621-\u064a]{4,}")
_LETTERS = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Vocabulary:
    """In how many documents what stands, the commonest first; and the days, in order."""

    english: dict[str, int]
    arabic: dict[str, int]
    names: dict[str, int]
    """Two words in capitals that follow each other."""
    days: list[str]
    documents: int

    def band(self, low: float, high: float) -> list[str]:
        """Return the English words that stand in at least and at most such a share of documents."""
        least, most = low * self.documents, high * self.documents
        return [word for word, count in self.english.items() if least <= count <= most]


def read_vocabulary(documents: Sequence[Document], name: str, cache: Cache) -> Vocabulary:
    """Return the vocabulary of a corpus, from the cache where it was counted before."""

    def build(folder: Path) -> None:
        counts = [Counter[str]() for _ in range(3)]
        for document in documents:
            for counted, found in zip(counts, _look_at(document.whole), strict=True):
                counted.update(found)
        english, arabic, names = map(_common, counts)
        days = sorted(document.date for document in documents if len(document.date) == 10)
        vocabulary = Vocabulary(english, arabic, names, days, len(documents))
        text = json.dumps(vars(vocabulary), ensure_ascii=False)
        (folder / "vocabulary.json").write_text(text, encoding="utf-8")

    path = cache.get(f"{name}-vocabulary", build) / "vocabulary.json"
    return Vocabulary(**json.loads(path.read_text(encoding="utf-8")))


def _look_at(text: str) -> Iterator[set[str]]:
    known = set(words(text))
    yield {word for word in known if _LETTERS.fullmatch(word)} - FUNCTION_WORDS
    yield {word for word in known if _ARABIC.fullmatch(word)}
    yield {f"{first} {second}".lower() for first, second in _NAME.findall(text)}


def _common(counts: Counter[str]) -> dict[str, int]:
    """Drop what stands in one document alone, and order by count and letters."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {what: count for what, count in ordered if count > 1}
