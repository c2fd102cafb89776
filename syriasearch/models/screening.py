"""Results of screening: who on a list of names is in the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .article import Article, Snippet, identify
from .entity import Entity

Certainty = Literal["name", "spelling", "similar", "words"]
"""How a name of the list was found: as an alias of an entity; as a usual spelling of one, word for
word; as a name like it, which may be another's; or as words side by side, without an entity."""


@dataclass(frozen=True, slots=True)
class ScreeningMatch:
    """An entity of the archive that a name of the list may refer to."""

    entity: Entity | None
    """None if only the words of the name were found."""
    written: str
    """The name of the list, or the alias there, that was found."""
    alias: str
    """The spelling in the archive that it was found by."""
    certainty: Certainty
    score: float
    """1 for the same name, less for a spelling that is farther from it (`names.similarity`)."""
    articles: int
    """The number of articles that name it, copies included."""
    article: Article | None = None
    """The article with the best passage."""
    passage: Snippet | None = None
    note: str = ""
    """What speaks against it."""

    def to_dict(self) -> dict[str, Any]:
        """Return the match in JSON version 1."""
        article = self.article
        return {
            "entity": identify(self.entity) if self.entity else None,
            "written": self.written,
            "alias": self.alias,
            "certainty": self.certainty,
            "score": round(self.score, 3),
            "articles": self.articles,
            "article": article.to_dict() if article else None,
            "passage": self.passage.text if self.passage else None,
            "note": self.note or None,
        }


@dataclass(frozen=True, slots=True)
class Screening:
    """A row of the list and its possible matches, the surest first."""

    row: int
    """The number of the row in the list, from 1, a header not counted."""
    name: str
    values: Mapping[str, str]
    """The row as it was given."""
    matches: tuple[ScreeningMatch, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the row in JSON version 1."""
        return {
            "row": self.row,
            "name": self.name,
            "values": dict(self.values),
            "matches": [match.to_dict() for match in self.matches],
        }
