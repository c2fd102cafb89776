"""Lists of articles in JSON: their place in an object that is not an article itself.

A record is one article whatever lists it has: comments, captions and tags are not articles. The
names of such lists, and those of lists of articles, are in `data/list_names.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from ...text.word_lists import read_word_lists
from .field_mapping import field_of, flattened, has_text, is_article
from .field_values import bare_name
from .posts import posts_with_authors
from .tables import column_records, table_records
from .transcripts import transcript_of

_LEVELS = 3
"""The maximum depth of the list in an object."""
_METADATA = ("id", "title", "author", "source", "url", "date", "lang")


def article_items(value: Any) -> list[Any]:
    """Return the items of a list, or of the lists of articles in an object; else the object.

    The lists are those on the first level that has one with texts.
    """
    if transcript := transcript_of(value):
        return [transcript]
    if isinstance(value, list):
        return table_records(value) or value
    if not isinstance(value, dict):
        return [value]
    if items := column_records(value) or posts_with_authors(value):
        return items
    if is_article(value):
        return [value]
    is_record = _is_record(value)
    has_fields = any(map(field_of, map(str, value)))
    fallback: list[Any] = []
    level = [value]
    for _ in range(_LEVELS + 1):
        lists = [each for mapping in level for each in _lists(mapping)]
        others = [(key, items) for key, items in lists if not _is_named(key, "parts")]
        lists = others or ([] if has_fields else lists)
        fallback = max([fallback, *(items for _, items in lists)], key=len)
        lists = [(key, items) for key, items in lists if any(map(_is_article, items))]
        if is_record:
            lists = [(key, items) for key, items in lists if _is_named(key, "articles")]
        if lists:
            longest = max((items for _, items in lists), key=len)
            kept = (items for _, items in lists if items is longest or _are_titled(items))
            return list(chain.from_iterable(kept))
        level = [inner for outer in level for inner in outer.values() if isinstance(inner, dict)]
    is_page = any(items == [] and _is_named(str(key), "articles") for key, items in value.items())
    return [value] if is_record else fallback or ([] if is_page else [value])


def _is_record(value: dict[str, Any]) -> bool:
    """Return whether an object looks like an article without text, rather than a page of a list."""
    fields = set(map(field_of, map(str, flattened(value))))
    return "title" in fields and not fields.isdisjoint({"date", "author", "summary", "url"})


def _lists(mapping: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of objects in an object, and itself as a list if its values are articles."""
    values = mapping.values()
    if mapping and all(isinstance(inner, dict) and has_text(inner) for inner in values):
        yield "articles", [{"id": key, **item} for key, item in mapping.items()]
    for key, inner in mapping.items():
        if not isinstance(inner, list) or field_of(str(key)) in _METADATA:
            continue
        if any(isinstance(item, dict) for item in inner):
            yield str(key), inner
        elif table := table_records(inner):
            yield str(key), table


def _is_article(item: object) -> bool:
    return isinstance(item, dict) and is_article(item)


def _are_titled(items: list[Any]) -> bool:
    """Return whether a list has articles with titles, and not only pieces of text."""
    return any(
        _is_article(item) and "title" in map(field_of, map(str, flattened(item))) for item in items
    )


def _is_named(key: str, section: str) -> bool:
    return bare_name(key) in _list_names()[section]


@lru_cache(maxsize=1)
def _list_names() -> dict[str, frozenset[str]]:
    lists = read_word_lists(Path(__file__).parent / "data" / "list_names.txt")
    return {section: frozenset(names) for section, names in lists.items()}
