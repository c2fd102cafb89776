"""Streams that have to be read from their end, as zip files have, from a pipe or a bucket.

A small one is held in memory, a larger one in a temporary file that has no name and is gone when it
is closed.
"""

from __future__ import annotations

import io
import tempfile
from typing import BinaryIO, cast

from .base import UnreadableError

IN_MEMORY = 64 * 2**20
"""The number of bytes that are held in memory."""
MAX_SPOOLED = 4 * 2**30
"""The number of bytes that are held in a temporary file."""
_CHUNK = 2**20


def spooled(stream: BinaryIO) -> BinaryIO:
    """Return the content of a stream as a file that can be read from anywhere. To be closed.

    Raises UnreadableError if there is too much of it, and OSError if the disk is full.
    """
    data = stream.read(IN_MEMORY + 1)
    if len(data) <= IN_MEMORY:
        return io.BytesIO(data)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    try:
        while data:
            file.write(data)
            if file.tell() > MAX_SPOOLED:
                limit = MAX_SPOOLED // 2**30
                raise UnreadableError(f"is a zip file of over {limit} GiB: name the file itself")
            data = stream.read(_CHUNK)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return cast(BinaryIO, file)
