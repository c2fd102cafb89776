"""Pages that seem to hold several articles, as exports of databases that are not known do.

Such a page repeats an element, and after each repetition come a date and a long text. Pages of
sites are spared the search, as what they say of themselves in their head is about one article.
"""

from __future__ import annotations

import re
from html import unescape

from ..blocks.html import without_hidden
from .base import Problem
from .press_dates import is_date

FEWEST = 3
"""The minimum number of repetitions."""
LONG = 250
"""The minimum number of letters after a repetition."""
_SHARE = 0.8
"""The minimum share of repetitions that have a long text, and of those that have a date."""
_REPEATED = frozenset("article div hr section table".split())
_OF_SITES = (b'property="og:', b"application/ld+json", b'rel="canonical"', b"rel=canonical")
_TAG = re.compile(r"<[^<>]*>")
_OPENED = re.compile(
    r"<([a-zA-Z][a-zA-Z0-9]{0,15})(?:[^<>]{0,300}?\sclass=[\"']?([^\"'<>]{0,80}))?"
)
_START = 4000
"""The number of characters of the source after a repetition among which is the date."""
_DATED = 200
"""The number of characters of the text after a repetition among which is the date."""


def is_of_site(page: bytes) -> bool:
    """Return whether a page says of itself what pages of sites say, and exports never."""
    return any(mark in page for mark in _OF_SITES)


def several_articles(page: str) -> Problem | None:
    """Return a note if a page clearly holds several articles."""
    # Most results are in a form.
    page = without_hidden(page, metadata=True)
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    letters = last = 0
    for tag in _TAG.finditer(page):
        letters += sum(map(len, page[last : tag.start()].split()))
        last = tag.end()
        opened = _OPENED.match(tag[0])
        if opened and (name := opened[1].lower()) in _REPEATED:
            places.setdefault((name, opened[2] or ""), []).append((tag.start(), letters))
    letters += sum(map(len, page[last:].split()))
    counts = (_articles(found, page, letters) for found in places.values())
    most = max(counts, default=0)
    if most < FEWEST:
        return None
    message = f"seems to hold {most} articles, and was read as one: save each in a file of its own"
    return Problem(message, lost=False)


def _articles(places: list[tuple[int, int]], page: str, letters: int) -> int:
    """Return the number of repetitions of an element that begin an article, 0 if few do."""
    if len(places) < FEWEST:
        return 0
    ends = [count for _, count in places[1:]] + [letters]
    long = [start for (start, count), end in zip(places, ends, strict=True) if end - count >= LONG]
    if len(long) < _SHARE * len(places):
        return 0
    dated = sum(is_date(_text(page[start : start + _START])) for start in long)
    return len(long) if dated >= _SHARE * len(long) else 0


def _text(source: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", source)).split())[:_DATED]
