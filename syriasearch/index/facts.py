"""The facts that distinguish texts of one form: their names and their numbers.

Statements, telegrams and daily reports are filled in: another place or number makes another
article. A copy may lack facts of its original, or have more; in a text of the same form, facts are
**replaced**: each text has some that the other has not. Two spellings of a name are one fact.

A number is written in digits or in words; ordinals and the points of the compass count as numbers.
A name is a word with a capital inside a sentence; in a script without capitals any word that is no
stop word may be one. Titles are left out, because a copy often has a headline of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..text.arabic import has_arabic
from ..text.edit_distance import farthest
from ..text.patterns import regex
from ..text.stopwords import is_stop_word
from ..text.tokenize import terms
from ..text.word_lists import DATA, read_word_lists

MIN_SPELLING = 4
"""The minimum length of words that may be two spellings of one name."""

_INSIDE = regex(r"(?<=[\w,;]\s)[^\W\d_][\w'’]*")
_MANY_CAPITALS = 0.5
"""The share of words with a capital from which on capitals say nothing: headlines, telexes."""


@cache
def number_words() -> dict[str, str]:
    """Return the folded words that are numbers, or like them a fact, each with what it says."""
    lists = read_word_lists(DATA / "number_words.txt")
    return {term: digits for digits, words in lists.items() for term in terms(" ".join(words))}


def numbers_of(words: Iterable[str]) -> frozenset[str]:
    """Return the numbers among terms, in digits; any term with a digit is one."""
    known = number_words()
    return frozenset(
        known.get(word, word) for word in words if word in known or any(map(str.isdigit, word))
    )


def names_of(blocks: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the terms that may be names; `blocks` are kind and text of each paragraph."""
    names: set[str] = set()
    for kind, text in blocks:
        if kind in ("title", "byline"):
            continue
        inside = _INSIDE.findall(text)
        capitals = [word for word in inside if word[0].isupper()]
        if len(capitals) <= _MANY_CAPITALS * len(inside):
            names.update(terms(" ".join(capitals)))
        if has_arabic(text):
            names.update(
                word
                for word in terms(text)
                if len(word) > 2 and has_arabic(word) and not is_stop_word(word)
            )
    return frozenset(names).difference(number_words())


def count_replaced(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many names of one text are replaced by others; each text has what the other lacks.

    Two spellings of a name cancel each other.
    """
    rest, lost = set(other), 0
    for name in sorted(one):
        same = next((each for each in sorted(rest) if _is_spelling(name, each)), None)
        if same is None:
            lost += 1
        else:
            rest.discard(same)
    return min(lost, len(rest))


def _is_spelling(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    if min(len(one), len(other)) < MIN_SPELLING:
        return False
    return bool(OSA.distance(one, other) <= farthest(min(one, other, key=len)[:-1]))
