"""What must an engine do to be timed?"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from cache import Cache, article_id
from cases import Case
from corpora import Document

HITS = 10
SNIPPET = 300
"""About so many characters make a snippet, where an engine can be told."""


@dataclass(frozen=True)
class Corpus:
    """What all engines index."""

    name: str
    """With a digest of the documents: the name of what is built from them."""
    documents: Sequence[Document]
    archive: Path
    """syriasearch's archive of the documents."""
    entities: Mapping[str, Sequence[str]]
    """The slugs of whom the archive finds named in each document, by its id."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit, as a page of results shows it."""

    id: str
    snippet: str


class Engine(ABC):
    """An engine that answers with ten hits and their snippets."""

    name: ClassVar[str]
    module: ClassVar[str]
    """What must be installed."""
    kinds: ClassVar[frozenset[str]]
    """The classes of queries that it can answer."""

    @abstractmethod
    def open(self, corpus: Corpus, cache: Cache) -> None:
        """Make ready to answer, from an index in the cache."""

    @abstractmethod
    def page(self, case: Case) -> list[Shown]:
        """Answer a query of a class that it can."""

    @classmethod
    def installed(cls) -> bool:
        """Tell whether the engine can be used here."""
        return find_spec(cls.module) is not None


def read_entities(archive: Path) -> dict[str, list[str]]:
    """Return the slugs of the entities named in each document, by its id."""
    connection = sqlite3.connect(archive)
    try:
        found: dict[str, list[str]] = {}
        for path, slug in connection.execute(
            "SELECT DISTINCT path, entities.slug FROM mentions"
            " JOIN paragraphs ON paragraphs.id = paragraph_id"
            " JOIN articles ON articles.id = article_id"
            " JOIN entities ON entities.id = entity_id"
        ):
            found.setdefault(article_id(path), []).append(slug)
        return found
    finally:
        connection.close()


def paragraphs(document: Document) -> Iterator[str]:
    """Yield a document's title and the paragraphs of its text."""
    for piece in document.whole.split("\n\n"):
        if piece.strip():
            yield piece.strip()


def day_number(day: str) -> int:
    """Return a date as a number that orders as it does, 0 for none."""
    digits = day.replace("-", "")
    return int(digits) if digits.isdecimal() else 0
