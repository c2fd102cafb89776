"""Texts without invisible characters, in which names are found.

Pages from the web have zero-width spaces and soft hyphens inside names, to say where a line may be
broken. Names are looked up without them, and mentions refer to the text as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..models.entity import Mention
from ..text.patterns import regex

_INVISIBLE = regex("[\u00ad\u200b\u2060\ufeff]")


def has_invisible(text: str) -> bool:
    """Return whether a text has invisible characters."""
    return not text.isascii() and _INVISIBLE.search(text) is not None


def without_invisible(text: str) -> str:
    """Return a text without its invisible characters."""
    return _INVISIBLE.sub("", text) if has_invisible(text) else text


def as_written(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions in `without_invisible(text)` as mentions in the text as it is written."""
    places = [place for place, letter in enumerate(text) if not _INVISIBLE.match(letter)]
    moved = []
    for mention in mentions:
        start, end = places[mention.start], places[mention.end - 1] + 1
        moved.append(replace(mention, start=start, end=end, surface=text[start:end]))
    return moved
