"""A timeline as bars, each with its span of time, over a scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ... import Bucket, Timeline

WIDTH, HEIGHT = 600, 64
"""The size of the bars' space, in the drawing's own units; labels are above and below it."""
MAX_BARS = 150
"""The maximum number of years: earlier ones are left out, as a date may be wrong."""
MAX_LISTED = 40
_LABEL_WIDTHS = {4: 40, 7: 60, 10: 72}
"""The space for a label by the number of digits of its ISO date: a year, a month, a day."""
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
class Label:
    """A text of the scale: the place where it is, and on which side of it the text begins."""

    text: str
    x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """A timeline's bars."""

    bars: tuple[Bar, ...]
    undated: int
    width: int = WIDTH
    top: int = 0
    """The number of articles that the height of the drawing stands for: a round number."""
    labels: tuple[Label, ...] = ()
    """Years, months or days below the bars."""

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


def draw_histogram(timeline: Timeline, width: int = WIDTH) -> Histogram:
    """Return the bars of a timeline of one query, in a drawing of a width."""
    buckets = timeline.buckets[-MAX_BARS:]
    top = round_up(max((bucket.counts[0] for bucket in buckets), default=0))
    step = width / max(len(buckets), 1)
    bars = tuple(
        Bar(
            start=bucket.start,
            end=bucket.end(timeline.by),
            name=name_of(bucket.start, timeline.by),
            count=bucket.counts[0],
            x=round(index * step, 2),
            width=round(max(step - min(1.5, step / 5), 0.5), 2),
            height=round(max(bucket.counts[0] / top * HEIGHT, 2), 1) if bucket.counts[0] else 0,
        )
        for index, bucket in enumerate(buckets)
    )
    return Histogram(bars, timeline.undated[0], width, top, _labels(buckets, timeline.by, width))


def round_up(count: int) -> int:
    """Return the next number of which the first digit, or the first two, are round."""
    power = 1
    while count > 10 * power:
        power *= 10
    steps = (1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10) if power > 1 else range(1, 11)
    return next(int(each * power) for each in steps if each * power >= count)


def _labels(buckets: Sequence[Bucket], by: str, width: int) -> tuple[Label, ...]:
    """Return labels where a year begins, or a month if these are few; as many as have space."""
    if not buckets:
        return ()
    years = len({bucket.start[:4] for bucket in buckets})
    digits = 4 if by == "year" or years > 2 else 7 if by != "day" or len(buckets) > 31 else 10
    keys = [bucket.start[:digits] for bucket in buckets]
    places = [i for i, key in enumerate(keys) if i == 0 or keys[i - 1] != key]
    step = width / len(buckets)
    if len(places) > 2 and digits < 10 and not buckets[0].start.endswith("-01") and by != "year":
        places = places[1:]  # a part of a year or month at the beginning
    span, space = {4: "year", 7: "month", 10: "day"}[digits], _LABEL_WIDTHS[digits]
    labels: list[Label] = []
    free = 0.0
    for place in places:
        x = round(place * step, 1)
        if x + space <= width and x >= free:
            labels.append(Label(name_of(keys[place], span), x, "start"))
            free = x + space
        elif place == places[-1] and free <= width - space:
            labels.append(Label(name_of(keys[place], span), width, "end"))
    return tuple(labels)


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
