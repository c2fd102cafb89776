"""The planner: what the index has to be asked to answer a query.

A query becomes clauses: a word in any of its forms, a phrase, a name in any spelling, words near
each other, a property of the article. Each clause is a tree of conditions (see `clauses`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import pairwise

from ...entities.names.name_lookup import NamedEntity
from ...entities.names.readings import COMMAS, MAX_TURNED, begins_with_article, is_unusual
from ...errors import QuerySyntaxError
from ...text.arabic import name_key, without_articles
from ...text.dates import period
from ...text.normalize import POSSESSIVES, without_elision, without_possessive
from ...text.patterns import regex
from ...text.stopwords import is_stop_word
from ...text.tokenize import terms
from .clauses import (
    Clause,
    Conjunction,
    DateRange,
    Disjunction,
    FieldMatch,
    Mentions,
    Node,
    Plan,
    Proximity,
    Reading,
    Terms,
    TermSequence,
    TitleOnly,
    term_sequences,
)
from .compounds import Compounds
from .corrections import Corrector
from .event_names import EventNames
from .lexicon import Lexicon
from .name_forms import literal_forms
from .name_spotting import NameSpotter
from .side_by_side import bonuses
from .syntax import (
    COLUMN_FIELDS,
    ENTITY_FIELDS,
    And,
    Field,
    Item,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Word,
)

MAX_NAME_WORDS = 8
"""The maximum number of words in a run that is looked up as a name."""
MAX_PHRASE_TERMS = 100
"""The maximum number of terms in a phrase."""
MAX_PREFIX_WORDS = 500
"""The maximum number of words with a prefix; a prefix of more is an error."""
MAX_PLANS = 200
"""The maximum number of plans that are cached."""
STOP_WEIGHT = 0.25
"""The weight of a stop word, compared with 1 for other words."""
MAX_PARTICLE = 2
"""The maximum length of a particle: no compound with one is searched by its parts (S-400)."""

_INNER_POSSESSIVE = regex(rf"[{POSSESSIVES}](?=[sS])")
"""An apostrophe folded as a possessive, but possibly part of a name: Ra's al-Ayn."""


def make_plan(query: Query, lexicon: Lexicon, *, exact: bool = False) -> Plan:
    """Plan a query with the words and names of an archive, or return the plan that was made of it.

    With `exact` a word matches only itself, as in quotation marks. Raises QuerySyntaxError for a
    phrase of more than MAX_PHRASE_TERMS or a prefix of more than MAX_PREFIX_WORDS words.
    """
    # A query may have dates such as today.
    plans, key = lexicon.plans, (query.text, exact, date.today())
    plan = plans.get(key)
    if plan is None:
        plan = _plan(query, lexicon, exact)
        if len(plans) >= MAX_PLANS:
            plans.clear()
        plans[key] = plan
    return plan


def _plan(query: Query, lexicon: Lexicon, exact: bool) -> Plan:
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
        )
        + bonuses(items, () if exact else clauses, lexicon),
        unknown=tuple(dict.fromkeys(planner.unknown)),
        everything=not query.text.strip(),
        readings=tuple(dict.fromkeys((*planner.readings, *planner.corrector.readings))),
        unsure=tuple(dict.fromkeys(planner.spotter.unsure)),
    )


class _Planner:
    def __init__(self, query: Query, lexicon: Lexicon, exact: bool) -> None:
        self.unknown: list[Word | Field] = []
        self.readings: list[Reading] = []
        self._query = query
        self._lexicon = lexicon
        self._exact = exact
        self.spotter = NameSpotter(lexicon)
        self._compounds = Compounds(lexicon)
        self.corrector = Corrector(lexicon)
        self._literals = partial(literal_forms, lexicon)
        self._event_names = EventNames(lexicon, self._named_once, self._word, self._literals)
        self._surnames: dict[str, bool] = {}
        words = [word for word in query.text.split() if word.isalpha()]
        self._in_capitals = len(words) > 1 and all(word.isupper() for word in words)

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
                unknown, self.corrector.paused = len(self.unknown), True
                yield Clause(str(item.item), self._node(item.item), negated=True)
                del self.unknown[unknown:]
                self.corrector.paused = False
            else:
                yield Clause(str(item), self._node(item), field=isinstance(item, Field))
        yield from self._word_clauses(words)

    def _node(self, item: Item) -> Node:
        if isinstance(item, Prefix):
            return self._prefix(item)
        if isinstance(item, Phrase) or (isinstance(item, Word) and self._exact):
            return self._phrase(item)
        if isinstance(item, Field):
            return self._field(item)
        if isinstance(item, Near):
            items = (tuple(dict.fromkeys(self._sequences(each))) for each in item.items)
            return Proximity(tuple(items), item.operator)
        if isinstance(item, Or):
            return Disjunction(tuple(map(self._node, item.items)))
        if isinstance(item, Word):
            return next(self._word_clauses([item])).node
        clauses = [
            clause
            for clause in self.clauses(item.items if isinstance(item, And) else (item,))
            if not clause.optional
        ]
        return Conjunction(
            tuple(clause.node for clause in clauses if not clause.negated),
            tuple(clause.node for clause in clauses if clause.negated),
        )

    def _phrase(self, item: Leaf) -> TermSequence:
        words = tuple(terms(item.text))
        if len(words) > MAX_PHRASE_TERMS:
            message = f"a phrase has at most {MAX_PHRASE_TERMS} words: shorten it"
            raise QuerySyntaxError(self._query.text, message, item.position)
        return TermSequence(words)

    def _prefix(self, item: Prefix) -> Node:
        *before, last = self._phrase(item).terms
        words = self._lexicon.begins(last, MAX_PREFIX_WORDS + 1)
        if len(words) > MAX_PREFIX_WORDS:
            message = f"more than {MAX_PREFIX_WORDS} words begin with {last!r}: type more letters"
            raise QuerySyntaxError(self._query.text, message, item.position)
        if before:
            return Disjunction(tuple(TermSequence((*before, word)) for word in words or [last]))
        return Terms(words or (last,))

    def _word_clauses(self, words: Sequence[Word]) -> Iterator[Clause]:
        """Split a run of words into names, the longest first, and single words."""
        start = 0
        spotted = self.spotter.runs([word.text for word in words])
        found: list[tuple[Clause, Sequence[str]]] = []
        while start < len(words):
            length, entities = self._longest_name(words[start:], *spotted.get(start, (1, ())))
            run = words[start : start + length]
            label = " ".join(word.text for word in run)
            clause = self._name(label, run, entities) if entities else self._word_clause(run[0])
            found.append((clause, () if entities else terms(label)))
            start += length
        return self._compounds.with_neighbours(found)

    def _longest_name(
        self, words: Sequence[Word], spotted: int, spotted_entities: tuple[NamedEntity, ...]
    ) -> tuple[int, tuple[NamedEntity, ...]]:
        """Return the number of words that are the longest name here, and its entities.

        `spotted` is the number of words that are a name in a new spelling. Without a name it is
        one word and no entity.
        """
        longest = min(MAX_NAME_WORDS, len(words))
        turned = longest > 1 and self._begins_with_surname(words)
        if longest > 1 and not self._begins_name(words[0], words[1]):
            longest = min(MAX_TURNED, longest) if turned else 1
        for length in range(max(longest, spotted), 0, -1):
            label = self._written(words[:length])
            entities = self._named(label, turned=turned and length > 1)
            if not entities and length == spotted:
                entities = spotted_entities or self.spotter.word(label)
                self._note_name(label, words[0].position, words[length - 1], entities)
            elif entities and length == 1 and not any(map(self._lexicon.is_listed, entities)):
                persons = self.spotter.with_rare_spelling(label)
                self._note_name(label, words[0].position, words[0], persons)
                entities = tuple(dict.fromkeys((*entities, *persons)))
            if entities:
                return length, entities
        return 1, ()

    def _note_name(
        self, label: str, start: int, last: Word | Field, entities: tuple[NamedEntity, ...]
    ) -> None:
        """Note that a part of the query is read as a name by its spelling."""
        end = last.position + len(last.text if isinstance(last, Word) else str(last))
        if entities:
            self.readings.append(Reading(label, start, end, entities))

    def _written(self, words: Sequence[Word]) -> str:
        """Return words as in the query, with a comma between them."""
        parts = [words[0].text]
        for word, following in pairwise(words):
            between = self._query.text[word.position + len(word.text) : following.position]
            parts.append(f"{', ' if between.strip() in COMMAS else ' '}{following.text}")
        return "".join(parts)

    def _begins_with_surname(self, words: Sequence[Word]) -> bool:
        """Return whether words may be a name with the family name first."""
        firsts = name_key(" ".join(word.text for word in words[:3])).split()
        if len(firsts) < 2:
            return False
        # That of Staffan de Mistura is known by its second word.
        surnames = (firsts[0], " ".join(firsts[:2]), firsts[1])[: 1 if len(firsts) == 2 else 3]
        return "," in self._written(words[:2]) or any(map(self._is_surname, surnames))

    def _is_surname(self, name: str) -> bool:
        """Return whether words are the last word of a person's name."""
        if name not in self._surnames:
            self._surnames[name] = not is_stop_word(name) and self._lexicon.is_surname(name)
        return self._surnames[name]

    def _begins_name(self, word: Word, following: Word) -> bool:
        """Return whether a name of several words may begin with a word, which may be an article."""
        both = f"{word.text} {following.text}"
        if begins_with_article(word.text, following.text):
            return True
        firsts = {
            name_key(text).partition(" ")[0] for text in (both, _INNER_POSSESSIVE.sub("", both))
        }
        return any(not first or self._lexicon.begins_name(first) for first in firsts)

    def _named(self, label: str, *, turned: bool = False) -> tuple[NamedEntity, ...]:
        """Return the entities that words may name, with or without a possessive.

        `turned` is whether the family name may come first.
        """
        bare = without_possessive(label)
        keys = dict.fromkeys((name_key(bare), name_key(_INNER_POSSESSIVE.sub("", bare))))
        found = (self._lexicon.entities(key) for key in keys if key)
        entities = self._lexicon.with_spellings(bare, next(filter(None, found), ()))
        if not entities and (turned or is_unusual(bare)):
            entities = self._lexicon.called(bare)
        return entities

    def _named_once(self, label: str) -> tuple[NamedEntity, ...]:
        """Return the entities that words may name; one word may be a new spelling."""
        return self._named(label) or (() if " " in label else self.spotter.word(label))

    def _name(self, label: str, words: Sequence[Word], entities: tuple[NamedEntity, ...]) -> Clause:
        """Return the clause of a name: its mentions, or its words in sequence.

        An article with the words elsewhere, not in sequence, matches partially; on an event it
        matches fully, and counts less than any other.
        """
        bare = without_articles(terms(without_possessive(label)))
        literal: Node = TermSequence(tuple(terms(label)))
        if len(bare) == 1:
            literal = Terms(self._literals(terms(without_possessive(label))[-1], entities))
        unknown, unsure = len(self.unknown), len(self.spotter.unsure)
        events = [entity.name for entity in entities if entity.type == "event"]
        # A name in a new spelling has words that the archive may lack, and 9/11 is one word.
        names = [label, *events] if len(words) > 1 and self._named(label) else events
        names = [name for name in dict.fromkeys(names) if " " in name]
        apart = tuple(map(self._event_names.words_apart, names)) if events else ()
        weak = None
        if len(words) > 1 and not apart:
            weak = Conjunction(tuple(map(self._word, words)))
        del self.unknown[unknown:], self.spotter.unsure[unsure:]
        nodes = (Mentions(entities), literal, *apart)
        if is_stop_word(label.lower()) and self._is_acronym(label):
            named = any(self._lexicon.mentions(entity.id, 1) for entity in entities)
            nodes = nodes[:1] if named else nodes  # an article with "who" is not on the WHO
        return Clause(label, Disjunction(nodes), weak=weak)

    def _is_acronym(self, label: str) -> bool:
        """Return whether a word is in capitals, as WHO and IT are, in a query that is not."""
        return label.isupper() and len(label) > 1 and not self._in_capitals

    def _word_clause(self, word: Word) -> Clause:
        label, words = word.text, terms(word.text)
        optional = len(words) == 1 and is_stop_word(words[0]) and not self._is_acronym(label)
        return Clause(
            label,
            self._word(word),
            optional=optional,
            weak=self._parts(words),
            weight=STOP_WEIGHT if optional else 1.0,
        )

    def _word(self, word: Word) -> Node:
        """Return the node of a word: its class of forms, or a sequence if it has several terms.

        A compound may be written in other ways, too: cease-fire and ceasefire (see `compounds`).
        """
        text = without_elision(without_possessive(word.text) or word.text)
        sequence = self._phrase(Word(text, word.position))
        if not sequence.terms:
            # Of a sign with a possessive only the s is a term.
            sequence = self._phrase(word)
        bare = without_articles(sequence.terms)
        spellings = self._compounds.spellings(bare)
        if len(bare) == 1:
            own = self._lexicon.word_class(bare[0])
            forms = own if spellings else self.corrector.forms(word, own)
            self.unknown += [] if forms or spellings else [word]
            found: Node = Terms(forms or (bare[0],))
        else:
            unknown = (part for part in bare if not (spellings or self._lexicon.knows(part)))
            self.unknown += [Word(part, word.position) for part in unknown]
            found = sequence
        return Disjunction((found, *spellings)) if spellings else found

    def _parts(self, words: Iterable[str]) -> Node | None:
        """Return the node of a partial match of a compound: for Iraq-Syria, but not for U.S."""
        parts = without_articles(words)
        if len(parts) < 2 or min(map(len, parts)) <= MAX_PARTICLE:
            return None
        return Conjunction(
            tuple(Terms(self._lexicon.word_class(part) or (part,)) for part in parts)
        )

    def _sequences(self, item: Item) -> Iterator[TermSequence]:
        """Yield all sequences that match an item which is an operand of NEAR."""
        if isinstance(item, Or):
            for each in item.items:
                yield from self._sequences(each)
            return
        yield from term_sequences(self._node(item))
        if isinstance(item, Word) and not self._exact:
            for entity in self._named(item.text) or self.spotter.word(item.text):
                for alias in self._lexicon.aliases(entity.id):
                    sequence = tuple(terms(alias))
                    if all(map(self._lexicon.knows, sequence)):
                        yield TermSequence(sequence)

    def _field(self, item: Field) -> Node:
        name, text = item.name, item.value.text
        if name == "title":
            return TitleOnly(self._node(item.value))
        if name in ENTITY_FIELDS:
            types = ENTITY_FIELDS[name]
            entities = self._lexicon.named(text, types, exact=True)
            if not entities and not self._exact:
                entities = self._lexicon.named(text, types)
                self._note_name(str(item), item.position, item, entities)
            self.unknown += [] if entities else [item]
            return Mentions(entities)
        if name in COLUMN_FIELDS:
            values = self._lexicon.values(name, text, begins=isinstance(item.value, Prefix))
            self.unknown += [] if values else [item]
            return FieldMatch(name, values)
        start, end = period(text)
        if name == "before":
            return DateRange(None, start)
        return DateRange(start, end if name == "date" else None)
