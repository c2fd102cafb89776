"""Field mapping: from keys, columns and front matter to the fields of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from ...text.authors import is_body
from ...text.word_lists import read_word_lists
from ..blocks.plain_text import clean
from .base import Document, Problem, SourceFile, free_anchor
from .character_references import decode_references
from .nulls import is_null, is_null_author

FIELDS = ("id", "title", "text", "author", "source", "url", "date", "lang")
"""The fields of an article to which a user can map a column."""
MAX_FIELD = 10_000
"""The maximum number of characters kept of a metadata field."""

_METADATA = {"title", "author", "source", "url", "date", "lang"}
_NAMED = tuple("name rendered main original value text #text $oid $date $numberLong".split())
"""The keys under which a mapping holds a single value."""
_TEXTS = tuple("rendered html text content value plain #text".split())
"""The keys under which a mapping holds a text."""
_NESTS = tuple("fields attributes article post story item data".split())
"""The keys under which a record holds another record with the article's text."""
_NO_WORD = re.compile(r"[\W_]+")
_OWNER = re.compile(r"^(?:article|news|story|post|item|web)(?=.)")
_HTML = re.compile(r"</(?:p|div|h[1-6]|li|span|a|strong|em|b|i)>|<br\s*/?>|<p>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,1000}>")
_HEADING = re.compile(r"^#{1,6} \S.*$", re.MULTILINE)


@lru_cache(maxsize=1)
def field_names() -> dict[str, tuple[str, int]]:
    """Return the field of each name, and the rank of the name among those of the field, from 0."""
    fields = read_word_lists(Path(__file__).parent / "data" / "field_names.txt")
    return {
        name: (field, rank) for field, names in fields.items() for rank, name in enumerate(names)
    }


@lru_cache(maxsize=4096)
def _field_and_rank(key: str) -> tuple[str, int] | None:
    """Return the field that a key names, and the rank of the name; None for an unknown key."""
    names = field_names()
    bare = _NO_WORD.sub("", key[:80].casefold())
    return names.get(bare if bare in names else _OWNER.sub("", bare))


def field_of(key: str) -> str | None:
    """Return the field that a key names: date for `Published At`, None for `tags`."""
    known = _field_and_rank(key)
    return known[0] if known else None


def _value_at(values: Mapping[Any, Any], key: str) -> Any:
    """Return a value by its key, or by a path to it: `meta.headline`; None if there is none."""
    if key in values:
        return values[key]
    by_name = {str(name).casefold(): value for name, value in values.items()}
    if key.casefold() in by_name:
        return by_name[key.casefold()]
    first, dot, rest = key.partition(".")
    inner = values.get(first)
    return _value_at(inner, rest) if dot and isinstance(inner, Mapping) else None


def _values_by_field(
    values: Mapping[Any, Any], columns: Iterable[tuple[str, str]]
) -> dict[str, list[Any]]:
    """Return each field's values, the most likely key first; a mapped column is used alone."""
    ranked: dict[str, list[tuple[int, Any]]] = {}
    for key, value in values.items():
        if known := _field_and_rank(str(key)):
            ranked.setdefault(known[0], []).append((known[1], value))
    fields = {
        name: [value for _, value in sorted(found, key=itemgetter(0))]
        for name, found in ranked.items()
    }
    for name, column in columns:
        fields[name] = [_value_at(values, column)]
        if name == "text":
            fields.pop("summary", None)
    return fields


def _single_value(value: object, keys: tuple[str, ...]) -> object:
    """Return the single value that a mapping holds, as WordPress and MongoDB write it."""
    while isinstance(value, dict):
        value = next((value[key] for key in keys if value.get(key)), None)
    return value


def _as_line(value: object) -> str:
    """Return a value as text: for a mapping its name, for deeper nesting nothing."""
    is_rendered = isinstance(value, dict) and "rendered" in value
    value = _single_value(value, _NAMED)
    line = str(value).strip() if isinstance(value, (str, int, float)) else ""
    line = without_tags(line) if is_rendered else line
    return "" if is_null(line) else line


def without_tags(line: str) -> str:
    """Return a line of HTML as text."""
    return decode_references(_TAG.sub("", line)).strip()


def _first_line(candidates: Iterable[Any]) -> str | None:
    """Return the first value that is not missing, as a line; the items of a list are joined."""
    for value in candidates:
        items = value if isinstance(value, list) else [value]
        if joined := joined_names(filter(None, map(_as_line, items))):
            return joined[:MAX_FIELD]
    return None


def joined_names(names: Iterable[str]) -> str:
    """Return names as one line: separated by semicolons if they contain commas, or are bodies."""
    names = list(names)
    is_mixed = any("," in name or "،" in name or is_body(name) for name in names)
    return ("; " if is_mixed else ", ").join(names)


def _first_text(candidates: Iterable[Any]) -> str | None:
    """Return the first value that is a text, or a list of paragraphs."""
    for value in candidates:
        if isinstance(value, list):
            paragraphs = list(map(_paragraph, value))
            value = None if None in paragraphs else "\n\n".join(filter(None, paragraphs))
        value = _single_value(value, _TEXTS)
        if isinstance(value, str) and not is_null(value):
            return value
    return None


def _paragraph(value: object) -> str | None:
    """Return a paragraph of a list; None if it is not a paragraph, but an article of its own."""
    if isinstance(value, dict) and any(map(field_of, map(str, value.keys() - {*_TEXTS, "id"}))):
        return None
    value = _single_value(value, _TEXTS)
    return value if isinstance(value, str) else None if value else ""


def with_fields(
    document: Document,
    values: Mapping[Any, Any],
    columns: Iterable[tuple[str, str]] = (),
    *,
    references: bool = True,
) -> Document:
    """Return a document with the metadata in a mapping, with `references` decoded."""
    found = _values_by_field(values, columns)
    # A number is not an author's name, but the id of a row in a table of authors.
    found["author"] = [e for e in found.get("author", ()) if not isinstance(e, (int, float))]
    fields = {name: _first_line(found[name]) for name in _METADATA & found.keys()}
    if references:
        fields = {name: value and decode_references(value) for name, value in fields.items()}
    if is_null_author(fields.get("author") or ""):
        fields["author"] = None
    return replace(document, **fields)  # type: ignore[arg-type]


def has_text(values: Mapping[Any, Any]) -> bool:
    """Return whether a mapping looks like an article: it has a text of its own."""
    return _first_text(_values_by_field(values, ()).get("text", ())) is not None


def markup_of(text: str) -> str:
    """Return the markup of a field's text: plain, markdown or html."""
    if _HTML.search(text):
        return "html"
    return "markdown" if _HEADING.search(text) else "plain"


def text_and_markup(text: str) -> tuple[str, str]:
    """Return a field's text and its markup, with the references of a plain text decoded.

    HTML that is encoded as a whole, as in some exports, becomes HTML. The parsers of HTML and
    Markdown decode the references of theirs.
    """
    markup = markup_of(text)
    if markup != "plain" or "&" not in text:
        return text, markup
    decoded = decode_references(text)
    encoded_whole = text.lstrip().startswith("&lt;") and markup_of(decoded) == "html"
    return decoded, "html" if encoded_whole else "plain"


def _flatten(values: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Return a record merged with a nested one, if the article is in that."""
    inner = values.get("_source")
    if isinstance(inner, dict):  # a hit of Elasticsearch
        values = {"_id": values.get("_id"), **inner}
    for key in _NESTS:
        inner = values.get(key)
        if isinstance(inner, dict) and has_text(inner):
            rest = {name: value for name, value in values.items() if name != key}
            if not has_text(rest):
                values = {**rest, **inner}
                break
    for key in ("meta", "metadata"):
        inner = values.get(key)
        if isinstance(inner, dict):
            known = set(map(field_of, map(str, values)))
            added = {name: held for name, held in inner.items() if field_of(str(name)) not in known}
            values = {**added, **values}
    return values


class Record(NamedTuple):
    """An object or a row that may hold an article."""

    number: int
    """Its number in the file, which identifies the article if it has no id."""
    place: str
    """Its name in messages: `line 3`."""
    values: Mapping[Any, Any]
    note: str | None = None
    """A note on its charset, if that was uncertain."""


def read_records(
    records: Iterable[Record | Problem], file: SourceFile, *, empty: str
) -> Iterator[Document | Problem]:
    """Yield the articles in the records of a file, and problems; `empty` if there is no record."""
    anchors: dict[str, int] = {}
    is_empty = True
    for record in records:
        is_empty = False
        if isinstance(record, Problem):
            yield record
        else:
            yield from _read_record(record, anchors, file.columns)
    if is_empty:
        yield Problem(empty)


def _read_record(
    record: Record, anchors: dict[str, int], columns: tuple[tuple[str, str], ...]
) -> Iterator[Document | Problem]:
    values = _flatten(record.values)
    found = _values_by_field(values, columns)
    text = _first_text(found.get("text", ()))
    summary = None if text else _first_text(found.get("summary", ()))
    if not text and not summary:
        column = dict(columns).get("text")
        lacking = f"{column!r}, which was to be its text" if column else "text: give it a `text`"
        yield Problem(f"{record.place} has no {lacking}", str(record.number))
        return
    ids = [_single_value(value, ("$oid", "rendered")) for value in found.get("id", ())]
    own_id = clean(_first_line(e for e in ids if isinstance(e, (str, int))) or "").strip()
    anchor = free_anchor(own_id or str(record.number), anchors)
    if summary:
        message = f"{record.place} has no text, only a summary: that was taken"
        yield Problem(message, anchor, lost=False)
    if record.note:
        yield Problem(f"{record.place} {record.note}", anchor, lost=False)
    text, markup = text_and_markup(text or summary or "")
    document = Document(text, markup, anchor=anchor, positional=not own_id, scraped=True)
    yield with_fields(document, values, columns)
