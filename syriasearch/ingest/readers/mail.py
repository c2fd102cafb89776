"""Reader of mails and mailboxes, and of web pages that a browser saved as one (MHTML).

The standard library parses the messages. Of a mail the HTML is read where it has one, as the plain
text of many newsletters only says where to read them in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import BinaryIO

from .base import LIMIT, MAX_ARTICLE_BYTES, Document, Problem, SourceFile, free_anchor
from .charset import decode
from .field_mapping import MAX_FIELD
from .html import page_document

_LONGEST = MAX_ARTICLE_BYTES
_ENVELOPE = b"From "
"""The beginning of the line before each message of a mailbox (RFC 4155)."""
_QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_SNAPSHOT, _LOCATION = "Snapshot-Content-Location", "Content-Location"
"""The headers of a saved page that have its address."""
_SAVED = re.compile(r"<?Saved by ", re.IGNORECASE)
"""The sender of a saved page, which is the browser."""
_HEADER = re.compile(rb"(?:[!-9;-~]{1,80}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}")
_OF_MAIL = re.compile(
    rb"^(?:MIME-Version|Message-ID|Received|Return-Path|Delivered-To):",
    re.IGNORECASE | re.MULTILINE,
)


def claims(head: bytes) -> bool:
    """Return whether a file begins with the header of a message."""
    header = _HEADER.match(_without_envelope(head.replace(b"\r\n", b"\n")))
    return header is not None and _OF_MAIL.search(header.group()) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the article of each message, in constant memory."""
    anchors: dict[str, int] = {}
    with file.open() as stream:
        first = stream.readline()
        is_mailbox = first.startswith(_ENVELOPE)
        messages = _mailbox(stream) if is_mailbox else iter([first + stream.read(_LONGEST)])
        for number, data in enumerate(messages, start=1):
            place = f"message {number} " if is_mailbox else ""
            if len(data) >= _LONGEST:
                yield Problem(f"{place}has more than {LIMIT}: split it", str(number))
                continue
            try:
                message = message_from_bytes(data)
                parts = list(message.walk())
            except RecursionError:
                yield Problem(f"{place}has too many parts within each other", str(number))
                continue
            own_id = _header(message, "Message-ID").strip("<> ") if is_mailbox else ""
            anchor = free_anchor(own_id or str(number), anchors) if is_mailbox else None
            positional = is_mailbox and not own_id
            yield from _documents(message, parts, place, anchor, positional=positional)
    if is_mailbox and not anchors:
        yield Problem("is a mailbox without messages: leave it out", lost=False)


def _without_envelope(head: bytes) -> bytes:
    return head.partition(b"\n")[2] if head.startswith(_ENVELOPE) else head


def _mailbox(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of a mailbox whose first envelope has been read.

    A message that is too long is cut at the limit, which shows that it is.
    """
    lines: list[bytes] = []
    size, is_after_blank = 0, True
    for line in stream:
        if is_after_blank and line.startswith(_ENVELOPE):
            yield _QUOTED.sub(b"", b"".join(lines))
            lines, size = [], 0
        elif size < _LONGEST:
            lines.append(line)
            size += len(line)
        is_after_blank = not line.strip()
    yield _QUOTED.sub(b"", b"".join(lines))


def _documents(
    message: Message,
    parts: Sequence[Message],
    place: str,
    anchor: str | None,
    *,
    positional: bool,
) -> Iterator[Document | Problem]:
    # The first of each type.
    texts = {
        part.get_content_type(): part
        for part in reversed(parts)
        if part.get_content_maintype() == "text" and not part.get_filename()
    }
    part = texts.get("text/html") or texts.get("text/plain") or next(iter(texts.values()), None)
    if part is None:
        yield Problem(f"{place}has no text: leave it out", anchor)
        return
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    charset = part.get_content_charset()
    if part.get_content_type() == "text/html":
        stated = (_header(message, _SNAPSHOT), *(_header(e, _LOCATION) for e in (message, part)))
        address = next((url for url in stated if url.startswith(("http://", "https://"))), None)
        if address or _SNAPSHOT in message or _SAVED.search(_header(message, "From")):
            yield page_document(data, url=address, charset=charset, anchor=anchor)
            return
    text, note = _decoded(data, charset)
    if note:
        yield Problem(f"{place}{note}", anchor, lost=False)
    if not text.strip():
        yield Problem(f"{place}has no text: leave it out", anchor)
        return
    name, mailbox = parseaddr(_header(message, "From"))
    yield Document(
        text,
        "html" if part.get_content_type() == "text/html" else "plain",
        title=_header(message, "Subject") or None,
        source=name or mailbox or None,
        date=_date(message),
        anchor=anchor,
        positional=positional,
        scraped=True,
    )


def _header(message: Message, name: str) -> str:
    """Return a header on one line; as it is written where it cannot be decoded."""
    value = str(message.get(name, ""))
    with suppress(HeaderParseError, LookupError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())[:MAX_FIELD]


def _decoded(data: bytes, charset: str | None) -> tuple[str, str | None]:
    try:
        return data.decode(charset or "utf-8"), None
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _date(message: Message) -> str | None:
    """Return the day of a message, where it was sent."""
    value = _header(message, "Date")
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return value or None
