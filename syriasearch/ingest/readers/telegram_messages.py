"""Messages of Telegram as Telegram Desktop writes them in JSON, in a chat or as records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

TYPES = frozenset(("message", "service", "unsupported"))
"""The types of messages, of which only the first has a text."""
_SIGNS = frozenset(("date_unixtime", "text_entities", "from_id", "actor_id"))
"""The keys that tell a message from other records with a type."""


def is_message(values: Mapping[Any, Any]) -> bool:
    """Return whether a record is a message, with a text or without."""
    kind = values.get("type")
    return isinstance(kind, str) and kind in TYPES and not _SIGNS.isdisjoint(values)


def message_fields(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the fields of a message as those of an article.

    >>> message_fields({"id": 7, "text": ["The ", {"type": "bold", "text": "convoy"}]})["text"]
    'The convoy'
    """
    return {
        "id": values.get("id"),
        "text": text_of(values.get("text") or values.get("text_entities")),
        "author": values.get("author"),
        "date": day_of(values),
    }


def text_of(pieces: object) -> str:
    """Return a text that is a string, or a list of strings and objects with one."""
    if isinstance(pieces, list):
        return "".join(map(text_of, pieces))
    if isinstance(pieces, dict):
        pieces = pieces.get("text")
    return pieces if isinstance(pieces, str) else ""


def day_of(message: Mapping[Any, Any]) -> str | None:
    """Return the day in UTC; `date` is in the time of the computer that exported it."""
    try:
        moment = datetime.fromtimestamp(int(message["date_unixtime"]), timezone.utc)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        date = message.get("date")
        return date if isinstance(date, str) else None
    return moment.date().isoformat()
