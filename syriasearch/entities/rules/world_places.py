"""Places of the world recognized by how news writes them: cities, and abbreviated states.

The lists are `data/cities.txt` and `data/state_abbreviations.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import chain

from ...models.entity import Entity
from ...text.patterns import regex
from ..gazetteer import DATA
from ..matcher import Found, Name, overlapping


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
        self._places = {
            each.name.lower(): Name(each, each.name, 0, weak=False, acronym=False)
            for each in known.values()
            if each.type == "place"
        }
        every = "|".join(map(re.escape, self._states)) or r"(?!)"
        countries = {each.rpartition(", ")[2] for each in _called_by_both(known)}
        called = "|".join(map(re.escape, countries)) or r"(?!)"
        # Both patterns start with a literal, which the engine can skip to.
        self._after_comma = regex(rf", (?:({every})\.(?!\s[A-Z])|(?:{called})\b)")
        self._after_party = regex(rf"-({every})\b")

    def find(self, text: str, found: list[Found]) -> list[Found]:
        """Return the matches of a text with those of its abbreviated states, by offset."""
        if "S$" in text:
            # A sum in US$ names no country.
            found = [each for each in found if text[each.end : each.end + 1] != "$"]
        matches = []
        is_called_by_both = False
        for match in self._after_comma.finditer(text):
            if match[1] is None:
                is_called_by_both = True
            elif text[match.start() - 1].isalpha():
                matches.append(match)
        if "D-" in text or "R-" in text or "I-" in text:
            for match in self._after_party.finditer(text):
                if text[match.start() - 1] in "DRI":
                    matches.append(match)
        if is_called_by_both:
            found = list(chain.from_iterable(self._apart(text, each) for each in found))
        if not matches:
            return found
        new = [
            Found(
                *match.span(1),
                (Name(self._states[match[1]], match[1], 0, weak=False, acronym=False),),
            )
            for match in matches
            if not any(overlapping(found, *match.span(1)))
        ]
        return sorted([*found, *new])

    def _apart(self, text: str, match: Found) -> list[Found]:
        """Return the town and the country of a place that is called by both: Tripoli, Lebanon."""
        town, comma, country = text[match.start : match.end].partition(", ")
        place = self._places.get(country.lower()) if comma else None
        if place is None or match.names[0].entity.type != "place":
            return [match]
        end = match.start + len(town)
        return [Found(match.start, end, match.names), Found(end + 2, match.end, (place,))]


def _called_by_both(known: Mapping[str, Entity]) -> list[str]:
    """Return the names of towns that have that of their country: Tripoli, Lebanon."""
    return [each.name for each in known.values() if each.type == "place" and ", " in each.name]


def _lines(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
