"""Lives of known persons: their offices, ages and early years, as the words around a name tell."""

from __future__ import annotations

from ...text.patterns import regex
from ..rules.cue_words import cue_words
from .bearers import Bearer

_WORD = regex(r"[^\W\d_]+")
_YEAR = regex(r"\b(?:1[89]|20)\d\d\b")
_SENTENCE_END = regex(r"[.!?]['\"”’)]*\s(?=[A-Z])|\n")
_RANK = regex(r"[A-Z][a-z]+\.\s\Z")
_YEARS_OLD = regex(r"(\d{1,2})-years?-old\Z")
_AGED = regex(r",\s(?:aged?\s)?(\d{1,2})(?=[,.;])")
_ADULT = 16
"""The lowest age of somebody who is in the news for an office."""
_EARLY = 8
"""The number of years before an article, or an office, when a leader may have had a low rank."""
_TODAY = 2011
"""The year of an article without a date: the first of the conflict."""
_BEFORE = 40
_LONGEST = 1000
"""The number of characters of a sentence before and after a place in it, at most."""


def has_title(text: str, start: int, bearer: Bearer) -> bool:
    """Return whether a title that a person has by the description is next before a name."""
    words = _WORD.findall(text[max(0, start - _BEFORE) : start].lower())[-4:]
    return any(word in bearer.description and word in cue_words().titles for word in words)


def is_age_of_child(before: str, after: str) -> bool:
    """Return whether the word before a name, or the text after it, is the age of a child."""
    found = _YEARS_OLD.match(before) or _AGED.match(after)
    return found is not None and int(found[1]) < _ADULT


def years_of(text: str, start: int) -> list[int]:
    """Return the years in the sentence at a place of a text."""
    begin = max(0, start - _LONGEST)
    for end in _SENTENCE_END.finditer(text, max(0, start - 400), start):
        if _RANK.search(text, max(0, end.start() - 8), end.end()) is None or end[0] == "\n":
            begin = end.end()
    stop = _SENTENCE_END.search(text, start, start + _LONGEST)
    found = _YEAR.findall(text, begin, stop.start() if stop else min(len(text), start + 400))
    return [int(year) for year in found]


def is_of_early_life(text: str, start: int, year: int | None, bearer: Bearer) -> bool:
    """Return whether a sentence is about years before a person was known for the office.

    `year` is that of the article. Of somebody who was in office before the conflict every sentence
    may be.
    """
    if bearer.term is not None and bearer.term[1] < _TODAY - _EARLY:
        return True
    last = min(year or _TODAY, bearer.term[0] if bearer.term else _TODAY) - _EARLY
    years = years_of(text, start)
    return bool(years) and max(years) <= last
