"""Messages and statuses of error pages."""

from __future__ import annotations

from .. import (
    AmbiguousEntityError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveVersionError,
    ArticleNotFoundError,
    EntityNotFoundError,
    NotAnArchiveError,
    OptionError,
    QuerySyntaxError,
    SyriaSearchError,
    TimeLimitError,
)
from .escaping import shown

_PROBLEMS: tuple[tuple[type[SyriaSearchError], int, str], ...] = (
    (QuerySyntaxError, 400, ""),
    (OptionError, 400, ""),
    (TimeLimitError, 503, "This takes too long. Ask for less: more words, or a shorter time."),
    (ArticleNotFoundError, 404, "There is no such article in this archive."),
    (AmbiguousEntityError, 404, "Several have this name."),
    (EntityNotFoundError, 404, "There is nobody and nothing of this name in this archive."),
    (ArchiveLockedError, 503, "The archive is being written. Try again in a moment."),
    (ArchiveNotFoundError, 404, "The file of this archive is not there any more."),
    (
        ArchiveVersionError,
        500,
        "Another version of syriasearch has written this archive: upgrade this one, or make the "
        "archive again.",
    ),
    (NotAnArchiveError, 404, "This database is no archive of syriasearch, or it is damaged."),
    (SyriaSearchError, 500, "This archive cannot be read."),
)
"""The first match for an error counts; without a message here, its own is shown."""


def error_page_of(error: SyriaSearchError) -> tuple[int, str]:
    """Return the status and message of an error's page, without paths of files or commands."""
    return next(
        (status, message or shown(str(error)))
        for kind, status, message in _PROBLEMS
        if isinstance(error, kind)
    )
