"""Suggestions: alternatives for parts of a query, or for options, that find little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise

from ..entities.names.name_lookup import NamedEntity
from ..models.entity import ENTITY_TYPES
from ..models.page import Suggestion
from ..text.arabic import name_key
from ..text.tokenize import terms
from ..text.typing_cost import OTHER
from .query.clauses import Plan, Terms, mentioned_entities
from .query.corrections import MAX_LETTERS, SPLIT_COST, Correction, Corrector, make_correction
from .query.filters import Filters, values_of
from .query.lexicon import Lexicon
from .query.rivals import Rivals, is_common_word
from .query.syntax import COLUMN_FIELDS, ENTITY_FIELDS, And, Field, Phrase, Query, Word

MAX_OFFERED = 2
"""The maximum number of suggestions of other words, names and values."""
MAX_ANSWERED = 3
"""The maximum number of parts of a query that are looked at for each kind of suggestion."""
MAX_RARE = 2
"""The maximum document frequency of a word that may be a typing error."""
MAX_UNKNOWN = 10
"""The maximum number of articles with a name of no gazetteer that may be a slip of another."""
COMMONER = 10
"""The factor by which another word must be more frequent to be suggested in place of a rare one."""
GAP = 2.5
"""How much less probable than the first a second suggestion for a word may be."""

Count = Callable[[str], int]
"""A function that returns the number of articles that a query finds."""
Suggestions = Iterator[Suggestion]
"""Suggestions for one part of a query, the most probable first, each made when it is wanted."""


class Suggester:
    """Finds alternatives to the words and names of a query in an archive."""

    def __init__(self, lexicon: Lexicon, count: Count) -> None:
        self._lexicon = lexicon
        self._count = count
        self._rivals = Rivals(lexicon)
        self._corrector = Corrector(lexicon)

    def for_words(self, query: Query, words: Iterable[str]) -> Iterator[Suggestions]:
        """Yield suggestions for each word that no article has: words and names spelled like it.

        First come the words that are one word of the archive, if they are joined.
        """
        words = [*words]
        joined = list(self._joined(query, words)) if words else []
        parts = {part for label, _ in joined for part in label.split()}
        for label, word in joined:
            yield iter([Suggestion(label, word, self._count(word))])
        for word in [word for word in words if word not in parts][:MAX_ANSWERED]:
            yield self._for_word(word)

    def _for_word(self, word: str) -> Suggestions:
        """Yield the words and names that may be meant by a word, the most probable first."""
        term = "".join(terms(word))
        ranked = [*self._corrector.words(term), *self._corrector.names(word)]
        ranked += self._split(term)
        ranked.sort(key=lambda each: each.score)
        slugs: set[str] = set()
        for each in ranked:
            if each.score > ranked[0].score + GAP:
                return
            named = (each.entity,) if each.entity else self._lexicon.entities(name_key(each.text))
            own = {entity.slug for entity in named}
            if slugs.isdisjoint(own):
                slugs |= own
                slug = each.entity.slug if each.entity else None
                yield self._suggest(word, each.text, slug)

    def _split(self, term: str) -> Iterator[Correction]:
        """Yield the two words that a term is made up of, if articles have them side by side."""
        if pair := self._corrector.split(term):
            count = self._count(f'"{" ".join(pair)}"')
            if count:
                yield make_correction(" ".join(pair), SPLIT_COST, count)

    def _joined(self, query: Query, unknown: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield two words of a query in a row, one of them unknown, and the word they make up."""
        items = query.root.items if isinstance(query.root, And) else ()
        found = 0
        for first, second in pairwise(items):
            if not (isinstance(first, Word) and isinstance(second, Word)) or found == MAX_OFFERED:
                continue
            if first.text in unknown or second.text in unknown:
                word = "".join(terms(f"{first.text} {second.text}"))
                counts = self._lexicon.words.counts([word]) if len(word) <= MAX_LETTERS else {}
                if counts.get(word, 0) >= COMMONER:
                    found += 1
                    yield query.text[first.position : second.position + len(second.text)], word

    def for_names(self, plan: Plan) -> Iterator[Suggestions]:
        """Yield names like those in a query that few articles have, or that may not be names."""
        yield from map(self._for_unsure, plan.unsure[:MAX_ANSWERED])
        named = [(each.label, [*mentioned_entities(each.node)]) for each in plan.required]
        for label, entities in [each for each in named if each[1]][:MAX_ANSWERED]:
            yield self._for_name(label, entities)

    def _for_unsure(self, label: str) -> Suggestions:
        """Yield the names of which words may be a spelling."""
        words = [each for each in label.split() if not self._lexicon.knows("".join(terms(each)))]
        for match in self._lexicon.matches(label, ENTITY_TYPES)[:MAX_OFFERED]:
            if not any(self._rivals.are_nearer(word, (match.entity,)) for word in words):
                yield self._entity(label, match.entity)

    def _for_name(self, label: str, entities: Sequence[NamedEntity]) -> Suggestions:
        """Yield much more frequent names like one of few articles that no gazetteer lists."""
        count = self._count(label)
        if count > MAX_UNKNOWN or any(map(self._lexicon.is_listed, entities)):
            return
        meant = {entity.slug for entity in entities}
        alike = self._lexicon.suggest(label, ENTITY_TYPES, MAX_OFFERED + 1)
        vowels = self._lexicon.with_other_vowels(label)
        for entity in dict.fromkeys((*alike, *vowels)):
            if entity.slug not in meant:
                suggestion = self._entity(label, entity)
                if suggestion.articles >= COMMONER * max(count, 1):
                    yield suggestion

    def _entity(self, word: str, entity: NamedEntity) -> Suggestion:
        return self._suggest(word, entity.name, entity.slug)

    def _suggest(self, word: str, meant: str, slug: str | None = None) -> Suggestion:
        """Return a suggestion of a name, or of a term as it is written."""
        shown = meant if slug else self._lexicon.as_written(meant)
        return Suggestion(word, shown, self._count(meant), slug)

    def for_rare(self, plan: Plan, articles: Sequence[int]) -> Iterator[Suggestions]:
        """Yield more common words spelled like those that few articles have.

        `articles` are the document frequencies of the plan's clauses.
        """
        rare = [
            (clause.label, count)
            for clause, count in zip(plan.shown, articles, strict=False)
            if isinstance(clause.node, Terms) and 0 < count <= MAX_RARE and not clause.optional
        ]
        yield from (self._for_rare(word, count) for word, count in rare[:MAX_ANSWERED])

    def _for_rare(self, word: str, count: int) -> Suggestions:
        term = "".join(terms(word))
        ranked = self._corrector.words(term)
        for each in ranked[:MAX_OFFERED]:
            if each.cost <= OTHER and each.score <= ranked[0].score + GAP:
                suggestion = self._suggest(word, each.text)
                if suggestion.articles >= COMMONER * count and not is_common_word(term):
                    yield suggestion

    def for_fields(self, fields: Iterable[Field]) -> Iterator[Suggestions]:
        """Yield values similar to those of fields that no article has."""
        return map(self._for_field, [*fields][:MAX_ANSWERED])

    def _for_field(self, field: Field) -> Suggestions:
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


def best_of(groups: Iterable[Suggestions]) -> list[Suggestion]:
    """Return MAX_OFFERED suggestions: the first of each group, and then the second of each."""
    found: list[Suggestion] = []
    waiting: list[Suggestions] = []
    for group in groups:
        if len(found) < MAX_OFFERED:
            found += islice(group, 1)
            waiting.append(group)
    for group in waiting:
        found += islice(group, MAX_OFFERED - len(found))
    return found


def make_field(name: str, value: str) -> Field:
    """Return a field of a query with any text as its value."""
    text = value.replace('"', " ")
    return Field(name, Word(text) if text.isalnum() else Phrase(text))


def unknown_filters(filters: Filters, lexicon: Lexicon) -> tuple[Field, ...]:
    """Return the filters that no article of the archive passes, as fields of a query."""
    columns = (
        make_field(name, each)
        for name, value in filters.given.items()
        if name in COLUMN_FIELDS
        for each in values_of(value)
        if not lexicon.has_value(name, each)
    )
    entities = (
        make_field("entity", name)
        for name in filters.entities
        if not lexicon.named(name, ENTITY_TYPES)
    )
    return (*columns, *entities)
