"""Reports of ProQuest as text or HTML, as saved or as sent by mail: a document in each part.

A document has its title and then fields with labels, of which one is its text. Labels are in the
language of the user: those of a text are known by name, those of HTML are bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...text.patterns import regex
from .base import Document, Problem, free_anchor, summary_note
from .nulls import is_null
from .press_dates import is_date, readable_date
from .press_fields import (
    BLANK_LINE,
    label_key,
    labels,
    one_line,
    paragraphs,
    without_text,
)
from .press_html import Block, blocks_of, parts

_RULE = regex(r"^_{50,70}[ \t]*$", re.MULTILINE)
_NUMBER = r"[^\W\d_]{3,12} \d{1,6} [^\W\d_]{1,4} \d{1,6}[ \t]*\n"
"""The line above a document, in the language of the user: `Document 1 of 20`."""
_HEAD = regex(rf"\s*_{{50,70}}[ \t]*\n\s*(?:[^\n]{{0,80}}\bProQuest\b[^\n]{{0,40}}\n|{_NUMBER})")
_NUMBERED = regex(rf"(?:(?<!\s)\s+)?{_NUMBER}")
_LABEL = regex(r"([^\W\d_][^\n:：]{0,40}?)[ \xa0]?[:：](?:\s+|$)")
_HTML_START = regex(r"<a\s+name=[\"']?DocID_\w|<div\b[^<>]{0,60}border-bottom:\s?2px solid #ccc")
_HTML_FIELD = regex(
    r"<text\s+wordcount=|<(?:strong|b)\b[^<>]{0,100}>\s{0,9}ProQuest document ID", re.IGNORECASE
)
_TEXT_END = regex(r"</text>", re.IGNORECASE)
_OWN_ID = regex(r"docview/(\d{5,12})|DocID_\w{0,20}?_(\d{5,12})")
_ENLARGE = "document_view_image"
"""The class of a picture, with a link to a larger one."""
_IMPRINT_DATE = regex(r"\](?P<date>[^:\]]{6,40})(?::|$)")
_BROKEN = "html&gt;<head"
"""A tag that some mails have lost the first letter of."""
_SPLIT_NUMBER = regex(r"(?<=\d) (?=\d)")
_IMPRINT_PLACE = regex(r"(?:(?<!\s)\s+)?[;\[]")
_ONCE = frozenset(("author", "title", "source", "date", "text"))
_LONGEST_HEAD = 30_000
"""The number of characters among which is the first document."""
_FEWEST_FIELDS = 3
"""The number of fields that a document has at least, which an article has once."""
_ABOUT_REPORT = regex(r"\bProQuest\b|^[^\W\d_]{3,12} \d+ [^\W\d_]{1,4} \d+$")
_NO_SUMMARY = regex(r"none\s?available\.?", re.IGNORECASE)


def is_text(text: str) -> bool:
    """Return whether a text begins like a report, or like one without its own first lines."""
    if _HEAD.match(text):
        return True
    head = text[:_LONGEST_HEAD]
    if not (_RULE.match(head.lstrip()) and "proquest" in head.casefold()):
        return False
    found = (label for label in map(_LABEL.match, head.split("\n")) if label)
    fields = {labels("proquest").get(label_key(label[1])) for label in found} & _ONCE
    return len(fields) >= _FEWEST_FIELDS


def is_html(page: str) -> bool:
    """Return whether a page has the anchors of documents, or their fields."""
    if "ProQuest" not in page:
        return False
    return bool(("DocID_" in page and _HTML_START.search(page)) or _HTML_FIELD.search(page))


def read_text(text: str) -> Iterator[Document | Problem]:
    """Yield the articles of a report, by their ids."""
    anchors: dict[str, int] = {}
    number = 0
    for part in _RULE.split(text):
        heading, fields = _fields_of_text(_NUMBERED.sub("", part, count=1))
        if fields.keys() & {"text", "title", "summary", "id"}:
            number += 1
            yield from _article(heading, fields, number, anchors)


def read_html(page: str) -> Iterator[Document | Problem]:
    """Yield the articles of a page or a mail, by their ids."""
    anchors: dict[str, int] = {}
    number = 0
    for blocks, own_id in _parts(page):
        heading, fields = _fields_of_html(blocks)
        if fields.keys() & {"text", "source", "summary", "id"}:
            if own_id:
                fields.setdefault("id", [own_id])
            number += 1
            yield from _article(heading, fields, number, anchors)


def _parts(page: str) -> Iterator[tuple[Sequence[Block], str]]:
    """Yield the blocks of each document of a page, and its id if an address or an anchor has it."""
    is_divided = False
    for part, _ in parts(page, _HTML_START):
        is_divided = True
        own_id = _OWN_ID.search(part)
        yield _blocks(part), (own_id[1] or own_id[2]) if own_id else ""
    if is_divided:
        return
    # Without anchors, a document ends where another field or title follows the last field.
    blocks: list[Block] = []
    met: set[str] = set()
    for block in _blocks(page):
        label = _bold_label(block)
        field = "text" if block.around("text") is not None else _field(label) if label else None
        is_next = "text" in met and "other" in met and field is None
        if is_next or (field in _ONCE and field in met and label):
            yield blocks, ""
            blocks, met = [], set()
        blocks.append(block)
        met |= {field} if field else set()
    yield blocks, ""


def _blocks(part: str) -> list[Block]:
    # The text may leave elements open, which the fields below it are not in.
    pieces = _TEXT_END.split(part.replace(_BROKEN, "<head"))
    return [block for piece in pieces for block in blocks_of(piece)]


class _Entry(NamedTuple):
    text: str
    field: str | None = None
    label: str = ""


def _fields_of_text(part: str) -> tuple[list[str], dict[str, list[str]]]:
    """Return the blocks above the first label, and the blocks of each field."""
    entries = [entry for block in BLANK_LINE.split(part) for entry in _entries(block)]
    heading: list[str] = []
    current = heading
    fields: dict[str, list[str]] = {}
    is_in_text = False
    for at, (text, field, label) in enumerate(entries):
        # A paragraph may begin as a field does (`Source: the ministry`); no paragraph follows one.
        if field and not (is_in_text and any(not each.field for each in entries[at + 1 : at + 4])):
            is_in_text = field == "text"
            current = [] if field in fields else fields.setdefault(field, [])
            current.append(text)
        else:
            current.append(label + text)
    return _filled(heading), {name: _filled(blocks) for name, blocks in fields.items()}


def _entries(block: str) -> Iterator[_Entry]:
    """Yield the lines of a block, those without a label with the line above them."""
    entry = _Entry("")
    for line in block.strip().split("\n"):
        label = _LABEL.match(line)
        field = labels("proquest").get(label_key(label[1])) if label else None
        if label and field:
            if entry.field or entry.text:
                yield entry
            entry = _Entry(line[label.end() :], field, label[0])
        else:
            entry = entry._replace(text=f"{entry.text}\n{line}".strip())
    if entry.field or entry.text:
        yield entry


def _fields_of_html(blocks: Sequence[Block]) -> tuple[list[str], dict[str, list[str]]]:
    heading: list[str] = []
    current = heading
    fields: dict[str, list[str]] = {}
    for block in blocks:
        if block.name == _ENLARGE:
            continue
        label = _bold_label(block)
        if block.around("text") is not None:
            current = fields.setdefault("text", [])
            current.append(block.text)
        elif label:
            field = _field(label)
            current = [] if field in fields else fields.setdefault(field, [])
            current.append(block.text[len(label) :])
        else:
            current.append(block.text)
    return _filled(heading), {name: _filled(held) for name, held in fields.items()}


def _field(label: str) -> str:
    """Return the field of a label that a page has in bold."""
    return labels("proquest").get(label_key(label.rstrip(":： \xa0")), "other")


def _bold_label(block: Block) -> str:
    """Return the label in bold that a block begins with, an empty string if it has none."""
    bold = next(block.element.iterchildren("strong", "b"), None)
    label = one_line("".join(bold.itertext())) if bold is not None else ""
    return label if label.endswith((":", "：")) and block.text.startswith(label) else ""


def _filled(blocks: Sequence[str]) -> list[str]:
    return [block for block in map(str.strip, blocks) if block]


def _article(
    heading: Sequence[str],
    fields: dict[str, list[str]],
    number: int,
    anchors: dict[str, int],
) -> Iterator[Document | Problem]:
    lines = {field: one_line(blocks[0]) for field, blocks in fields.items() if blocks}
    own_id = lines.get("id", "")
    anchor = free_anchor(own_id or str(number), anchors)
    text = paragraphs(fields.get("text", ()))
    if not text or _NO_SUMMARY.fullmatch(text):
        text = paragraphs(fields.get("summary", ()))
        if not text or _NO_SUMMARY.fullmatch(text):
            yield without_text(number, anchor)
            return
        yield summary_note(f"article {number}", anchor)
    imprint = lines.get("imprint", "")
    source = lines.get("source") or imprint
    author = lines.get("author")
    yield Document(
        text,
        title=lines.get("title") or next(_titles(heading), None),
        author=None if author is None or is_null(author) else author,
        source=_IMPRINT_PLACE.split(source)[0].strip() or None,
        url="".join(lines.get("url", "").split()) or None,
        date=_date(lines.get("date", ""), imprint),
        lang=lines.get("language", "").split(";")[0].strip() or None,
        anchor=anchor,
        positional=not own_id,
    )


def _titles(heading: Sequence[str]) -> Iterator[str]:
    return (line for line in map(one_line, heading) if not _ABOUT_REPORT.search(line))


def _date(date: str, imprint: str) -> str | None:
    """Return the date of an article: its own field's, or the one in the line of its imprint."""
    if not date and (found := _IMPRINT_DATE.search(imprint)):
        date = found["date"].strip()
    date = readable_date(date)
    if date and not is_date(date):
        # Some mails have lost a line end within a number: `Jan 11, 2 009`.
        date = _SPLIT_NUMBER.sub("", date)
    return date or None
