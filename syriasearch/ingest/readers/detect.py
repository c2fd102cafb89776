"""Format detection: the reader of a file, by its content or else by its suffix.

Compressed files are unpacked as they are read, and containers are read member by member, a few
levels deep. Nothing is written to disk, and one bad member never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO, cast
from zipfile import is_zipfile

from ...errors.faults import Fault, is_installation
from .base import (
    Document,
    Item,
    PassedOver,
    Problem,
    Reader,
    SourceFile,
    UnreadableError,
    readable,
)
from .charset import head_text
from .compression import HEAD, Stream, compression_of, counted, unpacked
from .containers import container_of, members
from .jsonl import may_be_lines
from .registry import BUILT_IN, all_readers, reader_for, reader_named
from .spool import seekable, spooled
from .unread import message_of
from .wacz import is_collection

MAX_DEPTH = 4
"""The maximum depth of nested containers; a compressed file counts as one."""
_UNPACKED = {
    ".gz": "", ".bz2": "", ".xz": "", ".zst": "",
    ".tgz": ".tar", ".tbz2": ".tar", ".tbz": ".tar", ".txz": ".tar", ".tzst": ".tar",
    ".zip": "", ".wacz": "", ".tar": "",
}  # fmt: skip
"""The suffix that replaces that of a packed file when it is unpacked."""
_X_ARCHIVE = b"window.YTD."
_README = (".md", ".markdown", ".txt", ".text")


def is_readme(name: str) -> bool:
    """Return whether a file in a folder describes the folder."""
    path = PurePosixPath(name)
    return path.stem.upper() == "README" and path.suffix.lower() in _README


def has_known_suffix(path: PurePath) -> bool:
    """Return whether a file in a folder is read because of its suffix."""
    return path.suffix.lower() in _UNPACKED or reader_for(path.suffix) is not None


def is_read(path: Path) -> bool:
    """Return whether a file in a folder is read, because of its suffix or its content."""
    if has_known_suffix(path):
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            is_zip = container_of(head) == "zip" and (
                not path.suffix or is_collection(path) or _is_document(stream)
            )
        if path.with_name(f"{path.name}-wal").exists():
            return False  # a database in use, as the archive itself is
    except OSError:
        return False
    packed = compression_of(head) or container_of(head) == "tar"
    return bool(packed or is_zip or _claiming(head))


def _is_document(stream: BinaryIO) -> bool:
    """Return whether a zip file is an office document or a book, and not a package."""
    from .office_package import package_kind

    return package_kind(stream) is not None


def read_items(
    file: SourceFile,
    *,
    named: bool = True,
    reader: Reader | None = None,
    depth: int = 0,
    count: Callable[[int], object] | None = None,
) -> Iterator[Item]:
    """Yield the contents of a file: articles, problems, and members that no reader reads.

    A `named` file is read as text if nothing else reads it. `reader` reads the contents after all
    unpacking. `depth` is the number of containers around the file. `count` is called with the
    numbers of bytes that are read of it, packed. Raises OSError if it cannot be opened.
    """
    with ExitStack() as stack:
        opened = stack.enter_context(file.open())
        source: Stream | None = None
        if file.opener:
            read = counted(opened, count) if count else opened
            source = opened if isinstance(opened, Stream) else Stream(read)
            head, stream = source.head(), source.buffered()
        else:
            # Not a Stream: a zip file on disk is read in place.
            head = opened.read(HEAD)
            opened.seek(0)
            stream = counted(opened, count) if count else opened
        packing = _packing(file.suffix, head)
        if packing == "zip" and not depth and not stream.seekable():
            try:
                stream = stack.enter_context(spooled(stream))
            except UnreadableError as error:
                yield Problem(str(error))
                return
        if packing is None:
            yield from _read(file, head, stream, named=named, reader=reader)
        elif depth >= MAX_DEPTH:
            yield Problem(f"lies more than {MAX_DEPTH} containers deep: unpack it")
        elif packing == "zip":
            yield from _read_zip(file, stream, depth)
        elif packing == "tar":
            yield from _read_members(packing, file, stream, depth)
        else:
            inner = unpacked(packing, stream)
            if not inner.head() and inner.failure:
                yield Problem(f"{inner.failure}: get it again, or leave it out")
            else:
                inside = _inner_file(file, _unpacked_name(file.name), inner)
                yield from read_items(inside, named=named, reader=reader, depth=depth + 1)
        if source and source.failure:
            yield Problem(f"{source.failure}: what stands before was read")


def _packing(suffix: str, head: bytes) -> str | None:
    """Return the compression or the kind of container of a file, None if it has neither."""
    container = container_of(head)
    if container == "zip" and (reader := reader_for(suffix)) and reader not in BUILT_IN:
        return None  # another package's format whose files are zip files
    # Old tar files have no magic number.
    is_old_tar = suffix == ".tar" and head and not _claiming(head)
    return compression_of(head) or container or ("tar" if is_old_tar else None)


def _unpacked_name(name: str) -> str:
    path = PurePosixPath(name)
    suffix = _UNPACKED.get(path.suffix.lower())
    return name if suffix is None else str(path.with_suffix(suffix))


def _inner_file(file: SourceFile, name: str, stream: BinaryIO | Stream) -> SourceFile:
    return replace(file, name=name, opener=lambda: cast(BinaryIO, stream))


def _read_zip(file: SourceFile, stream: BinaryIO, depth: int) -> Iterator[Item]:
    """Yield the contents of a zip file: of an office document or a book, or of its members."""
    from .office_package import package_kind

    try:
        stream = seekable(stream)
    except UnreadableError as error:
        yield Problem(str(error))
        return
    reader = reader_named(package_kind(stream) or "")
    if reader is None and not is_zipfile(stream):
        reader = reader_for(file.suffix)  # a document that is damaged, unless it is called .zip
    stream.seek(0)
    if reader:
        yield from _read_guarded(reader, _inner_file(file, file.name, stream))
    else:
        yield from _read_members("zip", file, stream, depth)


def _read_members(kind: str, file: SourceFile, stream: BinaryIO, depth: int) -> Iterator[Item]:
    is_empty = True
    seen: set[tuple[str | None, str | None]] = set()
    for member in members(kind, stream):
        is_empty = False
        if isinstance(member, Problem):
            yield member
            continue
        if is_readme(member.name):
            continue
        inside = _inner_file(file, member.name, member.stream)
        for item in read_items(inside, named=False, depth=depth + 1):
            if member.titles is not None and isinstance(item, Document):
                # Crawlers keep a page in several files of a collection.
                page = (item.url, item.origin or item.content_hash())
                if page in seen:
                    continue
                seen.add(page)
                item = replace(item, title=item.title or member.titles.get(item.url or ""))
            if not isinstance(item, PassedOver):
                anchor = member.anchor
                item = replace(item, anchor=f"{anchor}#{item.anchor}" if item.anchor else anchor)
            yield item
    if is_empty:
        yield Problem("holds no files: leave it out")


def _claiming(head: bytes, faults: list[Problem] | None = None) -> Reader | None:
    """Return the first reader that claims a head; faults of other packages' readers are added."""
    for reader in all_readers():
        try:
            if reader.claims(head):
                return reader
        except Exception as error:
            if reader in BUILT_IN and is_installation(error):
                raise
            if reader not in BUILT_IN and faults is not None:
                faults.append(_fault_of(reader, Fault.of(error), lost=False))
    return None


def _reader_of(head: bytes, suffix: str, faults: list[Problem] | None = None) -> Reader | None:
    by_suffix, claiming = reader_for(suffix), _claiming(head, faults)
    if by_suffix and claiming and (by_suffix.name, claiming.name) == ("jsonl", "json"):
        # A single line with an object is JSON as well.
        return by_suffix if may_be_lines(head) else claiming
    return claiming or by_suffix


def _read(
    file: SourceFile, head: bytes, stream: BinaryIO, *, named: bool, reader: Reader | None
) -> Iterator[Item]:
    if reader:
        inside = _inner_file(file, file.name, stream)
        yield from _read_as(reader, inside, is_certain=reader is _reader_of(head, file.suffix))
        return
    faults: list[Problem] = []
    reader = _reader_of(head, file.suffix, faults)
    yield from faults
    if reader:
        yield from _read_guarded(reader, _inner_file(file, file.name, stream))
    elif file.suffix in _UNPACKED and head:
        yield Problem(f"is called {file.suffix}, but is not: download it again, or leave it out")
    elif not named:
        yield PassedOver(file.suffix or file.name)
    elif head.lstrip().startswith(_X_ARCHIVE):
        yield Problem("is a part of an X archive without posts: name its tweets.js")
    elif message := message_of(head):
        yield Problem(message)
    elif head_text(head).startswith("<?xml"):
        yield Problem("is XML, but neither a feed nor a page: save it as text or HTML")
    else:
        text_reader = reader_for(".txt")
        assert text_reader is not None
        yield from _read_guarded(text_reader, _inner_file(file, file.name, stream))


def _read_as(reader: Reader, file: SourceFile, *, is_certain: bool) -> Iterator[Item]:
    """Yield the items of a reader that the user has named.

    If the content is not recognized as its format, and it finds nothing, an article may be lost.
    """
    notes: list[Item] = []
    items = _read_guarded(reader, file)
    for item in () if is_certain else items:
        notes.append(item)
        if not isinstance(item, Problem) or item.lost:
            is_certain = True
            break
    if is_certain:
        yield from notes
        yield from items
    else:
        yield Problem(f"holds no articles in the format {reader.name}: name another, or none")


def _read_guarded(reader: Reader, file: SourceFile) -> Iterator[Item]:
    """Yield the items of a reader; an exception it raises becomes a problem."""
    item: Item | None = None
    try:
        for item in readable(reader.read(file)):
            yield item
        if item is None:
            yield Problem(f"holds no articles, read as {reader.name}: leave it out", lost=False)
    except Exception as error:
        problem = Problem.of_reading(error)
        if problem.fault and reader not in BUILT_IN:
            problem = _fault_of(reader, problem.fault)
        yield problem


def _fault_of(reader: Reader, fault: Fault, *, lost: bool = True) -> Problem:
    message = f"a fault in the reader {reader.name} ({fault.error}): report it to its authors"
    return Problem(message, lost=lost)
