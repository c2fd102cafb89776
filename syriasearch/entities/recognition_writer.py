"""Who is named in an archive's articles, and how does that become another?

What is recognized is stored with what corrections make of it. Where they change, just the articles
that name what they speak of are written anew: mentions, and the articles' postings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain

from ..index.document import stored_entry
from ..index.segment_writer import REBUILT, SegmentWriter
from ..index.vocabulary_writer import Vocabulary
from ..models.article import Mention
from .corrections import CorrectionRows, InForce
from .entity_writer import EntityRows, Met
from .mention_writer import MentionRows
from .recognition_settings import Gazetteers, Names, articles_with, recognized
from .recognizer import Recognizer


class Naming:
    """Keeps true who is named, through one connection, inside its transactions."""

    def __init__(
        self, connection: sqlite3.Connection, segments: SegmentWriter, vocabulary: Vocabulary
    ) -> None:
        self.connection = connection
        self._segments = segments
        self._vocabulary = vocabulary
        self.corrections = CorrectionRows(connection)
        self.gazetteers = Gazetteers(connection)
        self.entities = EntityRows(connection)
        self._mentions = MentionRows(connection, self.entities)
        self._names: Names | None = None
        self._known: Names | None = None
        self._recognizer: tuple[Names, Recognizer] | None = None

    def refresh(self) -> None:
        """Forget what was known, where another process has written since."""
        self.entities.refresh()

    def clear(self) -> None:
        """Forget what was known: it was not written."""
        self.entities.clear()

    def put(
        self, first: int, mentions: Sequence[Sequence[Mention]], first_mention: int | None = None
    ) -> list[list[int]]:
        """Store what was recognized in paragraphs with ids from the first on.

        Returns the ids of the entities that each of them names. `first_mention` is the id that the
        first mention gets, None for one behind all others.
        """
        self._know()
        return self._mentions.put(first, mentions, first_mention)

    def meet(self, some: Iterable[Met]) -> None:
        """Write what is known of entities, in this order."""
        self._know()
        self.entities.meet(some)

    def names(self) -> Names:
        """Return by which names this archive recognizes."""
        kept = self.gazetteers
        aliases = self.entities.in_force.of("alias")
        added = tuple((each.entity, each.name or "") for each in aliases)
        key = (kept.recognizer(), tuple(kept.rows()), added)
        if self._names is None or self._names[:3] != key:
            known = {each.slug for each in kept.whole().entities} if added else set()
            stored = (self.entities.stored(slug) for slug in dict(added) if slug not in known)
            self._names = Names(*key, tuple(filter(None, stored)))
        return self._names

    def recognizer(self) -> Recognizer:
        """Return what recognizes the names of this archive, always the same while they are."""
        names = self.names()
        if self._recognizer is None or self._recognizer[0] != names:
            self._recognizer = (names, names.recognizer())
        return self._recognizer[1]

    def _know(self) -> None:
        """Let what is written now tell whom the gazetteer knows."""
        if self._known is None or self._known is not self._names:
            self._known = self.names()
            self.entities.known = {each.slug for each in self._known.gazetteer().entities}

    def correct(self, before: InForce | None = None) -> None:
        """Bring everything to the corrections as they stand now, inside a batch.

        `before` are those that rows agree with; None for those that were in force.
        """
        before = before or self.entities.in_force
        self.entities.forget()
        after = self.entities.in_force
        self.entities.correct(before)
        articles = self._mentions.correct(before.moved(after))
        changed = set(before.of("alias")) ^ set(after.of("alias"))
        for alias in changed:
            found = articles_with(self.connection, alias.name or "")
            articles |= {each for each in found if self._recognize(each)}
        self._write_postings(articles)
        for slug in before.made.keys() - after.made.keys():
            self._describe_anew(slug)
        self.entities.sweep()

    def recognize(self, articles: Iterable[int], seen: dict[str, Mention]) -> int:
        """Recognize articles anew, inside a batch; return how many name others than before.

        The first mention of every entity that they name is put into `seen`.
        """
        changed = [each for each in articles if self._recognize(each, seen)]
        self._write_postings(changed)
        return len(changed)

    def _recognize(self, article: int, seen: dict[str, Mention] | None = None) -> bool:
        mentions = self.recognizer().recognize(self._texts(article))
        if seen is not None:
            for mention in chain.from_iterable(mentions):
                seen.setdefault(mention.entity.slug, mention)
        self._know()
        return self._mentions.replace(article, mentions)

    def _write_postings(self, articles: Iterable[int]) -> None:
        """Write the postings of articles anew, whose mentions have become others."""
        for number, article in enumerate(articles, start=1):
            row = self.connection.execute(
                "SELECT published FROM articles WHERE id = ?", (article,)
            ).fetchone()
            self._segments.remove(article)
            self._segments.add(stored_entry(self.connection, article, *row))
            if number % REBUILT == 0:
                self._segments.flush(self._vocabulary.ids)

    def describe(self, seen: dict[str, Mention]) -> None:
        """Bring the rows of entities to what is known of them now, inside a batch.

        `seen` are those that some article names; others go, unless a correction speaks of them.
        """
        spoken_of = self.entities.in_force.slugs - seen.keys()
        if spoken_of:
            for each in self.gazetteers.whole().entities:
                if each.slug in spoken_of:
                    self.entities.write(each, whole=True)
        for mention in seen.values():
            self._describe(mention)
        self.entities.sweep()

    def _describe(self, mention: Mention) -> None:
        """Write what is said of an entity that an article names."""
        self._know()
        entity = mention.entity
        if entity.slug not in self.entities.in_force.made:
            origin = self.entities.origin(entity, mention.recognizer)
            self.entities.write(entity, origin=origin, whole=True)

    def _describe_anew(self, slug: str) -> None:
        """Write what is said of an entity that a split made, and articles name otherwise too."""
        article = self._mentions.first_article(slug)
        if article is not None:
            mentions = chain.from_iterable(self.recognizer().recognize(self._texts(article)))
            for mention in mentions:
                if mention.entity.slug == slug:
                    self._describe(mention)
                    return

    def _texts(self, article: int) -> list[str]:
        rows = self.connection.execute(
            "SELECT kind, text FROM paragraphs WHERE article_id = ? ORDER BY position", (article,)
        )
        return [recognized(*row) for row in rows]
