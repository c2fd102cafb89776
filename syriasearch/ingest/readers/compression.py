"""Decompression, with limits on damaged and excessive data."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from importlib import import_module
from typing import Any, BinaryIO, cast

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
_BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError, MemoryError)


class Budget:
    """The limit on what a packed file may unpack to, including all its members."""

    def __init__(self, packed: int = 0) -> None:
        self.packed = packed
        self.unpacked = 0

    @property
    def spent(self) -> bool:
        """Whether more was unpacked than any text would give."""
        return self.unpacked > FREE and self.unpacked > RATIO * max(self.packed, 1)


class _Counted(io.RawIOBase):
    """Reads another stream and counts the bytes read."""

    def __init__(self, source: BinaryIO, budget: Budget) -> None:
        self._source = source
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(len(buffer))
        self._budget.packed += len(data)
        buffer[: len(data)] = data
        return len(data)


class Stream(io.RawIOBase):
    """A stream with a head that can be inspected, and which ends where it is damaged.

    `failure` then has the reason, in the words of a problem.
    """

    def __init__(self, source: BinaryIO, budget: Budget | None = None) -> None:
        self._source = source
        self._budget = budget
        self._held = b""
        self._length = 0
        self.failure: str | None = None

    def head(self) -> bytes:
        """Return the first bytes, at most HEAD, which remain to be read."""
        while len(self._held) < HEAD and (data := self._next(HEAD - len(self._held))):
            self._held += data
        return self._held

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes into a buffer and return their number; 0 at the end."""
        data = self._held[: len(buffer)] or self._next(len(buffer))
        self._held = self._held[len(data) :]
        buffer[: len(data)] = data
        return len(data)

    def buffered(self) -> BinaryIO:
        """Return it as a buffered file."""
        return io.BufferedReader(self, _CHUNK)

    def _next(self, size: int) -> bytes:
        if self.failure:
            return b""
        try:
            # Only one read at a time: an error in a later one would lose the data of the earlier
            # ones.
            read = getattr(self._source, "read1", self._source.read)
            data = read(size) or b""
        except _BROKEN as error:
            self.failure = f"is damaged behind {self._told()} ({_why(error)})"
            return b""
        except Exception as error:
            # The error of zstandard, which is not imported just for this.
            if type(error).__name__ != "ZstdError":
                raise
            self.failure = f"is damaged behind {self._told()} ({_why(error)})"
            return b""
        self._length += len(data)
        if self._budget:
            self._budget.unpacked += len(data)
            if self._budget.spent:
                self.failure = f"unpacks to over {RATIO} times its size, left at {self._told()}"
                return b""
        return data

    def _told(self) -> str:
        size = self._length
        return f"{size:,} bytes" if size < 2**20 else f"{size / 2**20:,.0f} MiB"


def _why(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:120] or type(error).__name__


class _Xz(io.RawIOBase):
    """Unpacks xz with a limit on its memory, which `lzma.LZMAFile` lacks."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._decompressor = lzma.LZMADecompressor(memlimit=MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            data = b""
            if self._decompressor.eof:
                # Several streams may follow each other, with zeros in between.
                data = self._decompressor.unused_data.lstrip(b"\0")
                while not data:
                    chunk = self._source.read(_CHUNK)
                    if not chunk:
                        return 0
                    data = chunk.lstrip(b"\0")
                self._decompressor = lzma.LZMADecompressor(memlimit=MEMORY)
            elif self._decompressor.needs_input:
                data = self._source.read(_CHUNK)
                if not data:
                    raise EOFError("it ends before its end")
            out = self._decompressor.decompress(data, len(buffer))
            if out:
                buffer[: len(out)] = out
                return len(out)


def compression_of(head: bytes) -> str | None:
    """Return gz, bz2, xz or zst if a file begins like this, else None."""
    kind = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    return None if kind == "bz2" and head[4:10] != b"1AY&SY" else kind


def unpacked(kind: str, source: BinaryIO) -> Stream:
    """Return the unpacked contents of a compressed stream, unpacked as they are read."""
    budget = Budget()
    counted = cast(BinaryIO, io.BufferedReader(_Counted(source, budget), _CHUNK))
    inner: Any
    if kind == "gz":
        inner = gzip.GzipFile(fileobj=counted, mode="rb")
    elif kind == "bz2":
        inner = bz2.BZ2File(counted)
    elif kind == "xz":
        inner = io.BufferedReader(_Xz(counted), _CHUNK)
    else:
        inner = _zst(counted)
    return Stream(inner, budget)


def _zst(source: BinaryIO) -> Any:
    try:
        return import_module("compression.zstd").ZstdFile(source)  # Python 3.14
    except ImportError:
        import zstandard

        decompressor = zstandard.ZstdDecompressor(max_window_size=MEMORY)
        return decompressor.stream_reader(source, read_across_frames=True, closefd=False)
