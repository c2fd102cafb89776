"""Division of long articles into pages.

An article that is too long for a page is divided between paragraphs, and a paragraph that is too
long between words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .. import Mention, Paragraph

ROOM = 40_000
"""The room on a page, in bytes of text and links."""
_LINK = 220
"""The approximate number of bytes of a link."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some consecutive paragraphs of an article, or pieces of them."""

    number: int
    paragraphs: tuple[Paragraph, ...]
    found: int
    """The number of its highlights."""

    @property
    def names(self) -> list[tuple[Mention, int]]:
        """The names in it, each once for each entity and reason, with how often it occurs."""
        mentions: dict[tuple[str, str, str], list[Mention]] = {}
        for paragraph in self.paragraphs:
            for each in paragraph.mentions:
                mentions.setdefault((each.surface, each.entity.slug, each.why), []).append(each)
        return [(same[0], len(same)) for same in mentions.values()]


def split_into_parts(paragraphs: Sequence[Paragraph]) -> tuple[Part, ...]:
    """Divide an article's paragraphs into pages; there is always one."""
    pages: list[list[Paragraph]] = [[]]
    room = ROOM
    for paragraph in paragraphs:
        for piece in _pieces(paragraph):
            size = _size(piece)
            if size > room and pages[-1]:
                pages.append([])
                room = ROOM
            pages[-1].append(piece)
            room -= size
    return tuple(
        Part(number, tuple(page), sum(len(each.highlights) for each in page))
        for number, page in enumerate(pages, start=1)
    )


def part_of(pages: Sequence[Part], position: int) -> int:
    """Return the number of the part in which the paragraph at a position begins, 1 by default."""
    for page in pages:
        if any(each.position == position for each in page.paragraphs):
            return page.number
    return 1


def _size(paragraph: Paragraph) -> int:
    marks = len(paragraph.mentions) * _LINK + len(paragraph.highlights) * 13
    return len(paragraph.text.encode("utf-8", "replace")) + marks + 30


def _pieces(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Yield a paragraph in pieces that fit on a page; most paragraphs are one piece."""
    if _size(paragraph) <= ROOM:
        yield paragraph
        return
    highlights, mentions = paragraph.highlights, paragraph.mentions
    firsts, ends = [first for first, _ in highlights], [last for _, last in highlights]
    starts = [mention.start for mention in mentions]
    for start, end in pairwise(_cuts(paragraph)):
        # Both are in order, so only those nearby are examined.
        lit = highlights[bisect_right(ends, start) : bisect_left(firsts, end)]
        near = mentions[bisect_left(starts, start) : bisect_left(starts, end)]
        yield replace(
            paragraph,
            text=paragraph.text[start:end],
            highlights=tuple(
                (max(first, start) - start, min(last, end) - start) for first, last in lit
            ),
            mentions=tuple(
                replace(each, start=each.start - start, end=each.end - start)
                for each in near
                if each.end <= end
            ),
        )


def _cuts(paragraph: Paragraph) -> Iterator[int]:
    """Yield where pieces begin, and the end; a word is cut only if it is very long."""
    text = paragraph.text
    costs = sorted((each.start, _LINK) for each in paragraph.mentions)
    costs += [(start, 13) for start, _ in paragraph.highlights]
    costs.sort()
    start = 0
    next_cost = 0
    while start < len(text):
        yield start
        end, room = start, ROOM // 2
        while end < len(text) and room > 0:
            step = min(end + 200, len(text))
            room -= len(text[end:step].encode("utf-8", "replace"))
            while next_cost < len(costs) and costs[next_cost][0] < step:
                room -= costs[next_cost][1]
                next_cost += 1
            end = step
        if end < len(text):
            space = text.rfind(" ", max(start + 1, end - 200), end)
            end = space + 1 if space > 0 else end
        start = end
    yield len(text)
