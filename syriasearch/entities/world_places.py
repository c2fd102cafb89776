"""Places of the world that are told apart by how news writes them: cities, and states abbreviated.

The lists are `data/cities.txt` and `data/state_abbreviations.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from ..models.entity import Entity
from .gazetteer import DATA
from .matcher import Found, Name

_NOT_AFTER = re.compile(r"\.?\s[A-Z]")


@cache
def cities() -> frozenset[str]:
    """Return the names of cities that the gazetteer does not have, in lower case."""
    return frozenset(line.lower() for line in _lines("cities.txt"))


class StateFinder:
    """A finder of abbreviated states after the name of a town, or of a party.

    An example is Watertown, Mass.; another, (R-Ariz.).
    """

    def __init__(self, known: Mapping[str, Entity]) -> None:
        self._states = {
            abbreviation: known[slug]
            for abbreviation, slug in map(str.split, _lines("state_abbreviations.txt"))
            if slug in known
        }
        every = "|".join(map(re.escape, self._states)) or r"(?!)"
        self._after_town = re.compile(rf", ({every})\.(?!\w)")
        self._after_party = re.compile(rf"-({every})(?!\w)")

    def find(self, text: str, found: list[Found]) -> list[Found]:
        """Return the matches of a text with those of its abbreviated states, by offset."""
        matches = []
        for match in self._after_town.finditer(text):
            town = text[max(0, match.start() - 1) : match.start()]
            if town.isalpha() and not _NOT_AFTER.match(text, match.end()):
                matches.append(match)
        if "-" in text:
            for match in self._after_party.finditer(text):
                if text[match.start() - 1 : match.start()] in ("D", "R", "I"):
                    matches.append(match)
        if not matches:
            return found
        new = [self._found(match) for match in matches if not _is_taken(match, found)]
        return sorted([*found, *new])

    def _found(self, match: re.Match[str]) -> Found:
        entity = self._states[match[1]]
        return Found(*match.span(1), (Name(entity, match[1], 0, False),))


def _is_taken(match: re.Match[str], found: Sequence[Found]) -> bool:
    return any(each.start < match.end(1) and match.start(1) < each.end for each in found)


def _lines(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
