"""Which articles does a file of JSON lines hold?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from ..prose import clean
from .base import MAX_ARTICLE_BYTES, Document, Problem, SourceFile
from .decode import UndecodableError, decode
from .text_files import field_values

_HEADING = re.compile(r"^#{1,6} \S.*$", re.MULTILINE)
_TEXT_KEYS = ("text", "body", "content")


class JsonLinesReader:
    """Reads `.jsonl`, an article a line: id, title, date, source, url, lang, text, author."""

    name = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield an article or a problem a line, in constant memory."""
        anchors: set[str] = set()
        some = False
        with file.path.open("rb") as stream:
            for number, line in _lines(stream):
                if isinstance(line, Problem):
                    some = True
                    yield line
                elif line.strip():
                    some = True
                    yield from _read_line(line, number, anchors)
        if not some:
            yield Problem("holds no lines: leave it out, or fill it")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | Problem]]:
    """Yield numbered lines, a problem for one that is too long."""
    number = 0
    while line := stream.readline(MAX_ARTICLE_BYTES + 1):
        number += 1
        if len(line) <= MAX_ARTICLE_BYTES:
            yield number, line
            continue
        size = len(line)
        while not line.endswith(b"\n") and (line := stream.readline(2**20)):
            size += len(line)
        yield (
            number,
            Problem(
                f"line {number} has {size / 2**20:,.0f} MiB, over the "
                f"{MAX_ARTICLE_BYTES // 2**20} MiB of one article: split it",
                str(number),
            ),
        )


def _read_line(line: bytes, number: int, anchors: set[str]) -> Iterator[Document | Problem]:
    anchor = str(number)
    if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Problem("is UTF-16, which is not read line by line: save it as UTF-8")
        return
    try:
        written, note = decode(line)
        values = json.loads(written)
    except UndecodableError as error:
        yield Problem(f"line {number} {error}", anchor)
        return
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        reason = getattr(error, "msg", "nested too deep" if deep else "a number too long")
        yield Problem(f"line {number} is not valid JSON ({reason}): mend or remove it", anchor)
        return
    if not isinstance(values, dict):
        yield Problem(f"line {number} is not a JSON object: put one article a line", anchor)
        return
    text = next((values[key] for key in _TEXT_KEYS if values.get(key)), None)
    if not isinstance(text, str) or not text.strip():
        yield Problem(f"line {number} has no text: give it a `text`", anchor)
        return
    identity = values.get("id")
    if isinstance(identity, (str, int)) and clean(str(identity)).strip():
        anchor = clean(str(identity)).strip()
    markup = "markdown" if _HEADING.search(text) else "plain"
    if note:
        yield Problem(f"line {number} {note}", anchor, lost=False)
    yield Document(text, markup, anchor=_free(anchor, anchors), **field_values(values))


def _free(anchor: str, anchors: set[str]) -> str:
    """Return an anchor that no article of the file has: none must replace another."""
    free, copies = anchor, 1
    while free in anchors:
        copies += 1
        free = f"{anchor}~{copies}"
    anchors.add(free)
    return free
