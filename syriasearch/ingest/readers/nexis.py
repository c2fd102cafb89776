"""Exports of Nexis as text or HTML: many documents, each with its place among them above it.

A document has a source, a date and a title, each in a block of its own, then fields with a label
in capitals (`BYLINE:`), the text, and more fields with labels. Both forms write it so; a text has
blank lines between the blocks, and broken lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, takewhile
from typing import Any, NamedTuple

from ...text.patterns import regex
from .base import Document, Problem, free_anchor, record_hash
from .press_dates import YEAR, is_date, readable_date
from .press_fields import BLANK_LINE, label_key, labels, one_line, paragraphs, without_text
from .press_html import blocks_of, parts

_OF = r"(?:of|von|de|di|van|sur|av|af|z)"
_PLACE = (
    rf"(?:\d{{1,6}} {_OF} \d{{1,6}} do[ck]ument[^\W\d_]{{0,6}}"
    rf"|do[ck]ument[^\W\d_]{{0,3}} \d{{1,6}} (?!of){_OF} \d{{1,6}})"
)
_START = regex(rf"^[ \t]*{_PLACE}[ \t]*$", re.MULTILINE | re.IGNORECASE)
_IS_PLACE = regex(rf"{_PLACE}|Return to List", re.IGNORECASE)
_HTML_START = regex(r"<a\s+name=[\"']?DOC_ID_\d", re.IGNORECASE)
_COUNT = regex(r"<meta\b[^<>]{0,100}\sdocuments=[\"']?\d", re.IGNORECASE)
_HTML_PLACE = regex(rf"<[a-z]{{1,6}}[^<>]{{0,100}}>\s{{0,9}}{_PLACE}\s{{0,9}}<", re.IGNORECASE)
"""The place of a document, where a page has no anchors."""
_HTML_END = regex(r"<!--[^<>]{0,80}</DOCFULL>")
_LABEL = regex(r"([A-ZÀ-Þ]{2,20}(?:-[A-ZÀ-Þ]{2,20}){0,2}(?:\(EN\))?)[ \xa0]?:\s*")
_COPYRIGHT = regex(
    r"(?:Copyright|©|\(c\))\s*(?:©\s*|\(c\)\s*)?\d{4}|Copy \d{4}|All Rights Reserved"
    r"|Tous Droits R[ée]serv[ée]s|Alle Rechte vorbehalten",
    re.IGNORECASE,
)
_BELOW = ("end", "language", "subject")
"""Fields that are below the text."""
_HEAD = 6
"""The number of blocks among which are the source and the date."""
_LONGEST_HEAD = 4000
"""The number of characters after the place of a document among which is its first field."""
_TRIED = 3
"""The number of places that are looked at."""


class _Block(NamedTuple):
    text: str
    label: str = ""
    """The label it begins with."""

    @property
    def value(self) -> str:
        return one_line(self.text[len(self.label) :].lstrip(" \xa0").removeprefix(":"))

    @property
    def field(self) -> str | None:
        """The field of a label that is known."""
        return labels("nexis").get(label_key(self.label)) if self.label else None

    @property
    def is_copyright(self) -> bool:
        return _COPYRIGHT.match(self.text) is not None


def is_text(text: str) -> bool:
    """Return whether a text begins like a download: with the request, and an article.

    A text about documents may number them, too, without a date and fields below the number.
    """
    starts = islice(_START.finditer(text), _TRIED)
    return any(_is_document(text[start.end() : start.end() + _LONGEST_HEAD]) for start in starts)


def _is_document(part: str) -> bool:
    blocks = [_labelled(block) for block in map(str.strip, BLANK_LINE.split(part)) if block]
    return any(block.field for block in blocks) or any(
        is_date(line) for block in blocks[:_HEAD] for line in block.text.split("\n")
    )


def is_html(page: str) -> bool:
    """Return whether a page has the anchors of documents, or says how many there are."""
    if "DOC_ID_" in page and _HTML_START.search(page):
        return True
    if "DOCUMENTS" not in page:
        return False
    return _COUNT.search(page[:50_000]) is not None and _HTML_PLACE.search(page) is not None


def read_text(text: str) -> Iterator[Document | Problem]:
    """Yield the articles of a text."""
    anchors: dict[str, int] = {}
    for number, part in enumerate(_START.split(text)[1:], start=1):
        blocks = [block.strip() for block in BLANK_LINE.split(part)]
        yield _article([_labelled(block) for block in blocks if block], number, anchors)


def read_html(page: str) -> Iterator[Document | Problem]:
    """Yield the articles of a page."""
    anchors: dict[str, int] = {}
    start = _HTML_START if _HTML_START.search(page) else _HTML_PLACE
    for number, (part, _) in enumerate(parts(page, start), start=1):
        end = _HTML_END.search(part)
        blocks = list(_blocks_of_html(part[: end.start()] if end else part))
        yield _article(blocks, number, anchors)


def _blocks_of_html(part: str) -> Iterator[_Block]:
    division: Any = None
    for row, blocks in groupby(blocks_of(part), key=lambda block: block.around("tr")):
        if row is not None:
            yield _Block(" · ".join(block.line for block in blocks))
            continue
        for text, element in blocks:
            # Of a division only the first paragraph has a label.
            around = element.getparent() if element.tag == "p" else element
            is_first = around is not division or around.tag != "div"
            division = around
            if not _IS_PLACE.fullmatch(text):
                yield _labelled(text) if is_first else _Block(text)


def _labelled(text: str) -> _Block:
    label = _LABEL.match(text)
    return _Block(text, label[1] if label else "")


def _article(blocks: Sequence[_Block], number: int, anchors: dict[str, int]) -> Document | Problem:
    source, date, titles, rest = _head(blocks)
    headline, rest = _with_headline(rest)
    start = _first_of_text(rest)
    end = _end_of_text(rest, start)
    before, body, after = rest[:start], rest[start:end], rest[end:]
    titles += [block.text for block in before if not block.label]
    title = headline or one_line(" ".join(titles))
    # Its place among the documents is another in the next download.
    known_by = "\n".join((title, source, date))
    anchor = free_anchor(record_hash(known_by.encode())[:16], anchors)
    if not body:
        return without_text(number, anchor)
    fields: dict[str, str] = {}
    for block in (*before, *after):
        if block.field:
            fields.setdefault(block.field, block.value)
    return Document(
        paragraphs([fields.get("summary", ""), *(block.text for block in body)]),
        title=title or None,
        author=fields.get("author") or None,
        source=source or None,
        date=readable_date(date) if date else None,
        lang=fields.get("language", "").split(";")[0].strip() or None,
        anchor=anchor,
    )


def _head(blocks: Sequence[_Block]) -> tuple[str, str, list[str], Sequence[_Block]]:
    """Return the source, the date, the titles above the date, and the blocks below it."""
    above: list[list[str]] = []
    copyrights = [at for at, block in enumerate(blocks[:_HEAD]) if block.is_copyright]
    owned = copyrights[-1] if copyrights[:1] == [0] else 0
    for is_day in (is_date, YEAR.search):
        above.clear()
        for at, block in enumerate(blocks[:_HEAD]):
            if block.label:
                break
            lines = [line.strip() for line in block.text.split("\n")]
            if at < owned or all(map(_COPYRIGHT.match, (lines[0], lines[-1]))):
                continue  # what is between them is of the owner, too
            lines = [line for line in lines if line and not _COPYRIGHT.match(line)]
            # Of several lines, the others are the edition.
            if day := next(filter(is_day, lines), None):
                source = one_line(" ".join(above[0])) if above else ""
                titles = [" ".join(lines) for lines in above[1:]]
                return source, day, titles, blocks[at + 1 :]
            above += [lines] if lines else []
    return "", "", [], blocks


def _with_headline(blocks: Sequence[_Block]) -> tuple[str, Sequence[_Block]]:
    """Return the title of a document whose title and text have labels, and its other blocks."""
    at = next((at for at, block in enumerate(blocks) if block.field == "title"), None)
    text = next((at for at, block in enumerate(blocks) if block.field == "text"), None)
    if at is None:
        return "", blocks
    if text is None or text < at:
        return blocks[at].value, blocks
    # In a document of an office program, each line of a title is a paragraph.
    lines = [blocks[at].value]
    for block in takewhile(lambda block: not block.label, blocks[at + 1 : text]):
        lines.append(block.value)
    first = blocks[text].value
    body = [_Block(first)] if first else []
    fields = [block for block in blocks[:text] if block.label]
    return " ".join(lines), [*fields, *body, *blocks[text + 1 :]]


def _first_of_text(blocks: Sequence[_Block]) -> int:
    """Return the index of the first block after the title and the fields that follow it.

    A text may begin with a word in capitals and a colon, as a label does (`BEIRUT:`), so that only
    labels that are known, and others above them, are fields.
    """
    first = next((at for at, block in enumerate(blocks) if block.field), len(blocks))
    if first == len(blocks) or blocks[first].field in _BELOW:
        return min(first, 1)
    stop = next(
        (
            at
            for at in range(first, len(blocks))
            if not blocks[at].label or blocks[at].field in _BELOW
        ),
        len(blocks),
    )
    while stop > first and not blocks[stop - 1].field:
        stop -= 1
    return stop


def _end_of_text(blocks: Sequence[_Block], start: int) -> int:
    """Return the index of the first block of the fields that follow the text."""
    last = len(blocks)
    while last > start and (blocks[last - 1].label or blocks[last - 1].is_copyright):
        last -= 1
    while last < len(blocks) and not (blocks[last].field or blocks[last].is_copyright):
        last += 1
    ends = (at for at in range(start, last) if blocks[at].field in ("end", "language"))
    return next(ends, last)
