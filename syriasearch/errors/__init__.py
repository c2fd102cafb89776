"""The error tree. A subclass exists only if a caller would act differently on it.

    SyriaSearchError                  every error of this package
    ├── QuerySyntaxError              a query with a syntax error
    ├── TimeLimitError                a search that exceeded its time limit
    ├── OptionError                   an invalid argument: a date, a facet, a limit
    ├── ArticleNotFoundError          no article of the archive, or several, match
    ├── EntityNotFoundError           no entity of the archive matches
    │   └── AmbiguousEntityError      several entities have the name
    ├── GazetteerError                a gazetteer file with an invalid row
    ├── RecognizerError               an unknown recognizer, or one that is not installed
    ├── SourceError                   a path to ingest that is missing or cannot be read
    │   └── EmptySourceError          a folder to prune that no longer has any file
    ├── InternalError                 a fault of the program, or of its installation
    └── ArchiveError                  an archive that cannot be used
        ├── ArchiveNotFoundError      the file does not exist
        ├── NotAnArchiveError         the file is something else, or damaged
        ├── ArchiveVersionError       another version wrote it: newer, or never released
        ├── ArchiveLockedError        another process is writing to it
        ├── ArchiveReadOnlyError      it cannot be written: permissions, or opened for reading
        └── SQLiteFeatureError        this Python's SQLite is too old or lacks FTS5

Every message is one line that says what to do next, and every error can be pickled. An
ArchiveWarning reports a condition that leaves an archive usable, but with incomplete results.
"""

from __future__ import annotations

from typing import Any


class ArchiveWarning(UserWarning):
    """A warning that searches of an archive may miss hits until it is written again."""


class SyriaSearchError(Exception):
    """The base class of every error that this package raises."""


class QuerySyntaxError(SyriaSearchError):
    """A query with a syntax error.

    `query` is the text as given, `message` one line on what is wrong, and `position` the offset of
    the error in `query`, in code points.
    """

    def __init__(self, query: str, message: str, position: int) -> None:
        super().__init__(message)
        self.query = query
        self.message = message
        self.position = position

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.query, self.message, self.position)


class OptionError(SyriaSearchError):
    """An invalid argument: a date, a sort order, a facet, a limit."""


class TimeLimitError(SyriaSearchError):
    """A search, or another request, exceeded its time limit."""


class ArticleNotFoundError(SyriaSearchError):
    """The archive has no such article, or several that could be meant."""


class EntityNotFoundError(SyriaSearchError):
    """The archive has no entity with this name or slug, or several with the name.

    `name` is the name as given, `candidates` are the entities that could be meant, as
    `EntityCount`.
    """

    def __init__(self, message: str, name: str, candidates: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.candidates = candidates

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.name, self.candidates)


class AmbiguousEntityError(EntityNotFoundError):
    """Several entities of the archive have this name; a slug identifies one of them."""


class GazetteerError(SyriaSearchError):
    """A gazetteer file that cannot be read, or that has an invalid row."""


class RecognizerError(SyriaSearchError):
    """The recognizer is unknown, or a package or pipeline that it needs is not installed."""


class SourceError(SyriaSearchError):
    """A path to ingest that is missing or cannot be read."""


class EmptySourceError(SourceError):
    """A folder or a record set to prune has nothing any more; a folder may not be mounted.

    `folders` are all such folders and sets, with the number of articles that each would lose.
    """

    def __init__(self, folders: dict[str, int]) -> None:
        self.folders = folders
        super().__init__(f"{self.reason}: to remove them, add force (--force)")

    @property
    def reason(self) -> str:
        """The folders and numbers as a text, on one line."""
        each = (
            f"{folder} has no {'records' if folder.startswith('records:') else 'files'} any more, "
            f"but {count:,} article{'s' if count > 1 else ''}"
            for folder, count in self.folders.items()
        )
        return f"{', and '.join(each)} in the archive"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.folders,)


class InternalError(SyriaSearchError):
    """A fault of the program, or of its installation, as opposed to invalid input.

    `report` is the path of the file with the traceback, None if it could not be written; `details`
    is then the text of the report.
    """

    def __init__(self, message: str, report: str | None = None, details: str = "") -> None:
        super().__init__(message)
        self.report = report
        self.details = details

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.report, self.details)


class ArchiveError(SyriaSearchError):
    """The archive cannot be used."""


class ArchiveNotFoundError(ArchiveError):
    """No file exists at the archive's path."""


class NotAnArchiveError(ArchiveError):
    """The file is not an archive, or is damaged."""


class ArchiveVersionError(ArchiveError):
    """The archive was written by a newer version of the program, or by an unreleased one."""


class ArchiveLockedError(ArchiveError):
    """Another process is writing to the archive."""


class ArchiveReadOnlyError(ArchiveError):
    """The archive cannot be written: file permissions, or it was opened for reading."""


class SQLiteFeatureError(ArchiveError):
    """This Python's SQLite is too old, or was built without FTS5."""
