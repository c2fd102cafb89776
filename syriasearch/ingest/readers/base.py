"""Input and output of readers: source files, documents and problems."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, TypeAlias

from ...errors.faults import Fault, is_installation
from ...text.patterns import regex
from ...text.word_lists import read_word_lists

MAX_ARTICLE_BYTES = 32 * 1024 * 1024
"""The maximum size of an article in bytes, which bounds the memory that is needed.

A longer file, line or record is a problem.
"""
LIMIT = f"the {MAX_ARTICLE_BYTES // 2**20} MiB of one article"
"""It, in messages."""
CLEANING = 4
"""The version of the cleaning of text.

It is part of every hash, so that the next run updates an archive made by an older version, once,
without waiting for its files to change.
"""


_ENTITY = regex(rb"<!ENTITY\s", re.IGNORECASE)


class UnreadableError(ValueError):
    """Content that cannot be read any further; the message is a line for a problem."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: on disk, on standard input, or inside another file."""

    path: Path
    """Its location; for a file inside another, the location of the outer one."""
    name: str
    """Its path below the ingested folder, with `/`; for a member, its name."""
    opener: Callable[[], BinaryIO] | None = None
    """Opens it, once, if it is not on disk."""
    columns: tuple[tuple[str, str], ...] = ()
    """The field and the name of each column or key that the user has mapped."""

    @property
    def suffix(self) -> str:
        """Its suffix in lower case: `.txt`."""
        return PurePosixPath(self.name).suffix.lower()

    def open(self) -> BinaryIO:
        """Open it for reading from the beginning, in order. Raises OSError."""
        return self.opener() if self.opener else self.path.open("rb")


@dataclass(frozen=True, slots=True)
class Document:
    """An article as it is in its file, without any check or inference."""

    text: str
    markup: str = "plain"
    """One of plain, markdown or html."""
    title: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    date: str | None = None
    """The date as it is written."""
    lang: str | None = None
    anchor: str | None = None
    """Its identifier in a file of several articles: its id, or else its line number."""
    positional: bool = False
    """Whether the anchor is only a position in the file, which another article may get."""
    scraped: bool = False
    """Whether it may contain lines that belong to the site rather than the article."""
    origin: str | None = None
    """A hash of the record it is extracted from, if the extraction takes a program of its own."""
    pending: Callable[[], Iterator[Document | Problem]] | None = None
    """Extracts the article, if that takes so long that unchanged ones should be spared it.

    It can be pickled (a `partial` of a module's function), to be called in another process.
    """

    weight: int = 0
    """The number of bytes that are still to be extracted."""

    @property
    def size(self) -> int:
        """Its size in characters, or in bytes if it is still to be extracted."""
        return len(self.text) + self.weight

    def content_hash(self, *, cleaning: int | None = None) -> str:
        """Return a hash that changes with anything but the location of the document.

        It covers the content of the file before any cleaning, and the version of the cleaning,
        by default the current one.
        """
        cleaning = CLEANING if cleaning is None else cleaning
        fields = [self.text, self.markup, self.title, self.author, self.source, self.url]
        whole = [*fields, self.date, self.lang] if self.origin is None else [self.origin]
        return record_hash(json.dumps([cleaning, *whole]).encode())

    def complete(self) -> Iterator[Document | Problem]:
        """Yield the article with its text, and problems."""
        if self.pending is None:
            yield self
            return
        for item in readable(self.pending()):
            if isinstance(item, Document):
                item = replace(
                    item,
                    title=item.title or self.title,
                    anchor=self.anchor,
                    positional=self.positional,
                    origin=self.origin,
                )
            yield item


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, in one line that says what to do."""

    message: str
    anchor: str | None = None
    lost: bool = True
    """Whether an article is missing because of it; otherwise only a part of one is."""
    fault: Fault | None = None
    """The fault of the program, if the file is not to blame."""

    @classmethod
    def of(cls, error: Exception) -> Problem:
        """Return the problem of a document that raised an exception no reader handles."""
        fault = Fault.of(error)
        message = f"a fault in syriasearch, not in this file ({fault.error}): report it"
        return cls(message, fault=fault)

    @classmethod
    def of_reading(cls, error: Exception) -> Problem:
        """Return the problem of a file whose reading raised an exception: of the disk, or a fault.

        An OSError is the file's, unless it means that a package is missing or broken.
        """
        if isinstance(error, OSError) and not is_installation(error):
            return cls(f"cannot be read: {error.strerror or error}")
        return cls.of(error)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A member that no reader reads, counted by its suffix like files that none reads."""

    ending: str


Item: TypeAlias = Document | Problem | PassedOver


class Reader(Protocol):
    """Reads the articles of one format."""

    name: str
    """The name of the format, as `--format` takes it."""
    suffixes: tuple[str, ...]
    """The suffixes of its files."""

    def claims(self, head: bytes, /) -> bool:
        """Return whether a file with this head is certainly in this format, whatever its name."""
        ...

    def read(self, file: SourceFile, /) -> Iterator[Document | Problem]:
        """Yield the contents of a file, in order.

        Raises OSError only if it cannot be opened, and UnreadableError where it becomes unreadable.
        """
        ...


def dated_hash(content_hash: str, day_first: bool | None) -> str:
    """Return the hash of a document with a date such as 3/4/2018, which also says how it was read.

    So a later run that reads such dates in another way finds the document changed.
    """
    return record_hash(f"{content_hash} {day_first}".encode())


def accepted_hashes(content_hash: str, day_first: bool | None) -> list[str]:
    """Return the hashes under which a document is unchanged, if dates are read in a given way.

    Where nothing is said of dates, they stay as they were read.
    """
    orders = (None, True, False) if day_first is None else (day_first,)
    return [content_hash, *(dated_hash(content_hash, order) for order in orders)]


def readable(items: Iterator[Document | Problem]) -> Iterator[Document | Problem]:
    """Yield items, and as the last one the problem of an UnreadableError."""
    try:
        yield from items
    except UnreadableError as error:
        yield Problem(str(error))


def summary_note(place: str, anchor: str) -> Problem:
    """Return the note for an article of which only a summary is there."""
    return Problem(f"{place} has no text, only a summary: that was taken", anchor, lost=False)


def record_hash(record: bytes) -> str:
    """Return the hash of a record, for `Document.origin`."""
    return hashlib.blake2b(record, digest_size=16).hexdigest()


def free_anchor(anchor: str, anchors: dict[str, int]) -> str:
    """Return an anchor that no article of the file has, so that none replaces another.

    `anchors` are those in use, each with the number of articles that wanted it; the new one is
    added.
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


def refuse_entities(data: bytes) -> None:
    """Raise UnreadableError for XML that defines entities: a few can expand to gigabytes."""
    # In UTF-16 every other byte of the keyword is zero.
    if _ENTITY.search(data.replace(b"\0", b"")):
        raise UnreadableError("defines entities of its own, which is not read: mend it")


def read_whole(file: SourceFile) -> bytes:
    """Return a file's bytes. Raises UnreadableError if they are too many for one article."""
    with file.open() as stream:
        data = stream.read(MAX_ARTICLE_BYTES + 1)
    if len(data) > MAX_ARTICLE_BYTES:
        raise UnreadableError(f"has more than {LIMIT}: split it")
    return data


@cache
def word_lists(name: str) -> dict[str, list[str]]:
    """Return the words of each section of a data file of the readers, in order."""
    return read_word_lists(Path(__file__).parent / "data" / f"{name}.txt")


@cache
def word_sets(name: str) -> dict[str, frozenset[str]]:
    """Return the words of each section of a data file of the readers, as sets."""
    return {section: frozenset(words) for section, words in word_lists(name).items()}
