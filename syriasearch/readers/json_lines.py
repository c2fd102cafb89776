"""Which articles does a file of JSON lines hold?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

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
        ids: dict[str, int] = {}
        some = False
        with file.path.open("rb") as stream:
            for number, line in _lines(stream):
                if isinstance(line, Problem):
                    some = True
                    yield line
                elif line.strip():
                    some = True
                    yield _read_line(line, number, ids)
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


def _read_line(line: bytes, number: int, ids: dict[str, int]) -> Document | Problem:
    anchor = str(number)
    try:
        values = json.loads(decode(line))
    except UndecodableError as error:
        return Problem(f"line {number} {error}", anchor)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
        return Problem(f"line {number} is not valid JSON ({reason}): mend or remove it", anchor)
    if not isinstance(values, dict):
        return Problem(f"line {number} is not a JSON object: put one article a line", anchor)
    text = next((values[key] for key in _TEXT_KEYS if values.get(key)), None)
    if not isinstance(text, str) or not text.strip():
        return Problem(f"line {number} has no text: give it a `text`", anchor)
    identity = values.get("id")
    if isinstance(identity, (str, int)) and str(identity).strip():
        anchor = str(identity).strip()
        ids[anchor] = ids.get(anchor, 0) + 1
        if ids[anchor] > 1:
            # A second article under the same id must not replace the first.
            anchor = f"{anchor}~{ids[anchor]}"
    markup = "markdown" if _HEADING.search(text) else "plain"
    return Document(text, markup, anchor=anchor, **field_values(values))
