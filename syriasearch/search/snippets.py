"""Snippets: the part of a paragraph that best matches a query, and its highlights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from ..models.article import Snippet
from ..text.sentences import sentences
from ..text.tokenize import Words, terms
from .query.clauses import term_sequences
from .query.planner import Clause

WIDTH = 300
"""The approximate width of a snippet, in characters."""
_SLACK = 60
"""The number of characters by which a paragraph may exceed the width and still be shown whole."""


class Span(NamedTuple):
    """A range of a paragraph that matches a clause of the query, in characters."""

    start: int
    end: int
    clause: int
    """The index of the clause."""


class Highlighter:
    """Finds the clauses of a query in the text of paragraphs."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._words: dict[str, set[int]] = {}
        self._runs: dict[tuple[str, ...], set[int]] = {}
        for number, clause in enumerate(clauses):
            for run in term_sequences(clause.node):
                if len(run.terms) == 1:
                    self._words.setdefault(run.terms[0], set()).add(number)
                elif run.terms:
                    self._runs.setdefault(run.terms, set()).add(number)

    def glance(self, text: str) -> set[int]:
        """Return clauses that a text matches, by index, without analysing the text.

        It is fast, but finds only words that are spelled in the text as they are in the index.
        """
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
        """Return the indexes of the clauses in a text; the words of a phrase may be anywhere."""
        there = frozenset(terms(text))
        found = {each for word in self._words.keys() & there for each in self._words[word]}
        for run, numbers in self._runs.items():
            if there.issuperset(run):
                found |= numbers
        return found

    @cached_property
    def _looks(self) -> list[tuple[int, str, list[str], Callable[[str], object] | None]]:
        """For each clause: index, common prefix of its words, the words, and a search for its runs.

        The words are looked for one by one, but only in a text with their prefix.
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
        """Return the ranges of a text that match a clause, sorted by offset.

        `mentions` are those of entities that the query names: start, end, and index of the clause.
        """
        spans = [Span(*mention) for mention in mentions]
        words = Words(text)
        runs = [((word,), self._words[word]) for word in words.among(self._words.keys())]
        for run, numbers in (*runs, *self._runs.items()):
            for start, end in words.find(run):
                spans += [Span(start, end, number) for number in numbers]
        return sorted(spans)


def _beginning(words: Iterable[str]) -> str:
    """Return the longest common prefix of some words."""
    first, last = min(words, default=""), max(words, default="")
    same = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(same, len(first))]


def _stands(word: str, text: str) -> bool:
    """Return whether a text contains a word as a whole word; much faster than a pattern."""
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
    """Cut a snippet out of a paragraph: the window with the most valuable matches, close together.

    The value is the sum of the weights of the clauses it contains. It begins at the beginning of a
    sentence if one is near, and never inside a word. Spans must be sorted; `width` is in
    characters.
    """
    start, end = 0, len(text)
    if len(text) > width + _SLACK:
        start, end = _window(text, spans, weights, width)
    inside = [span for span in spans if start <= span.start and span.end <= end]
    highlights = tuple((first - start, last - start) for first, last in highlight_ranges(inside))
    return Snippet(text[start:end], highlights, start > 0, end < len(text), start)


def highlight_ranges(spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    """Merge sorted spans into highlighted ranges [start, end), joining those that touch."""
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
    """Return the first offset at or after `start` at which a word begins, at most `limit`."""
    while start < limit and not (text[start - 1].isspace() and not text[start].isspace()):
        start += 1
    return start


def _word_end(text: str, end: int, limit: int) -> int:
    """Return the last offset at or before `end` at which a word ends, at least `limit`."""
    while limit < end < len(text) and not text[end].isspace():
        end -= 1
    return end
