"""Names of events: which of their words an article must have to be on the event.

"Ghouta chemical attack" is asked of articles that have Ghouta and "chemical": the kind of an event
(attack, talks, battle) is written in many ways, so it is left out if the other words are telling.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...text.arabic import name_stem, without_articles
from ...text.stopwords import is_stop_word

TELLING = 2
"""The number of names and telling words that are enough without the kind of the event."""


class EventPart(NamedTuple):
    """A part of an event's name: a word, or another name."""

    terms: Sequence[str]
    is_name: bool


def telling_parts(parts: Sequence[EventPart]) -> list[int]:
    """Return the indexes of the parts of an event's name that an article must have.

    >>> parts = [EventPart(["ghouta"], True), EventPart(["chemical"], False)]
    >>> telling_parts([*parts, EventPart(["attack"], False)])
    [0, 1]
    >>> telling_parts([parts[0], EventPart(["attack"], False)])
    [0, 1]
    """
    asked = [
        number
        for number, part in enumerate(parts)
        if part.is_name or not all(map(is_stop_word, part.terms))
    ] or list(range(len(parts)))
    kept = [number for number in asked if parts[number].is_name or not _is_kind(parts[number])]
    telling = [number for number in kept if parts[number].is_name or _is_telling(parts[number])]
    words = any(not parts[number].is_name for number in telling)
    return kept if words and len(telling) >= TELLING else asked


def _words(part: EventPart) -> set[str]:
    return set(part.terms) | {name_stem(word) for word in without_articles(part.terms)}


def _is_kind(part: EventPart) -> bool:
    """Return whether a part says of what kind an event is, but not which one."""
    from ...entities.event_dates import event_words

    return not event_words().generic.isdisjoint(_words(part))


def _is_telling(part: EventPart) -> bool:
    """Return whether a word is of this event rather than of others: no people, date or ordinal."""
    from ...entities.cue_words import cue_words
    from ...entities.event_dates import YEAR, event_words
    from ...text.dates import month_numbers

    words = _words(part)
    return not (
        any(map(YEAR.fullmatch, words))
        or not words.isdisjoint(month_numbers())
        or not words.isdisjoint(event_words().ordinals | cue_words().demonyms)
    )
