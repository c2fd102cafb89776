"""Text of a page of a PDF, in reading order where it is written from right to left.

pypdf returns the runs of a line in the order in which a program drew them: from left to right in
what a browser prints, from right to left in what an office program writes. It also reverses numbers
in Arabic digits, which are read from left to right, as it does the letters around them. Lines with
letters that are written from right to left are ordered here by the places of their runs (a rough
inverse of the Unicode Bidirectional Algorithm, UAX #9, for lines of which nothing else is known).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from ...text.patterns import regex

_RIGHT_TO_LEFT = regex("[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SHAPES = regex("[\ufb00-\ufdff\ufe70-\ufeff]+")
_DIGIT = "[\u0660-\u0669\u06f0-\u06f9]"
_NUMBER = regex(f"{_DIGIT}(?:[,./:\u066b\u066c]?{_DIGIT})+")
_MIRRORED = regex(r"([)\]»])([^()\[\]«»]*)([(\[«])")
_BRACKETS = str.maketrans(")(][»«", "()[]«»")
_CLOSING = ".,;:!?%)]»،؛؟"


class Run(NamedTuple):
    """Text that is drawn in one direction, at a distance from the left edge."""

    text: str
    x: float


def page_text(page: Any) -> str:
    """Return the text of pypdf's page, a line each; ligatures and letters' shapes are undone."""
    runs: list[Run] = []
    text: str = page.extract_text(
        visitor_text=lambda text, _, matrix, *font: runs.append(Run(text, matrix[4]))
    )
    if _RIGHT_TO_LEFT.search(text):
        text = "\n".join(map(line_text, _lines(runs)))
    return _SHAPES.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text)


def _lines(runs: list[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        line.append(Run(first, run.x))
        for other in others:
            yield line
            line = [Run(other, run.x)]
    yield line


def line_text(runs: list[Run]) -> str:
    """Return the text of a line, its runs ordered from right to left if a letter of it is so."""
    if not any(_RIGHT_TO_LEFT.search(run.text) for run in runs):
        return "".join(run.text for run in runs)
    # Of runs at one place the first was drawn farthest to the left.
    ordered = sorted(enumerate(runs), key=lambda each: (each[1].x, each[0]), reverse=True)
    placed = [run for _, run in ordered if run.text.strip()]
    out = ""
    for is_reversed, group in groupby(_directed(placed), lambda each: each[0]):
        texts = [" ".join(run.text.split()) for _, run in group]
        for text in texts if is_reversed else reversed(texts):
            if is_reversed:
                text = _MIRRORED.sub(lambda match: match[0].translate(_BRACKETS), text)
            text = _NUMBER.sub(lambda number: number[0][::-1], text)
            out += text if not out or text[0] in _CLOSING else f" {text}"
    return out


def _directed(runs: list[Run]) -> Iterator[tuple[bool, Run]]:
    """Yield runs, each with whether it belongs to the text from right to left.

    A run without letters and digits belongs to the text from left to right only if it is between
    two runs of that.
    """
    neutral = [not any(map(str.isalnum, run.text)) for run in runs]
    reverse = [bool(_RIGHT_TO_LEFT.search(run.text)) for run in runs]
    for index, run in enumerate(runs):
        around = [True, *reverse, True][index : index + 3 : 2]
        yield (any(around) if neutral[index] else reverse[index]), run
