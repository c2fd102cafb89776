"""Holders of a title before a family name: President Bush in 1990, the late President Assad."""

from __future__ import annotations

import re

from ...models.entity import Entity
from ...text.patterns import regex
from ..matcher import Found, Name
from ..reasons import TITLED
from .bearers import Bearer, Bearers, key_of
from .lives import years_of
from .words import namesake_words

_PRESIDENT = regex(r"\bpresident\s(?:[Aa]l-)?\Z", re.IGNORECASE)
_NOT_IN_OFFICE = regex(
    r"\b(?:an?|any|vice|future|next|if|possible|potential|prospective|would-be)"
    r"[ -]president\s(?:[Aa]l-)?\Z",
    re.IGNORECASE,
)
_LATE = regex(r"\blate\s(?:[A-Z]\w+\s){0,3}(?:[Aa]l-)?\Z")
_WOMAN = regex(r"\b(?:Mrs\.?|First Lady|first lady)\s(?:[Aa]l-)?\Z")
_TITLE = regex(r"President\s", re.IGNORECASE)
TITLES = ("president", "mrs", "mrs.", "lady")
"""How the word before a family name with a title that counts here ends, in lower case."""
_WIVES = frozenset(("wife", "widow"))


def is_womans(text: str, start: int) -> bool:
    """Return whether the title before a family name is a woman's."""
    return _WOMAN.search(text, max(0, start - 20), start) is not None


def is_woman(bearer: Bearer) -> bool:
    """Return whether a person is a woman, by the given name or the description."""
    given = bearer.entity.name.split()[0].lower()
    return given in namesake_words().women or not bearer.description.isdisjoint(_WIVES)


def woman_of(bearers: Bearers, family: str) -> Entity | None:
    """Return the one known woman of a family, or of several the one who is a wife."""
    women = [each for each in bearers.of_family(family) if is_woman(each)]
    if len(women) > 1:
        women = [each for each in women if not each.description.isdisjoint(_WIVES)]
    return women[0].entity if len(women) == 1 else None


def holder_of_title(bearers: Bearers, text: str, match: Found, year: int | None) -> Found | None:
    """Return the match of the one known person who has the title before a family name.

    It has no names if the title is a woman's, and none is known. `year` is that of the article.
    """
    key = key_of(text[match.start : match.end]).split()
    start = family_start(text, match)
    if len(key) > 1 and start == match.start:
        return None
    womans = is_womans(text, start)
    holder = (
        woman_of(bearers, key[-1]) if womans else president_of(bearers, text, start, key[-1], year)
    )
    if holder is None:
        return match._replace(names=()) if womans else None
    if any(name.entity == holder for name in match.names) and len(match.names) == 1:
        return match
    name = Name(holder, holder.name, 0, weak=False, acronym=False)
    return Found(match.start, match.end, (name,), TITLED.format(name=holder.name))


def family_start(text: str, match: Found) -> int:
    """Return the start of the family name in a match that may begin with the title President."""
    found = _TITLE.match(text, match.start, match.end)
    return found.end() if found else match.start


def president_of(
    bearers: Bearers, text: str, start: int, family: str, year: int | None
) -> Entity | None:
    """Return the one known president of a family that a title before the name means.

    It is the one in whose years of office the sentence, or else the article, is; of the late ones,
    the one who has died; or the only one described as president.
    """
    titled = _PRESIDENT.search(text, max(0, start - 20), start)
    late = _LATE.search(text, max(0, start - 60), start)
    if titled is None or _NOT_IN_OFFICE.search(text, max(0, start - 25), start):
        return None
    presidents = [
        each
        for each in bearers.of_family(family)
        if each.term is not None and (each.entity.description or "").startswith("President ")
    ]
    if late is not None:
        found = [each for each in presidents if each.died is not None]
        return found[0].entity if len(found) == 1 else None
    if len(presidents) > 1 and (years := years_of(text, start) or ([year] if year else [])):
        presidents = [
            each
            for each in presidents
            if each.term and all(each.term[0] <= one <= each.term[1] for one in years)
        ]
    return presidents[0].entity if len(presidents) == 1 else None
