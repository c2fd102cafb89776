"""Reader of OpenDocument texts (.odt): paragraphs, tables and notes, as they are shown.

What was deleted, comments, headers and footers, tables of contents and macros are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...text.patterns import regex
from ..blocks.plain_text import Block
from .base import Document, Problem, SourceFile
from .office_package import Elements, Package, check_odf
from .office_text import TITLE, CoreProperties, documents, row_blocks

_SKIPPED = frozenset(
    "annotation tracked-changes table-of-content alphabetical-index illustration-index table-index"
    " note-citation ruby-text hidden-text forms desc title script index-title".split()
)
_WHITE_SPACE = regex(r"[ \t\r\n]+")
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
_STYLES = {"Title": TITLE, "Heading": "heading", "Caption": "caption"}


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the document's article, or the articles of an export, and problems."""
    with file.open() as stream:
        package = Package(stream, ".odt")
        check_odf(package)
        properties = CoreProperties()
        package.parse("meta.xml", properties)
        yield from documents(_blocks(package), properties.found())
        yield from package.problems


def _blocks(package: Package) -> Iterator[Block]:
    body = _Body()
    for _ in package.feed("content.xml", body):
        yield from body.taken()
    yield from body.rest()


class _Body(Elements):
    """The paragraphs of a document."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        """The style from which each automatic style derives."""
        self._hidden: set[str] = set()
        self._blocks: list[Block] = []
        self._sinks = [self._blocks]
        """Where paragraphs go: to the text, or to the innermost cell."""
        self._rows: list[list[list[Block]]] = []
        self._paragraphs: list[tuple[str, list[str]]] = []
        """The kind and the pieces of the paragraphs that are open."""
        self._notes: list[Block] = []
        self._skipped = 0
        self._style = ""

    def taken(self) -> list[Block]:
        """Return the complete paragraphs since the last call."""
        blocks, self._blocks[:] = [*self._blocks], []
        return blocks

    def rest(self) -> list[Block]:
        """Return what is left at the end: the notes, and what a part that was cut off has open."""
        while self._paragraphs:
            self._end_paragraph()
        while self._rows:
            self.end("table-cell")
            self.end("table-row")
        return [*self.taken(), *self._notes]

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if self._skipped or name in _SKIPPED:
            self._skipped += 1
        elif name == "style":
            self._style = attributes.get("name", "")
            self._parents[self._style] = attributes.get("parent-style-name", "")
        elif name == "text-properties" and attributes.get("display") == "none":
            self._hidden.add(self._style)
        elif name in ("p", "h"):
            self._paragraphs.append((self._kind(name, attributes.get("style-name", "")), []))
        elif name == "span" and attributes.get("style-name") in self._hidden:
            self._skipped += 1
        elif name == "note-body":
            self._sinks.append(self._notes)
        elif name == "table-row":
            self._rows.append([])
        elif name == "table-cell" and self._rows:
            self._sinks.append([])
        elif name == "s":
            count = attributes.get("c", "1")
            self._add(" " * min(int(count) if count.isdecimal() else 1, 100))
        elif name in _CHARACTERS:
            self._add(_CHARACTERS[name])

    def _kind(self, name: str, style: str) -> str:
        parent = self._parents.get(style) or style
        kind = next((kind for at, kind in _STYLES.items() if parent.startswith(at)), "body")
        return "heading" if name == "h" and kind == "body" else kind

    def end(self, name: str) -> None:
        """End an element."""
        if self._skipped:
            self._skipped -= 1
        elif name in ("p", "h") and self._paragraphs:
            self._end_paragraph()
        elif name == "note-body" and len(self._sinks) > 1:
            self._sinks.pop()
        elif name == "table-cell" and self._rows and len(self._sinks) > 1:
            self._rows[-1].append(self._sinks.pop())
        elif name == "table-row" and self._rows:
            self._sinks[-1].extend(row_blocks(self._rows.pop()))

    def data(self, text: str) -> None:
        """Take a piece of text; line ends in the file are white space."""
        self._add(_WHITE_SPACE.sub(" ", text))

    def _add(self, text: str) -> None:
        if self._paragraphs and not self._skipped:
            self._paragraphs[-1][1].append(text)

    def _end_paragraph(self) -> None:
        kind, pieces = self._paragraphs.pop()
        self._sinks[-1].append(Block(kind, "".join(pieces).strip()))
