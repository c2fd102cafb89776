"""Drawing of a timeline: grouped bars with a legend and an axis, as SVG or PNG."""

from __future__ import annotations

import html
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .. import Timeline
from .output import plain

if TYPE_CHECKING:
    from PIL import ImageFont

COLOURS = ("#26688f", "#c8553d", "#5a8f3c", "#8c5fa8", "#b8862d", "#4a4a4a")
HEIGHT = 240
"""The height of the highest bar."""
_LEFT, _RIGHT, _BOTTOM = 40, 20, 40
_FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial Unicode.ttf", "arial.ttf")
"""Fonts with Arabic letters first; Pillow has one of its own for Latin letters."""


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; all measures are in pixels from the upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text on a baseline."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw, in order."""

    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]


def draw(timeline: Timeline) -> Picture:
    """Return a timeline's picture."""
    highest = max((count for bucket in timeline.buckets for count in bucket.counts), default=0) or 1
    many = max(1, len(timeline.queries))
    group = max(4, min(60, 900 // max(1, len(timeline.buckets))))
    base = 16 + 18 * many + HEIGHT
    width = max(320, _LEFT + group * len(timeline.buckets) + _RIGHT)
    boxes: list[Box] = []
    labels: list[Label] = []
    for index, query in enumerate(timeline.queries):
        row = 10 + 18 * index
        boxes.append(Box(_LEFT, row, 10, 10, _colour(index)))
        labels.append(Label(_LEFT + 16, row + 10, plain(query)))
    for share in (0.0, 0.5, 1.0):
        at = base - share * HEIGHT
        boxes.append(Box(_LEFT, at, width - _LEFT - _RIGHT, 1, "#cccccc"))
        labels.append(Label(_LEFT - 6, at + 4, f"{highest * share:g}", "end"))
    every = max(1, round(70 / group))
    bar = group * 0.8 / many
    for number, bucket in enumerate(timeline.buckets):
        left = _LEFT + number * group
        for index, count in enumerate(bucket.counts):
            size = count / highest * HEIGHT
            x = left + group * 0.1 + index * bar
            title = f"{bucket.start}: {count}"
            boxes.append(Box(x, base - size, bar, size, _colour(index), title))
        if number % every == 0:
            labels.append(Label(left + group / 2, base + 18, bucket.start, "middle"))
    title = f"{', '.join(map(plain, timeline.queries))} by {timeline.by}"
    return Picture(title, width, base + _BOTTOM, tuple(boxes), tuple(labels))


def _colour(index: int) -> str:
    return COLOURS[index % len(COLOURS)]


def to_svg(picture: Picture) -> str:
    """Return a picture as one self-contained SVG document."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.width:g}'
        f' {picture.height:g}" font-family="sans-serif" font-size="12" role="img">',
        f"<title>{html.escape(picture.title)}</title>",
    ]
    for box in picture.boxes:
        title = f"<title>{html.escape(box.title)}</title>" if box.title else ""
        lines.append(
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}"'
            f' height="{box.height:.1f}" fill="{box.colour}">{title}</rect>'
        )
    for label in picture.labels:
        lines.append(
            f'<text x="{label.x:.1f}" y="{label.y:.1f}" text-anchor="{label.anchor}">'
            f"{html.escape(label.text)}</text>"
        )
    return "\n".join([*lines, "</svg>"])


def to_png(picture: Picture, scale: int = 2) -> bytes:
    """Return a picture as PNG, with `scale` dots per pixel. Raises ImportError without Pillow."""
    from PIL import Image, ImageDraw

    size = (round(picture.width * scale), round(picture.height * scale))
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for box in picture.boxes:
        if box.height:
            left, top = box.x * scale, box.y * scale
            # Anything above zero is at least one dot.
            right = max(left, left + box.width * scale - 1)
            bottom = max(top, top + box.height * scale - 1)
            pen.rectangle((left, top, right, bottom), fill=box.colour)
    font = _font(12 * scale)
    for label in picture.labels:
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[label.anchor]
        at = (label.x * scale, label.y * scale)
        pen.text(at, label.text, fill="black", font=font, anchor=anchor)
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    return data.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
