"""Progress of a run: the bytes and articles that were read, told to a callback."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from functools import partial

Progress = Callable[..., object]
"""A callback with the bytes read, the bytes to read, and the name of the file.

The bytes to read are 0 if they are unknown. A callback with a parameter `articles` is also given
the number of articles read.
"""
STEP_BYTES = 2**20
STEP_ARTICLES = 100
STEP_S = 2.0
"""Within a file the callback is called after any of these."""


class ProgressMeter:
    """Counts what a run reads, and calls its callback: for each file, and now and then within."""

    def __init__(
        self,
        progress: Progress | None,
        total: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin; `total` is the number of bytes to read, 0 if it is unknown."""
        self._takes_articles = progress is not None and _takes_articles(progress)
        self._progress = progress
        self._total = total
        self._clock = clock
        self._name = ""
        self._done = 0
        """The size of the files that were read."""
        self._size = 0
        self._read = 0
        """The bytes read of the current file."""
        self._articles = 0
        self._told = (0, 0, 0.0)
        """Bytes of the file, articles and time at the last call."""

    def begin(self, name: str, size: int) -> None:
        """Begin with a file; a size of 0 is unknown."""
        self._name, self._size, self._read = name, size, 0
        self._tell()

    def count_bytes(self, number: int) -> None:
        """Count bytes that were read of the file."""
        self._read += number
        self._tell_at_times()

    def count_article(self) -> None:
        """Count an article that was read."""
        self._articles += 1
        self._tell_at_times()

    def end(self) -> None:
        """End the file."""
        self._done += self._size or self._read
        self._size = self._read = 0

    def finish(self) -> None:
        """Tell that all is read."""
        self._total, self._name = self._total or self._done, ""
        self._done = self._total
        self._tell()

    def _tell_at_times(self) -> None:
        if self._progress is None:
            return
        read, articles, at = self._told
        if (
            self._read - read >= STEP_BYTES
            or self._articles - articles >= STEP_ARTICLES
            or self._clock() - at >= STEP_S
        ):
            self._tell()

    def _tell(self) -> None:
        if self._progress is None:
            return
        self._told = self._read, self._articles, self._clock()
        # A container may be read here and there, and so more than once.
        read = min(self._read, self._size) if self._size else self._read
        tell = partial(self._progress, self._done + read, self._total, self._name)
        if self._takes_articles:
            tell(articles=self._articles)
        else:
            tell()


def _takes_articles(progress: Progress) -> bool:
    try:
        return "articles" in inspect.signature(progress).parameters
    except (TypeError, ValueError):
        return False
