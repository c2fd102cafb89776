"""Which articles does a file hold?

A reader a format, behind the one Protocol, in the one registry, to which other packages may add
theirs. A file's content tells which reader reads it, and its ending where that does not. A reader
hands over documents as they stand in the file and problems where it could not read, and never
raises for what a file holds.
"""

from .base import Document, Item, PassedOver, Problem, Reader, SourceFile
from .detect import (
    all_readers,
    is_known,
    is_read,
    is_readme,
    read_items,
    reader_named,
    reader_problems,
    readers_known_as,
    standard_input,
)
from .fields import FIELDS

__all__ = [
    "FIELDS",
    "Document",
    "Item",
    "PassedOver",
    "Problem",
    "Reader",
    "SourceFile",
    "all_readers",
    "is_known",
    "is_read",
    "is_readme",
    "read_items",
    "reader_named",
    "reader_problems",
    "readers_known_as",
    "standard_input",
]
