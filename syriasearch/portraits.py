"""Who is this? What an archive has on an entity, found by any of its names."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .association import SIGNIFICANT, log_likelihood
from .bearers import NamedEntity
from .census import flags_at, highest, only_shared, paragraphs_shared, tally
from .errors import AmbiguousEntityError, EntityNotFoundError
from .index import Index, open_index
from .lexicon import Lexicon
from .postings import ENTITY
from .profiles import EntityCount, EntityProfile, Neighbour, Spelling
from .requests import Request
from .schema import ENTITY_TYPES
from .search import Search, snapshot
from .suggestions import field_of
from .text import name_key, terms
from .timelines import finest, make_timeline

MAX_CANDIDATES = 10
"""Where a name is nobody's, so many are offered."""
MIN_TOGETHER = 3
"""Who is named beside another in fewer articles may be so by accident, whatever is measured."""
MAX_BARS = 24
"""A profile's timeline has the finest bars of which there are no more."""


def make_profile(
    connection: sqlite3.Connection, name: str, request: Request, neighbours: int
) -> EntityProfile:
    """Tell what an archive has on an entity, in the articles that pass a request's filters.

    Raises EntityNotFoundError, or AmbiguousEntityError where several have the name.
    """
    started = time.perf_counter()
    with snapshot(connection):
        index, lexicon = open_index(connection), Lexicon(connection)
        chosen, others = _choose(index, lexicon, name)
        request = replace(request, query=str(field_of("entity", chosen.slug)))
        return _Profiler(connection, request, chosen).profile(started, neighbours, others)


def _choose(
    index: Index, lexicon: Lexicon, name: str
) -> tuple[NamedEntity, tuple[EntityCount, ...]]:
    """Return whom a name means, and who else has it.

    Of several it is the only one that any article names, or else the one whose canonical name it
    is.
    """
    having = lexicon.named(name, ENTITY_TYPES)
    if not having:
        similar = _similar(index, lexicon, name)
        told = ", ".join(each.entity.slug for each in similar)
        hint = f"did you mean {told}?" if told else "`syriasearch entities` lists who there is"
        raise EntityNotFoundError(f"there is no entity {name!r}: {hint}", name, similar)
    counts = _counted(index, [each.id for each in having])
    counts.sort(key=lambda each: (-each.articles, each.entity.slug))
    key = name_key(name)
    named = [each for each in counts if each.articles]
    canonical = [each for each in counts if name_key(each.entity.name) == key]
    for meant in (counts, named, canonical):
        if len(meant) == 1:
            slug = meant[0].entity.slug
            (chosen,) = {each for each in having if each.slug == slug}
            return chosen, tuple(each for each in counts if each.entity.slug != slug)
    told = ", ".join(each.entity.slug for each in counts)
    raise AmbiguousEntityError(
        f"several entities are named {name!r}, ask for one by its slug: {told}", name, tuple(counts)
    )


def _similar(index: Index, lexicon: Lexicon, name: str) -> tuple[EntityCount, ...]:
    """Return the entities with a name like one that nobody has, or with its words in theirs."""
    alike = [each.id for each in lexicon.similar_names(name, ENTITY_TYPES, MAX_CANDIDATES)]
    found = dict.fromkeys(alike)
    if len(found) < MAX_CANDIDATES:
        having = _counted(index, index.entities.named_so(name_key(name)))
        having.sort(key=lambda each: (-each.articles, each.entity.slug))
        return (*_counted(index, found), *having)[:MAX_CANDIDATES]
    return tuple(_counted(index, found))


def _counted(index: Index, numbers: Iterable[int]) -> list[EntityCount]:
    """Return entities with their counts in the whole archive."""
    about = index.entities.about(numbers)
    found = []
    for number, entity in about.items():
        postings = index.get(ENTITY, number)
        found.append(EntityCount(entity, len(postings.articles), int(postings.counts.sum())))
    return found


class _Profiler:
    """One entity, in the articles that a request finds."""

    def __init__(
        self, connection: sqlite3.Connection, request: Request, entity: NamedEntity
    ) -> None:
        self._connection = connection
        self._search = Search(connection, request)
        self._request = request
        self._index = self._search.index
        self._number = entity.id
        self._hits = flags_at(self._index.size, self._search.full.articles)

    def profile(
        self, started: float, neighbours: int, namesakes: tuple[EntityCount, ...]
    ) -> EntityProfile:
        """Return what is told of it."""
        (entity,) = self._index.entities.about([self._number]).values()
        aliases = dict.fromkeys(Lexicon(self._connection).aliases(self._number))
        others = tuple(alias for alias in aliases if alias != entity.name)
        paragraphs, surfaces = self._mentions()
        days = self._search.days()
        most, associates = self._neighbours(neighbours)
        return EntityProfile(
            entity=replace(entity, aliases=others),
            articles=len(self._search.full.articles),
            mentions=len(paragraphs),
            spellings=spellings(surfaces),
            timeline=make_timeline(finest(days, MAX_BARS), [entity.name], [days]),
            neighbours=most,
            associates=associates,
            latest=tuple(self._search.hits(self._request.limit)),
            follows=self._index.entities.called(entity.follows or ""),
            followed_by=self._index.entities.after(entity.slug),
            namesakes=namesakes,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _mentions(self) -> tuple[NDArray[np.int64], list[str]]:
        """Return the paragraph and the text of each mention."""
        rows = self._connection.execute(
            "SELECT paragraph_id, surface FROM mentions WHERE entity_id = ? ORDER BY 1, start",
            (self._number,),
        ).fetchall()
        paragraphs = np.array([paragraph for paragraph, _ in rows], np.int64)
        if not rows:
            return paragraphs, []
        kept = self._hits[self._index.articles_of(paragraphs)[0]]
        return paragraphs[kept], [rows[at][1] for at in np.flatnonzero(kept).tolist()]

    def _neighbours(self, limit: int) -> tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]]:
        """Return who is named beside it most, and who more than chance would have it."""
        index, allowed = self._index, self._search.allowed
        scope = index.live if allowed is None else allowed & index.live
        beside = tally(index, self._hits).articles
        beside[self._number] = 0
        less: dict[int, int] = {}
        for each in self._namesakes():
            if beside[each]:
                place = (self._connection, index, self._hits, self._number, each)
                articles, less[each] = only_shared(*place)
                beside[each] -= articles
        everywhere = tally(index, scope).articles
        total = int(np.count_nonzero(scope))
        there = np.flatnonzero(beside)
        told = np.zeros(len(beside), np.float64)
        told[there] = log_likelihood(
            beside[there], int(np.count_nonzero(self._hits)), everywhere[there], total
        )
        telling = np.where((beside >= MIN_TOGETHER) & (told >= SIGNIFICANT), told, 0.0)
        numbers = [highest(values, limit) for values in ((beside, told), (telling, beside))]
        about = index.entities.about(np.concatenate(numbers).tolist())
        shared = paragraphs_shared(self._connection, index, self._hits, self._number, [*about])
        most, associates = (
            tuple(
                Neighbour(
                    about[each],
                    int(beside[each]),
                    shared[each] - less.get(each, 0),
                    float(told[each]),
                )
                for each in some.tolist()
                if each in about
            )
            for some in numbers
        )
        return most, associates

    def _namesakes(self) -> list[int]:
        """Return who has a name in common with it."""
        rows = self._connection.execute(
            "SELECT DISTINCT b.entity_id FROM aliases AS a JOIN aliases AS b ON b.key = a.key"
            " WHERE a.entity_id = ? AND b.entity_id != a.entity_id ORDER BY 1",
            (self._number,),
        )
        return [number for (number,) in rows]


def spellings(surfaces: Iterable[str]) -> tuple[Spelling, ...]:
    """Count in which ways an entity is named; what differs in case and marks only is one way."""
    written = Counter(surfaces)
    folded: dict[str, Counter[str]] = {}
    for text, count in written.items():
        folded.setdefault(" ".join(terms(text)) or text, Counter())[text] += count
    found = [
        Spelling(min(counts, key=lambda text: (-counts[text], text)), counts.total())
        for counts in folded.values()
    ]
    return tuple(sorted(found, key=lambda each: (-each.mentions, each.text)))
