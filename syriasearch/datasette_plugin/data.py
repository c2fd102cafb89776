"""Formats of a page's content other than HTML: JSON, feeds, files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from datasette import Response
from datasette.utils import add_cors_headers

from .. import Archive, Article, Hit, OptionError, cite, export, feed
from .archives import ask
from .escaping import HEADERS
from .search_form import HITS, SearchForm, offset_of

MAX_HITS = 100
"""The maximum number of hits on a page of JSON; `page` counts pages of the requested size."""
FEED_HITS = 30
AT_ONCE = 100
"""The number of hits that an export requests at a time."""
CITATIONS = {
    "text": ("text/plain", "txt"),
    "bibtex": ("application/x-bibtex", "bib"),
    "csl": ("application/vnd.citationstyles.csl+json", "json"),
    "ris": ("application/x-research-info-systems", "ris"),
}
FORMATS = {
    "jsonl": ("application/x-ndjson", "jsonl"),
    "csv": ("text/csv", "csv"),
    "markdown": ("text/markdown", "md"),
    **CITATIONS,
}
"""Formats of citations and of exports: their media type, and the ending of a file."""


def as_json(datasette: Any, body: dict[str, Any], status: int = 200) -> Response:
    """Answer with JSON, for other sites too if Datasette allows it."""
    headers = dict(HEADERS)
    if datasette.cors:
        add_cors_headers(headers)
    text = json.dumps(body, ensure_ascii=False, default=_as_text)
    media = "application/json; charset=utf-8"
    return Response(text, status=status, headers=headers, content_type=media)


def _as_text(value: object) -> str | None:
    """Return a value that JSON does not have, as an archive from elsewhere may hold."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else None


def as_problem(datasette: Any, message: str, status: int) -> Response:
    """Return an error as JSON, in Datasette's form."""
    body = {"ok": False, "error": message, "status": status, "title": None}
    return as_json(datasette, body, status)


def as_file(text: str | bytes, format: str, name: str) -> Response:
    """Answer with a file to download."""
    media, ending = FORMATS[format]
    # A slug of an archive from elsewhere may be any text.
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
    headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(text, headers=headers, content_type=f"{media}; charset=utf-8")


async def search_json(datasette: Any, database: Any, form: SearchForm, args: Any) -> Response:
    """Answer a search with JSON version 1."""
    limit = min(_number(args, "limit", HITS), MAX_HITS)
    options: dict[str, Any] = {
        **form.options,
        "sort": form.sort,
        "limit": limit,
        "offset": offset_of(form.page, limit),
        "passages": min(_number(args, "passages", 3), 10),
        "facets": [name for name in args.getlist("facet") if name],
        "explain": args.get("explain") == "1",
    }
    page = await ask(database, lambda archive: archive.search(form.q, **options))
    return as_json(datasette, page.to_dict())


def _number(args: Any, name: str, default: int) -> int:
    value = args.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise OptionError(f"{name} takes a whole number from 0 on, not {value!r}")
    return int(value)


async def search_feed(
    database: Any, form: SearchForm, link: str, page_of: Callable[[Article], str]
) -> Response:
    """Answer with the newest articles that a search finds, as an Atom feed."""

    def find(archive: Archive) -> bytes:
        page = archive.search(
            form.q, **form.options, match="all", sort="newest", limit=FEED_HITS, passages=1
        )
        return feed(page, link, page_of)

    text = await ask(database, find)
    return Response(text, headers=HEADERS, content_type="application/atom+xml; charset=utf-8")


async def search_export(datasette: Any, database: Any, form: SearchForm, format: str) -> Response:
    """Answer with the hits of a search as a file, at most as many as Datasette returns rows."""
    limit = datasette.setting("max_returned_rows")
    hits: list[Hit] = []
    while len(hits) < limit:

        def more(archive: Archive, offset: int = len(hits)) -> tuple[Hit, ...]:
            options = {**form.options, "sort": form.sort, "limit": min(AT_ONCE, limit - offset)}
            return archive.search(form.q, **options, offset=offset, passages=1).hits

        found = await ask(database, more)
        hits += found
        if len(found) < AT_ONCE:
            break
    # What a browser downloads is opened by a spreadsheet.
    written = export(hits, "spreadsheet" if format == "csv" else format)
    return as_file("".join(written), format, "search")


def citation(article: Article, format: str) -> Response:
    """Answer with a citation as a file."""
    return as_file(cite(article, format) + "\n", format, article.slug[:80])
