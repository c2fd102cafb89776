"""Names of events: which of their words an article must have to be on the event.

"Ghouta chemical attack" is asked of articles that have Ghouta and "chemical": the kind of an event
(attack, talks, battle) is written in many ways, so it is left out if the other words are telling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...entities.names.name_lookup import NamedEntity
from ...text.arabic import name_stem, without_articles
from ...text.normalize import without_possessive
from ...text.stopwords import is_stop_word
from ...text.tokenize import terms
from .clauses import Conjunction, Disjunction, Mentions, Node, Terms, WordsApart
from .lexicon import Lexicon
from .syntax import Word

MAX_WORDS = 8
"""The maximum number of words of a name within the name of an event."""
TELLING = 2
"""The number of names and telling words that are enough without the kind of the event."""


class EventPart(NamedTuple):
    """A part of an event's name: a word, or another name."""

    terms: Sequence[str]
    is_name: bool


class EventNames:
    """Maker of the nodes of events' words, which may be anywhere in an article."""

    def __init__(
        self,
        lexicon: Lexicon,
        named: Callable[[str], tuple[NamedEntity, ...]],
        word: Callable[[Word], Node],
        literals: Callable[[str, tuple[NamedEntity, ...]], tuple[str, ...]],
    ) -> None:
        """Plan other names and single words with these functions of the planner.

        `named` returns the entities of a name, `word` the node of a word, and `literals` the words
        that are a name of one word.
        """
        self._lexicon = lexicon
        self._named = named
        self._word = word
        self._literals = literals

    def words_apart(self, name: str) -> WordsApart:
        """Return the node of an event's words: other names among them, and telling words."""
        words = [text for text in name.split() if terms(text)]
        parts: list[EventPart] = []
        nodes: list[Node] = []
        start = 0
        while start < len(words):
            length, entities = self._name_within(words[start : start + MAX_WORDS])
            run = words[start : start + length]
            nodes.append(self._name(run, entities))
            parts.append(EventPart(terms(" ".join(run)), bool(entities)))
            start += length
        return WordsApart(tuple(nodes[number] for number in telling_parts(parts)))

    def _name_within(self, words: Sequence[str]) -> tuple[int, tuple[NamedEntity, ...]]:
        """Return the number of words that are a name, but of no event, and its entities."""
        for length in range(len(words), 0, -1):
            named = self._named(" ".join(words[:length]))
            if entities := tuple(each for each in named if each.type != "event"):
                return length, entities
        return 1, ()

    def _name(self, words: Sequence[str], entities: tuple[NamedEntity, ...]) -> Node:
        """Return the node of a name, or of a word without entities."""
        node: Node = Conjunction(tuple(map(self._anywhere, words)))
        if not entities:
            return node
        bare = without_articles(terms(without_possessive(words[0])))
        single = len(words) == len(bare) == 1
        literal = (Terms(self._literals(bare[0], entities)),) if single else ()
        return Disjunction((Mentions(entities), node, *literal))

    def _anywhere(self, text: str) -> Node:
        """Return the node of a word, or of its terms anywhere if it has several."""
        bare = without_articles(terms(without_possessive(text)))
        parts = [each for each in bare if not is_stop_word(each)]
        # Nobody has the parts of U.S. or 9/11 in mind.
        telling = [part for part in parts if len(part) > (2 if part.isdigit() else 1)]
        word = self._word(Word(text))
        if len(parts) < 2 or not telling:
            return word
        forms = (self._lexicon.word_class(each) or (each,) for each in parts)
        return Disjunction((word, Conjunction(tuple(map(Terms, forms)))))


def telling_parts(parts: Sequence[EventPart]) -> list[int]:
    """Return the indexes of the parts of an event's name that an article must have.

    >>> parts = [EventPart(["ghouta"], True), EventPart(["chemical"], False)]
    >>> telling_parts([*parts, EventPart(["attack"], False)])
    [0, 1]
    >>> telling_parts([parts[0], EventPart(["attack"], False)])
    [0, 1]
    """
    asked = [
        number
        for number, part in enumerate(parts)
        if part.is_name or not all(map(is_stop_word, part.terms))
    ] or list(range(len(parts)))
    kept = [number for number in asked if parts[number].is_name or not _is_kind(parts[number])]
    telling = [number for number in kept if parts[number].is_name or _is_telling(parts[number])]
    words = any(not parts[number].is_name for number in telling)
    return kept if words and len(telling) >= TELLING else asked


def _words(part: EventPart) -> set[str]:
    return set(part.terms) | {name_stem(word) for word in without_articles(part.terms)}


def _is_kind(part: EventPart) -> bool:
    """Return whether a part says of what kind an event is, but not which one."""
    from ...entities.event_dates import event_words

    return not event_words().generic.isdisjoint(_words(part))


def _is_telling(part: EventPart) -> bool:
    """Return whether a word is of this event rather than of others: no people, date or ordinal."""
    from ...entities.event_dates import YEAR, event_words
    from ...entities.rules.cue_words import cue_words
    from ...text.dates import month_numbers

    words = _words(part)
    return not (
        any(map(YEAR.fullmatch, words))
        or not words.isdisjoint(month_numbers())
        or not words.isdisjoint(event_words().ordinals | cue_words().demonyms)
    )
