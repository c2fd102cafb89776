"""Reader of the exports of Telegram Desktop: one chat, or all of an account, as JSON or as pages.

Each message with a text is an article of the chat, in which the pieces of its text (bold words,
links, tags) are joined. A large or damaged JSON file is read message by message, as Telegram
Desktop writes what a chat is before its messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ...text.patterns import regex
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
from .telegram_messages import day_of, text_of

_MESSAGES = regex(r'"messages"\s*:\s*\[')
_IS_CHAT = regex(r'"type"\s*:\s*"(?:\w{1,40}_(?:chat|group|supergroup|channel)|saved_messages)"')
_IS_MESSAGE = regex(
    r'"(?:date_unixtime|text_entities)"\s*:|"type"\s*:\s*"(?:message|service|unsupported)"'
)
_IS_ARTICLE = regex(r'"(?:title|headline|text|body|content)"\s*:')
"""A key before the messages of an article that has some, and of no chat."""
_ACCOUNT = regex(r'\s*\{\s*"about"\s*:\s*"(?:[^"\\]|\\.){0,300}Telegram')
_FIELD = regex(r'"(name|id)"\s*:\s*(null|-?\d{1,20}|"(?:[^"\\]|\\.){0,1000}")')
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
    if _ACCOUNT.match(text):
        return True
    found = _MESSAGES.search(text)
    if found is None or _IS_ARTICLE.search(text, 0, found.start()):
        return False
    is_chat = _IS_CHAT.search(text, 0, found.start()) or _IS_MESSAGE.search(text, found.end())
    return is_chat is not None


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
        window = Window(data, stream) if value is None else None
        messages = _streamed(window) if window else _walked(value)
        for chat, message in messages:
            if isinstance(message, Problem):
                is_damaged = True
                yield message
            elif isinstance(message, dict) and message.get("type", "message") == "message":
                yield from _documents(message, chat, anchors)
    if window and window.note:
        yield Problem(window.note, lost=False)
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
    if not (text := telegram_html.paragraphs(text_of(pieces))):
        return
    number = message.get("id")
    ids = [str(each) for each in (chat.id, number) if each is not None]
    sender = message.get("author") or message.get("from")
    yield Document(
        text,
        author=sender if isinstance(sender, str) and sender != chat.name else None,
        source=chat.name,
        date=day_of(message),
        anchor=free_anchor("/".join(ids), anchors),
        positional=number is None,
    )
