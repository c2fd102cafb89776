"""Proximity: whether words are as close to each other in a text as a query requires."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from ..text.patterns import regex
from ..text.sentences import sentences
from ..text.tokenize import term_lines, terms
from .query.clauses import Proximity, TermSequence
from .query.syntax import NearOperator

ENOUGH = 3
"""The maximum number of matching paragraphs looked for in an article: more add little to the
score."""
MANY = 20_000
"""The number of candidate paragraphs from which on one match per article is enough."""

_PLAIN = regex("[\\x20-~“”‘’–—…]*")
"""A text in which folding joins no letters, but at apostrophes and in acronyms with full stops."""
_APOSTROPHE = regex("['`‘’]")
_JOINED = regex(r"\.\w")
GLANCE = 500
"""The maximum number of characters between two words that are found without folding."""

_Range = tuple[int, int]
"""The indexes of the first and the last term of a sequence."""


class ProximityMatcher:
    """A check whether paragraphs have a sequence of each item, each close enough to the next."""

    def __init__(self, node: Proximity) -> None:
        self._node = node
        self._at_a_glance = _at_a_glance(node)

        self._in_terms = _in_terms_pattern(node)
        words = {word for item in node.items for each in item for word in each.terms}
        self._has_plain_words = all(word.isascii() and word.isalpha() for word in words)

    def match_at_a_glance(self, texts: Iterable[str]) -> list[bool]:
        """Return whether each paragraph matches as it is written; others may match, too."""
        search = self._at_a_glance.search if self._at_a_glance else lambda text: None
        return [search(text.lower()) is not None for text in texts]

    def match_analysed(self, texts: Iterable[str]) -> list[bool]:
        """Return whether each paragraph matches, from its terms."""
        return list(map(self._matches_analysed, texts))

    def matches(self, texts: Sequence[str]) -> list[bool]:
        """Return whether each paragraph matches."""
        glances = zip(self.match_at_a_glance(texts), texts, strict=True)
        return [found or self._matches_analysed(text) for found, text in glances]

    @property
    def reads_folded(self) -> bool:
        """Whether it can be told from the folded text, which takes a third of the time."""
        return self._in_terms is not None

    def match_folded(self, folded: Sequence[str]) -> list[bool]:
        """Return whether each paragraph matches, from its folded text (see `reads_folded`)."""
        search = self._in_terms.search if self._in_terms else lambda text: None
        return [search(f" {line} ") is not None for line in term_lines(folded)]

    def _matches_analysed(self, text: str) -> bool:
        if self._node.operator.unit == "sentence":
            return any(self._matches_sentence(text[start:end]) for start, end in sentences(text))
        return _matches(terms(text), self._node)

    def _matches_sentence(self, sentence: str) -> bool:
        # Most sentences lack a word, and it takes a tenth of the time to see that without folding.
        if self._has_plain_words and _PLAIN.fullmatch(sentence) and not _JOINED.search(sentence):
            lower = _APOSTROPHE.sub("", sentence.lower())
            if not all(any(each.terms[0] in lower for each in item) for item in self._node.items):
                return False
        return _matches(terms(sentence), self._node)


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
        rf"(?:{'|'.join(_at_start(each.terms) for each in item)})(?![\w'’])" for item in node.items
    )
    ways = [one + between + other, *([] if operator.ordered else [other + between + one])]
    return re.compile("|".join(ways))


def _at_start(sequence: Sequence[str]) -> str:
    """Return a pattern of terms that begins with letters, for which a text is searched faster."""
    first, *others = sequence
    return " +".join([rf"{first}(?<=(?<![\w'’]){first})", *others])


def _in_terms_pattern(node: Proximity) -> re.Pattern[str] | None:
    """Return a pattern of the terms of all matches, if there are two items within some words."""
    operator = node.operator
    if len(node.items) != 2 or operator.unit != "words":
        return None
    one, other = ("|".join(" +".join(each.terms) for each in item) for item in node.items)
    between = rf"(?: +[^ ]+){{0,{operator.distance}}} +"
    ways = [(one, other), *([] if operator.ordered else [(other, one)])]
    return re.compile("|".join(rf" (?:{first}){between}(?:{second}) " for first, second in ways))


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
