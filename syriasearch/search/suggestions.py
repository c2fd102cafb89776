"""Suggestions: alternatives for parts of a query, or for options, that find little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..entities.names.name_lookup import NamedEntity
from ..models.entity import ENTITY_TYPES
from ..models.page import Suggestion
from ..text.arabic import name_key
from ..text.tokenize import terms
from .query.clauses import Plan, Terms, mentioned_entities
from .query.filters import Filters
from .query.lexicon import Lexicon
from .query.rivals import Rivals
from .query.syntax import COLUMN_FIELDS, ENTITY_FIELDS, Field, Phrase, Word

MAX_ANSWERED = 3
"""The maximum number of parts of a query that get suggestions."""
MAX_OFFERED = 3
"""The maximum number of suggestions for each part."""
MAX_RARE = 2
"""The maximum document frequency of a word that may be a typing error."""
MAX_UNKNOWN = 10
"""The maximum number of articles with a name of no gazetteer that may be a slip of another."""
COMMONER = 10
"""The factor by which another word must be more frequent to be suggested in place of a rare one."""

Count = Callable[[str], int]
"""A function that returns the number of articles that a query finds."""


class Suggester:
    """Finds alternatives to the words and names of a query in an archive."""

    def __init__(self, lexicon: Lexicon, count: Count) -> None:
        self._lexicon = lexicon
        self._count = count
        self._rivals = Rivals(lexicon)

    def for_words(self, words: Iterable[str]) -> Iterator[Suggestion]:
        """Yield words and names spelled like those that no article has, the nearest first.

        A name to which a word is less near than to another word (see `query.rivals`) is offered
        after that word, and only if the word might be a spelling of it.
        """
        for word in [*words][:MAX_ANSWERED]:
            named = self._lexicon.suggest(word, ENTITY_TYPES, MAX_OFFERED)
            near = [each for each in named if not self._rivals.are_nearer(word, (each,))]
            for entity in near:
                yield self._entity(word, entity)
            slugs = {entity.slug for entity in near}
            for suggestion in self._words(word):
                entities = self._lexicon.entities(name_key(suggestion.suggestion))
                if slugs.isdisjoint(entity.slug for entity in entities):
                    yield suggestion
                    slugs.update(entity.slug for entity in entities)
            if len(named) > len(near):
                possible = {each.entity for each in self._lexicon.matches(word, ENTITY_TYPES)}
                for entity in named:
                    if entity in possible and entity.slug not in slugs:
                        yield self._entity(word, entity)

    def for_names(self, plan: Plan) -> Iterator[Suggestion]:
        """Yield names like those in a query that few articles have, or that may not be names.

        A name that a gazetteer lists is no slip of another.
        """
        for label in plan.unsure[:MAX_ANSWERED]:
            words = [
                each for each in label.split() if not self._lexicon.knows("".join(terms(each)))
            ]
            for match in self._lexicon.matches(label, ENTITY_TYPES)[:MAX_OFFERED]:
                if not any(self._rivals.are_nearer(word, (match.entity,)) for word in words):
                    yield self._entity(label, match.entity)
        named = [(each.label, [*mentioned_entities(each.node)]) for each in plan.required]
        for label, entities in [each for each in named if each[1]][:MAX_ANSWERED]:
            count = self._count(label)
            if count > MAX_UNKNOWN or any(map(self._lexicon.is_listed, entities)):
                continue
            meant = {entity.slug for entity in entities}
            alike = self._lexicon.suggest(label, ENTITY_TYPES, MAX_OFFERED)
            vowels = self._lexicon.with_other_vowels(label)
            for entity in dict.fromkeys((*alike, *vowels)):
                suggestion = self._entity(label, entity)
                if entity.slug not in meant and suggestion.articles >= COMMONER * max(count, 1):
                    yield suggestion

    def _entity(self, word: str, entity: NamedEntity) -> Suggestion:
        return Suggestion(word, entity.name, self._count(entity.name), entity.slug)

    def for_rare(self, plan: Plan, articles: Sequence[int]) -> Iterator[Suggestion]:
        """Yield more common words spelled like those that few articles have.

        `articles` are the document frequencies of the plan's clauses.
        """
        rare = [
            (clause.label, count)
            for clause, count in zip(plan.told, articles, strict=False)
            if isinstance(clause.node, Terms) and 0 < count <= MAX_RARE and not clause.optional
        ]
        for word, count in rare[:MAX_ANSWERED]:
            for suggestion in self._words(word):
                if suggestion.articles >= COMMONER * count:
                    yield suggestion

    def for_fields(self, fields: Iterable[Field]) -> Iterator[Suggestion]:
        """Yield values similar to those of fields that no article has."""
        for field in [*fields][:MAX_ANSWERED]:
            name, text = field.name, field.value.text
            values: Iterable[str] = ()
            if name in ENTITY_FIELDS:
                entities = self._lexicon.suggest(text, ENTITY_FIELDS[name], MAX_OFFERED)
                values = (entity.name for entity in entities)
            elif name in COLUMN_FIELDS:
                values = self._lexicon.similar_values(name, text, MAX_OFFERED)
            for value in values:
                suggestion = str(make_field(name, value))
                yield Suggestion(str(field), suggestion, self._count(suggestion))

    def _words(self, word: str) -> Iterator[Suggestion]:
        offered: set[frozenset[str]] = set()
        for similar in self._lexicon.words.similar("".join(terms(word)), MAX_OFFERED):
            forms = self._lexicon.word_class(similar)
            if frozenset(forms) not in offered:
                offered.add(frozenset(forms))
                yield Suggestion(word, similar, self._count(similar))


def make_field(name: str, value: str) -> Field:
    """Return a field of a query with any text as its value."""
    text = value.replace('"', " ")
    return Field(name, Word(text) if text.isalnum() else Phrase(text))


def unknown_filters(filters: Filters, lexicon: Lexicon) -> tuple[Field, ...]:
    """Return the filters that no article of the archive passes, as fields of a query."""
    columns = (
        make_field(name, str(value))
        for name, value in filters.given.items()
        if name in COLUMN_FIELDS and not lexicon.has_value(name, str(value))
    )
    entities = (
        make_field("entity", name)
        for name in filters.entities
        if not lexicon.named(name, ENTITY_TYPES)
    )
    return (*columns, *entities)
