"""Reader of the exports of Telegram Desktop: one chat, or all of an account, as JSON or as pages.

Each message with a text is an article of the chat, in which the pieces of its text (bold words,
links, tags) are joined. A large or damaged JSON file is read message by message, as Telegram
Desktop writes what a chat is before its messages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

from . import telegram_html
from .base import (
    LIMIT,
    MAX_ARTICLE_BYTES,
    Document,
    Problem,
    SourceFile,
    UnreadableError,
    free_anchor,
)
from .charset import decode, head_text, noted
from .json import Window, mend, read_list

_MESSAGES = re.compile(r'"messages"\s*:\s*\[')
_LIKE_TELEGRAM = re.compile(
    r'"(?:date_unixtime|text_entities|from_id|actor_id|forwarded_from)"\s*:'
    r'|"type"\s*:\s*"(?:\w+_(?:chat|group|supergroup|channel)|saved_messages)"'
)
_ACCOUNT = re.compile(r'\s*\{\s*"about"\s*:\s*"(?:[^"\\]|\\.){0,300}Telegram')
_FIELD = re.compile(r'"(name|id)"\s*:\s*(null|-?\d{1,20}|"(?:[^"\\]|\\.){0,1000}")')
_HEADER = 3000
"""Maximum length of what a chat is, in characters, before its messages."""
_LEVELS = 4
"""Maximum depth of a chat in an export."""


class _Chat(NamedTuple):
    name: str | None
    id: str | None


def _chat(fields: Mapping[str, object]) -> _Chat:
    name, number = fields.get("name"), fields.get("id")
    return _Chat(
        name if isinstance(name, str) else None,
        None if number is None or isinstance(number, (dict, list)) else str(number),
    )


def claims(head: bytes) -> bool:
    """Return whether a file begins like an export of a chat or of an account."""
    if telegram_html.claims(head):
        return True
    if b"{" not in head[:8]:
        return False
    text = head_text(head).lstrip("\ufeff")
    has_messages = _MESSAGES.search(text) is not None and _LIKE_TELEGRAM.search(text) is not None
    return has_messages or _ACCOUNT.match(text) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the messages of each chat that have a text; calls, joins and pictures are skipped."""
    anchors: dict[str, int] = {}
    is_damaged = False
    with file.open() as stream:
        data = stream.read(MAX_ARTICLE_BYTES + 1)
        is_long = len(data) > MAX_ARTICLE_BYTES
        if telegram_html.claims(data[:MAX_ARTICLE_BYTES]):
            if is_long:
                raise UnreadableError(f"has more than {LIMIT}: split it")
            yield from telegram_html.read_page((yield from noted(decode(data))))
            return
        value = None if is_long else _loaded(data)
        messages = _streamed(Window(data, stream)) if value is None else _walked(value)
        for chat, message in messages:
            if isinstance(message, Problem):
                is_damaged = True
                yield message
            elif isinstance(message, dict) and message.get("type", "message") == "message":
                yield from _documents(message, chat, anchors)
    if not (anchors or is_damaged):
        yield Problem("is a Telegram export without texts: leave it out", lost=False)


def _loaded(data: bytes) -> Any:
    """Return the value of a whole file; None if it is not valid."""
    try:
        return json.loads(mend(data.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return None


def _walked(value: Any, level: int = 0) -> Iterator[tuple[_Chat, Any]]:
    """Yield the messages of all chats in a value, each with its chat."""
    if isinstance(value, dict) and isinstance(messages := value.get("messages"), list):
        chat = _chat(value)
        yield from ((chat, message) for message in messages)
    elif level < _LEVELS and isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _walked(inner, level + 1)


def _streamed(window: Window) -> Iterator[tuple[_Chat, Any]]:
    """Yield the messages of all chats in a file, each with its chat, and problems."""
    while True:
        while not (found := _MESSAGES.search(window.text, window.position)):
            window.position = max(window.position, len(window.text) - _HEADER)
            if not window.read_more():
                return
        header = window.text[max(window.position, found.start() - _HEADER) : found.start()]
        fields = {name: _value(value) for name, value in _FIELD.findall(header)}
        window.position = found.end()
        chat = _chat(fields)
        for message in read_list(window):
            yield chat, message


def _value(written: str) -> object:
    try:
        return json.loads(written, strict=False)
    except ValueError:
        return None


def _documents(
    message: Mapping[str, Any], chat: _Chat, anchors: dict[str, int]
) -> Iterator[Document]:
    pieces = message.get("text") or message.get("text_entities")
    if not (text := telegram_html.paragraphs(_text(pieces))):
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
