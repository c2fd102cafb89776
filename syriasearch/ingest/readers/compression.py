"""Decompression, with limits on damaged and excessive data."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import IO, Any, BinaryIO, cast

HEAD = 2**16
"""The number of bytes at the beginning of a file that determine its format."""
FREE = 64 * 2**20
"""The number of bytes up to which unpacked data is never too much."""
RATIO = 200
"""The maximum ratio of unpacked to packed size.

No text is compressed that much: such data is made to exhaust memory.
"""
MEMORY = 2**27
"""The memory limit of a decompressor, in bytes: what `xz -9` and `zstd --long` need."""
_CHUNK = 2**16
_MAGIC = (
    (b"\x1f\x8b\x08", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_BROKEN = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    ValueError,
    MemoryError,
)

_BROKEN_NAMES = ("ZstdError", "error")


class Budget:
    """The limit on what a packed file may unpack to, including all its members."""

    def __init__(self, packed: int = 0) -> None:
        self.packed = packed
        self.unpacked = 0

    @property
    def spent(self) -> bool:
        """Whether more was unpacked than any text would give."""
        return self.unpacked > FREE and self.unpacked > RATIO * max(self.packed, 1)


class RawStream(io.RawIOBase):
    """A stream that can only be read, from a method that returns the next bytes."""

    def read_next(self, size: int) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes into a buffer and return their number; 0 at the end."""
        data = self.read_next(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def buffered(self) -> BinaryIO:
        """Return it as a buffered file."""
        return cast(BinaryIO, io.BufferedReader(self, _CHUNK))


class _Counted(RawStream):
    """Reads another stream and counts the bytes read."""

    def __init__(self, source: BinaryIO, budget: Budget) -> None:
        self._source = source
        self._budget = budget

    def read_next(self, size: int) -> bytes:
        data = self._source.read(size)
        self._budget.packed += len(data)
        return data


class _Told(RawStream):
    """Reads another stream, in place, and calls a function with the numbers of bytes read."""

    def __init__(self, source: BinaryIO, count: Callable[[int], object]) -> None:
        self._source = source
        # What a pipe has now is read at once.
        self._read = getattr(source, "read1", source.read)
        self._count = count

    def read_next(self, size: int) -> bytes:
        data: bytes = self._read(size)
        self._count(len(data))
        return data

    def seekable(self) -> bool:
        return self._source.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        return self._source.tell()


def counted(source: BinaryIO, count: Callable[[int], object]) -> BinaryIO:
    """Return a stream that calls a function with the numbers of bytes read of it."""
    return _Told(source, count).buffered()


class Stream(RawStream):
    """A stream with a head that can be inspected, and which ends where it is damaged.

    `failure` then has the reason, in the words of a problem.
    """

    def __init__(self, source: IO[bytes], budget: Budget | None = None) -> None:
        # Only one read at a time: an error in a later one would lose the data of the earlier ones.
        self._read = getattr(source, "read1", source.read)
        self._budget = budget
        self._held = b""
        self._length = 0
        self.failure: str | None = None

    def head(self) -> bytes:
        """Return the first bytes, at most HEAD, which remain to be read."""
        while len(self._held) < HEAD and (data := self._unpack(HEAD - len(self._held))):
            self._held += data
        return self._held

    def read_next(self, size: int) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        data = self._held[:size] or self._unpack(size)
        self._held = self._held[len(data) :]
        return data

    def _unpack(self, size: int) -> bytes:
        if self.failure:
            return b""
        length = self._length
        shown = f"{length:,} bytes" if length < 2**20 else f"{length / 2**20:,.0f} MiB"
        try:
            data: bytes = self._read(size) or b""
        except Exception as error:
            # The errors of Zstandard and Brotli are known by name: neither is imported just for it.
            if not isinstance(error, _BROKEN) and type(error).__name__ not in _BROKEN_NAMES:
                raise
            self.failure = f"is damaged behind {shown} ({_reason(error)})"
            return b""
        self._length += len(data)
        if self._budget:
            self._budget.unpacked += len(data)
            if self._budget.spent:
                self.failure = f"unpacks to over {RATIO} times its size, left at {shown}"
                return b""
        return data


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:120] or type(error).__name__


class _Xz(RawStream):
    """Unpacks xz with a limit on its memory, which `lzma.LZMAFile` lacks."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._decompressor = lzma.LZMADecompressor(memlimit=MEMORY)

    def read_next(self, size: int) -> bytes:
        while True:
            data = b""
            if self._decompressor.eof:
                # Several streams may follow each other, with zeros in between.
                data = self._decompressor.unused_data.lstrip(b"\0")
                while not data:
                    chunk = self._source.read(_CHUNK)
                    if not chunk:
                        return b""
                    data = chunk.lstrip(b"\0")
                self._decompressor = lzma.LZMADecompressor(memlimit=MEMORY)
            elif self._decompressor.needs_input:
                data = self._source.read(_CHUNK)
                if not data:
                    raise EOFError("it ends before its end")
            if unpacked := self._decompressor.decompress(data, size):
                return unpacked


class _Brotli(RawStream):
    """Unpacks Brotli, some 32 KiB at once."""

    def __init__(self, source: BinaryIO) -> None:
        import brotli

        self._source = source
        self._decompressor = brotli.Decompressor()
        self._held = b""

    def read_next(self, size: int) -> bytes:
        while not (self._held or self._decompressor.is_finished()):
            data = b""
            if self._decompressor.can_accept_more_data():
                data = self._source.read(_CHUNK)
                if not data:
                    raise EOFError("it ends before its end")
            self._held = self._decompressor.process(data, output_buffer_limit=1)
        data, self._held = self._held[:size], self._held[size:]
        return data


def compression_of(head: bytes) -> str | None:
    """Return gz, bz2, xz or zst if a file begins like this, else None."""
    kind = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    return None if kind == "bz2" and head[4:10] != b"1AY&SY" else kind


def unpacked(kind: str, source: BinaryIO) -> Stream:
    """Return the unpacked contents of a compressed stream, unpacked as they are read."""
    budget = Budget()
    counted = _Counted(source, budget).buffered()
    return Stream(_DECOMPRESSORS[kind](counted), budget)


def _unpack_zst(source: BinaryIO) -> Any:
    package = "compression" if sys.version_info >= (3, 14) else "backports"
    return import_module(f"{package}.zstd").ZstdFile(source)


_DECOMPRESSORS: dict[str, Callable[[BinaryIO], Any]] = {
    "gz": lambda source: gzip.GzipFile(fileobj=source, mode="rb"),
    "bz2": bz2.BZ2File,
    "xz": lambda source: _Xz(source).buffered(),
    "zst": _unpack_zst,
    "br": lambda source: _Brotli(source).buffered(),
}
