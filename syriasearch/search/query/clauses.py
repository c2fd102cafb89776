"""Nodes of a plan: the conditions that an article must meet to match a clause."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ...entities.names.alias_lookup import NamedEntity
from ...store.schema import quote_terms
from .syntax import Near, Unit

MAX_NEAR_PAIRS = 200
"""The maximum number of combinations of words in a NEAR of FTS5; beyond it the text is checked."""


@dataclass(frozen=True, slots=True)
class _Terms:
    terms: tuple[str, ...]


class Terms(_Terms):
    """Any of these terms: the forms of a word, or the words with a prefix."""

    __slots__ = ()


class TermSequence(_Terms):
    """These terms in sequence."""

    __slots__ = ()

    @property
    def quoted(self) -> str:
        """The run as a quoted FTS5 phrase."""
        return quote_terms(self.terms)


@dataclass(frozen=True, slots=True)
class Proximity:
    """Runs in one paragraph, each near the next; any of the runs of an item will do."""

    items: tuple[tuple[TermSequence, ...], ...]
    unit: Unit
    distance: int
    ordered: bool

    @property
    def decided_by_index(self) -> bool:
        """Whether FTS5 decides it alone, without checking the text for order and sentences."""
        if self.ordered or self.unit == "sentence":
            return False
        pairs = math.prod(map(len, self.items))
        return self.unit == "paragraph" or (len(self.items) == 2 and pairs <= MAX_NEAR_PAIRS)


@dataclass(frozen=True, slots=True)
class Mentions:
    """A mention of any of these entities."""

    entities: tuple[NamedEntity, ...]


@dataclass(frozen=True, slots=True)
class TitleOnly:
    """A match within the title."""

    node: Node


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """A column of the article that has any of these values."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateRange:
    """A date of publication in a range: from `first` (inclusive) to `behind` (exclusive).

    Either end may be None, for a range without it.
    """

    first: str | None
    behind: str | None


@dataclass(frozen=True, slots=True)
class Conjunction:
    """All of these nodes, anywhere in the article, and none of those in `without`.

    With no nodes at all it matches every article.
    """

    nodes: tuple[Node, ...]
    without: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Disjunction:
    """Any of these nodes."""

    nodes: tuple[Node, ...]


Node = (
    Terms
    | TermSequence
    | Proximity
    | Mentions
    | TitleOnly
    | FieldMatch
    | DateRange
    | Conjunction
    | Disjunction
)


def runs_of(node: Node) -> Iterator[TermSequence]:
    """Yield the runs of terms that may occur in a text that matches a node."""
    if isinstance(node, Terms):
        yield from (TermSequence((term,)) for term in node.terms)
    elif isinstance(node, TermSequence):
        yield node
    elif isinstance(node, Proximity):
        for runs in node.items:
            yield from runs
    elif isinstance(node, (Conjunction, Disjunction)):
        for each in node.nodes:
            yield from runs_of(each)


def mentioned(node: Node) -> Iterator[NamedEntity]:
    """Yield the entities whose mentions match a node."""
    if isinstance(node, Mentions):
        yield from node.entities
    elif isinstance(node, (Conjunction, Disjunction)):
        for each in node.nodes:
            yield from mentioned(each)


def describe(node: Node) -> str:
    """Return a description, on one line, of what matches a node."""
    if isinstance(node, Terms):
        return " | ".join(node.terms)
    if isinstance(node, TermSequence):
        return node.quoted
    if isinstance(node, Mentions):
        return " | ".join(f"{each.name} ({each.type})" for each in node.entities) or "nobody"
    if isinstance(node, FieldMatch):
        return f"{node.column} {' | '.join(node.values) or 'of none'}"
    if isinstance(node, DateRange):
        parts = [f"from {node.first}" if node.first else "", f"before {node.behind}"]
        return "published " + " ".join(parts[: 2 if node.behind else 1]).strip()
    if isinstance(node, TitleOnly):
        return f"in the title {describe(node.node)}"
    if isinstance(node, Proximity):
        near = Near((), node.unit, node.distance, node.ordered).operator
        items = (" | ".join(" ".join(run.terms) for run in runs) for runs in node.items)
        return f" {near} ".join(f"({item})" for item in items)
    joint = " + " if isinstance(node, Conjunction) else " | "
    text = joint.join(map(describe, node.nodes))
    without = node.without if isinstance(node, Conjunction) else ()
    return " ".join([text or "everything", *(f"without {describe(each)}" for each in without)])
