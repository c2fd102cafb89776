"""Names in a zip file that say they are UTF-8 and are not: `zipfile` refuses the whole file.

The flag that says so is hidden from it, so that it reads such a name as it does one of old.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
from bisect import bisect_left
from collections.abc import Mapping
from typing import BinaryIO, cast

from .compression import RawStream

_UTF8 = 0x800
_END = struct.Struct("<4s4H2LH")
_FLAGS, _LENGTHS, _LOCAL, _NAME = 8, 28, 42, 46
"""The places of the flags, the lengths, the offset of the file and its name in the directory."""
_LOCAL_FLAGS = 6
"""The place of the flags in the header of a file."""
_LONGEST_COMMENT = 2**16


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """Open a zip file, whatever the names in it are. Raises the errors of `zipfile`."""
    try:
        return zipfile.ZipFile(stream)
    except UnicodeDecodeError:
        hidden = _wrong_flags(stream)
        if not hidden:
            raise
        patched = io.BufferedReader(_Patched(stream, hidden))
        return zipfile.ZipFile(cast(BinaryIO, patched))


def _wrong_flags(stream: BinaryIO) -> dict[int, int]:
    """Return the byte to read in each place with a flag of a name that is not UTF-8."""
    size = stream.seek(0, os.SEEK_END)
    start = max(0, size - _LONGEST_COMMENT - _END.size)
    stream.seek(start)
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        return {}
    length, offset = _END.unpack_from(tail, at)[5:7]
    begin = start + at - length
    if begin < 0:
        return {}
    stream.seek(begin)
    directory = stream.read(length)
    found = {}
    position = 0
    while directory[position : position + 4] == b"PK\x01\x02":
        if len(directory) < position + _NAME:
            break
        (flags,) = struct.unpack_from("<H", directory, position + _FLAGS)
        lengths = struct.unpack_from("<3H", directory, position + _LENGTHS)
        name = directory[position + _NAME : position + _NAME + lengths[0]]
        if flags & _UTF8 and not _is_utf8(name):
            (local,) = struct.unpack_from("<L", directory, position + _LOCAL)
            found[begin + position + _FLAGS + 1] = (flags & ~_UTF8) >> 8
            found[begin - offset + local + _LOCAL_FLAGS + 1] = (flags & ~_UTF8) >> 8
        position += _NAME + sum(lengths)
    return found


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Patched(RawStream):
    """A stream in which some bytes are others."""

    def __init__(self, stream: BinaryIO, bytes_at: Mapping[int, int]) -> None:
        self._stream = stream
        self._bytes_at = bytes_at
        self._places = sorted(bytes_at)

    def read_next(self, size: int) -> bytes:
        start = self._stream.tell()
        data = bytearray(self._stream.read(size))
        first, end = (bisect_left(self._places, each) for each in (start, start + len(data)))
        for place in self._places[first:end]:
            data[place - start] = self._bytes_at[place]
        return bytes(data)

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()
