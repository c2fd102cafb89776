"""The syntax tree of a query: frozen items that print as they would be typed.

A printed query parses back to the same tree; `parser` has the grammar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

from ...models.entity import ENTITY_TYPES

COLUMN_FIELDS = ("source", "author", "lang")
"""The fields that compare a column of the article."""
ENTITY_FIELDS = {
    "person": ("person",),
    "org": ("organization", "group"),
    "group": ("group",),
    "place": ("place",),
    "event": ("event",),
    "entity": ENTITY_TYPES,
}
"""The fields that name an entity, each with the types of entities it may name."""
DATE_FIELDS = ("after", "before", "date")
FIELDS = ("title", *COLUMN_FIELDS, *ENTITY_FIELDS, *DATE_FIELDS)

Unit = Literal["words", "sentence", "paragraph"]


@dataclass(frozen=True)
class _Text:
    text: str
    position: int = field(default=0, compare=False)
    """The offset in the query, in code points."""

    typed: ClassVar[str] = "{}"
    """The form in which it is typed."""

    def __str__(self) -> str:
        return self.typed.format(self.text)


class Word(_Text):
    """A word in any of its forms, or a name in any spelling."""


class Prefix(_Text):
    """Every word with this prefix."""

    typed = "{}*"


class Phrase(_Text):
    """Exactly these words, in sequence."""

    typed = '"{}"'


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the article, or a match in its title."""

    name: str
    value: Word | Prefix | Phrase
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.name}:{self.value}"


class NearOperator(NamedTuple):
    """How close neighbours have to be, as in `w/5` and `pre/s`."""

    unit: Unit
    distance: int
    """The maximum number of words between two neighbours; 0 for sentences and paragraphs."""
    ordered: bool

    def __str__(self) -> str:
        name = "pre" if self.ordered else "w"
        return f"{name}/{self.distance if self.unit == 'words' else self.unit[0]}"


@dataclass(frozen=True, slots=True)
class Near:
    """Items close to each other: each to the next, in this order or in any."""

    items: tuple[Item, ...]
    operator: NearOperator

    def __str__(self) -> str:
        return f" {self.operator} ".join(_bracketed(item, (Or,)) for item in self.items)


@dataclass(frozen=True, slots=True)
class Not:
    """An item that an article must not match."""

    item: Item

    def __str__(self) -> str:
        return f"-{_bracketed(self.item, (And, Or, Near))}"


@dataclass(frozen=True)
class _Items:
    items: tuple[Item, ...]


class Or(_Items):
    """Any of these items."""

    def __str__(self) -> str:
        return " OR ".join(_bracketed(item, (And,)) for item in self.items)


class And(_Items):
    """All of these items."""

    def __str__(self) -> str:
        return " ".join(map(str, self.items))


Leaf = Word | Prefix | Phrase
Item = Word | Prefix | Phrase | Field | Near | Not | Or | And


def _bracketed(item: Item, kinds: tuple[type, ...]) -> str:
    return f"({item})" if isinstance(item, kinds) else str(item)


class Query(NamedTuple):
    """The text of a query, its syntax tree, and the parts of the text that were left out."""

    text: str
    root: Item | None
    ignored: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "" if self.root is None else str(self.root)
