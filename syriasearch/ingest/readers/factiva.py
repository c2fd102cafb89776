"""Articles that Factiva exports as HTML, as XML, or as the text of an RTF file.

With indexing, the fields of an article have codes of two or three letters: HD for the headline, LP
and TD for the text, AN for the accession number. Without, they follow each other in a fixed order:
section, headline, author, number of words, date, source, code of the source, edition, page,
language, copyright. Both end with the accession number.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ...text.language import language_code
from ...text.patterns import regex
from .base import Document, Problem, free_anchor
from .press_dates import is_date, readable_date
from .press_fields import BLANK_LINE, one_line, paragraphs, without_text
from .press_html import Block, blocks_of, parts
from .xml_records import read_elements

CODES = frozenset(
    "AN ART BY CLM CO CR CT CX CY DLN ED ET GC HD IN IPC IPD LA LP NGC NS PD PG PUB RE RF RST SC SE"
    " SN TD VOL WC".split()
)
"""The codes of fields."""
_ABOVE = frozenset("CLM SE HD BY CR WC PD ET SN SC NGC GC ED PG VOL LA CY".split())
"""Those above the text."""
_FIRST = frozenset("CLM SE HD".split())
"""Those that an article may begin with."""
_TEXT = ("LP", "TD")
_ID = r"[A-Za-z][A-Za-z0-9]{7,9}(?:19|20)\d{6}[a-z0-9]{8,10}"
_ID_LINE = regex(rf"[^\W\d_]{{1,20}}\s?({_ID})\s*")
"""The line at the end of an article: `Document` in the language of the user, and the number."""
_IN_HTML = regex(r"<div\b[^<>]{0,200}\bclass=[\"']?article [a-z]{2,4}Article\b")
_OUTER_ID = regex(rf"\bid=[\"']?article-({_ID})")
_LANGUAGE = regex(r"\barticle ([a-z]{2})[a-z]{0,2}Article\b")
_CODED = regex(
    rf"[ \t\xa0|]*(?P<code>{'|'.join(sorted(CODES, key=len, reverse=True))})(?P<sign>[ \t\xa0|]+|$)"
)
_CODED_HEAD = regex(r"^[ \t\xa0|]*HD(?:[ \t\xa0|]|$)", re.MULTILINE)
_CODED_TEXT = regex(r"^[ \t\xa0|]*(?:LP|TD|PD|WC|SN|AN)(?:[ \t\xa0|]|$)", re.MULTILINE)
_ID_ALONE = regex(rf"^[^\W\d_]{{1,20}}\s?{_ID}[ \t]*$", re.MULTILINE)
_WORDS = regex(r"\d[\d.,\s\xa0]{0,12}[^\W\d_]{1,12}\.?")
"""The number of words or characters, in the language of the user."""
_TIME = regex(r"\d{1,2}[:.h]\d\d(?:\s?[AP]M)?(?:\s\w{2,5})?", re.IGNORECASE)
_SENTENCE_END = regex(r"[.!?…][\"'”»)]?$")
_COMPANY = regex(r"\b(?:Inc|Ltd|Co|Corp|LLC|PLC|GmbH|AG|SA|S\.A|S\.p\.A|Company|Limited)\.$", re.I)
_BETWEEN = regex(r"[^©\n]{0,40}©\s?\d{4}\s?Factiva, Inc\..{0,60}|\f")
"""The head of a page, and its end."""
_LISTED = regex(r"\.{4}\s?\d{1,4}$")
"""The end of a line of a table of contents."""
_COPYRIGHT = regex(r"(?:\(c\)|©|copyright|\(copyright)", re.IGNORECASE)
_MAX_HEAD = 400
"""The number of lines among which are the fields above the text, below a table of contents."""
_MAX_TITLES = 5
"""The maximum number of lines above the date."""
_MAX_BELOW = 8
"""The maximum number of lines below the date."""
_WRAPPED = 100
"""The maximum number of characters of the lines of a text whose paragraphs are broken."""
_LONGEST_DATE = 60
_MAX_PUBLISHER = 100
"""Maximum number of characters of a publisher's name below the text."""


class _Fields(NamedTuple):
    """The fields of an article, before they are checked."""

    text: Sequence[str]
    title: str = ""
    author: str = ""
    source: str = ""
    date: str = ""
    lang: str = ""
    id: str = ""


class _Articles:
    """Makes documents of the articles of a file, with anchors of their own."""

    def __init__(self) -> None:
        self._anchors: dict[str, int] = {}
        self.number = 0

    def document(self, fields: _Fields) -> Document | Problem:
        self.number += 1
        anchor = free_anchor(fields.id or str(self.number), self._anchors)
        text = paragraphs(fields.text)
        if not text:
            return without_text(self.number, anchor)
        return Document(
            text,
            title=one_line(fields.title) or None,
            author=one_line(fields.author) or None,
            source=one_line(fields.source) or None,
            date=readable_date(one_line(fields.date)) or None,
            lang=one_line(fields.lang) or None,
            anchor=anchor,
            positional=not fields.id,
        )


def is_text(text: str) -> bool:
    """Return whether a text has the fields of an article with their codes, or a number's line."""
    if _CODED_HEAD.search(text) and len(set(_CODED_TEXT.findall(text))) >= 2:
        return True
    return _ID_ALONE.search(text) is not None


def is_html(page: str) -> bool:
    """Return whether a page has elements of articles."""
    return re.search(r"class=[\"']?article [a-z]{2,4}Article\b", page) is not None


def is_xml(text: str) -> bool:
    """Return whether a text is a response of Factiva's server."""
    return text.lstrip().startswith("<") and "<ppsarticle" in text[:20_000].lower()


def read_text(text: str) -> Iterator[Document | Problem]:
    """Yield the articles of a text, by their accession numbers."""
    articles = _Articles()
    lines = text.replace("\f", "\n\f\n").split("\n")
    if _CODED_HEAD.search(text):
        for coded in _coded_articles(lines):
            yield articles.document(_of_codes(coded))
    else:
        for listed in _listed_articles(lines):
            yield articles.document(_of_lines(listed))


def read_html(page: str) -> Iterator[Document | Problem]:
    """Yield the articles of a page, by their accession numbers."""
    articles = _Articles()
    for part, before in parts(page, _IN_HTML):
        tag = part[: part.find(">")]
        language = _LANGUAGE.search(tag)
        outer = _OUTER_ID.findall(before)
        blocks = blocks_of(part)
        rows = _rows(blocks)
        found = _of_codes(rows) if "HD" in rows else _of_blocks(blocks)
        yield articles.document(
            found._replace(
                lang=language[1] if language else found.lang,
                id=found.id or (outer[-1] if outer else ""),
            )
        )


def read_xml(data: bytes) -> Iterator[Document | Problem]:
    """Yield the articles of a response, by their accession numbers."""
    articles = _Articles()
    for item in read_elements(io.BytesIO(data), "article"):
        yield item if isinstance(item, Problem) else articles.document(_of_xml(item.element))
    if not articles.number:
        yield Problem("is an export of Factiva without articles: leave it out", lost=False)


def _of_xml(article: Any) -> _Fields:
    def texts(*names: str) -> list[str]:
        found = (element for name in names for element in article.iter("{*}" + name))
        return ["".join(element.itertext()) for element in found]

    def paragraphs_of(name: str) -> list[str]:
        return [
            "".join(paragraph.itertext())
            for element in article.iter("{*}" + name)
            for paragraph in (list(element.iter("{*}paragraph")) or [element])
        ]

    dates = texts("date", "dateTime") if article.find("{*}publicationDate") is not None else []
    return _Fields(
        [*paragraphs_of("leadParagraph"), *paragraphs_of("tailParagraphs")],
        title=" ".join(paragraphs_of("headline")),
        author=" ".join(texts("byline")),
        source=next(iter(texts("sourceName")), ""),
        date=next(iter(dates), ""),
        lang=next(iter(texts("baseLanguage")), ""),
        id=one_line(next(iter(texts("accessionNo")), "")),
    )


def _rows(blocks: Sequence[Block]) -> dict[str, list[str]]:
    """Return the texts of each code in a table of codes and values."""
    rows: dict[str, list[str]] = {}
    current: list[str] = []
    for block in blocks:
        cell = block.around("td")
        if cell is None:
            continue
        if block.text in CODES and block.text not in rows and cell.getprevious() is None:
            current = rows[block.text] = []
        else:
            current.append(block.text)
    return rows


def _of_codes(rows: dict[str, list[str]]) -> _Fields:
    values = {code: " ".join(texts) for code, texts in rows.items()}
    number = re.search(_ID, values.get("AN", ""))
    return _Fields(
        [text for code in (*_TEXT, "ART") for text in _unbroken(rows.get(code, ()))],
        title=values.get("HD", ""),
        author=values.get("BY", ""),
        source=values.get("SN", ""),
        date=values.get("PD", ""),
        lang=values.get("LA", ""),
        id=number[0] if number else "",
    )


def _unbroken(lines: Sequence[str]) -> Sequence[str]:
    """Return paragraphs: the lines, or if blank lines part them and lines are short, these."""
    text = "\n".join(lines).strip()
    is_broken = "\n\n" in text and max(map(len, lines)) <= _WRAPPED
    return BLANK_LINE.split(text) if is_broken else lines


def _of_blocks(blocks: Sequence[Block]) -> _Fields:
    """Return the fields of an article without codes, whose paragraphs have a class."""
    texts = [at for at, block in enumerate(blocks) if block.name.startswith("articleP")]
    start, stop = (texts[0], texts[-1] + 1) if texts else (len(blocks), len(blocks))
    above = blocks[:start]
    head = _of_head([block.line for block in above if not _is_headline(block)])
    headlines = [block.text for block in above if _is_headline(block)]
    authors = [block.text for block in above if block.name == "author"]
    # In preformatted text, blank lines part the paragraphs.
    body = [line for block in blocks[start:stop] for line in BLANK_LINE.split(block.text)]
    below, number = _without_end([block.line for block in blocks[stop:]])
    return head._replace(
        text=[*body, *below],
        title=" ".join(headlines) or head.title,
        author=" ".join(authors),
        id=number,
    )


def _is_headline(block: Block) -> bool:
    spans = block.element.iterchildren("span", "b")
    return block.element.get("id") == "hd" or any(
        (span.get("class") or "").split(" ")[0].endswith("Headline") for span in spans
    )


def _of_lines(lines: Sequence[str]) -> _Fields:
    """Return the fields of an article without codes in a text."""
    head = _of_head(lines[:_MAX_HEAD])
    below, number = _without_end(lines[len(head.text) :])
    return head._replace(text=below, id=number)


def _counted(lines: Sequence[str]) -> int | None:
    """Return the index of the line with the number of words, which is above the date."""
    pairs = enumerate(pairwise(lines))
    return next((at for at, (a, b) in pairs if _WORDS.fullmatch(a) and _is_day(b)), None)


def _is_day(line: str) -> bool:
    return len(line) <= _LONGEST_DATE and is_date(line)


def _of_head(lines: Sequence[str]) -> _Fields:
    """Return the fields that follow each other above the text; `text` is those lines themselves."""
    count = _counted(lines)
    at = next(filter(lambda at: _is_day(lines[at]), range(len(lines))), None)
    at = at if count is None else count + 1
    if at is None:
        return _Fields((), title=lines[0] if lines else "")
    titles = lines[max(0, at - _MAX_TITLES) : at - (count is not None)]
    titles = [line for line in titles if not _LISTED.search(line)]
    title = max(range(len(titles)), key=lambda number: len(titles[number]), default=0)
    rest = at + 1
    rest += rest < len(lines) and _TIME.fullmatch(lines[rest]) is not None
    below = range(rest + 1, min(rest + _MAX_BELOW, len(lines)))
    stop = next((number for number in below if _COPYRIGHT.match(lines[number])), rest + 1)
    language = language_code(lines[stop - 1]) if stop > rest + 1 else None
    return _Fields(
        lines[: stop + 1],
        title=titles[title] if titles else "",
        author=titles[title + 1] if title + 1 < len(titles) else "",
        source=lines[rest] if rest < len(lines) else "",
        date=lines[at],
        lang=language if language and len(language) <= 3 else "",
    )


def _without_end(lines: Sequence[str]) -> tuple[Sequence[str], str]:
    """Return the lines without the accession number and the publisher above it, and the number."""
    found = enumerate(map(_ID_LINE.fullmatch, lines))
    at, number = next(((at, number) for at, number in found if number), (0, None))
    if number is None:
        return lines, ""
    lines = lines[:at]
    last = lines[-1] if lines else ""
    is_name = not _SENTENCE_END.search(last) or _COMPANY.search(last)
    return lines[:-1] if len(last) <= _MAX_PUBLISHER and is_name else lines, number[1]


def _coded_articles(lines: Sequence[str]) -> Iterator[dict[str, list[str]]]:
    """Yield the lines of each code of each article in a text."""
    # The codes of a text are followed by the same sign: a tab, spaces, a line's end; in some texts
    # all but the first.
    matches = (found for line in lines if (found := _CODED.match(line)))
    is_weak = next((m["sign"] == " " for m in matches if m["code"] not in _FIRST), True)
    rows: dict[str, list[str]] = {}
    current: list[str] = []
    code = ""
    for line in lines:
        found = _CODED.match(line)
        if found and _begins_field(found, code, is_weak=is_weak, line=line):
            new = found["code"]
            is_next = new in rows or (new in _ABOVE and not rows.keys().isdisjoint(_TEXT))
            if rows.keys() & {"HD", *_TEXT} and new in _FIRST and is_next:
                yield rows
                rows = {}
            code = new
            current = rows.setdefault(code, [])
            line = line[found.end() :]
        elif line.strip() == "\f":
            if rows.keys() & {*_TEXT, "AN"}:
                yield rows
                rows = {}
            code, current, line = "", [], ""
        current.append(line.strip(" \t\xa0|"))
    if rows:
        yield rows


def _begins_field(found: re.Match[str], code: str, *, is_weak: bool, line: str) -> bool:
    """Return whether a line begins the next field, rather than being one of the text."""
    new, sign = found["code"], found["sign"]
    if not is_weak and sign == " " and (new not in _FIRST or code in _TEXT):
        return False
    if code in _TEXT:
        if new in _ABOVE and new not in _FIRST:
            return False
        # A line of the text may be in capitals: `IN THE NORTH`.
        return not (is_weak and sign == " " and line.isupper() and len(line.split()) > 2)
    return True


def _listed_articles(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of each article, the last of which is that with its accession number."""
    article: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        if not _BETWEEN.fullmatch(line):
            article.append(line)
        if _ID_LINE.fullmatch(line):
            yield article
            article = []
    if _counted(article) is not None:
        yield article
