"""Readers: one for each format, and the registry in which a format is added.

A reader is an object with four members (`base.Reader`): the `name` that `--format` takes; the
`suffixes` of its files; `claims(head)`, which says whether a file that begins with these bytes is
certainly in this format; and `read(file)`, which yields a `Document` for each article as it is in
the file, and a `Problem` for what could not be read. A reader never raises an exception because of
the content of a file, except `base.UnreadableError`, whose message becomes the last problem.

Where a format has records (objects, rows), `field_mapping.read_records` makes the documents.
`charset.decode` and `charset.lines` decode bytes; files are already unpacked. What takes long to
extract is deferred (`Document.pending`). To add a format, add its reader to BUILT_IN. Other
packages register theirs as entry points of GROUP.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import entry_points

from .base import CLEANING, Document, Item, PassedOver, Problem, Reader, SourceFile
from .csv import CsvReader, TsvReader
from .feed import FeedReader
from .html import HtmlReader
from .json import JsonReader
from .jsonl import JsonLinesReader
from .pdf import PdfReader, pdf_is_read
from .text import MarkdownReader, TextReader
from .warc import WarcReader

__all__ = ["Document", "Item", "PassedOver", "Problem", "Reader", "SourceFile"]

BUILT_IN: tuple[Reader, ...] = (
    WarcReader(),
    PdfReader(),
    FeedReader(),
    HtmlReader(),
    JsonLinesReader(),
    JsonReader(),
    CsvReader(),
    TsvReader(),
    MarkdownReader(),
    TextReader(),
)
"""The registry of readers.

The first reader that claims a file's content reads it; if none does, the reader of its suffix.
"""
GROUP = "syriasearch.readers"
"""The entry points under which other packages add readers."""


@lru_cache(maxsize=1)
def _registry() -> tuple[tuple[Reader, ...], tuple[tuple[str, Problem], ...]]:
    added: list[Reader] = []
    problems: list[tuple[str, Problem]] = []
    for point in entry_points(group=GROUP):
        try:
            made = point.load()
            reader = made() if isinstance(made, type) else made
            endings = [str(suffix) for suffix in reader.suffixes]
            if not (callable(reader.claims) and callable(reader.read) and str(reader.name)):
                raise TypeError(f"is no reader: {endings}")
            added.append(reader)
        except Exception as error:
            message = f"this reader cannot be used ({type(error).__name__}: {error}): mend it"
            problems.append((f"{GROUP}: {point.name}", Problem(message, lost=False)))
    return (*added, *BUILT_IN), tuple(problems)


def all_readers() -> tuple[Reader, ...]:
    """Return the readers of other packages, and then those of this one."""
    return _registry()[0]


def reader_problems() -> tuple[tuple[str, Problem], ...]:
    """Return the problems of readers from other packages, with the names of these."""
    return _registry()[1]


def reader_named(name: str) -> Reader | None:
    """Return the reader with the name that `--format` takes; None if there is none."""
    return next((reader for reader in all_readers() if reader.name == name), None)


def reader_for(suffix: str) -> Reader | None:
    """Return the reader of a suffix (`.txt`), None if there is none."""
    suffix = suffix.lower()
    return next((reader for reader in all_readers() if suffix in reader.suffixes), None)


def reader_versions() -> list[str]:
    """Return what identifies the readers: their names, and the versions of packages."""
    added = [
        f"{point.name} {point.dist.version if point.dist else ''}"
        for point in entry_points(group=GROUP)
    ]
    own = [f"cleaning {CLEANING}", "with pypdf" if pdf_is_read() else "without pypdf"]
    return [*own, *(reader.name for reader in all_readers()), *added]
