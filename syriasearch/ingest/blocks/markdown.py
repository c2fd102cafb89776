"""Blocks of a Markdown text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...text.patterns import regex
from .plain_text import Block, split_glued, split_paragraphs

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FOOTNOTE = regex(r"\[\^?\d+\]")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Scraped text is full of accidental markup: no raw HTML, no indented code.
    return MarkdownIt("commonmark", {"html": False}).disable(["code", "html_block"]).enable("table")


def markdown_blocks(text: str) -> list[Block]:
    """Return the paragraphs of a Markdown text without its markup, with headings marked.

    Each list item, quotation and table row is a paragraph.
    """
    blocks: list[Block] = []
    cells: list[str] = []
    in_heading = in_row = False
    for token in _parser().parse(text):
        if token.type in ("heading_open", "heading_close"):
            in_heading = token.nesting == 1
        elif token.type == "tr_open":
            in_row, cells = True, []
        elif token.type == "tr_close":
            in_row = False
            row = " · ".join(cell for cell in cells if cell)
            if row:
                blocks.append(Block("body", row))
        elif token.type == "inline":
            plain = _plain(token)
            if in_row:
                cells.append(plain)
            elif in_heading and plain:
                blocks.append(Block("heading", plain))
            else:
                blocks.extend(Block("body", piece) for piece in split_glued(plain))
        elif token.type == "fence":
            blocks.extend(Block("body", piece) for piece in split_paragraphs(token.content))
    return blocks


def _plain(token: Token) -> str:
    pieces = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            pieces.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif child.type == "image":
            pieces.append(child.content)
    return _FOOTNOTE.sub("", "".join(pieces)).strip()
