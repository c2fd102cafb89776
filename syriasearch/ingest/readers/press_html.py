"""HTML that press databases export: the parts with an article each, and their blocks of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from ...text.patterns import regex

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td text th"
    " thead title tr ul".split()
)
_UNSEEN = frozenset("script style noscript template title iframe object select button svg".split())
_WHOLE = regex(r"</?(?:html|head|body)\b[^<>]{0,1000}>", re.IGNORECASE)
"""Tags of a whole page, which a text that is embedded may close too early."""
_SPACE = regex(r"[\s\xa0\u200b]+")
_AROUND_BREAK = regex(r" ?\n ?")
MAX_DEPTH = 200
"""The maximum number of elements around a block that `Block.around` looks at."""


class Block(NamedTuple):
    """A piece of text between two tags that end a line; a line break in it is `\\n`."""

    text: str
    element: Any
    """The innermost element around it that ends a line."""

    @property
    def line(self) -> str:
        """The text on one line."""
        return " ".join(self.text.split())

    @property
    def name(self) -> str:
        """The classes of the element."""
        return str(self.element.get("class") or "")

    def around(self, tag: str) -> Any:
        """Return the innermost element around it with a given tag, None if there is none."""
        element = self.element
        for _ in range(MAX_DEPTH):
            if element is None or element.tag == tag:
                return element
            element = element.getparent()
        return None


def parts(page: str, start: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts of a page that begin with a pattern, each with the text before it.

    Each part is parsed by itself, so that one that is damaged does not swallow the next.
    """
    before = 0
    starts = [found.start() for found in start.finditer(page)]
    for begin, end in pairwise([*starts, len(page)]):
        yield page[begin:end], page[max(before, begin - 500) : begin]
        before = begin


def blocks_of(part: str, marked: frozenset[str] = frozenset()) -> list[Block]:
    """Return the blocks of a piece of HTML; elements with a `marked` class are blocks too."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    part = _WHOLE.sub("", part.replace("\0", ""))
    try:
        tree = html.document_fromstring(part.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return []
    blocks: list[Block] = []
    pieces: list[str] = []
    around = [tree]

    def flush() -> None:
        text = _AROUND_BREAK.sub("\n", "".join(pieces)).strip()
        pieces.clear()
        if text:
            blocks.append(Block(text, around[-1]))

    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is around[-1] and len(around) > 1:
                flush()
                around.pop()
            pieces.append(_plain(element.tail, around[-1]))
        elif element.tag in _UNSEEN:
            walk.skip_subtree()
        elif element.tag == "br":
            pieces.append("\n")
        else:
            if element.tag in _BLOCKS or not marked.isdisjoint(
                (element.get("class") or "").split()
            ):
                flush()
                around.append(element)
            pieces.append(_plain(element.text, element))
    flush()
    return blocks


def _plain(text: str | None, element: Any) -> str:
    """Return text with its spaces collapsed, but for the line ends of preformatted text."""
    if not text:
        return ""
    lines = text.split("\n") if element.tag == "pre" else [text]
    return "\n".join(_SPACE.sub(" ", line) for line in lines)
