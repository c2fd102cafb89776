"""Deletion of articles, and its undoing.

What belongs to an article goes with it, in one transaction. Its record and its paragraphs are kept
until the next run, and the names in it are recognized again when it is restored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, TypeAlias

from ..entities.recognizer import Recognizer
from ..errors import OptionError
from ..index.document import DocumentTerms
from ..index.minhash import make_fingerprint
from ..models.article import Article
from ..models.report import Deletion
from ..store.deleted_articles import DeletedArticle
from ..store.folds import fold_columns
from ..store.slugs import Slugs
from ..store.sql import fetch_int
from ..text.dates import now
from ..text.normalize import fold
from .archive_writer import ArchiveWriter
from .blocks.plain_text import Block
from .prepare import PreparedArticle, find_mentions
from .readers.base import CLEANING

_FIELDS = tuple(each.name for each in fields(Article))
_ROW = ("root", "path", "content_hash", "title", "author", "source", "url", "published", "lang")

Row: TypeAlias = dict[str, Any]
"""The values of an article's row, by column."""
Shown: TypeAlias = list[tuple[int, int, str]]
"""The number, the saved search and the time of each hit that was shown."""


def delete(writer: ArchiveWriter, articles: Sequence[Article]) -> Deletion:
    """Delete articles, in one transaction; those that are no longer there are left out."""
    connection = writer.connection
    with writer.batch():
        sql = "SELECT count(*) FROM articles WHERE id = ? AND slug = ?"
        there = [each for each in articles if fetch_int(connection, sql, (each.id, each.slug))]
        writer.deleted.add((_kept(connection, each.id) for each in there), now())
        writer.drop(each.id for each in there)
        writer.naming.entities.sweep()
    writer.settle()
    return Deletion(tuple(there))


def _kept(connection: sqlite3.Connection, article: int) -> DeletedArticle:
    """Return what is kept of an article."""
    cursor = connection.execute("SELECT * FROM articles WHERE id = ?", (article,))
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    row["duplicate_of"] = None
    paragraphs = connection.execute(
        "SELECT kind, text FROM paragraphs WHERE article_id = ? ORDER BY position", (article,)
    )
    shown = connection.execute(
        "SELECT id, search_id, found_at FROM saved_hits WHERE article_id = ?", (article,)
    )
    content = {"article": row, "paragraphs": paragraphs.fetchall(), "shown": shown.fetchall()}
    return DeletedArticle(row["root"], row["path"], row["content_hash"], CLEANING, content)


def undo(writer: ArchiveWriter) -> Deletion:
    """Restore the articles that were deleted last, in one transaction.

    Raises OptionError if there is none, and what `Recognizer`s raise.
    """
    known = writer.known()
    restored: list[tuple[Row, Shown]] = []
    with writer.batch():
        for content in writer.deleted.take_last():
            row = _free_row(writer.connection, content["article"])
            if row is not None:
                writer.restore(row, _prepared(content, known.recognizer))
                restored.append((row, content["shown"]))
        if not restored:
            raise OptionError(
                "there is nothing to undo: nothing was deleted since the last ingest or optimize"
            )
        _restore_shown(writer.connection, restored)
    writer.settle()
    return Deletion(tuple(Article(*(row[name] for name in _FIELDS)) for row, _ in restored))


def _free_row(connection: sqlite3.Connection, row: Row) -> Row | None:
    """Return a row that an article can have again; None if its source has been ingested since.

    A run that was going on at the deletion may have given its id or its slug to another article.
    """
    taken = "SELECT count(*) FROM articles WHERE "
    if fetch_int(connection, f"{taken} root = ? AND path = ?", (row["root"], row["path"])):
        return None
    if fetch_int(connection, f"{taken} id = ?", (row["id"],)):
        row = {**row, "id": 1 + fetch_int(connection, "SELECT max(id) FROM articles")}
    if fetch_int(connection, f"{taken} slug = ?", (row["slug"],)):
        row = {**row, "slug": Slugs(connection).free(row["published"], row["title"])}
    return row


def _restore_shown(connection: sqlite3.Connection, restored: Iterable[tuple[Row, Shown]]) -> None:
    """Record which saved searches have shown the articles, as far as these are still there."""
    for row, shown in restored:
        for number, search, at in shown:
            is_taken = "SELECT count(*) FROM saved_hits WHERE id = ?"
            free = None if fetch_int(connection, is_taken, (number,)) else number
            connection.execute(
                "INSERT INTO saved_hits (id, search_id, article_id, found_at)"
                " SELECT ?, id, ?, ? FROM saved_searches WHERE id = ?",
                (free, row["id"], at, search),
            )


def _prepared(content: dict[str, Any], recognizer: Recognizer) -> PreparedArticle:
    """Return a kept article as it was prepared, with the names that are recognized now."""
    row = content["article"]
    blocks = tuple(Block(kind, text) for kind, text in content["paragraphs"])
    folded = tuple(fold(block.text) for block in blocks)
    terms = DocumentTerms((block.kind, text) for block, text in zip(blocks, folded, strict=True))
    return PreparedArticle(
        **{name: row[name] for name in _ROW},
        blocks=blocks,
        folded=folded,
        fold_columns=tuple(map(fold_columns, (block.text for block in blocks), folded)),
        characters=sum(len(block.text) for block in blocks),
        word_count=row["word_count"],
        term_counts=terms.count(),
        fingerprint=make_fingerprint(terms.comparable()),
        mentions=find_mentions(blocks, recognizer, row["published"]),
    )
