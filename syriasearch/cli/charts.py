"""How does a timeline look, on a terminal, as a table and as a picture?"""

from __future__ import annotations

import csv
import html
import json
import sys
from collections.abc import Callable, Iterator

import click

from .. import Timeline
from .output import plain, terminal_width

_BLOCKS = " ▏▎▍▌▋▊▉█"
_COLOURS = ("#26688f", "#c8553d", "#5a8f3c", "#8c5fa8", "#b8862d", "#4a4a4a")
_TERMINAL_COLOURS = ("blue", "red", "green", "magenta", "yellow", "white")


def print_timeline(timeline: Timeline, output: str) -> None:
    """Print a timeline on standard output."""
    CHARTS[output](timeline)


def _print_text(timeline: Timeline) -> None:
    width = terminal_width() or 80
    several = len(timeline.queries) > 1
    if several:
        for query, colour in zip(timeline.queries, _colours(timeline), strict=True):
            click.echo(click.style("█ ", fg=colour) + plain(query))
    highest = max((count for bucket in timeline.buckets for count in bucket.counts), default=0)
    room = max(10, width - 22)
    for bucket in timeline.buckets:
        label = bucket.start
        for count, colour in zip(bucket.counts, _colours(timeline), strict=True):
            bar = _bar(count / highest * room if highest else 0)
            click.echo(f"{label:>10}  {click.style(bar, fg=colour)} {count}")
            label = ""
    if any(timeline.undated):
        click.echo(f"{'undated':>10}  {', '.join(map(str, timeline.undated))}")


def _bar(length: float) -> str:
    """Return a bar of so many columns, to an eighth; what is not nothing is at least that."""
    eighths = max(round(length * 8), 1 if length else 0)
    return _BLOCKS[8] * (eighths // 8) + _BLOCKS[eighths % 8].strip()


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
    """Print grouped bars with a legend and an axis, as one self-contained picture."""
    highest = max((count for bucket in timeline.buckets for count in bucket.counts), default=0) or 1
    many = len(timeline.queries)
    group = max(4, min(60, 900 // max(1, len(timeline.buckets))))
    bar = group * 0.8 / many
    height, left, top = 240, 40, 16 + 18 * many
    width = left + group * len(timeline.buckets) + 20
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top + height + 40}"'
        ' font-family="sans-serif" font-size="12" role="img">',
        f"<title>{html.escape(', '.join(timeline.queries))} by {timeline.by}</title>",
    ]
    for index, query in enumerate(timeline.queries):
        colour = _COLOURS[index % len(_COLOURS)]
        row = 10 + 18 * index
        lines.append(f'<rect x="{left}" y="{row}" width="10" height="10" fill="{colour}"/>')
        lines.append(f'<text x="{left + 16}" y="{row + 10}">{html.escape(plain(query))}</text>')
    base = top + height
    for share in (0.0, 0.5, 1.0):
        at = base - share * height
        lines.append(f'<line x1="{left}" x2="{width - 20}" y1="{at}" y2="{at}" stroke="#ccc"/>')
        lines.append(
            f'<text x="{left - 6}" y="{at + 4}" text-anchor="end">{highest * share:g}</text>'
        )
    every = max(1, round(70 / group))
    for number, bucket in enumerate(timeline.buckets):
        for index, count in enumerate(bucket.counts):
            size = count / highest * height
            x = left + number * group + group * 0.1 + index * bar
            lines.append(
                f'<rect x="{x:.1f}" y="{base - size:.1f}" width="{bar:.1f}" height="{size:.1f}"'
                f' fill="{_COLOURS[index % len(_COLOURS)]}">'
                f"<title>{bucket.start}: {count}</title></rect>"
            )
        if number % every == 0:
            x = left + number * group + group / 2
            lines.append(
                f'<text x="{x:.1f}" y="{base + 18}" text-anchor="middle">{bucket.start}</text>'
            )
    click.echo("\n".join([*lines, "</svg>"]))


CHARTS: dict[str, Callable[[Timeline], None]] = {
    "text": _print_text,
    "json": _print_json,
    "csv": _print_csv,
    "svg": _print_svg,
}
