"""Ranges of a text, looked up by what they overlap."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator


class Spans:
    """Ranges [start, end), which may overlap each other, by their numbers."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        """Take the ranges in any order; their numbers count them from 0."""
        self._spans = sorted((start, end, number) for number, (start, end) in enumerate(spans))
        self._longest = max((end - start for start, end, _ in self._spans), default=0)

    def overlapping(self, start: int, end: int) -> Iterator[int]:
        """Yield the numbers of the ranges that overlap [start, end), by offset."""
        for index in range(bisect_left(self._spans, (start - self._longest,)), len(self._spans)):
            first, last, number = self._spans[index]
            if first >= end:
                return
            if start < last:
                yield number
