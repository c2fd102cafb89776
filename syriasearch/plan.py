"""What must the index be asked so that a query is answered?

A query becomes clauses: a word in any of its forms, a phrase, a name however it is spelt. Each
clause is a small tree of what counts as having it. This module is the only one that writes the
strings FTS5 is asked with: quoted terms joined by OR, nothing a user typed unparsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import QuerySyntaxError
from .lexicon import Lexicon, NamedEntity, is_stop_word
from .query import Not, Phrase, Query, Word
from .text import name_key, terms, without_articles

MAX_NAME_WORDS = 8
"""The longest run of words that is looked up as a name."""

MAX_RUN = 100
"""The longest phrase that is looked for, in terms."""

_POSSESSIVE = re.compile(r"['’][sS]\W*$")


@dataclass(frozen=True, slots=True)
class Terms:
    """Any of these terms: a word's class."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """These terms one after the other."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """A mention of any of these entities."""

    entities: tuple[NamedEntity, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these, anywhere in the article."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any of these."""

    nodes: tuple[Node, ...]


Node = Terms | Run | Mentions | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Clause:
    """Something that the query asks, and what counts as having it."""

    label: str
    """As it was typed."""
    node: Node
    negated: bool = False
    stop: bool = False
    """Whether articles may lack it."""

    def describe(self) -> str:
        """Return one line that tells how the clause was understood."""
        role = "not " if self.negated else "optional " if self.stop else ""
        return f"{role}{self.label}: {_describe(self.node)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A query, ready to be answered."""

    clauses: tuple[Clause, ...]
    unknown: tuple[str, ...]
    """Terms that the archive does not have in any form."""
    everything: bool
    """Whether the query asks nothing, and so finds everything."""

    @property
    def required(self) -> tuple[Clause, ...]:
        """The clauses that a full hit has."""
        return tuple(clause for clause in self.clauses if not (clause.negated or clause.stop))

    @property
    def scored(self) -> tuple[Clause, ...]:
        """The clauses that add to a score."""
        return tuple(clause for clause in self.clauses if not clause.negated)


def make_plan(query: Query, lexicon: Lexicon) -> Plan:
    """Plan a query against the words and names of one archive.

    Raises QuerySyntaxError for a phrase, or a word with hyphens, of more than MAX_RUN terms.
    """
    for item in query.items:
        leaf = item.item if isinstance(item, Not) else item
        if len(terms(leaf.text)) > MAX_RUN:
            raise QuerySyntaxError(
                query.text, f"a phrase has at most {MAX_RUN} words: shorten it", leaf.position
            )
    clauses: list[Clause] = []
    words: list[str] = []
    unknown: list[str] = []

    def end_of_words() -> None:
        clauses.extend(_word_clauses(words, lexicon, unknown))
        words.clear()

    for item in query.items:
        if isinstance(item, Word):
            words.append(item.text)
            continue
        end_of_words()
        if isinstance(item, Phrase):
            clauses.extend(_phrase_clause(item.text))
        else:
            inner = item.item
            found = (
                _phrase_clause(inner.text)
                if isinstance(inner, Phrase)
                else _word_clauses([inner.text], lexicon, [])
            )
            clauses.extend(Clause(clause.label, clause.node, negated=True) for clause in found)
    end_of_words()
    if all(clause.stop for clause in clauses if not clause.negated):
        # Nothing but stop words was asked, so they are what is asked.
        clauses = [Clause(each.label, each.node, each.negated) for each in clauses]
    # What is asked twice is asked once.
    return Plan(
        tuple(dict.fromkeys(clauses)), tuple(dict.fromkeys(unknown)), not query.text.strip()
    )


def _phrase_clause(text: str) -> Iterator[Clause]:
    run = tuple(terms(text))
    if run:
        yield Clause(f'"{text}"', Run(run))


def _word_clauses(words: list[str], lexicon: Lexicon, unknown: list[str]) -> Iterator[Clause]:
    """Cut a run of words into names, the longest first, and single words."""
    shouted = all(word.isupper() for word in words if word.isalpha())
    position = 0
    while position < len(words):
        for length in range(min(MAX_NAME_WORDS, len(words) - position), 0, -1):
            label = " ".join(words[position : position + length])
            key = name_key(_POSSESSIVE.sub("", label))
            entities = lexicon.entities(key) if key else ()
            if entities or length == 1:
                break
        group = words[position : position + length]
        nodes = [node for word in group if (node := _word_node(word, lexicon, unknown, entities))]
        position += length
        if entities:
            literal = nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))
            yield Clause(
                label, AnyOf((Mentions(entities), literal)) if nodes else Mentions(entities)
            )
        elif nodes:
            word = terms(label)
            stop = len(word) == 1 and is_stop_word(word[0])
            # WHO and IT, typed as such, are names.
            yield Clause(label, nodes[0], stop=stop and (shouted or not label.isupper()))


def _word_node(
    word: str, lexicon: Lexicon, unknown: list[str], entities: tuple[NamedEntity, ...]
) -> Node | None:
    """Return what counts as having a word: its class, or a run where it has several terms."""
    parts = tuple(terms(_POSSESSIVE.sub("", word)))
    if not parts:
        return None
    bare = without_articles(parts)
    if len(bare) > 1:
        if not entities:
            unknown.extend(part for part in bare if not lexicon.knows(part))
        return Run(parts)
    forms = lexicon.word_class(bare[0])
    if not forms and not entities:
        unknown.append(bare[0])
    return Terms(forms or (bare[0],))


def to_match(node: Node) -> str:
    """Return the string that FTS5 finds the paragraphs with, empty where it finds none.

    A paragraph need not have all of an AllOf: those are for the article to have.
    """
    return " OR ".join(_match_strings(node))


def _match_strings(node: Node) -> Iterator[str]:
    if isinstance(node, Terms):
        yield from (f'"{term}"' for term in node.terms)
    elif isinstance(node, Run):
        yield f'"{" ".join(node.terms)}"'
    elif isinstance(node, (AllOf, AnyOf)):
        for each in node.nodes:
            yield from _match_strings(each)


def mentioned(node: Node) -> Iterator[NamedEntity]:
    """Yield the entities whose mentions count."""
    if isinstance(node, Mentions):
        yield from node.entities
    elif isinstance(node, (AllOf, AnyOf)):
        for each in node.nodes:
            yield from mentioned(each)


def _describe(node: Node) -> str:
    if isinstance(node, Terms):
        return " | ".join(node.terms)
    if isinstance(node, Run):
        return f'"{" ".join(node.terms)}"'
    if isinstance(node, Mentions):
        return " | ".join(f"{entity.name} ({entity.type})" for entity in node.entities)
    joint = " + " if isinstance(node, AllOf) else " | "
    return joint.join(_describe(each) for each in node.nodes)
