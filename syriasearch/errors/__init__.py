"""What can go wrong, and who would act differently on it?

    SyriaSearchError                  every error of this package
    ├── QuerySyntaxError              a query that cannot mean what it says
    ├── TimeLimitError                what took longer than it was given
    ├── OptionError                   an argument that cannot be used: a date, a facet, a limit
    ├── ArticleNotFoundError          there is no such article in the archive
    ├── EntityNotFoundError           there is no such entity in the archive
    │   └── AmbiguousEntityError      several entities have the name
    ├── GazetteerError                a gazetteer file with a row that cannot be used
    ├── RecognizerError               a recognizer that there is not, or that is not installed
    ├── SourceError                   a path to ingest that is missing or cannot be read
    ├── InternalError                 a fault of the program, or of how it is installed
    └── ArchiveError                  the archive cannot be used
        ├── ArchiveNotFoundError      there is no such file
        ├── NotAnArchiveError         the file is something else, or damaged
        ├── ArchiveVersionError       another version wrote it: newer, or never released
        ├── ArchiveLockedError        another process is writing to it
        ├── ArchiveReadOnlyError      it cannot be written: permissions, or opened to read
        └── SQLiteFeatureError        this Python's SQLite is too old or lacks FTS5

Every message is one line that says what to do next, and every error can be pickled. What leaves
an archive usable, but not as good as it could be, is an ArchiveWarning.
"""

from __future__ import annotations

from typing import Any


class ArchiveWarning(UserWarning):
    """An archive whose searches may miss something until it is written again."""


class SyriaSearchError(Exception):
    """The base of every error that this package raises for bad input."""


class QuerySyntaxError(SyriaSearchError):
    """A query that cannot mean what it says.

    `query` is the text as given, `message` one line on what is wrong, and `position` the offset
    into `query`, in code points, where it goes wrong.
    """

    def __init__(self, query: str, message: str, position: int) -> None:
        super().__init__(message)
        self.query = query
        self.message = message
        self.position = position

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.query, self.message, self.position)


class OptionError(SyriaSearchError):
    """An argument that cannot be used: a date, a sort order, a facet, a limit."""


class TimeLimitError(SyriaSearchError):
    """What was asked took longer than the time that it was given."""


class ArticleNotFoundError(SyriaSearchError):
    """There is no such article in the archive, or several could be meant."""


class EntityNotFoundError(SyriaSearchError):
    """There is no entity of this name or slug in the archive, or several have the name.

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
    """Several entities of the archive have this name: ask for one by its slug."""


class GazetteerError(SyriaSearchError):
    """A gazetteer file with a row that cannot be used."""


class RecognizerError(SyriaSearchError):
    """There is no such recognizer, or what it needs is not installed."""


class SourceError(SyriaSearchError):
    """A path to ingest that is missing or cannot be read."""


class InternalError(SyriaSearchError):
    """A fault of the program, or of how it is installed, and not of what it was given.

    `report` is the file that has the traceback; where none could be written it is None, and
    `details` has its text.
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
    """There is no archive at this path."""


class NotAnArchiveError(ArchiveError):
    """The file is not an archive, or is damaged."""


class ArchiveVersionError(ArchiveError):
    """A newer version of the program wrote this archive, or one that was never released."""


class ArchiveLockedError(ArchiveError):
    """Another process is writing to the archive."""


class ArchiveReadOnlyError(ArchiveError):
    """The archive cannot be written: file permissions, or it was opened to read."""


class SQLiteFeatureError(ArchiveError):
    """This Python's SQLite is too old, or was built without FTS5."""
