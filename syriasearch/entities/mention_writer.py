"""Mention writer: the rows of mentions, and the entity for which each counts.

A mention counts for the entity that was recognized, unless the corrections in force move it to
another; `found_id` then keeps the recognized entity.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, count, repeat
from typing import NamedTuple

from ..models.entity import Mention
from .corrections import Named
from .entity_writer import EntityWriter

_IN_PARAGRAPH = (
    'SELECT mentions.id, entity_id, found_id, start, "end", slug, surface FROM mentions'
    " CROSS JOIN entities ON entities.id = ifnull(found_id, entity_id) WHERE paragraph_id = ?"
)


class Recognized(NamedTuple):
    """A mention as it was recognized, without corrections."""

    position: int
    """The position of its paragraph in the article."""
    start: int
    end: int
    slug: str
    """The slug of the recognized entity."""
    recognizer: str
    reason: str | None


class MentionWriter:
    """Writer of the mentions of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection, entities: EntityWriter) -> None:
        self._connection = connection
        self._entities = entities

    def put(
        self, first: int, mentions: Sequence[Sequence[Mention]], first_mention: int | None = None
    ) -> list[list[int]]:
        """Store the mentions of consecutive paragraphs; `first` is the id of the first paragraph.

        Returns the ids of the entities that each paragraph names, one for each mention. Mentions
        get ids from `first_mention` on, by default above all others.
        """
        ids: dict[str, int] = {}
        for mention in chain.from_iterable(mentions):
            if mention.entity.slug not in ids:
                ids[mention.entity.slug] = self._entities.put(mention.entity, mention.recognizer)
        moved = not self._entities.in_force.subjects.isdisjoint(ids)
        named, rows = [], []
        for paragraph, each in enumerate(mentions, start=first):
            both: list[tuple[int | None, int | None]]
            if moved:
                both = self._ids(
                    [
                        Named(mention.start, mention.end, mention.entity.slug, mention.surface)
                        for mention in each
                    ]
                )
            else:
                both = [(ids[mention.entity.slug], None) for mention in each]
            named.append([entity for entity, _ in both if entity is not None])
            rows += [
                (
                    paragraph,
                    entity,
                    found,
                    mention.start,
                    mention.end,
                    mention.surface,
                    mention.recognizer,
                    mention.reason,
                )
                for mention, (entity, found) in zip(each, both, strict=True)
            ]
        if first_mention is None and self._entities.others:
            first_mention = self._entities.behind("mentions")
        numbers = repeat(None) if first_mention is None else count(first_mention)
        self._connection.executemany(
            'INSERT INTO mentions (id, paragraph_id, entity_id, found_id, start, "end", surface,'
            " recognizer, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, *row) for number, row in zip(numbers, rows, strict=False)),
        )
        return named

    def _ids(self, named: Sequence[Named]) -> list[tuple[int | None, int | None]]:
        """Return `entity_id` and `found_id` of each of a paragraph's mentions."""
        ids: list[tuple[int | None, int | None]] = []
        for each, owner in zip(named, self._entities.in_force.owners(named), strict=True):
            found = self._entities.id_of(each.slug)
            if owner is None:
                ids.append((None, found))
                continue
            other = self._entities.id_of(owner)
            ids.append((found, None) if other in (found, None) else (other, found))
        return ids

    def recognized(self, article: int) -> list[Recognized]:
        """Return the stored mentions of an article, by its id, as they were recognized."""
        rows = self._connection.execute(
            'SELECT position, start, "end", slug, recognizer, reason FROM paragraphs'
            " CROSS JOIN mentions ON paragraph_id = paragraphs.id"
            " CROSS JOIN entities ON entities.id = ifnull(found_id, entity_id)"
            " WHERE article_id = ?",
            (article,),
        )
        return [Recognized(*row) for row in rows]

    def replace(self, article: int, mentions: Sequence[Sequence[Mention]]) -> bool:
        """Replace the mentions of an article, by its id, with a list of them for each paragraph.

        Returns whether they differ from the previous ones.
        """
        found = [
            Recognized(
                position,
                mention.start,
                mention.end,
                mention.entity.slug,
                mention.recognizer,
                mention.reason,
            )
            for position, each in enumerate(mentions)
            for mention in each
        ]
        if Counter(found) == Counter(self.recognized(article)):
            return False
        (first,) = self._connection.execute(
            "SELECT id FROM paragraphs WHERE article_id = ? AND position = 0", (article,)
        ).fetchone()
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
            "SELECT min(article_id) FROM paragraphs WHERE id IN"
            " (SELECT paragraph_id FROM mentions WHERE entity_id = :id AND found_id IS NULL"
            " UNION ALL SELECT paragraph_id FROM mentions WHERE found_id = :id)",
            {"id": self._entities.id_of(slug)},
        ).fetchone()
        number: int | None = row[0]
        return number

    def correct(self, slugs: Iterable[str]) -> set[int]:
        """Resolve again all mentions in the paragraphs in which one of some entities is recognized.

        Returns the ids of the articles in which a mention changed.
        """
        paragraphs: set[int] = set()
        for entity in filter(None, map(self._entities.id_of, sorted(slugs))):
            paragraphs.update(
                paragraph
                for (paragraph,) in self._connection.execute(
                    "SELECT paragraph_id FROM mentions WHERE entity_id = :id AND found_id IS NULL"
                    " UNION ALL SELECT paragraph_id FROM mentions WHERE found_id = :id",
                    {"id": entity},
                )
            )
        changed: set[int] = set()
        for paragraph in sorted(paragraphs):
            rows = self._connection.execute(_IN_PARAGRAPH, (paragraph,)).fetchall()
            ids = self._ids([Named(*row[3:]) for row in rows])
            for row, (entity_id, found_id) in zip(rows, ids, strict=True):
                if row[1:3] != (entity_id, found_id):
                    self._connection.execute(
                        "UPDATE mentions SET entity_id = ?, found_id = ? WHERE id = ?",
                        (entity_id, found_id, row[0]),
                    )
                    changed.add(paragraph)
        return self._articles(changed)

    def _articles(self, paragraphs: Iterable[int]) -> set[int]:
        found = (
            self._connection.execute("SELECT article_id FROM paragraphs WHERE id = ?", (each,))
            for each in paragraphs
        )
        return {row.fetchone()[0] for row in found}
