"""Do words stand as near each other in a text as is asked?"""

from __future__ import annotations

from bisect import bisect_right

from .nodes import Nearby, Run
from .sentences import sentences
from .text import Token, tokenize

Occurrence = tuple[int, int]
"""The numbers of the first and the last token of a run."""


def is_near(text: str, node: Nearby) -> bool:
    """Tell whether a paragraph has one run of each item, each near the next as is asked."""
    tokens = list(tokenize(text))
    words = [token.term for token in tokens]
    starts = [start for start, _ in sentences(text)] if node.unit == "sentence" else []
    reached = _occurrences(words, node.items[0])
    for runs in node.items[1:]:
        following = _occurrences(words, runs)
        reached = [
            other
            for other in following
            if any(_fits(one, other, node, tokens, starts) for one in reached)
        ]
    return bool(reached)


def _occurrences(words: list[str], runs: tuple[Run, ...]) -> list[Occurrence]:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for run in runs:
        by_first.setdefault(run.terms[0], []).append(run.terms)
    return [
        (at, at + len(run) - 1)
        for at, word in enumerate(words)
        for run in by_first.get(word, ())
        if tuple(words[at : at + len(run)]) == run
    ]


def _fits(
    one: Occurrence, other: Occurrence, node: Nearby, tokens: list[Token], starts: list[int]
) -> bool:
    (first, behind) = (one, other) if one[0] <= other[0] else (other, one)
    if first[1] >= behind[0] or (node.ordered and first is not one):
        return False
    if node.unit == "words":
        return behind[0] - first[1] - 1 <= node.distance
    if node.unit == "paragraph":
        return True
    return bisect_right(starts, tokens[first[0]].start) == bisect_right(
        starts, tokens[behind[0]].start
    )
