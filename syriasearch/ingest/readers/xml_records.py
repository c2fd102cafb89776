"""Records of XML files that hold many, such as exports of blogs: one at a time, however many.

The file is cut at the tags of its records before anything is parsed, so that memory is constant
and a record that is not valid XML costs no other. Nothing outside of the file is loaded, and no
entities are defined.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, BinaryIO, NamedTuple

from ...text.patterns import regex
from .base import LIMIT, MAX_ARTICLE_BYTES, Problem, refuse_entities
from .charset import as_utf8, guess_note, legacy_encoding
from .compression import HEAD

MAX_BEFORE = 2**22
"""The maximum number of characters that are kept of what precedes a record."""
_ENCODING = regex(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,30})[\"']", re.IGNORECASE)
_ROOT = regex(r"<([A-Za-z][\w:.-]{0,60})")
_INSTRUCTION = regex(r"<\?[^>]*(>|\Z)")
_REFERENCE = regex(r"&(?:#?\w{1,31};)?")
_CONTROLS = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_CHUNK = 2**16
_LONGEST_TAG = 200


class Record(NamedTuple):
    """A record as an element, and what precedes it since the one before, in another."""

    number: int
    element: Any
    before: Any


class _Text:
    """The text of a stream, as far as it has been read and not dropped."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = as_utf8(stream)
        head = self._stream.read(HEAD)
        declared = _ENCODING.match(head)
        encoding = declared[1].decode() if declared else "utf-8"
        guess = legacy_encoding(head)
        self.note: str | None = None
        if guess and _is_utf(encoding):
            encoding, self.note = guess, guess_note(guess)
        elif guess is None and not head.isascii():
            encoding = "utf-8"  # whatever it says
        name = encoding if not _is_utf(encoding) and _is_known(encoding) else "utf-8"
        self._decoder = codecs.getincrementaldecoder(name)("replace")
        self.held = self._decoded(head)

    def _decoded(self, data: bytes) -> str:
        return _CONTROLS.sub("", self._decoder.decode(data))

    def read_more(self) -> bool:
        """Read more; return whether there was more."""
        # The longer the text that is held, the more at once, as it is copied each time.
        data = self._stream.read(max(_CHUNK, len(self.held) // 4))
        self.held += self._decoded(data)
        return bool(data)


def _is_utf(encoding: str) -> bool:
    return encoding.lower().startswith("utf")


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace; none for a comment."""
    name = element.tag
    return name.rpartition("}")[2].rpartition(":")[2] if isinstance(name, str) else ""


def text_of(element: Any) -> str:
    """Return all text in an element; none of a comment."""
    return "".join(element.itertext()).strip() if isinstance(element.tag, str) else ""


def read_elements(stream: BinaryIO, name: str) -> Iterator[Record | Problem]:
    """Yield the elements with a name, and problems; such an element is in no other.

    One that is cut off at the end of the file is a problem, as is one that is too long.
    """
    text = _Text(stream)
    refuse_entities(text.held.encode("ascii", "replace"))
    if text.note:
        yield Problem(text.note, lost=False)
    root = _ROOT.search(text.held)
    number = 0
    tail = before = ""
    for piece, is_record in _pieces(text, name):
        tail = piece[-_LONGEST_TAG:]
        if not is_record:
            before = (before + piece)[:MAX_BEFORE]
        elif not piece:
            number += 1
            yield Problem(f"record {number} has over {LIMIT}: leave it out", str(number))
        elif not piece.endswith(">"):
            yield Problem(f"ends within record {number + 1}: get it again, or the rest is lost")
            return
        else:
            number += 1
            element, fault = _parse(piece)
            if fault:
                yield Problem(f"record {number} is not valid XML ({fault})", lost=False)
            yield Record(number, element, _parse(f"<before>{before.strip()}</before>")[0])
            before = ""
    if root and f"</{root[1]}" not in tail:
        yield Problem(f"ends after record {number}, not at its end: get it again")


def end_of_blog(
    program: str, shown_by: str, left_out: Mapping[str, int], *, found: bool
) -> Iterator[Problem]:
    """Yield what is to be said at the end of an export of posts.

    `left_out` counts what the site or blog (`shown_by`) does not show, by its name; `found` is
    whether anything else was, posts or damage.
    """
    counts = [f"{count} {what}" for what, count in sorted(left_out.items()) if count]
    if counts:
        message = f"left out what the {shown_by} does not show as an article: {', '.join(counts)}"
        yield Problem(message, lost=False)
    elif not found:
        yield Problem(f"is an export of {program} without posts: leave it out", lost=False)


def _pieces(text: _Text, name: str) -> Iterator[tuple[str, bool]]:
    """Yield the text of each record and between them, and whether it is one.

    A record that is too long is yielded without text, the last one without its end if it has none.
    """
    token = re.compile(rf"<!\[CDATA\[|<!--|<{name}(?=[\s>])|</{name}\s*>")
    at = 0
    inside = is_too_long = False
    while True:
        found = token.search(text.held, at)
        if found is None:
            at = max(at, len(text.held) - _LONGEST_TAG)
            if not text.read_more():
                break
        elif end := _ENDS.get(found[0]):
            at = _end_of(text, end, found.end())
        elif found[0].startswith("</") and inside:
            yield ("" if is_too_long else text.held[: found.end()]), True
            text.held, at, inside, is_too_long = text.held[found.end() :], 0, False, False
        elif found[0].startswith("</") or inside:
            at = found.end()
        else:
            yield text.held[: found.start()], False
            text.held, at, inside = text.held[found.start() :], 1, True
        if at > MAX_ARTICLE_BYTES or (at > MAX_BEFORE and not inside):
            is_too_long |= inside
            if not inside:
                yield text.held[:at], False
            text.held, at = text.held[at:], 0
    yield text.held, inside


def _end_of(text: _Text, end: str, start: int) -> int:
    """Return the place after the end of a comment or verbatim text, or that of the file."""
    while (found := text.held.find(end, start)) < 0:
        start = max(start, len(text.held) - len(end) + 1)
        if start > 2 * MAX_ARTICLE_BYTES or not text.read_more():
            return len(text.held)
    return found + len(end)


def _parse(text: str) -> tuple[Any, str | None]:
    """Return a piece of XML as an element, and why it is not valid, if it is not."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True
    )
    parts = _with_verbatim(text)
    parts[::2] = [
        _REFERENCE.sub(_reference, _INSTRUCTION.sub(_kept, part))
        if "&" in part or "<?" in part
        else part
        for part in parts[::2]
    ]
    element = etree.fromstring("".join(parts).encode("utf-8", "replace"), parser)
    errors = [each for each in parser.error_log if each.level == etree.ErrorLevels.FATAL]
    return element, " ".join(errors[0].message.split())[:100] if errors else None


def _with_verbatim(text: str) -> list[str]:
    """Return a text in parts, of which every second one is a CDATA section."""
    parts: list[str] = []
    last = 0
    while (start := text.find("<![CDATA[", last)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += [text[last:start], text[start : end + 3]]
        last = end + 3
    return [*parts, text[last:]]


def _kept(instruction: re.Match[str]) -> str:
    """Return an instruction that has no end, and nothing of any other."""
    return "" if instruction[1] else instruction[0]


def _reference(found: re.Match[str]) -> str:
    """Return a reference as one to a number, with the characters that it means in HTML.

    In XML that is not valid the parser drops references to names.
    """
    meant = _CONTROLS.sub("", unescape(found[0]))
    return meant.replace("&", "&#38;").replace("<", "&#60;").replace(">", "&#62;")
