"""What does a query ask? A tree of frozen items, which prints as it would be typed.

A printed query parses back to the same tree: see `parser` for the grammar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

FIELDS = (
    "title",
    "source",
    "author",
    "lang",
    "person",
    "org",
    "group",
    "place",
    "event",
    "entity",
    "after",
    "before",
    "date",
)

Unit = Literal["words", "sentence", "paragraph"]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    position: int = field(default=0, compare=False)
    """Its offset in the query, in code points."""


class Word(_Text):
    """A word in any of its forms, or a name however it is spelt."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.text


class Prefix(_Text):
    """Every word that begins so."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{self.text}*"


class Phrase(_Text):
    """Words exactly as they stand, one after the other."""

    __slots__ = ()

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the article, or what its title has."""

    name: str
    value: Word | Prefix | Phrase
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class Near:
    """Items close to each other: each to the next, in this order or in any."""

    items: tuple[Item, ...]
    unit: Unit
    distance: int
    """At most so many words between two neighbours; 0 for sentences and paragraphs."""
    ordered: bool

    def __str__(self) -> str:
        return f" {self.operator} ".join(_bracketed(item, (Or,)) for item in self.items)

    @property
    def operator(self) -> str:
        """How it is written between two items."""
        name = "pre" if self.ordered else "w"
        return f"{name}/{self.distance if self.unit == 'words' else self.unit[0]}"


@dataclass(frozen=True, slots=True)
class Not:
    """What an article must not have."""

    item: Item

    def __str__(self) -> str:
        return f"-{_bracketed(self.item, (And, Or, Near))}"


@dataclass(frozen=True, slots=True)
class _Several:
    items: tuple[Item, ...]


class Or(_Several):
    """Any of these."""

    __slots__ = ()

    def __str__(self) -> str:
        return " OR ".join(_bracketed(item, (And,)) for item in self.items)


class And(_Several):
    """All of these."""

    __slots__ = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.items))


Leaf = Word | Prefix | Phrase
Item = Word | Prefix | Phrase | Field | Near | Not | Or | And


def _bracketed(item: Item, kinds: tuple[type, ...]) -> str:
    return f"({item})" if isinstance(item, kinds) else str(item)


class Query(NamedTuple):
    """A text, the tree of what it asks, and what of it was left out."""

    text: str
    root: Item | None
    ignored: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "" if self.root is None else str(self.root)
