"""How does a feed reader get what a saved search finds?

As Atom 1.0 (RFC 4287): an entry an article, with its passages as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote
from xml.etree import ElementTree

from .models import Hit, printable
from .saved import SavedSearch

_NAMESPACE = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def atom(search: SavedSearch, found: Iterable[tuple[Hit, str]]) -> bytes:
    """Return a feed of hits, each with when it was found (UTC, ISO 8601), the latest first."""
    feed = ElementTree.Element("feed", xmlns=_NAMESPACE)
    _add(feed, "id", f"urn:syriasearch:search:{quote(search.name, safe='')}")
    _add(feed, "title", f"{search.name}: {search.query}")
    _add(feed, "updated", search.looked_at)
    _add(feed, "generator", "syriasearch")
    for hit, found_at in found:
        article = hit.article
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "id", f"urn:syriasearch:article:{quote(article.slug, safe='')}")
        _add(entry, "title", article.title)
        _add(entry, "updated", found_at)
        if article.published:
            _add(entry, "published", f"{article.published}T00:00:00Z")
        author = ElementTree.SubElement(entry, "author")
        _add(author, "name", article.author or article.source or "unknown")
        if article.url and article.url.lower().startswith(("http://", "https://")):
            ElementTree.SubElement(entry, "link", href=_text(article.url))
        passages = "".join(f"<p>{passage.snippet.to_html()}</p>" for passage in hit.passages)
        _add(entry, "content", passages).set("type", "html")
    ElementTree.indent(feed)
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = _text(text)
    return element


def _text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NO_XML.sub(" ", printable(text))
