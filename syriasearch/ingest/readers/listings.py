"""Refusal of files that list articles without their text: GDELT, indexes of captures.

Tables with names of columns are in data/record_shapes.csv.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...text.patterns import regex
from .base import Document, Problem, SourceFile, UnreadableError
from .charset import head_text
from .compression import HEAD
from .record_shapes import WITHOUT_TEXT

_GDELT = regex(
    # The knowledge graph: an id, the time of the batch, what kind of source, which, its address
    r"\d{14}-T?\d{1,9}\t\d{14}\t\d\t[^\t\n]*\t"
    # its older form, with the names of its columns
    r"|DATE\tNUMARTS\tCOUNTS\t"
    # events: an id, the day, the month, the year, and the year with a fraction
    r"|\d{6,12}\t(?:1[89]|20)\d{6}\t(?:1[89]|20)\d{4}\t(?:1[89]|20)\d\d\t\d{4}\.\d{1,6}\t"
    # mentions of events: an id, the time of the event, that of the mention, a kind, a source
    r"|\d{6,12}\t(?:1[89]|20)\d{12}\t(?:1[89]|20)\d{12}\t\d\t[^\t\n]*\t"
)
_CDX = regex(
    # a heading of one-letter names
    r"[ \t]?CDX(?: [a-zA-Z]){3,25}[ \t]*\r?\n"
    # a key such as org,example)/page, the time of the capture, and the address or an object
    r"|(?:[\w-]+,)*[\w-]+(?::\d{1,5})?\)/?\S* \d{14} (?:\{|\S+ \S+ )"
    r"|!meta \d+ \{"
)


def claims(head: bytes) -> bool:
    """Return whether a file begins like a table of GDELT or an index of captures."""
    return _kind(head) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Refuse the file. Raises UnreadableError."""
    with file.open() as stream:
        kind = _kind(stream.read(HEAD)) or "list"
    raise UnreadableError(f"is a {kind}, which {WITHOUT_TEXT}")
    yield


def _kind(head: bytes) -> str | None:
    text = head_text(head).lstrip("\r\n ")
    if _GDELT.match(text):
        return "table of GDELT"
    return "CDX index" if _CDX.match(text) else None
