"""Drawings of timelines."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from .article import printable

if TYPE_CHECKING:
    from .timeline import Timeline

_COLOURS = ("#26688f", "#c8553d", "#5a8f3c", "#8c5fa8", "#b8862d", "#4a4a4a")
_HEIGHT = 240
"""The height of the highest bar of a drawing, in pixels."""
_LEFT, _RIGHT, _BOTTOM = 40, 20, 40
"""The margins of a drawing, in pixels."""


def draw_timeline(timeline: Timeline) -> str:
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
        labels.append(_label(_LEFT + 16, row + 10, printable(query)))
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
    title = f"{', '.join(map(printable, timeline.queries))} by {timeline.by}"
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g}'
        f' {base + _BOTTOM:g}" font-family="sans-serif" font-size="12" role="img"'
        f' style="max-width: {width:g}px">'
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
