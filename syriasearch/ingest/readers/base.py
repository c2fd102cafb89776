"""What does a reader get, and what does it hand over?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, TypeAlias

from ...errors.faults import Fault

MAX_ARTICLE_BYTES = 32 * 1024 * 1024
"""No article is larger: a longer file, line or record is a problem, not a flood of memory."""
TOO_LARGE = f"has more than the {MAX_ARTICLE_BYTES // 2**20} MiB of one article: split it"

CLEANING = 2
"""The version of how text is cleaned. It is part of every hash, so that an archive made with an
older one is brought up to date by the next run, once, and not before its files change."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: on disk, on standard input, or inside of another."""

    path: Path
    """Where it lies; of what is inside of a file, where that lies."""
    name: str
    """Its path under the folder that is ingested, with `/`; of a member its name."""
    opener: Callable[[], BinaryIO] | None = None
    """What opens it, once, where it does not lie on disk."""
    columns: tuple[tuple[str, str], ...] = ()
    """Which of its columns or keys is which field, where the user has said so."""

    @property
    def suffix(self) -> str:
        """Its ending, in small letters: `.txt`."""
        return PurePosixPath(self.name).suffix.lower()

    def open(self) -> BinaryIO:
        """Open it to be read from its beginning, in order."""
        return self.opener() if self.opener else self.path.open("rb")


@dataclass(frozen=True, slots=True)
class Document:
    """An article as its file has it: nothing of it is checked or made up."""

    text: str
    markup: str = "plain"
    """plain, markdown or html."""
    title: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    date: str | None = None
    """As it is written."""
    lang: str | None = None
    anchor: str | None = None
    """What names it in a file of many: its id, or else its line number."""
    positional: bool = False
    """Whether the anchor is only its place in the file, which another article may take."""
    scraped: bool = False
    """Whether it may hold lines that are a site's, not the article's."""
    origin: str | None = None
    """A hash of the record that it is made from, where making it takes a program of its own."""
    pending: Callable[[], Iterator[Document | Problem]] | None = None
    """What makes the article, where that takes so long that unchanged ones should go without. It
    can be pickled (a `partial` of a module's function), to be made in another process."""

    weight: int = 0
    """Of how many bytes it is still to be made."""

    @property
    def size(self) -> int:
        """How much of it there is, in characters, or in bytes where it is still to be made."""
        return len(self.text) + self.weight

    def content_hash(self) -> str:
        """Return what changes when anything but the place of the document changes.

        It is made of what the file holds, before anything is cleaned.
        """
        fields = [self.text, self.markup, self.title, self.author, self.source, self.url]
        whole = [*fields, self.date, self.lang] if self.origin is None else [self.origin]
        content = json.dumps([CLEANING, *whole])
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()

    def complete(self) -> Iterator[Document | Problem]:
        """Yield the article with its text, and problems."""
        if self.pending is None:
            yield self
            return
        for item in self.pending():
            if isinstance(item, Document):
                item = replace(
                    item, anchor=self.anchor, positional=self.positional, origin=self.origin
                )
            yield item


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, in one line that says what to do."""

    message: str
    anchor: str | None = None
    lost: bool = True
    """Whether an article is missing because of it; else it lacks only a part."""
    fault: Fault | None = None
    """What failed in the program, where the file is not to blame."""

    @classmethod
    def of(cls, error: Exception) -> Problem:
        """Return the problem of a document that met an exception which no reader provides for."""
        fault = Fault.of(error)
        message = f"a fault in syriasearch, not in this file ({fault.error}): report it"
        return cls(message, fault=fault)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A member that no reader reads, as there are files that none reads: counted by ending."""

    ending: str


Item: TypeAlias = Document | Problem | PassedOver


class Reader(Protocol):
    """Reads the articles of one format."""

    name: str
    """What `--format` calls it."""
    suffixes: tuple[str, ...]
    """The endings of its files."""

    def claims(self, head: bytes) -> bool:
        """Tell whether a file that begins so is in this format for certain, whatever its name."""
        ...

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield what a file holds, in order; raises OSError only where it cannot be opened."""
        ...


def digest(record: bytes) -> str:
    """Return the hash of a record, for `Document.origin`."""
    return hashlib.blake2b(record, digest_size=16).hexdigest()


def free_anchor(anchor: str, anchors: dict[str, int]) -> str:
    """Return an anchor that no article of the file has: none must replace another.

    `anchors` are those that are taken, each with how many wanted it.
    """
    copies = anchors.get(anchor, 0) + 1
    free = anchor
    while free in anchors:
        copies = max(copies, 2)
        free = f"{anchor}~{copies}"
        copies += 1
    if free != anchor:
        anchors[anchor] = copies - 1
    anchors[free] = anchors.get(free, 1)
    return free


def read_whole(file: SourceFile) -> bytes | Problem:
    """Return a file's bytes, or the problem that they are too many for one article."""
    with file.open() as stream:
        data = stream.read(MAX_ARTICLE_BYTES + 1)
    return data if len(data) <= MAX_ARTICLE_BYTES else Problem(TOO_LARGE)
