"""Structure of plain text: paragraphs, and the metadata in the text itself.

Scraped articles are often nothing but text. This module splits it into paragraphs and finds the
metadata it contains: a title line, a byline, a date, a photo caption, the news agency. Whatever
cannot be determined stays None. The text of a paragraph stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ...text.dates import parse_day
from ...text.patterns import regex
from ...text.sentences import BLANK_LINE, sentences
from ...text.tokenize import terms
from ...text.word_lists import read_word_lists
from .bylines import is_notice, match_byline
from .date_lines import (
    HEAD_LINES,
    LINE_LENGTH,
    date_at_start,
    date_of_dateline,
    find_date_lines,
    head_lines,
)

TITLE_LENGTH = 110
"""The maximum length of a title made from the lede, which is cut at a word, in characters."""

_AGENCIES_LINE = regex(r"[(\[—–-]*\s*(?:with agencies|agencies|وكالات)\s*[)\]]?\.?", re.I)
_PLACE_AND_DAY = regex(
    r"[A-ZÀ-Þ][A-ZÀ-Þ.,/ '’-]{2,40},?\s*(?:[A-Z][a-z]+\.? \d{1,2}(?:, \d{4})?\s*)?"
    r"(?:\([^)]{2,20}\)\s*)?[-–—]+\s*(?=\S)"
)
_PHOTO_CREDIT = regex(
    r"(?:\b(?:REUTERS|AFP|AP|EPA|EFE|Getty Images|Anadolu(?: Agency)?|Xinhua|SANA)\s?/\s?\S.{0,60}"
    r"|\((?:Photo|Image|Picture|Credit)[^)]{0,80}\)"
    r"|\b(?:Photo|Photograph|Image|Picture|Credit)s?(?:\s+(?:by|credit|courtesy))?\s?:\s?\S.{0,60}"
    r"|\b(?:AP|AFP|Reuters|EPA) (?:Photo|photo|Images?)\b.{0,60})\s*$"
)
_CREDITED = ("/", "hoto", "Image", "Picture", "Credit")
"""Every photo credit contains one of these."""
_PHOTO_LEAD = regex(r"(?:FILE PHOTO|FILE|Photo|Image|Caption|صورة|الصورة)\s?[:–—-]\s?\S")

# A full stop without a space after it, between the last word of a sentence and the first of the
# next: after at least three letters or a closing quotation mark, before a capital and a small
# letter, and on neither side part of a web address or a file name.
_GLUE = regex(
    r"(?<![\w@./:-])(?P<last>[^\W\d_]{3,}[”\"’)]?|[^\W\d_’]*[a-zà-ÿ][”\")])[.!?؟](?P<quote>[”\"’)]?)"
    r"(?=[“\"‘(]?[A-ZÀ-Þ][a-zà-ÿ’']|[“\"]?[A-ZÀ-Þ][a-z]?[ -][a-zA-Z]|[ء-ي]{2})"
)
_MAY_BE_GLUE = regex(r"[.!?؟][”\"’)]?(?:[“\"‘(]?[A-ZÀ-Þ]|[ء-ي])")
"""A condition that every match of _GLUE meets, checked in a tenth of the time."""
_ADDRESS_TAIL = regex(r"(?:com|org|net|gov|edu|info|html?|php|js|py|txt|pdf|[a-z]{2})\b", re.I)
_FINAL = tuple('.!?؟…”"»')
_CONTROL = regex(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = regex("[\ud800-\udfff]")
_MOST_MARKS = 30
"""The maximum number of combining marks on a letter: sorting n of them takes n² steps."""
_SIGNS = regex(rf"[^\w\s!-~]{{{_MOST_MARKS + 1},}}")
"""Signs in a row, of which all may be combining marks."""


class _Wires(NamedTuple):
    """News agencies, and where a text names one: as the group `wire` or `dashed_wire`."""

    names: dict[str, str]
    """The name of each agency, by its names in articles."""
    credit_line: re.Pattern[str]
    dateline: re.Pattern[str]

    def named_in(self, match: re.Match[str] | None) -> str | None:
        """Return the name of the agency in a match."""
        groups = match.groupdict() if match else {}
        wire = groups.get("wire") or groups.get("dashed_wire")
        return self.names[wire.lower()] if wire else None


@lru_cache(maxsize=1)
def _wires() -> _Wires:
    agencies = read_word_lists(Path(__file__).parent / "data" / "wires.txt")
    names = {name: agency for agency, others in agencies.items() for name in others}
    wire = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    credit_line = (
        r"[(\[—–-]*\s*(?:(?:with|source|additional reporting by|via)\s*:?\s*)?(?:the )?"
        rf"(?P<wire>{wire})(?:(?:,| and|/| &)\s*(?:{wire}))?\s*[)\]]?\.?"
    )
    dateline = (
        r"[^\W\d_][^\W\d_ ,/.’'-]*(?:[ ,/-]+[^\W\d_.’'-]+){0,4},?\s*"
        r"(?:\w+\.? \d{1,2}(?:, \d{4})?\s*)?"
        rf"(?:\((?P<wire>{wire})\)\s*[-–—]|[-–—]+(?=(?P<dashed_wire>{wire})))"
    )
    return _Wires(
        names, re.compile(credit_line, re.IGNORECASE), re.compile(dateline, re.IGNORECASE)
    )


@dataclass(frozen=True)
class Block:
    """A paragraph before it is stored."""

    kind: str
    text: str


@dataclass(frozen=True)
class ParsedText:
    """The paragraphs of an article, and the metadata found in its text."""

    title: str | None = None
    author: str | None = None
    source: str | None = None
    published: date | None = None
    written_date: str | None = None
    """The date of publication as it is written, if that does not name a single day."""
    blocks: tuple[Block, ...] = field(default=())


def clean(text: str) -> str:
    """Return a text without invisible characters: controls, byte order marks, carriage returns.

    Lone surrogates, which SQLite cannot store, become U+FFFD; letters are composed (NFC), and keep
    at most 30 combining marks.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\x85", "\n")
    text = _CONTROL.sub("", text)
    if text.isascii():
        return text
    text = _SURROGATE.sub("\ufffd", text)
    if any(map(unicodedata.combining, text[::_MOST_MARKS])):
        text = _SIGNS.sub(_fewer_marks, text)
    return unicodedata.normalize("NFC", text)


def _fewer_marks(signs: re.Match[str]) -> str:
    """Return signs with no more combining marks in a row than a letter may have."""
    kept, marks = [], 0
    for sign in signs[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def split_paragraphs(text: str) -> list[str]:
    """Split a text at blank lines, at line ends after a sentence, and between glued sentences.

    >>> split_paragraphs("So he said.Russia did not.\\n\\nIn the U.S.A. it did.")
    ['So he said.', 'Russia did not.', 'In the U.S.A. it did.']
    """
    lines = [
        line
        for number, block in enumerate(BLANK_LINE.split(text.strip("\n")))
        for line in (_lines(block) if number else _first_lines(block))
    ]
    if not _MAY_BE_GLUE.search(text):
        return [line for line in map(str.strip, lines) if line]
    return [piece for line in lines for piece in split_glued(line)]


def _first_lines(block: str) -> list[str]:
    """Return the lines of the first block, where a title and a date may be lines of their own."""
    lines, rest = head_lines(block)
    return [*lines, *(_lines(rest) if rest.strip() else ())]


def _lines(block: str) -> list[str]:
    """Return a block's lines if each is a paragraph, else the whole block: it is wrapped."""
    if "\n" not in block:
        return [block]
    lines = [line for line in block.split("\n") if line.strip()]
    ends = sum(line.rstrip().endswith(_FINAL) for line in lines)
    if len(lines) > 1 and (ends >= 0.6 * len(lines) or max(map(len, lines)) > 160):
        return lines
    return lines if len(lines) > 1 and len(block) < 200 else [block]


def split_glued(text: str) -> Iterator[str]:
    """Split a text where a full stop is glued to the next sentence, after a lost line end."""
    last = 0
    text = text.strip()
    if not _MAY_BE_GLUE.search(text):
        if text:
            yield text
        return
    for glue in _GLUE.finditer(text):
        following = text[glue.end() : glue.end() + 40].split(maxsplit=1)[0]
        if _ADDRESS_TAIL.fullmatch(following.rstrip(".,;")) or re.search(r"\w\.\w", following):
            continue
        yield text[last : glue.end()].strip()
        last = glue.end()
    if text[last:].strip():
        yield text[last:].strip()


def title_from(lede: str) -> str:
    """Make a title from a lede: its first sentence without a dateline, cut at a word if long."""
    dateline = _PLACE_AND_DAY.match(lede)
    lede = lede[dateline.end() :] if dateline else lede
    first = next(iter(sentences(lede)), (0, 0))
    title = " ".join(lede[slice(*first)].split())
    if len(title) <= TITLE_LENGTH:
        return title.removesuffix(".")
    return title[: TITLE_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:–—- ") + "…"


def is_heading(text: str) -> bool:
    """Return whether a paragraph looks like a heading: short, on one line, not a sentence."""
    return (
        "\n" not in text
        and len(text) <= 80
        and len(text.split()) <= 10
        and not text.rstrip('”"’»').endswith((".", "!", ",", ";", "…", ":"))
        and not text[:1].islower()
        and any(character.isalpha() for character in text)
        and text[0] not in "•-*–—·"
        and " · " not in text  # a row of a table
    )


def is_caption(text: str) -> bool:
    """Return whether a paragraph is a photo caption, by its beginning or a credit at its end."""
    if len(text) > 600:
        return False
    credited = any(map(text.__contains__, _CREDITED)) and _PHOTO_CREDIT.search(text)
    return bool(credited or _PHOTO_LEAD.match(text)) and not is_credit(text)


def is_credit(text: str) -> bool:
    """Return whether a paragraph is only the credit of a news agency: `With AFP`, `(Reuters)`."""
    return len(text) <= LINE_LENGTH and bool(
        _wires().credit_line.fullmatch(text) or _AGENCIES_LINE.fullmatch(text)
    )


def plain_blocks(text: str) -> list[Block]:
    """Return the paragraphs of a plain text; headings are found later, in `parse_structure`."""
    return [Block("body", piece) for piece in split_paragraphs(text)]


def parse_structure(pieces: Sequence[Block], *, title: str | None = None) -> ParsedText:
    """Find the metadata in an article's paragraphs, and give each paragraph its kind.

    A title line is searched for only if `title` is None. Pieces marked as headings stay headings;
    others may become headings only if no piece is marked, as in plain text.
    """
    # The date in a caption is the photo's, and a notice is of a later day.
    lines = [piece.text for piece in pieces]
    for number, line in enumerate(lines[:HEAD_LINES]):
        if is_caption(line) or is_notice(line):
            lines[number] = ""
    dates = find_date_lines(lines, has_title=title is not None)
    article = ParsedText(title=title, published=dates.published, written_date=dates.written)
    blocks: list[Block] = []
    marked = any(piece.kind == "heading" for piece in pieces)
    notices = 0
    at_head = True
    for number, piece in enumerate(pieces):
        text = piece.text
        following = pieces[number + 1].text if number + 1 < len(pieces) else ""
        at_head = at_head and (not blocks or blocks[-1].kind not in ("body", "heading"))
        if dated := dates.lines.get(number):
            by = match_byline(dated.byline)
            article = replace(article, author=article.author or (by.author if by else None))
            blocks.append(Block("byline", text))
            continue
        is_first = len(blocks) == notices
        if is_first and following and is_notice(text):
            blocks.append(Block("byline", text))
            notices += 1
            continue
        if article.title is None and is_first and following and _is_title_line(piece):
            article = replace(article, title=" ".join(text.split()))
            continue
        if is_first and article.title and terms(text) == terms(article.title):
            continue
        if piece.kind == "heading":
            blocks.append(piece)
            continue
        if at_head:
            article, byline, text = _take_byline(article, text)
            if byline:
                blocks.append(Block("byline", byline))
            if not text:
                continue
        if is_caption(text):
            blocks.append(Block("caption", text))
        elif not following and is_credit(text):
            article = _with_wire(article, _wires().credit_line.fullmatch(text))
            blocks.append(Block("byline", text))
        elif following and not marked and is_heading(text) and not is_heading(following):
            blocks.append(Block("heading", text))
        else:
            if at_head:
                article = _with_wire(article, _wires().dateline.match(text[:LINE_LENGTH]))
                article = _with_date(article, date_of_dateline(text))
            blocks.append(Block("body", text))
    return replace(article, blocks=tuple(blocks))


def _is_title_line(piece: Block) -> bool:
    text = piece.text
    return piece.kind == "heading" or (
        "\n" not in text
        and len(text) <= LINE_LENGTH
        and not text.rstrip('”"’»').endswith((".", "…", ",", ":"))
        and not is_caption(text)
        and _take_byline(ParsedText(), text)[2] == text
    )


def _take_byline(article: ParsedText, text: str) -> tuple[ParsedText, str, str]:
    """Return an article with the byline and date at a paragraph's head, these, and the rest."""
    end = 0
    for _ in range(2):
        if by := match_byline(text[:LINE_LENGTH], end):
            article = replace(article, author=article.author or by.author)
            end = by.end
        if dated := date_at_start(text, end):
            article = _with_date(article, dated[0])
            end = dated[1]
    return article, text[:end].strip(), text[end:].strip()


def _with_date(article: ParsedText, written: str | None) -> ParsedText:
    if written is None or article.published or article.written_date:
        return article
    day = parse_day(written)
    return replace(article, published=day, written_date=None if day else written)


def _with_wire(article: ParsedText, match: re.Match[str] | None) -> ParsedText:
    wire = _wires().named_in(match)
    return replace(article, source=wire) if wire else article
