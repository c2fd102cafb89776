"""Values of fields, however deep mappings and lists hold them: lines, names, dates and texts."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...text.authors import is_body
from ...text.patterns import regex
from .base import word_lists
from .character_references import decode_references
from .nulls import is_null

MAX_FIELD = 10_000
"""The maximum number of characters kept of a metadata field."""
MAX_LITERAL = 2**18
"""The maximum number of characters of a list or mapping that a table has as text."""

_NO_WORD = regex(r"[\W_]+")
_TAG = regex(r"<[^<>]{0,1000}>")
_INLINE_TAG = regex(
    r"</?(?P<name>a|b|i|u|s|em|strong|span|font|small|big|sup|sub|mark|cite|q|time|bdi|bdo|abbr|wbr"
    r"|img|(?P<block>p|div|br|h[1-6]))(?:\s[^<>]{0,2000}|\s?/)?>",
    re.IGNORECASE,
)
_END_TAG = regex(r"</([a-z]{1,6})\s?>", re.IGNORECASE)
_LITERAL = regex(r"\s*(?:(?:\[\s*(?:\{\s*)?|\{\s*)['\"]|\[\s*\]|\{\s*\})")
_NO_PARAGRAPH = regex(
    r"image|photo|picture|video|audio|gallery|embed|interstitial|related|advert|^ad$"
)
"""The types of pieces of a text that are no paragraphs of it."""
_BLOCK = regex(r"\s*<(?:p|div|h[1-6]|ul|ol|blockquote|table|figure|section|pre)\b", re.I)
_PARAGRAPHS = frozenset(
    "text paragraph p heading header h1 h2 h3 h4 block unstyled list quote blockquote html rawhtml"
    " raw_html doc sentence".split()
)
"""The types of pieces that are paragraphs."""
_NO_FIELDS = frozenset("rendered html text content value plain #text id".split())
_MAX_DEPTH = 12
_NET_DATE = regex(r"\\?/Date\((\d{9,16})(?:[+-]\d{4})?\)\\?/")
"""A date as .NET writes it in JSON."""


def _value_names() -> dict[str, list[str]]:
    return word_lists("value_names")


def bare_name(key: str) -> str:
    """Return a key in lower case, with nothing between its words."""
    return _NO_WORD.sub("", key[:80].casefold())


def unpacked(value: object) -> object:
    """Return the list or mapping that a table has as text, as Python or JSON write it."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("[", "{"):
        return value
    if len(value) > MAX_LITERAL or not _LITERAL.match(value):
        return value
    if value.rstrip()[-1:] not in ("]", "}"):
        return value
    for parse in (json.loads, ast.literal_eval):
        try:
            parsed: object = parse(value.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        return parsed if isinstance(parsed, (dict, list)) else value
    return value


def single_value(value: object, field: str) -> object:
    """Return the single value that a mapping holds, as WordPress, MongoDB and others write it."""
    for _ in range(_MAX_DEPTH):
        if not isinstance(value, dict):
            return value
        named = {bare_name(str(key)): inner for key, inner in value.items()}
        if field == "author" and (name := _personal_name(named)):
            return name
        if field == "date" and (date := _date_of_parts(named)):
            return date
        names = (*_value_names().get(field, ()), *_value_names()["any"])
        value = next((named[name] for name in names if _is_given(named.get(name))), None)
    return None


def _is_given(value: object) -> bool:
    return not is_null(value) if isinstance(value, str) else bool(value)


def _personal_name(named: Mapping[str, object]) -> str | None:
    """Return a name of which the parts are given, as in CSL-JSON; None if they are not."""
    parts = {
        part: next((text for name in _value_names()[part] if (text := _text(named.get(name)))), "")
        for part in ("given", "particle", "family", "suffix")
    }
    return " ".join(filter(None, parts.values())) if parts["family"] or parts["given"] else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) and not is_null(value) else ""


def _date_of_parts(named: Mapping[str, object]) -> str | None:
    """Return a date of which the parts are given, as in CSL-JSON; None if they are not."""
    parts = named.get("dateparts")
    if isinstance(parts, list) and parts:
        return _numbered_date(parts[0] if isinstance(parts[0], list) else parts)
    if named.get("year"):
        month = named.get("month") or named.get("monthvalue")
        day = named.get("day") or named.get("dayofmonth")
        return _numbered_date([part for part in (named["year"], month, day) if part])
    return None


def _numbered_date(parts: list[Any]) -> str | None:
    """Return the ISO date of a list of year, month and day, which others may follow."""
    numbers = [str(part).strip() for part in parts[:3]]
    if not numbers or len(numbers[0]) != 4 or not all(number.isdigit() for number in numbers):
        return None
    return "-".join(number.zfill(2) for number in numbers)


def as_line(value: object, field: str = "any") -> str:
    """Return a value as text: for a mapping its name, for a missing value nothing."""
    value = single_value(value, field)
    if isinstance(value, list) and value:
        value = single_value(value[0], field)
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**20:
        value = int(value)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    line = str(value).strip() if is_number or isinstance(value, str) else ""
    if field == "date" and (found := _NET_DATE.fullmatch(line)):
        return found[1]
    if field not in ("url", "id", "date"):
        line = without_inline_tags(line)
    return "" if is_null(line) else line


def without_tags(line: str) -> str:
    """Return a line of HTML as text."""
    return decode_references(_TAG.sub("", line)).strip()


def without_inline_tags(text: str) -> str:
    """Return a text without the tags of HTML in it; other angle brackets stay."""
    if "<" in text:
        return _without(text)
    if "&lt;" in text and _INLINE_TAG.search(decoded := decode_references(text)):
        # HTML that is encoded as a whole has a tag that ends; a text about tags may name one.
        return _without(decoded) if "</" in decoded else text
    return text


def _without(text: str) -> str:
    ended = set(map(str.casefold, _END_TAG.findall(text)))

    def replaced(tag: re.Match[str]) -> str:
        if tag["block"]:
            return " "
        # A company's sign on an exchange may look like a tag: `USAIR <U>`.
        return "" if tag["name"].casefold() in ended or tag["name"].islower() else tag[0]

    return _INLINE_TAG.sub(replaced, text).strip()


def first_line(candidates: Iterable[Any], field: str = "any") -> str | None:
    """Return the first value that is not missing, as a line; the items of a list are joined."""
    for value in map(unpacked, candidates):
        if field == "date" and isinstance(value, list) and (date := _numbered_date(value)):
            return date
        items = value if isinstance(value, list) else [value]
        if field == "author":
            items = _authors(items)
        lines = [line for item in items if (line := as_line(item, field))]
        if field in ("date", "lang", "url", "id"):
            lines = lines[:1]
        if joined := joined_names(lines):
            return joined[:MAX_FIELD]
    return None


def _authors(items: list[Any]) -> list[Any]:
    """Return the authors among creators that have a role, as in Zotero's JSON; else all."""
    roles = [item.get("creatorType") for item in items if isinstance(item, dict)]
    if "author" not in roles:
        return items
    return [item for item, role in zip(items, roles, strict=False) if role == "author"]


def joined_names(names: Iterable[str]) -> str:
    """Return names as one line: separated by semicolons if they contain commas, or are bodies."""
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    is_mixed = any("," in name or "،" in name or is_body(name) for name in names)
    return ("; " if is_mixed else ", ").join(names)


def first_text(candidates: Iterable[Any], is_field: Callable[[str], bool]) -> str | None:
    """Return the first value that is a text, or a list of paragraphs.

    A list of mappings with other fields, by `is_field`, is one of articles.
    """
    for value in map(unpacked, candidates):
        text = _whole_text(value, is_field)
        if text and not is_null(text):
            return text
    return None


def _whole_text(value: object, is_field: Callable[[str], bool], depth: int = 0) -> str | None:
    """Return a text; of a mapping the first in it, of a list the paragraphs."""
    if isinstance(value, list):
        return _joined(value, is_field)
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return value if isinstance(value, str) else None
    named = {bare_name(str(key)): inner for key, inner in value.items()}
    texts = (
        _whole_text(named[name], is_field, depth + 1)
        for name in _value_names()["text"]
        if named.get(name)
    )
    return next(filter(None, texts), None)


def _joined(pieces: list[Any], is_field: Callable[[str], bool]) -> str | None:
    """Return the paragraphs of a list as a text; None for a list of something else."""
    paragraphs: list[str] = []
    # A string among them is a paragraph as surely as a piece that says so; pictures have no text.
    has_paragraphs = any(
        _type_of(piece) in _PARAGRAPHS if isinstance(piece, dict) else isinstance(piece, str)
        for piece in pieces
    )
    for piece in pieces:
        if isinstance(piece, dict):
            if has_paragraphs and _NO_PARAGRAPH.search(_type_of(piece)):
                continue
            if not has_paragraphs and any(map(is_field, map(str, piece.keys() - _NO_FIELDS))):
                return None
        elif piece and not isinstance(piece, str):
            return None
        text = _node_text(piece)
        if text is None and piece and not has_paragraphs:
            return None
        if text and text.strip():
            paragraphs.append(text)
    if any(map(_BLOCK.match, paragraphs)):
        paragraphs = [each if _BLOCK.match(each) else f"<p>{each}</p>" for each in paragraphs]
    return "\n\n".join(paragraphs)


def _type_of(piece: Mapping[Any, Any]) -> str:
    value = piece.get("type") or piece.get("_type")
    return value.casefold() if isinstance(value, str) else ""


def _node_text(node: object, depth: int = 0) -> str | None:
    """Return the text of a piece, of which the pieces are joined; None if it has none."""
    if isinstance(node, str):
        return node
    if depth > _MAX_DEPTH:
        return None
    if isinstance(node, list):
        texts = [text for each in node if (text := _node_text(each, depth + 1)) is not None]
        return "".join(texts) if texts else None
    if isinstance(node, dict):
        named = {bare_name(str(key)): inner for key, inner in node.items()}
        for name in _value_names()["text"]:
            inner = named.get(name)
            if inner and (text := _node_text(inner, depth + 1)) is not None:
                return text
    return None
