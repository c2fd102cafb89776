"""Reader of feeds, RSS and Atom."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

from ...text.language import language_of
from ...text.patterns import regex
from .base import (
    Document,
    Problem,
    SourceFile,
    UnreadableError,
    free_anchor,
    read_whole,
    refuse_entities,
)
from .character_references import decode_references
from .charset import head_text, mend_utf8
from .feed_parts import WIDE, FeedParts, with_short_names, without_bad_references
from .field_mapping import text_and_markup
from .field_values import MAX_FIELD, joined_names, without_tags
from .nulls import is_null, is_null_author

MAX_AT_ONCE = 2**20
"""The size in bytes up to which a feed is parsed at once, in a hundred times the memory."""
_DAMAGED = (UnicodeError, LookupError, OverflowError, ValueError)
"""What the parser raises for a character or an encoding that it cannot read."""
_FEED = regex(r"<(?:rss|feed|rdf:RDF)[\s>]")
_PROLOGUE = regex(r"\s*<(?:\?xml|!--|!DOCTYPE\s+(?!html)|rss|feed|rdf:RDF)")


def claims(head: bytes) -> bool:
    """Return whether a file begins like a feed."""
    text = head_text(head[:8192])
    return bool(_PROLOGUE.match(text) and _FEED.search(text) and "<html" not in text)


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the feed's entries."""
    data = read_whole(file)
    refuse_entities(data)
    data, damage = mend_utf8(data)
    if damage:
        yield Problem(damage, lost=False)
    anchors: dict[str, int] = {}
    number = 0
    reasons: list[str] = []
    for feed in _parsed(data):
        if isinstance(feed, Problem):
            number += 1
            yield Problem(f"entry {number} {feed.message}", str(number))
            continue
        if feed.bozo and not reasons:
            reasons.append(" ".join(str(feed.get("bozo_exception", "")).split())[:100])
            yield Problem(f"is not valid XML ({reasons[0]}): entries may be lacking", lost=False)
        for entry in feed.entries:
            number += 1
            yield from _entry(entry, feed.feed, number, anchors)
    if not number:
        raise UnreadableError("is a feed without entries, or none at all: leave it out")


def _parsed(data: bytes) -> Iterator[Any]:
    """Yield a feed as it was parsed, in parts if it is large or damaged; a problem for an entry."""
    if len(data) <= MAX_AT_ONCE and not data.startswith(WIDE):
        try:
            whole = _parse(data)
        except _DAMAGED:
            pass
        else:
            yield whole
            return
    for part, entries in FeedParts(data).parts():
        try:
            yield _parse(part)
        except _DAMAGED:
            for each in entries:
                try:
                    yield _parse(without_bad_references(each))
                except _DAMAGED as error:
                    reason = type(error).__name__
                    yield Problem(f"has characters that cannot be read ({reason}): mend them")


def _parse(data: bytes) -> Any:
    import feedparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # From memory: feedparser would fetch a text that looks like an address.
        return feedparser.parse(io.BytesIO(with_short_names(data)), sanitize_html=False)


def _entry(
    entry: Any, feed: Any, number: int, anchors: dict[str, int]
) -> Iterator[Document | Problem]:
    contents = [held for held in entry.get("content", ()) if held.get("value", "").strip()]
    content: dict[str, Any] = max(contents, key=lambda held: len(held["value"]), default={})
    detail = content or entry.get("summary_detail") or {}
    text = content.get("value") or entry.get("summary") or ""
    own_id = _plain(entry.get("id") or entry.get("link"))
    anchor = free_anchor(own_id or str(number), anchors)
    if is_null(text):
        yield Problem(f"entry {number} has no text: it may have to be fetched", anchor)
        return
    authors = [_plain(author.get("name")) for author in entry.get("authors", ())]
    source = entry.get("source") or {}
    # Atom says whether a text is HTML; RSS does not, and most of it is.
    is_text = detail.get("type") == "text/plain"
    text, markup = (text, "plain") if is_text else text_and_markup(text)
    yield Document(
        text,
        markup,
        title=_plain(entry.get("title")),
        author=_author(authors) or _author([_plain(entry.get("author"))]),
        source=_plain(source.get("title")) or _plain(feed.get("title")),
        url=decode_references(entry.get("link") or "")[:MAX_FIELD] or None,
        date=_date(entry),
        lang=language_of(
            without_tags(text), _plain(content.get("language")) or _plain(feed.get("language"))
        ),
        anchor=anchor,
        positional=not own_id,
        scraped=True,
    )


def _date(entry: Any) -> str | None:
    for name in ("published", "created", "updated"):
        # feedparser's own `get` takes a missing date from another field, with a warning.
        if date := dict.get(entry, name):
            return str(date)[:MAX_FIELD]
    return None


def _author(names: list[str | None]) -> str | None:
    return joined_names(name for name in names if name and not is_null_author(name)) or None


def _plain(value: object) -> str | None:
    """Return a field without markup, which titles in feeds may have."""
    line = without_tags(value)[:MAX_FIELD] if isinstance(value, str) else ""
    return None if is_null(line) else line
