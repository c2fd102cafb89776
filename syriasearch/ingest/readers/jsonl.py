"""Reader of JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .base import Document, Problem, SourceFile
from .decode import UndecodableError, as_text, decode, lines
from .fields import record

_OBJECT = re.compile(r'\s*\{\s*(?:"[^"\n]{1,80}"\s*:|\})')


class JsonLinesReader:
    """Reads JSON lines, with an article on each line."""

    name = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson", ".jsonlines")

    def claims(self, head: bytes) -> bool:
        """Return whether the first line is an object, and the second begins one."""
        first, end, rest = as_text(head).lstrip("\ufeff").lstrip().partition("\n")
        return bool(end) and rest.lstrip().startswith("{") and _is_object(first)

    def may_read(self, head: bytes) -> bool:
        """Return whether the first line may be an object, by its beginning or the second line."""
        first, end, rest = as_text(head).lstrip("\ufeff").lstrip().partition("\n")
        second = rest.lstrip().startswith("{")
        return first.startswith("{") and (not end or second or _is_object(first))

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield an article or a problem for each line, in constant memory."""
        anchors: dict[str, int] = {}
        some = False
        with file.open() as stream:
            for number, line in lines(stream, blank=False):
                if isinstance(line, Problem):
                    some = True
                    yield line
                elif line.strip():
                    some = True
                    yield from _read_line(line, number, anchors, file.columns)
        if not some:
            yield Problem("holds no lines: leave it out, or fill it")


def _is_object(line: str) -> bool:
    try:
        return bool(_OBJECT.match(line)) and isinstance(json.loads(line), dict)
    except RecursionError:
        return True
    except ValueError:
        return False


def _read_line(
    line: bytes, number: int, anchors: dict[str, int], columns: tuple[tuple[str, str], ...]
) -> Iterator[Document | Problem]:
    anchor = str(number)
    try:
        written, note = decode(line)
        values = json.loads(written)
    except UndecodableError as error:
        yield Problem(f"line {number} {error}", anchor)
        return
    except (ValueError, RecursionError) as error:
        yield Problem(f"line {number} is not valid JSON ({why(error)}): mend or remove it", anchor)
        return
    if not isinstance(values, dict):
        yield Problem(f"line {number} is not a JSON object: put one article a line", anchor)
        return
    for item in record(values, f"line {number}", number, anchors, columns):
        if note and isinstance(item, Document):
            yield Problem(f"line {number} {note}", item.anchor, lost=False)
        yield item


def why(error: Exception) -> str:
    """Return the reason, in a few words, why JSON could not be read."""
    if isinstance(error, RecursionError):
        return "nested too deep"
    return str(getattr(error, "msg", "a number too long"))
