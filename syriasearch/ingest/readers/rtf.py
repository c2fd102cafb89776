"""Reader of RTF: paragraphs, tables and notes, as they are shown.

It is read piece by piece, as one with pictures may be large. Libraries that give the text of RTF
drop footnotes and titles, and read a file whole.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO

from ...text.patterns import regex
from ..blocks.plain_text import Block
from .base import Document, Problem, SourceFile, UnreadableError
from .office_text import TITLE, Properties, documents, row_blocks
from .rtf_codes import CHARACTERS, CODE_PAGES, SHOWN, SKIPPED

MAX_DEPTH = 1000
_CHUNK = 2**16
_LONGEST = 64
"""The maximum length of a control word in characters."""
_TOKEN = regex(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n\0]+"
    r"|([^\\{}\r\n\0]+)|\\"
)
_ENDS = frozenset(("par", "sect", "page", "column", "cell", "nestcell", "row", "nestrow"))
_NOTES = ("footnote",)
_INFO = ("title", "author")


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the document's article, or the articles of an export, and problems."""
    with file.open() as stream:
        parser = _Parser()
        blocks = _blocks(stream, parser)
        # The properties precede the text.
        first = next(blocks, None)
        if first is None:
            raise UnreadableError("holds no text: leave it out, or fill it")
        properties = Properties(parser.info.get("title"), parser.info.get("author"))
        yield from documents(chain([first], blocks), properties)
        if parser.depth > 0:
            yield Problem("ends within a group, so it was cut off: what precedes was read")


def _blocks(stream: BinaryIO, parser: _Parser) -> Iterator[Block]:
    while data := stream.read(_CHUNK):
        parser.feed(data.decode("latin-1"))
        yield from parser.taken()
    parser.feed("", final=True)
    yield from parser.taken()


@dataclass(frozen=True, slots=True)
class _Group:
    """The state within a group of RTF, which ends with it."""

    is_skipped: bool = False
    is_hidden: bool = False
    destination: str = ""
    font: int | None = None
    fallback: int = 1
    """The number of characters after a Unicode character that stand for it elsewhere."""
    in_table: bool = False
    kind: str = "body"


class _Parser:
    def __init__(self) -> None:
        self.info: dict[str, str] = {}
        self._blocks: list[Block] = []
        self._notes: list[Block] = []
        self._pieces: list[str] = []
        self._outer: list[list[str]] = []
        """The paragraphs that a note interrupts."""
        self._bytes = bytearray()
        """Bytes of a code page, which may be parts of a character."""
        self._row: list[list[Block]] = []
        self._cell: list[Block] = []
        self._group = _Group()
        self._groups: list[_Group] = []
        self._code_page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._styles: dict[int, str] = {}
        self._style = 0
        self._default_font: int | None = None
        self._unread = ""
        self._to_skip = 0
        """The number of characters to skip that stand for a Unicode character."""
        self._binary = 0
        """The number of bytes of binary data that are to be skipped."""
        self._is_starred = False

    @property
    def depth(self) -> int:
        """The number of groups that are open."""
        return len(self._groups)

    def taken(self) -> list[Block]:
        """Return the complete paragraphs since the last call."""
        blocks, self._blocks = self._blocks, []
        return blocks

    def feed(self, text: str, *, final: bool = False) -> None:
        """Read a piece of a file; the last one is `final`."""
        text = self._unread + text
        end = len(text) if final else len(text) - _LONGEST
        at = 0
        while at < end:
            if self._binary:
                skipped = min(self._binary, len(text) - at)
                self._binary -= skipped
                at += skipped
                continue
            token = _TOKEN.match(text, at)
            assert token is not None
            at = token.end()
            self._read(token)
        self._unread = text[at:]
        if final:
            self._end_paragraph()
            self._end_cell()
            self._end_row()
            self._blocks += self._notes

    def _read(self, token: re.Match[str]) -> None:
        word, number, code, symbol, brace, plain = token.groups()
        if code is None and self._bytes:
            self._decode()
        if brace:
            self._to_skip = 0
            self._begin() if brace == "{" else self._end()
        elif word:
            self._control(word, int(number) if number else None)
        elif code:
            if self._to_skip:
                self._to_skip -= 1
            elif not self._is_silent():
                self._bytes.append(int(code, 16))
        elif symbol == "*":
            self._is_starred = True
        elif symbol in ("\n", "\r"):
            self._control("par", None)
        elif symbol:
            self._add(CHARACTERS.get(symbol, ""))
        elif plain:
            self._plain(plain)

    def _begin(self) -> None:
        if len(self._groups) >= MAX_DEPTH:
            raise UnreadableError(f"has over {MAX_DEPTH:,} groups within each other: leave it out")
        self._groups.append(self._group)
        self._is_starred = False

    def _end(self) -> None:
        if not self._groups:
            return
        ended, self._group = self._group, self._groups.pop()
        if ended.destination in _NOTES and self._group.destination not in _NOTES and self._outer:
            self._end_paragraph(notes=True)
            self._pieces = self._outer.pop()
        if not ended.is_skipped:
            # Properties of a paragraph hold beyond the group that they are in.
            self._group = replace(self._group, in_table=ended.in_table, kind=ended.kind)

    def _is_silent(self) -> bool:
        group = self._group
        return group.is_skipped or group.is_hidden or group.destination == "fonttbl"

    def _control(self, word: str, number: int | None) -> None:
        starred, self._is_starred = self._is_starred, False
        group = self._group
        if word == "bin":
            self._binary = max(number or 0, 0)
        elif word in SKIPPED or (starred and word not in SHOWN):
            self._group = replace(group, is_skipped=True)
        elif word in ("fonttbl", "stylesheet", "info") or (
            word in _INFO and group.destination == "info"
        ):
            self._group = replace(group, destination=word)
        elif word == "ansicpg":
            self._code_page = _known(f"cp{number}") or self._code_page
        elif word == "mac":
            self._code_page = "mac_roman"
        elif word == "deff":
            self._default_font = number
        elif word == "f":
            self._group = replace(group, font=number)
        elif word == "fcharset" and group.font is not None:
            self._fonts[group.font] = CODE_PAGES.get(number or 0, "")
        elif word == "uc":
            self._group = replace(group, fallback=max(number or 0, 0))
        elif not group.is_skipped:
            self._control_text(word, number)

    def _control_text(self, word: str, number: int | None) -> None:
        group = self._group
        if word == "u":
            self._add(chr((number or 0) % 0x10000))
            self._to_skip = group.fallback
        elif word in CHARACTERS:
            self._add(CHARACTERS[word])
        elif word in _ENDS:
            self._end_paragraph()
            if word in ("cell", "nestcell"):
                self._end_cell()
            elif word in ("row", "nestrow"):
                self._end_row()
        elif word == "pard":
            self._group = replace(group, in_table=False, kind="body")
        elif word == "plain":
            self._group = replace(group, font=self._default_font, is_hidden=False)
        elif word == "intbl":
            self._group = replace(group, in_table=True)
        elif word == "s":
            self._style = number or 0
            self._group = replace(group, kind=self._styles.get(number or 0, "body"))
        elif word == "outlinelevel" and number is not None and number < 9:
            if group.destination == "stylesheet":
                self._styles.setdefault(self._style, "heading")
            self._group = replace(group, kind="heading")
        elif word in ("v", "deleted"):
            self._group = replace(group, is_hidden=number != 0)
        elif word in _NOTES and group.destination not in _NOTES:
            self._outer.append(self._pieces)
            self._pieces = []
            self._group = replace(group, destination=word)

    def _plain(self, text: str) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(text))
            self._to_skip -= skipped
            text = text[skipped:]
        if not text or self._is_silent():
            return
        if not text.isascii():
            data = text.encode("latin-1")
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = data.decode(self._encoding(), "replace")
        self._add(text)

    def _encoding(self) -> str:
        font = self._default_font if self._group.font is None else self._group.font
        return self._fonts.get(font or 0) or self._code_page

    def _decode(self) -> None:
        text = bytes(self._bytes).decode(self._encoding(), "replace")
        self._bytes.clear()
        self._add(text)

    def _add(self, text: str) -> None:
        group = self._group
        if group.is_skipped or group.is_hidden:
            return
        if group.destination in _INFO:
            self.info[group.destination] = (self.info.get(group.destination, "") + text)[:10_000]
        elif group.destination == "stylesheet":
            kind = _style_kind(text)
            if kind:
                self._styles[self._style] = kind
        elif group.destination not in ("fonttbl", "info"):
            self._pieces.append(text)

    def _end_paragraph(self, *, notes: bool = False) -> None:
        if self._bytes:
            self._decode()
        text = _joined(self._pieces).strip(" \t\n")
        self._pieces = []
        block = Block(self._group.kind, text)
        if notes or self._outer:
            self._notes += [Block("body", text)] if text else []
        elif self._group.in_table:
            self._cell += [block] if text else []
        elif text or not self._row:
            self._end_row()
            self._blocks.append(block)

    def _end_cell(self) -> None:
        if self._cell:
            self._row.append(self._cell)
            self._cell = []

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self._blocks += row_blocks(self._row)
            self._row = []


def _known(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _style_kind(name: str) -> str | None:
    """Return the kind of paragraphs with a style of this name, which is in English in Word."""
    name = name.strip(" ;").lower()
    if name == "title":
        return TITLE
    return "heading" if name.startswith("heading ") else "caption" if name == "caption" else None


def _joined(pieces: list[str]) -> str:
    """Join pieces, and the halves of characters beyond the first 65,536."""
    text = "".join(pieces)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
