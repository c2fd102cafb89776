"""Readers: one for each format, with the same Protocol, in one registry.

Other packages can add readers. A file's content determines its reader, or else its suffix does. A
reader yields documents as they are in the file, and problems where it could not read it; it never
raises an exception because of the content of a file.
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
