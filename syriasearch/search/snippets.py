"""Which piece of a paragraph answers the query, and which ranges of it?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from ..models.article import Snippet
from ..text.normalize import Words, terms
from ..text.sentences import sentences
from .query.clauses import runs_of
from .query.planner import Clause

WIDTH = 300
"""Characters of a snippet, about."""
_SLACK = 60
"""A paragraph that is so little longer is shown whole."""


class Span(NamedTuple):
    """A range of a paragraph that has a clause of the query."""

    start: int
    end: int
    clause: int
    """Its number among the clauses."""


class Highlighter:
    """Finds the clauses of one query in paragraphs."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._words: dict[str, set[int]] = {}
        self._runs: dict[tuple[str, ...], set[int]] = {}
        for number, clause in enumerate(clauses):
            for run in runs_of(clause.node):
                if len(run.terms) == 1:
                    self._words.setdefault(run.terms[0], set()).add(number)
                elif run.terms:
                    self._runs.setdefault(run.terms, set()).add(number)

    def glance(self, text: str) -> set[int]:
        """Return clauses that a text has, those whose words stand there as in the index; fast."""
        lower = text.lower()
        found = set()
        for number, beginning, words, runs in self._looks:
            for word in words if beginning in lower else ():
                if word in lower and _stands(word, lower):
                    found.add(number)
                    break
            else:
                if runs and runs(lower):
                    found.add(number)
        return found

    def clauses(self, text: str) -> set[int]:
        """Return the clauses that a text has; a phrase where its words stand anywhere."""
        there = frozenset(terms(text))
        found = {each for word in self._words.keys() & there for each in self._words[word]}
        for run, numbers in self._runs.items():
            if there.issuperset(run):
                found |= numbers
        return found

    @cached_property
    def _looks(self) -> list[tuple[int, str, list[str], Callable[[str], object] | None]]:
        """For each clause how its words begin, they, and what finds its runs.

        Words are looked for one by one, where there is their common beginning.
        """
        words: dict[int, list[str]] = {}
        runs: dict[int, list[str]] = {}
        for word, numbers in self._words.items():
            for number in numbers:
                words.setdefault(number, []).append(word)
        for run, numbers in self._runs.items():
            for number in numbers:
                runs.setdefault(number, []).append(r"\W+".join(run))
        return [
            (
                number,
                _beginning(words.get(number, [])),
                words.get(number, []),
                re.compile(rf"\b(?:{'|'.join(runs[number])})\b").search if number in runs else None,
            )
            for number in sorted({*words, *runs})
        ]

    def spans(self, text: str, mentions: Iterable[tuple[int, int, int]] = ()) -> list[Span]:
        """Return the ranges of a text that have a clause, by offset.

        `mentions` are those of entities that the query names: start, end, number of the clause.
        """
        spans = [Span(*mention) for mention in mentions]
        words = Words(text)
        runs = [((word,), self._words[word]) for word in words.among(self._words.keys())]
        for run, numbers in (*runs, *self._runs.items()):
            for start, end in words.find(run):
                spans += [Span(start, end, number) for number in numbers]
        return sorted(spans)


def _beginning(words: Iterable[str]) -> str:
    """Return what all of some words begin with."""
    first, last = min(words, default=""), max(words, default="")
    same = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(same, len(first))]


def _stands(word: str, text: str) -> bool:
    """Tell whether a word stands in a text by itself; much faster than a pattern."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            return True
        at = text.find(word, end)
    return False


def make_snippet(
    text: str, spans: Sequence[Span], weights: Sequence[float], width: int = WIDTH
) -> Snippet:
    """Cut the window out of a paragraph that has most of what is asked, by weight, close together.

    It begins where a sentence begins if that is near, and never inside a word. Spans are sorted.
    """
    start, end = 0, len(text)
    if len(text) > width + _SLACK:
        start, end = _window(text, spans, weights, width)
    inside = [span for span in spans if start <= span.start and span.end <= end]
    highlights = tuple((first - start, last - start) for first, last in highlight_ranges(inside))
    return Snippet(text[start:end], highlights, start > 0, end < len(text), start)


def highlight_ranges(spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    """Return the ranges [start, end) that sorted spans cover, those that touch as one."""
    ranges: list[tuple[int, int]] = []
    for span in spans:
        if ranges and span.start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(span.end, ranges[-1][1]))
        else:
            ranges.append((span.start, span.end))
    return tuple(ranges)


def _window(
    text: str, spans: Sequence[Span], weights: Sequence[float], width: int
) -> tuple[int, int]:
    best = (0.0, 0, 0, 0)
    inside: Counter[int] = Counter()
    value, behind = 0.0, 0
    for index, first in enumerate(spans):
        while behind < len(spans) and spans[behind].end <= first.start + width:
            clause = spans[behind].clause
            value += 0 if inside[clause] else weights[clause]
            inside[clause] += 1
            behind += 1
        if behind <= index:
            behind = index + 1
            continue
        if (value, behind - index) > best[:2]:
            last = max(span.end for span in spans[index:behind])
            best = (value, behind - index, first.start, last)
        inside[first.clause] -= 1
        value -= 0 if inside[first.clause] else weights[first.clause]
    _, _, first_start, last_end = best
    spare = max(0, width - (last_end - first_start))
    start = max(0, first_start - spare // 2)
    whole = sentences(text)
    opening = [at for at, _ in whole if start - _SLACK <= at <= first_start]
    if start and opening:
        start = opening[0]
    elif start:
        start = _word_start(text, start, first_start)
    end = min(len(text), max(last_end, start + width))
    closing = [at for _, at in whole if last_end <= at <= end + _SLACK]
    end = closing[-1] if closing else _word_end(text, end, last_end)
    return start, end


def _word_start(text: str, start: int, limit: int) -> int:
    """Return the first offset from `start` on where a word begins, `limit` at the latest."""
    while start < limit and not (text[start - 1].isspace() and not text[start].isspace()):
        start += 1
    return start


def _word_end(text: str, end: int, limit: int) -> int:
    """Return the last offset up to `end` where a word ends, `limit` at the earliest."""
    while limit < end < len(text) and not text[end].isspace():
        end -= 1
    return end
