"""Bodies of mails: the parts that a mail program shows, as one text.

Of alternatives the HTML is taken, as the plain text of many newsletters only says where to read
them in a browser; parts that follow each other are joined. Attachments, and what the HTML hides
(the line that a newsletter shows in a list of mails), are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message
from html import escape
from pathlib import PurePosixPath
from typing import Any

from ...text.patterns import regex
from .charset import decode

MAX_DEPTH = 50
"""Maximum number of parts within each other."""
_DOCUMENTS = frozenset(
    ".pdf .doc .docx .odt .rtf .txt .md .html .htm .epub .csv .xls .xlsx .ods .json .zip .eml"
    " .msg".split()
)
_WIDTH = 80
"""Maximum length of a line that a mail program has wrapped, in characters."""
_SHORTEST = 40
"""Minimum length of such a line, but for the last of a paragraph."""
_BLANK = regex(r"\n[ \t]*\n")
_LISTED = regex(r"[ \t]*(?:[-*•>|+]|\d{1,3}[.)])")
_HIDDEN = regex(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?![.\d])"
    r"|font-size\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)


MAX_PARAMETERS = 4_000
"""Maximum length of a header whose parameters are read, in characters."""


class BoundedMessage(Message):
    """A message whose headers have no parameters if they are far longer than any of a mail."""

    def get_param(
        self,
        param: str,
        failobj: Any = None,
        header: str = "content-type",
        unquote: bool = True,
    ) -> Any:
        """Return a parameter of a header, such as the boundary between parts.

        Python takes quadratic time to find the parameters of a header.
        """
        if len(str(self.get(header, ""))) > MAX_PARAMETERS:
            return failobj
        return super().get_param(param, failobj, header, unquote)


def body_parts(message: Message, depth: int = 0) -> list[Message]:
    """Return the parts of a message that are shown, in order."""
    kind = message.get_content_type()
    if message.get_content_disposition() == "attachment" or message.get_filename():
        return []
    if message.get_content_maintype() == "text":
        return [message] if kind != "text/calendar" else []
    if message.get_content_maintype() != "multipart" or depth > MAX_DEPTH:
        return []
    parts = message.get_payload()
    inner = [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []
    shown = [body_parts(part, depth + 1) for part in inner]
    found = [parts for parts in shown if parts]
    if kind == "multipart/alternative":
        html = [parts for parts in found if _has_html(parts)]
        plain = [parts for parts in found if parts[0].get_content_type() == "text/plain"]
        return (html or plain or found or [[]])[0]
    if kind == "multipart/related":
        return (found or [[]])[0]
    return [part for parts in found for part in parts]


def attached_documents(message: Message) -> list[str]:
    """Return the names of the attachments that may hold articles."""
    parts = (part for part in message.walk() if not part.is_multipart())
    names = (part.get_filename() for part in parts if "Content-Disposition" in part)
    shown = (" ".join(name.split())[:100] for name in names if name)
    return [name for name in shown if PurePosixPath(name).suffix.lower() in _DOCUMENTS]


def _has_html(parts: Sequence[Message]) -> bool:
    return any(part.get_content_type() == "text/html" for part in parts)


def body(parts: Sequence[Message]) -> tuple[str, str, str | None]:
    """Return the text of parts, its markup, and a note on its charset, if that was uncertain."""
    decoded = [_decoded(part) for part in parts]
    notes = [note for _, note in decoded if note]
    texts = [text for text, _ in decoded]
    if not _has_html(parts):
        plain = [_unwrapped(text, part) for text, part in zip(texts, parts, strict=True)]
        return "\n\n".join(plain), "plain", notes[0] if notes else None
    pieces = [
        visible(text) if part.get_content_type() == "text/html" else _as_html(text)
        for part, text in zip(parts, texts, strict=True)
    ]
    return "\n".join(pieces), "html", notes[0] if notes else None


def _unwrapped(text: str, part: Message) -> str:
    """Return a plain text with the lines joined that a mail program has wrapped (RFC 3676)."""
    text = text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        return re.sub(r"(?<!^--) \n(?=[^\n>])", " ", text, flags=re.MULTILINE)
    return "\n\n".join(map(_joined, _BLANK.split(text)))


def _joined(block: str) -> str:
    """Return the lines of a block as one, if they were wrapped."""
    lines = block.strip("\n").split("\n")
    is_wrapped = (
        len(lines) > 1
        and max(map(len, lines)) <= _WIDTH
        and min(map(len, lines[:-1])) >= _SHORTEST
        and not any(map(_LISTED.match, lines))
    )
    return " ".join(line.strip() for line in lines) if is_wrapped else block


def payload(part: Message) -> bytes:
    """Return the content of a part."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decoded(part: Message) -> tuple[str, str | None]:
    data = payload(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8"), None
    except (LookupError, UnicodeDecodeError, ValueError):
        return decode(data)


def _as_html(text: str) -> str:
    lines = escape(text.strip(), quote=False).splitlines()
    return f"<div>{'<br>'.join(lines)}</div>"


def visible(html: str) -> str:
    """Return HTML without the elements that their style hides."""
    if not _HIDDEN.search(html):
        return html
    from lxml import etree
    from lxml.html import document_fromstring

    try:
        tree = document_fromstring(html)
        for element in tree.xpath("//*[@style]"):
            is_whole = element.tag in ("html", "body", "table")
            if _HIDDEN.search(element.get("style")) and not is_whole:
                element.drop_tree()
    except (etree.ParserError, ValueError):
        return html  # empty, or with a control character
    text: str = etree.tostring(tree, encoding="unicode", method="html")
    return text
