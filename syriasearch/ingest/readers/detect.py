"""Format detection: the reader of a file, by its content or else by its suffix.

Compressed files are unpacked as they are read, and containers are read member by member, a few
levels deep. Nothing is written to disk, and one bad member never stops the others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from importlib.metadata import entry_points
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO

from . import base
from .base import Document, Item, PassedOver, Problem, Reader, SourceFile
from .compression import HEAD, Stream, compression_of, unpacked
from .containers import container_of, members
from .csv import CsvReader, TsvReader
from .decode import as_text
from .feed import FeedReader
from .html import HtmlReader
from .json import JsonReader
from .jsonl import JsonLinesReader
from .pdf import PdfReader, pdf_is_read
from .text import MarkdownReader, TextReader
from .warc import WarcReader

GROUP = "syriasearch.readers"
"""The entry points under which other packages add readers."""
MAX_DEPTH = 4
"""The maximum depth of nested containers; a compressed file counts as one."""
MAX_PROBLEMS = 1000
"""The maximum number of problems reported one by one for a file."""
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
_PACKED = {
    ".gz": "", ".bz2": "", ".xz": "", ".zst": "",
    ".tgz": ".tar", ".tbz2": ".tar", ".tbz": ".tar", ".txz": ".tar", ".tzst": ".tar",
    ".zip": "", ".tar": "",
}  # fmt: skip
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_README = (".md", ".markdown", ".txt", ".text")


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


def readers_known_as() -> list[str]:
    """Return an identification of the readers: their names, and the versions of packages."""
    added = [
        f"{point.name} {point.dist.version if point.dist else ''}"
        for point in entry_points(group=GROUP)
    ]
    own = [f"cleaning {base.CLEANING}", "with pypdf" if pdf_is_read() else "without pypdf"]
    return [*own, *(reader.name for reader in all_readers()), *added]


def reader_named(name: str) -> Reader | None:
    """Return the reader with the name that `--format` takes; None if there is none."""
    return next((reader for reader in all_readers() if reader.name == name), None)


def reader_for(suffix: str) -> Reader | None:
    """Return the reader of a suffix (`.txt`), None if there is none."""
    suffix = suffix.lower()
    return next((reader for reader in all_readers() if suffix in reader.suffixes), None)


def _claimed(head: bytes) -> Reader | None:
    for reader in all_readers():
        try:
            if reader.claims(head):
                return reader
        except Exception:
            continue
    return None


def _chosen(head: bytes, suffix: str) -> Reader | None:
    """Return the reader of a file with this beginning and suffix, None if there is none."""
    own, claimed = reader_for(suffix), _claimed(head)
    if isinstance(own, JsonLinesReader) and isinstance(claimed, JsonReader) and own.may_read(head):
        return own  # a single line with an object: it is JSON as well
    return claimed or own


def is_readme(name: str) -> bool:
    """Return whether a file in a folder describes the folder."""
    path = PurePosixPath(name)
    return path.stem.upper() == "README" and path.suffix.lower() in _README


def is_known(path: PurePath) -> bool:
    """Return whether a file in a folder is read because of its suffix."""
    suffix = path.suffix.lower()
    return suffix in _PACKED or reader_for(suffix) is not None


def is_read(path: Path) -> bool:
    """Return whether a file in a folder is read, because of its suffix or its content."""
    if is_known(path):
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return False
    # A zip file with another suffix is an office document, a package or a book.
    packed = compression_of(head) or container_of(head) == "tar"
    return bool(packed or _claimed(head) or (not path.suffix and container_of(head)))


def standard_input() -> BinaryIO:
    """Return the binary stream of standard input."""
    return sys.stdin.buffer


def read_items(
    file: SourceFile, *, named: bool = True, reader: Reader | None = None, depth: int = 0
) -> Iterator[Item]:
    """Yield the contents of a file: articles, problems, and members that no reader reads.

    A `named` file is read as text if nothing else reads it. `reader` reads the contents after all
    unpacking. `depth` is the number of containers around the file. Raises OSError if it cannot be
    opened.
    """
    with file.open() as opened:
        if isinstance(opened, Stream):
            # The code that unpacks it reports where it ended.
            read = partial(_read_opened, file, opened.head(), opened.buffered(), depth)
            yield from read(named=named, reader=reader)
        elif file.opener:
            stream = Stream(opened)
            read = partial(_read_opened, file, stream.head(), stream.buffered(), depth)
            yield from read(named=named, reader=reader)
            if stream.failure:
                yield Problem(f"{stream.failure}: what stands before was read")
        else:
            # A zip file on disk is read in place.
            head = opened.read(HEAD)
            opened.seek(0)
            yield from _read_opened(file, head, opened, depth, named=named, reader=reader)


def _read_opened(
    file: SourceFile,
    head: bytes,
    opened: BinaryIO,
    depth: int,
    *,
    named: bool,
    reader: Reader | None,
) -> Iterator[Item]:
    kind = compression_of(head) or container_of(head) or _by_ending(file.suffix, head)
    if kind is None or (kind in ("zip", "tar") and _claims_more(file, head)):
        yield from _read(file, head, opened, named=named, reader=reader)
    elif depth >= MAX_DEPTH:
        yield Problem(f"lies more than {MAX_DEPTH} containers deep: unpack it")
    elif kind in ("zip", "tar"):
        yield from _read_members(kind, file, opened, depth)
    else:
        yield from _read_packed(kind, file, opened, named=named, reader=reader, depth=depth)


def _by_ending(suffix: str, head: bytes) -> str | None:
    """Return tar for a file known only by its suffix: old tar files have no magic number."""
    return "tar" if suffix == ".tar" and head and not _claimed(head) else None


def _claims_more(file: SourceFile, head: bytes) -> bool:
    return container_of(head) == "zip" and reader_for(file.suffix) is not None


def _read(
    file: SourceFile, head: bytes, stream: BinaryIO, *, named: bool, reader: Reader | None
) -> Iterator[Item]:
    chosen = reader or _chosen(head, file.suffix)
    if chosen is None and file.suffix in _PACKED and head:
        yield Problem(f"is called {file.suffix}, but is not: download it again, or leave it out")
        return
    if chosen is None and not named:
        yield PassedOver(file.suffix or file.name)
        return
    if chosen is None and head.startswith(_OFFICE):
        yield Problem("is an office document, which no reader reads: save it as text or HTML")
        return
    if chosen is None and as_text(head).lstrip("\ufeff").startswith("<?xml"):
        yield Problem("is XML, but neither a feed nor a page: save it as text or HTML")
        return
    chosen = chosen or reader_for(".txt")
    assert chosen is not None
    yield from _guarded(chosen, replace(file, opener=lambda: stream))


def _guarded(reader: Reader, file: SourceFile) -> Iterator[Item]:
    """Yield the items of a reader; an exception it raises becomes a problem."""
    problems = 0
    try:
        for item in reader.read(file):
            problems += isinstance(item, Problem)
            if problems <= MAX_PROBLEMS or isinstance(item, Document):
                yield item
        if problems > MAX_PROBLEMS:
            yield Problem(f"has {problems - MAX_PROBLEMS:,} more problems like these: look at it")
    except Exception as error:
        problem = Problem.of_reading(error)
        if problem.fault and reader not in BUILT_IN:
            line = f"a fault in the reader {reader.name} ({problem.fault.error})"
            problem = Problem(f"{line}: report it to its authors")
        yield problem


def _read_packed(
    kind: str,
    file: SourceFile,
    stream: BinaryIO,
    *,
    named: bool,
    reader: Reader | None,
    depth: int,
) -> Iterator[Item]:
    inner = unpacked(kind, stream)
    if not inner.head() and inner.failure:
        yield Problem(f"{inner.failure}: get it anew, or leave it out")
        return
    path = PurePosixPath(file.name)
    ending = _PACKED.get(path.suffix.lower())
    name = file.name if ending is None else str(path.with_suffix(ending))
    yield from read_items(
        replace(file, name=name, opener=lambda: inner),  # type: ignore[arg-type,return-value]
        named=named,
        reader=reader,
        depth=depth + 1,
    )
    if inner.failure:
        yield Problem(f"{inner.failure}: what stands before was read")


def _read_members(kind: str, file: SourceFile, stream: BinaryIO, depth: int) -> Iterator[Item]:
    some = False
    for member in members(kind, stream):
        some = True
        if isinstance(member, Problem):
            yield member
            continue
        name, known_as, inner = member
        if is_readme(name):
            continue
        inside = replace(file, name=name, opener=lambda inner=inner: inner)  # type: ignore[misc]
        for item in read_items(inside, named=False, depth=depth + 1):
            yield item if isinstance(item, PassedOver) else _inside(known_as, item)
        if inner.failure:
            yield Problem(f"{inner.failure}: what stands before was read", known_as)
    if not some:
        yield Problem("holds no files: leave it out")


def _inside(name: str, item: Document | Problem) -> Document | Problem:
    """Return an item found in a member, with the member's name in its anchor."""
    anchor = f"{name}#{item.anchor}" if item.anchor else name
    if isinstance(item, Document):
        return replace(item, anchor=anchor)
    return replace(item, anchor=anchor)
