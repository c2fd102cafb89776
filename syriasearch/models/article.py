"""Articles and their paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from .entity import Entity, Mention

JSON_VERSION = 1
"""The version of the JSON output."""

_UNPRINTABLE = re.compile(
    # control characters, line breaks, direction marks
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_NO_XML = re.compile("[\\ud800-\\udfff\\ufffe\\uffff]")
_BOLD, _PLAIN = "\x1b[1;33m", "\x1b[0m"


def printable(text: str) -> str:
    """Replace each line break and control character by a space, which keeps offsets valid.

    Scraped text may contain terminal escapes and direction overrides; neither should reach a
    screen.
    """
    return _UNPRINTABLE.sub(" ", text)


def xml_text(text: str) -> str:
    """Return a text on one line, without the characters that XML does not allow."""
    return _NO_XML.sub(" ", printable(text))


def select_fields(value: object, *names: str) -> dict[str, Any]:
    """Return some fields of a value as plain data, by name and in this order."""
    return {name: getattr(value, name) for name in names}


def identify(entity: Entity) -> dict[str, Any]:
    """Return what JSON says of an entity where it is only named."""
    return select_fields(entity, "slug", "name", "type")


def starts_of(spelling: str, text: str) -> Iterator[int]:
    """Yield the offsets at which a text has a spelling, also as a part of a word or name."""
    start = text.find(spelling) if spelling else -1
    while start >= 0:
        yield start
        start = text.find(spelling, start + 1)


def mention_dict(mention: Mention) -> dict[str, Any]:
    """Return a mention in JSON version 1."""
    return (
        select_fields(mention, "start", "end", "surface")
        | {"entity": identify(mention.entity)}
        | select_fields(mention, "recognizer", "reason", "why")
    )


@dataclass(frozen=True, slots=True)
class Article:
    """An article, read from a file or from one record of it."""

    id: int
    slug: str
    title: str
    author: str | None
    source: str | None
    url: str | None
    published: str | None
    """The date of publication, as YYYY-MM-DD (ISO 8601)."""
    lang: str | None
    """The language, in ISO 639-1."""
    path: str
    """The path it was read from, relative to the folder that was ingested."""

    @property
    def date(self) -> date | None:
        """The date of publication, as Python has it; None for what is no date, too."""
        try:
            return date.fromisoformat(self.published or "")
        except (TypeError, ValueError):
            return None

    def to_dict(self) -> dict[str, Any]:
        """Return the article in JSON version 1."""
        return select_fields(self, *_ARTICLE_FIELDS)


_ARTICLE_FIELDS = tuple(each.name for each in fields(Article))


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a paragraph with the ranges that match the query."""

    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    """Sorted, disjoint ranges [start, end) of code points in `text`."""
    cut_before: bool = False
    """Whether the paragraph has more text before `text`."""
    cut_after: bool = False
    """Whether the paragraph has more text after `text`."""
    start: int = 0
    """The offset in the paragraph at which `text` begins, in code points."""

    def to_marked(self, opening: str, closing: str, escape: Callable[[str], str] = str) -> str:
        """Return the snippet on one line, with marks around its highlights; `escape` the text."""
        text = printable(self.text)
        pieces = ["…"] if self.cut_before else []
        last = 0
        for start, end in self.highlights:
            pieces += [escape(text[last:start]), opening, escape(text[start:end]), closing]
            last = end
        pieces.append(escape(text[last:]))
        if self.cut_after:
            pieces.append("…")
        return "".join(pieces)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return f'<p dir="auto">{self.to_html()}</p>'

    def to_text(self) -> str:
        """Return the snippet on one line, without highlights."""
        return self.to_marked("", "")

    def to_ansi(self) -> str:
        """Return the snippet on one line, with highlights as ANSI escapes for a terminal."""
        return self.to_marked(_BOLD, _PLAIN)

    def to_html(self) -> str:
        """Return the snippet as safe HTML: escaped, highlights in `<mark>`."""
        import html

        return self.to_marked("<mark>", "</mark>", html.escape)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article, as it was written."""

    id: int
    position: int
    kind: str
    """One of title, heading, body, caption or byline."""
    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    """The ranges [start, end) that match the query with which the article was requested."""
    mentions: tuple[Mention, ...] = ()

    @property
    def snippet(self) -> Snippet:
        """The whole paragraph as a snippet."""
        return Snippet(self.text, self.highlights)

    def to_dict(self) -> dict[str, Any]:
        """Return the paragraph in JSON version 1."""
        return select_fields(self, "id", "position", "kind", "text") | {
            "highlights": [list(span) for span in self.highlights],
            "mentions": list(map(mention_dict, self.mentions)),
        }


@dataclass(frozen=True, slots=True, repr=False)
class ArticleText:
    """An article with its whole text."""

    article: Article
    paragraphs: tuple[Paragraph, ...]
    """The paragraphs in order; the title is the first."""

    def __repr__(self) -> str:
        return f"<ArticleText {self.article.slug}: {len(self.paragraphs)} paragraphs>"

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities it names, each with its number of mentions, the most frequent first."""
        named = [mention.entity for each in self.paragraphs for mention in each.mentions]
        counts = Counter(entity.slug for entity in named)
        by_slug = {entity.slug: entity for entity in named}
        order = sorted(counts, key=lambda slug: (-counts[slug], slug))
        return tuple(by_slug[slug].named(counts[slug]) for slug in order)

    def occurrences(self) -> dict[tuple[int, int, str], int]:
        """Return the number of each mention among the occurrences of its surface in the article.

        Keys are the position of the paragraph, the mention's start, and its surface. The title
        comes first, and occurrences count from 1, whether or not they are mentions.
        """
        surfaces = {mention.surface for each in self.paragraphs for mention in each.mentions}
        found: dict[tuple[int, int, str], int] = {}
        for surface in surfaces:
            places = (
                (each.position, start, surface)
                for each in self.paragraphs
                for start in starts_of(surface, each.text)
            )
            found.update((place, number) for number, place in enumerate(places, start=1))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the article and its text in JSON version 1."""
        paragraphs = [paragraph.to_dict() for paragraph in self.paragraphs]
        numbers = self.occurrences()
        for paragraph, values in zip(self.paragraphs, paragraphs, strict=True):
            for mention, each in zip(paragraph.mentions, values["mentions"], strict=True):
                # In a damaged archive a mention may be where its text is not.
                place = paragraph.position, mention.start, mention.surface
                each["occurrence"] = numbers.get(place, 0)
        return {
            "version": JSON_VERSION,
            "article": self.article.to_dict(),
            "paragraphs": paragraphs,
        }
