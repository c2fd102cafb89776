"""Full-text search over news on the Syrian conflict, in one SQLite file."""

from ._version import __version__
from .archive import Archive
from .citations import cite
from .entities.recognizer import find_mentions
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
from .saved import SavedSearch
from .text import fold
from .timelines import Bucket, Timeline

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
