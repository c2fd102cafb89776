"""JSON-LD of a web page: its objects, and which of its articles is the page's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...text.patterns import regex
from ...text.tokenize import terms
from .page_address import bare_address, is_front

ARTICLE = regex(r"(?:(?<!\w)\w*Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting)$")
"""The types of articles."""
_LEVELS = 3
"""The depth to which objects are searched for others."""
_NESTS = ("@graph", "mainEntity")
_COMMENTED = regex(
    r"^\W*<!(?:--|\[CDATA\[)(?:\s*\*/)?"
    r"|(?:(?://|/\*)\s*|(?<!\s)\s+)?(?:--|\]\])>(?:\s*\*/)?\s*$"
)
_LAST_COMMA = regex(r",(?=\s{0,200}[}\]])")
_MIN_TERMS = 3
"""The minimum number of terms of a headline of which a longer title may be made."""

Object = dict[str, Any]


def read_objects(tree: Any) -> list[Object]:
    """Return the objects of a page: also those that others are about or contain in a graph.

    An author or publisher that is only named by its `@id` is replaced by the object with that.
    """
    objects = list(_objects(tree))
    by_id = {each["@id"]: each for each in objects if isinstance(each.get("@id"), str)}
    for each in objects:
        for key in ("author", "creator", "publisher"):
            if key in each:
                each[key] = _resolved(each[key], by_id)
    return objects


def _objects(tree: Any) -> Iterator[Object]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            text = _COMMENTED.sub("", script.text or "")
            value = json.loads(_LAST_COMMA.sub("", text), strict=False)
        except (ValueError, RecursionError):
            continue
        level = [value]
        for _ in range(_LEVELS):
            found = [
                item for each in level for item in (each if isinstance(each, list) else [each])
            ]
            objects = [each for each in found if isinstance(each, dict)]
            yield from objects
            level = [each[key] for each in objects for key in _NESTS if key in each]


def _resolved(value: Any, by_id: dict[str, Object]) -> Any:
    if isinstance(value, list):
        return [_resolved(each, by_id) for each in value]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def has_type(item: Object, pattern: re.Pattern[str]) -> bool:
    """Return whether a type of an object matches a pattern."""
    types = item.get("@type")
    each = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and pattern.search(name) for name in each)


def own_objects(
    objects: Iterable[Object], wanted: re.Pattern[str], urls: Iterable[str], titles: Iterable[str]
) -> list[Object]:
    """Return the objects of a type that are about the page: by its addresses and its titles.

    Those that nothing says anything about come too, but none with another address and headline.
    """
    chosen = [item for item in objects if has_type(item, wanted)]
    own = {bare_address(url) for url in urls if not is_front(url)} - {""}
    keys = [key for key in map(title_key, titles) if key]
    scores = [_score(item, own, keys) for item in chosen]
    best = max(scores, default=0)
    return [item for item, score in zip(chosen, scores, strict=True) if score == best >= 0]


def _score(item: Object, own: set[str], titles: Sequence[tuple[str, ...]]) -> int:
    headline = title_key(item.get("headline") or item.get("name"))
    addresses = {bare_address(url) for url in _urls_of(item) if not is_front(url)}
    is_own_address = not own.isdisjoint(addresses)
    score = 4 * is_own_address + min(3, sum(_is_title(headline, title) for title in titles))
    if score or not (own and addresses and headline and titles):
        return score
    known = {term for title in titles for term in title}
    return 0 if 2 * sum(term in known for term in headline) >= len(headline) else -1


def _is_title(headline: tuple[str, ...], title: tuple[str, ...]) -> bool:
    """Return whether a title is a headline, or is one with the name of a site after it."""
    is_long = len(headline) >= _MIN_TERMS
    return headline == title or (is_long and title[: len(headline)] == headline)


def _urls_of(item: Object) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = item.get(key)
        for each in (
            (value, value.get("@id"), value.get("url")) if isinstance(value, dict) else (value,)
        ):
            if isinstance(each, str) and each.startswith("http"):
                yield each


def title_key(title: object) -> tuple[str, ...]:
    """Return the terms by which titles are compared; none for what is no text."""
    return tuple(terms(title[:1000])) if isinstance(title, str) else ()
