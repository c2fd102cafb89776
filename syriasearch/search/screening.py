"""Screening: who on a list of names is in the archive.

A name of the list is looked up as it is written, then as a spelling of an alias; nothing is
merged, and a name that several entities have has several matches. A spelling counts as the same
name only if each word of it is a usual spelling of the other's: what lacks a middle name, or has
another vowel than transcriptions account for, may be somebody else's. Names that no entity
certainly has are also looked for as words in sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from ..entities.names.alias_lookup import AliasLookup, AliasMatch
from ..entities.names.name_lookup import NamedEntity
from ..entities.names.readings import given_first, is_acronym
from ..entities.names.similarity import spelling, word_distance
from ..models.article import Article, Snippet
from ..models.entity import Entity
from ..models.screening import Certainty, Screening, ScreeningMatch
from ..text.arabic import name_key
from ..text.tokenize import terms
from .collection import Collection
from .name_lists import MAX_NAME, listed_names
from .query.clauses import Clause, Mentions, Node, Plan, TermSequence
from .query.request import SearchRequest
from .searcher import Searcher

YOUNGEST = 10
"""The minimum age, in years, of a person in the news."""
SAME_WORD = 0.07
"""Maximum distance of two words (`names.similarity`) that are usual spellings of one."""
MAX_DISTANCE = 0.16
"""Maximum distance of an alias that is worth showing."""
LESS_SURE = 0.2
"""What a match loses of its score if it may be another's."""
WORDS_SCORE = 0.5
"""Score of words in sequence; in small letters it is less by LESS_SURE."""
WORD_ALIASES = 5
"""Maximum number of aliases of a row that are looked for as words in sequence."""

SONS = frozenset(("bin", "ibn", "ben", "bint", "بن", "ابن", "بنت"))
"""Words before the name of a father."""

ONE_WORD = "only one word of a name"
FAMILY_NAME = "only the family name is the same"
ACRONYM = "an acronym, which may be short for something else"
SCRIPT = "compared across scripts: vowels are not written"
SHORTER = "without a part of the name"
LONGER = "with further words in the name"
SON_OF = "with bin or ibn in one name only"
OTHER = "a spelling of the name, or another name"
NAMESAKE = "known by this name only: it may be a namesake"
SMALL_LETTERS = "in small letters, so hardly a name"


class _Best(NamedTuple):
    """The best passage on an entity or on words, and the number of articles with them."""

    articles: int
    article: Article | None
    passage: Snippet | None


class _Mentioned(NamedTuple):
    """An entity, and where it is mentioned."""

    entity: Entity
    best: _Best
    earliest: int | None
    """The year of the first article that names it."""


def screen(
    collection: Collection,
    names: Iterable[Mapping[str, str]],
    columns: Mapping[str, str] | None = None,
    *,
    limit: int = 3,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Screening]:
    """Yield each row of a list with its matches, at most `limit`; empty rows are skipped.

    `columns` says which column has which field, if its header does not. `progress` is called with
    the number of each row.
    """
    screener = _Screener(collection, limit)
    for row in listed_names(names, columns, progress):
        matches = screener.matches(row.name, row.aliases, row.types, row.birth)
        yield Screening(row.number, row.name, row.values, matches)


class _Screener:
    """The look-up of the names of one list; what is asked again is remembered."""

    def __init__(self, collection: Collection, limit: int) -> None:
        self._collection = collection
        self._lookup = AliasLookup(collection.names)
        self._limit = limit
        self.matches = lru_cache(maxsize=1 << 12)(self._matches)
        self._mentioned = lru_cache(maxsize=1 << 13)(self._find_mentions)

    def _matches(
        self, name: str, aliases: tuple[str, ...], types: tuple[str, ...], birth: int | None
    ) -> tuple[ScreeningMatch, ...]:
        names = [each for each in (name, *aliases) if len(each) <= MAX_NAME]
        found: dict[int, ScreeningMatch] = {}
        for each in names:
            for entity, match in self._entities(each, types, birth):
                known = found.get(entity.id)
                if known is None or match.score > known.score:
                    found[entity.id] = match
        matches = list(found.values())
        if all(match.score < 1 - LESS_SURE for match in matches):
            words = map(self._words, names[: WORD_ALIASES + 1])
            matches += [match for match in words if match][:1]
        matches.sort(key=lambda match: (-match.score, -match.articles))
        return tuple(matches[: self._limit])

    def _entities(
        self, written: str, types: tuple[str, ...], birth: int | None
    ) -> Iterator[tuple[NamedEntity, ScreeningMatch]]:
        name = given_first(written)
        keys = {name_key(written), name_key(name)}
        exact = [each for each in self._lookup.called(written) if each.type in types]
        for entity in exact:
            aliases = self._lookup.aliases(entity.id)
            alias = next((each for each in aliases if name_key(each) in keys), entity.name)
            note = self._doubt(entity, alias)
            if not note and len(exact) > 1:
                note = f"one of {len(exact)} that have this name"
            certainty: Certainty = "name"
            if note in (ONE_WORD, ACRONYM):
                certainty = "similar"
            yield entity, self._match(entity, written, alias, (certainty, note), 0.0, birth)
        if exact or not types:
            return
        for match in self._lookup.matches(name, types)[: 2 * self._limit]:
            if judged := _judge(name, match):
                found = self._match(
                    match.entity, written, match.alias, judged, match.distance, birth
                )
                yield match.entity, found

    def _doubt(self, named: NamedEntity, alias: str) -> str:
        """Return what makes the same name a doubtful match, if anything does."""
        entity = self._mentioned(named).entity
        if entity.type == "person" and " " not in name_key(alias):
            return ONE_WORD
        return ACRONYM if not entity.description and is_acronym(alias) else ""

    def _match(
        self,
        named: NamedEntity,
        written: str,
        alias: str,
        judged: tuple[Certainty, str],
        distance: float,
        birth: int | None,
    ) -> ScreeningMatch:
        entity, best, earliest = self._mentioned(named)
        certainty, note = judged
        notes = [note]
        if entity.type == "person":
            if birth and earliest and earliest < birth + YOUNGEST:
                certainty = "similar"
                notes = [f"named in {earliest}: too early for somebody born in {birth}", note]
            if not entity.description and certainty in ("name", "spelling"):
                notes.append(NAMESAKE)
        score = 1 - distance - (LESS_SURE if certainty == "similar" else 0)
        note = "; ".join(filter(None, notes))
        return ScreeningMatch(entity, written, alias, certainty, score, *best, note)

    def _find_mentions(self, named: NamedEntity) -> _Mentioned:
        (entity,) = self._collection.entities.about([named.id]).values()
        searcher = self._search(named.name, Mentions((named,)))
        years = [int(day[:4]) for day in searcher.days() if day]
        return _Mentioned(entity, self._best(searcher), min(years, default=None))

    def _words(self, name: str) -> ScreeningMatch | None:
        words = tuple(terms(given_first(name)))
        if len(words) < 2:
            return None
        best = self._best(self._search(name, TermSequence(words)))
        if not best.articles:
            return None
        score, note = WORDS_SCORE, ""
        if best.passage and not _is_capitalized(best.passage):
            score, note = WORDS_SCORE - LESS_SURE, SMALL_LETTERS
        return ScreeningMatch(None, name, " ".join(words), "words", score, *best, note)

    def _search(self, label: str, node: Node) -> Searcher:
        plan = Plan((Clause(label, node, field=True),), (), everything=False)
        request = SearchRequest("", limit=1, passages=1, all_copies=True)
        return Searcher(self._collection, request, plan, limit=1)

    @staticmethod
    def _best(searcher: Searcher) -> _Best:
        hit = next(searcher.hits(), None)
        if hit is None:
            return _Best(0, None, None)
        passage = hit.passages[0].snippet if hit.passages else None
        return _Best(searcher.total, hit.article, passage)


def _is_capitalized(passage: Snippet) -> bool:
    """Return whether some highlighted words begin and end with a capitalized word."""
    found = (passage.text[start:end].split() for start, end in passage.highlights)
    return any(words and not (words[0][:1].islower() or words[-1][:1].islower()) for words in found)


def _judge(name: str, match: AliasMatch) -> tuple[Certainty, str] | None:
    """Return how sure it is that an alias is a spelling of a name, and what speaks against it.

    The result is None if it is not worth showing.
    """
    asked, other = spelling(name), spelling(match.alias)
    person = match.entity.type == "person"
    if len(asked.tokens) == 1:
        if asked.arabic != other.arabic or not _same(asked.tokens[0], other.tokens[-1]):
            return None
        if len(other.tokens) > 1:
            return ("similar", FAMILY_NAME) if person else None
        return ("similar", ONE_WORD) if person else ("spelling", "")
    if match.distance > MAX_DISTANCE:
        return None
    if asked.arabic != other.arabic:
        return "similar", SCRIPT
    one, two = asked.tokens, other.tokens
    if len(one) == len(two):
        turned = (*one[1:], one[0])
        if any(all(map(_same, each, two)) for each in ((one, turned) if person else (one,))):
            # Muhammad Salman is not Muhammad bin Salman.
            return ("spelling", "") if _sons(name) == _sons(match.alias) else ("similar", SON_OF)
        return "similar", OTHER
    return "similar", SHORTER if len(one) > len(two) else LONGER


def _sons(name: str) -> int:
    """Return the number of words in a name that say whose son or daughter somebody is."""
    return sum(word in SONS for word in terms(name))


def _same(one: str, other: str) -> bool:
    """Return whether two words, as sounds, are usual spellings of one: not Manuel and Manuela."""
    return one.endswith("a") == other.endswith("a") and word_distance(one, other) <= SAME_WORD
