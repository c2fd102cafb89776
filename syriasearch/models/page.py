"""Results of a search: a page of hits with their passages, facets and suggestions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .article import JSON_VERSION, Article, Snippet, identify, mention_dict, select_fields
from .entity import Entity, Mention
from .listed import Listed, make_frame

_QUOTES = re.compile('["“”„«»]')


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a hit, shown as a snippet."""

    paragraph_id: int
    position: int
    kind: str
    snippet: Snippet
    mentions: tuple[Mention, ...] = ()
    """The mentions in the snippet of entities that the query names; offsets in the paragraph."""

    def to_dict(self) -> dict[str, Any]:
        """Return the passage in JSON version 1."""
        return {
            **select_fields(self, "paragraph_id", "position", "kind"),
            **select_fields(self.snippet, "start", "cut_before", "cut_after", "text"),
            "highlights": [list(span) for span in self.snippet.highlights],
            "html": self.snippet.to_html(),
            "mentions": list(map(mention_dict, self.mentions)),
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


@dataclass(frozen=True, slots=True, repr=False)
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
    missing: tuple[str, ...] = ()
    """The parts of the query that it lacks, as typed, if it is partial."""
    copies: tuple[Article, ...] = ()
    """Other versions of the article: its copies, and its original; the earliest first."""

    def __repr__(self) -> str:
        return f"<Hit {self.article.slug}: {self.score:.3f}>"

    def to_row(self, rank: int) -> dict[str, Any]:
        """Return the hit as a row of a table: its passages are lines, its entities names."""
        return {
            "rank": rank,
            "score": round(self.score, 6),
            "partial": self.partial,
            **self.article.to_dict(),
            "passages": "\n".join(map(str, (passage.snippet for passage in self.passages))),
            "entities": "; ".join(entity.name for entity in self.entities),
            "copies": "; ".join(copy.slug for copy in self.copies),
        }

    def _repr_html_(self) -> str:
        from .page_html import hit_html

        return hit_html(self)

    def to_dict(self, rank: int) -> dict[str, Any]:
        """Return the hit in JSON version 1; the first hit of a query has rank 1."""
        result: dict[str, Any] = {
            "rank": rank,
            "score": round(self.score, 6),
            "partial": self.partial,
            "article": self.article.to_dict(),
            "passages": [passage.to_dict() for passage in self.passages],
            "entities": [
                select_fields(each, "slug", "name", "type", "mentions") for each in self.entities
            ],
            "copies": [article.to_dict() for article in self.copies],
        }
        if self.missing:
            result["missing"] = list(self.missing)
        if self.explanation:
            result["explanation"] = [
                select_fields(part, "clause", "frequency", "articles")
                | {"idf": round(part.idf, 6), "score": round(part.score, 6)}
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


def _bare(text: str) -> str:
    return " ".join(_QUOTES.sub(" ", text).split())


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
    query: str = ""
    """The whole query with the replacement; empty if an option is replaced or left out instead."""

    @property
    def is_unquoted(self) -> bool:
        """Whether the replacement is the same text without its quotation marks."""
        return self.word != self.suggestion and _bare(self.word) == _bare(self.suggestion) != ""


@dataclass(frozen=True, slots=True)
class ReadAs:
    """A part of a query that was read as a name, or as another word, that it is almost spelt like.

    No word is read as another that the archive has in any form, nor is one with a capital.
    """

    word: str
    """The text that was read: words as typed, or a field or option in the form of a field."""
    entities: tuple[Entity, ...]
    """The entities that have the name; none if it was read as another word."""
    query: str
    """The query for the words themselves instead; empty for an option."""
    articles: int
    """The number of articles that have these words."""
    correction: str = ""
    """The word that was searched for instead; empty for a name."""

    def to_dict(self) -> dict[str, Any]:
        """Return the reading in JSON version 1; it has a correction if it is none of a name."""
        entities = list(map(identify, self.entities))
        result = {"word": self.word, "entities": entities}
        result |= select_fields(self, "query", "articles")
        return result | ({"correction": self.correction} if self.correction else {})


@dataclass(frozen=True, slots=True, repr=False)
class Page(Listed[Hit]):
    """Hits of a query from `offset` on, at most `limit` of them: a sequence of them."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    """The exact number of articles that match the whole query."""
    partial_total: int
    """The number of articles that match a part of the query, if they were searched for."""
    missing: tuple[str, ...] = ()
    """The parts that none of the first hits has, if these are partial, though other articles do."""
    unknown: tuple[str, ...] = ()
    """The parts that find nothing in the whole archive: words, phrases, fields and options."""
    suggestions: tuple[Suggestion, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    """The parts of the query that were read as names by their spelling, or as other words."""
    facets: tuple[Facet, ...] = ()
    took_ms: float = 0.0
    offset: int = 0
    explanation: tuple[str, ...] = ()
    """How the query was understood, one line for each clause, if requested."""
    archive_total: int = 0
    """The number of articles in the whole archive, copies included."""
    missing_shards: tuple[str, ...] = ()
    """The shards of a cluster that did not answer in time; their articles are not counted."""

    @property
    def _listed(self) -> tuple[Hit, ...]:
        return self.hits

    def __repr__(self) -> str:
        return (
            f"<Page of {self.query!r}: {len(self.hits)} hits of {self.total + self.partial_total}>"
        )

    def _repr_html_(self) -> str:
        from .page_html import page_html

        return page_html(self)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return a row for each hit, with the fields of its article."""
        return [hit.to_row(rank) for rank, hit in enumerate(self.hits, start=self.offset + 1)]

    def to_frame(self) -> Any:
        """Return the rows as a table of pandas. Raises OptionError if that is not installed."""
        return make_frame(self.to_rows(), dates="published")

    def to_dict(self) -> dict[str, Any]:
        """Return the page in JSON version 1."""
        result: dict[str, Any] = {
            "version": JSON_VERSION,
            **select_fields(self, "query", "total", "partial_total"),
            "unknown": list(self.unknown),
            "suggestions": [
                select_fields(each, "word", "suggestion", "articles", "entity", "query")
                for each in self.suggestions
            ],
            "read_as": [each.to_dict() for each in self.read_as],
            "facets": {
                facet.name: [
                    select_fields(each, "value", "label", "count") for each in facet.values
                ]
                for facet in self.facets
            },
            "took_ms": round(self.took_ms, 3),
            "hits": [
                hit.to_dict(rank) for rank, hit in enumerate(self.hits, start=self.offset + 1)
            ],
        }
        if self.missing:
            result["missing"] = list(self.missing)
        if self.explanation:
            result["explanation"] = list(self.explanation)
        if self.missing_shards:
            result["missing_shards"] = list(self.missing_shards)
        return result
