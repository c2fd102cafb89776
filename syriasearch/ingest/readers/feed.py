"""Reader of feeds, RSS and Atom."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from typing import Any

from .base import Document, Problem, SourceFile, free_anchor, read_whole
from .decode import as_text
from .fields import MAX_FIELD, markup_of

_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]")
_PROLOGUE = re.compile(r"\s*<(?:\?xml|!--|!DOCTYPE\s+(?!html)|rss|feed|rdf:RDF)")
_ENTITY = re.compile(rb"<!ENTITY\s", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,1000}>")


class FeedReader:
    """Reads feeds, with an article in each entry."""

    name = "feed"
    suffixes: tuple[str, ...] = (".rss", ".atom")

    def claims(self, head: bytes) -> bool:
        """Return whether a file begins like a feed."""
        text = as_text(head[:8192]).lstrip("\ufeff")
        return bool(_PROLOGUE.match(text) and _FEED.search(text) and "<html" not in text)

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield the feed's entries."""
        data = read_whole(file)
        if isinstance(data, Problem):
            yield data
            return
        # In UTF-16 every other byte of the keyword is zero.
        if _ENTITY.search(data.replace(b"\0", b"")):
            # A feed needs none, and a few of them can expand to gigabytes.
            yield Problem("is a feed that defines entities of its own, which is not read: mend it")
            return
        import feedparser

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # From memory: feedparser would fetch a text that looks like an address.
            feed = feedparser.parse(io.BytesIO(data), sanitize_html=False)
        if not feed.entries:
            yield Problem("is a feed without entries, or none at all: leave it out")
            return
        if feed.bozo:
            reason = " ".join(str(feed.get("bozo_exception", "")).split())[:100]
            yield Problem(f"is not valid XML ({reason}): entries may be lacking", lost=False)
        anchors: dict[str, int] = {}
        for number, entry in enumerate(feed.entries, start=1):
            yield from _entry(entry, feed.feed, number, anchors)


def _entry(
    entry: Any, feed: Any, number: int, anchors: dict[str, int]
) -> Iterator[Document | Problem]:
    contents = [each for each in entry.get("content", ()) if each.get("value", "").strip()]
    content: dict[str, Any] = max(contents, key=lambda each: len(each["value"]), default={})
    text = content.get("value") or entry.get("summary") or ""
    identity = _plain(entry.get("id") or entry.get("link"))
    anchor = free_anchor(identity or str(number), anchors)
    if not text.strip():
        yield Problem(f"entry {number} has no text: it may have to be fetched", anchor)
        return
    authors = [_plain(author.get("name")) for author in entry.get("authors", ())]
    source = entry.get("source") or {}
    yield Document(
        text,
        markup_of(text) if "<" in text else "plain",
        title=_plain(entry.get("title")),
        author=", ".join(filter(None, authors)) or _plain(entry.get("author")),
        source=_plain(source.get("title")) or _plain(feed.get("title")),
        url=_plain(entry.get("link")),
        date=_date(entry),
        lang=_plain(content.get("language")) or _plain(feed.get("language")),
        anchor=anchor,
        positional=not identity,
        scraped=True,
    )


def _date(entry: Any) -> str | None:
    for name in ("published", "created", "updated"):
        # feedparser takes a missing date from another field, with a warning.
        if dict.__contains__(entry, name) and entry[name]:
            return str(entry[name])[:MAX_FIELD]
    return None


def _plain(value: object) -> str | None:
    """Return a field without markup, which titles in feeds may have."""
    if not isinstance(value, str):
        return None
    from html import unescape

    return unescape(_TAG.sub("", value)).strip()[:MAX_FIELD] or None
