"""Preparation of articles: all that can be computed from a document without the archive.

That is its paragraphs, the metadata in its text, its mentions, and its term counts and signature
for the index.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from ..entities.recognition_settings import recognized
from ..entities.recognizer import Recognizer, recognize_in_stages
from ..index.document import DocumentTerms, TermCounts
from ..index.minhash import Fingerprint, make_fingerprint
from ..models.entity import Mention
from ..store.folds import FoldColumns, fold_columns
from ..text.arabic import has_arabic
from ..text.dates import is_ambiguous, is_future, parse_day
from ..text.language import detect_language, language_code
from ..text.normalize import fold
from ..text.stages import Stages, complete
from .blocks.bylines import clean_author
from .blocks.cleaning import fix_encoding, split_long_blocks, without_site_lines
from .blocks.html import html_blocks
from .blocks.markdown import markdown_blocks
from .blocks.plain_text import (
    Block,
    clean,
    parse_structure,
    plain_blocks,
    title_from,
)
from .readers import Document, Problem
from .readers.base import dated_hash
from .readers.nulls import is_null_date
from .readers.titles import SiteNames, headline


@dataclass(frozen=True, slots=True)
class PreparedArticle:
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
    """The folded text of each block, as it is indexed."""
    fold_columns: tuple[FoldColumns, ...]
    """The folded text of each block, as it is stored."""
    characters: int
    word_count: int
    term_counts: TermCounts
    fingerprint: Fingerprint = field(compare=False)
    """The signature by which copies are found; it follows from the text."""
    mentions: tuple[tuple[Mention, ...], ...]
    """The mentions in each block."""

    @property
    def readable_title(self) -> str:
        """The title, for a slug: names in Arabic script as a newspaper in Latin script has them."""
        if not has_arabic(self.title):
            return self.title
        title, done, pieces = self.blocks[0].text, 0, []
        named = self.mentions[0] if self.mentions else ()
        for each in sorted(named, key=lambda each: (each.start, -each.end)):
            if each.start >= done:
                pieces += [title[done : each.start], f" {each.entity.name} "]
                done = each.end
        return "".join([*pieces, title[done:]])

    def recognized_by(self, recognizer: Recognizer) -> PreparedArticle:
        """Return it with the mentions that a recognizer finds in it."""
        return replace(self, mentions=find_mentions(self.blocks, recognizer, self.published))


Prepared = tuple[PreparedArticle | None, list[Problem]]
"""An article, or None for a document without words, and the problems of the document."""


def prepare_article(
    document: Document,
    root: str,
    path: str,
    recognizer: Recognizer,
    *,
    day_first: bool | None = None,
) -> Prepared:
    """Prepare a document (see `prepare_in_stages`)."""
    return complete(prepare_in_stages(document, root, path, recognizer, day_first=day_first))


def prepare_in_stages(
    document: Document,
    root: str,
    path: str,
    recognizer: Recognizer,
    *,
    day_first: bool | None = None,
    content_hash: str | None = None,
) -> Stages[Prepared]:
    """Prepare a document; its own fields take precedence over what its text contains.

    `day_first` is True if 3/4/2018 is in April, False if in March, None if it is unknown;
    `content_hash` is the document's, if it is known.
    """
    paragraphs, problems = _paragraphs(document)
    yield
    site = SiteNames.of([document.source], _line(document.url))
    given = headline(_line(document.title) or "", site)
    parsed = parse_structure(paragraphs, title=given or None)
    blocks = tuple(split_long_blocks(parsed.blocks))
    lede = next((block.text for block in blocks if block.kind == "body"), None)
    title = parsed.title or title_from(lede or (blocks[0].text if blocks else ""))
    if not title:
        return None, [*problems, Problem("has no words: leave it out, or fill it")]
    written = document.date or parsed.written_date
    published, problem = _day(written, parsed.published, day_first)
    content_hash = content_hash or document.content_hash()
    if written and is_ambiguous(written):
        content_hash = dated_hash(content_hash, day_first)
    problems += problem
    day = published.isoformat() if published else None
    blocks = (Block("title", title), *blocks)
    yield
    folded = tuple(fold(block.text) for block in blocks)
    yield
    terms = DocumentTerms((block.kind, text) for block, text in zip(blocks, folded, strict=True))
    term_counts = terms.count()
    yield
    fingerprint = make_fingerprint(terms.comparable())
    yield
    mentions = yield from _mention_stages(blocks, recognizer, day)
    return PreparedArticle(
        root=root,
        path=path,
        content_hash=content_hash,
        title=title,
        author=clean_author(_line(document.author) or "") or parsed.author,
        source=_line(document.source) or parsed.source,
        url=_line(document.url),
        published=day,
        lang=language_code(_line(document.lang))
        or detect_language("\n".join(block.text for block in blocks), "\n".join(folded)),
        blocks=blocks,
        folded=folded,
        fold_columns=tuple(map(fold_columns, (block.text for block in blocks), folded)),
        characters=sum(len(block.text) for block in blocks),
        word_count=sum(term_counts.counts.values()),
        term_counts=term_counts,
        fingerprint=fingerprint,
        mentions=mentions,
    ), problems


def _paragraphs(document: Document) -> tuple[list[Block], list[Problem]]:
    """Return the cleaned paragraphs of a document, and the problems that were corrected in it."""
    problems = []
    text, fixed = fix_encoding(document.text)
    if fixed:
        message = f"had garbled lines (their encoding was mistaken), which are mended: {fixed}"
        problems.append(Problem(message, lost=False))
    split = {"markdown": markdown_blocks, "html": html_blocks}.get(document.markup, plain_blocks)
    paragraphs = split(clean(text))
    if document.scraped:
        paragraphs, dropped = without_site_lines(paragraphs)
        if dropped:
            shown = ", ".join(repr(line[:40]) for line in dropped[:3])
            more = f" and {len(dropped) - 3} more" if len(dropped) > 3 else ""
            message = f"removed page furniture: {shown}{more}"
            problems.append(Problem(message, lost=False))
    return paragraphs, problems


def _day(
    written: str | None, in_text: date | None, day_first: bool | None
) -> tuple[date | None, list[Problem]]:
    """Return an article's day of publication, and a problem if it is invalid or in the future."""
    written = None if written and is_null_date(written) else written
    day = parse_day(written, day_first=day_first) if written else None
    message = ""
    if written and day is None:
        message = f"the date {written[:40]!r} was not understood: write it as 2018-01-27"
        if is_ambiguous(written):
            message = (
                f"the date {written[:40]!r} may be of two months: write it as 2018-01-27, "
                "or say whether days come first (--dates)"
            )
    day = day or in_text
    if day and is_future(day):
        message, day = f"the date {day.isoformat()} is still to come: mend it", None
    return day, [Problem(message, lost=False)] if message else []


def find_mentions(
    blocks: Iterable[Block], recognizer: Recognizer, published: str | None
) -> tuple[tuple[Mention, ...], ...]:
    """Return the mentions that a recognizer finds in each block."""
    return complete(_mention_stages(blocks, recognizer, published))


def _mention_stages(
    blocks: Iterable[Block], recognizer: Recognizer, published: str | None
) -> Stages[tuple[tuple[Mention, ...], ...]]:
    texts = [recognized(block.kind, block.text) for block in blocks]
    found = yield from recognize_in_stages(recognizer, texts, published)
    return tuple(map(tuple, found))


def _line(value: str | None) -> str | None:
    return " ".join(clean(fix_encoding(value)[0]).split()) or None if value else None
