"""Documents of the text in an office document: an article, or those of a press database.

A text that a press database has exported is read as what it is, whatever kind of file it is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import chain

from ...text.tokenize import terms
from ..blocks.plain_text import Block, split_paragraphs
from . import nexis_uni, press
from .base import LIMIT, MAX_ARTICLE_BYTES, Document, Problem, UnreadableError
from .nulls import is_null_author, is_program_name
from .office_package import Elements

TITLE = "title"
"""The kind of a paragraph that is the title, by its style."""
_TAGS = {"heading": "h2", TITLE: "h2", "caption": "figcaption"}
ROW = "row"
"""The kind of a paragraph that is a row of a table, with tabs between its cells."""
MAX_CELL_CHARACTERS = 300
"""The maximum length of a cell of a table; a longer one is a part of the page's layout."""
MAX_CELL_PARAGRAPHS = 3
MAX_LINE = 100
"""The maximum length of a line in characters in texts whose lines are wrapped."""
_HEAD_BLOCKS = 5
"""The number of paragraphs at the beginning in which a title or an author may be repeated."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What an office document says of itself; its dates are those at which it was saved."""

    title: str | None = None
    author: str | None = None


class CoreProperties(Elements):
    """The properties that the packages of all office programs have (Dublin Core)."""

    _NAMES = frozenset(("title", "creator", "initial-creator"))

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._name = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin a property."""
        self._name = name if name in self._NAMES else ""

    def end(self, name: str) -> None:
        """End a property."""
        self._name = ""

    def data(self, text: str) -> None:
        """Take a part of a value."""
        if self._name:
            self._values[self._name] = (self._values.get(self._name, "") + text)[:10_000]

    def found(self) -> Properties:
        """Return the properties; their author is who began the document."""
        get = self._values.get
        return Properties(get("title"), get("initial-creator") or get("creator"))


def documents(blocks: Iterable[Block], properties: Properties) -> Iterator[Document | Problem]:
    """Yield the article of an office document, or those of an export, and problems."""
    taken: list[Block] = []
    size = 0
    remaining = iter(blocks)
    for block in remaining:
        taken.append(block)
        size += len(block.text)
        if nexis_uni.is_end(block.text):
            yield from nexis_uni.documents(each.text for each in chain(taken, remaining))
            return
        if size > MAX_ARTICLE_BYTES:
            raise UnreadableError(f"has more than {LIMIT}: split it")
    text = _as_lines(taken)
    if exported := press.documents_in(text):
        yield from exported
        return
    taken = [block for block in taken if block.text]
    if not taken:
        raise UnreadableError("holds no text: leave it out, or fill it")
    yield _article(taken, properties)


def _as_lines(blocks: list[Block]) -> str:
    """Return paragraphs as an export in a text file has them.

    A program may have written each of its lines as a paragraph, empty ones included.
    """
    is_wrapped = any(not block.text for block in blocks) and all(
        len(block.text) <= MAX_LINE for block in blocks
    )
    return ("\n" if is_wrapped else "\n\n").join(block.text for block in blocks)


def _article(blocks: list[Block], properties: Properties) -> Document:
    titles = [block.text for block in blocks if block.kind == TITLE]
    if titles:
        blocks = [block for block in blocks if block.text != titles[0]] or blocks
    shown = [terms(block.text) for block in blocks[:_HEAD_BLOCKS]]
    given = _own(properties.title)
    is_shown = given is not None and terms(given) in [*shown, *map(terms, titles)]
    # A title that the text does not have may be that of a template, or of an older text.
    has_line = blocks[0].kind == "heading" or _may_be_title(blocks[0].text)
    title = titles[0] if titles else given if given and (is_shown or not has_line) else None
    author = _own(properties.author)
    is_own = is_shown or (given is not None and given == title)
    is_author = is_own or (author and terms(author) in [*shown, terms(blocks[-1].text)])
    return Document(
        as_html(blocks),
        "html",
        title=" ".join(title.split()) if title else None,
        author=author if author and is_author and not is_null_author(author) else None,
    )


def _own(value: str | None) -> str | None:
    """Return a property that a person may have written; None for one that a program wrote."""
    value = " ".join((value or "").split())
    return value if value and not is_program_name(value) else None


def _may_be_title(text: str) -> bool:
    return "\n" not in text and len(text) <= 160 and not text.endswith((".", "…", ":", ","))


def as_html(blocks: Iterable[Block]) -> str:
    """Return paragraphs as HTML."""
    return "\n".join(
        f"<{tag}>{escape(piece, quote=False)}</{tag}>"
        for block in blocks
        for tag in (_TAGS.get(block.kind, "p"),)
        for piece in _pieces(block)
    )


def _pieces(block: Block) -> list[str]:
    if block.kind == ROW:
        return [block.text.replace("\t", " · ")]
    return split_paragraphs(block.text) if "\n" in block.text else [block.text]


def row_blocks(cells: list[list[Block]]) -> list[Block]:
    """Return the paragraphs of a row: one with the values of its cells, with tabs between them.

    A row of a table that only lays out the page keeps the paragraphs in its cells.
    """
    filled = ([block for block in cell if block.text] for cell in cells)
    cells = [cell for cell in filled if cell]
    if len(cells) > 1 and not any(map(_lays_out, cells)):
        values = (" ".join(" ".join(block.text.split()) for block in cell) for cell in cells)
        return [Block(ROW, "\t".join(values))]
    return [block for cell in cells for block in cell]


def _lays_out(cell: list[Block]) -> bool:
    return len(cell) > MAX_CELL_PARAGRAPHS or any(
        len(block.text) > MAX_CELL_CHARACTERS for block in cell
    )
