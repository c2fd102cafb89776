"""Shapes of records: what programs write whose keys mean something else than they usually do.

`data/record_shapes.csv` has a row for each, with the paths of its fields.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .field_values import bare_name

NO_COLUMN = "\0"
"""The column of a field that a shape leaves empty."""
WITHOUT_TEXT = "lists articles without their text: ingest the articles themselves"
"""The end of the messages about listings."""
FIELDS = ("id", "title", "text", "summary", "author", "source", "url", "date", "lang")


class Shape(NamedTuple):
    """A kind of record, and where its fields are."""

    name: str
    kind: str
    keys: frozenset[str]
    """The keys that it has, without case and punctuation."""
    values: tuple[tuple[str, frozenset[str]], ...]
    """The values of which certain keys have one."""
    paths: tuple[tuple[str, tuple[str, ...]], ...]
    """The paths of each field."""

    def columns(self, values: Mapping[Any, Any]) -> list[tuple[str, str]]:
        """Return the field and the path of each value that a record of this shape has."""
        return [
            (field, next((path for path in paths if value_at(values, path)), NO_COLUMN))
            for field, paths in self.paths
        ]


POST = Shape("post of X", "post", frozenset(), (), tuple((field, (field,)) for field in FIELDS))
"""The shape of what `posts.post_of` returns."""
OTHER = Shape("other", "other", frozenset(), (), ())
"""The shape of a record that is no article."""


@lru_cache(maxsize=1)
def _shapes() -> tuple[Shape, ...]:
    path = Path(__file__).parent / "data" / "record_shapes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return tuple(_shape(row) for row in rows)


def _shape(row: dict[str, str]) -> Shape:
    keys = [key.partition("=") for key in row["keys"].split()]
    return Shape(
        row["shape"],
        row["kind"],
        frozenset(bare_name(key.partition(".")[0]) for key, _, _ in keys),
        tuple((key, frozenset(values.split("|"))) for key, _, values in keys if values),
        tuple((field, tuple(row[field].split())) for field in FIELDS),
    )


@lru_cache(maxsize=512)
def _candidates(keys: tuple[str, ...]) -> tuple[Shape, ...]:
    bare = {bare_name(key) for key in keys}
    return tuple(shape for shape in _shapes() if shape.keys <= bare)


def shape_of_keys(keys: Iterable[str]) -> Shape | None:
    """Return the shape that all records with these keys have, None if there is none."""
    shapes = _candidates(tuple(keys))
    return shapes[0] if shapes and not shapes[0].values else None


def shape_of(values: Mapping[Any, Any]) -> Shape | None:
    """Return the shape of a record, None for one whose keys mean what they usually do."""
    for shape in _candidates(tuple(map(str, values))):
        if all(_is_one(value_at(values, key), wanted) for key, wanted in shape.values):
            return shape
    return None


def _is_one(value: object, wanted: frozenset[str]) -> bool:
    return str(value) in wanted or (bool(value) and "*" in wanted)


def value_at(values: Any, path: str) -> Any:
    """Return the value at a path: `meta.headline`, `authors.0.name`; None if there is none.

    A key is found in any case; a list without a number in the path is one of the values of its
    items.
    """
    if isinstance(values, list):
        first, _, rest = path.partition(".")
        if re.fullmatch(r"\d{1,4}", first):
            item = values[int(first)] if int(first) < len(values) else None
            return value_at(item, rest) if rest else item
        found = [value_at(item, path) for item in values]
        return [value for value in found if value is not None] or None
    if not isinstance(values, Mapping):
        return None
    if path in values:
        return values[path]
    by_name = {str(name).casefold(): value for name, value in values.items()}
    if path.casefold() in by_name:
        return by_name[path.casefold()]
    first, dot, rest = path.partition(".")
    return value_at(by_name.get(first.casefold()), rest) if dot else None
