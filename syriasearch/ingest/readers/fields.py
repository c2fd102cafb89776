"""Field mapping: from keys, columns and front matter to the fields of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from html import unescape
from typing import Any

from ..blocks.plain_text import clean
from .base import Document, Problem, free_anchor

NAMES = {
    "id": "id _id guid uuid docid unitid معرف",
    "title": "title headline heading name العنوان عنوان عنوانالخبر عنوانالمقال",
    "text": "text body content fulltext maintext bodytext contenttext cleanedtext contenthtml html"
    " paragraphs article story النص نص المحتوى نصالخبر نصالمقال محتوىالخبر متنالخبر",
    "summary": "summary description abstract excerpt teaser snippet leadparagraph lede الملخص ملخص",
    "author": "author authors byline creator writer authorname reporter journalist dccreator"
    " الكاتب المؤلف كاتب اسمالكاتب المحرر",
    "source": "sourcehostname source publisher publication outlet sitename site newspaper"
    " sourcename medianame sourcedomain domain hostname المصدر مصدر الصحيفة الناشر",
    "url": "url link href permalink canonicalurl webpageurl webaddress originalurl الرابط رابط"
    " رابطالخبر",
    "date": "date published publishedat publisheddate publishdate publishtime publishedon pubdate"
    " datepublished datepublish publicationdate publicationtime dateposted postedon posted"
    " timestamp time datetime createdat created datecreated"
    " التاريخ تاريخ تاريخالنشر تاريخالخبر",
    "lang": "lang language languagecode inlanguage locale dclanguage اللغة",
}
"""The names of an article's fields elsewhere, in lower case and with nothing between words."""
FIELDS = tuple(name for name in NAMES if name != "summary")
"""The fields of an article to which a user can map a column."""
MAX_FIELD = 2000
"""The maximum number of characters kept of a metadata field."""

_KNOWN = {name: field for field, names in NAMES.items() for name in names.split()}
"""The field of each name."""
_RANK = {name: rank for names in NAMES.values() for rank, name in enumerate(names.split())}
"""The rank of each name among those of its field; 0 is the most likely."""
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


@lru_cache(maxsize=4096)
def _known(key: str) -> tuple[str, int] | None:
    """Return the field that a key names, and the rank of the name; None for an unknown key."""
    bare = _NO_WORD.sub("", key[:80].casefold())
    name = bare if bare in _KNOWN or key == "_id" else _OWNER.sub("", bare)
    return (_KNOWN[name], _RANK[name]) if name in _KNOWN else None


def field_of(key: str) -> str | None:
    """Return the field that a key names: date for `Published At`, None for `tags`."""
    known = _known(key)
    return known[0] if known else None


def _at(values: Mapping[Any, Any], key: str) -> Any:
    """Return a value by its key, or by a path to it: `meta.headline`; None if there is none."""
    if key in values:
        return values[key]
    lower = {str(each).casefold(): each for each in values}
    if key.casefold() in lower:
        return values[lower[key.casefold()]]
    first, dot, rest = key.partition(".")
    inner = values.get(first)
    return _at(inner, rest) if dot and isinstance(inner, Mapping) else None


def _gathered(
    values: Mapping[Any, Any], columns: Iterable[tuple[str, str]]
) -> dict[str, list[Any]]:
    """Return each field's values, the most likely key first; a mapped column is used alone."""
    ranked: dict[str, list[tuple[int, Any]]] = {}
    for key, value in values.items():
        known = _known(str(key))
        if known:
            ranked.setdefault(known[0], []).append((known[1], value))
    fields = {
        name: [value for _, value in sorted(found, key=lambda each: each[0])]
        for name, found in ranked.items()
    }
    for name, column in columns:
        fields[name] = [_at(values, column)]
        if name == "text":
            fields.pop("summary", None)
    return fields


def _held(value: object, keys: tuple[str, ...]) -> object:
    """Return the single value that a mapping holds, as WordPress and MongoDB write it."""
    while isinstance(value, dict):
        value = next((value[key] for key in keys if value.get(key)), None)
    return value


def _scalar(value: object) -> str:
    """Return a value as text: for a mapping its name, for deeper nesting nothing."""
    rendered = isinstance(value, dict) and "rendered" in value
    value = _held(value, _NAMED)
    written = str(value).strip() if isinstance(value, (str, int, float)) else ""
    return unescape(_TAG.sub("", written)).strip() if rendered else written


def _line(candidates: Iterable[Any]) -> str | None:
    for value in candidates:
        several = value if isinstance(value, list) else [value]
        joined = ", ".join(filter(None, map(_scalar, several)))[:MAX_FIELD]
        if joined:
            return joined
    return None


def _prose(candidates: Iterable[Any]) -> str | None:
    for value in candidates:
        if isinstance(value, list):
            pieces = list(map(_piece, value))
            value = None if None in pieces else "\n\n".join(filter(None, pieces))
        value = _held(value, _TEXTS)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _piece(value: object) -> str | None:
    """Return a paragraph of a list; None if it is not a paragraph, but an article of its own."""
    if isinstance(value, dict) and any(map(field_of, map(str, value.keys() - {*_TEXTS, "id"}))):
        return None
    value = _held(value, _TEXTS)
    return value if isinstance(value, str) else None if value else ""


def field_values(
    values: Mapping[Any, Any], columns: Iterable[tuple[str, str]] = ()
) -> dict[str, str | None]:
    """Return a document's metadata from a mapping: flat lists are joined, empty values are None."""
    gathered = _gathered(values, columns)
    names = ("title", "author", "source", "url", "date", "lang")
    # A number is not an author's name, but the id of a row in a table of authors.
    by = [each for each in gathered.get("author", ()) if not isinstance(each, (int, float))]
    gathered["author"] = by
    return {name: _line(gathered[name]) for name in names if name in gathered}


def has_text(values: Mapping[Any, Any]) -> bool:
    """Return whether a mapping looks like an article: it has a text of its own."""
    return _prose(_gathered(values, ()).get("text", ())) is not None


def markup_of(text: str) -> str:
    """Return the markup of a field's text: plain, markdown or html."""
    if _HTML.search(text):
        return "html"
    return "markdown" if _HEADING.search(text) else "plain"


def _flattened(values: Mapping[Any, Any]) -> Mapping[Any, Any]:
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
            told = set(map(field_of, map(str, values)))
            added = {name: held for name, held in inner.items() if field_of(str(name)) not in told}
            values = {**added, **values}
    return values


def record(
    values: Mapping[Any, Any],
    place: str,
    number: int,
    anchors: dict[str, int],
    columns: tuple[tuple[str, str], ...] = (),
) -> Iterable[Document | Problem]:
    """Yield the article in a record, or its problems.

    `place` names the record in a message (`line 3`), `number` is its anchor if it has no id,
    `anchors` are those of the file's articles so far, and `columns` maps fields to keys.
    """
    values = _flattened(values)
    gathered = _gathered(values, columns)
    text = _prose(gathered.get("text", ()))
    summary = None if text else _prose(gathered.get("summary", ()))
    if not text and not summary:
        named = dict(columns).get("text")
        wanted = f"no {named!r}, which was to be its text" if named else "no text: give it a `text`"
        yield Problem(f"{place} has {wanted}", str(number))
        return
    ids = [_held(each, ("$oid", "rendered")) for each in gathered.get("id", ())]
    given = [each for each in ids if isinstance(each, (str, int))]
    identity = clean(_line(given) or "").strip()
    anchor = free_anchor(identity or str(number), anchors)
    if summary:
        yield Problem(f"{place} has no text, only a summary: that was taken", anchor, lost=False)
    text = text or summary or ""
    document = Document(text, markup_of(text), anchor=anchor, positional=not identity, scraped=True)
    yield with_fields(document, field_values(values, columns))


def with_fields(document: Document, fields: Mapping[str, str | None]) -> Document:
    """Return a document with these fields, as `field_values` returns them."""
    return replace(document, **fields)  # type: ignore[arg-type]
