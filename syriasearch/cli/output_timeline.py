"""Output of a timeline: on a terminal, as a table and as a picture."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator

import click

from .. import Timeline
from .output import bar, plain, terminal_width
from .output_svg import draw, to_png, to_svg

_TERMINAL_COLOURS = ("blue", "red", "green", "magenta", "yellow", "white")


def print_timeline(timeline: Timeline, output: str) -> None:
    """Print a timeline on standard output."""
    CHARTS[output](timeline)


def _print_text(timeline: Timeline) -> None:
    for line in bar_lines(timeline, max(10, (terminal_width() or 80) - 22)):
        click.echo(line)


def bar_lines(timeline: Timeline, room: int) -> Iterator[str]:
    """Return a timeline as lines, with bars of at most a number of columns."""
    several = len(timeline.queries) > 1
    if several:
        for query, colour in zip(timeline.queries, _colours(timeline), strict=True):
            yield click.style("█ ", fg=colour) + plain(query)
    highest = max((count for bucket in timeline.buckets for count in bucket.counts), default=0)
    for bucket in timeline.buckets:
        label = bucket.start
        for count, colour in zip(bucket.counts, _colours(timeline), strict=True):
            drawn = bar(count / highest * room if highest else 0)
            yield f"{label:>10}  {click.style(drawn, fg=colour)} {count}"
            label = ""
    if any(timeline.undated):
        yield f"{'undated':>10}  {', '.join(map(str, timeline.undated))}"


def _colours(timeline: Timeline) -> Iterator[str]:
    for index in range(len(timeline.queries)):
        yield _TERMINAL_COLOURS[index % len(_TERMINAL_COLOURS)]


def _print_json(timeline: Timeline) -> None:
    click.echo(json.dumps(timeline.to_dict(), ensure_ascii=False, indent=2))


def _print_csv(timeline: Timeline) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([timeline.by, *timeline.queries])
    writer.writerows([bucket.start, *bucket.counts] for bucket in timeline.buckets)


def _print_svg(timeline: Timeline) -> None:
    click.echo(to_svg(draw(timeline)))


def _print_png(timeline: Timeline) -> None:
    if sys.stdout.isatty():
        raise click.UsageError("a picture needs a file: add > timeline.png")
    try:
        picture = to_png(draw(timeline))
    except ImportError:
        raise click.UsageError(
            "PNG needs Pillow: pip install 'pillow>=10.1', or take --format svg"
        ) from None
    click.echo(picture, nl=False)


CHARTS: dict[str, Callable[[Timeline], None]] = {
    "text": _print_text,
    "json": _print_json,
    "csv": _print_csv,
    "svg": _print_svg,
    "png": _print_png,
}
