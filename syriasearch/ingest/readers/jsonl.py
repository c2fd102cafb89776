"""Reader of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from ...text.patterns import regex
from .article_lists import article_items
from .base import Document, Problem, SourceFile, UnreadableError
from .charset import decode, head_text, lines
from .field_mapping import Record, is_article, read_records

_OBJECT = regex(r'\s*\{\s*(?:"[^"\n]{1,80}"\s*:|\})')


def claims(head: bytes) -> bool:
    """Return whether the first line is an object, and the second begins one."""
    first, end, rest = head_text(head).lstrip().partition("\n")
    return bool(end) and rest.lstrip().startswith("{") and _is_object(first)


def may_be_lines(head: bytes) -> bool:
    """Return whether the first line may be an object, by its beginning or the second line."""
    first, end, rest = head_text(head).lstrip().partition("\n")
    second = rest.lstrip().startswith("{")
    return first.startswith("{") and (not end or second or _is_object(first))


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield an article or a problem for each line, in constant memory."""
    with file.open() as stream:
        records = chain.from_iterable(
            [line] if isinstance(line, Problem) else _read_line(line, number)
            for number, line in lines(stream)
            if isinstance(line, Problem) or line.strip()
        )
        yield from read_records(records, file, empty="holds no lines: leave it out, or fill it")


def _is_object(line: str) -> bool:
    try:
        return bool(_OBJECT.match(line)) and isinstance(json.loads(line), dict)
    except RecursionError:
        return True
    except ValueError:
        return False


def _read_line(line: bytes, number: int) -> Iterator[Record | Problem]:
    place = f"line {number}"
    try:
        text, note = decode(line)
        values = json.loads(text)
    except UnreadableError as error:
        yield Problem(f"{place} {error}", str(number))
        return
    except (ValueError, RecursionError) as error:
        message = f"{place} is not valid JSON ({json_error(error)}): mend or remove it"
        yield Problem(message, str(number))
        return
    if not isinstance(values, dict):
        yield Problem(f"{place} is not a JSON object: put one article a line", str(number))
        return
    items = article_items(values) if _may_hold_articles(values) else [values]
    if len(items) == 1 or not any(isinstance(item, dict) and is_article(item) for item in items):
        only = items[0] if len(items) == 1 and isinstance(items[0], dict) else values
        yield Record(number, place, only, note)
        return
    # A page of an interface
    for part, item in enumerate(items, start=1):
        if isinstance(item, dict):
            yield Record(f"{number}.{part}", f"{place}, item {part}", item, note)


def _may_hold_articles(values: dict[str, Any]) -> bool:
    """Return whether an object holds lists of objects, and is no article."""
    return any(map(_is_nested, values.values())) and not is_article(values)


def _is_nested(value: object) -> bool:
    if isinstance(value, dict):
        return any(isinstance(inner, (dict, list)) for inner in value.values())
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def json_error(error: Exception) -> str:
    """Return the reason, in a few words, why JSON could not be read."""
    if isinstance(error, RecursionError):
        return "nested too deep"
    return str(getattr(error, "msg", "a number too long"))
