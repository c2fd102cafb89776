"""Results of a search: frozen values without a connection to the database."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any

JSON_VERSION = 1
"""The version of the JSON output."""

_UNPRINTABLE = re.compile(
    # control characters, line breaks, direction marks
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_BOLD, _PLAIN = "\x1b[1;33m", "\x1b[0m"


def printable(text: str) -> str:
    """Replace each line break and control character by a space, which keeps offsets valid.

    Scraped text may contain terminal escapes and direction overrides; neither should reach a
    screen.
    """
    return _UNPRINTABLE.sub(" ", text)


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

    def to_dict(self) -> dict[str, Any]:
        """Return the article in JSON version 1."""
        return {
            "id": self.id,
            "slug": self.slug,
            "title": self.title,
            "author": self.author,
            "source": self.source,
            "url": self.url,
            "published": self.published,
            "lang": self.lang,
            "path": self.path,
        }


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organization, group, place or event, under its one canonical name."""

    slug: str
    name: str
    type: str
    description: str | None = None
    wikidata: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    mentions: int | None = None
    """The number of its mentions in the hit that contains it; None elsewhere."""
    aliases: tuple[str, ...] = ()
    """Other names; one that begins with `~` counts only in an article that has another name too."""
    since: str | None = None
    """The date it began or took place: `2016`, `2016-07` or `2016-07-28`."""
    until: str | None = None
    follows: str | None = None
    """The slug of the entity it continues under another name."""

    def __reduce__(self) -> tuple[Any, ...]:
        # By default, a frozen class with slots is unpickled field by field, four times as slowly.
        return Entity, _entity_fields(self)

    def named(self, times: int) -> Entity:
        """Return a copy of the entity with its number of mentions in a hit."""
        return replace(self, mentions=times)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text."""

    start: int
    """The offset of its first code point."""
    end: int
    """The offset after its last code point."""
    surface: str
    """The text between the two."""
    entity: Entity
    recognizer: str
    reason: str | None = None
    """Why the name is attributed to this entity, if the name alone does not decide it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Mention, _mention_fields(self)


_entity_fields = attrgetter(*(each.name for each in fields(Entity)))
_mention_fields = attrgetter(*(each.name for each in fields(Mention)))


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

    def _render(self, before: str, after: str, escape: Any = str) -> str:
        text = printable(self.text)
        pieces = ["…"] if self.cut_before else []
        last = 0
        for start, end in self.highlights:
            pieces += [escape(text[last:start]), before, escape(text[start:end]), after]
            last = end
        pieces.append(escape(text[last:]))
        if self.cut_after:
            pieces.append("…")
        return "".join(pieces)

    def to_text(self) -> str:
        """Return the snippet on one line, without highlights."""
        return self._render("", "")

    def to_ansi(self) -> str:
        """Return the snippet on one line, with highlights as ANSI escapes for a terminal."""
        return self._render(_BOLD, _PLAIN)

    def to_html(self) -> str:
        """Return the snippet as safe HTML: escaped, highlights in `<mark>`."""
        import html

        return self._render("<mark>", "</mark>", html.escape)


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
        return {
            "id": self.id,
            "position": self.position,
            "kind": self.kind,
            "text": self.text,
            "highlights": [list(span) for span in self.highlights],
            "mentions": [
                {
                    "start": mention.start,
                    "end": mention.end,
                    "surface": mention.surface,
                    "entity": {
                        "slug": mention.entity.slug,
                        "name": mention.entity.name,
                        "type": mention.entity.type,
                    },
                    "recognizer": mention.recognizer,
                }
                for mention in self.mentions
            ],
        }


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article with its whole text."""

    article: Article
    paragraphs: tuple[Paragraph, ...]
    """The paragraphs in order; the title is the first."""

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities it names, each with its number of mentions, the most frequent first."""
        named = [mention.entity for each in self.paragraphs for mention in each.mentions]
        counts = Counter(entity.slug for entity in named)
        by_slug = {entity.slug: entity for entity in named}
        order = sorted(counts, key=lambda slug: (-counts[slug], slug))
        return tuple(by_slug[slug].named(counts[slug]) for slug in order)

    def to_dict(self) -> dict[str, Any]:
        """Return the article and its text in JSON version 1."""
        return {
            "version": JSON_VERSION,
            "article": self.article.to_dict(),
            "paragraphs": [paragraph.to_dict() for paragraph in self.paragraphs],
        }


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a hit, shown as a snippet."""

    paragraph_id: int
    position: int
    kind: str
    snippet: Snippet

    def to_dict(self) -> dict[str, Any]:
        """Return the passage in JSON version 1."""
        return {
            "paragraph_id": self.paragraph_id,
            "position": self.position,
            "kind": self.kind,
            "start": self.snippet.start,
            "cut_before": self.snippet.cut_before,
            "cut_after": self.snippet.cut_after,
            "text": self.snippet.text,
            "highlights": [list(span) for span in self.snippet.highlights],
            "html": self.snippet.to_html(),
        }


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A clause of the query and what it adds to a hit's score."""

    clause: str
    frequency: float
    """The frequency in the article, with titles and headings weighted."""
    articles: int
    """The number of articles in the archive that match it."""
    idf: float
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    score: float
    article: Article
    passages: tuple[Passage, ...]
    entities: tuple[Entity, ...]
    """The entities most often named in the article, at most ten, the most frequent first."""
    partial: bool = False
    """Whether it lacks a part of the query."""
    explanation: tuple[ScorePart, ...] = ()
    """The parts of the score, if requested; they add up to it."""
    copies: tuple[Article, ...] = ()
    """Other versions of the article: its copies, and its original; the earliest first."""

    def to_dict(self, rank: int) -> dict[str, Any]:
        """Return the hit in JSON version 1; the first hit of a query has rank 1."""
        result: dict[str, Any] = {
            "rank": rank,
            "score": round(self.score, 6),
            "partial": self.partial,
            "article": self.article.to_dict(),
            "passages": [passage.to_dict() for passage in self.passages],
            "entities": [
                {
                    "slug": entity.slug,
                    "name": entity.name,
                    "type": entity.type,
                    "mentions": entity.mentions,
                }
                for entity in self.entities
            ],
            "copies": [article.to_dict() for article in self.copies],
        }
        if self.explanation:
            result["explanation"] = [
                {
                    "clause": part.clause,
                    "frequency": part.frequency,
                    "articles": part.articles,
                    "idf": round(part.idf, 6),
                    "score": round(part.score, 6),
                }
                for part in self.explanation
            ]
        return result


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that hits have, and the number of hits that have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The distribution of all hits of a query over a property."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An alternative for something that finds little."""

    word: str
    """The text that finds little: a word as typed, or a field or option in the form of a field."""
    suggestion: str
    """The replacement; empty to leave the text out."""
    articles: int
    """The number of articles that the replacement finds."""
    entity: str | None = None
    """The slug of the entity that the replacement names."""


@dataclass(frozen=True, slots=True)
class Page:
    """Hits of a query from `offset` on, at most `limit` of them."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    """The exact number of articles that match the whole query."""
    partial_total: int
    """The number of articles that match a part of the query, if they were searched for."""
    unknown: tuple[str, ...] = ()
    """The parts that find nothing in the whole archive: words, phrases, fields and options."""
    suggestions: tuple[Suggestion, ...] = ()
    facets: tuple[Facet, ...] = ()
    took_ms: float = 0.0
    offset: int = 0
    explanation: tuple[str, ...] = field(default=())
    """How the query was understood, one line for each clause, if requested."""
    archive_total: int = 0
    """The number of articles in the whole archive, copies included."""
    missing_shards: tuple[str, ...] = ()
    """The shards of a cluster that did not answer in time; their articles are not counted."""

    def to_dict(self) -> dict[str, Any]:
        """Return the page in JSON version 1."""
        result: dict[str, Any] = {
            "version": JSON_VERSION,
            "query": self.query,
            "total": self.total,
            "partial_total": self.partial_total,
            "unknown": list(self.unknown),
            "suggestions": [
                {
                    "word": each.word,
                    "suggestion": each.suggestion,
                    "articles": each.articles,
                    "entity": each.entity,
                }
                for each in self.suggestions
            ],
            "facets": {
                facet.name: [
                    {"value": value.value, "label": value.label, "count": value.count}
                    for value in facet.values
                ]
                for facet in self.facets
            },
            "took_ms": round(self.took_ms, 3),
            "hits": [
                hit.to_dict(rank) for rank, hit in enumerate(self.hits, start=self.offset + 1)
            ],
        }
        if self.explanation:
            result["explanation"] = list(self.explanation)
        if self.missing_shards:
            result["missing_shards"] = list(self.missing_shards)
        return result
