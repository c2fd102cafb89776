"""Inputs of a run: files, standard input, record sets; and the paths of the articles in them."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Container
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import BinaryIO, TypeAlias

from ..store.source_files import FileKey, FileStat, ReadState
from .blocks.plain_text import clean
from .readers import Document, Problem, Reader, SourceFile
from .readers.base import record_hash
from .records import RecordSet
from .s3 import BucketPath

MAX_PROBLEMS = 100
"""The maximum number of problems that are reported one by one for a file, with all in it."""
STDIN = Path("-")
"""Standard input among sources; a file of this name is `./-`."""
RECORDS = "records"
"""The root of all record sets; the path of a set is its name."""
Match: TypeAlias = Path | BucketPath | RecordSet
"""A place or record set that a source names."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, with its root."""

    root: str
    file: SourceFile
    stamp: FileStat
    named: bool = False
    """Whether the user named the file itself, and not just a folder that contains it."""
    reader: Reader | None = None
    """The reader that the user chose."""
    is_records: bool = False
    """Whether it is a record set, which `reader` reads."""

    @property
    def is_stdin(self) -> bool:
        """Whether it is standard input."""
        return self.file.path is STDIN

    @property
    def is_stream(self) -> bool:
        """Whether it has no place from which it could be read again."""
        return self.is_records or self.is_stdin

    @property
    def key(self) -> FileKey:
        """The file's root, and its path below it."""
        return self.root, self.file.name


def open_stdin() -> BinaryIO:
    """Return standard input, to be read in bytes. Raises OSError if there is none."""
    stream: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise OSError(errno.EBADF, "there is no standard input")
    return stream


def stdin_size() -> int:
    """Return the size of the file that standard input is, 0 if it is none."""
    try:
        status = os.fstat(sys.stdin.fileno())
    except (AttributeError, OSError, ValueError):
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


class ArticlePaths:
    """The paths by which the articles of one file are known: the file's, and their anchors.

    An article of a stream has no place to be found at again: it is known by its id or else its
    address, or else by its content; and so is a second article of the same address. No article has
    the path of another: an anchor that is another one when it is cleaned, as decomposed letters
    are, is followed by a hash of what it was.
    """

    def __init__(self, found: FoundFile, taken: Container[str] = ()) -> None:
        self._found = found
        self._taken = taken
        """The paths of the articles that were read of the file before."""
        self._by_address: dict[str, str] = {}
        """The hash of the content of the first article of an address."""

    def of(self, item: Document | Problem) -> str:
        """Return the path of an article or a problem."""
        name, anchor = self._found.file.name, item.anchor
        if self._found.is_stream and isinstance(item, Document) and (not anchor or item.positional):
            return f"{name}#{clean(self._identity(item))}"
        path = f"{name}#{_cleaned(anchor)}" if anchor else name
        if isinstance(item, Document) and path in self._taken:
            first = path if anchor else f"{path}#"
            others = (f"{first}~{number}" for number in count(2))
            return next(free for free in others if free not in self._taken)
        return path

    def _identity(self, document: Document) -> str:
        # The version of the cleaning does not count: it is the same article after an update.
        content = document.content_hash(cleaning=0)[:16]
        if not document.url:
            return content
        first = self._by_address.setdefault(document.url, content)
        return document.url if first == content else f"{document.url}~{content}"


def _cleaned(anchor: str) -> str:
    """Return an anchor as it can be stored, so that no two are the same."""
    cleaned = clean(anchor)
    if cleaned == anchor:
        return anchor
    return f"{cleaned}~{record_hash(anchor.encode('utf-8', 'surrogatepass'))[:12]}"


@dataclass(slots=True)
class FileProgress:
    """The state of a file within a run."""

    paths: set[str] = field(default_factory=set)
    """The paths of the articles in it."""
    id: int | None = None
    """Its id in the archive."""
    state: ReadState | None = None
    """How it was when it was read to the end."""
    waiting: int = 0
    """The number of articles that are being prepared."""
    unmade: int = 0
    """The number of documents that gave no article."""
    lost: int = 0
    problems: int = 0
    unlisted: int = 0
    """The number of problems beyond those that are reported one by one."""
    is_incomplete: bool = False
    """Whether it could not be read, or not completely, so that an article may still exist."""
    is_faulty: bool = False
    """Whether it met a fault of the program: the next run reads it again."""

    @property
    def is_finished(self) -> bool:
        """Whether it was read to the end, and its articles are prepared."""
        return self.state is not None and not self.waiting

    def takes_problem(self) -> bool:
        """Count a problem; return whether it is reported, and not only counted."""
        self.problems += 1
        self.unlisted += self.problems > MAX_PROBLEMS
        return self.problems <= MAX_PROBLEMS

    def unlisted_problems(self) -> Problem:
        """Return the problem that stands for those that were only counted since the last one."""
        count, self.unlisted = self.unlisted, 0
        return Problem(f"has {count:,} more problem{'s' * (count > 1)} like these: look at it")
