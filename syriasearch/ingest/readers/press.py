"""Readers of what press databases export: Nexis, Factiva, ProQuest and Europresse.

One file holds up to some hundred articles. Each database has a module that knows its texts and its
pages by their content, and yields the articles of one; the files are opened and decoded here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import europresse, factiva, html, nexis, proquest
from .base import Document, Problem, SourceFile, read_whole
from .charset import decode, head_text, unix_lines

_Check = Callable[[str], bool]
_Read = Callable[[str], Iterator[Document | Problem]]


def _never(text: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Database:
    """A press database, with functions for its exports as text and as HTML."""

    name: str
    """Its name in messages; in lower case that of its format."""
    is_html: _Check
    read_html: _Read
    is_text: _Check = _never
    read_text: _Read | None = None


NEXIS = Database("Nexis", nexis.is_html, nexis.read_html, nexis.is_text, nexis.read_text)
FACTIVA = Database(
    "Factiva", factiva.is_html, factiva.read_html, factiva.is_text, factiva.read_text
)
PROQUEST = Database(
    "ProQuest", proquest.is_html, proquest.read_html, proquest.is_text, proquest.read_text
)
EUROPRESSE = Database("Europresse", europresse.is_html, europresse.read_html)
DATABASES = (PROQUEST, NEXIS, FACTIVA, EUROPRESSE)
"""The databases that are known. ProQuest numbers its documents as Nexis does in French."""


def claims(head: bytes, *, database: Database) -> bool:
    """Return whether a file begins like an export of a database."""
    text = unix_lines(head_text(head))
    if _is_markup(text):
        return database.is_html(text) or (database is FACTIVA and factiva.is_xml(text))
    return database.is_text(text)


def read(file: SourceFile, *, database: Database) -> Iterator[Document | Problem]:
    """Yield the articles of an export."""
    data = read_whole(file)
    text = unix_lines(head_text(data))
    if database is FACTIVA and factiva.is_xml(text):
        yield from _with_end(factiva.read_xml(data), database)
    elif database.read_text is None or database.is_html(text):
        yield from documents_of(html.decode_page(data), database)
    else:
        yield from documents_of(decode(data), database, database.read_text)


def read_page(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the article of a web page, or those of a page that a database has exported.

    The head of some exports only has scripts, so that they are not known by it.
    """
    data = read_whole(file)
    if database := database_of(head_text(data)):
        yield from documents_of(html.decode_page(data), database)
    else:
        yield html.page_document(data)


def database_of(page: str) -> Database | None:
    """Return the database that has exported a page, None for any other page."""
    return next((database for database in DATABASES if database.is_html(page)), None)


def documents_of(
    decoded: tuple[str, str | None], database: Database, read_text: _Read | None = None
) -> Iterator[Document | Problem]:
    """Yield the articles of an export that has been decoded, with a note on its charset."""
    text, note = decoded
    if note:
        yield Problem(note, lost=False)
    yield from _with_end((read_text or database.read_html)(unix_lines(text)), database)


def _with_end(
    items: Iterator[Document | Problem], database: Database
) -> Iterator[Document | Problem]:
    """Yield items, or a problem if there is none."""
    is_empty = True
    for item in items:
        is_empty = False
        yield item
    if is_empty:
        message = f"is an export of {database.name} without articles: leave it out"
        yield Problem(message, lost=False)


def _is_markup(text: str) -> bool:
    return text.lstrip().startswith("<")
