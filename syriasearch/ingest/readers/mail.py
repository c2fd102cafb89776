"""Reader of mails and mailboxes, and of web pages that a browser saved as one (MHTML).

The standard library parses the messages. Of a mail the HTML is read where it has one, as the plain
text of many newsletters only says where to read them in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import BinaryIO

from ...text.patterns import regex
from . import google_alerts, press
from .base import (
    LIMIT,
    MAX_ARTICLE_BYTES,
    Document,
    Problem,
    SourceFile,
    UnreadableError,
    free_anchor,
)
from .charset import decode, head_text
from .field_values import MAX_FIELD
from .html import page_document
from .mail_bodies import BoundedMessage, attached_documents, body, body_parts, payload

_ENVELOPE = b"From "
"""The beginning of the line before each message of a mailbox (RFC 4155)."""
_DATED = regex(rb"From .{0,300}\d:\d\d.{0,40}\b\d{4}\b")
_UNDATED = regex(rb"From \S{1,300}[ \t]*\r?\n|From .{0,300}\d")
_QUOTED = regex(rb"^>(?=>*From )", re.MULTILINE)
_SNAPSHOT, _LOCATION = "Snapshot-Content-Location", "Content-Location"
"""The headers of a saved page that have its address."""
_SAVED = regex(r"<?Saved by ", re.IGNORECASE)
"""The sender of a saved page, which is the browser."""
_HEADER = regex(rb"(?:[!-9;-~]{1,80}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}")
_BEGINNING = regex(rb"[!-9;-~]{1,80}:|From |\d{1,10}[ \t]*\r?\n")
_OF_MAIL = regex(
    rb"^(?:MIME-Version:\s*\d|Message-ID:\s*<|Received:\s*(?:from|by|\()\s|Return-Path:\s*<"
    rb"|Delivered-To:[^\n]*@)",
    re.MULTILINE | re.IGNORECASE,
)
_WHO_WHAT_WHEN = (
    regex(rb"^From:[^\n]*(?:\n[ \t][^\n]*)*@", re.MULTILINE | re.IGNORECASE),
    regex(rb"^Subject:", re.MULTILINE | re.IGNORECASE),
    regex(rb"^Date:[^\n]*\d:\d\d", re.MULTILINE | re.IGNORECASE),
)
"""What the header of a mail has at least; a text may begin with such lines, without an address."""
_APPLE = regex(rb"\d{1,10}[ \t]*\r?\n")
"""The first line of a message that Apple Mail keeps (.emlx): its length."""
_MAX_ENCODED = 20_000
"""The number of characters of a header that are decoded."""
_MAX_SENDER = 500
"""The number of characters of a header in which the sender is looked for."""


def claims(head: bytes) -> bool:
    """Return whether a file begins with the header of a message."""
    head = head.lstrip()
    if not _BEGINNING.match(head):
        return False
    header = _HEADER.match(_without_envelope(head.replace(b"\r\n", b"\n")))
    if header is None:
        return False
    lines = header.group()
    return _OF_MAIL.search(lines) is not None or all(each.search(lines) for each in _WHO_WHAT_WHEN)


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the article of each message, in constant memory."""
    anchors: dict[str, int] = {}
    with file.open() as stream:
        first = next((line for line in stream if line.strip()), b"")
        is_mailbox = first.startswith(_ENVELOPE)
        if _APPLE.match(first):
            single = stream.read(min(int(first), MAX_ARTICLE_BYTES))
        else:
            single = b"" if is_mailbox else first + stream.read(MAX_ARTICLE_BYTES)
        messages = _mailbox(first, stream) if is_mailbox else iter([single])
        for number, data in enumerate(messages, start=1):
            place = f"message {number} " if is_mailbox else ""
            if len(data) >= MAX_ARTICLE_BYTES:
                yield Problem(f"{place}has more than {LIMIT}: split it", str(number))
                continue
            try:
                message = message_from_bytes(data, _class=BoundedMessage)
                parts = body_parts(message) or _of_attached(message)
                documents = attached_documents(message)
            except RecursionError:
                yield Problem(f"{place}has too many parts within each other", str(number))
                continue
            own_id = _header(message, "Message-ID").strip("<> ") if is_mailbox else ""
            anchor = free_anchor(own_id or str(number), anchors) if is_mailbox else None
            positional = is_mailbox and not own_id
            if any(isinstance(d, CloseBoundaryNotFoundDefect) for d in message.defects):
                line = f"{place}ends within its last part: it may have been cut off"
                yield Problem(line, anchor, lost=False)
            yield from _documents(message, parts, place, anchor, positional=positional)
            if documents:
                shown = ", ".join(documents[:3]) + (", …" if len(documents) > 3 else "")
                line = f"{place}has attachments that are not read ({shown}): save them as files"
                yield Problem(line, anchor, lost=False)
    if is_mailbox and not anchors:
        yield Problem("is a mailbox without messages: leave it out", lost=False)


def _of_attached(message: Message) -> list[Message]:
    """Return the parts of the first message that is attached to one without a text."""
    attached = (each for each in message.walk() if each.get_content_type() == "message/rfc822")
    inner = next(attached, None)
    contents = inner.get_payload() if inner else None
    first = contents[0] if isinstance(contents, list) and contents else None
    return body_parts(first) if isinstance(first, Message) else []


def _without_envelope(head: bytes) -> bytes:
    """Return the head of a message without what precedes it in a mailbox, or in Apple's files."""
    is_preceded = head.startswith(_ENVELOPE) or _APPLE.match(head)
    return head.partition(b"\n")[2] if is_preceded else head


def _mailbox(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of a mailbox whose first envelope has been read.

    If that has a time, so have all: a line that begins with `From` is part of a text.

    A message that is too long is cut at the limit, which shows that it is.
    """
    lines: list[bytes] = []
    size, is_after_blank = 0, True
    envelope = _DATED if _DATED.match(first) else _UNDATED
    for line in stream:
        if is_after_blank and line.startswith(_ENVELOPE) and envelope.match(line):
            yield _QUOTED.sub(b"", b"".join(lines))
            lines, size = [], 0
        elif size < MAX_ARTICLE_BYTES:
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
    if not parts:
        yield Problem(f"{place}has no text: leave it out", anchor)
        return
    # A press database sends an export by mail.
    is_export = press.is_export(head_text(payload(parts[0])))
    if not is_export and (saved := _saved_page(message, parts[0], anchor)):
        yield saved
        return
    text, markup, note = body(parts)
    if note:
        yield Problem(f"{place}{note}", anchor, lost=False)
    if not text.strip():
        yield Problem(f"{place}has no text: leave it out", anchor)
        return
    if is_export and (articles := press.documents_in(text)):
        for item in articles:
            yield replace(item, anchor=f"{anchor}/{item.anchor}" if anchor else item.anchor)
        return
    name, mailbox = _sender(message)
    if mailbox.lower() == google_alerts.SENDER:
        found = list(google_alerts.articles(text, markup))
        count = f"is a Google Alert: of its {len(found)} articles only summaries are there"
        is_list = "is a Google Alert: a list of links, which was read as one text"
        yield Problem(f"{place}{count if found else is_list}", anchor, lost=False)
        prefix = f"{anchor}/" if anchor else ""
        yield from (replace(each, anchor=f"{prefix}{each.url}") for each in found)
        if found:
            return
    yield Document(
        text,
        markup,
        title=_header(message, "Subject") or None,
        source=name or mailbox or None,
        date=_date(message),
        anchor=anchor,
        positional=positional,
        scraped=True,
    )


def _saved_page(message: Message, part: Message, anchor: str | None) -> Document | None:
    """Return the page that a browser saved as a message; None if it is a mail."""
    if part.get_content_type() != "text/html":
        return None
    is_saved = _SNAPSHOT in message or _SAVED.search(_header(message, "From"))
    stated = [_header(message, name) for name in (_SNAPSHOT, _LOCATION)]
    stated += [_header(part, _LOCATION)] if is_saved else []
    address = next((url for url in stated if url.startswith(("http://", "https://"))), None)
    if not address and not is_saved:
        return None
    charset = part.get_content_charset()
    return page_document(payload(part), url=address, charset=charset, anchor=anchor)


def _header(message: Message, name: str) -> str:
    """Return a header on one line; as it is written where it cannot be decoded."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    if raw.isascii():
        value = str(raw)
    else:
        # Some programs write letters as they are, in a charset that is not named.
        written = str(raw).encode("ascii", "surrogateescape")
        with suppress(UnreadableError):
            return " ".join(decode(written)[0].split())[:MAX_FIELD]
        value = written.decode("latin-1")
    with suppress(MessageError, LookupError, ValueError):
        # Python takes quadratic time to decode it.
        value = str(make_header(decode_header(value[:_MAX_ENCODED])))
    return " ".join(value.split())[:MAX_FIELD]


def _sender(message: Message) -> tuple[str, str]:
    """Return the name and the address of who sent a message; empty where there is none."""
    try:
        # Comments within comments are read by recursion, in quadratic time.
        return parseaddr(_header(message, "From")[:_MAX_SENDER])
    except RecursionError:
        return "", ""


def _date(message: Message) -> str | None:
    """Return the day of a message, where it was sent."""
    value = _header(message, "Date")
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return value or None
