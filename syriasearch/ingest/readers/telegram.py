"""Reader of the JSON that Telegram Desktop exports: one chat, or all of an account.

Each message with a text is an article of the chat, in which the pieces of its text (bold words,
links, tags) are joined. Telegram Desktop writes the keys of a chat in one order, so that a chat is
read message by message, however large it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .base import Document, Problem, SourceFile, free_anchor
from .charset import head_text
from .json import CHUNK, Window, read_list

_CHAT = re.compile(
    r'\{\s*(?:"name"\s*:\s*(null|"(?:[^"\\]|\\.){0,1000}")\s*,\s*)?'
    r'"type"\s*:\s*"(?:\w+_(?:chat|group|supergroup|channel)|saved_messages|replies|verify_codes)"'
    r'\s*,\s*(?:"id"\s*:\s*(-?\d+)\s*,\s*)?"messages"\s*:\s*\['
)
_ACCOUNT = re.compile(r'\s*\{\s*"about"\s*:\s*"(?:[^"\\]|\\.){0,300}Telegram')
_LONGEST = 3000
"""Maximum length of the beginning of a chat in characters."""


class _Chat(NamedTuple):
    name: str | None
    id: str | None


def claims(head: bytes) -> bool:
    """Return whether a file begins like an export of a chat or of an account."""
    text = head_text(head).lstrip("\ufeff")
    return _ACCOUNT.match(text) is not None or _CHAT.search(text) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the messages of each chat that have a text; calls, joins and pictures are skipped."""
    anchors: dict[str, int] = {}
    with file.open() as stream:
        window = Window(stream.read(CHUNK), stream)
        while chat := _next_chat(window):
            for message in read_list(window):
                if isinstance(message, Problem):
                    yield message
                elif isinstance(message, dict) and message.get("type") == "message":
                    yield from _documents(message, chat, anchors)
    if not anchors:
        yield Problem("is a Telegram export without texts: leave it out", lost=False)


def _next_chat(window: Window) -> _Chat | None:
    """Move a window to the messages of the next chat and return the chat; None at the end."""
    while not (found := _CHAT.search(window.text, window.position)):
        window.position = max(window.position, len(window.text) - _LONGEST)
        if not window.read_more():
            return None
    window.position = found.end()
    return _Chat(json.loads(found[1] or "null"), found[2])


def _documents(
    message: Mapping[str, Any], chat: _Chat, anchors: dict[str, int]
) -> Iterator[Document]:
    text = _text(message.get("text"))
    if not text.strip():
        return
    number = message.get("id")
    ids = [str(each) for each in (chat.id, number) if each is not None]
    sender = message.get("author") or message.get("from")
    yield Document(
        text,
        author=sender if isinstance(sender, str) and sender != chat.name else None,
        source=chat.name,
        date=_date(message),
        anchor=free_anchor("/".join(ids), anchors),
        positional=number is None,
    )


def _text(pieces: object) -> str:
    """Return a text that is a string, or a list of strings and objects with one."""
    if isinstance(pieces, list):
        return "".join(map(_text, pieces))
    if isinstance(pieces, dict):
        pieces = pieces.get("text")
    return pieces if isinstance(pieces, str) else ""


def _date(message: Mapping[str, Any]) -> str | None:
    """Return the day in UTC; `date` is in the time of the computer that exported it."""
    try:
        moment = datetime.fromtimestamp(int(message["date_unixtime"]), timezone.utc)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        date = message.get("date")
        return date if isinstance(date, str) else None
    return moment.date().isoformat()
