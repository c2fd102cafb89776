"""Documents that Europresse (Eureka) exports as HTML, in its older and its newer form.

Both name the source and the line with the date in the same classes. In the newer form, each
document is an `article`; in the older one, all are in tables, and the text has no class of its own.
The certificate below a document bears the day of the export.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...text.authors import is_body
from ...text.dates import parse_day
from ...text.patterns import regex
from .base import Document, Problem, free_anchor
from .press_dates import is_date, readable_date
from .press_fields import one_line, paragraphs, without_text
from .press_html import Block, blocks_of, parts

_PUBLICATION = "DocPublicationName"
_START = regex(r"<article\b")
_OLD_START = regex(rf"<span\b[^<>]{{0,80}}\bclass=[\"']?{_PUBLICATION}\b")
_MARKED = frozenset((_PUBLICATION, "DocHeader", "TitreArticleVisu"))
_NUMBER = regex(r"\b((?:news|reports?|social|web|tv)\s?·\s?\d{8}\s?·[^\s<>]{3,80})")
"""The number of a document: the kind of source, a day, and the source's code with an id."""
_END = regex(
    r"(?:Copyright|©)\s*(?:©\s*)?(?:\(c\)\s*)?\d{4}|Num[ée]ro de document\s?:|Document number\s?:"
    r"|Nummer des Dokuments\s?:|N[úu]mero de documento\s?:|news\s?·\s?\d{8}",
    re.IGNORECASE,
)
_ISSUE = regex(r",\s+(?:no|n[o°º]|nr|num|vol)\b\.?.*", re.IGNORECASE)
_TITLES = regex(r"titreArticleVisu|rdp__articletitle|grandTitre", re.IGNORECASE)
_AUTHORS = regex(r"\bdocAuthors\b")
_OTHER_AUTHORS = regex(r"\bsm-margin-bottomNews\b")
_PUBLISHED = regex(rf"{_PUBLICATION}|DocHeader")
_SUBTITLE = regex(r"\brdp__subtitle\b")
_NO_TEXT = regex(r"\b(?:apd-\w|publiC|rdp__public|txtCertificat)")
_BYLINE_WORDS = 8
"""The maximum number of words of a line between title and text that is a byline."""


def is_html(page: str) -> bool:
    """Return whether a page has the classes of an export."""
    return _PUBLICATION in page and "itreArticle" in page


def read_html(page: str) -> Iterator[Document | Problem]:
    """Yield the articles of a page, by the numbers of their documents."""
    anchors: dict[str, int] = {}
    number = 0
    start = _START if _START.search(page) else _OLD_START
    for part, _ in parts(page, start):
        if _PUBLICATION in part:
            number += 1
            yield _article(blocks_of(part, _MARKED), part, number, anchors)


def _article(
    blocks: Sequence[Block], part: str, number: int, anchors: dict[str, int]
) -> Document | Problem:
    found = _NUMBER.search(" ".join(block.line for block in blocks))
    own_id = found[1].replace(" ", "") if found else ""
    anchor = free_anchor(own_id or str(number), anchors)
    is_new = part.startswith("<article")
    title, author, body = _of_new(blocks) if is_new else _of_old(blocks)
    text = paragraphs(block.text for block in body)
    if not text:
        return without_text(number, anchor)
    header = " ".join(block.line for block in blocks if "DocHeader" in block.name)
    return Document(
        text,
        title=title or None,
        author=author or None,
        source=_source(blocks) or None,
        date=_date(header),
        anchor=anchor,
        positional=not own_id,
    )


def _source(blocks: Sequence[Block]) -> str:
    """Return the name of the publication, without the number of its issue."""
    named = (block.text.split("\n")[0] for block in blocks if _PUBLICATION in block.name)
    return _ISSUE.sub("", one_line(next(named, "")))


def _date(header: str) -> str | None:
    """Return the date in a line with the section, the weekday, the date and the page."""
    # The section may hold one too; the date is after it, and written with commas in English.
    pieces = [*reversed(header.split(",")), header]
    day = next(filter(is_date, map(str.strip, pieces)), None)
    return None if day is None else readable_date(day)


def _of_new(blocks: Sequence[Block]) -> tuple[str, str, Sequence[Block]]:
    """Return the title, the author and the text of an `article`."""
    head = [block for block in blocks if block.around("header") is not None]
    at = [number for number, block in enumerate(head) if _TITLES.search(block.name)]
    title = " ".join(head[number].line for number in at)
    below = head[at[-1] + 1 :] if at else []
    named = [block.line for block in head if _AUTHORS.search(block.name)]
    named = named or [block.line for block in head if _OTHER_AUTHORS.search(block.name)][-1:]
    named = (
        named
        or [
            block.line for block in below if _is_byline(block) and not _SUBTITLE.search(block.name)
        ][:1]
    )
    lead = [
        block for block in below if block.line not in named and not _PUBLISHED.search(block.name)
    ]
    body = [
        block
        for block in blocks
        if all(block.around(tag) is None for tag in ("header", "aside", "footer"))
        and not _NO_TEXT.search(block.name)
    ]
    return title, "; ".join(named), [*lead, *_above_end(body)]


def _of_old(blocks: Sequence[Block]) -> tuple[str, str, Sequence[Block]]:
    """Return the title, the author and the text of a document in a table."""
    at = next((at for at, block in enumerate(blocks) if _TITLES.search(block.name)), None)
    if at is None:
        return "", "", []
    body = _above_end(blocks[at + 1 :])
    has_byline = len(body) > 1 and _is_byline(body[0])
    return blocks[at].line, body[0].line if has_byline else "", body[has_byline:]


def _is_byline(block: Block) -> bool:
    line = block.line
    words = line.split()
    is_short = 0 < len(words) <= _BYLINE_WORDS and not line.endswith((".", "!", "?", ":"))
    return is_short and (words[0][:1].isupper() or is_body(line)) and parse_day(line) is None


def _above_end(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks above the notice of copyright, the number and the certificate."""
    ends = (at for at, block in enumerate(blocks) if _END.match(block.text))
    return blocks[: next(ends, len(blocks))]
