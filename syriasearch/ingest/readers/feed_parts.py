"""Parts of a feed: the feed itself with a few of its entries, each to be parsed alone.

A parser holds all entries of what it parses, in a hundred times the memory, and stops at one with a
character that it cannot take.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from ...text.patterns import regex
from .base import UnreadableError
from .charset import decode

PART = 2**18
"""The number of bytes of entries at which a part ends."""
MAX_HEAD = 2**20
"""The maximum number of bytes before the first entry."""
MAX_TAIL = 2**16
_TOKEN = regex(rb"<!\[CDATA\[|<!--|<(/?)((?:[A-Za-z][\w.-]*:)?(?:item|entry))(?=[\s>/])")
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
_REFERENCE = regex(rb"&#(?:[xX]([0-9a-fA-F]{1,20})|([0-9]{1,20}));")
_PERSON = regex(
    rb"<((?:[\w.-]{1,40}:)?(?:author|creator|contributor|name|email|publisher|owner"
    rb"|managingEditor|webMaster))(?:\s[^<>]{0,1000})?>",
    re.IGNORECASE,
)
_MARKUP = regex(rb"<!\[CDATA\[|\]\]>|<[^<>]{0,1000}>|[<>&]")
MAX_NAME = 5000
"""The number of bytes of an author from which on it is cut."""
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
"""Marks of UTF-16 and UTF-32, in which tags are not found as bytes."""
_DECLARED = regex(rb"\s*<\?xml[^>]*>")


class FeedParts:
    """The entries of a feed as they are written, and what is around them."""

    def __init__(self, data: bytes) -> None:
        """Find the entries. Raises UnreadableError for a feed that cannot be divided."""
        if data.startswith(WIDE):
            data = decode(data)[0].encode("utf-8", "replace")
            data = data[declared.end() :] if (declared := _DECLARED.match(data)) else data
        elif (declared := _DECLARED.match(data)) and not declared[0].isascii():
            data = data[declared.end() :]
        self._data = data
        self._entries = list(_entries(data))
        if not self._entries:
            raise UnreadableError("is a feed without entries, or none at all: leave it out")
        self._head = data[: self._entries[0][0]]
        self._tail = data[self._entries[-1][1] :][:MAX_TAIL]
        if len(self._head) > MAX_HEAD:
            raise UnreadableError("is a feed with too much before its entries: leave it out")

    def parts(self) -> Iterator[tuple[bytes, Iterator[bytes]]]:
        """Yield parts of a feed as feeds, and for each of its entries a feed with it alone."""
        held: list[bytes] = []
        size = 0
        for start, end in self._entries:
            held.append(self._data[start:end])
            size += end - start
            if size >= PART:
                yield self._feed(*held), map(self._feed, held)
                held, size = [], 0
        if held:
            yield self._feed(*held), map(self._feed, held)

    def _feed(self, *entries: bytes) -> bytes:
        return b"".join((self._head, *entries, self._tail))


def with_short_names(data: bytes) -> bytes:
    """Return a feed with long names of authors cut: the parser takes quadratic time for them."""
    pieces: list[bytes] = []
    unclosed: set[bytes] = set()
    last = 0
    for found in _PERSON.finditer(data):
        if found.start() < last or found[1] in unclosed:
            continue
        end = data.find(b"</" + found[1], found.end())
        if end < 0:
            unclosed.add(found[1])
        elif end - found.end() > MAX_NAME:
            # A character that was cut in two, and what was a tag or a reference, are left out.
            text = _MARKUP.sub(b" ", data[found.end() : end])[:MAX_NAME]
            pieces += [data[last : found.end()], text.decode("utf-8", "ignore").encode()]
            last = end
    return b"".join((*pieces, data[last:])) if pieces else data


def without_bad_references(data: bytes) -> bytes:
    """Return XML with U+FFFD for each reference to a character that does not exist."""
    return _REFERENCE.sub(_existing, data)


def _existing(reference: re.Match[bytes]) -> bytes:
    code = int(reference[1] or b"0", 16) or int(reference[2] or b"0")
    exists = 0 < code <= sys.maxunicode and not 0xD800 <= code < 0xE000
    return reference[0] if exists else "\ufffd".encode()


def _entries(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each entry; one without an end reaches to the next one."""
    at, start, name = 0, None, None
    missing: set[bytes] = set()
    """Ends that no place from here on has."""
    while token := _TOKEN.search(data, at):
        at = token.end()
        if end := _ENDS.get(token[0]):
            found = -1 if end in missing else data.find(end, at)
            if found < 0:
                missing.add(end)
            at = found + len(end) if found >= 0 else at
        elif not token[1]:
            if start is not None and token[2] == name:
                yield start, token.start()
            if start is None or token[2] == name:
                start, name = token.start(), token[2]
        elif token[2] == name and start is not None:
            at = data.find(b">", at) + 1 or len(data)
            yield start, at
            start = None
    if start is not None:
        yield start, len(data)
