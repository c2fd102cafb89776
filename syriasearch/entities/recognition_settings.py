"""Recognition settings of an archive: its recognizer, and the names that it recognizes.

These are the names of the package's gazetteer, those of the user's own files, and aliases that were
added by corrections. The archive stores the contents of the user's files, so that a later run does
not need them.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ..errors import GazetteerError
from ..models.entity import Entity, Mention
from ..store.schema import quote_terms
from ..text.arabic import has_arabic
from ..text.dates import now
from ..text.tokenize import terms
from .gazetteer import Gazetteer, UserRow, default_gazetteer, read_rows, with_rows
from .recognizer import DEFAULT, Recognizer, check_name, named_recognizer

PARTICLES = 4
"""Maximum number of letters of the particles that are attached to an Arabic name."""

UserFiles = Mapping[str, tuple[UserRow, ...]]
"""The rows of each of a user's files, by the file's name."""


class RecognitionOptions(NamedTuple):
    """Options of recognition for a run; None keeps the setting of the archive."""

    files: UserFiles | None = None
    """The user's files, which replace the stored ones."""
    recognizer: str | None = None
    """The name of a recognizer (`recognizer.named_recognizer`)."""


GazetteerFiles = str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None
"""The path of a file, or several paths; None for the files that the archive stores."""


def make_options(gazetteer: GazetteerFiles, recognizer: str | None) -> RecognitionOptions:
    """Return the options of a run, reading the files.

    Raises GazetteerError, and RecognizerError for an unknown name.
    """
    if recognizer is not None:
        check_name(recognizer)
    return RecognitionOptions(read_files(gazetteer), recognizer)


def recognized(kind: str, text: str) -> str:
    """Return the text of a paragraph in which names are searched: none of a byline.

    A byline names the author and not a subject of the article.
    """
    return "" if kind == "byline" else text


def read_files(given: GazetteerFiles) -> UserFiles | None:
    """Read and check a user's files, by file name; None if `given` is None.

    Raises GazetteerError for an invalid file, and for two files of one name.
    """
    if given is None:
        return None
    paths = [given] if isinstance(given, str | os.PathLike) else list(given)
    files: dict[str, tuple[UserRow, ...]] = {}
    gazetteer = default_gazetteer()
    for path in (Path(os.fsdecode(each)) for each in paths):
        if path.name in files:
            raise GazetteerError(f"two gazetteers are called {path.name}: rename one")
        files[path.name] = tuple(read_rows(path))
        gazetteer = with_rows(gazetteer, files[path.name])
    return files


class Gazetteers:
    """The user's gazetteer files and the recognizer that an archive stores."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def recognizer(self) -> str:
        """Return the name of the archive's recognizer."""
        row: tuple[str] | None = self._connection.execute(
            "SELECT value FROM settings WHERE name = 'recognizer'"
        ).fetchone()
        return row[0] if row else DEFAULT

    def keep_recognizer(self, name: str) -> None:
        """Store the name of the archive's recognizer."""
        self._connection.execute(
            "INSERT INTO settings (name, value) VALUES ('recognizer', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name,),
        )

    def rows(self) -> list[tuple[str, str]]:
        """Return name and content (JSON) of each file, in the order in which they were given."""
        return self._connection.execute(
            "SELECT name, entities FROM gazetteers ORDER BY id"
        ).fetchall()

    def keep(self, files: UserFiles) -> tuple[str, ...]:
        """Store files in place of the previous ones; return the names of those removed."""
        rows = [(name, json.dumps(given, ensure_ascii=False)) for name, given in files.items()]
        before = self.rows()
        if rows != before:
            self._connection.execute("DELETE FROM gazetteers")
            self._connection.executemany(
                "INSERT INTO gazetteers (name, entities, read_at) VALUES (?, ?, ?)",
                ((*row, now()) for row in rows),
            )
        return tuple(name for name, _ in before if name not in files)

    def whole(self) -> Gazetteer:
        """Return the package's gazetteer, extended by these files. Raises GazetteerError."""
        return _whole(self.rows())


def _whole(files: Iterable[tuple[str, str]]) -> Gazetteer:
    gazetteer = default_gazetteer()
    for name, content in files:
        try:
            rows = [(str(where), dict(values)) for where, values in json.loads(content)]
        except (TypeError, ValueError) as error:
            raise GazetteerError(
                f"{name}, as the archive keeps it, cannot be read: give it with --gazetteer"
            ) from error
        gazetteer = with_rows(gazetteer, rows)
    return gazetteer


class KnownNames(NamedTuple):
    """The names that an archive recognizes, as data that can be sent to another process."""

    kind: str
    """The name of the recognizer."""
    files: tuple[tuple[str, str], ...]
    """Name and content (JSON) of each of the user's files that the archive stores."""
    added: tuple[tuple[str, str], ...]
    """The aliases that corrections added, each after the slug of its entity."""
    others: tuple[Entity, ...]
    """The entities of `added` that are in no gazetteer."""

    def gazetteer(self) -> Gazetteer:
        """Return the gazetteer without the names of corrections. Raises GazetteerError."""
        return _whole(self.files)

    def recognizer(self) -> Recognizer:
        """Make a recognizer of these names. Raises GazetteerError and RecognizerError."""
        gazetteer = self.gazetteer()
        if not self.added:
            return named_recognizer(self.kind, gazetteer)
        added: dict[str, list[str]] = {}
        for slug, alias in self.added:
            added.setdefault(slug, []).append(alias)
        return _Corrected(gazetteer, added, self.others, self.kind)


class LazyRecognizer:
    """Names and their recognizer, which is made when it is first used."""

    def __init__(self, names: KnownNames, make: Callable[[], Recognizer]) -> None:
        """Hold these names; `make` returns their recognizer."""
        self.names = names
        self._make = make

    @cached_property
    def recognizer(self) -> Recognizer:
        """The recognizer of the names. Raises GazetteerError and RecognizerError."""
        return self._make()


class _Corrected:
    """A recognizer of the names of a gazetteer and of those that corrections added."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        added: Mapping[str, list[str]],
        others: Sequence[Entity],
        name: str,
    ) -> None:
        self._plain = {
            each.slug: each for each in (*gazetteer.entities, *others) if each.slug in added
        }
        with_aliases = (
            replace(each, aliases=(*each.aliases, *added.get(each.slug, ())))
            for each in gazetteer.entities
        )
        # For entities that the gazetteer does not have, only the added names are searched.
        made = (
            replace(each, name=added[each.slug][0], aliases=tuple(added[each.slug][1:]))
            for each in others
        )
        # Rules continue to find these entities by their own names.
        self._inner = named_recognizer(
            name, Gazetteer((*with_aliases, *made)), unknown=[each.slug for each in others]
        )
        self.name = self._inner.name

    def recognize(self, paragraphs: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one article, by offset."""
        return [
            [
                replace(each, entity=self._plain.get(each.entity.slug, each.entity))
                for each in mentions
            ]
            for mentions in self._inner.recognize(paragraphs)
        ]


def articles_with(connection: sqlite3.Connection, name: str) -> list[int]:
    """Return the ids of the articles in which a name may be found: its words in a row.

    The first word of an Arabic name may have attached particles.
    """
    words = terms(name)
    firsts = [words[0]]
    if has_arabic(words[0]):
        bare = words[0][2:] if words[0].startswith("ال") else words[0]
        firsts = [
            word
            for (word,) in connection.execute(
                "SELECT word FROM words WHERE substr(word, -:length) = :bare"
                " AND length(word) <= :length + :more",
                {"bare": bare, "length": len(bare), "more": PARTICLES},
            )
        ]
    found: set[int] = set()
    for first in firsts:
        found.update(
            article
            for (article,) in connection.execute(
                "SELECT article_id FROM paragraphs_fts CROSS JOIN paragraphs"
                " ON paragraphs.id = paragraphs_fts.rowid WHERE paragraphs_fts MATCH ?",
                (quote_terms((first, *words[1:])),),
            )
        )
    return sorted(found)
