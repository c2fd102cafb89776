"""Reader of web pages.

`trafilatura` finds the main text, and the metadata of the page: in its head, in JSON-LD, in its
markup. Everything around the article is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape

from ...text.language import language_of
from ...text.patterns import regex
from ..blocks.html import without_hidden
from . import several
from .base import Document, Problem, SourceFile, UnreadableError, read_whole, record_hash
from .charset import decode, head_text, noted
from .field_values import joined_names
from .page_address import choose_address, own_addresses, saved_address
from .page_dates import page_date
from .page_metadata import PageMetadata, read_metadata
from .page_parts import (
    keep_inline_text,
    remove_boilerplate,
    remove_hidden,
    remove_parts_of_archives,
    show_shadow_roots,
)
from .page_text import read_text

MAX_PAGE_BYTES = 8 * 2**20
"""The maximum size of a page in bytes; pages of news sites are smaller.

A parser needs many times as much memory.
"""
MAX_TAGS = 50_000
"""The maximum number of tags in a page: extraction takes disproportionately long for more."""

_PAGE = regex(
    r"\s*(?:(?:<\?xml[^>]*>|<!--(?:(?!-->).)*-->)\s*)*"
    r"(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
"""The beginning of a page.

A comment ends at the first `-->`: if it could end at a later one, n comments could be read in 2 to
the n ways.
"""
_TAG = regex(r"<[^<>]{0,20}>")
_CHARSET = regex(rb"""<meta[^>]{0,200}?charset\s*=\s*(?:["']\s*)?([\w-]{2,20})""", re.IGNORECASE)


def claims(head: bytes) -> bool:
    """Return whether a file begins like a page."""
    return bool(_PAGE.match(head_text(head)))


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
    page = yield from noted(decode_page(data, charset))
    saved = saved_address(page)
    page = without_hidden(page.replace("\0", ""), metadata=True)
    if page.count("<") > MAX_TAGS:
        raise UnreadableError(f"is a page of over {MAX_TAGS:,} tags: leave it out")
    found = _parsed(page, url, saved)
    if several_note := several.note_on_page(page):
        yield several_note
    if not found.text:
        raise UnreadableError(
            "is a page in which no article was found: leave it out, or save its text"
        )
    yield Document(
        found.text,
        "html",
        title=found.metadata.title,
        author=joined_names(found.metadata.authors) or None,
        source=found.metadata.source,
        url=found.url,
        date=found.date,
        lang=language_of(unescape(_TAG.sub(" ", found.text)), _named_language(page)),
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


@dataclass(frozen=True, slots=True)
class _Page:
    """The text and metadata of a parsed page."""

    text: str = ""
    metadata: PageMetadata = field(default_factory=PageMetadata)
    date: str | None = None
    url: str | None = None


def _parsed(page: str, url: str | None, saved: str | None) -> _Page:
    """Return the text of a page, and what the page states of it."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        # Nothing is left of a page without text.
        return _Page()
    remove_parts_of_archives(tree)
    show_shadow_roots(tree)
    url = choose_address(url, saved, own_addresses(tree))
    metadata = read_metadata(tree, url)
    date = page_date(tree, url)
    remove_hidden(tree)
    remove_boilerplate(tree)
    keep_inline_text(tree)
    text = read_text(tree, url, metadata.description)
    return _Page(text, metadata, date, url)


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
