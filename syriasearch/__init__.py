"""Full-text search over news on the Syrian conflict, in one SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._version import __version__
from .archive import Archive
from .citations import cite
from .errors import (
    AmbiguousEntityError,
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    ArchiveVersionError,
    ArticleNotFoundError,
    EntityNotFoundError,
    GazetteerError,
    NotAnArchiveError,
    OptionError,
    QuerySyntaxError,
    RecognizerError,
    SourceError,
    SQLiteFeatureError,
    SyriaSearchError,
)
from .models import (
    Article,
    ArticleText,
    Entity,
    Facet,
    FacetValue,
    Hit,
    IngestProblem,
    IngestReport,
    Mention,
    Page,
    Paragraph,
    Passage,
    ScorePart,
    Snippet,
    Suggestion,
)
from .profiles import (
    Edge,
    EntityCount,
    EntityPage,
    EntityProfile,
    Neighbour,
    Network,
    Spelling,
)
from .saved import SavedSearch
from .text import fold
from .timelines import Bucket, Timeline

if TYPE_CHECKING:
    from .entities.recognizer import find_mentions

__all__ = [
    "AmbiguousEntityError",
    "Archive",
    "ArchiveError",
    "ArchiveLockedError",
    "ArchiveNotFoundError",
    "ArchiveReadOnlyError",
    "ArchiveVersionError",
    "Article",
    "ArticleNotFoundError",
    "ArticleText",
    "Bucket",
    "Edge",
    "Entity",
    "EntityCount",
    "EntityNotFoundError",
    "EntityPage",
    "EntityProfile",
    "Facet",
    "FacetValue",
    "GazetteerError",
    "Hit",
    "IngestProblem",
    "IngestReport",
    "Mention",
    "Neighbour",
    "Network",
    "NotAnArchiveError",
    "OptionError",
    "Page",
    "Paragraph",
    "Passage",
    "QuerySyntaxError",
    "RecognizerError",
    "SQLiteFeatureError",
    "SavedSearch",
    "ScorePart",
    "Snippet",
    "SourceError",
    "Spelling",
    "Suggestion",
    "SyriaSearchError",
    "Timeline",
    "__version__",
    "cite",
    "find_mentions",
    "fold",
]


def __getattr__(name: str) -> Any:
    """Import what finds names when it is first asked for: a search does without it."""
    if name == "find_mentions":
        from .entities.recognizer import find_mentions

        return find_mentions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
