"""Readers: one for each format, and `registry`, in which a format is added.

A module reads a format. It has a function `read(file)`, which yields a `Document` for each article
as it is in the file, and a `Problem` for what could not be read; and a function `claims(head)`,
which returns whether a file that begins with these bytes is certainly in this format. A reader
never raises an exception because of the content of a file, except `base.UnreadableError`, whose
message becomes the last problem. Files are unpacked before; `charset.decode` and `charset.lines`
decode bytes; `field_mapping.read_records` makes documents of records (objects, rows). What takes
long to extract is deferred (`Document.pending`).

To add a format, add its `Format` to `registry.BUILT_IN`. Other packages register readers as entry
points of `registry.GROUP`.
"""

from .base import Document, Item, PassedOver, Problem, Reader, SourceFile

__all__ = ["Document", "Item", "PassedOver", "Problem", "Reader", "SourceFile"]
