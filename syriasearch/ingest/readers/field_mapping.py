"""Field mapping: from keys, columns and front matter to the fields of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from ...text.patterns import regex
from .base import (
    LIMIT,
    MAX_ARTICLE_BYTES,
    Document,
    Problem,
    SourceFile,
    UnreadableError,
    free_anchor,
    summary_note,
    word_lists,
)
from .character_references import decode_references
from .field_values import (
    bare_name,
    first_line,
    first_text,
    single_value,
    without_inline_tags,
)
from .hxl import names_in_tag
from .nulls import is_null_author
from .posts import post_of
from .record_shapes import NO_COLUMN, OTHER, POST, WITHOUT_TEXT, Shape, shape_of, value_at
from .telegram_messages import is_message, message_fields
from .text_marks import is_not_free, is_removed, quoted_passage, without_cut_mark
from .transcripts import is_piece, transcript_of

FIELDS = ("id", "title", "text", "author", "source", "url", "date", "lang")
"""The fields of an article to which a user can map a column."""

_METADATA = {"title", "author", "source", "url", "date", "lang"}
_NESTS = tuple("fields attributes article post story item node data".split())
"""The keys under which a record holds another record with the article's text."""
_OWNER = regex(r"^(?:article|news|story|post|item|web)(?=.)")
_HTML = regex(r"</(?:p|div|h[1-6]|li|span|a|strong|em|b|i)>|<br\s*/?>|<p>", re.IGNORECASE)
_BLOCK_TAG = regex(r"<(?:p|div|h[1-6]|li|br|blockquote|table)\b", re.IGNORECASE)
_BLANK_LINE = regex(r"\n[ \t\r]*\n")
_HEADING = regex(r"^#{1,6} \S.*$", re.MULTILINE)
_MAX_LISTED = 1000
"""The number of records without text before any with one that are reported as one problem."""


@lru_cache(maxsize=1)
def field_names() -> dict[str, tuple[str, int]]:
    """Return the field of each name, and the rank of the name among those of the field, from 0."""
    fields = word_lists("field_names")
    return {
        name: (field, rank) for field, names in fields.items() for rank, name in enumerate(names)
    }


@lru_cache(maxsize=4096)
def _field_and_rank(key: str) -> tuple[str, int] | None:
    """Return the field that a key names, and the rank of the name; None for an unknown key."""
    names = field_names()
    if key.startswith("#"):
        return next((names[name] for name in names_in_tag(key) if name in names), None)
    bare = bare_name(key)
    return names.get(bare if bare in names else _OWNER.sub("", bare))


def field_of(key: str) -> str | None:
    """Return the field that a key names: date for `Published At`, None for `tags`."""
    known = _field_and_rank(key)
    return known[0] if known else None


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
        fields[name] = [] if column == NO_COLUMN else [value_at(values, column)]
        if name == "text" and column != NO_COLUMN:
            fields.pop("summary", None)
    return fields


def with_fields(
    document: Document,
    values: Mapping[Any, Any],
    columns: Iterable[tuple[str, str]] = (),
    *,
    references: bool = True,
) -> Document:
    """Return a document with the metadata in a mapping, with `references` decoded."""
    return _with_values(document, _values_by_field(values, columns), references=references)


def _with_values(
    document: Document, found: dict[str, list[Any]], *, references: bool = True
) -> Document:
    # A number is not an author's name, but the id of a row in a table of authors.
    found["author"] = [e for e in found.get("author", ()) if not isinstance(e, (int, float))]
    fields = {name: first_line(found[name], name) for name in _METADATA & found.keys()}
    if references:
        fields = {name: value and decode_references(value) for name, value in fields.items()}
    if is_null_author(fields.get("author") or ""):
        fields["author"] = None
    return replace(document, **fields)  # type: ignore[arg-type]


def has_text(values: Mapping[Any, Any]) -> bool:
    """Return whether a mapping looks like an article: it has a text of its own."""
    return first_text(_values_by_field(values, ()).get("text", ()), _is_field) is not None


def _shaped(values: Mapping[Any, Any]) -> tuple[Mapping[Any, Any], Shape | None]:
    """Return a record in the form in which its fields are found, and its shape, if it has one."""
    if shape := shape_of(values):
        # Others have got the texts of what a list names, or use the same keys.
        has_place = dict(shape.columns(values)).get("text", NO_COLUMN) != NO_COLUMN
        is_other = _names_title(values) if shape.kind == "post" else not has_place
        return values, None if is_other and has_text(values) else shape
    values = transcript_of(values) or flattened(values)
    if is_message(values):
        message = message_fields(values)
        return message, POST if message["text"] else OTHER
    if post := post_of(values):
        return post, POST
    return values, shape_of(values)


def is_article(values: Mapping[Any, Any]) -> bool:
    """Return whether a record has an article's text, or has the shape of a known record."""
    values, shape = _shaped(values)
    return shape is not None or has_text(values)


def _names_title(values: Mapping[Any, Any]) -> bool:
    return "title" in map(field_of, map(str, values))


def _is_field(key: str) -> bool:
    return field_of(key) is not None


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
    if "<jats:" in text:  # the XML of publishers, in abstracts
        text = text.replace("<jats:", "<").replace("</jats:", "</")
    markup = markup_of(text)
    if markup == "html" and _BLANK_LINE.search(text) and not _BLOCK_TAG.search(text):
        # Its paragraphs are those of a plain text.
        return decode_references(without_inline_tags(text)), "plain"
    if markup != "plain" or "&" not in text:
        return text, markup
    decoded = decode_references(text)
    encoded_whole = text.lstrip().startswith("&lt;") and markup_of(decoded) == "html"
    return decoded, "html" if encoded_whole else "plain"


def flattened(values: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Return a record merged with a nested one, if the article is in that."""
    inner = values.get("_source")
    if isinstance(inner, dict):  # a hit of Elasticsearch
        values = {"_id": values.get("_id"), **inner}
    for key in _NESTS:
        inner = values.get(key)
        if not isinstance(inner, dict) or not (has_text(inner) or _names_title(inner)):
            continue
        # The address of the outer record is that of a programming interface.
        rest = {name: held for name, held in values.items() if name not in (key, "href")}
        if not has_text(rest) and (has_text(inner) or not _names_title(rest)):
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

    number: int | str
    """Its number in the file, which identifies the article if it has no id."""
    place: str
    """Its name in messages: `line 3`."""
    values: Mapping[Any, Any]
    note: str | None = None
    """A note on its charset, if that was uncertain."""


def read_records(
    records: Iterable[Record | Problem],
    file: SourceFile,
    *,
    empty: str,
    has_header: bool = False,
) -> Iterator[Document | Problem]:
    """Yield the articles in the records of a file, and problems; `empty` if there is no record.

    `has_header` is whether their names stand in a header, so that mapped ones that are not there
    are known before.
    """
    reading = _Reading(file.columns, {} if has_header else dict(file.columns))
    is_empty = True
    for record in records if file.columns else _joined_pieces(iter(records)):
        is_empty = False
        if isinstance(record, Problem):
            yield record
        else:
            yield from reading.read(record)
    yield from [Problem(empty)] if is_empty else reading.end()


def _joined_pieces(records: Iterator[Record | Problem]) -> Iterator[Record | Problem]:
    """Yield records; if the first is a piece of a transcript, all pieces as one record."""
    first = next(records, None)
    if not isinstance(first, Record) or not is_piece(first.values):
        yield from [] if first is None else chain([first], records)
        return
    pieces, size = [first.values], 0
    for record in records:
        if isinstance(record, Problem) or not is_piece(record.values):
            yield record
            continue
        pieces.append(record.values)
        size += len(str(record.values["text"]))
        if size > MAX_ARTICLE_BYTES:
            raise UnreadableError(f"has more than {LIMIT}: split it")
    yield Record(first.number, first.place, transcript_of(pieces) or {}, first.note)


class _Reading:
    """The state of reading a file's records."""

    def __init__(self, columns: tuple[tuple[str, str], ...], awaited: dict[str, str]) -> None:
        self._columns = columns
        self._awaited = awaited
        """The columns, by field, that no record has had."""
        self._count = 0
        """The number of records."""
        self._anchors: dict[str, int] = {}
        self._listed: list[Problem] = []
        """The problems of records without a text, before the first that has one."""
        self._more = 0
        """The number of further ones, beyond the maximum."""
        self._listing = ""
        """The name of their shape, if it is known."""
        self._removed = self._others = 0

    def read(self, record: Record) -> Iterator[Document | Problem]:
        """Yield the article in a record, and problems."""
        values, shape = _shaped(record.values)
        if shape and shape.kind == "other":
            self._others += 1
            return
        columns = (*(shape.columns(values) if shape else ()), *self._columns)
        found = _values_by_field(values, columns)
        self._count += 1
        for field in [each for each in self._awaited if found[each] != [None]]:
            del self._awaited[field]
        text = first_text(found.get("text", ()), _is_field)
        text = None if text and is_not_free(text) else text
        summary = None if text else first_text(found.get("summary", ()), _is_field)
        if not text and not summary:
            summary = quoted_passage(values.get("note"))
        if any(map(is_removed, (text or summary, first_line(found.get("title", ()))))):
            self._removed += 1
            return
        text, missing = without_cut_mark(text or summary or "")
        if not text:
            yield from self._without_text(record, found, shape)
            return
        yield from self._no_listing()
        own_id = (_own_id(found.get("id", ())) or "").strip()
        anchor = free_anchor(own_id or str(record.number), self._anchors)
        if summary:
            yield summary_note(record.place, anchor)
        if missing:
            message = f"{record.place} has only the beginning of a text, of which {missing} are cut"
            yield Problem(f"{message}: get the whole article", anchor, lost=False)
        if record.note:
            yield Problem(f"{record.place} {record.note}", anchor, lost=False)
        text, markup = text_and_markup(text)
        document = Document(
            text,
            markup,
            anchor=anchor,
            positional=not own_id,
            scraped=shape is None or shape.kind != "post",
        )
        yield _with_values(document, found)

    def _without_text(
        self, record: Record, found: Mapping[str, list[Any]], shape: Shape | None
    ) -> Iterator[Problem]:
        column = dict(self._columns).get("text")
        lacking = f"{column!r}, which was to be its text" if column else "text: give it a `text`"
        problem = Problem(f"{record.place} has no {lacking}", str(record.number))
        is_listing = not column and not self._anchors and not found.get("text")
        if not is_listing or not (found.get("title") or found.get("url") or shape):
            yield problem
        elif len(self._listed) < _MAX_LISTED:
            self._listed.append(problem)
            self._listing = shape.name if shape and shape.kind == "listing" else ""
        else:
            self._more += 1

    def _no_listing(self) -> Iterator[Problem]:
        yield from self._listed
        if self._more:
            yield Problem(f"has {self._more:,} more records without text: look at it")
        self._listed, self._more = [], 0

    def end(self) -> Iterator[Problem]:
        """Yield the problems of the file as a whole."""
        count = len(self._listed) + self._more
        if count > 1 or self._listing:
            what = self._listing or f"list of {count:,} records"
            yield Problem(f"is a {what}, which {WITHOUT_TEXT}")
        else:
            yield from self._no_listing()
        self._awaited.pop("text", None)  # each record tells
        for field, column in self._awaited.items() if self._count > 1 else ():
            yield Problem(f"has no {column!r} in any record to be the {field}", lost=False)
        if self._removed:
            message = f"passed over what says only that an article was removed: {self._removed:,}"
            yield Problem(message, lost=False)
        if self._others and not self._anchors:
            message = f"has no documents, only {self._others:,} other entities: leave it out"
            yield Problem(message, lost=False)


def _own_id(candidates: Iterable[Any]) -> str | None:
    values = (single_value(value, "id") for value in candidates)
    return first_line((each for each in values if isinstance(each, (str, int))), "id")
