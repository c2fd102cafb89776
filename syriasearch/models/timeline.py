"""Timelines: the numbers of articles by day, week, month or year of publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice
from typing import Any, Literal, get_args

from ..errors import OptionError
from .article import JSON_VERSION

Span = Literal["day", "week", "month", "year"]
_SPANS: tuple[tuple[Span, int], ...] = (("day", 1), ("week", 7), ("month", 31))

MAX_EMPTY = 2000
"""The maximum number of empty buckets; if there would be more, all empty ones are left out."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A span of time, and the number of articles of each query published in it."""

    start: str
    """Its name: 2018-01-27, 2018-01 or 2018; for a week, the date of its Monday."""
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The numbers of articles of some queries over time."""

    by: str
    """One of day, week, month or year."""
    queries: tuple[str, ...]
    buckets: tuple[Bucket, ...]
    undated: tuple[int, ...]
    """The number of articles of each query without a date."""

    def to_dict(self) -> dict[str, Any]:
        """Return the timeline in JSON version 1."""
        return {
            "version": JSON_VERSION,
            "by": self.by,
            "queries": list(self.queries),
            "buckets": [
                {"start": bucket.start, "counts": list(bucket.counts)} for bucket in self.buckets
            ],
            "undated": list(self.undated),
        }


def make_timeline(
    by: Span, queries: Sequence[str], days: Sequence[Mapping[str | None, int]]
) -> Timeline:
    """Return the timeline of the numbers of articles of each query by day (None for undated ones).

    Buckets follow each other without gaps, from the first to the last that is not empty, unless
    more than MAX_EMPTY would be empty.
    """
    counts: list[Counter[str | None]] = [Counter() for _ in days]
    for count, each in zip(counts, days, strict=True):
        for day, articles in each.items():
            count[day and bucket_start(day, by)] += articles
    undated = tuple(count.pop(None, 0) for count in counts)
    starts = sorted({start for count in counts for start in count if start})
    if starts:
        limit = len(starts) + MAX_EMPTY
        without_gaps = list(islice(_from_to(starts[0], starts[-1], by), limit + 1))
        starts = without_gaps if len(without_gaps) <= limit else starts
    buckets = tuple(Bucket(start, tuple(count[start] for count in counts)) for start in starts)
    return Timeline(by, tuple(queries), buckets, undated)


def span_for(counts: Iterable[Iterable[str | None]], by: str, max_buckets: int) -> Span:
    """Return the span of the requested buckets; `auto` is the finest that needs at most
    `max_buckets`.

    Raises OptionError for an unknown one.
    """
    spans: tuple[Span, ...] = get_args(Span)
    if by == "auto":
        return finest(chain.from_iterable(counts), max_buckets)
    for span in spans:
        if span == by:
            return span
    raise OptionError(f"by takes {', '.join((*spans, 'auto'))}, not {by!r}")


def finest(days: Iterable[str | None], max_buckets: int) -> Span:
    """Return the finest span that needs at most `max_buckets` for some ISO dates."""
    dated = sorted(filter(None, days))
    if dated:
        between = (date.fromisoformat(dated[-1]) - date.fromisoformat(dated[0])).days
        for span, length in _SPANS:
            if between // length < max_buckets:
                return span
    return "year"


def bucket_start(day: str, by: Span) -> str:
    """Return the name of an ISO date's bucket: 2018-01-27, 2018-01 or 2018; a week's Monday."""
    if by == "week":
        monday = date.fromisoformat(day)
        return (monday - timedelta(monday.weekday())).isoformat()
    return day[: {"day": 10, "month": 7, "year": 4}[by]]


def _from_to(first: str, last: str, by: Span) -> Iterator[str]:
    while first < last:
        yield first
        if by == "year":
            first = f"{int(first) + 1:04}"
        elif by == "month":
            year, month = int(first[:4]), int(first[5:])
            first = f"{year + month // 12:04}-{month % 12 + 1:02}"
        else:
            step = timedelta(7 if by == "week" else 1)
            first = (date.fromisoformat(first) + step).isoformat()
    yield last
