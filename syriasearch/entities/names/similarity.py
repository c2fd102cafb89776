"""Similarity of names: the distance of two spellings, and its limits for spellings of one name.

The **distance** of two words is a weighted edit distance of their forms (see `phonetic`), divided
by the length of the longer one, plus half the difference of their Jaro-Winkler similarity from 1:

    d(a, b) = edit(a, b) / max(|a|, |b|) + (1 - JaroWinkler(a, b)) / 2, at most 1

An edit costs 1, but less for differences between transcriptions: letters that different
languages write for one sound, and sounds that differ between dialects. If one name is in Arabic
script and the other in Latin, vowels cost almost nothing, as Arabic writes only the long ones, and
Jaro-Winkler similarity is that of classes of consonants.

Names are aligned word by word. Their distance is half the mean of their words' distances, weighted
by length, plus half that of the worst word: a name that has only the family name in common is not a
spelling of another. A person's family name may come first (`REORDERED_PENALTY`), and a middle name
be missing (`SKIPPED`). Words written apart in one name and together in the other count as one word.

The method is that of a study on sanctions lists: names aligned word by word by weighted edits and
half Jaro-Winkler found .975 to .983 of the variants of one person at 1 % false pairs, where double
metaphone found .83 to .93. The costs are grouped by the letters that BGN/PCGN, French, German and
Turkish transcriptions write for one Arabic letter; costs and limits were set by inspection of every
second name of the US Treasury's list and of Wikidata's name parts, and so that no pair in
`benchmarks/hard_pairs.csv` counts as one name. The results of `benchmarks/variants.py` on these
three are therefore not results on unseen names only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

from ...text.arabic import has_arabic
from ...text.patterns import regex
from ...text.word_lists import read_word_lists
from .phonetic import DATA, VOWELS, consonant_skeleton, latinized_tokens, phonetic_form

BETWEEN_VOWELS = 0.8
"""Cost of deleting w or y between vowels, except y after i: Daraa is not Darayya."""
FIRST_LACKING = 0.5
"""Cost of deleting an initial vowel."""
FIRST_ALIKE = 2.0
"""Factor on the cost of replacing an initial vowel by another: Amer is not Omar."""
LAST_VOWELS = 0.8
"""Cost added if the vowels before the last consonant are of different kinds, because these
distinguish Arabic names: Bashar and Bashir, Hamid and Hamoud, Hassan and Hussein."""
FIRST_VOWELS = 0.4
"""Cost added if the first vowels after a consonant are a in one word and o or u in the other:
Basra, Bosra."""
VOWEL_KINDS = {"a": "a", "e": "aiu", "i": "i", "y": "i", "u": "u", "o": "u", "w": "u"}
"""The kinds of vowels, a, i and u, that a letter may represent."""
ENDING = 1.5
"""Cost of deleting another final vowel, or the i of -ia: Haydar is not Haydari."""
INITIAL_ALEF_COST = 0.05
"""Cost of an initial alef, or a final a or h, in an Arabic name that the Latin one lacks."""
SKIPPED = 0.06
"""Distance added for each middle word that one of the names lacks."""
SKIPPED_ACROSS = 0.14
"""The same of names in two scripts, as vowels say less."""
REORDERED_PENALTY = 0.02
"""Distance added if the family name comes first in one name, or if words are written together."""
MAX_TOGETHER = 0.06
"""Maximum distance, with all words of each name joined, at which words written apart in one and
together in the other are one name: Syria now is not Syria."""
MAX_SEVERAL = 0.2
"""Maximum distance of two spellings of one name of several words, of a person or in two scripts."""
MAX_SINGLE = 0.16
"""Maximum distance of two spellings of one name of a single word, or of another entity."""
MAX_WORD = 0.22
"""Maximum distance between any two aligned words of spellings of one person's name."""

Costs = dict[str, float]
Between = Callable[[str, str], float]


class _Costs(NamedTuple):
    """The costs of edits in `data/costs.txt`, which explains them; other edits cost 1."""

    alike: Costs
    alike_across: Costs
    insertion: Costs
    last: Costs
    insertion_in_arabic: Costs
    unwritten: Costs
    unheard: Costs


@cache
def _costs() -> _Costs:
    lists = read_word_lists(DATA / "costs.txt")
    tables = {
        name: {sounds: float(cost) for sounds, cost in (word.split("=") for word in words)}
        for name, words in lists.items()
    }
    for name in ("alike", "alike_across"):
        tables[name] |= {pair[::-1]: cost for pair, cost in tables[name].items()}
    for name, base in (("alike_across", "alike"), ("insertion_in_arabic", "insertion")):
        tables[name] = tables[base] | tables[name]
    return _Costs(**tables)


_BROAD = str.maketrans("qCTDGXoywj", "kStdgkuiuS")
"""Map of sounds to those that represent them in Jaro-Winkler similarity."""
_BETWEEN = regex(r"[wy](?<=[aeiou].)(?<!iy)(?=[aeiou])")
_FIRST_VOWEL = regex(r"[^aeiouyw]+[aeiouyw]")
_LAST_VOWEL = regex(r"(?<=.)([aeiouwy])[^aeiouwy]$")
_ENDING = regex(r"(?:iy?[ae]|[iouy])?$")
_LAST_LONG = regex(r"(?<=.)([awy])[^awy]$")


@lru_cache(maxsize=16384)
def word_distance(a: str, b: str, *, arabic: bool = False) -> float:
    """Return the distance of two words' forms in one script, from 0 to 1; symmetric.

    `arabic` is for sounds of two names in Arabic script, whose vowels are long.
    """
    if a == b:
        return 0.0
    if not (a.isalpha() and b.isalpha()):
        return 1.0  # numbers differ
    a, b, farther = _unlike(a, b)
    costs = _costs()
    cost = _edits(a, b, costs.alike, _drops(a, costs, arabic), _drops(b, costs, arabic))
    cost += _last_vowels(_LAST_VOWEL.search(a), _LAST_VOWEL.search(b))
    firsts = {found.group()[-1] for form in (a, b) if (found := _FIRST_VOWEL.match(form))}
    cost += FIRST_VOWELS if firsts in ({"a", "o"}, {"a", "u"}) else 0.0
    return min(1.0, cost / max(len(a), len(b)) + farther)


def is_near(a: str, b: str, limit: float) -> bool:
    """Return whether the distance of two words' forms in one script is at most a limit below 1."""
    if a == b:
        return True
    # Most are farther by their similarity alone, which takes a tenth of the time.
    return a.isalpha() and b.isalpha() and _unlike(a, b)[2] <= limit >= word_distance(a, b)


def _unlike(a: str, b: str) -> tuple[str, str, float]:
    """Return two forms in order, without a final t, and the part of their distance that is not
    edits."""
    from rapidfuzz.distance import JaroWinkler

    a, b = sorted((a, b))
    a, b = _without_t(a, b), _without_t(b, a)
    similar = JaroWinkler.similarity(a.translate(_BROAD), b.translate(_BROAD))
    return a, b, (1 - similar) / 2


@lru_cache(maxsize=16384)
def word_distance_across(latin: str, arabic: str) -> float:
    """Return the distance of the forms of a Latin and an Arabic word, from 0 to 1.

    Consonants and long vowels are compared; Jaro-Winkler similarity is that of the skeletons.
    """
    if not (latin.isalpha() and arabic.isalpha()):
        return float(latin != arabic)
    from rapidfuzz.distance import JaroWinkler

    latin = _without_t(latin, arabic)
    costs = _costs()
    unheard = [costs.unheard.get(sound, 1.0) for sound in arabic]
    for place, sounds in ((0, "a"), (-1, "ah")):
        if arabic[place] in sounds:
            unheard[place] = INITIAL_ALEF_COST
    unwritten = [costs.unwritten.get(sound, 1.0) for sound in latin]
    if latin[-1] in "iouy":
        unwritten[-1] = ENDING
    cost = _edits(latin, arabic, costs.alike_across, unwritten, unheard)
    cost += _last_vowels(_LAST_VOWEL.search(latin), _LAST_LONG.search(arabic))
    one, other = sorted((consonant_skeleton(latin), consonant_skeleton(arabic)))
    similar = JaroWinkler.similarity(one, other) if one and other else float(one == other)
    return min(1.0, cost / max(3, len(one), len(other)) + (1 - similar) / 2)


def _without_t(word: str, other: str) -> str:
    """Return a word without the final t that it has only before another word: Maarat, Maarra."""
    return word[:-1] if word.endswith(("at", "et")) and other.endswith(("a", "e")) else word


def _drops(form: str, tables: _Costs, arabic: bool) -> list[float]:
    """Return the cost of deleting each sound of a form."""
    insertion = tables.insertion_in_arabic if arabic else tables.insertion
    costs = [insertion.get(sound, 1.0) for sound in form]
    if not arabic:
        for match in _BETWEEN.finditer(form):
            costs[match.start()] = BETWEEN_VOWELS
        ending = _ENDING.search(form)
        for index in range(max(ending.start(), 1) if ending else len(form), len(form)):
            costs[index] = max(costs[index], ENDING)
        if form[0] in VOWELS:
            costs[0] = FIRST_LACKING
    costs[-1] = tables.last.get(form[-1], costs[-1])
    return costs


def _last_vowels(a: re.Match[str] | None, b: re.Match[str] | None) -> float:
    """Return the cost of vowels of different kinds before the last consonant, 0 if they are not."""
    if a is None or b is None:
        return 0.0
    return 0.0 if set(VOWEL_KINDS[a[1]]) & set(VOWEL_KINDS[b[1]]) else LAST_VOWELS


def _edits(
    a: str, b: str, alike: Costs, a_drops: Sequence[float], b_drops: Sequence[float]
) -> float:
    """Return the weighted edit distance of two forms, given the costs of deleting their sounds."""
    row = [0.0]
    for drop in b_drops:
        row.append(row[-1] + drop)
    for number, (sound, dropped) in enumerate(zip(a, a_drops, strict=True)):
        before = row
        left = before[0] + dropped
        row = [left]
        for index, other in enumerate(b):
            change = 0.0 if sound == other else alike.get(sound + other, 1.0)
            if not index and change and sound in VOWELS and other in VOWELS and not number:
                change *= FIRST_ALIKE
            cost = before[index] + change
            if before[index + 1] + dropped < cost:
                cost = before[index + 1] + dropped
            if left + b_drops[index] < cost:
                cost = left + b_drops[index]
            left = cost
            row.append(cost)
    return row[-1]


class Spelling(NamedTuple):
    """The form of a name, as sounds, with its script."""

    tokens: tuple[str, ...]
    """The words of the form, as sounds in Latin letters."""
    arabic: bool
    """Whether the name is written in Arabic script."""


def spelling(name: str) -> Spelling:
    """Return the spelling of a name."""
    return spelling_of(phonetic_form(name))


def spelling_of(form: str) -> Spelling:
    """Return the spelling of a name by its form (`phonetic.phonetic_form`)."""
    return Spelling(latinized_tokens(form), has_arabic(form))


def distance(a: Spelling, b: Spelling, *, person: bool = True) -> float:
    """Return the distance of two spellings of names, from 0 to 1; symmetric.

    Only a person's family name may come first, and only a person's middle names may be missing.

    >>> distance(spelling("Mohammed Alloush"), spelling("Muhammad Allouche"))  # doctest: +ELLIPSIS
    0.0...
    >>> distance(spelling("Bashar al-Assad"), spelling("Maher al-Assad")) > 0.3
    True
    """
    if not (a.tokens and b.tokens):
        return 1.0
    if a.arabic != b.arabic:
        between: Between = word_distance_across
        a, b = (b, a) if a.arabic else (a, b)
    else:
        between = partial(word_distance, arabic=True) if a.arabic else word_distance
    one, other = a.tokens, b.tokens
    if len(one) == len(other) == 1:
        return between(one[0], other[0])
    max_word = MAX_WORD if person else MAX_SINGLE
    least = 1.0
    if person or len(one) == len(other):
        least = _aligned(one, other, between, max_word)
    if len(one) != len(other) and a.arabic == b.arabic:
        together = between("".join(one), "".join(other))
        least = min(least, together + REORDERED_PENALTY if together <= MAX_TOGETHER else 1.0)
    if person and len(one) > 1 < len(other):
        # The family name may come first in either.
        for pair in (((*one[1:], one[0]), other), (one, (*other[1:], other[0]))):
            least = min(least, _aligned(*pair, between, max_word) + REORDERED_PENALTY)
    return min(1.0, least)


def is_spelling(a: Spelling, b: Spelling, most: float) -> bool:
    """Return whether the distance of two spellings of names is at most `most`."""
    if len(a.tokens) == len(b.tokens) == 1 and not (a.arabic or b.arabic):
        return is_near(a.tokens[0], b.tokens[0], most)
    return distance(a, b) <= most


def ordered_distance(a: Spelling, b: Spelling) -> float:
    """Return the distance of two persons' names in one script, as wholes and as they are ordered.

    It is 1 if a word is missing in one of them.
    """
    between = partial(word_distance, arabic=True) if a.arabic else word_distance
    if len(a.tokens) == len(b.tokens):
        return _aligned(a.tokens, b.tokens, between, MAX_WORD)
    together = between("".join(a.tokens), "".join(b.tokens))
    return together + REORDERED_PENALTY if together <= MAX_TOGETHER else 1.0


def _aligned(
    one: Sequence[str], other: Sequence[str], between: Between, max_distance: float
) -> float:
    """Return the distance of two names whose words are aligned in their order.

    It is 1 if a name has only one word, or if a word is farther than `max_distance` from its
    counterpart.
    """
    if min(len(one), len(other)) == 1:
        return 1.0
    first, last = between(one[0], other[0]), between(one[-1], other[-1])
    if max(first, last) > max_distance:
        return 1.0
    pairs = [(first, len(one[0]) + len(other[0])), (last, len(one[-1]) + len(other[-1]))]
    skipped = len(one) - len(other)
    longer, shorter = (one, other) if skipped >= 0 else (other, one)
    start = 1
    for number, word in enumerate(shorter[1:-1], start=1):
        # As many words must follow the counterpart as are left in the shorter name.
        best, start = min(
            (between(longer[index], word) if skipped >= 0 else between(word, longer[index]), index)
            for index in range(start, abs(skipped) + number + 1)
        )
        pairs.append((best, len(longer[start]) + len(word)))
        start += 1
    worst = max(distance for distance, _ in pairs)
    if worst > max_distance:
        return 1.0
    mean = sum(each * weight for each, weight in pairs) / sum(weight for _, weight in pairs)
    cost = SKIPPED_ACROSS if between is word_distance_across else SKIPPED
    return (mean + worst) / 2 + cost * abs(skipped)


def limit(a: Spelling, b: Spelling, *, person: bool = True) -> float:
    """Return the maximum distance at which two spellings may be of one name."""
    single = len(a.tokens) == 1 or len(b.tokens) == 1
    several = not single and (person or a.arabic != b.arabic)
    return MAX_SEVERAL if several else MAX_SINGLE
