"""Proximity: whether words are as close to each other in a text as a query requires."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right

from ..text.sentences import sentences
from ..text.tokenize import terms
from .query.clauses import Proximity, TermSequence
from .query.syntax import NearOperator

ENOUGH = 3
"""The maximum number of matching paragraphs looked for in an article: more add little to the
score."""
MANY = 20_000
"""The number of candidate paragraphs from which on one match per article is enough."""

GLANCE = 500
"""The maximum number of characters between two words that are found without folding."""

_Range = tuple[int, int]
"""The indexes of the first and the last term of a sequence."""


class ProximityMatcher:
    """A check whether paragraphs have a sequence of each item, each close enough to the next."""

    def __init__(self, node: Proximity) -> None:
        self._node = node
        self._at_a_glance = _at_a_glance(node)

    def matches(self, text: str) -> bool:
        """Return whether a paragraph matches."""
        if self._at_a_glance is not None and self._at_a_glance.search(text.lower()):
            return True
        if self._node.operator.unit == "sentence":
            return any(
                _matches(terms(text[start:end]), self._node) for start, end in sentences(text)
            )
        return _matches(terms(text), self._node)


def _at_a_glance(node: Proximity) -> re.Pattern[str] | None:
    """Return a pattern that finds most matches, those written as they are indexed.

    It finds nothing else, and folds no text, which takes most of the time.
    """
    operator = node.operator
    if len(node.items) != 2 or operator.unit == "paragraph":
        return None
    between = rf"[^.!?؟…]{{0,{GLANCE}}}"
    if operator.unit == "words":
        between = rf"(?:\W+[^\W_]+){{0,{operator.distance}}}\W+"
    one, other = (
        rf"(?<![\w'’])(?:{'|'.join(' +'.join(each.terms) for each in item)})(?![\w'’])"
        for item in node.items
    )
    ways = [one + between + other, *([] if operator.ordered else [other + between + one])]
    return re.compile("|".join(ways))


def _matches(words: list[str], node: Proximity) -> bool:
    first, *others = node.items
    reached = _occurrences(words, first)
    for item in others:
        reached = reached and _near(reached, _occurrences(words, item), node.operator)
    return bool(reached)


def _occurrences(words: list[str], sequences: tuple[TermSequence, ...]) -> list[_Range]:
    found = []
    for sequence in sequences:
        run, start = sequence.terms, -1
        for _ in range(words.count(run[0])):
            start = words.index(run[0], start + 1)
            if tuple(words[start : start + len(run)]) == run:
                found.append((start, start + len(run) - 1))
    return found


def _near(reached: list[_Range], found: list[_Range], operator: NearOperator) -> list[_Range]:
    """Return the occurrences that are close enough to one of the item before, and in order."""
    starts, ends = (sorted(places) for places in zip(*reached, strict=True))
    farthest = operator.distance if operator.unit == "words" else sys.maxsize
    near = []
    for start, end in found:
        before = bisect_left(ends, start - 1 - farthest)
        after = bisect_right(starts, end)
        if (before < len(ends) and ends[before] < start) or (
            not operator.ordered and after < len(starts) and starts[after] - end - 1 <= farthest
        ):
            near.append((start, end))
    return near
