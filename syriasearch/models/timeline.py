"""Timelines: the numbers of articles by day, week, month or year of publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice
from typing import Any, get_args

from .article import JSON_VERSION
from .listed import make_frame
from .options import TimeSpan, check_choice

_SPANS: tuple[tuple[TimeSpan, int], ...] = (("day", 1), ("week", 7), ("month", 31))

MAX_EMPTY = 2000
"""The maximum number of empty buckets; if there would be more, all empty ones are left out."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A span of time, and the number of articles of each query published in it."""

    start: str
    """Its name: 2018-01-27, 2018-01 or 2018; for a week, the date of its Monday."""
    counts: tuple[int, ...]

    def end(self, by: str) -> str:
        """Return the name of the next bucket of the same span, such as `before` takes it."""
        return next_start(self.start, by)


@dataclass(frozen=True, slots=True, repr=False)
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

    def to_svg(self) -> str:
        """Return the timeline as a drawing: bars with a legend and an axis."""
        from .timeline_drawing import draw_timeline

        return draw_timeline(self)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return a row for each span of time, with its start and a column for each query."""
        return [
            {self.by: bucket.start} | dict(zip(self.queries, bucket.counts, strict=True))
            for bucket in self.buckets
        ]

    def to_frame(self) -> Any:
        """Return the rows as a table of pandas. Raises OptionError if that is not installed."""
        return make_frame(self.to_rows(), dates=self.by)

    def __repr__(self) -> str:
        of = ", ".join(map(repr, self.queries))
        return f"<Timeline of {of}: {len(self.buckets)} {self.by}s>"

    def _repr_html_(self) -> str:
        return self.to_svg()


def make_timeline(
    by: TimeSpan, queries: Sequence[str], days: Sequence[Mapping[str | None, int]]
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


def span_for(counts: Iterable[Iterable[str | None]], by: str, max_buckets: int) -> TimeSpan:
    """Return the span of the requested buckets; `auto` is the finest that needs at most
    `max_buckets`.

    Raises OptionError for an unknown one.
    """
    spans: tuple[TimeSpan, ...] = get_args(TimeSpan)
    check_choice("by", by, (*spans, "auto"))
    if by == "auto":
        return finest(chain.from_iterable(counts), max_buckets)
    return spans[spans.index(by)]


def finest(days: Iterable[str | None], max_buckets: int) -> TimeSpan:
    """Return the finest span that needs at most `max_buckets` for some ISO dates."""
    dated = sorted(filter(None, days))
    if dated:
        between = (date.fromisoformat(dated[-1]) - date.fromisoformat(dated[0])).days
        for span, length in _SPANS:
            if between // length < max_buckets:
                return span
    return "year"


def bucket_start(day: str, by: TimeSpan) -> str:
    """Return the name of an ISO date's bucket: 2018-01-27, 2018-01 or 2018; a week's Monday."""
    if by == "week":
        monday = date.fromisoformat(day)
        return (monday - timedelta(monday.weekday())).isoformat()
    return day[: {"day": 10, "month": 7, "year": 4}[by]]


def _from_to(first: str, last: str, by: TimeSpan) -> Iterator[str]:
    while first < last:
        yield first
        first = next_start(first, by)
    yield last


def next_start(start: str, by: str) -> str:
    """Return the name of the bucket after one: 2018-02 is after 2018-01."""
    if by == "year":
        return f"{int(start) + 1:04}"
    if by == "month":
        year, month = int(start[:4]), int(start[5:])
        return f"{year + month // 12:04}-{month % 12 + 1:02}"
    try:
        return (date.fromisoformat(start) + timedelta(7 if by == "week" else 1)).isoformat()
    except OverflowError:
        return start  # the last day that a date can have
