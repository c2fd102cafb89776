"""Inputs of a run: files, standard input, record sets; and their state within it."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeAlias

from ..store.source_files import FileKey, FileStat, ReadState
from .readers import Problem, Reader, SourceFile
from .records import DEFAULT_NAME, RecordSet
from .s3 import BucketPath

MAX_PROBLEMS = 100
"""The maximum number of problems, and of notes, that are reported one by one for a file, with all
in it."""
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
    def is_unnamed(self) -> bool:
        """Whether it is a stream without a name, so that ids may be those of any other."""
        return self.is_stdin or (self.is_records and self.file.name == DEFAULT_NAME)

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
    problems: Counter[bool] = field(default_factory=Counter)
    """The number of problems with which something is lost (True), and of notes."""
    unlisted: Counter[bool] = field(default_factory=Counter)
    """The number of those beyond what is reported one by one."""
    is_incomplete: bool = False
    """Whether it could not be read, or not completely, so that an article may still exist."""
    is_faulty: bool = False
    """Whether it met a fault of the program: the next run reads it again."""

    @property
    def is_finished(self) -> bool:
        """Whether it was read to the end, and its articles are prepared."""
        return self.state is not None and not self.waiting

    def takes_problem(self, *, lost: bool) -> bool:
        """Count a problem; return whether it is reported, and not only counted."""
        self.problems[lost] += 1
        is_listed = self.problems[lost] <= MAX_PROBLEMS
        self.unlisted[lost] += not is_listed
        return is_listed

    def unlisted_problems(self) -> Iterator[Problem]:
        """Yield the problems that stand for those that were only counted since the last time."""
        for lost, number in sorted(self.unlisted.items()):
            what = ("problem" if lost else "note") + "s" * (number > 1)
            if number:
                yield Problem(f"has {number:,} more {what} like these: look at it", lost=lost)
        self.unlisted.clear()
