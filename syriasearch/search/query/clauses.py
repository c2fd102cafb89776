"""The plan of a query: its clauses, and the conditions that an article must meet to match them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from ...entities.names.name_lookup import NamedEntity
from ...store.schema import quote_terms
from .syntax import Field, NearOperator, Word

MAX_NEAR_PAIRS = 200
"""The maximum number of combinations of words in a NEAR of FTS5; beyond it the text is checked."""


@dataclass(frozen=True)
class _Terms:
    terms: tuple[str, ...]


class Terms(_Terms):
    """Any of these terms: the forms of a word, or the words with a prefix."""


class TermSequence(_Terms):
    """These terms in sequence."""

    @property
    def quoted(self) -> str:
        """The sequence as a quoted FTS5 phrase."""
        return quote_terms(self.terms)


@dataclass(frozen=True, slots=True)
class AnySequence:
    """Any of these sequences of terms: the spellings of a compound."""

    sequences: tuple[TermSequence, ...]


@dataclass(frozen=True, slots=True)
class Proximity:
    """Sequences in one paragraph, each near the next; any of the sequences of an item will do."""

    items: tuple[tuple[TermSequence, ...], ...]
    operator: NearOperator

    @property
    def decided_by_index(self) -> bool:
        """Whether FTS5 decides it alone, without checking the text for order and sentences."""
        unit, _, ordered = self.operator
        return not ordered and (unit == "paragraph" or (unit == "words" and self.fits_near))

    @property
    def fits_near(self) -> bool:
        """Whether it can be asked as NEAR: two items with few combinations of their sequences."""
        return len(self.items) == 2 and math.prod(map(len, self.items)) <= MAX_NEAR_PAIRS


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
    """A date of publication from `start` (inclusive) to `end` (exclusive); None for no limit."""

    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Conjunction:
    """All of these nodes, anywhere in the article, and none of those that are excluded.

    With no nodes at all it matches every article.
    """

    nodes: tuple[Node, ...]
    excluded: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Disjunction:
    """Any of these nodes."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class WordsApart:
    """All of these nodes, anywhere in the article: the words of a name that is not written there.

    Any other match of the name counts more.
    """

    nodes: tuple[Node, ...]


Node = (
    Terms
    | TermSequence
    | AnySequence
    | Proximity
    | Mentions
    | TitleOnly
    | FieldMatch
    | DateRange
    | Conjunction
    | Disjunction
    | WordsApart
)


class Clause(NamedTuple):
    """A part of the query, and the conditions for an article to match it."""

    label: str
    """The clause as it was typed."""
    node: Node
    negated: bool = False
    optional: bool = False
    """Whether articles may lack it, and are not found by it alone."""
    field: bool = False
    """Whether even partial hits must match it."""
    weak: Node | None = None
    """The condition for a partial match."""
    weight: float = 1.0
    """The factor for its score."""
    bonus: bool = False
    """Whether it only adds to scores: it finds no hit, and no answer mentions it."""

    def with_other(self, node: Node) -> Clause:
        """Return the clause with another node that matches it, too."""
        nodes = self.node.nodes if isinstance(self.node, Disjunction) else (self.node,)
        return self._replace(node=Disjunction((*nodes, node)))

    def describe(self) -> str:
        """Return a description, on one line, of how the clause was understood."""
        role = "not " if self.negated else "optional " if self.optional else ""
        if self.bonus:
            role = "as a name " if isinstance(self.node, Mentions) else "side by side "
        return f"{role}{self.label}: {describe(self.node)}"


class Reading(NamedTuple):
    """Words of a query, or a field, that were read as a name which no alias is spelt like.

    Or a word, read as one of the archive that it is a slip of.
    """

    label: str
    """The words as they were typed."""
    start: int
    """Where they begin in the text of the query."""
    end: int
    entities: tuple[NamedEntity, ...] = ()
    """The entities that the name means; none if the word was read as another word."""
    correction: str = ""
    """The word that a word was read as; empty for a name."""


class Plan(NamedTuple):
    """A query ready to be executed."""

    clauses: tuple[Clause, ...]
    unknown: tuple[Word | Field, ...]
    """Words and values of fields that no article of the archive has in any form."""
    everything: bool
    """Whether the query is empty, and so matches everything."""
    readings: tuple[Reading, ...] = ()
    """The words that were read as a name by their spelling, or as other words."""
    unsure: tuple[str, ...] = ()
    """Runs of words that may be names, but are not read as such."""

    @property
    def required(self) -> tuple[Clause, ...]:
        """The clauses that a full hit matches and a partial hit may lack."""
        return tuple(each for each in self.scored if not (each.optional or each.field))

    @property
    def shown(self) -> tuple[Clause, ...]:
        """The clauses that are in the query, negated ones excepted: all scored ones but bonuses."""
        return tuple(clause for clause in self.scored if not clause.bonus)

    @property
    def scored(self) -> tuple[Clause, ...]:
        """The clauses that add to a score or narrow the hits: all but the negated ones."""
        return tuple(clause for clause in self.clauses if not clause.negated)


def loosened(node: Node) -> Node:
    """Return a node that shows where a text has the words of a name, though they are apart."""
    if isinstance(node, TitleOnly):
        return TitleOnly(loosened(node.node))
    if isinstance(node, (Disjunction, WordsApart)):
        return Disjunction(tuple(map(loosened, node.nodes)))
    if isinstance(node, Conjunction):
        return Conjunction(tuple(map(loosened, node.nodes)), node.excluded)
    return node


def find_leaves(node: Node) -> Iterator[Node]:
    """Yield the nodes of a tree that are neither conjunctions nor disjunctions.

    Words apart are a leaf: where an article has the name itself, they show nothing.
    """
    if isinstance(node, (Conjunction, Disjunction)):
        for each in node.nodes:
            yield from find_leaves(each)
    else:
        yield node


def term_sequences(node: Node) -> Iterator[TermSequence]:
    """Yield the sequences of terms that may occur in a text that matches a node."""
    for leaf in find_leaves(node):
        if isinstance(leaf, Terms):
            yield from (TermSequence((term,)) for term in leaf.terms)
        elif isinstance(leaf, TermSequence):
            yield leaf
        elif isinstance(leaf, AnySequence):
            yield from leaf.sequences
        elif isinstance(leaf, Proximity):
            for sequences in leaf.items:
                yield from sequences


def mentioned_entities(node: Node) -> Iterator[NamedEntity]:
    """Yield the entities whose mentions match a node."""
    for leaf in find_leaves(node):
        if isinstance(leaf, Mentions):
            yield from leaf.entities


def to_match(node: Node) -> str:
    """Return the FTS5 query that finds the paragraphs of a node; empty if it cannot match any.

    A paragraph need not match all nodes of a Conjunction, which applies to the article. It does
    match all items of a Proximity, but order and sentences have to be checked in its text.
    """
    if not isinstance(node, Proximity):
        return " OR ".join(run.quoted for run in dict.fromkeys(term_sequences(node)))
    if node.operator.unit == "words" and node.fits_near:
        return " OR ".join(
            f"NEAR({' '.join(run.quoted for run in pair)}, {node.operator.distance})"
            for pair in product(*node.items)
        )
    return " AND ".join(f"({' OR '.join(run.quoted for run in runs)})" for runs in node.items)


def describe(node: Node) -> str:
    """Return a description, on one line, of what matches a node."""
    match node:
        case Terms(terms):
            return " | ".join(terms)
        case TermSequence():
            return node.quoted
        case AnySequence(sequences):
            return " | ".join(each.quoted for each in sequences)
        case Mentions(entities):
            return " | ".join(f"{each.name} ({each.type})" for each in entities) or "nobody"
        case FieldMatch(column, values):
            return f"{column} {' | '.join(values) or 'of none'}"
        case DateRange(start, end):
            limits = {"from": start, "before": end}
            return " ".join(["published", *(f"{at} {day}" for at, day in limits.items() if day)])
        case TitleOnly(inner):
            return f"in the title {describe(inner)}"
        case Proximity(items, operator):
            alternatives = (" | ".join(" ".join(run.terms) for run in runs) for runs in items)
            return f" {operator} ".join(f"({item})" for item in alternatives)
        case WordsApart(nodes):
            return f"the words apart ({') + ('.join(map(describe, nodes))})"
        case Disjunction(nodes):
            return " | ".join(map(describe, nodes)) or "everything"
        case Conjunction(nodes, excluded):
            text = " + ".join(map(describe, nodes)) or "everything"
            return " ".join([text, *(f"without {describe(each)}" for each in excluded)])
