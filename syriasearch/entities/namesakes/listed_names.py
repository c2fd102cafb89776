"""Names as lists write them, the family name first: Assad, Maher."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...text.arabic import has_arabic
from ...text.patterns import regex
from ..matcher import Found, overlapping
from ..rules.cue_words import name_parts
from ..rules.rule_finder import Guess
from .bearers import Bearers, key_of
from .review import taken_for

_BEGINS = regex(r"(?:\A|[;؛\n:•*])[ \t]*(?:[aAeE][lL][- ])?\Z")
_WORD = r"[A-Z\u0600-\u06ff](?:[^\W\d_]|[-’'\u064b-\u0652])+|[A-Z]\."
_GIVEN = regex(rf"[,،]\s((?:{_WORD})(?: (?:{_WORD})){{0,2}})(?=\s*[;؛\n(]|\.?\s*\Z)")


class Listed(NamedTuple):
    """The given names behind a family name and a comma."""

    given: list[str]
    """The words, folded."""
    start: int
    end: int
    in_list: bool
    """Whether semicolons show that this is one of a list."""


def read_listed(text: str, start: int, end: int) -> Listed | None:
    """Return the given names after the family name at [start, end), where it is set off."""
    if text[end : end + 1] not in (",", "،"):
        return None
    found = _GIVEN.match(text, end, end + 60)
    before = _BEGINS.search(text, max(0, start - 12), start)
    if found is None or before is None:
        return None
    around = text[max(0, start - 12) : start] + text[found.end() : found.end() + 3]
    in_list = any(sign in around for sign in ";؛")
    given = [word for part in found[1].split() for word in key_of(part.rstrip(".")).split()]
    return Listed(given, found.start(1), found.end(), in_list) if given else None


def listed_name(
    text: str, match: Found, found: Sequence[Found], bearers: Bearers
) -> Guess | Found | None:
    """Return the known person, or another, whose name is written with the family name first.

    `found` are the matches of the gazetteer in the text.
    """
    listed = read_listed(text, match.start, match.end)
    if listed is None:
        return None
    family = key_of(text[match.start : match.end])
    if " " in family:
        return None
    if any(
        key_of(text[each.start : each.end]) not in bearers.given_names
        for each in overlapping(found, listed.start, listed.end)
    ):
        return None
    persons = [name.entity for name in match.names if name.entity.type == "person"]
    full = bearers.full(listed.given, family, persons)
    if full is not None:
        return taken_for(full, text, match.start, listed.end)
    first = listed.given[0]
    is_given = first in bearers.given_names
    if listed.in_list and not has_arabic(first):
        is_given = is_given or first in name_parts()
    if not is_given:
        return None
    name = f"{text[listed.start : listed.end]} {text[match.start : match.end]}"
    name = name.title() if name.isupper() else name
    return Guess(match.start, listed.end, "person", "listed", None, name)
