"""Passages cut to a line or two around what a search has found in them."""

from __future__ import annotations

from dataclasses import replace

from .. import Snippet

_SLACK = 30
"""The number of characters by which a passage may exceed its width and still be shown whole."""
_WORD = 25
"""How far from its place a cut is moved to the end of a word."""


def cut_passage(snippet: Snippet, width: int) -> Snippet:
    """Return the part of a snippet, some `width` characters of it, with most of its highlights."""
    text = snippet.text
    if len(text) <= width + _SLACK:
        return snippet
    start = _best_start(snippet.highlights, width)
    found = [end for first, end in snippet.highlights if start <= first and end <= start + width]
    room = width - (max(found, default=start + width) - start)
    start = max(0, min(start - room // 2, len(text) - width))
    end = min(start + width, len(text))
    if start:
        space = text.find(" ", start, start + _WORD)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", end - _WORD, end + 1)
        end = space if space > start else end
    highlights = tuple(
        (max(first, start) - start, min(last, end) - start)
        for first, last in snippet.highlights
        if first < end and last > start
    )
    return replace(
        snippet,
        text=text[start:end],
        start=snippet.start + start,
        highlights=highlights,
        cut_before=snippet.cut_before or start > 0,
        cut_after=snippet.cut_after or end < len(text),
    )


def _best_start(highlights: tuple[tuple[int, int], ...], width: int) -> int:
    """Return where the width begins that holds most highlights; the first such place."""
    starts = [first for first, _ in highlights] or [0]
    return max(
        starts,
        key=lambda start: (
            sum(start <= first and end <= start + width for first, end in highlights),
            -start,
        ),
    )
