"""Proximity: whether words are as close to each other in a text as a query requires."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..text.sentences import sentences
from ..text.tokenize import terms
from .query.clauses import Proximity, TermSequence

ENOUGH, MANY = 3, 20_000
"""The limits of a check of the text.

ENOUGH is the maximum number of matching paragraphs looked for in an article: more add little to the
score. From MANY candidate paragraphs on, one match per article is enough.
"""
_BETWEEN = r"[^.!?؟…]*"
"""The pattern of characters that certainly belong to one sentence."""

Occurrence = tuple[int, int]
"""The indexes of the first and the last term of a run."""


class ProximityMatcher:
    """Checks whether a paragraph has a run of each item, each close enough to the next."""

    def __init__(self, node: Proximity) -> None:
        self._node = node
        self._glance = _glance(node)

    def is_in(self, text: str) -> bool:
        """Return whether a paragraph matches."""
        if self._glance is not None and self._glance(text.lower()):
            return True
        if self._node.unit == "sentence":
            return any(_has(terms(text[start:end]), self._node) for start, end in sentences(text))
        return _has(terms(text), self._node)


def _glance(node: Proximity) -> Callable[[str], object] | None:
    """Return a quick search for two items near each other, or None if it cannot be a pattern.

    It finds only words that are spelled in the text as they are in the index.
    """
    if len(node.items) != 2 or node.unit == "paragraph":
        return None
    between = rf"(?:\W+[^\W_]+){{0,{node.distance}}}\W+" if node.unit == "words" else _BETWEEN
    one, other = (
        rf"(?<![\w'’])(?:{'|'.join(' +'.join(run.terms) for run in runs)})(?![\w'’])"
        for runs in node.items
    )
    ways = [one + between + other, *([] if node.ordered else [other + between + one])]
    return re.compile("|".join(ways)).search


def _has(words: list[str], node: Proximity) -> bool:
    there = frozenset(words)
    reached: list[Occurrence] = []
    for number, runs in enumerate(node.items):
        following = _occurrences(words, there, runs)
        if number:
            following = [
                other for other in following if any(_fits(one, other, node) for one in reached)
            ]
        reached = following
        if not reached:
            return False
    return True


def _occurrences(
    words: list[str], there: frozenset[str], runs: tuple[TermSequence, ...]
) -> list[Occurrence]:
    found = []
    for run in runs:
        if there.issuperset(run.terms):
            size = len(run.terms)
            found += [
                (at, at + size - 1)
                for at, word in enumerate(words)
                if word == run.terms[0] and tuple(words[at : at + size]) == run.terms
            ]
    return found


def _fits(one: Occurrence, other: Occurrence, node: Proximity) -> bool:
    (first, behind) = (one, other) if one[0] <= other[0] else (other, one)
    if first[1] >= behind[0] or (node.ordered and first is not one):
        return False
    return node.unit != "words" or behind[0] - first[1] - 1 <= node.distance
