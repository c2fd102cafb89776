"""Reader of JSON: an object, a list of objects, or an object that contains a list."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from itertools import islice, starmap
from typing import Any, BinaryIO

from ...text.patterns import regex
from .article_lists import article_items
from .base import LIMIT, MAX_ARTICLE_BYTES, Document, Problem, SourceFile
from .charset import decode, encoding_of, head_text
from .field_mapping import Record, read_records
from .jsonl import json_error

_BEGINNING = regex(r'\s*(?:\{\s*(?:"[^"\n]{0,80}"\s*:|\})|\[\s*\{\s*(?:"[^"\n]{0,80}"\s*:|\}))')
_LIST = regex(r":\s*\[\s*(?=\{)")
_TITLE = regex(r'"(?:title|headline|text|body)"\s*:')
_HEX_ESCAPE = regex(r"(?<!\\)((?:\\\\)*)\\x[0-9a-fA-F]{2}")
_FIRST_KEY = regex(r'\{\s*("[^"\\\n]{1,80}")\s*:')
_SPACE = " \t\r\n"
_MAX_CANDIDATES = 200
"""The maximum number of places where an item may begin, after one that is not valid."""
CHUNK = 2**18


def claims(head: bytes) -> bool:
    """Return whether a file begins with an object or a list of objects."""
    return bool(_BEGINNING.match(head_text(head)))


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the file's articles; a long list is read item by item, in constant memory."""
    with file.open() as stream:
        data = stream.read(MAX_ARTICLE_BYTES + 1)
        is_long = len(data) > MAX_ARTICLE_BYTES
        items = _window_items(Window(data, stream)) if is_long else _loaded_items(data)
        records = starmap(_record, enumerate(items, start=1))
        yield from read_records(records, file, empty="holds no articles: leave it out, or fill it")


def _window_items(window: Window) -> Iterator[Any]:
    yield from _streamed_items(window)
    if window.note:
        yield Problem(window.note, lost=False)


def _record(number: int, item: Any) -> Record | Problem:
    if isinstance(item, dict):
        return Record(number, f"item {number}", item)
    if isinstance(item, Problem):
        return item
    return Problem(f"item {number} is not an object", str(number))


def _loaded_items(data: bytes) -> Iterator[Any]:
    text, note = decode(data)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        # The items before the error are kept.
        is_syntax = isinstance(error, json.JSONDecodeError)
        items = _items_before_error(data) if is_syntax else []
        line = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        yield from items or [Problem(f"is not valid JSON ({json_error(error)}{line}): mend it")]
        return
    if note:
        yield Problem(note, lost=False)
    yield from article_items(value)


def _items_before_error(data: bytes) -> list[Any]:
    """Return the items of a list, or of the first list in an object that is no article itself."""
    window = Window(data, None)
    if window.next_character() != "[":
        found = _LIST.search(window.text)
        if not found or _TITLE.search(window.text, 0, found.start()):
            return []
    return list(_window_items(window))


class Window:
    """A window on the text of a stream, as far as it has been read."""

    def __init__(self, data: bytes, stream: BinaryIO | None) -> None:
        self._stream = stream
        encoding, self.note = encoding_of(data)
        self._decoder = getincrementaldecoder(encoding)("replace")
        self.text = mend(self._decoder.decode(data, final=stream is None))
        self.position = 0

    @property
    def ahead(self) -> int:
        """The number of characters after the position."""
        return len(self.text) - self.position

    def read_more(self) -> bool:
        """Read more, and drop the text before the position; return whether there was more."""
        data = self._stream.read(CHUNK) if self._stream else b""
        if not data:
            return False
        self.text = mend(self.text[self.position :] + self._decoder.decode(data))
        self.position = 0
        return True

    def next_character(self) -> str:
        """Return the next character that is not white space; empty at the end."""
        while True:
            while self.position < len(self.text) and self.text[self.position] in _SPACE:
                self.position += 1
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.read_more():
                return ""


def mend(text: str) -> str:
    r"""Return JSON without the escapes of control characters that JSON does not have: \x0B."""
    return _HEX_ESCAPE.sub(r"\1 ", text) if r"\x" in text else text


class _TooLargeError(ValueError):
    msg = f"over {LIMIT}"


def _streamed_items(window: Window) -> Iterator[Any]:
    """Yield the items of a list, or of the first list of objects in an object."""
    if window.next_character() == "[":
        window.position += 1
    else:
        found = _LIST.search(window.text)
        if not found:
            yield Problem(f"holds no list in its first {MAX_ARTICLE_BYTES // 2**20} MiB: split it")
            return
        window.position = found.end()
    yield from read_list(window)


def read_list(window: Window) -> Iterator[Any]:
    """Yield the items of a list, of which a window is at the first, and problems.

    After an item that is not valid, the list is read from the next that is like those before.
    Afterwards the window is at the end of the list.
    """
    # A line end within a string, which JSON does not have, is kept.
    decoder = json.JSONDecoder(strict=False)
    number = 0
    last: Any = None
    while window.next_character() not in ("]", ""):
        number += 1
        try:
            value, window.position = _decode_item(decoder, window)
        except (ValueError, RecursionError) as error:
            reason = json_error(error)
            is_found = _find_next(window, decoder, last)
            lost = "it was lost" if is_found else "it and what follows were lost"
            message = f"item {number} cannot be read ({reason}): {lost}"
            yield Problem(message, str(number))
            if not is_found:
                return
            continue
        last = value
        yield value
        if window.next_character() == ",":
            window.position += 1
    if window.next_character() == "":
        yield Problem(f"ends behind item {number}, within its list: what follows is lost")


def _find_next(window: Window, decoder: json.JSONDecoder, last: Any) -> bool:
    """Move a window from an item that is not valid to the next one, and return whether there is.

    Objects within items begin with another key, or have fewer of those of the last item; if none
    is known, the next item is the first of those with the most keys.
    """
    begin = _FIRST_KEY.match(window.text, window.position)
    if begin is None:
        return False
    following = re.compile(rf",\s*(?=\{{\s*{re.escape(begin[1])}\s*:)")
    most, place = 0, -1
    for candidate in islice(following.finditer(window.text, window.position), _MAX_CANDIDATES):
        try:
            value, _ = decoder.raw_decode(window.text, candidate.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(last, dict) and 2 * len(last.keys() & value.keys()) >= len(last):
            place = candidate.end()
            break
        if not isinstance(last, dict) and len(value) > most:
            most, place = len(value), candidate.end()
    window.position = max(window.position, place)
    return place >= 0


def _decode_item(decoder: json.JSONDecoder, window: Window) -> tuple[Any, int]:
    """Return the next value and its end, reading on as long as it is incomplete."""
    wanted = CHUNK
    while True:
        try:
            return decoder.raw_decode(window.text, window.position)
        except ValueError:
            # Twice as much each time, so that a long item is not parsed again for every chunk.
            has_grown = False
            while window.ahead < wanted and window.read_more():
                has_grown = True
            wanted *= 2
            if not has_grown and window.ahead < wanted // 2:
                raise
            if window.ahead > MAX_ARTICLE_BYTES:
                raise _TooLargeError from None
            if not has_grown and not window.read_more():
                raise
