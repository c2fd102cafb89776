"""Reader of books and issues in EPUB 2 and 3: an article in each document of the contents.

A document that the table of contents does not name continues the one before it, as programs cut
long chapters. Covers, title pages and tables of contents are left out.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from ...text.patterns import regex
from ..blocks.html import without_hidden
from .base import LIMIT, MAX_ARTICLE_BYTES, Document, Problem, SourceFile, UnreadableError
from .charset import noted
from .field_values import joined_names
from .html import MAX_PAGE_BYTES, decode_page
from .nulls import is_program_name
from .office_package import Elements, Package

_FRONT = frozenset(
    "cover titlepage title-page halftitlepage toc landmarks copyright-page copyrightpage loi lot"
    " lof index".split()
)
"""The types of documents that are not the book's text (EPUB Structural Semantics, OPF guide)."""
_TYPE = regex(r"<(?:body|section|nav|div)\b[^<>]{0,500}\btype\s*=\s*[\"']([\w -]{1,100})[\"']")
_HEADING = regex(r"<h[1-3]\b[^<>]{0,500}>((?:(?!</h)[\s\S]){0,1000})</h", re.IGNORECASE)
_BODY = regex(r"<body\b[^<>]{0,2000}>", re.IGNORECASE)
_LINK = regex(r"<a\b[^<>]{0,2000}>((?:(?!</a)[\s\S]){0,2000})</a", re.IGNORECASE)
_TAG = regex(r"<[^<>]{0,2000}>")
_NAVIGATION = regex(
    r"<div\b[^<>]{0,500}\bclass=\"calibre_navbar[^<>]{0,500}>(?:(?!</div)[\s\S]){0,5000}</div\s*>"
)
"""The links that Calibre puts above and below an article of a paper."""
_DOWNLOADED = regex(
    r"<a\b(?=[^<>]{0,500}\brel=\"calibre-downloaded-from\")[^<>]{0,2000}?\bhref=\"(https?://[^\"]+)\""
)
_ISSUE = regex(r"(?:(?<!\s)\s+)?[\[(][^\])]{0,40}\d{4}[\])]$")
"""The day of an issue after the name of a paper."""
_NO_DATE = ("0101-01-01", "0100-01-01")
"""The dates that Calibre writes for an unknown one."""
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Encryption of fonts, which leaves the text as it is."""
_LINKED = 0.7
"""The share of links in a text above which it is a list of contents."""


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the book's articles, and problems."""
    with file.open() as stream:
        package = Package(stream, ".epub")
        container, encryption = _Attributes("rootfile"), _Attributes("EncryptionMethod")
        package.parse("META-INF/encryption.xml", encryption)
        if any(each.get("Algorithm") not in _FONTS for each in encryption.found):
            raise UnreadableError("is a book with copy protection, which cannot be read")
        package.parse("META-INF/container.xml", container)
        book = _Book()
        path = next((each["full-path"] for each in container.found if "full-path" in each), "")
        package.parse(path, book)
        chapters = list(_chapters(package, book, posixpath.dirname(path)))
        is_empty = True
        for item in _documents(package, book, chapters):
            is_empty = False
            yield item
        yield from package.problems
    if is_empty:
        raise UnreadableError("is a book without a text: leave it out")


class _Attributes(Elements):
    """The attributes of the elements with a name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == self._name:
            self.found.append(dict(attributes))


class _Item(NamedTuple):
    href: str
    media_type: str
    properties: str


class _Book(Elements):
    """The package document of a book: its metadata, its documents, and their order."""

    _NAMES = frozenset("title creator publisher date language".split())

    def __init__(self) -> None:
        self.metadata: dict[str, list[tuple[str, str]]] = {}
        """The values of each name, with their role or event."""
        self.items: dict[str, _Item] = {}
        self.spine: list[str] = []
        self.front: set[str] = set()
        self.contents = ""
        """The id of the table of contents of EPUB 2."""
        self._name = self._role = ""
        self._text: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        get = attributes.get
        if name in self._NAMES:
            self._name, self._role, self._text = name, get("event", get("role", "")), []
        elif name == "item":
            item = _Item(unquote(get("href", "")), get("media-type", ""), get("properties", ""))
            self.items[get("id", "")] = item
        elif name == "spine":
            self.contents = get("toc", "")
        elif name == "itemref":
            self.spine.append(get("idref", ""))
        elif name == "reference" and get("type", "").lower() in _FRONT:
            self.front.add(unquote(get("href", "").partition("#")[0]))

    def end(self, name: str) -> None:
        if self._name == name:
            value = " ".join("".join(self._text).split())
            self.metadata.setdefault(name, []).append((value, self._role))
            self._name = ""

    def data(self, text: str) -> None:
        if self._name:
            self._text.append(text)

    def first(self, name: str) -> str | None:
        """Return the first value of a name, unless it is a program's."""
        values = (value for value, _ in self.metadata.get(name, ()))
        return next((each for each in values if each and not is_program_name(each)), None)

    @property
    def authors(self) -> str | None:
        """The names of the authors."""
        creators = self.metadata.get("creator", ())
        names = [name for name, role in creators if role in ("", "aut")]
        return joined_names(name for name in names if name and not is_program_name(name)) or None

    @property
    def date(self) -> str | None:
        """The date of publication; not those at which the file was made or changed."""
        dates = self.metadata.get("date", ())
        published = (value for value, event in dates if "publication" in event or not event)
        return next((each for each in published if each and not each.startswith(_NO_DATE)), None)


class _Contents(Elements):
    """A table of contents: the titles of documents (NCX, or the list of EPUB 3)."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._target: str | None = None
        self._text: list[str] = []
        self._is_label = False
        self._depth = 0
        self._is_other = False
        """Whether a list is of pages or of parts."""
        self.titles: dict[str, str] = {}
        """The first title of each document."""
        self.entries: Counter[str] = Counter()
        """The number of entries for each document that are not below another."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "nav":
            self._is_other = attributes.get("type", "toc") != "toc"
        self._depth += name in ("navPoint", "ol")
        if name == "navPoint":
            self._text = []
        elif name == "text":
            self._is_label = True
        elif name == "a":
            self._text, self._is_label = [], True
            self._target = attributes.get("href")
        elif name == "content":
            self._add(attributes.get("src", ""))

    def end(self, name: str) -> None:
        self._depth -= name in ("navPoint", "ol")
        if name == "text":
            self._is_label = False
        elif name == "a" and self._target is not None:
            self._add(self._target)
            self._is_label, self._target = False, None

    def data(self, text: str) -> None:
        if self._is_label:
            self._text.append(text)

    def _add(self, target: str) -> None:
        path = _path(self._folder, target)
        title = " ".join("".join(self._text).split())
        if path and title and not self._is_other:
            self.titles.setdefault(path, title)
            self.entries[path] += self._depth <= 1


class _Chapter(NamedTuple):
    paths: list[str]
    title: str | None
    entries: int
    """The number of entries of the table of contents that it has."""


def _path(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _chapters(package: Package, book: _Book, folder: str) -> Iterator[_Chapter]:
    """Yield the chapters in order, each with the documents that it is cut into."""
    contents = _contents(package, book, folder)
    titles = contents.titles
    chapter: _Chapter | None = None
    for key in book.spine:
        item = book.items.get(key)
        if item is None or "html" not in item.media_type or "nav" in item.properties.split():
            continue
        path = _path(folder, item.href)
        if item.href in book.front or not package.has(path):
            continue
        if chapter and len(titles) > 1 and path not in titles and chapter.paths[-1] in titles:
            chapter.paths.append(path)
            continue
        if chapter:
            yield chapter
        chapter = _Chapter([path], titles.get(path), contents.entries[path])
    if chapter:
        yield chapter


def _contents(package: Package, book: _Book, folder: str) -> _Contents:
    listed = [item.href for item in book.items.values() if "nav" in item.properties.split()]
    if book.contents in book.items:
        listed.append(book.items[book.contents].href)
    for href in listed:
        path = _path(folder, href)
        contents = _Contents(posixpath.dirname(path))
        package.parse(path, contents)
        if contents.titles:
            return contents
    return _Contents(folder)


def _documents(
    package: Package, book: _Book, chapters: list[_Chapter]
) -> Iterator[Document | Problem]:
    name = book.first("title")
    is_single = len(chapters) == 1
    for chapter in chapters:
        pieces: list[str] = []
        url: str | None = None
        size = 0
        for path in chapter.paths:
            decoded = decode_page(package.read(path, MAX_PAGE_BYTES))
            page = yield from noted(decoded, f"{path} ", chapter.paths[0])
            downloaded = _DOWNLOADED.search(page)
            url = url or (unescape(downloaded[1]) if downloaded else None)
            body = _body(page)
            size += len(body)
            pieces.append(body)
        if size > MAX_ARTICLE_BYTES:
            yield Problem(f"{chapter.paths[0]} has more than {LIMIT}", chapter.paths[0])
            continue
        text = "\n".join(pieces)
        if not _plain(text):
            continue
        if chapter.entries > 1:
            message = (
                f"holds {chapter.entries} entries of the table of contents, which were read as"
            )
            place = chapter.paths[0]
            yield Problem(f"{place} {message} one article", place, lost=False)
        yield Document(
            text,
            "html",
            title=(name if is_single else None) or chapter.title or _heading(text),
            author=book.authors,
            source=book.first("publisher") if is_single else name and _ISSUE.sub("", name),
            url=url,
            date=book.date,
            lang=book.first("language"),
            anchor=chapter.paths[0],
        )


def _body(page: str) -> str:
    """Return the body of a page; nothing of a cover, a title page or a list of contents."""
    page = without_hidden(page)
    types = {word for found in _TYPE.findall(page[:4000])[:2] for word in found.lower().split()}
    if types & _FRONT:
        return ""
    found = _BODY.search(page)
    body = page[found.end() :] if found else page
    body = _NAVIGATION.sub("", body)
    if downloaded := _DOWNLOADED.search(body):
        start = body.rfind("<p", 0, downloaded.start())
        end = body.find("</p>", downloaded.end())
        body = body[:start] + body[end:] if 0 <= start < end else body
    linked = sum(len(_plain(each)) for each in _LINK.findall(body))
    return "" if linked > _LINKED * len(_plain(body)) else body


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def _heading(text: str) -> str | None:
    found = _HEADING.search(text)
    return (_plain(found[1]) or None) if found else None
