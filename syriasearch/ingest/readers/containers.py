"""Members of zip and tar files, read one by one without writing to disk."""

from __future__ import annotations

import os
import tarfile
import zlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, cast

from ..file_names import name_of
from .base import Problem, free_anchor, record_hash
from .compression import BROKEN_ZIP, Budget, Stream
from .wacz import DATA, is_wacz, page_titles
from .zip_names import open_zip

_MAX_NAMES = 2**20
"""The maximum size of long names in a tar header, in bytes; a hostile one might exhaust memory."""
_MAX_READS_AT_END = 8
"""The number of reads at the end of a file after which a member has clearly claimed too much."""
_BROKEN_TAR = (tarfile.TarError, OSError, EOFError, zlib.error, ValueError)


def container_of(head: bytes) -> str | None:
    """Return zip or tar if a file begins like this, else None."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "tar" if head[257:262] == b"ustar" else None


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a container."""

    name: str
    anchor: str
    """The name by which its articles are known: unique in the container."""
    stream: Stream
    titles: Mapping[str, str] | None = None
    """Of a web archive collection the titles of its pages, by their addresses."""


def members(kind: str, stream: BinaryIO) -> Iterator[Member | Problem]:
    """Yield the files of a container, each to be read before the next, and problems.

    A zip file is read from its end: its stream has to be seekable.
    """
    anchors: dict[str, int] = {}
    for member in _read_zip(stream) if kind == "zip" else _read_tar(stream):
        if isinstance(member, Problem):
            yield member
            continue
        name = shown_name(member.name)
        if not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/")):
            anchor = free_anchor(anchor_of(member.name), anchors)
            yield replace(member, name=name, anchor=anchor)


def shown_name(name: str) -> str:
    """Return a member's name as a path below its container: `../../a.txt` becomes a.txt.

    Nothing is ever written there, but a path on display should not mislead either.
    """
    return _printable(_path(name.replace("\\", "/"), ("", ".", "..")))


def anchor_of(name: str) -> str:
    """Return the anchor of a member: as shown, written as the name of a file is.

    Members whose paths differ have different anchors, whichever others are in the container: what
    is not shown of a path is in a hash.
    """
    exact = name_of(_path(name.replace("\\", "/"), ("", ".")), _encode)
    shown = _printable(_path(exact, ("..",)))
    return shown if shown == exact else f"{shown}~{record_hash(exact.encode())[:12]}"


def _path(name: str, dropped: Container[str]) -> str:
    return "/".join(part for part in name.split("/") if part not in dropped)


def _printable(path: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in path) or "unnamed"


def _encode(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _read_zip(stream: BinaryIO) -> Iterator[Member | Problem]:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    try:
        container = open_zip(stream)
    except (*BROKEN_ZIP, MemoryError) as error:
        yield Problem(f"is a damaged zip file ({error}): unpack what can be, and leave it out")
        return
    budget = Budget(size)
    with container:
        contents = [member for member in container.infolist() if not member.is_dir()]
        titles = None
        if is_wacz(member.filename for member in contents):
            titles = page_titles(container, budget)
            contents = [member for member in contents if member.filename.startswith(DATA)]
        for member in contents:
            if budget.spent:
                yield Problem("unpacks to far more than any text would: the rest was left out")
                return
            try:
                opened = container.open(member)
            except BROKEN_ZIP as error:
                encrypted = member.flag_bits & 1
                reason = "is encrypted: unpack it" if encrypted else f"cannot be unpacked ({error})"
                yield Problem(reason, shown_name(member.filename))
                continue
            with opened:
                yield Member(member.filename, "", Stream(opened, budget), titles)


class _BoundedTar:
    """Reads a tar file, and fails if it is read repeatedly past its end.

    A member may claim any size, and `tarfile` would go on reading that far.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.reads_at_end = 0
        """The number of reads at the end of the file; 0 for a tar file that is complete."""

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.reads_at_end += not data
        if self.reads_at_end > _MAX_READS_AT_END:
            raise EOFError("it ends before its end")
        return data


class _Header(tarfile.TarInfo):
    """A tar header that cannot exhaust memory and is complete."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Any:
        if 0 < len(buf) < tarfile.BLOCKSIZE:
            # `tarfile` would take it for the end.
            raise tarfile.ReadError("it ends within a header")
        return super().frombuf(buf, encoding, errors)

    def _proc_member(self, archive: tarfile.TarFile) -> Any:
        named = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, *b"xgX")
        kinds = {bytes([kind]) if isinstance(kind, int) else kind for kind in named}
        if self.type in kinds and self.size > _MAX_NAMES:
            raise tarfile.ReadError("a header is too long")
        return super()._proc_member(archive)  # type: ignore[misc]


def _read_tar(stream: BinaryIO) -> Iterator[Member | Problem]:
    try:
        source = _BoundedTar(stream)
        with tarfile.open(
            fileobj=cast(BinaryIO, source), mode="r|", tarinfo=_Header, errorlevel=1
        ) as container:
            for member in container:
                # `tarfile` would remember every member, of which there may be millions.
                container.members = []  # type: ignore[attr-defined]
                if member.issparse():
                    yield Problem("is a sparse file: unpack it", shown_name(member.name))
                    continue
                opened = container.extractfile(member) if member.isreg() else None
                if opened:
                    yield Member(member.name, "", Stream(opened))
        if source.reads_at_end:
            yield Problem("is a tar file without an end: it may have been cut off", lost=False)
    except _BROKEN_TAR as error:
        yield Problem(f"is a damaged tar file ({error}): what stands before was read")
