"""Recognition writer: keeps mentions, corrections and postings of an archive consistent.

Mentions are stored as recognized, with the effect of the corrections in force. When corrections
change, only the articles that name the entities concerned are rewritten: their mentions and their
postings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from ..index.document import read_paragraphs, stored_entry
from ..index.postings import day_number
from ..index.segment_writer import REBUILT, SegmentWriter
from ..index.vocabulary_writer import VocabularyWriter
from ..models.entity import Mention
from ..text.stages import complete_together
from .editing.corrections import ActiveCorrections
from .entity_updates import Description
from .entity_writer import EntityWriter, NewEntity
from .mention_writer import MentionWriter
from .recognition_settings import Gazetteers, KnownNames, articles_with, recognized
from .recognizer import Recognizer, recognize_in_stages

TOGETHER = 16
"""The number of articles that are recognized together, as the chunks of an ingest are."""


class MentionIndexer:
    """Maintenance of the entities and mentions of one archive, inside its transactions."""

    def __init__(
        self, connection: sqlite3.Connection, segments: SegmentWriter, vocabulary: VocabularyWriter
    ) -> None:
        self.connection = connection
        self._segments = segments
        self._vocabulary = vocabulary
        self.gazetteers = Gazetteers(connection)
        self.entities = EntityWriter(connection)
        self._mentions = MentionWriter(connection, self.entities)
        self._names: KnownNames | None = None
        self._known: KnownNames | None = None
        self._recognizer: tuple[KnownNames, Recognizer] | None = None

    def put(self, first: int, mentions: Sequence[Sequence[Mention]]) -> list[list[int]]:
        """Store the mentions of consecutive paragraphs, as `MentionWriter.put` does."""
        self._update_known()
        return self._mentions.put(first, mentions)

    def add_entities(self, entities: Iterable[NewEntity]) -> None:
        """Write the rows of recognized entities, in this order."""
        self._update_known()
        for entity, recognizer in entities:
            self.entities.add(entity, recognizer)

    def names(self) -> KnownNames:
        """Return the names that this archive recognizes. Raises GazetteerError."""
        aliases = self.entities.in_force.of("alias")
        added = tuple((alias.entity, alias.name or "") for alias in aliases)
        key = (self.gazetteers.recognizer(), tuple(self.gazetteers.rows()), added)
        if self._names is None or self._names[:3] != key:
            known = {each.slug for each in self.gazetteers.whole().entities} if added else set()
            stored = (self.entities.stored(slug) for slug in dict(added) if slug not in known)
            self._names = KnownNames(*key, tuple(filter(None, stored)))
        return self._names

    def recognizer(self) -> Recognizer:
        """Return the recognizer of this archive's names, the same object until they change.

        Raises GazetteerError and RecognizerError.
        """
        names = self.names()
        if self._recognizer is None or self._recognizer[0] != names:
            self._recognizer = (names, names.recognizer())
        return self._recognizer[1]

    def _update_known(self) -> None:
        """Give the entity writer the slugs of the gazetteer, by which it knows an origin."""
        if self._known is None or self._known is not self._names:
            self._known = self.names()
            self.entities.known = {each.slug for each in self._known.gazetteer().entities}

    def correct(self, before: ActiveCorrections | None = None) -> None:
        """Bring all rows in line with the current corrections, inside a batch.

        `before` are the corrections with which the rows agree, by default those read last.
        """
        before = before or self.entities.in_force
        self.entities.forget()
        after = self.entities.in_force
        self.entities.correct(before)
        articles = self._mentions.correct(before)
        for alias in set(before.of("alias")) ^ set(after.of("alias")):
            found = articles_with(self.connection, alias.name or "")
            articles.update(self._recognize(found))
        self._write_postings(articles)
        for slug in before.created_entities.keys() - after.created_entities.keys():
            self._restore(slug)
        self.entities.sweep()

    def recognize(self, articles: Iterable[int], seen: dict[str, Mention]) -> int:
        """Run recognition again on articles, by id, inside a batch; return how many changed.

        The first mention of each entity that they name is added to `seen`, by slug.
        """
        changed = self._recognize(articles, seen)
        self._write_postings(changed)
        return len(changed)

    def _recognize(
        self, articles: Iterable[int], seen: dict[str, Mention] | None = None
    ) -> list[int]:
        """Write the mentions of articles that recognition now finds; return those that changed."""
        changed, left = [], list(articles)
        while left:
            together, left = left[:TOGETHER], left[TOGETHER:]
            found = self._find_mentions(together)
            self._update_known()
            for article, mentions in zip(together, found, strict=True):
                if seen is not None:
                    for mention in chain.from_iterable(mentions):
                        seen.setdefault(mention.entity.slug, mention)
                if self._mentions.replace(article, mentions):
                    changed.append(article)
        return changed

    def _write_postings(self, articles: Iterable[int]) -> None:
        """Rewrite the postings of articles whose mentions have changed."""
        for number, article in enumerate(articles, start=1):
            self._segments.remove(article)
            self._segments.add(stored_entry(self.connection, article, self._published(article)))
            if number % REBUILT == 0:
                self._segments.flush(self._vocabulary.ids)

    def describe(self, seen: dict[str, Mention]) -> None:
        """Update the rows of entities from the gazetteer and from recognition, inside a batch.

        `seen` has a mention of each entity that an article names, by slug. Other entities are
        deleted, unless a correction refers to them.
        """
        unseen = self.entities.in_force.slugs - seen.keys()
        if unseen:
            for each in self.gazetteers.whole().entities:
                if each.slug in unseen:
                    self.entities.write(each, whole=True)
        self._describe(seen.values())
        self.entities.sweep()

    def _describe(self, mentions: Iterable[Mention]) -> None:
        """Update the rows of the entities of mentions, except for those that a split created."""
        self._update_known()
        created = self.entities.in_force.created_entities
        self.entities.update(
            [
                Description(each.entity, self.entities.origin(each.entity, each.recognizer))
                for each in mentions
                if each.entity.slug not in created
            ]
        )

    def _restore(self, slug: str) -> None:
        """Rewrite the row of an entity that an undone split had created, if it is recognized."""
        article = self._mentions.first_article(slug)
        if article is not None:
            mentions = chain.from_iterable(*self._find_mentions([article]))
            recognized = (mention for mention in mentions if mention.entity.slug == slug)
            self._describe(islice(recognized, 1))

    def _find_mentions(self, articles: Iterable[int]) -> list[list[list[Mention]]]:
        """Return the mentions of each paragraph of articles."""
        recognizer = self.recognizer()
        return complete_together(
            [
                recognize_in_stages(recognizer, self._texts(article), self._published(article))
                for article in articles
            ]
        )

    def _texts(self, article: int) -> list[str]:
        paragraphs = read_paragraphs(self.connection, article)
        return [recognized(kind, text) for _, kind, text in paragraphs]

    def _published(self, article: int) -> str | None:
        """Return the day of an article; None also for a text that is none, as postings have it."""
        row = self.connection.execute(
            "SELECT published FROM articles WHERE id = ?", (article,)
        ).fetchone()
        return row[0] if isinstance(row[0], str) and day_number(row[0]) else None
