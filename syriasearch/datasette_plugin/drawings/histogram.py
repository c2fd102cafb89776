"""A timeline as bars, each with its span of time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from ... import Timeline

WIDTH, HEIGHT = 600, 64
"""The size of the drawing, in its own units, as in bars.html."""
MAX_BARS = 150
"""The maximum number of years: earlier ones are left out, as a date may be wrong."""
MAX_LISTED = 40
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class Bar:
    """A span of time, and the number of its articles."""

    start: str
    end: str
    """The next day, month or year, as `before` takes it."""
    name: str
    count: int
    x: float
    width: float
    height: float

    @property
    def title(self) -> str:
        """Its name and count."""
        return f"{self.name}: {self.count:,}"

    @property
    def space(self) -> str:
        """Its background, as high as the drawing, as the data of an SVG path."""
        return f"M{self.x:g} 0h{self.width:g}v{HEIGHT}h-{self.width:g}z"

    @property
    def shape(self) -> str:
        """The bar, as the data of an SVG path."""
        return f"M{self.x:g} {HEIGHT}h{self.width:g}v-{self.height:g}h-{self.width:g}z"


@dataclass(frozen=True, slots=True)
class Histogram:
    """A timeline's bars."""

    bars: tuple[Bar, ...]
    undated: int

    @property
    def listed(self) -> tuple[tuple[str, str, str, int], ...]:
        """The same as text: start, end, name and count of each bar, or of years if many."""
        if len(self.bars) <= MAX_LISTED:
            return tuple(
                (bar.start, bar.end, bar.name, bar.count) for bar in self.bars if bar.count
            )
        years: Counter[str] = Counter()
        for bar in self.bars:
            years[bar.start[:4]] += bar.count
        return tuple(
            (year, f"{int(year) + 1:04}", year, count) for year, count in years.items() if count
        )


def draw_histogram(timeline: Timeline) -> Histogram:
    """Return the bars of a timeline of one query."""
    buckets = timeline.buckets[-MAX_BARS:]
    highest = max((bucket.counts[0] for bucket in buckets), default=0)
    step = WIDTH / max(len(buckets), 1)
    bars = tuple(
        Bar(
            start=bucket.start,
            end=bucket.end(timeline.by),
            name=name_of(bucket.start, timeline.by),
            count=bucket.counts[0],
            x=round(index * step, 2),
            width=round(max(step - min(1.5, step / 5), 0.5), 2),
            height=round(max(bucket.counts[0] / highest * HEIGHT, 2), 1) if bucket.counts[0] else 0,
        )
        for index, bucket in enumerate(buckets)
    )
    return Histogram(bars, timeline.undated[0])


def name_of(start: str, by: str) -> str:
    """Return the name of a span of time for a reader."""
    year, _, rest = start.partition("-")
    if by == "year":
        return year
    month = _MONTHS[int(rest[:2]) - 1]
    if by == "month":
        return f"{month} {year}"
    day = f"{int(rest[3:])} {month} {year}"
    return f"week of {day}" if by == "week" else day


def in_words(day: str | None) -> str:
    """Return an ISO date in words, and anything else as it is."""
    try:
        return name_of(date.fromisoformat(day or "").isoformat(), "day")
    except (TypeError, ValueError):
        return str(day or "")
