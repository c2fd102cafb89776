"""Readers of what press databases export: Nexis, Factiva, ProQuest and Europresse.

One file holds up to some hundred articles. Each database has a module that knows its texts and its
pages by their content, and yields the articles of one; the files are opened and decoded here.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import europresse, factiva, html, nexis, proquest
from .base import Document, Problem, SourceFile, read_whole
from .charset import decode, head_text, unix_lines
from .press_unknown import is_of_site, several_articles

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

    def reader_of(self, text: str) -> _Read | None:
        """Return the function that reads a text or a page, None if it is no export."""
        if self.is_html(text):
            return self.read_html
        return self.read_text if not _is_markup(text) and self.is_text(text) else None

    def documents(self, read: _Read, text: str) -> Iterator[Document | Problem]:
        """Yield the articles of an export, or a problem if there is none."""
        is_empty = True
        for item in read(unix_lines(text)):
            is_empty = False
            yield item
        if is_empty:
            message = f"is an export of {self.name} without articles: leave it out"
            yield Problem(message, lost=False)


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
    text = unix_lines(_decoded_head(head))
    if database is FACTIVA and factiva.is_xml(text):
        return True
    # A mail or a table may hold a page; neither begins as one.
    return database.reader_of(text) is not None and (_is_markup(text) or not database.is_html(text))


def read(file: SourceFile, *, database: Database) -> Iterator[Document | Problem]:
    """Yield the articles of an export."""
    data = read_whole(file)
    text = unix_lines(head_text(data))
    if database is FACTIVA and factiva.is_xml(text):
        yield from factiva.read_xml(data)
        return
    is_page = database.read_text is None or database.is_html(text)
    text, note = html.decode_page(data) if is_page else decode(data)
    if note:
        yield Problem(note, lost=False)
    read_text = database.read_html if is_page else database.read_text
    assert read_text is not None
    yield from database.documents(read_text, text)


def read_page(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the article of a web page, or those of a page that a database has exported.

    The head of some exports only has scripts, so that they are not known by it.
    """
    data = read_whole(file)
    if is_of_site(data):
        yield html.page_document(data)
        return
    page = head_text(data)
    database = next((each for each in DATABASES if each.is_html(page)), None)
    if database is None:
        if several := several_articles(html.decode_page(data)[0]):
            yield several
        yield html.page_document(data)
        return
    page, note = html.decode_page(data)
    if note:
        yield Problem(note, lost=False)
    yield from database.documents(database.read_html, page)


def is_export(text: str) -> bool:
    """Return whether a database has exported a text or a page."""
    text = unix_lines(text)
    return any(database.reader_of(text) for database in DATABASES)


def documents_in(text: str) -> Iterator[Document | Problem] | None:
    """Return the articles of a text or a page that a database has exported; None for any other.

    For texts in other files: mails, office documents.
    """
    text = unix_lines(text)
    for database in DATABASES:
        if read_text := database.reader_of(text):
            return database.documents(read_text, text)
    return None


def _decoded_head(head: bytes) -> str:
    """Return the head of a file in UTF-8 if it is that; it may end within a letter."""
    try:
        return getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head_text(head)


def _is_markup(text: str) -> bool:
    return text.lstrip().startswith("<")
