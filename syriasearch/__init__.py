"""Full-text search over news on the Syrian conflict, in one SQLite file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

from .errors import (
    AmbiguousEntityError,
    ArchiveError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    ArchiveVersionError,
    ArchiveWarning,
    ArticleNotFoundError,
    EmptySourceError,
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

if TYPE_CHECKING:
    from .archive.archive import Archive
    from .cluster.cluster import Cluster
    from .cluster.status import ClusterStatus, NodeStatus, ReplicaStatus, ShardStatus
    from .entities.editing.correction_scope import CorrectionScope
    from .entities.editing.corrections import Correction
    from .entities.editing.editor import Corrections
    from .entities.recognizer import find_mentions
    from .exporters.atom import feed
    from .exporters.citations import cite
    from .exporters.datasette_config import DatasetteConfig
    from .exporters.formats import export
    from .exporters.tables import export_table
    from .ingest.readers.base import Document, Problem, Reader, SourceFile
    from .models.article import Article, ArticleText, Paragraph, Snippet
    from .models.entity import Entity, Mention
    from .models.entity_profile import (
        Edge,
        EntityCount,
        EntityPage,
        EntityProfile,
        Neighbour,
        Network,
        Spelling,
    )
    from .models.page import Facet, FacetValue, Hit, Page, Passage, ReadAs, ScorePart, Suggestion
    from .models.report import (
        Deletion,
        IngestProblem,
        IngestReport,
        IngestRun,
        ReindexReport,
        RepairReport,
    )
    from .models.screening import Screening, ScreeningMatch
    from .models.timeline import Bucket, Timeline
    from .store.saved_searches import SavedSearch
    from .text.normalize import fold

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
    "CorrectionScope",
    "Corrections",
    "DatasetteConfig",
    "Deletion",
    "Document",
    "Edge",
    "EmptySourceError",
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
    "Problem",
    "QuerySyntaxError",
    "ReadAs",
    "Reader",
    "RecognizerError",
    "ReindexReport",
    "RepairReport",
    "ReplicaStatus",
    "SQLiteFeatureError",
    "SavedSearch",
    "ScorePart",
    "Screening",
    "ScreeningMatch",
    "ShardStatus",
    "Snippet",
    "SourceError",
    "SourceFile",
    "Spelling",
    "Suggestion",
    "SyriaSearchError",
    "TimeLimitError",
    "Timeline",
    "__version__",
    "cite",
    "export",
    "export_table",
    "feed",
    "find_mentions",
    "fold",
]

_LATER = {
    name: module
    for module, names in {
        "archive.archive": "Archive",
        "cluster.cluster": "Cluster",
        "cluster.status": "ClusterStatus NodeStatus ReplicaStatus ShardStatus",
        "entities.editing.correction_scope": "CorrectionScope",
        "entities.editing.corrections": "Correction",
        "entities.editing.editor": "Corrections",
        "entities.recognizer": "find_mentions",
        "exporters.atom": "feed",
        "exporters.citations": "cite",
        "exporters.datasette_config": "DatasetteConfig",
        "exporters.formats": "export",
        "exporters.tables": "export_table",
        "ingest.readers.base": "Document Problem Reader SourceFile",
        "models.article": "Article ArticleText Paragraph Snippet",
        "models.entity": "Entity Mention",
        "models.entity_profile": "Edge EntityCount EntityPage EntityProfile Neighbour Network "
        "Spelling",
        "models.page": "Facet FacetValue Hit Page Passage ReadAs ScorePart Suggestion",
        "models.report": "Deletion IngestProblem IngestReport IngestRun ReindexReport RepairReport",
        "models.screening": "Screening ScreeningMatch",
        "models.timeline": "Bucket Timeline",
        "store.saved_searches": "SavedSearch",
        "text.normalize": "fold",
    }.items()
    for name in names.split()
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
