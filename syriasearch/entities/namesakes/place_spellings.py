"""Further spellings of places that are given names: Maria, which is also Marea north of Aleppo."""

from __future__ import annotations

from collections.abc import Sequence

from ..matcher import Found, overlapping
from ..rules.cue_words import name_parts
from ..rules.rule_finder import Guess
from .bearers import key_of
from .name_words import word_after


def name_of_stranger(text: str, match: Found, found: Sequence[Found]) -> Guess | None:
    """Return the person's name that such a spelling begins, as in Maria Lavrova.

    A place's own name begins none. `found` are all matches of the gazetteer.
    """
    name = match.names[0]
    if (
        name.entity.type != "place"
        or name.alias == name.entity.name
        or text[match.start : match.end].lower() not in name_parts()
        or key_of(name.alias) == key_of(name.entity.name)
    ):
        return None
    following = word_after(text, match.end)
    if following is None:
        return None
    end = following.start + len(following.text)
    if any(overlapping(found, following.start, end)):
        return None
    return Guess(match.start, end, "person", "neighbours")
