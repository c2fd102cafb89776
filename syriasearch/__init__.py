"""Full-text search over news on the Syrian conflict, in one SQLite file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__
from .errors import (
    AmbiguousEntityError,
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    ArchiveVersionError,
    ArchiveWarning,
    ArticleNotFoundError,
    EntityNotFoundError,
    GazetteerError,
    InternalError,
    NotAnArchiveError,
    OptionError,
    QuerySyntaxError,
    RecognizerError,
    SourceError,
    SQLiteFeatureError,
    SyriaSearchError,
    TimeLimitError,
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

if TYPE_CHECKING:
    from .archive import Archive
    from .citations import cite
    from .correcting import Corrections
    from .corrections import Correction
    from .datasette_config import DatasetteConfig
    from .entities.recognizer import find_mentions
    from .exports import export
    from .feeds import feed
    from .profiles import (
        Edge,
        EntityCount,
        EntityPage,
        EntityProfile,
        Neighbour,
        Network,
        Spelling,
    )
    from .reports import (
        IngestProblem,
        IngestReport,
        IngestRun,
        ReindexReport,
        RepairReport,
    )
    from .saved import SavedSearch
    from .shards import Cluster, ClusterStatus, NodeStatus, ReplicaStatus, ShardStatus
    from .text import fold
    from .timelines import Bucket, Timeline

__all__ = [
    "AmbiguousEntityError",
    "Archive",
    "ArchiveError",
    "ArchiveLockedError",
    "ArchiveNotFoundError",
    "ArchiveReadOnlyError",
    "ArchiveVersionError",
    "ArchiveWarning",
    "Article",
    "ArticleNotFoundError",
    "ArticleText",
    "Bucket",
    "Cluster",
    "ClusterStatus",
    "Correction",
    "Corrections",
    "DatasetteConfig",
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
    "IngestRun",
    "InternalError",
    "Mention",
    "Neighbour",
    "Network",
    "NodeStatus",
    "NotAnArchiveError",
    "OptionError",
    "Page",
    "Paragraph",
    "Passage",
    "QuerySyntaxError",
    "RecognizerError",
    "ReindexReport",
    "RepairReport",
    "ReplicaStatus",
    "SQLiteFeatureError",
    "SavedSearch",
    "ScorePart",
    "ShardStatus",
    "Snippet",
    "SourceError",
    "Spelling",
    "Suggestion",
    "SyriaSearchError",
    "TimeLimitError",
    "Timeline",
    "__version__",
    "cite",
    "export",
    "feed",
    "find_mentions",
    "fold",
]

_LATER = {
    "Archive": "archive",
    "Bucket": "timelines",
    "Cluster": "shards",
    "ClusterStatus": "shards",
    "Correction": "corrections",
    "Corrections": "correcting",
    "DatasetteConfig": "datasette_config",
    "Edge": "profiles",
    "EntityCount": "profiles",
    "EntityPage": "profiles",
    "EntityProfile": "profiles",
    "IngestProblem": "reports",
    "IngestReport": "reports",
    "IngestRun": "reports",
    "ReindexReport": "reports",
    "RepairReport": "reports",
    "Neighbour": "profiles",
    "Network": "profiles",
    "NodeStatus": "shards",
    "ReplicaStatus": "shards",
    "SavedSearch": "saved",
    "ShardStatus": "shards",
    "Spelling": "profiles",
    "Timeline": "timelines",
    "cite": "citations",
    "export": "exports",
    "feed": "feeds",
    "fold": "text",
    "find_mentions": "entities.recognizer",
}
"""What is imported when it is first asked for, from these modules: a search does without most of
it, and where a package is missing the command can still say so."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
