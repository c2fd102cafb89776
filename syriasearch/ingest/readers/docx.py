"""Reader of Word documents (.docx, ECMA-376): paragraphs, tables and notes, as they are shown.

What was deleted, moved away or hidden, comments, headers and footers, tables of contents and macros
are left out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from ..blocks.plain_text import Block
from .base import Document, Problem, SourceFile
from .office_package import Elements, Package, main_part
from .office_text import TITLE, CoreProperties, documents, row_blocks

_SKIPPED = frozenset(
    "moveFrom Fallback rt pPrChange rPrChange tblPrChange trPrChange tcPrChange sectPrChange"
    " delText instrText".split()
)
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_FALSE = ("0", "false", "off", "none")
_NO_NOTE = ("separator", "continuationSeparator", "continuationNotice")
"""The types of notes that are lines."""
_MAX_BASES = 20
_OUTLINE = "012345678"
"""The outline levels of headings."""


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the document's article, or the articles of an export, and problems."""
    with file.open() as stream:
        package = Package(stream, ".docx")
        main = main_part(package, "word/document.xml")
        folder = posixpath.dirname(main)
        styles = _Styles()
        package.parse(f"{folder}/styles.xml", styles)
        properties = CoreProperties()
        package.parse("docProps/core.xml", properties)
        parts = (main, f"{folder}/footnotes.xml", f"{folder}/endnotes.xml")
        blocks = (block for part in parts for block in _blocks(package, part, styles.kinds()))
        yield from documents(blocks, properties.found())
        yield from package.problems


class _Styles(Elements):
    """The kinds of paragraphs by their styles: a style has a name in English in every language."""

    def __init__(self) -> None:
        self._styles: dict[str, tuple[str, str, str]] = {}
        self._id = self._name = self._base = self._level = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        value = attributes.get("val", "")
        if name == "style":
            self._id, self._name = attributes.get("styleId", ""), ""
            self._base = self._level = ""
        elif name == "name":
            self._name = value.lower()
        elif name == "basedOn":
            self._base = value
        elif name == "outlineLvl":
            self._level = value

    def end(self, name: str) -> None:
        if name == "style":
            self._styles[self._id] = (self._name, self._base, self._level)

    def kinds(self) -> dict[str, str]:
        """Return the kind of each style that has one: title, heading, caption or contents."""
        return {style: kind for style in self._styles if (kind := self._kind(style))}

    def _kind(self, style: str) -> str | None:
        for _ in range(_MAX_BASES):
            name, base, level = self._styles.get(style, ("", "", ""))
            if name == "title":
                return TITLE
            if name.startswith(("toc ", "table of ")):
                return "contents"
            if name == "caption":
                return "caption"
            if name.startswith("heading ") or (level and level in _OUTLINE):
                return "heading"
            style = base
        return None


class _Paragraph:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.kind = "body"


def _blocks(package: Package, part: str, kinds: Mapping[str, str]) -> Iterator[Block]:
    body = _Body(kinds)
    for _ in package.feed(part, body):
        yield from body.taken()
    body.finish()
    yield from body.taken()


class _Body(Elements):
    """The paragraphs of a part."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._blocks: list[Block] = []
        self._sinks = [self._blocks]
        """Where paragraphs go: to the text, or to the innermost cell."""
        self._rows: list[list[list[Block]]] = []
        """The cells of each row that is open."""
        self._paragraphs: list[_Paragraph] = []
        """The paragraphs that are open: that of a text box is in another."""
        self._skipped = 0
        self._is_text = self._is_hidden = False
        self._properties = 0

    def taken(self) -> list[Block]:
        """Return the complete paragraphs since the last call."""
        blocks, self._blocks[:] = [*self._blocks], []
        return blocks

    def finish(self) -> None:
        """End what a part that was cut off has left open."""
        while self._paragraphs:
            self._end_paragraph()
        while self._rows:
            self.end("tc")
            self.end("tr")

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if self._skipped or name in _SKIPPED or attributes.get("type") in _NO_NOTE:
            self._skipped += 1
        elif name == "t":
            self._is_text = True
        elif name == "p":
            self._paragraphs.append(_Paragraph())
        elif name in ("pPr", "tblPr"):
            self._properties += 1
        elif name == "tr":
            self._rows.append([])
        elif name == "tc" and self._rows:
            self._sinks.append([])
        elif name in _CHARACTERS:
            if self._paragraphs and not self._properties and not self._is_hidden:
                self._paragraphs[-1].pieces.append(_CHARACTERS[name])
        elif name == "pStyle" and self._paragraphs:
            self._paragraphs[-1].kind = self._kinds.get(attributes.get("val", ""), "body")
        elif name == "outlineLvl" and self._paragraphs:
            if attributes.get("val", "") in list(_OUTLINE) and self._paragraphs[-1].kind == "body":
                self._paragraphs[-1].kind = "heading"
        elif name in ("vanish", "webHidden") and not self._properties:
            self._is_hidden = attributes.get("val", "").lower() not in _FALSE

    def end(self, name: str) -> None:
        """End an element."""
        if self._skipped:
            self._skipped -= 1
        elif name == "t":
            self._is_text = False
        elif name == "r":
            self._is_hidden = False
        elif name == "p" and self._paragraphs:
            self._end_paragraph()
        elif name in ("pPr", "tblPr"):
            self._properties -= 1
        elif name == "tc" and self._rows and len(self._sinks) > 1:
            self._rows[-1].append(self._sinks.pop())
        elif name == "tr" and self._rows:
            self._sinks[-1].extend(row_blocks(self._rows.pop()))

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if self._is_text and self._paragraphs and not (self._skipped or self._is_hidden):
            self._paragraphs[-1].pieces.append(text)

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        text = "".join(paragraph.pieces).strip()
        if paragraph.kind != "contents":
            self._sinks[-1].append(Block(paragraph.kind, text))
