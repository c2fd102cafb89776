"""Full-text search over news on the Syrian conflict, in one SQLite file."""

from ._version import __version__
from .archive import Archive
from .entities.recognizer import find_mentions
from .errors import (
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    ArchiveVersionError,
    GazetteerError,
    NotAnArchiveError,
    OptionError,
    QuerySyntaxError,
    SourceError,
    SQLiteFeatureError,
    SyriaSearchError,
)
from .models import (
    Article,
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
from .text import fold

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchiveLockedError",
    "ArchiveNotFoundError",
    "ArchiveReadOnlyError",
    "ArchiveVersionError",
    "Article",
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
    "SQLiteFeatureError",
    "ScorePart",
    "Snippet",
    "SourceError",
    "Suggestion",
    "SyriaSearchError",
    "__version__",
    "find_mentions",
    "fold",
]
