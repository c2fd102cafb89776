"""Readers of the texts that the press databases Nexis and ProQuest export: many articles a file.

Both write an article as blocks with blank lines between them, some with a label (`BYLINE:`,
`Publication date:`), and break its lines. What precedes the first article and follows the last is
about the export.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .base import Document, Problem, SourceFile, free_anchor, read_whole
from .charset import decode, head_text, unix_lines

_NEXIS = re.compile(
    r"^[ \t]*(?:\d+ of \d+ documents?|dokument \d+ von \d+|document \d+ de \d+)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_NEXIS_LABEL = re.compile(r"([A-ZÀ-Þ]{3,20}(?:-[A-ZÀ-Þ]{3,20})?):\s*")
_NEXIS_ENDS = frozenset(
    "LOAD-DATE UPDATE LANGUAGE SPRACHE LANGUE PUBLICATION-TYPE PUBLIKATIONSTYP SUBJECT GRAPHIC"
    " JOURNAL-CODE DATE-CHARGEMENT TYPE-PUBLICATION CORRECTION-DATE NOTES ORGANIZATION PERSON"
    " GEOGRAPHIC COUNTRY INDUSTRY COMPANY TICKER".split()
)
"""The labels of Nexis that are after the text."""
_COPYRIGHT = re.compile(r"(?:Copyright|©)\s*\d{4}|All Rights Reserved", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_PROQUEST = re.compile(r"^_{50,70}[ \t]*$", re.MULTILINE)
_PROQUEST_HEAD = re.compile(
    r"\s*_{50,70}[ \t]*\n\s*(?:Report Information from ProQuest|Document \d+ of \d+)\b"
)
_PROQUEST_ARTICLE = re.compile(r"^(?:Full [tT]ext|Title|Abstract):", re.MULTILINE)
_NUMBERED = re.compile(r"\s*Document \d+ of \d+[ \t]*\n")
_PROQUEST_LABEL = re.compile(r"([A-Z][A-Za-z]*(?: (?:[a-z]+|/|ID|URL|info)){0,4}):(?:\s+|$)")
_PROQUEST_LABELS = frozenset(
    (
        *("Abstract", "Full text", "Full Text", "Subject", "Location", "People", "Title", "Volume"),
        *("Company / organization", "Publication title", "Issue", "Pages", "Publication year"),
        *("Publication date", "Section", "Publisher", "Place of publication", "ISSN", "Copyright"),
        *("Country of publication", "Source type", "Language of publication", "Document type"),
        *("ProQuest document ID", "Document URL", "Last updated", "Database", "Author", "Links"),
        *("Publication info", "Classification", "Company", "Identifier / keyword", "Source"),
        *("Publication subject", "Document feature", "First page", "Number of pages", "Year"),
    )
)
_TEXTS = ("Full text", "Full Text", "Abstract")


def claims_nexis(head: bytes) -> bool:
    """Return whether a file begins like a download of Nexis: the request, and an article."""
    return _NEXIS.search(unix_lines(head_text(head))) is not None


def claims_proquest(head: bytes) -> bool:
    """Return whether a file begins like a report of ProQuest."""
    return _PROQUEST_HEAD.match(unix_lines(head_text(head))) is not None


def read_nexis(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the articles of a download; they have no ids but their places."""
    text, note = decode(read_whole(file))
    if note:
        yield Problem(note, lost=False)
    for number, article in enumerate(_NEXIS.split(unix_lines(text))[1:], start=1):
        yield _nexis_article(article, number)


def read_proquest(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the articles of a report, by their ids."""
    text, note = decode(read_whole(file))
    if note:
        yield Problem(note, lost=False)
    anchors: dict[str, int] = {}
    parts = _PROQUEST.split(unix_lines(text))
    articles = [part for part in parts if _PROQUEST_ARTICLE.search(part)]
    for number, article in enumerate(articles, start=1):
        yield from _proquest_article(article, number, anchors)
    if not articles:
        yield Problem("is a report of ProQuest without articles: leave it out", lost=False)


def _blocks(text: str) -> list[str]:
    """Return the blocks of a text, each on one line."""
    blocks = (" ".join(block.split()) for block in re.split(r"\n[ \t]*\n", text))
    return [block for block in blocks if block]


def _nexis_article(text: str, number: int) -> Document | Problem:
    # Of the date, the first line is the date, and others the edition.
    lines = [line.strip() for line in text.split("\n")]
    blocks = _blocks(text)
    dated = next((at for at, block in enumerate(blocks[:5]) if _YEAR.search(block)), None)
    fields: dict[str, str] = {}
    titles: list[str] = []
    body: list[str] = []
    for block in blocks[0 if dated is None else dated + 1 :]:
        label = _NEXIS_LABEL.match(block)
        if (label and body and label[1] in _NEXIS_ENDS) or _COPYRIGHT.match(block):
            break
        if label and not body:
            fields[label[1]] = block[label.end() :]
        elif fields:
            body.append(block)
        else:
            titles.append(block)
    later = (label for block in blocks[::-1] if (label := _NEXIS_LABEL.match(block)))
    ends = {label[1]: label.string[label.end() :] for label in later}
    if not body:
        return Problem(f"article {number} has no text: it may have to be downloaded", str(number))
    highlight = fields.get("HIGHLIGHT")
    return Document(
        "\n\n".join([highlight, *body] if highlight else body),
        title=" ".join(titles) or None,
        author=fields.get("BYLINE") or fields.get("AUTOR") or fields.get("VON"),
        source=" ".join(blocks[:dated]) or None,
        date=None if dated is None else next(line for line in lines if _YEAR.search(line)),
        lang=ends.get("LANGUAGE") or ends.get("SPRACHE") or ends.get("LANGUE"),
        anchor=str(number),
        positional=True,
    )


def _proquest_article(
    text: str, number: int, anchors: dict[str, int]
) -> Iterator[Document | Problem]:
    fields: dict[str, list[str]] = {}
    heading: list[str] = []
    current = heading
    for block in _blocks(_NUMBERED.sub("", text, count=1)):
        label = _PROQUEST_LABEL.match(block)
        if label and label[1] in _PROQUEST_LABELS:
            current = fields.setdefault(label[1], [])
            block = block[label.end() :]
        if block:
            current.append(block)
    lines = {label: " ".join(blocks) for label, blocks in fields.items()}
    own_id = lines.get("ProQuest document ID", "")
    anchor = free_anchor(own_id or str(number), anchors)
    kind = next((each for each in _TEXTS if fields.get(each)), None)
    if kind is None:
        yield Problem(f"article {number} has no text: it may have to be downloaded", anchor)
        return
    if kind == "Abstract":
        message = f"article {number} has no text, only a summary: that was taken"
        yield Problem(message, anchor, lost=False)
    yield Document(
        "\n\n".join(fields[kind]),
        title=lines.get("Title") or " ".join(heading[:1]) or None,
        author=lines.get("Author"),
        source=lines.get("Publication title", "").split(";")[0].strip() or None,
        url=lines.get("Document URL"),
        date=lines.get("Publication date"),
        lang=lines.get("Language of publication"),
        anchor=anchor,
        positional=not own_id,
    )
