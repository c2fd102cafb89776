"""Rendering of an archive's pages, and of errors on them, as HTML."""

from __future__ import annotations

from typing import Any

from datasette import Response

from .. import (
    AmbiguousEntityError,
    ArchiveLockedError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    ArchiveVersionError,
    ArticleNotFoundError,
    EntityNotFoundError,
    NotAnArchiveError,
    OptionError,
    QuerySyntaxError,
    SyriaSearchError,
    TimeLimitError,
    __version__,
)
from .drawings.histogram import in_words
from .escaping import (
    HEADERS,
    counted,
    cut,
    host,
    isolated,
    language,
    marked,
    passage,
    shown,
    web_address,
    with_addresses,
)
from .page_templates import find_template
from .search_form import first_day
from .teasers import cut_passage
from .urls import Addresses

_FUNCTIONS = {
    function.__name__: function
    for function in (
        counted,
        cut,
        cut_passage,
        first_day,
        host,
        in_words,
        isolated,
        language,
        marked,
        passage,
        shown,
        web_address,
        with_addresses,
    )
}
"""The functions that templates call."""
_ASSETS = {
    "tokens": "tokens.css",
    "style": "search.css",
    "pages": "pages.css",
    "script": "search.js",
    "completion": "completion.js",
}
"""The files that a page fetches, by their names in templates."""
_ERRORS: tuple[tuple[type[SyriaSearchError], int, str], ...] = (
    (QuerySyntaxError, 400, ""),
    (OptionError, 400, ""),
    (TimeLimitError, 503, "This takes too long. Try more words, or a shorter time."),
    (ArticleNotFoundError, 404, "There is no such article in this archive."),
    (AmbiguousEntityError, 404, "Several people or things have this name."),
    (EntityNotFoundError, 404, "No person, place or group by this name."),
    (ArchiveLockedError, 503, "The archive is being written. Try again in a moment."),
    (ArchiveReadOnlyError, 403, "The file of this archive cannot be written here."),
    (ArchiveNotFoundError, 404, "The file of this archive is gone."),
    (
        ArchiveVersionError,
        500,
        "Another version of syriasearch has written this archive: upgrade this one, or make the "
        "archive again.",
    ),
    (NotAnArchiveError, 404, "This database is not an archive of syriasearch, or it is damaged."),
    (SyriaSearchError, 500, "This archive cannot be read."),
)
"""The first match for an error counts; without a message here, its own is shown."""


def describe_error(error: SyriaSearchError) -> tuple[int, str]:
    """Return the status and message of an error's page, without paths of files or commands."""
    return next(
        (status, message or shown(str(error)))
        for kind, status, message in _ERRORS
        if isinstance(error, kind)
    )


async def render(
    datasette: Any,
    request: Any,
    database: str | None,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> Response:
    """Answer with a page, rendered from a template and its content."""
    assets = {
        name: f"{datasette.urls.static_plugins('syriasearch', file)}?v={__version__}"
        for name, file in _ASSETS.items()
    }
    to = Addresses(datasette, database) if database else None
    body = await datasette.render_template(
        find_template(datasette, request, template),
        {**_FUNCTIONS, **assets, "to": to, **context, "database": database},
        request=request,
        view_name="syriasearch",
    )
    # Names are in the script of the language that the reader prefers.
    headers = {**HEADERS, "vary": "accept-language"}
    return Response.html(body, status=status, headers=headers)
