"""Mention writer: the rows of mentions, and the entity for which each counts.

A mention counts for the entity that was recognized, unless the corrections in force move it to
another; `found_id` then keeps the recognized entity.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from ..models.entity import Mention
from ..store.mention_codes import encode_reason, encode_recognizer
from ..store.sql import fetch_int
from ..store.values import DamagedValueError
from .editing.correction_scope import articles_in
from .editing.corrections import ActiveCorrections, Covers, Named
from .editing.scoped_coverage import ScopedCoverage
from .entity_writer import EntityWriter

_RECOGNIZED_IN = (
    "SELECT paragraph_id FROM mentions WHERE entity_id = :id AND found_id IS NULL"
    " UNION ALL SELECT paragraph_id FROM mentions WHERE found_id = :id"
)
"""The paragraphs in which the entity `:id` was recognized."""

_OF_SOURCE = (
    "SELECT paragraphs.id FROM articles CROSS JOIN paragraphs ON article_id = articles.id"
    " WHERE source = ?"
)
"""The paragraphs of a source's articles."""

EntityIds = tuple[int | None, int | None]
"""`entity_id` and `found_id` of a mention."""


class MentionWriter:
    """Writer of the mentions of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection, entities: EntityWriter) -> None:
        self._connection = connection
        self._entities = entities

    def put(self, first: int, mentions: Sequence[Sequence[Mention]]) -> list[list[int]]:
        """Store the mentions of consecutive paragraphs; `first` is the id of the first paragraph.

        Returns the ids of the entities that each paragraph names, one for each mention.
        """
        ids: dict[str, int] = {}
        for mention in chain.from_iterable(mentions):
            if mention.entity.slug not in ids:
                ids[mention.entity.slug] = self._entities.add(mention.entity, mention.recognizer)
        owners: list[list[EntityIds]]
        if self._entities.in_force.subjects.isdisjoint(ids):
            owners = [[(ids[mention.entity.slug], None) for mention in each] for each in mentions]
        else:
            owners = self._owners(first, mentions)
        rows = [
            (
                *(paragraph, number, *owner, m.start, m.surface),
                *(encode_recognizer(m.recognizer), encode_reason(m.reason)),
            )
            for paragraph, (each, pairs) in enumerate(zip(mentions, owners, strict=True), first)
            for number, (m, owner) in enumerate(zip(each, pairs, strict=True))
        ]
        self._connection.executemany(
            "INSERT INTO mentions (paragraph_id, number, entity_id, found_id, start, surface,"
            " found_by, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        return [[entity for entity, _ in pairs if entity is not None] for pairs in owners]

    def _owners(self, first: int, mentions: Sequence[Sequence[Mention]]) -> list[list[EntityIds]]:
        """Return the ids of the entities of mentions, as the corrections require."""
        coverage, article = self._coverage(), self._article_of(first)
        return [
            self._ids(
                [Named(m.start, m.end, m.entity.slug, m.surface) for m in each],
                coverage.of(article, position),
            )
            for position, each in enumerate(mentions)
        ]

    def _coverage(self) -> ScopedCoverage:
        return ScopedCoverage(self._connection, self._entities.in_force)

    def _article_of(self, paragraph: int) -> int:
        sql = "SELECT article_id FROM paragraphs WHERE id = ?"
        return fetch_int(self._connection, sql, (paragraph,))

    def _ids(self, named: Sequence[Named], covers: Covers | None) -> list[EntityIds]:
        """Return the ids of the entities of each of a paragraph's mentions."""
        ids: list[EntityIds] = []
        owners = self._entities.in_force.resolve_all(named, covers)
        for each, slug in zip(named, owners, strict=True):
            found = self._entities.id_of(each.slug)
            entity = None if slug is None else self._entities.id_of(slug)
            unmoved = slug is not None and entity in (found, None)
            ids.append((found, None) if unmoved else (entity, found))
        return ids

    def replace(self, article: int, mentions: Sequence[Sequence[Mention]]) -> bool:
        """Replace the mentions of an article, by its id, with a list of them for each paragraph.

        Returns whether they differ from the previous ones.
        """
        before = self._connection.execute(
            'SELECT position, start, "end", slug, recognizer, reason FROM paragraphs'
            " CROSS JOIN mentions ON paragraph_id = paragraphs.id"
            " CROSS JOIN entities ON entities.id = ifnull(found_id, entity_id)"
            " WHERE article_id = ?",
            (article,),
        )
        recognized = Counter(
            (position, m.start, m.end, m.entity.slug, m.recognizer, m.reason)
            for position, each in enumerate(mentions)
            for m in each
        )
        if recognized == Counter(before):
            return False
        first = fetch_int(
            self._connection,
            "SELECT id FROM paragraphs WHERE article_id = ? AND position = 0",
            (article,),
        )
        if not first:
            raise DamagedValueError("an article has no first paragraph")
        self._connection.execute(
            "DELETE FROM mentions WHERE paragraph_id IN"
            " (SELECT id FROM paragraphs WHERE article_id = ?)",
            (article,),
        )
        self.put(first, mentions)
        return True

    def first_article(self, slug: str) -> int | None:
        """Return the lowest id of an article in which an entity was recognized, None if none."""
        row = self._connection.execute(
            f"SELECT min(article_id) FROM paragraphs WHERE id IN ({_RECOGNIZED_IN})",
            {"id": self._entities.id_of(slug)},
        ).fetchone()
        number: int | None = row[0]
        return number

    def correct(self, before: ActiveCorrections) -> set[int]:
        """Resolve again the mentions that count for others than under the corrections `before`.

        Returns the ids of the articles in which a mention changed.
        """
        articles: set[int] = set()
        coverage = self._coverage()
        for paragraph in sorted(self._affected(before)):
            rows = self._connection.execute(
                'SELECT article_id, position, number, entity_id, found_id, start, "end", slug,'
                " surface FROM mentions"
                " CROSS JOIN entities ON entities.id = ifnull(found_id, entity_id)"
                " CROSS JOIN paragraphs ON paragraphs.id = paragraph_id WHERE paragraph_id = ?"
                " ORDER BY number",
                (paragraph,),
            ).fetchall()
            if not rows:
                continue
            article, position = rows[0][:2]
            named = [Named(*row[5:]) for row in rows]
            pairs = self._ids(named, coverage.of(article, position))
            for (_, _, number, *ids, _, _, _, _), pair in zip(rows, pairs, strict=True):
                if tuple(ids) != pair:
                    self._connection.execute(
                        "UPDATE mentions SET entity_id = ?, found_id = ?"
                        " WHERE paragraph_id = ? AND number = ?",
                        (*pair, paragraph, number),
                    )
                    articles.add(article)
        return articles

    def _affected(self, before: ActiveCorrections) -> set[int]:
        """Return the ids of paragraphs whose mentions may count for others than before."""
        execute = self._connection.execute
        after = self._entities.in_force
        paragraphs: set[int] = set()
        slugs = before.affected_by(after)
        for entity in filter(None, map(self._entities.id_of, sorted(slugs))):
            paragraphs.update(row[0] for row in execute(_RECOGNIZED_IN, {"id": entity}))
        splits = set(before.differing_scopes(after))
        if slugs:
            # What such a split moves to another entity goes on with that.
            splits.update(each for each in before.scoped + after.scoped if each.other)
        for scope in {each.scope for each in splits if each.scope is not None}:
            if scope.source is not None:
                paragraphs.update(row[0] for row in execute(_OF_SOURCE, (scope.source,)))
            for article in articles_in(self._connection, scope):
                of_article = "SELECT id FROM paragraphs WHERE article_id = ?"
                paragraphs.update(row[0] for row in execute(of_article, (article,)))
        return paragraphs
