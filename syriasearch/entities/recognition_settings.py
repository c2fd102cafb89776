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
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..errors import GazetteerError, OptionError
from ..models.entity import Entity, Mention
from ..store.schema import quote_terms
from ..store.sql import write_setting
from ..store.values import RowCheck
from ..text.arabic import ARTICLE, MAX_AFFIXES, has_arabic
from ..text.dates import now
from ..text.tokenize import terms
from .gazetteer import Gazetteer, Row, default_gazetteer, extend_gazetteer, read_rows

if TYPE_CHECKING:
    from .recognizer import Recognizer

UserFiles = Mapping[str, tuple[Row, ...]]
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
    """Return the options of a run, with the rows of the files.

    Raises GazetteerError for an invalid file, and for two files of one name; RecognizerError for an
    unknown name of a recognizer; OptionError for what is no path.
    """
    if recognizer is not None:
        from .recognizer import check_name

        check_name(recognizer)
    if gazetteer is None:
        return RecognitionOptions(recognizer=recognizer)
    files: dict[str, tuple[Row, ...]] = {}
    known = default_gazetteer()
    for path in _paths(gazetteer):
        if path.name in files:
            raise GazetteerError(f"two gazetteers are called {path.name}: rename one")
        files[path.name] = tuple(read_rows(path))
        known = extend_gazetteer(known, files[path.name])
    return RecognitionOptions(files, recognizer)


def _paths(gazetteer: object) -> list[Path]:
    is_one = isinstance(gazetteer, (str, bytes, os.PathLike)) or not isinstance(gazetteer, Iterable)
    given = cast(Iterable[Any], [gazetteer] if is_one else gazetteer)
    paths = []
    for path in given:
        if not isinstance(path, (str, bytes, os.PathLike)):
            raise OptionError(f"gazetteer takes paths of files, not {path!r}")
        paths.append(Path(os.fsdecode(path)))
    return paths


def recognized(kind: str, text: str) -> str:
    """Return the text of a paragraph in which names are searched: none of a byline.

    A byline names the author and not a subject of the article.
    """
    return "" if kind == "byline" else text


_FILES = RowCheck("gazetteers", ("name", "#"))  # what is no list of entities says so itself


class Gazetteers:
    """The user's gazetteer files and the recognizer that an archive stores."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def recognizer(self) -> str:
        """Return the name of the archive's recognizer."""
        from .recognizer import DEFAULT  # not above: to check names takes no recognizer

        row: tuple[str] | None = self._connection.execute(
            "SELECT value FROM settings WHERE name = 'recognizer'"
        ).fetchone()
        return row[0] if row else DEFAULT

    def keep_recognizer(self, name: str) -> None:
        """Store the name of the archive's recognizer."""
        write_setting(self._connection, "recognizer", name)

    def rows(self) -> list[tuple[str, str]]:
        """Return name and content (JSON) of each file, in the order in which they were given."""
        rows = self._connection.execute("SELECT name, entities FROM gazetteers ORDER BY id")
        return list(_FILES.rows(rows))

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
        return _extended(self.rows())


def _extended(files: Iterable[tuple[str, str]]) -> Gazetteer:
    """Return the package's gazetteer, extended by files with these names and contents."""
    gazetteer = default_gazetteer()
    for name, content in files:
        try:
            rows = [Row(str(where), _as_texts(values)) for where, values in json.loads(content)]
        except (TypeError, ValueError, RecursionError) as error:
            raise GazetteerError(
                f"{name}, as the archive keeps it, cannot be read: give it with --gazetteer"
            ) from error
        gazetteer = extend_gazetteer(gazetteer, rows)
    return gazetteer


def _as_texts(values: dict[str, str]) -> dict[str, str]:
    """Return the values of a row. Raises TypeError or ValueError if they are no texts."""
    found = dict(values)
    if not all(isinstance(text, str) for pair in found.items() for text in pair):
        raise TypeError(values)
    return found


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
        return _extended(self.files)

    def recognizer(self) -> Recognizer:
        """Make a recognizer of these names. Raises GazetteerError and RecognizerError."""
        from .recognizer import named_recognizer

        gazetteer = self.gazetteer()
        if not self.added:
            return named_recognizer(self.kind, gazetteer)
        return _CorrectedRecognizer(gazetteer, self)


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


class _CorrectedRecognizer:
    """A recognizer of the names of a gazetteer and of those that corrections added."""

    def __init__(self, gazetteer: Gazetteer, names: KnownNames) -> None:
        from .recognizer import named_recognizer

        added: dict[str, tuple[str, ...]] = {}
        for slug, alias in names.added:
            added[slug] = (*added.get(slug, ()), alias)
        entities = (*gazetteer.entities, *names.others)
        self._plain = {entity.slug: entity for entity in entities if entity.slug in added}
        with_aliases = (
            replace(entity, aliases=(*entity.aliases, *added.get(entity.slug, ())))
            for entity in gazetteer.entities
        )
        # For entities that the gazetteer does not have, only the added names are searched. Rules
        # continue to find these entities by their own names.
        others = (
            replace(entity, name=added[entity.slug][0], aliases=added[entity.slug][1:])
            for entity in names.others
        )
        unknown = [entity.slug for entity in names.others]
        whole = Gazetteer((*with_aliases, *others))
        self._inner = named_recognizer(names.kind, whole, unknown=unknown)
        self.name = self._inner.name

    def recognize(
        self, paragraphs: Sequence[str], *, published: str | None = None
    ) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one article, by offset."""
        return [
            [
                replace(mention, entity=self._plain.get(mention.entity.slug, mention.entity))
                for mention in mentions
            ]
            for mentions in self._inner.recognize(paragraphs, published=published)
        ]


def articles_with(connection: sqlite3.Connection, name: str) -> list[int]:
    """Return the ids of the articles in which a name may be found: its words in a row.

    The first word of an Arabic name may have an article and particles.
    """
    words = terms(name)
    firsts = [words[0]]
    if has_arabic(words[0]):
        bare = words[0].removeprefix(ARTICLE)
        rows = connection.execute(
            "SELECT word FROM words WHERE substr(word, -:length) = :bare"
            " AND length(word) <= :length + :affixes",
            {"bare": bare, "length": len(bare), "affixes": MAX_AFFIXES},
        )
        firsts = [word for (word,) in rows]
    found: set[int] = set()
    for first in firsts:
        rows = connection.execute(
            "SELECT article_id FROM paragraphs_fts CROSS JOIN paragraphs"
            " ON paragraphs.id = paragraphs_fts.rowid WHERE paragraphs_fts MATCH ?",
            (quote_terms((first, *words[1:])),),
        )
        found.update(article for (article,) in rows)
    return sorted(found)
