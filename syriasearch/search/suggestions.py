"""Suggestions: alternatives for parts of a query, or for options, that find little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..models.entity import ENTITY_TYPES
from ..models.page import Suggestion
from ..text.arabic import name_key
from ..text.tokenize import terms
from .query.clauses import Terms
from .query.filters import Filters
from .query.lexicon import Lexicon
from .query.planner import Plan
from .query.syntax import COLUMN_FIELDS, ENTITY_FIELDS, Field, Phrase, Word

MAX_ANSWERED = 3
"""The maximum number of parts of a query that get suggestions."""
MAX_OFFERED = 3
"""The maximum number of suggestions for each part."""
LITTLE = 2
"""The maximum document frequency of a word that may be a typing error."""
RATHER = 10
"""The factor by which another word must be more frequent to be suggested in place of a rare one."""

Count = Callable[[str], int]
"""A function that returns the number of articles that a query finds."""


class Suggester:
    """Finds alternatives to the words and names of a query in an archive."""

    def __init__(self, lexicon: Lexicon, count: Count) -> None:
        self._lexicon = lexicon
        self._count = count

    def for_words(self, words: Iterable[str]) -> Iterator[Suggestion]:
        """Yield words and names spelled like those that no article has."""
        for word in [*words][:MAX_ANSWERED]:
            names = list(self._names(word, word, ENTITY_TYPES))
            yield from names
            slugs = {each.entity for each in names}
            for each in self._words(word):
                entities = self._lexicon.entities(name_key(each.suggestion))
                if not any(entity.slug in slugs for entity in entities):
                    yield each

    def for_rare(self, plan: Plan, articles: Sequence[int]) -> Iterator[Suggestion]:
        """Yield more common words spelled like those that few articles have.

        `articles` are the document frequencies of the plan's clauses.
        """
        rare = [
            (clause.label, count)
            for clause, count in zip(plan.scored, articles, strict=False)
            if isinstance(clause.node, Terms) and 0 < count <= LITTLE and not clause.optional
        ]
        for word, count in rare[:MAX_ANSWERED]:
            for each in self._words(word):
                if each.articles >= RATHER * count:
                    yield each

    def for_fields(self, items: Iterable[Field]) -> Iterator[Suggestion]:
        """Yield values similar to those of fields that no article has."""
        for item in [*items][:MAX_ANSWERED]:
            text = item.value.text
            if item.name in ENTITY_FIELDS:
                for each in self._names(str(item), text, ENTITY_FIELDS[item.name]):
                    yield self._field(item, each.suggestion)
            elif item.name in COLUMN_FIELDS:
                for value in self._lexicon.similar_values(item.name, text, MAX_OFFERED):
                    yield self._field(item, value)

    def _field(self, item: Field, value: str) -> Suggestion:
        suggestion = str(field_of(item.name, value))
        return Suggestion(str(item), suggestion, self._count(suggestion))

    def _names(self, word: str, name: str, types: tuple[str, ...]) -> Iterator[Suggestion]:
        for entity in self._lexicon.suggest(name, types, MAX_OFFERED):
            yield Suggestion(word, entity.name, self._count(entity.name), entity.slug)

    def _words(self, word: str) -> Iterator[Suggestion]:
        offered: set[frozenset[str]] = set()
        for similar in self._lexicon.words.similar("".join(terms(word)), MAX_OFFERED):
            forms = self._lexicon.word_class(similar)
            if frozenset(forms) not in offered:
                offered.add(frozenset(forms))
                yield Suggestion(word, similar, self._count(similar))


def field_of(name: str, value: str) -> Field:
    """Return a field of a query with any text as its value."""
    text = value.replace('"', " ")
    return Field(name, Word(text) if text.isalnum() else Phrase(text))


def unknown_filters(filters: Filters, lexicon: Lexicon) -> tuple[Field, ...]:
    """Return the filters that no article of the archive passes, as fields of a query."""
    columns = (
        field_of(name, str(value))
        for name, value in filters.given.items()
        if name in COLUMN_FIELDS and not lexicon.has_value(name, str(value))
    )
    entities = (
        field_of("entity", name)
        for name in filters.entities
        if not lexicon.named(name, ENTITY_TYPES)
    )
    return (*columns, *entities)
