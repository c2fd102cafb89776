"""How far is one spelling of a name from another, and may both be one name?

The **distance** of two words is a weighted edit distance of their forms (see `names`), divided by
the length of the longer, plus half of what Jaro-Winkler similarity lacks to 1:

    d(a, b) = edit(a, b) / max(|a|, |b|) + (1 - JaroWinkler(a, b)) / 2, at most 1

An edit costs 1, and less where transcriptions differ (`ALIKE`): what one language writes with one
letter and another with another, or one dialect says so and another so. Where one name is in Arabic
script and the other in Latin, vowels cost almost nothing, for the one has only the long ones, and
Jaro-Winkler compares classes of consonants.

Names are aligned word by word. Their distance is half the mean of their words' distances, by
length, and half that of the worst word: a name that shares the family name is no spelling of
another. A person's family name may come first (`TURNED`), and a name in the middle be lacking
(`SKIPPED`). What is written apart in one and together in the other counts as one word.

The method is that of a study on sanctions lists: names aligned word by word by weighted edits and
half Jaro-Winkler met .975 to .983 of the variants of one person at 1 % false pairs, where double
metaphone met .83 to .93. The costs are grouped after what BGN/PCGN, French, German and Turkish
transcriptions write for one Arabic letter; costs and limits were set by looking at names of
the US Treasury's list and of Wikidata's name parts, every second of each, and so that none of
`benchmarks/hard_pairs.csv` is one. What `benchmarks/variants.py` tells of these three is therefore
not of unseen names alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ...text.normalize import has_arabic
from .phonetic import VOWELS, heard, name_form, skeleton

ALIKE = (
    (0.05, "ou iy uw vw"),
    (0.1, "ae ei ey uv ow"),
    (0.15, "kq gq CS TD"),
    (0.25, "gk Gg Gq Xh Xk Dd Dz Tt Ts sS jg CX Gk jC eo kC jD"),
    (0.3, "sz dt bp vf jz jy jS zS zT zd wb wf XG"),
    (0.4, "ai ao au eu oi"),
    (0.5, "ay iu mn vb hk Xq TC gy jk"),
)
"""What it costs to write one sound for another."""
LACKING = {**dict.fromkeys("aeiou", 0.2), "h": 0.25, "y": 0.25, "w": 0.25}
"""What it costs to write a sound or not."""
BETWEEN_VOWELS = 0.8
"""What it costs to leave out w or y between vowels, but for iya: Daraa is not Darayya."""
FIRST_LACKING = 0.5
"""What it costs to leave out a vowel that begins a word."""
FIRST_ALIKE = 2.0
"""So many times as much it costs to write another vowel where a word begins: Amer is not Omar."""
LAST_VOWELS = 0.8
"""What it costs more where the vowels before the last consonant are of different kinds, for they
tell Arabic names apart: Bashar and Bashir, Hamid and Hamoud, Hassan and Hussein."""
FIRST_VOWELS = 0.4
"""What it costs more where the first vowels are a in one and o or u in the other: Basra, Bosra."""
KINDS = {"a": "a", "e": "aiu", "i": "i", "y": "i", "u": "u", "o": "u", "w": "u"}
"""The kinds of vowels that a letter may stand for."""
LAST_LACKING = {"a": 0.1, "e": 0.05, "h": 0.1}
"""What it costs to write what ends a word, or not: -a, -ah, -eh, and a silent e."""
ENDING = 1.5
"""What it costs to leave out another vowel at the end, or the i of -ia: Haydar is not Haydari."""
LONG = {"a": 0.4, "w": 0.8, "y": 0.8}
"""What it costs between two names in Arabic script to leave out a vowel, which is a long one."""
UNWRITTEN = {**dict.fromkeys("aeiou", 0.03), "h": 0.2, "y": 0.1, "w": 0.1}
"""What it costs that Arabic does not write a sound of a name in Latin script."""
UNHEARD = {"a": 0.2, "h": 0.25, "y": 0.25, "w": 0.25}
"""What it costs that a sound that Arabic writes is not there in Latin script."""
SEAT = 0.05
"""What an alef costs that begins a word, or what ends one as a or h, where Latin lacks it."""
ACROSS_ALIKE = (
    (0.0, "wu wo yi ye ae ai"),
    (0.02, "wv ao au"),
    (0.05, "vf gj gG gk gq pb"),
)
"""What it costs, beside `ALIKE`, to write a sound in the one script and another in the other."""

SKIPPED = 0.06
"""What a word in the middle costs that one name lacks."""
TURNED = 0.02
"""What it costs that the family name comes first, or that words are written together."""

TOGETHER = 0.06
"""Words written together, and apart, are one name up to this distance: Syria now is not Syria."""


class Limits(NamedTuple):
    """How far from each other spellings of one name may be."""

    several: float
    """Names of several words, of persons."""
    single: float
    """Names of one word, and of all others."""
    across: float
    """Names of several words, one in Arabic script and one in Latin."""
    single_across: float
    """Names of one word, likewise."""


LIMITS = Limits(several=0.2, single=0.16, across=0.2, single_across=0.16)

FARTHEST = 0.22
"""Names of which any two words are farther from each other are no spellings of one."""

Costs = dict[str, float]
Between = Callable[[str, str], float]


def _both_ways(*tables: Sequence[tuple[float, str]]) -> Costs:
    pairs = [(cost, pair) for table in tables for cost, text in table for pair in text.split()]
    return {key: cost for cost, pair in pairs for key in (pair, pair[::-1])}


_SAME_SCRIPT = _both_ways(ALIKE)
_OTHER_SCRIPT = _both_ways(ALIKE, ACROSS_ALIKE)
_BROAD = str.maketrans("qCTDGXoywj", "kStdgkuiuS")
"""Sounds that are the same to Jaro-Winkler."""
_BETWEEN = re.compile(r"[aeiou][wy](?=[aeiou])")
_FIRST_VOWEL = re.compile(r"[^aeiouyw]+[aeiouyw]")
_LAST_VOWEL = re.compile(r"(?<=.)([aeiouwy])[^aeiouwy]$")
_ENDING = re.compile(r"(?:iy?[ae]|[iouy])?$")
_LAST_LONG = re.compile(r"(?<=.)([awy])[^awy]$")


@lru_cache(maxsize=16384)
def word_distance(a: str, b: str, *, arabic: bool = False) -> float:
    """Return how far the forms of two words of one script are from each other, from 0 to 1."""
    if a == b:
        return 0.0
    if _has_digit(a) or _has_digit(b):
        return 1.0
    from rapidfuzz.distance import JaroWinkler

    a, b = sorted((a, b))
    a, b = _without_t(a, b), _without_t(b, a)
    cost = _edits(a, b, _SAME_SCRIPT, _drops(a, arabic), _drops(b, arabic))
    cost += _last_vowels(_LAST_VOWEL.search(a), _LAST_VOWEL.search(b))
    firsts = {found.group()[-1] for form in (a, b) if (found := _FIRST_VOWEL.match(form))}
    cost += FIRST_VOWELS if firsts in ({"a", "o"}, {"a", "u"}) else 0.0
    similar = JaroWinkler.similarity(a.translate(_BROAD), b.translate(_BROAD))
    return min(1.0, cost / max(len(a), len(b)) + (1 - similar) / 2)


@lru_cache(maxsize=16384)
def word_distance_across(latin: str, arabic: str) -> float:
    """Return how far the forms of words of the two scripts are from each other, from 0 to 1.

    Their consonants are compared, by class for what Jaro-Winkler says; and long vowels.
    """
    if _has_digit(latin) or _has_digit(arabic):
        return float(latin != arabic)
    from rapidfuzz.distance import JaroWinkler

    latin = _without_t(latin, arabic)
    unheard = [UNHEARD.get(sound, 1.0) for sound in arabic]
    for place, sounds in ((0, "a"), (-1, "ah")):
        if arabic[place] in sounds:
            unheard[place] = SEAT
    unwritten = [UNWRITTEN.get(sound, 1.0) for sound in latin]
    if latin[-1] in "iouy":
        unwritten[-1] = ENDING
    cost = _edits(latin, arabic, _OTHER_SCRIPT, unwritten, unheard)
    cost += _last_vowels(_LAST_VOWEL.search(latin), _LAST_LONG.search(arabic))
    bones = skeleton(latin), skeleton(arabic)
    similar = JaroWinkler.similarity(*sorted(bones)) if all(bones) else float(bones[0] == bones[1])
    return min(1.0, cost / max(3, *map(len, bones)) + (1 - similar) / 2)


def _without_t(word: str, other: str) -> str:
    """Return a word without the t that its ending has before another: Maarat, Maarra."""
    return word[:-1] if word.endswith(("at", "et")) and other.endswith(("a", "e")) else word


def _word_distance_in_arabic(a: str, b: str) -> float:
    return word_distance(a, b, arabic=True)


def _has_digit(form: str) -> bool:
    return not form.isalpha()


def _drops(form: str, arabic: bool) -> list[float]:
    """Return what it costs to leave out each sound of a form."""
    if arabic:
        costs = [LONG.get(sound, LACKING.get(sound, 1.0)) for sound in form]
    else:
        costs = [LACKING.get(sound, 1.0) for sound in form]
        for match in _BETWEEN.finditer(form):
            if form[match.start() : match.end()] != "iy":
                costs[match.start() + 1] = BETWEEN_VOWELS
        ending = _ENDING.search(form)
        for place in range(max(ending.start(), 1) if ending else len(form), len(form)):
            costs[place] = max(costs[place], ENDING)
        if form[0] in VOWELS:
            costs[0] = FIRST_LACKING
    costs[-1] = LAST_LACKING.get(form[-1], costs[-1])
    return costs


def _last_vowels(a: re.Match[str] | None, b: re.Match[str] | None) -> float:
    """Return what it costs that the vowels before the last consonant are of different kinds."""
    if a is None or b is None:
        return 0.0
    return 0.0 if set(KINDS[a.group(1)]) & set(KINDS[b.group(1)]) else LAST_VOWELS


def _edits(
    a: str, b: str, alike: Costs, a_drops: Sequence[float], b_drops: Sequence[float]
) -> float:
    """Return what the cheapest edits cost that make one form the other."""
    row = [0.0]
    for drop in b_drops:
        row.append(row[-1] + drop)
    for number, (sound, gone) in enumerate(zip(a, a_drops, strict=True)):
        before = row
        left = before[0] + gone
        row = [left]
        for to, other in enumerate(b):
            change = 0.0 if sound == other else alike.get(sound + other, 1.0)
            if not to and change and sound in VOWELS and other in VOWELS and not number:
                change *= FIRST_ALIKE
            cost = before[to] + change
            if before[to + 1] + gone < cost:
                cost = before[to + 1] + gone
            if left + b_drops[to] < cost:
                cost = left + b_drops[to]
            left = cost
            row.append(cost)
    return row[-1]


class Spelling(NamedTuple):
    """The form of a name, and whether it is written in Arabic script."""

    tokens: tuple[str, ...]
    arabic: bool


def spelling(name: str) -> Spelling:
    """Return how a name is spelt."""
    return spelling_of(name_form(name))


def spelling_of(form: str) -> Spelling:
    """Return how a name of this form is spelt."""
    return Spelling(heard(form), has_arabic(form))


def distance(a: Spelling, b: Spelling, *, person: bool = True) -> float:
    """Return how far two spellings of names are from each other, from 0 to 1; symmetric.

    Only a person's family name may come first, and only a person's middle names may be lacking.

    >>> distance(spelling("Mohammed Alloush"), spelling("Muhammad Allouche"))  # doctest: +ELLIPSIS
    0.0...
    >>> distance(spelling("Bashar al-Assad"), spelling("Maher al-Assad")) > 0.3
    True
    """
    if not (a.tokens and b.tokens):
        return 1.0
    if a.arabic == b.arabic:
        between: Between = word_distance if not a.arabic else _word_distance_in_arabic
    elif b.arabic:
        between = word_distance_across
    else:
        between, a, b = word_distance_across, b, a
    one, other = a.tokens, b.tokens
    if len(one) == len(other) == 1:
        return between(one[0], other[0])
    most = FARTHEST if person else LIMITS.single
    least = 1.0
    if person or len(one) == len(other):
        least = _aligned(one, other, between, most)
    if len(one) != len(other) and a.arabic == b.arabic:
        together = between("".join(one), "".join(other))
        least = min(least, together + TURNED if together <= TOGETHER else 1.0)
    if person and len(one) > 1 < len(other):
        # The family name may come first in either.
        least = min(least, _aligned((*one[1:], one[0]), other, between, most) + TURNED)
        least = min(least, _aligned(one, (*other[1:], other[0]), between, most) + TURNED)
    return min(1.0, least)


def _aligned(one: Sequence[str], other: Sequence[str], between: Between, most: float) -> float:
    """Return how far the words of two names are from each other, in their order.

    It is 1 where a word is farther than `most` from its counterpart.
    """
    if min(len(one), len(other)) == 1:
        return 1.0
    first, last = between(one[0], other[0]), between(one[-1], other[-1])
    if max(first, last) > most:
        return 1.0
    pairs = [(first, len(one[0]) + len(other[0])), (last, len(one[-1]) + len(other[-1]))]
    skipped = abs(len(one) - len(other))
    at = 1
    if len(one) >= len(other):
        for number, word in enumerate(other[1:-1], start=1):
            # Behind it as many words must be left as the shorter name has.
            places = range(at, len(one) - len(other) + number + 1)
            best, at = min((between(one[place], word), place) for place in places)
            pairs.append((best, len(one[at]) + len(word)))
            at += 1
    else:
        for number, word in enumerate(one[1:-1], start=1):
            places = range(at, len(other) - len(one) + number + 1)
            best, at = min((between(word, other[place]), place) for place in places)
            pairs.append((best, len(other[at]) + len(word)))
            at += 1
    if max(each for each, _ in pairs) > most:
        return 1.0
    mean = sum(each * weight for each, weight in pairs) / sum(weight for _, weight in pairs)
    return (mean + max(each for each, _ in pairs)) / 2 + SKIPPED * skipped


def limit(a: Spelling, b: Spelling, *, person: bool = True) -> float:
    """Return up to what distance two spellings may be of one name."""
    single = len(a.tokens) == 1 or len(b.tokens) == 1
    if a.arabic != b.arabic:
        return LIMITS.single_across if single else LIMITS.across
    return LIMITS.several if person and not single else LIMITS.single


def may_be_one(a: str, b: str, *, person: bool = True) -> bool:
    """Tell whether two names are spelt so alike that they may be one.

    >>> may_be_one("Deir ez-Zor", "Dayr az Zawr"), may_be_one("Deir ez-Zor", "Deir Hafer")
    (True, False)
    """
    one, other = spelling(a), spelling(b)
    return distance(one, other, person=person) <= limit(one, other, person=person)
