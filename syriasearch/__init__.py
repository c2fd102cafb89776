"""Full-text search over news on the Syrian conflict, in one SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._version import __version__
from .archive import Archive
from .citations import cite
from .corrections import Correction
from .errors import (
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    ArchiveVersionError,
    ArticleNotFoundError,
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
    Mention,
    Page,
    Paragraph,
    Passage,
    ScorePart,
    Snippet,
    Suggestion,
)
from .reports import IngestProblem, IngestReport, ReindexReport
from .saved import SavedSearch
from .text import fold
from .timelines import Bucket, Timeline

if TYPE_CHECKING:
    from .correcting import Corrections
    from .entities.recognizer import find_mentions

__all__ = [
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
    "Correction",
    "Corrections",
    "Entity",
    "Facet",
    "FacetValue",
    "GazetteerError",
    "Hit",
    "IngestProblem",
    "IngestReport",
    "Mention",
    "NotAnArchiveError",
    "OptionError",
    "Page",
    "Paragraph",
    "Passage",
    "QuerySyntaxError",
    "RecognizerError",
    "ReindexReport",
    "SQLiteFeatureError",
    "SavedSearch",
    "ScorePart",
    "Snippet",
    "SourceError",
    "Suggestion",
    "SyriaSearchError",
    "Timeline",
    "__version__",
    "cite",
    "find_mentions",
    "fold",
]


def __getattr__(name: str) -> Any:
    """Import what writes or finds names when it is first asked for: a search does without it."""
    if name == "Corrections":
        from .correcting import Corrections

        return Corrections
    if name == "find_mentions":
        from .entities.recognizer import find_mentions

        return find_mentions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
