"""Proximity: whether words are as close to each other in a text as a query requires."""

from __future__ import annotations

from ..text.sentences import sentences
from ..text.tokenize import terms
from .query.clauses import Proximity, TermSequence
from .query.syntax import NearOperator

ENOUGH = 3
"""The maximum number of matching paragraphs looked for in an article: more add little to the
score."""
MANY = 20_000
"""The number of candidate paragraphs from which on one match per article is enough."""

_Range = tuple[int, int]
"""The indexes of the first and the last term of a sequence."""


def matches_proximity(text: str, node: Proximity) -> bool:
    """Return whether a paragraph has a sequence of each item, each close enough to the next."""
    if node.operator.unit == "sentence":
        return any(_matches(terms(text[start:end]), node) for start, end in sentences(text))
    return _matches(terms(text), node)


def _matches(words: list[str], node: Proximity) -> bool:
    present = frozenset(words)
    first, *others = node.items
    reached = _occurrences(words, present, first)
    for item in others:
        reached = reached and [
            occurrence
            for occurrence in _occurrences(words, present, item)
            if any(_is_near(one, occurrence, node.operator) for one in reached)
        ]
    return bool(reached)


def _occurrences(
    words: list[str], present: frozenset[str], sequences: tuple[TermSequence, ...]
) -> list[_Range]:
    return [
        (start, start + len(run) - 1)
        for run in (sequence.terms for sequence in sequences)
        if run[0] in present
        for start, word in enumerate(words)
        if word == run[0] and tuple(words[start : start + len(run)]) == run
    ]


def _is_near(one: _Range, other: _Range, operator: NearOperator) -> bool:
    """Return whether an occurrence is close enough to that of the next item, and in order."""
    former, latter = (one, other) if one[0] <= other[0] else (other, one)
    if former[1] >= latter[0] or (operator.ordered and former is not one):
        return False
    return operator.unit != "words" or latter[0] - former[1] - 1 <= operator.distance
