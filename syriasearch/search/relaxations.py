"""Relaxations: a query without its quotation marks, or without one of its fields.

An empty answer says what each would find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..text.patterns import regex
from .query.syntax import And, Field, Item, Leaf, Or, Phrase, Query

MAX_RELAXED = 3
"""The maximum number of phrases, and of fields, that are left out one by one."""
_CLOSING = regex('["”“»]')


class Relaxation(NamedTuple):
    """A part of a query, what takes its place, and the whole query with it."""

    part: str
    instead: str
    query: str


def without_quotes(query: Query) -> Iterator[Relaxation]:
    """Yield a query without the quotation marks of each phrase, and of all if there are several."""
    spans = [(each.position, _end(query.text, each)) for each in _phrases(query.root)]
    spans = [(start, end) for start, end in spans if query.text[end : end + 1] != "~"]
    for start, end in spans[:MAX_RELAXED]:
        yield _replaced(query.text, start, end, query.text[start + 1 : end - 1])
    if len(spans) > 1:
        parts = {span: query.text[span[0] + 1 : span[1] - 1] for span in spans}
        text = _all_replaced(query.text, parts)
        yield Relaxation(query.text, text, text)


def without_fields(query: Query) -> Iterator[Relaxation]:
    """Yield a query without each of its fields, unless it is nothing else."""
    for start, end in _fields(query)[:MAX_RELAXED]:
        yield _replaced(query.text, start, end, "")


def bare_words(query: Query) -> str:
    """Return the text of a query without its fields and quotation marks."""
    parts = dict.fromkeys(_fields(query), "")
    for each in _phrases(query.root):
        start, end = each.position, _end(query.text, each)
        parts[start, end] = query.text[start + 1 : end - 1]
    return _all_replaced(query.text, parts)


def _fields(query: Query) -> list[tuple[int, int]]:
    """Return where the fields of a query are, except for those of titles."""
    items = query.root.items if isinstance(query.root, And) else ()
    return [
        (each.position, _end(query.text, each.value))
        for each in items
        if isinstance(each, Field) and each.name != "title"
    ]


def _all_replaced(text: str, parts: Mapping[tuple[int, int], str]) -> str:
    for start, end in sorted(parts, reverse=True):
        text = f"{text[:start]}{parts[start, end]}{text[end:]}"
    return " ".join(text.split())


def replaced(text: str, part: str, instead: str) -> str:
    """Return the text of a query with another part; empty if it has no such part."""
    pattern = rf"(?<!\w){re.escape(part)}(?!\w)"
    found = re.search(pattern, text)
    return _replaced(text, *found.span(), instead).query if found else ""


def _replaced(text: str, start: int, end: int, instead: str) -> Relaxation:
    return Relaxation(text[start:end], instead, _all_replaced(text, {(start, end): instead}))


def _phrases(item: Item | None) -> Iterator[Phrase]:
    """Yield the phrases that an article must have, but not those of fields and exclusions."""
    if isinstance(item, Phrase):
        yield item
    elif isinstance(item, (And, Or)):
        for each in item.items:
            yield from _phrases(each)


def _end(text: str, item: Leaf) -> int:
    """Return the end of a word or phrase in the text of a query."""
    if isinstance(item, Phrase) and (closing := _CLOSING.search(text, item.position + 1)):
        return closing.end()
    return item.position + len(str(item))
