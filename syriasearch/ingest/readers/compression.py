"""How are bytes read that are compressed, or damaged, or far too many?"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from importlib import import_module
from typing import Any, BinaryIO, cast

HEAD = 2**16
"""So many bytes of a file's beginning tell its format."""
FREE = 64 * 2**20
"""What unpacks to no more than this is never too much."""
RATIO = 200
"""No text gets so many times as large by unpacking it: what does is made to fill a memory."""
MEMORY = 2**27
"""Bytes of its window that a decompressor may ask for: what `xz -9` and `zstd --long` need."""
_CHUNK = 2**16
_MAGIC = (
    (b"\x1f\x8b\x08", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError, MemoryError)


class Budget:
    """How much a packed file may unpack to, of all its members together."""

    def __init__(self, packed: int = 0) -> None:
        self.packed = packed
        self.unpacked = 0

    @property
    def spent(self) -> bool:
        """Tell whether more was unpacked than any text would give."""
        return self.unpacked > FREE and self.unpacked > RATIO * max(self.packed, 1)


class _Counted(io.RawIOBase):
    """Reads another stream and counts what was read."""

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
    """Bytes whose beginning can be looked at, and which end where they are damaged.

    `failure` then says why, in the words of a problem.
    """

    def __init__(self, source: BinaryIO, budget: Budget | None = None) -> None:
        self._source = source
        self._budget = budget
        self._held = b""
        self._length = 0
        self.failure: str | None = None

    def head(self) -> bytes:
        """Return the first bytes, which are still to be read."""
        while len(self._held) < HEAD and (data := self._next(HEAD - len(self._held))):
            self._held += data
        return self._held

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what comes next into a buffer."""
        data = self._held[: len(buffer)] or self._next(len(buffer))
        self._held = self._held[len(data) :]
        buffer[: len(data)] = data
        return len(data)

    def buffered(self) -> BinaryIO:
        """Return it as files are read."""
        return io.BufferedReader(self, _CHUNK)

    def _next(self, size: int) -> bytes:
        if self.failure:
            return b""
        try:
            # One read below: of several, an error would take what the first ones gave.
            read = getattr(self._source, "read1", self._source.read)
            data = read(size) or b""
        except _BROKEN as error:
            self.failure = f"is damaged behind {self._told()} ({_why(error)})"
            return b""
        except Exception as error:
            # zstandard has an error of its own, which is not imported for this.
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
    """Unpacks xz with a bound on its memory, which `lzma.LZMAFile` has not."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._decompressor = lzma.LZMADecompressor(memlimit=MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            data = b""
            if self._decompressor.eof:
                # Streams may follow each other, with zeros between.
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
    """Return gz, bz2, xz or zst where a file begins so, None for anything else."""
    kind = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    return None if kind == "bz2" and head[4:10] != b"1AY&SY" else kind


def unpacked(kind: str, source: BinaryIO) -> Stream:
    """Return what a compressed stream holds, unpacked as it is read."""
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
