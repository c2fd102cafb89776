"""Atom 1.0 feeds (RFC 4287) of the hits of a search.

Each article is an entry, with its passages as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote
from xml.etree import ElementTree

from ..models.article import Article, xml_text
from ..models.page import Hit, Page
from ..store.saved_searches import SavedSearch

_NAMESPACE = "http://www.w3.org/2005/Atom"
_NO_DAY = "1970-01-01"


def atom(search: SavedSearch, found: Iterable[tuple[Hit, str]]) -> bytes:
    """Return a feed of hits, the latest first, as UTF-8 bytes.

    Each hit comes with the time at which it was found, in UTC and ISO 8601.
    """
    name = f"urn:syriasearch:search:{quote(search.name, safe='')}"
    return _feed(name, f"{search.name}: {search.query}", search.looked_at, found)


def feed(page: Page, link: str, page_of: Callable[[Article], str] | None = None) -> bytes:
    """Return a page of hits as an Atom feed in UTF-8, each dated by its day of publication.

    `link` is the address of the feed itself, and `page_of` returns the address of an article's
    page, if it has one besides its own URL.
    """
    found = [(hit, f"{hit.article.published or _NO_DAY}T00:00:00Z") for hit in page.hits]
    latest = max((day for _, day in found), default=f"{_NO_DAY}T00:00:00Z")
    return _feed(link, page.query or "All articles", latest, found, link, page_of)


def _feed(
    name: str,
    title: str,
    updated: str,
    found: Iterable[tuple[Hit, str]],
    link: str | None = None,
    page_of: Callable[[Article], str] | None = None,
) -> bytes:
    root = ElementTree.Element("feed", xmlns=_NAMESPACE)
    _add(root, "id", name)
    _add(root, "title", title)
    _add(root, "updated", updated)
    _add(root, "generator", "syriasearch")
    if link:
        ElementTree.SubElement(root, "link", rel="self", href=xml_text(link))
    for hit, found_at in found:
        article = hit.article
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", f"urn:syriasearch:article:{quote(article.slug, safe='')}")
        _add(entry, "title", article.title)
        _add(entry, "updated", found_at)
        if article.published:
            _add(entry, "published", f"{article.published}T00:00:00Z")
        author = ElementTree.SubElement(entry, "author")
        _add(author, "name", article.author or article.source or "unknown")
        if page_of:
            ElementTree.SubElement(entry, "link", href=xml_text(page_of(article)))
        if article.url and article.url.lower().startswith(("http://", "https://")):
            about = {"rel": "via"} if page_of else {}
            ElementTree.SubElement(entry, "link", about, href=xml_text(article.url))
        passages = "".join(f"<p>{passage.snippet.to_html()}</p>" for passage in hit.passages)
        _add(entry, "content", passages).set("type", "html")
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = xml_text(text)
    return element
