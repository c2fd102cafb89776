"""Finder of names in Arabic script that are not in the gazetteer.

Arabic has no capitals: words are told apart by what they are (`words`) and by the words next to
them. Persons, bodies and places are found by rules of their own; of names that overlap, that of a
body or place that contains another wins, else the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter

from ..matcher import Found
from ..reasons import arabic_reason
from ..rules.rule_finder import Guess
from .bodies import find_bodies
from .persons import LoneNames, find_persons
from .places import find_settlements
from .tokens import Span, Token, clean_name, read_tokens
from .words import Kind
from .world import find_world_names

_BARE = attrgetter("bare")


class ArabicFinder:
    """A finder of names in Arabic script, one article at a time."""

    def find(
        self, paragraphs: Sequence[str], known: Sequence[Sequence[Found]]
    ) -> list[list[Guess]]:
        """Return the names in each paragraph, by offset, given the matches of the gazetteer."""
        texts = [read_tokens(text, found) for text, found in zip(paragraphs, known, strict=True)]
        counts = Counter(map(_BARE, chain.from_iterable(texts)))
        worlds = [list(find_world_names(tokens)) for tokens in texts]
        persons = [
            list(find_persons(tokens, world, counts))
            for tokens, world in zip(texts, worlds, strict=True)
        ]
        lone = LoneNames(texts, [[words for words, _ in found] for found in persons], counts)
        names: list[_Names] = []
        for tokens, found, world in zip(texts, persons, worlds, strict=True):
            these = _Names()
            these.add(span for _, span in found)
            these.add(world)
            these.add(find_bodies(tokens))
            these.add(find_settlements(tokens))
            these.add(lone.find(tokens))
            names.append(these)
        places = _settlements(texts, names)
        guesses = []
        for text, tokens, these in zip(paragraphs, texts, names, strict=True):
            if places:
                these.add(
                    Span(index, index + 1, "place", "again")
                    for index, token in enumerate(tokens)
                    if token.bare in places and token.known is None
                )
            guesses.append([_guess(text, tokens, span) for span in these.spans])
        return guesses


class _Names:
    """The names in a paragraph, without overlaps."""

    def __init__(self) -> None:
        self._at: dict[int, Span] = {}
        """The name that each word is part of."""

    @property
    def spans(self) -> list[Span]:
        """The names, by offset."""
        return sorted(set(self._at.values()))

    def add(self, spans: Iterable[Span]) -> None:
        """Add names that overlap none, or that of a body or place that contains all it overlaps."""
        for span in spans:
            words = range(span.first, span.end)
            inside = {self._at[word] for word in words if word in self._at}
            if inside and (
                span.type in ("person", "") or not all(_contains(span, each) for each in inside)
            ):
                continue
            self._at.update(dict.fromkeys(words, span))


def _contains(span: Span, other: Span) -> bool:
    """Return whether a name contains another, and is longer."""
    longer = span.end - span.first > other.end - other.first
    return longer and span.first <= other.first and other.end <= span.end


def _settlements(texts: Sequence[Sequence[Token]], names: Sequence[_Names]) -> set[str]:
    """Return the words that are called a town or the like somewhere, and are no other words."""
    return {
        tokens[span.first].bare
        for tokens, these in zip(texts, names, strict=True)
        for span in these.spans
        if span.rule == "settlements"
        and span.end == span.first + 1
        and not tokens[span.first].kind & ~Kind.NAME
    }


def _guess(text: str, tokens: Sequence[Token], span: Span) -> Guess:
    first, last = tokens[span.first], tokens[span.end - 1]
    name = span.name or first.written + clean_name(text[first.end : last.end])
    reason = arabic_reason(span.rule, span.type, span.cue, span.name)
    return Guess(first.start, last.end, span.type, span.rule, None, name, reason)
