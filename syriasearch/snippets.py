"""Which piece of a paragraph answers the query, and which ranges of it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .models import Snippet
from .nodes import runs_of
from .plan import Clause
from .sentences import sentences
from .text import tokenize

WIDTH = 300
"""Characters of a snippet, about."""
_SLACK = 60
"""A paragraph that is so little longer is shown whole."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a paragraph that has a clause of the query."""

    start: int
    end: int
    clause: int
    """Its number among the clauses."""


class Highlighter:
    """Finds the clauses of one query in paragraphs."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._words: dict[str, set[int]] = {}
        self._runs: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for number, clause in enumerate(clauses):
            for run in runs_of(clause.node):
                if len(run.terms) == 1:
                    self._words.setdefault(run.terms[0], set()).add(number)
                else:
                    self._runs.setdefault(run.terms[0], []).append((run.terms, number))

    def spans(self, text: str, mentions: Iterable[tuple[int, int, int]] = ()) -> list[Span]:
        """Return the ranges of a text that have a clause, by offset.

        `mentions` are those of entities that the query names: start, end, number of the clause.
        """
        spans = [Span(*mention) for mention in mentions]
        tokens = list(tokenize(text))
        for index, token in enumerate(tokens):
            for number in self._words.get(token.term, ()):
                spans.append(Span(token.start, token.end, number))
            for run, number in self._runs.get(token.term, ()):
                following = tokens[index : index + len(run)]
                if tuple(each.term for each in following) == run:
                    spans.append(Span(token.start, following[-1].end, number))
        return sorted(spans, key=lambda span: (span.start, span.end, span.clause))


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
    for index, first in enumerate(spans):
        inside = [span for span in spans[index : index + 50] if span.end <= first.start + width]
        value = sum(weights[clause] for clause in {span.clause for span in inside})
        if inside and (value, len(inside)) > best[:2]:
            best = (value, len(inside), first.start, max(span.end for span in inside))
    _, _, first_start, last_end = best
    spare = max(0, width - (last_end - first_start))
    start = max(0, first_start - spare // 2)
    opening = [at for at, _ in sentences(text) if start - _SLACK <= at <= first_start]
    if start and opening:
        start = opening[0]
    elif start:
        start = _word_start(text, start, first_start)
    end = min(len(text), max(last_end, start + width))
    closing = [at for _, at in sentences(text) if last_end <= at <= end + _SLACK]
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
