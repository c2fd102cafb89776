"""Which articles does a file hold?

A reader a format, behind the one Protocol, found by the file's ending in the one registry. A
reader hands over documents as they stand in the file and problems where it could not read, and
never raises for what a file holds.
"""

from .base import Document, Problem, Reader, SourceFile
from .json_lines import JsonLinesReader
from .text_files import TextReader

READERS: tuple[Reader, ...] = (TextReader(), JsonLinesReader())
"""The registry: the first reader that names a file's ending reads it."""


def reader_for(suffix: str) -> Reader | None:
    """Return the reader of a file ending (`.txt`), None where there is none."""
    suffix = suffix.lower()
    return next((reader for reader in READERS if suffix in reader.suffixes), None)


__all__ = [
    "READERS",
    "Document",
    "Problem",
    "Reader",
    "SourceFile",
    "reader_for",
]
