"""Reader of the pages that Telegram Desktop exports a chat to (messages.html, messages2.html …).

Each message with a text is an article with its own number, as in the JSON export; the pages of a
chat are read one by one, as any of them may be there alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from html import unescape

from ...text.patterns import regex
from .base import Document, Problem, free_anchor
from .charset import head_text

_OPENING = regex(r'<div class="message (?:default|service)[^"]{0,100}"')
_NUMBER = regex(r'<div class="message ([^"]{1,100})"[^<>]{0,20}\bid="message(-?\d{1,20})"')
_DATE = regex(r'<div class="pull_right date details"\s+title="([^"]{1,60})"')
_FORWARDED = '<div class="forwarded body">'
_DETAILS = regex(r'<span class="(?:date )?details"[^<]{0,300}</span>')
_BREAK = regex(r"(?:(?<![ \t])[ \t]+)?<br\s*/?>[ \t]*|</(?:pre|blockquote|p|div)>", re.IGNORECASE)
_TAG = regex(r"<[^<>]{1,5000}>")
_MOMENT = regex(
    r"(\d\d)\.(\d\d)\.(\d{4})[ ,]+(\d\d:\d\d:\d\d)(?:\s*UTC([+-]\d\d):?(\d\d)|\s*(UTC))?"
)


def claims(head: bytes) -> bool:
    """Return whether a file begins like a page of an export."""
    if b"page_wrap" not in head or not (b"chat_page" in head or b'class="history"' in head):
        return False
    text = head_text(head)
    return text.find('<div class="page_body', text.find('<div class="page_wrap">') + 1) > 0


def read_page(text: str) -> Iterator[Document | Problem]:
    """Yield the messages of a page that have a text."""
    starts = [found.start() for found in _OPENING.finditer(text)]
    chat = _line(_content(text[: starts[0]] if starts else "", "text bold"))
    anchors: dict[str, int] = {}
    sender: str | None = None
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        message = text[start:end]
        found = _NUMBER.match(message)
        own, is_forwarded, forwarded = message.partition(_FORWARDED)
        if found is None or not found[1].startswith("default"):
            continue
        if written := _line(_content(own, "from_name")):
            sender = written
        elif "joined" not in found[1].split():
            sender = None
        if not (plain := _plain(_content(forwarded if is_forwarded else own, "text"))):
            continue
        author = _line(_content(message, "signature details")) or sender
        yield Document(
            plain,
            author=author if author != chat else None,
            source=chat,
            date=_date(own),
            anchor=free_anchor(found[2], anchors),
        )
    if text.rstrip()[-7:].lower() != "</html>":
        yield Problem("is cut off: export the chat again, or the rest is lost")
    elif not anchors:
        yield Problem("is a page of a Telegram export without texts: leave it out", lost=False)


def _content(html: str, name: str) -> str:
    """Return what is in the first element of a class, which has no other such element in it."""
    _, _, rest = html.partition(f'<div class="{name}">')
    return rest.partition("</div>")[0]


def paragraphs(text: str) -> str:
    """Return the text of a message with a blank line after each line: each is a paragraph."""
    return "\n\n".join(line.strip() for line in text.split("\n") if line.strip())


def _plain(html: str) -> str:
    """Return the text of a message, which Telegram writes in one line of HTML."""
    lines = _BREAK.sub("\n", html.replace("\n", " "))
    return paragraphs(unescape(_TAG.sub("", lines)))


def _line(html: str) -> str | None:
    return " ".join(unescape(_TAG.sub("", _DETAILS.sub("", html))).split()) or None


def _date(message: str) -> str | None:
    """Return the day in UTC, if the zone is written, else the day where it was exported.

    >>> _date('<div class="pull_right date details" title="28.01.2018 01:30:00 UTC+03:00">')
    '2018-01-27'
    """
    written = _DATE.search(message)
    found = _MOMENT.search(written[1]) if written else None
    if written is None or found is None:
        return written[1] if written else None
    day, month, year, time, hours, minutes, _ = found.groups()
    moment = f"{year}-{month}-{day}T{time}{hours or '+00'}:{minutes or '00'}"
    try:
        return datetime.fromisoformat(moment).astimezone(timezone.utc).date().isoformat()
    except (ValueError, OverflowError):
        return written[1]
