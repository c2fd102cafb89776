"""Output of a timeline: on a terminal, as a table, and as an SVG drawing."""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import chain, groupby

import click

from .. import Timeline
from .output import bar, bold, counted, dim, plain, print_csv, print_json, terminal_width

_TERMINAL_COLOURS = ("blue", "red", "green", "magenta", "yellow", "white")
_COLOURS = ("#26688f", "#c8553d", "#5a8f3c", "#8c5fa8", "#b8862d", "#4a4a4a")
_HEIGHT = 240
"""The height of the highest bar of a drawing, in pixels."""
_FOLDED = 3
"""The number of empty spans in succession that become one line."""
_LEFT, _RIGHT, _BOTTOM = 40, 20, 40
"""The margins of a drawing, in pixels."""


def print_timeline(timeline: Timeline, output: str) -> None:
    """Print a timeline on standard output, as text, json, csv or svg."""
    if output == "json":
        print_json(timeline.to_dict())
    elif output == "csv":
        rows = ((bucket.start, *bucket.counts) for bucket in timeline.buckets)
        print_csv([timeline.by, *timeline.queries], rows)
    elif output == "svg":
        click.echo(to_svg(timeline))
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


def to_svg(timeline: Timeline) -> str:
    """Return a timeline as one SVG document: grouped bars with a legend and an axis."""
    highest = max((count for bucket in timeline.buckets for count in bucket.counts), default=0) or 1
    queries = max(1, len(timeline.queries))
    group = max(4, min(60, 900 // max(1, len(timeline.buckets))))
    base = 16 + 18 * queries + _HEIGHT
    width = max(320, _LEFT + group * len(timeline.buckets) + _RIGHT)
    boxes: list[str] = []
    labels: list[str] = []
    for index, query in enumerate(timeline.queries):
        row = 10 + 18 * index
        boxes.append(_box(_LEFT, row, 10, 10, _colour(index)))
        labels.append(_label(_LEFT + 16, row + 10, plain(query)))
    for share in (0.0, 0.5, 1.0):
        y = base - share * _HEIGHT
        boxes.append(_box(_LEFT, y, width - _LEFT - _RIGHT, 1, "#cccccc"))
        labels.append(_label(_LEFT - 6, y + 4, f"{highest * share:g}", "end"))
    labelled_every = max(1, round(70 / group))
    bar_width = group * 0.8 / queries
    for number, bucket in enumerate(timeline.buckets):
        left = _LEFT + number * group
        for index, count in enumerate(bucket.counts):
            size = count / highest * _HEIGHT
            x = left + group * 0.1 + index * bar_width
            title = f"<title>{bucket.start}: {count}</title>"
            boxes.append(_box(x, base - size, bar_width, size, _colour(index), title))
        if number % labelled_every == 0:
            labels.append(_label(left + group / 2, base + 18, bucket.start, "middle"))
    title = f"{', '.join(map(plain, timeline.queries))} by {timeline.by}"
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g}'
        f' {base + _BOTTOM:g}" font-family="sans-serif" font-size="12" role="img">'
    )
    return "\n".join([start, f"<title>{html.escape(title)}</title>", *boxes, *labels, "</svg>"])


def _colour(index: int) -> str:
    return _COLOURS[index % len(_COLOURS)]


def _box(x: float, y: float, width: float, height: float, colour: str, title: str = "") -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
        f' height="{height:.1f}" fill="{colour}">{title}</rect>'
    )


def _label(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>'
