"""Words next to a known Arabic name that are not part of it.

The gazetteer has names with the word that says what they are (مدينة حلب, وكالة رويترز) and with
what is said in their praise (مكة المكرمة). As the rules do, a mention leaves them out, if what
remains is a name of the same entity, and of no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ...models.entity import Entity, Mention
from ...text.normalize import fold
from .words import read_cues


def without_labels(
    mentions: Iterable[Mention], named: Callable[[str], Entity | None]
) -> list[Mention]:
    """Return mentions without such words; `named` returns the only entity of a name."""
    return [
        _without_labels(mention, named)
        if " " in mention.surface and mention.recognizer == "gazetteer"
        else mention
        for mention in mentions
    ]


def _without_labels(mention: Mention, named: Callable[[str], Entity | None]) -> Mention:
    cues = read_cues()
    surface = mention.surface
    first, _, rest = surface.partition(" ")
    if fold(first) in cues["generic"] and named(rest) == mention.entity:
        return replace(mention, start=mention.end - len(rest), surface=rest)
    start, _, last = surface.rpartition(" ")
    if fold(last) in cues["praise"] and named(start) == mention.entity:
        return replace(mention, end=mention.start + len(start), surface=start)
    return mention
