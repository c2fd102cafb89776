"""Reader of JSON: an object, a list of objects, or an object that contains a list."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import Any, BinaryIO

from .base import MAX_ARTICLE_BYTES, Document, Problem, SourceFile
from .decode import UndecodableError, as_text, decode
from .fields import field_of, has_text, record
from .jsonl import why

_BEGINNING = re.compile(
    r'\s*(?:\{\s*(?:"[^"\n]{1,80}"\s*:|\})|\[\s*\{\s*(?:"[^"\n]{1,80}"\s*:|\}))'
)
_LIST = re.compile(r":\s*\[\s*(?=\{)")
_METADATA = ("id", "title", "author", "source", "url", "date", "lang")
_LEVELS = 3
"""The maximum depth of the list in an object."""
_SPACE = " \t\r\n"
_CHUNK = 2**18


class JsonReader:
    """Reads JSON: an article, a list of articles, or an object that contains a list."""

    name = "json"
    suffixes: tuple[str, ...] = (".json",)

    def claims(self, head: bytes) -> bool:
        """Return whether a file begins with an object or a list of objects."""
        return bool(_BEGINNING.match(as_text(head).lstrip("\ufeff")))

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield the file's articles; a long list is read item by item, in constant memory."""
        with file.open() as stream:
            data = stream.read(MAX_ARTICLE_BYTES + 1)
            if len(data) > MAX_ARTICLE_BYTES:
                items = _streamed(_Window(data, stream))
            else:
                items = _loaded(data)
            anchors: dict[str, int] = {}
            some = False
            for number, item in enumerate(items, start=1):
                some = True
                if isinstance(item, Problem):
                    yield item
                elif not isinstance(item, dict):
                    yield Problem(f"item {number} is not an object", str(number))
                else:
                    yield from record(item, f"item {number}", number, anchors, file.columns)
        if not some:
            yield Problem("holds no articles: leave it out, or fill it")


def _loaded(data: bytes) -> Iterator[Any]:
    try:
        text, note = decode(data)
        value = json.loads(text)
    except UndecodableError as error:
        yield Problem(str(error))
        return
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError) and data.lstrip()[:1] == b"[":
            # The items before the error are kept.
            yield from _streamed(_Window(data, None))
        else:
            line = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            yield Problem(f"is not valid JSON ({why(error)}{line}): mend it")
        return
    if note:
        yield Problem(note, lost=False)
    yield from _articles(value)


def _articles(value: Any) -> list[Any]:
    """Return the items of a list, or of the longest list of objects in an object."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or has_text(value):
        return [value]
    lists: list[list[Any]] = []
    level = inside = [value]
    for _ in range(_LEVELS):
        level = [held for each in level for held in each.values() if isinstance(held, dict)]
        inside = inside + level
    for each in inside:
        if each and all(map(_is_record, each.values())):
            lists.append([{"id": key, **item} for key, item in each.items()])
        for key, held in each.items():
            if field_of(str(key)) in _METADATA:
                continue
            if isinstance(held, list) and any(isinstance(item, dict) for item in held):
                lists.append(held)
    return max(lists, key=len, default=[value])


def _is_record(value: Any) -> bool:
    return isinstance(value, dict) and has_text(value)


class _Window:
    """A window on the text of a stream, as far as it has been read."""

    def __init__(self, data: bytes, stream: BinaryIO | None) -> None:
        self._stream = stream
        encoding = "utf-8-sig"
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            encoding = "utf-16"
        self._decoder = getincrementaldecoder(encoding)("replace")
        self.text = self._decoder.decode(data, final=stream is None)
        self.at = 0

    def more(self) -> bool:
        """Read more, and drop the text before the position; return whether there was more."""
        data = self._stream.read(_CHUNK) if self._stream else b""
        if not data:
            return False
        self.text = self.text[self.at :] + self._decoder.decode(data)
        self.at = 0
        return True

    def next(self) -> str:
        """Return the next character that is not white space; empty at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""


class _TooLargeError(ValueError):
    msg = f"over the {MAX_ARTICLE_BYTES // 2**20} MiB of one article"


def _streamed(window: _Window) -> Iterator[Any]:
    """Yield the items of a list, or of the first list of objects in an object."""
    if window.next() == "[":
        window.at += 1
    else:
        found = _LIST.search(window.text)
        if not found:
            yield Problem(f"holds no list in its first {MAX_ARTICLE_BYTES // 2**20} MiB: split it")
            return
        window.at = found.end()
    decoder = json.JSONDecoder()
    number = 0
    while window.next() not in ("]", ""):
        number += 1
        try:
            value, window.at = _item(decoder, window)
        except (ValueError, RecursionError) as error:
            yield Problem(
                f"item {number} cannot be read ({why(error)}): it and what follows were lost",
                str(number),
            )
            return
        yield value
        if window.next() == ",":
            window.at += 1
    if window.next() == "":
        yield Problem(f"ends behind item {number}, within its list: what follows is lost")


def _item(decoder: json.JSONDecoder, window: _Window) -> tuple[Any, int]:
    """Return the next value and its end, reading on as long as it is incomplete."""
    wanted = _CHUNK
    while True:
        try:
            value, end = decoder.raw_decode(window.text, window.at)
        except ValueError:
            # Twice as much each time, so that a long item is not parsed again for every chunk.
            some = False
            while len(window.text) - window.at < wanted and window.more():
                some = True
            wanted *= 2
            if not some and len(window.text) - window.at < wanted // 2:
                raise
            if len(window.text) - window.at > MAX_ARTICLE_BYTES:
                raise _TooLargeError from None
            if not some and not window.more():
                raise
        else:
            return value, end
