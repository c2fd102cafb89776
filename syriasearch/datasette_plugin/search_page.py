"""The search page, and what belongs to it: names to complete, an overview, saved searches."""

from __future__ import annotations

import re
from dataclasses import replace
from shlex import quote
from typing import Any

from datasette import Forbidden, NotFound, Response
from datasette.utils import tilde_decode

from .. import Archive, Article, EntityCount, Network, Page, SavedSearch, Timeline
from . import data
from .archives import ask
from .drawings.histogram import draw_histogram
from .drawings.network import draw_network
from .entity_pages import reads_arabic, with_names
from .escaping import HEADERS
from .front import Contents, read_contents, title_of
from .handlers import check_format
from .permissions import SAVED, may_see
from .render import render
from .search_form import HITS, TEXT_FILTERS, SearchForm, offset_of
from .urls import Addresses

FACETS = ("entity", "source", "author", "lang")
MAX_BARS = 72
"""The maximum number of bars: in months, six years."""
SIDE = 272
"""The width of the bars next to the hits."""
WIDE_BARS = 180
PASSAGES = 4
"""The number of passages of a hit; two are shown, and the others on demand."""
COMPLETIONS = 8
_COMPLETED_WORDS = 4
"""The number of words at the end of a query that may be the beginning of a name."""
_COMPLETED_LETTERS = 60
_ENDED = re.compile(r"[():\"“”|]")
_SHORT_AFTER_ARTICLE = re.compile(r"\bال(?=\w{1,2}\Z)")
"""The Arabic article before so few letters that it may be part of the name: it is none of them."""
_WORD = re.compile(r"(?!-)[^\s():\"“”|]+")
NODES = 16
"""The number of entities in the network of a query, and of those that set it apart."""
EDGES = 24
SAVED_ON_A_PAGE = 100


async def show(datasette: Any, request: Any, database: Any) -> Response:
    """Show the results of a query, or offer them in another format."""
    form, format = SearchForm.read(request.args), request.url_vars["format"]
    if format == "json":
        return await data.search_json(datasette, database, form, request.args)
    if format == "atom":
        here = datasette.absolute_url(request, request.full_path)
        address = _absolute(datasette, request, database)
        return await data.search_feed(database, form, here, address)
    if format in data.FORMATS:
        return await data.search_export(datasette, database, form, format)
    check_format(format)
    page, timeline, contents = await ask(database, lambda archive: _find(archive, form), 2)
    found = page.total + page.partial_total
    entities = (facet.values for facet in page.facets if facet.name == "entity")
    names = {value.value: value.label for values in entities for value in values}
    context = {
        "search": form,
        "page": page,
        "found": found,
        "filters": list(form.filters(names)),
        "last": max(1, -(-found // HITS)),
        "histogram": draw_histogram(timeline, SIDE),
        "contents": contents,
        "title": await title_of(datasette, database.name) if contents else "",
    }
    return await render(datasette, request, database.name, "search.html", context)


def _find(archive: Archive, form: SearchForm) -> tuple[Page, Timeline, Contents | None]:
    """Return a page of hits, all hits over time, and for a first page what the archive holds.

    If there are partial hits on the first page, facets and timeline count all of them.
    """
    options: dict[str, Any] = {**form.options, "facets": FACETS, "most": MAX_BARS}
    page, timeline = archive.survey(
        form.q,
        **options,
        sort=form.sort,
        limit=HITS,
        offset=offset_of(form.page),
        passages=PASSAGES,
    )
    if 0 < page.total < HITS and page.partial_total:
        every, timeline = archive.survey(form.q, **options, match="any", limit=0)
        page = replace(page, facets=every.facets)
    return page, timeline, read_contents(archive) if form.is_front and page.total else None


def _absolute(datasette: Any, request: Any, database: Any) -> Any:
    """Return a function that returns the address of an article's page, for other programs."""
    to = Addresses(datasette, database.name)

    def address(article: Article) -> str:
        return str(datasette.absolute_url(request, to.article(article.slug)))

    return address


async def names(datasette: Any, request: Any, database: Any) -> Response:
    """Answer with the names that may be meant by the last words of a text, as JSON.

    `from` is where in the text the name begins.
    """
    text = (request.args.get("q") or "")[-_COMPLETED_LETTERS:]
    skipped = len(request.args.get("q") or "") - len(text)
    start, found = await ask(database, lambda archive: complete(archive, text))
    values = [
        {
            "slug": each.entity.slug,
            "name": each.entity.name,
            "type": each.entity.type,
            "articles": each.articles,
        }
        for each in found
    ]
    return data.as_json(datasette, {"from": skipped + start, "names": values})


def complete(archive: Archive, text: str) -> tuple[int, tuple[EntityCount, ...]]:
    """Return where in a text a name begins that its last words begin, and names that do."""
    starts = [match.start() for match in _WORD.finditer(text)][-_COMPLETED_WORDS:]
    for start in starts:
        beginning = text[start:]
        if len(beginning) > 1 and not _ENDED.search(beginning):
            beginning = _SHORT_AFTER_ARTICLE.sub("", beginning)
            found = archive.entities(name=beginning, limit=COMPLETIONS).entities
            if found:
                return start, found
    return len(text), ()


async def overview(datasette: Any, request: Any, database: Any) -> Response:
    """Show what a query finds over time, who is named in it, and who together."""
    form, in_arabic = SearchForm.read(request.args), reads_arabic(request)
    options = form.naming_options

    def find(archive: Archive) -> tuple[Timeline, Network, tuple[EntityCount, ...]]:
        network = archive.network(form.q, **options, limit=NODES, min_weight=2, sort="association")
        if not network.edges:
            network = archive.network(form.q, **options, limit=NODES)
        set_apart = archive.entities(form.q, **options, sort="association", limit=NODES).entities
        counts = (*network.nodes, *set_apart)
        names = archive.arabic_names(each.entity for each in counts) if in_arabic else {}
        return (
            archive.timeline(form.q, **options, by="auto", most=WIDE_BARS),
            replace(network, nodes=with_names(network.nodes, names)),
            with_names(set_apart, names),
        )

    timeline, network, set_apart = await ask(database, find, 2)
    context = {
        "search": form,
        "filters": list(form.filters({})),
        "histogram": draw_histogram(timeline),
        "network": network,
        "names": {node.entity.slug: node.entity for node in network.nodes},
        "edges": network.edges[:EDGES],
        "drawing": draw_network(network),
        "set_apart": set_apart if form.q or form.has_filters else (),
    }
    return await render(datasette, request, database.name, "overview.html", context)


async def saved(datasette: Any, request: Any, database: Any) -> Response:
    """List the saved searches, and say how the search at hand can be saved."""
    await _check_saved(datasette, request, database)
    form = SearchForm.read(request.args)
    wanted = (request.args.get("name") or "").strip()
    every = await ask(database, lambda archive: archive.saved())
    found = [each for each in every if wanted.casefold() in each.name.casefold()]
    last = max(1, -(-len(found) // SAVED_ON_A_PAGE))
    start = min(form.page - 1, last - 1) * SAVED_ON_A_PAGE
    listed = [(each, _form_of(each)) for each in found[start : start + SAVED_ON_A_PAGE]]
    context = {
        "search": replace(form, page=1),
        "wanted": wanted,
        "saved": listed,
        "total": len(found),
        "number": start // SAVED_ON_A_PAGE + 1,
        "last": last,
        "command": _save_command(form) if form.q or form.has_filters else "",
    }
    return await render(datasette, request, database.name, "saved.html", context)


async def _check_saved(datasette: Any, request: Any, database: Any) -> None:
    """Raise Forbidden if an actor may not see the saved searches of an archive."""
    if not await may_see(datasette, request.actor, database.name, SAVED):
        raise Forbidden("view-table")


def _form_of(saved: SavedSearch) -> SearchForm:
    """Return a saved search as the search page shows it, the newest first."""
    entity = saved.options.get("entity") or ()
    # A filter of Python's may be a list, of which a page shows the first.
    values = {name: saved.options.get(name) or "" for name in TEXT_FILTERS}
    texts = {name: str(each if isinstance(each, str) else each[0]) for name, each in values.items()}
    form = SearchForm(
        q=saved.query,
        entity=(entity,) if isinstance(entity, str) else tuple(entity),
        exact=bool(saved.options.get("exact")),
        all_copies=bool(saved.options.get("all_copies")),
        sort="newest",
    )
    return replace(form, **texts)  # type: ignore[arg-type]


def _save_command(form: SearchForm) -> str:
    """Return the command that saves a search."""
    words = [f"--{name} {quote(value)}" for name, value in form.texts() if value]
    words += [f"--entity {quote(each)}" for each in form.entity]
    words += ["--exact"] if form.exact else []
    words += ["--all-copies"] if form.all_copies else []
    return " ".join(["syriasearch save NAME", quote(form.q), *words])


async def saved_feed(datasette: Any, request: Any, database: Any) -> Response:
    """Answer with the feed of a saved search: what it has shown, the latest first."""
    await _check_saved(datasette, request, database)
    name = tilde_decode(request.url_vars["name"])
    saved = await ask(database, lambda archive: archive.saved())
    if all(each.name != name for each in saved):
        raise NotFound(f"No saved search is named {name}.")
    feed = await ask(database, lambda archive: archive.feed(name))
    return Response(feed, headers=HEADERS, content_type="application/atom+xml; charset=utf-8")
