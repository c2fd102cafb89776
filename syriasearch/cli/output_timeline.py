"""Output of a timeline: on a terminal, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from typing import TYPE_CHECKING

import click

from .output import (
    TABLE_FORMATS,
    bar,
    bold,
    counted,
    dim,
    plain,
    print_json,
    print_table,
    terminal_width,
)

if TYPE_CHECKING:
    from .. import Timeline


_TERMINAL_COLOURS = ("blue", "red", "green", "magenta", "yellow", "white")
_FOLDED = 3
"""The number of empty spans in succession that become one line."""


def print_timeline(timeline: Timeline, output: str) -> None:
    """Print a timeline on standard output, as text, json, csv, spreadsheet or svg."""
    if output == "json":
        print_json(timeline.to_dict())
    elif output in TABLE_FORMATS:
        rows = ((bucket.start, *bucket.counts) for bucket in timeline.buckets)
        print_table([timeline.by, *timeline.queries], rows, output)
    elif output == "svg":
        click.echo(timeline.to_svg())
    else:
        bars = bar_lines(timeline, max(10, (terminal_width() or 80) - 22))
        for line in chain(_title_lines(timeline), bars):
            click.echo(line)


def _title_lines(timeline: Timeline) -> Iterator[str]:
    """Return what a timeline counts, as a title and, for several queries, a legend."""
    counts = [bucket.counts for bucket in timeline.buckets]
    totals = [sum(each) for each in zip(timeline.undated, *counts, strict=True)]
    if len(totals) > 1:
        yield bold(f"Articles by {timeline.by}")
        for number, (query, total) in enumerate(zip(timeline.queries, totals, strict=True)):
            mark = click.style("█ ", fg=_terminal_colour(number))
            yield f"{mark}{plain(query)}: {counted(total, 'article')}"
    elif any(totals):
        title = plain(timeline.queries[0]) or "All"
        yield bold(f"{title}: {counted(totals[0], 'article')} by {timeline.by}")


def _terminal_colour(number: int) -> str:
    return _TERMINAL_COLOURS[number % len(_TERMINAL_COLOURS)]


def bar_lines(timeline: Timeline, room: int) -> Iterator[str]:
    """Return a timeline as lines, with bars of at most a number of columns."""
    colours = [_terminal_colour(number) for number in range(len(timeline.queries))]
    highest = max((count for bucket in timeline.buckets for count in bucket.counts), default=0)
    for is_empty, run in groupby(timeline.buckets, key=lambda bucket: not any(bucket.counts)):
        buckets = list(run)
        if is_empty and len(buckets) >= _FOLDED:
            yield dim(f"{'…':>10}  {len(buckets)} {timeline.by}s without any")
            continue
        for bucket in buckets:
            label = bucket.start
            for count, colour in zip(bucket.counts, colours, strict=True):
                drawn = bar(count / highest * room if highest else 0)
                yield f"{label:>10}  {click.style(drawn, fg=colour)} {count}"
                label = ""
    if any(timeline.undated):
        yield f"{'undated':>10}  {', '.join(map(str, timeline.undated))}"
