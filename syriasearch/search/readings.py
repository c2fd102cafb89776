"""Readings: the parts of a query that were read as a name, or as another word.

Each comes with the query for the words as they were typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..models.entity import ENTITY_TYPES, Entity
from ..models.page import ReadAs
from .query.clauses import Reading
from .query.lexicon import Lexicon
from .query.parser import parse
from .query.syntax import Field
from .suggestions import make_field

MAX_READINGS = 10
"""The maximum number of readings that are shown."""


def tell_readings(
    text: str, readings: Iterable[Reading], count: Callable[[str], int]
) -> Iterator[ReadAs]:
    """Yield the names, and the other words, that were read in the text of a query.

    `count` returns the number of articles that a query finds.
    """
    by_label: dict[str, list[Reading]] = {}
    for read in readings:
        by_label.setdefault(read.label, []).append(read)
    for label, reads in [*by_label.items()][:MAX_READINGS]:
        root = parse(label).root
        quoted = _quoted(root.value.text if isinstance(root, Field) else label)
        other = text
        for read in sorted(reads, key=lambda each: each.start, reverse=True):
            other = f"{other[: read.start]}{quoted}{other[read.end :]}"
        entities = tuple(Entity(each.slug, each.name, each.type) for each in reads[0].entities)
        yield ReadAs(label, entities, other, count(quoted), reads[0].correction)


def tell_options(values: Iterable[str], lexicon: Lexicon) -> Iterator[ReadAs]:
    """Yield the values of the option `entity` that are names by their spelling."""
    for value in values:
        if lexicon.named(value, ENTITY_TYPES, exact=True):
            continue
        found = lexicon.named(value, ENTITY_TYPES)
        if found:
            entities = tuple(Entity(each.slug, each.name, each.type) for each in found)
            yield ReadAs(str(make_field("entity", value)), entities, "", 0)


def _quoted(words: str) -> str:
    """Return words as a phrase in quotation marks."""
    return f'"{" ".join(words.replace(chr(34), " ").split())}"'
