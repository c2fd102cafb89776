"""Reader of web pages.

`trafilatura` finds the main text, and the metadata of the page: in its head, in JSON-LD, in its
markup. Everything around the article is left out.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from functools import partial
from html import escape, unescape
from typing import Any

from ...text.language import language_of
from ..blocks.html import without_hidden
from . import several
from .base import Document, Problem, SourceFile, UnreadableError, read_whole, record_hash
from .charset import decode, head_text
from .field_mapping import joined_names
from .page_dates import page_date
from .page_metadata import PageMetadata, read_metadata

MAX_PAGE_BYTES = 8 * 2**20
"""The maximum size of a page in bytes; pages of news sites are smaller.

A parser needs many times as much memory.
"""
MAX_TAGS = 50_000
"""The maximum number of tags in a page: extraction takes disproportionately long for more."""

_PAGE = re.compile(
    r"\s*(?:(?:<\?xml[^>]*>|<!--(?:(?!-->).)*-->)\s*)*"
    r"(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
"""The beginning of a page.

A comment ends at the first `-->`: if it could end at a later one, n comments could be read in 2 to
the n ways.
"""
_SAVED = re.compile(r"<!-- saved from url=\(\d{1,6}\)(https?://[^\s<>]{1,1000}) -->")
"""The comment that a browser writes into a page it saves."""
_TAG = re.compile(r"<[^<>]{0,20}>")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)


def claims(head: bytes) -> bool:
    """Return whether a file begins like a page."""
    return bool(_PAGE.match(head_text(head).lstrip("\ufeff")))


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the page's article, to be extracted on demand."""
    yield page_document(read_whole(file))


def page_document(
    data: bytes, *, url: str | None = None, charset: str | None = None, anchor: str | None = None
) -> Document:
    """Return the article of a page, to be extracted on demand."""
    return Document(
        "",
        anchor=anchor,
        url=url,
        origin=record_hash(data),
        scraped=True,
        pending=partial(_read_page, data, url, charset),
        weight=len(data),
    )


def _read_page(data: bytes, url: str | None, charset: str | None) -> Iterator[Document | Problem]:
    if len(data) > MAX_PAGE_BYTES:
        raise UnreadableError(f"is a page of over {MAX_PAGE_BYTES // 2**20} MiB: leave it out")
    page, note = decode_page(data, charset)
    if note:
        yield Problem(note, lost=False)
    saved_from = _SAVED.search(page[:2000])
    page = without_hidden(page.replace("\0", ""), metadata=True)
    if page.count("<") > MAX_TAGS:
        raise UnreadableError(f"is a page of over {MAX_TAGS:,} tags: leave it out")
    found, metadata, date = _extracted(page, url)
    text = _html_of(found.body) if found is not None and found.body is not None else ""
    if several_note := several.note_on_page(page):
        yield several_note
    if not text:
        raise UnreadableError(
            "is a page in which no article was found: leave it out, or save its text"
        )
    yield Document(
        text,
        "html",
        title=metadata.title,
        author=joined_names(metadata.authors) or None,
        source=found.sitename,
        url=url or found.url or (saved_from[1] if saved_from else None),
        date=date,
        lang=language_of(unescape(_TAG.sub(" ", text)), _named_language(page)),
        scraped=True,
    )


def decode_page(data: bytes, charset: str | None = None) -> tuple[str, str | None]:
    """Return the text of a page: in UTF-8, or in the charset that the page or its server names."""
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    named = _CHARSET.search(data[:4096])
    for name in (charset, named.group(1).decode("ascii", "replace") if named else None):
        try:
            # Pages that declare Latin-1 are in Windows-1252, as browsers assume.
            if name and name.lower() in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"):
                name = "cp1252"
            if name and name.lower() not in ("utf-8", "utf8"):
                return data.decode(name), None
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return decode(data)


def _extracted(page: str, url: str | None) -> tuple[Any, PageMetadata, str | None]:
    """Return what trafilatura finds in a page, and the metadata and date that the page states."""
    from lxml import etree, html
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
            # Extraction changes the tree.
            metadata = read_metadata(tree, url)
            date = page_date(tree, url)
            if (head := tree.find("head")) is not None:
                # An author in the head spares trafilatura a search in a copy of the tree.
                head.append(html.Element("meta", name="author", content="read already"))
            found = bare_extraction(
                tree,
                url=url,
                include_comments=False,
                with_metadata=True,
                # A date somewhere on a page is not its date of publication.
                date_extraction_params={"original_date": True, "extensive_search": False},
            )
        except etree.ParserError:
            # Nothing is left of a page without text.
            return None, PageMetadata(), None
    return found, metadata, date


def _html_of(body: Any) -> str:
    """Return the extracted paragraphs in plain HTML."""
    pieces: list[str] = []

    def add(tag: str, text: str) -> None:
        text = " ".join(text.split())
        if text:
            pieces.append(f"<{tag}>{escape(text, quote=False)}</{tag}>")

    pending = [body]
    while pending:
        element = pending.pop()
        if element.tag == "head":
            add("h2", "".join(element.itertext()))
        elif element.tag in ("p", "item", "code", "cell") and not _lays_out(element):
            for line in "".join(_with_breaks(element)).split("\n"):
                add("p", line)
        elif element.tag == "row" and not any(map(_lays_out, element)):
            cells = ["".join(cell.itertext()).strip() for cell in element]
            add("p", " · ".join(filter(None, cells)))
        elif len(element):
            add("p", element.text or "")
            pending.extend(reversed(element))
        else:
            add("p", "".join(element.itertext()))
        if element is not body and element.tail and element.tail.strip():
            add("p", element.tail)
    return "\n".join(pieces)


def _lays_out(element: Any) -> bool:
    """Return whether a table cell holds a part of the page, as in old layouts, and not a value."""
    return element.tag == "cell" and any(
        inner.tag in ("p", "head", "list", "row") for inner in element.iterdescendants()
    )


def _with_breaks(element: Any) -> Iterator[str]:
    for inner in element.iter():
        if inner.tag == "lb":
            yield "\n"
        yield inner.text or ""
        if inner is not element:
            yield inner.tail or ""


def _named_language(page: str) -> str | None:
    head = page[:20_000]
    for pattern in (
        r"""<html\b[^>]{0,500}?\slang\s*=\s*["']?([\w-]{2,12})""",
        r"""<meta\b[^>]{0,80}?og:locale["'][^>]{0,40}?content\s*=\s*["']([\w-]{2,12})""",
        r"""<meta\b[^>]{0,80}?content-language["'][^>]{0,40}?content\s*=\s*["']([\w-]{2,12})""",
    ):
        found = re.search(pattern, head, re.IGNORECASE)
        if found:
            return found[1]
    return None
