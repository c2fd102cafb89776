"""Editing of entities by users: checks each correction, stores it and applies it.

A user refers to an entity by its slug, or by a name that only this entity has, in any spelling. An
entity that was merged into another or hidden cannot be corrected before that is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Protocol

from ...errors import OptionError
from ...models.entity import ENTITY_TYPES
from ...models.options import as_text, check_choice
from ...text.dates import now
from ...text.stopwords import is_stop_word
from ...text.tokenize import terms
from ..recognition_writer import MentionIndexer
from .corrections import Correction, read_corrections, write_correction
from .editor_lookup import EditorLookup
from .editor_scope import Among, find_scope

MAX_NAME = 200
"""Maximum length of a name, in characters."""


class Writer(Protocol):
    """A writer of an archive or of a shard."""

    naming: MentionIndexer
    """The part that keeps mentions, corrections and postings consistent."""


class Corrections:
    """Corrections of an archive's entities: stored in order, applied, and undone.

    An entity is given by its slug or by a name. Every method but `history` and `unsure` writes. It
    raises OptionError for a correction that is not possible, with a message that says what to do
    instead, and ArchiveError for an archive that cannot be written.
    """

    def __init__(
        self,
        history: Callable[[], tuple[Correction, ...]],
        unsure: Callable[[], tuple[Correction, ...]],
        write: Callable[[], AbstractContextManager[Sequence[Writer]]],
    ) -> None:
        self._history = history
        self._unsure = unsure
        self._write = write

    def history(self) -> tuple[Correction, ...]:
        """Return all corrections, including undone ones, in the order in which they were made."""
        return self._history()

    def unsure(self) -> tuple[Correction, ...]:
        """Return the corrections of single mentions whose article has been edited just there.

        It is unsure which mention was meant, so no name with the spelling counts for the entity in
        that article.
        """
        return self._unsure()

    def merge(self, entity: str, into: str) -> Correction:
        """Merge an entity into another, for which its names and mentions count from then on."""
        with self._editing() as lookup:
            slug = lookup.subject(as_text("entity", entity))
            other = lookup.resolve(as_text("into", into))
            if slug == other:
                raise OptionError(f"{slug} cannot be merged into itself: give two entities")
            return _apply(lookup, Correction(0, now(), "merge", slug, other))

    def split(
        self,
        entity: str,
        *spellings: str,
        to: str,
        type: str | None = None,
        article: str | None = None,
        source: str | None = None,
        occurrence: int | None = None,
    ) -> Correction:
        """Move the mentions of an entity with some spellings to another entity.

        Spellings are compared without regard to case and accents. `to` is the slug or a name of an
        existing entity or, with a `type`, the name of a new one. With an `article` (a slug) only
        the mentions in it and in its copies are moved, all of them if no spelling is given, or only
        the `occurrence` of a spelling in its text, counted from 1; with a `source` those in its
        articles. Raises ArticleNotFoundError.
        """
        among = _check_among(article, source, occurrence)
        moved = _as_spellings(spellings, among)
        if not moved and article is None:
            raise OptionError("a split needs a spelling at least: those that name another entity")
        name = _as_name("the other entity's name", to)
        if type is not None:
            check_choice("type", type, ENTITY_TYPES)
        return self._split(entity, moved, name, type, among)

    def is_not(
        self,
        entity: str,
        *spellings: str,
        article: str | None = None,
        source: str | None = None,
        occurrence: int | None = None,
        to: str | None = None,
        type: str | None = None,
    ) -> Correction:
        """Say that mentions in an article, or of a spelling in a source, are not an entity.

        They are chosen like those that `split` moves, and count for nobody, or for the entity `to`,
        a new one with a `type`. Raises ArticleNotFoundError.
        """
        if to is not None:
            return self.split(
                entity,
                *spellings,
                to=to,
                type=type,
                article=article,
                source=source,
                occurrence=occurrence,
            )
        if type is not None:
            raise OptionError("a type is that of a new entity: give its name too")
        if article is None and source is None:
            raise OptionError(
                "say where that is not the entity: in an article, or in a source; "
                "to say it of all articles, hide or split the entity"
            )
        among = _check_among(article, source, occurrence)
        moved = _as_spellings(spellings, among)
        return self._split(entity, moved, None, None, among)

    def _split(
        self,
        entity: str,
        spellings: tuple[str, ...],
        to: str | None,
        type: str | None,
        among: Among,
    ) -> Correction:
        with self._editing() as lookup:
            slug = lookup.subject(as_text("entity", entity))
            scope = None
            if among == Among():
                for spelling in spellings:
                    lookup.check_spelt(slug, spelling)
            else:
                scope = find_scope(lookup, slug, spellings, among)
            other = None
            if to is not None and type is not None:
                other = lookup.free_slug(to, slug)
            elif to is not None:
                other = lookup.resolve(to, "; to make it, give its type")
                if slug == other:
                    raise OptionError(f"{slug} cannot be split to itself: name another entity")
            new_name = to if type is not None else None
            correction = Correction(
                0, now(), "split", slug, other, new_name, type, spellings, scope
            )
            return _apply(lookup, correction)

    def rename(self, entity: str, name: str) -> Correction:
        """Rename an entity. It is found by both names, and its slug does not change."""
        name = _as_name("the new name", name)
        with self._editing() as lookup:
            slug = lookup.subject(as_text("entity", entity))
            if lookup.name(slug) == name:
                raise OptionError(f"{slug} is called {name} already")
            lookup.has_name(slug, name)
            return _apply(lookup, Correction(0, now(), "rename", slug, name=name))

    def hide(self, entity: str) -> Correction:
        """Hide an entity: it has no mentions and is found by no name until this is undone."""
        with self._editing() as lookup:
            slug = lookup.subject(as_text("entity", entity))
            return _apply(lookup, Correction(0, now(), "hide", slug))

    def add_alias(self, entity: str, name: str) -> Correction:
        """Add a name to an entity; each occurrence of it in the archive becomes a mention."""
        name = _as_name("the alias", name)
        if all(map(is_stop_word, terms(name))):
            raise OptionError(f"{name!r} is too common a word to be a name")
        with self._editing() as lookup:
            slug = lookup.subject(as_text("entity", entity))
            if lookup.has_name(slug, name):
                raise OptionError(f"{slug} has the name {name} already")
            return _apply(lookup, Correction(0, now(), "alias", slug, name=name))

    def undo(self, id: int | None = None) -> Correction:
        """Undo a correction, by default the latest, as if it had never been made."""
        if id is not None and type(id) is not int:
            raise OptionError(f"id takes the number of a correction, not {id!r}")
        with self._editing() as lookup:
            made = {each.id: each for each in read_corrections(lookup.indexers[0].connection)}
            active = lookup.in_force.corrections
            if id is None and not active:
                raise OptionError("there is no correction to undo")
            found = active[-1] if id is None else made.get(id)
            if found is None:
                raise OptionError(f"there is no correction {id}: `history` lists them")
            if found.undone_at is not None:
                raise OptionError(f"correction {id} was undone already")
            if found.other in lookup.in_force.created_entities and found.type is not None:
                for later in active:
                    if later.id > found.id and found.other in (later.entity, later.other):
                        raise OptionError(
                            f"correction {later.id} ({later}) needs {found.other}, which "
                            f"{found.id} made: undo {later.id} first"
                        )
            return _apply(lookup, replace(found, undone_at=now()))

    @contextmanager
    def _editing(self) -> Iterator[EditorLookup]:
        self._history()  # raises an error if the archive does not exist
        with self._write() as writers:
            yield EditorLookup([writer.naming for writer in writers])


def _apply(lookup: EditorLookup, correction: Correction) -> Correction:
    """Store a correction, or that it was undone, in all shards and apply this; return it."""
    for indexer in lookup.indexers:
        stored = write_correction(indexer.connection, correction)
    for indexer in lookup.indexers:
        indexer.correct()
    return stored


def _as_spellings(spellings: Sequence[str], among: Among) -> tuple[str, ...]:
    """Return distinct spellings; that of a single mention stays as it is in the text."""
    if among.occurrence is not None:
        return tuple(as_text("a spelling", each) for each in spellings)
    return tuple(dict.fromkeys(_as_name("a spelling", each) for each in spellings))


def _check_among(article: str | None, source: str | None, occurrence: int | None) -> Among:
    """Return where mentions are meant. Raises OptionError for values of a wrong kind."""
    if article is not None:
        article = as_text("article", article).strip()
    if source is not None:
        source = as_text("source", source)
    if occurrence is not None and (type(occurrence) is not int or occurrence < 1):
        raise OptionError(f"occurrence takes a whole number from 1 on, not {occurrence!r}")
    return Among(article, source, occurrence)


def _as_name(what: str, text: str) -> str:
    """Return a name on one line. Raises OptionError for one that is too short or too long."""
    name = " ".join(as_text(what, text).split()).lstrip("~-").strip()
    if sum(map(len, terms(name))) < 2:
        raise OptionError(f"{what} {text!r} is too short to be found: give two letters at least")
    if len(name) > MAX_NAME:
        raise OptionError(f"{what} is too long: a name has {MAX_NAME} characters at most")
    return name
