"""Snippets: the part of a paragraph that best matches a query, and its highlights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import takewhile
from os.path import commonprefix
from typing import NamedTuple

from ..models.article import Snippet
from ..text.patterns import regex
from ..text.sentences import each_sentence
from ..text.tokenize import Words, terms
from .query.clauses import Clause, term_sequences

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


_FEW = 12
"""The number of clauses from which on a text is read once for all of them."""
_ALNUM = regex(r"[^\W_]+")


class Highlighter:
    """Finds the clauses of a query in the text of paragraphs."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._nodes = [clause.node for clause in clauses]
        self._words: dict[str, set[int]] = {}
        """The indexes of the clauses with each word."""
        self._phrases: dict[tuple[str, ...], set[int]] = {}
        """The indexes of the clauses with each sequence of several terms."""
        for index, node in enumerate(self._nodes):
            for sequence in term_sequences(node):
                if len(sequence.terms) == 1:
                    self._words.setdefault(sequence.terms[0], set()).add(index)
                elif sequence.terms:
                    self._phrases.setdefault(sequence.terms, set()).add(index)

    def clauses(self, text: str) -> set[int]:
        """Return the indexes of the clauses in a text; the words of a phrase may be anywhere."""
        present = frozenset(terms(text))
        found = {index for word in self._words.keys() & present for index in self._words[word]}
        for phrase, indexes in self._phrases.items():
            if present.issuperset(phrase):
                found |= indexes
        return found

    def clauses_as_written(self, text: str) -> set[int]:
        """Return the indexes of clauses in a text that spells them as the index does.

        The text is not analysed, which takes a quarter of the time or less.
        """
        lower = text.lower()
        found: set[int] = set()
        if len(self._nodes) > _FEW:
            return self._among_many(lower)
        for index, prefix, words, phrases in self._patterns:
            if words and prefix in lower:
                for word in words:
                    if word in lower and _has_word(word, lower):
                        found.add(index)
                        break
                else:
                    if phrases and phrases.search(lower):
                        found.add(index)
            elif phrases and phrases.search(lower):
                found.add(index)
        return found

    def _among_many(self, lower: str) -> set[int]:
        """Return the same for many clauses, by the words of a text in lower case."""
        words = set(_ALNUM.findall(lower))
        found = {index for word in self._words.keys() & words for index in self._words[word]}
        for word, indexes in self._odd_words.items():
            if not found.issuperset(indexes) and _has_word(word, lower):
                found |= indexes
        for index, runs, pattern in self._phrase_patterns:
            if index not in found and any(map(words.issuperset, runs)) and pattern.search(lower):
                found.add(index)
        return found

    @cached_property
    def _odd_words(self) -> dict[str, set[int]]:
        """The words with other signs than letters and digits, and the indexes of their clauses."""
        return {word: each for word, each in self._words.items() if not word.isalnum()}

    @cached_property
    def _phrase_patterns(self) -> list[tuple[int, list[list[str]], re.Pattern[str]]]:
        """For each clause with phrases: its index, the plain words of each, their pattern."""
        return [
            (index, [[*filter(str.isalnum, run)] for run in runs if len(run) > 1], pattern)
            for (index, _, _, pattern), runs in zip(self._patterns, self._runs, strict=True)
            if pattern
        ]

    @cached_property
    def _runs(self) -> list[list[tuple[str, ...]]]:
        """The terms of the sequences of each clause."""
        return [[each.terms for each in term_sequences(node)] for node in self._nodes]

    @cached_property
    def _patterns(self) -> list[tuple[int, str, list[str], re.Pattern[str] | None]]:
        """For each clause: its index, the common prefix of its words, the words, its phrases."""
        found = []
        for index, runs in enumerate(self._runs):
            words = [run[0] for run in runs if len(run) == 1]
            phrases = "|".join(r"\W+".join(run) for run in runs if len(run) > 1)
            pattern = re.compile(rf"\b(?:{phrases})\b") if phrases else None
            prefix = commonprefix(words)  # noqa: RUF071 - of characters
            found.append((index, prefix, words, pattern))
        return found

    def spans(
        self,
        text: str,
        mentions: Iterable[tuple[int, int, int]] = (),
        *,
        is_folded: bool = False,
    ) -> list[Span]:
        """Return the ranges of a text that match a clause, sorted by offset.

        `mentions` are those of entities that the query names: start, end, and index of the clause.
        `is_folded` is whether folding the text is known to change nothing.
        """
        spans = [Span(*mention) for mention in mentions]
        words = Words(text, is_folded=is_folded)
        runs = [((word,), self._words[word]) for word in words.among(self._words.keys())]
        for run, indexes in (*runs, *self._phrases.items()):
            for start, end in words.find(run):
                spans += [Span(start, end, index) for index in indexes]
        return sorted(spans)


def _has_word(word: str, text: str) -> bool:
    """Return whether a text contains a word as a whole word; much faster than a pattern."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and text[start - 1].isalnum()) and not text[end : end + 1].isalnum():
            return True
        start = text.find(word, end)
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
    """Return the range of a text around its best matches."""
    first_start, last_end = _best_matches(spans, weights, width)
    spare = max(0, width - (last_end - first_start))
    start = max(0, first_start - spare // 2)
    latest = max(last_end, first_start + width) + _SLACK
    ranges = [*takewhile(lambda each: each[0] <= latest, each_sentence(text))]
    starts = [begin for begin, _ in ranges if start - _SLACK <= begin <= first_start]
    if start and starts:
        start = starts[0]
    elif start:
        # The first word that begins here, but not after the matches
        while start < first_start and not (text[start - 1].isspace() and not text[start].isspace()):
            start += 1
    end = min(len(text), max(last_end, start + width))
    ends = [stop for _, stop in ranges if last_end <= stop <= end + _SLACK]
    if ends:
        return start, ends[-1]
    while last_end < end < len(text) and not text[end].isspace():
        end -= 1
    return start, end


def _best_matches(spans: Sequence[Span], weights: Sequence[float], width: int) -> tuple[int, int]:
    """Return the start of the first and the end of the last match in the best window."""
    best = (0.0, 0, 0, 0)
    """The value of a window, its number of matches, and its range."""
    inside: Counter[int] = Counter()
    value, stop = 0.0, 0
    for index, first in enumerate(spans):
        while stop < len(spans) and spans[stop].end <= first.start + width:
            clause = spans[stop].clause
            value += 0 if inside[clause] else weights[clause]
            inside[clause] += 1
            stop += 1
        if stop <= index:
            stop = index + 1
            continue
        if (value, stop - index) > best[:2]:
            best = (value, stop - index, first.start, max(span.end for span in spans[index:stop]))
        inside[first.clause] -= 1
        value -= 0 if inside[first.clause] else weights[first.clause]
    return best[2:]
