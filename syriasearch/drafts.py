"""What does a document become, before it is stored?

Paragraphs, what its text tells of itself, who is named, and all that the index is to know of its
words: whatever can be worked out without the archive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .dates import parse_day
from .entities import Recognizer
from .entries import Digest, make_digest
from .markdown import markdown_blocks
from .models import Mention
from .prose import Block, clean, compose, language, plain_blocks, title_from
from .readers import Document, Problem
from .recognition import recognized
from .text import fold


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that is ready to be stored; its first block is the title."""

    root: str
    path: str
    content_hash: str
    title: str
    author: str | None
    source: str | None
    url: str | None
    published: str | None
    lang: str | None
    blocks: tuple[Block, ...]
    folded: tuple[str, ...]
    """The text of each block as it is indexed."""
    digest: Digest
    mentions: tuple[tuple[Mention, ...], ...]
    """Those of each block."""

    def recognized_by(self, recognizer: Recognizer) -> Draft:
        """Return the draft with what a recognizer finds in it."""
        return replace(self, mentions=_mentions(self.blocks, recognizer))


def make_draft(
    document: Document, root: str, path: str, recognizer: Recognizer
) -> tuple[Draft | None, list[Problem]]:
    """Make a draft of a document; what it says of itself goes before what its prose says."""
    problems = []
    given = _line(document.title)
    split = markdown_blocks if document.markup == "markdown" else plain_blocks
    composition = compose(split(clean(document.text)), title=given)
    blocks = composition.blocks
    lede = next((block.text for block in blocks if block.kind == "body"), None)
    title = composition.title or title_from(lede or (blocks[0].text if blocks else ""))
    if not title:
        return None, [Problem("has no words: leave it out, or fill it")]
    published = composition.published
    if document.date:
        day = parse_day(document.date)
        published = day or published
        if day is None:
            message = f"the date {document.date[:40]!r} was not understood: write it as 2018-01-27"
            problems.append(Problem(message, lost=False))
    blocks = (Block("title", title), *blocks)
    folded = tuple(fold(block.text) for block in blocks)
    return Draft(
        root=root,
        path=path,
        content_hash=document.content_hash(),
        title=title,
        author=_line(document.author) or composition.author,
        source=_line(document.source) or composition.source,
        url=_line(document.url),
        published=published.isoformat() if published else None,
        lang=_line(document.lang) or language("\n".join(block.text for block in blocks)),
        blocks=blocks,
        folded=folded,
        digest=make_digest(zip((block.kind for block in blocks), folded, strict=True)),
        mentions=_mentions(blocks, recognizer),
    ), problems


def _mentions(blocks: Iterable[Block], recognizer: Recognizer) -> tuple[tuple[Mention, ...], ...]:
    found = recognizer.recognize([recognized(block.kind, block.text) for block in blocks])
    return tuple(map(tuple, found))


def _line(value: str | None) -> str | None:
    return " ".join(clean(value).split()) or None if value else None
