"""The planner: what the index has to be asked to answer a query.

A query becomes clauses: a word in any of its forms, a phrase, a name in any spelling, words near
each other, a property of the article. Each clause is a tree of conditions. This module is the only
one that writes the strings for FTS5: quoted terms joined by OR, AND and NEAR, and never text from a
user that was not parsed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from ...entities.names.alias_lookup import NamedEntity
from ...errors import QuerySyntaxError
from ...models.entity import ENTITY_TYPES
from ...text.arabic import name_key, name_stem, without_articles
from ...text.dates import period
from ...text.normalize import POSSESSIVES, without_possessive
from ...text.stopwords import is_stop_word
from ...text.tokenize import terms
from .clauses import (
    MAX_NEAR_PAIRS,
    Conjunction,
    DateRange,
    Disjunction,
    FieldMatch,
    Mentions,
    Node,
    Proximity,
    Terms,
    TermSequence,
    TitleOnly,
    describe,
    runs_of,
)
from .lexicon import Lexicon
from .name_spotting import NameSpotter
from .syntax import And, Field, Item, Leaf, Near, Not, Or, Phrase, Prefix, Query, Word

MAX_NAME_WORDS = 8
"""The maximum number of words in a run that is looked up as a name."""
MAX_RUN = 100
"""The maximum number of terms in a phrase."""
MAX_PREFIX_WORDS = 500
"""The maximum number of words with a prefix; a prefix of more is an error."""

STOP_WEIGHT = 0.25
"""The weight of a stop word, compared with 1 for other words."""
LONGEST_PARTICLE = 2
"""The maximum length of a particle, in characters.

The parts of a compound with such a particle are not searched for separately: de-escalation, S-400.
"""

_INNER = re.compile(f"[{POSSESSIVES}](?=[sS])")
"""An apostrophe folded as a possessive, but possibly part of a name: Ra's al-Ayn."""
ENTITY_FIELDS = {
    "person": ("person",),
    "org": ("organization", "group"),
    "group": ("group",),
    "place": ("place",),
    "event": ("event",),
    "entity": ENTITY_TYPES,
}
"""The types of entities that each field of a query may name."""


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

    def describe(self) -> str:
        """Return a description, on one line, of how the clause was understood."""
        role = "not " if self.negated else "optional " if self.optional else ""
        return f"{role}{self.label}: {describe(self.node)}"


class Plan(NamedTuple):
    """A query ready to be executed."""

    clauses: tuple[Clause, ...]
    unknown: tuple[Word | Field, ...]
    """Words and values of fields that no article of the archive has in any form."""
    everything: bool
    """Whether the query is empty, and so matches everything."""

    @property
    def required(self) -> tuple[Clause, ...]:
        """The clauses that a full hit matches and a partial hit may lack."""
        return tuple(each for each in self.scored if not (each.optional or each.field))

    @property
    def scored(self) -> tuple[Clause, ...]:
        """The clauses that add to a score or narrow the hits: all but the negated ones."""
        return tuple(clause for clause in self.clauses if not clause.negated)


def make_plan(query: Query, lexicon: Lexicon, *, exact: bool = False) -> Plan:
    """Plan a query with the words and names of an archive.

    With `exact` a word matches only itself, as in quotation marks. Raises QuerySyntaxError for a
    phrase of more than MAX_RUN terms or a prefix of more than MAX_PREFIX_WORDS words.
    """
    planner = _Planner(query, lexicon, exact)
    root = query.root
    items = root.items if isinstance(root, And) else () if root is None else (root,)
    clauses = list(planner.clauses(items))
    if all(clause.optional for clause in clauses if not (clause.negated or clause.field)):
        # The query consists only of stop words, so they are required.
        clauses = [
            Clause(each.label, each.node, each.negated, field=each.field) for each in clauses
        ]
    return Plan(
        # A repeated clause is merged into one with a multiplied weight.
        clauses=tuple(
            clause._replace(weight=clause.weight * count)
            for clause, count in Counter(clauses).items()
        ),
        unknown=tuple(dict.fromkeys(planner.unknown)),
        everything=not query.text.strip(),
    )


class _Planner:
    def __init__(self, query: Query, lexicon: Lexicon, exact: bool) -> None:
        self.unknown: list[Word | Field] = []
        self._query = query
        self._lexicon = lexicon
        self._exact = exact
        self._namings = NameSpotter(lexicon)
        words = [word for word in query.text.split() if word.isalpha()]
        self._shouted = all(word.isupper() for word in words)

    def clauses(self, items: Iterable[Item]) -> Iterator[Clause]:
        """Yield the clauses of a conjunction; words in a row may be a name."""
        words: list[Word] = []
        for item in items:
            if isinstance(item, Word) and not self._exact:
                words.append(item)
                continue
            yield from self._word_clauses(words)
            words.clear()
            if isinstance(item, Not):
                unknown = len(self.unknown)
                yield Clause(str(item.item), self._node(item.item), negated=True)
                del self.unknown[unknown:]
            else:
                yield Clause(str(item), self._node(item), field=isinstance(item, Field))
        yield from self._word_clauses(words)

    def _node(self, item: Item) -> Node:
        if isinstance(item, Leaf):
            return self._leaf(item)
        if isinstance(item, Field):
            return self._field(item)
        if isinstance(item, Near):
            runs = tuple(tuple(dict.fromkeys(self._runs(each))) for each in item.items)
            return Proximity(runs, item.unit, item.distance, item.ordered)
        if isinstance(item, Or):
            return Disjunction(tuple(map(self._node, item.items)))
        items = item.items if isinstance(item, And) else (item,)
        clauses = [clause for clause in self.clauses(items) if not clause.optional]
        return Conjunction(
            tuple(clause.node for clause in clauses if not clause.negated),
            tuple(clause.node for clause in clauses if clause.negated),
        )

    def _leaf(self, item: Leaf) -> Node:
        if isinstance(item, Prefix):
            return self._prefix(item)
        if isinstance(item, Phrase) or self._exact:
            return self._run(item)
        (clause,) = self._word_clauses([item])
        return clause.node

    def _run(self, item: Leaf) -> TermSequence:
        run = tuple(terms(item.text))
        if len(run) > MAX_RUN:
            raise QuerySyntaxError(
                self._query.text,
                f"a phrase has at most {MAX_RUN} words: shorten it",
                item.position,
            )
        return TermSequence(run)

    def _prefix(self, item: Prefix) -> Node:
        *before, last = self._run(item).terms
        words = self._lexicon.begins(last, MAX_PREFIX_WORDS + 1)
        if len(words) > MAX_PREFIX_WORDS:
            raise QuerySyntaxError(
                self._query.text,
                f"more than {MAX_PREFIX_WORDS} words begin with {last!r}: type more letters",
                item.position,
            )
        if before:
            return Disjunction(tuple(TermSequence((*before, word)) for word in words or [last]))
        return Terms(tuple(words) or (last,))

    def _word_clauses(self, words: list[Word]) -> Iterator[Clause]:
        """Split a run of words into names, the longest first, and single words."""
        position = 0
        spelt = self._namings.runs([word.text for word in words])
        while position < len(words):
            longest = min(MAX_NAME_WORDS, len(words) - position)
            if longest > 1 and not self._begins_name(words[position], words[position + 1]):
                longest = 1
            anew, bearers = spelt.get(position, (1, ()))
            for length in range(max(longest, anew), 0, -1):
                label = " ".join(word.text for word in words[position : position + length])
                entities = self._named(label)
                if not entities and length == anew:
                    entities = bearers or self._namings.word(label)
                if entities or length == 1:
                    break
            group = words[position : position + length]
            position += length
            if entities:
                yield self._name(label, group, entities)
            else:
                word = terms(label)
                stop = len(word) == 1 and is_stop_word(word[0])
                # WHO and IT, typed in capitals, are names.
                named = label.isupper() and len(label) > 1 and not self._shouted
                optional = stop and not named
                yield Clause(
                    label,
                    self._word(group[0]),
                    optional=optional,
                    weak=self._parts(word),
                    weight=STOP_WEIGHT if optional else 1.0,
                )

    def _begins_name(self, word: Word, following: Word) -> bool:
        """Return whether a name of several words may begin with a word, which may be an article."""
        both = f"{word.text} {following.text}"
        firsts = {name_key(text).partition(" ")[0] for text in (both, _INNER.sub("", both))}
        return any(not first or self._lexicon.begins_name(first) for first in firsts)

    def _named(self, label: str) -> tuple[NamedEntity, ...]:
        """Return the entities that words may name, with or without a possessive."""
        bare = without_possessive(label)
        keys = dict.fromkeys((name_key(bare), name_key(_INNER.sub("", bare))))
        found = (self._lexicon.entities(key) for key in keys if key)
        return next(filter(None, found), ())

    def _name(self, label: str, words: list[Word], entities: tuple[NamedEntity, ...]) -> Clause:
        """Return the clause of a name: its mentions, or its words in sequence.

        An article with the words elsewhere, not in sequence, matches partially.
        """
        run = without_articles(terms(without_possessive(label)))
        literal: Node = TermSequence(tuple(terms(label)))
        if len(run) == 1:
            key = name_stem(run[0])
            forms = (word for word in self._lexicon.word_class(run[0]) if name_stem(word) == key)
            literal = Terms((run[0], *(word for word in forms if word != run[0])))
        unknown = len(self.unknown)
        weak = Conjunction(tuple(map(self._word, words))) if len(words) > 1 else None
        del self.unknown[unknown:]
        return Clause(label, Disjunction((Mentions(entities), literal)), weak=weak)

    def _word(self, word: Word) -> Node:
        """Return the node of a word: its class of forms, or a run if it has several terms.

        A compound may also be written as one word: cease-fire and ceasefire, Ma'sum and Masum.
        """
        run = self._run(Word(without_possessive(word.text) or word.text, word.position))
        bare = without_articles(run.terms)
        if len(bare) == 1:
            forms = self._lexicon.word_class(bare[0])
            if not forms:
                self.unknown.append(word)
            return Terms(forms or (bare[0],))
        joined = self._lexicon.word_class("".join(bare)) if len(bare) == 2 else ()
        if joined:
            return Disjunction((run, Terms(joined)))
        self.unknown.extend(
            Word(part, word.position) for part in bare if not self._lexicon.knows(part)
        )
        return run

    def _parts(self, run: Iterable[str]) -> Node | None:
        """Return the node of a partial match of a compound: for Iraq-Syria, but not for U.S."""
        parts = without_articles(run)
        if len(parts) < 2 or min(map(len, parts)) <= LONGEST_PARTICLE:
            return None
        return Conjunction(
            tuple(Terms(self._lexicon.word_class(part) or (part,)) for part in parts)
        )

    def _runs(self, item: Item) -> Iterator[TermSequence]:
        """Yield all runs that match an item which is an operand of NEAR."""
        if isinstance(item, Or):
            for each in item.items:
                yield from self._runs(each)
            return
        yield from runs_of(self._node(item))
        if isinstance(item, Word) and not self._exact:
            for entity in self._named(item.text) or self._namings.word(item.text):
                for alias in self._lexicon.aliases(entity.id):
                    run = tuple(terms(alias))
                    if all(map(self._lexicon.knows, run)):
                        yield TermSequence(run)

    def _field(self, item: Field) -> Node:
        if item.name == "title":
            return TitleOnly(self._node(item.value))
        if item.name in ENTITY_FIELDS:
            types = ENTITY_FIELDS[item.name]
            entities = self._lexicon.named(item.value.text, types, exact=self._exact)
            if not entities:
                self.unknown.append(item)
            return Mentions(entities)
        if item.name in ("source", "author", "lang"):
            begins = isinstance(item.value, Prefix)
            values = self._lexicon.values(item.name, item.value.text, begins=begins)
            if not values:
                self.unknown.append(item)
            return FieldMatch(item.name, values)
        first, behind = period(item.value.text)
        if item.name == "after":
            return DateRange(first, None)
        return DateRange(None, first) if item.name == "before" else DateRange(first, behind)


def to_match(node: Node) -> str:
    """Return the FTS5 query that finds the paragraphs of a node; empty if it cannot match any.

    A paragraph need not match all nodes of an AllOf, which applies to the article. It does match
    all items of a Nearby, but order and sentences have to be checked in its text.
    """
    if isinstance(node, Proximity):
        pairs = math.prod(map(len, node.items))
        if node.unit != "words" or len(node.items) > 2 or pairs > MAX_NEAR_PAIRS:
            return " AND ".join(
                f"({' OR '.join(run.quoted for run in runs)})" for runs in node.items
            )
        return " OR ".join(
            f"NEAR({' '.join(run.quoted for run in pair)}, {node.distance})"
            for pair in product(*node.items)
        )
    return " OR ".join(run.quoted for run in dict.fromkeys(runs_of(node)))
