"""What does a search give back? Frozen values, without a way back to the database."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any

JSON_VERSION = 1

_UNPRINTABLE = re.compile(
    # control characters, line breaks, direction marks
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_BOLD, _PLAIN = "\x1b[1;33m", "\x1b[0m"


def printable(text: str) -> str:
    """Put a space for each line break and control character: offsets stay as they are.

    Scraped text can hold terminal escapes and direction overrides; neither reaches a screen.
    """
    return _UNPRINTABLE.sub(" ", text)


@dataclass(frozen=True, slots=True)
class Article:
    """What was read from one file, or from one line of it."""

    id: int
    slug: str
    title: str
    author: str | None
    source: str | None
    url: str | None
    published: str | None
    """ISO date, YYYY-MM-DD."""
    lang: str | None
    """ISO 639-1."""
    path: str
    """Where it was read from, under the folder that was ingested."""

    def to_dict(self) -> dict[str, Any]:
        """Return the article as JSON version 1 has it."""
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
    """How often it is named in the hit that holds it; None elsewhere."""
    aliases: tuple[str, ...] = ()
    """Other names; one that begins with `~` tells only in an article that names it otherwise."""
    since: str | None = None
    """When it began or took place: `2016`, `2016-07` or `2016-07-28`."""
    until: str | None = None
    follows: str | None = None
    """The slug of what it was before it had this name."""

    def __reduce__(self) -> tuple[Any, ...]:
        # By itself a frozen class with slots is unpickled field by field, four times as slowly.
        return Entity, _entity_fields(self)

    def named(self, times: int) -> Entity:
        """Return the entity as it is named so often in a hit."""
        return replace(self, mentions=times)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text."""

    start: int
    """Offset of its first code point."""
    end: int
    """Offset behind its last code point."""
    surface: str
    """The text between the two."""
    entity: Entity
    recognizer: str
    reason: str | None = None
    """Why the name is taken for this entity's, where the name alone does not tell."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Mention, _mention_fields(self)


_entity_fields = attrgetter(*(each.name for each in fields(Entity)))
_mention_fields = attrgetter(*(each.name for each in fields(Mention)))


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a paragraph with the ranges that answer the query."""

    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    """Sorted ranges [start, end) of code points in `text`, apart from each other."""
    cut_before: bool = False
    cut_after: bool = False
    """Whether the paragraph goes on before and behind `text`."""
    start: int = 0
    """Where `text` begins in the paragraph."""

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
        """Return the snippet on one line, with highlights as a terminal shows them."""
        return self._render(_BOLD, _PLAIN)

    def to_html(self) -> str:
        """Return the snippet as safe HTML: escaped, highlights in `<mark>`."""
        import html

        return self._render("<mark>", "</mark>", html.escape)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of an article's text, as it was written."""

    id: int
    position: int
    kind: str
    """title, heading, body, caption or byline."""
    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    """What of it answers the query that the article was asked for with."""
    mentions: tuple[Mention, ...] = ()

    @property
    def snippet(self) -> Snippet:
        """The whole paragraph, to be shown."""
        return Snippet(self.text, self.highlights)

    def to_dict(self) -> dict[str, Any]:
        """Return the paragraph as JSON version 1 has it."""
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
    """In order; the title is the first."""

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Who is named in it, with how often, most named first."""
        named = [mention.entity for each in self.paragraphs for mention in each.mentions]
        counts = Counter(entity.slug for entity in named)
        by_slug = {entity.slug: entity for entity in named}
        order = sorted(counts, key=lambda slug: (-counts[slug], slug))
        return tuple(by_slug[slug].named(counts[slug]) for slug in order)

    def to_dict(self) -> dict[str, Any]:
        """Return the article with its text as JSON version 1 has it."""
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
        """Return the passage as JSON version 1 has it."""
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
    """One clause of the query and what it adds to a hit's score."""

    clause: str
    frequency: float
    """How often the article has it, titles and headings weighted."""
    articles: int
    """How many articles of the archive have it."""
    idf: float
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found."""

    score: float
    article: Article
    passages: tuple[Passage, ...]
    entities: tuple[Entity, ...]
    """Those named most in the article, at most ten, most named first."""
    partial: bool = False
    """Whether it lacks something that the query asks."""
    explanation: tuple[ScorePart, ...] = ()
    """The parts of the score, where they were asked for; they add up."""
    copies: tuple[Article, ...] = ()
    """The same article elsewhere: copies of it, and what it is a copy of, the earliest first."""

    def to_dict(self, rank: int) -> dict[str, Any]:
        """Return the hit as JSON version 1 has it; the first hit of a query has rank 1."""
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
    """A value that hits have, and how many have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """How the hits of a query, all of them, are spread over a property."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What else could have been meant, where something finds little."""

    word: str
    """What finds little: a word as it was typed, or a field or option, as a field is written."""
    suggestion: str
    """What to put in its place; empty to leave it out."""
    articles: int
    """How many articles have it."""
    entity: str | None = None
    """The slug of the entity whose name it is."""


@dataclass(frozen=True, slots=True)
class Page:
    """Hits of a query from `offset` on, at most `limit` of them."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    """Articles with all that the query asks, exactly counted."""
    partial_total: int
    """Articles with some of it, where they were looked for."""
    unknown: tuple[str, ...] = ()
    """What finds nothing in the whole archive: words, phrases, and fields and options."""
    suggestions: tuple[Suggestion, ...] = ()
    facets: tuple[Facet, ...] = ()
    took_ms: float = 0.0
    offset: int = 0
    explanation: tuple[str, ...] = field(default=())
    """How the query was understood, a line a clause, where it was asked for."""
    archive_total: int = 0
    """Articles in the whole archive, copies too."""
    missing_shards: tuple[str, ...] = ()
    """The shards of a cluster that did not answer in time: what they hold is not counted."""

    def to_dict(self) -> dict[str, Any]:
        """Return the page as JSON version 1 has it."""
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
