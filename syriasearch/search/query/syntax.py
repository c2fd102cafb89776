"""The syntax tree of a query: frozen items that print as they would be typed.

A printed query parses back to the same tree; `parser` has the grammar.
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
    """The offset in the query, in code points."""


class Word(_Text):
    """A word in any of its forms, or a name in any spelling."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.text


class Prefix(_Text):
    """Every word with this prefix."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{self.text}*"


class Phrase(_Text):
    """Exactly these words, in sequence."""

    __slots__ = ()

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the article, or a match in its title."""

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
    """The maximum number of words between two neighbours; 0 for sentences and paragraphs."""
    ordered: bool

    def __str__(self) -> str:
        return f" {self.operator} ".join(_bracketed(item, (Or,)) for item in self.items)

    @property
    def operator(self) -> str:
        """The operator as it is written between two items."""
        name = "pre" if self.ordered else "w"
        return f"{name}/{self.distance if self.unit == 'words' else self.unit[0]}"


@dataclass(frozen=True, slots=True)
class Not:
    """An item that an article must not match."""

    item: Item

    def __str__(self) -> str:
        return f"-{_bracketed(self.item, (And, Or, Near))}"


@dataclass(frozen=True, slots=True)
class _Several:
    items: tuple[Item, ...]


class Or(_Several):
    """Any of these items."""

    __slots__ = ()

    def __str__(self) -> str:
        return " OR ".join(_bracketed(item, (And,)) for item in self.items)


class And(_Several):
    """All of these items."""

    __slots__ = ()

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
