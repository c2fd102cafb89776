"""The archive: the one object that a user opens."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

from ..errors import ArchiveError, ArchiveReadOnlyError, ArticleNotFoundError, OptionError
from ..models.entity import ENTITY_TYPES, Entity
from ..models.options import (
    FACETS,
    CitationStyle,
    Day,
    EdgeSort,
    EntitySort,
    ExportFormat,
    MatchMode,
    Names,
    Sort,
    TimeSpan,
    as_slug,
    as_slugs,
    as_text,
    as_types,
    check_choice,
    check_count,
    check_flag,
)
from .backend import FileBackend, open_backend

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ..entities.editing.editor import Corrections
    from ..entities.recognition_settings import GazetteerFiles
    from ..ingest.progress import Progress
    from ..models.article import Article, ArticleText, Snippet
    from ..models.entity_profile import EntityPage, EntityProfile, Network
    from ..models.page import FacetValue, Hit, Page
    from ..models.report import (
        Deletion,
        IngestProblem,
        IngestReport,
        IngestRun,
        ReindexReport,
        RepairReport,
    )
    from ..models.screening import Screening
    from ..models.timeline import Timeline
    from ..search.query.request import FilterOptions, SearchRequest
    from ..search.saved_searches import SavedSearches
    from ..store.saved_searches import SavedSearch
    from .backend import Source, Writers


def make_request(
    query: str, filters: Mapping[str, Any] | None = None, /, **options: Any
) -> SearchRequest:
    """Return the request of a query with options. Raises OptionError."""
    # What searches is imported by what needs it, here and below: numpy is, and takes as long as all
    # else that a command imports.
    from ..search.query.request import make_request as make

    return make(query, filters, **options)


class Archive:
    """An archive: one SQLite file, searched and filled.

    Safe to share between threads for reading: each gets a connection of its own. The file is not
    touched before it is needed, and created by the first `ingest`; with `readonly=True` it must
    exist, and is never written.

    Raises, here or when it is first used, ArchiveNotFoundError, NotAnArchiveError,
    ArchiveVersionError or SQLiteFeatureError.
    """

    ENTITY_TYPES, FACETS = ENTITY_TYPES, FACETS
    SORTS: tuple[Sort, ...] = get_args(Sort)
    MATCHES: tuple[MatchMode, ...] = get_args(MatchMode)
    ENTITY_SORTS: tuple[EntitySort, ...] = get_args(EntitySort)
    EDGE_SORTS: tuple[EdgeSort, ...] = get_args(EdgeSort)
    SPANS = (*get_args(TimeSpan), "auto")
    EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
    CITATION_STYLES: tuple[CitationStyle, ...] = get_args(CitationStyle)
    """The values that the options `type`, `facets`, `sort`, `match` and `by` take, and the
    functions `export` and `cite`."""

    def __init__(self, path: str | os.PathLike[str], *, readonly: bool = False) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):
            raise OptionError(f"path takes the path of an archive, not {path!r}")
        check_flag("readonly", readonly)
        name = os.fsdecode(path)
        if "\0" in name or not name:
            raise ArchiveError(f"{name!r} is no path of an archive")
        self.path = Path(name)
        self.readonly = readonly
        self._backend = open_backend(self.path)
        if readonly and isinstance(self._backend, FileBackend):
            self._backend.connection()

    def close(self) -> None:
        """Close the archive; it cannot be used afterwards."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path}>"

    def __len__(self) -> int:
        """Return the number of articles, copies included."""
        return self.search("", limit=0).archive_total

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, slug: str | Article | Hit) -> ArticleText:
        """Return an article, as `article` does."""
        return self.article(slug)

    def __contains__(self, slug: object) -> bool:
        """Return whether there is an article that `article` returns for this slug."""
        from ..search.article import find_article

        try:
            text = as_slug("slug", slug)
            self._backend.ask(lambda collection: find_article(collection, text))
        except (ArticleNotFoundError, OptionError):
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        """Return the slugs of all articles, the oldest first, and those without a date last."""
        from ..search.article import read_slugs

        return iter(self._backend.ask(read_slugs))

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Stop the calls of this thread in here after a number of seconds of work in total.

        Raises TimeLimitError then; on a busy machine, after five times as long at the latest. Work
        that does not read the file, some milliseconds of it, is not stopped. `hits` reads through
        its own connection, without this limit.
        """
        if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
            raise OptionError(f"seconds takes a number, not {seconds!r}")
        return self._backend.within(seconds)

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        after: Day | None = None,
        before: Day | None = None,
        source: Names | None = None,
        entity: Names | None = None,
        lang: Names | None = None,
        author: Names | None = None,
        sort: Sort = "relevance",
        match: MatchMode = "auto",
        facets: Iterable[str] = (),
        passages: int = 3,
        explain: bool = False,
        exact: bool = False,
        recent: bool = False,
        expand: bool = False,
        all_copies: bool = False,
    ) -> Page:
        """Find articles, ranked, with their best passages.

        `after` (from that day on) and `before` (up to the day before it) take a day, a month or a
        year: "2018-01-27", "2018-01", "2018", or a date of Python. `source`, `author` and `lang`
        are compared without regard to case, and may be lists, of which an article has one;
        `entity` is a slug or a name in any spelling, or several; an article must name all of them.
        `sort` is "relevance", "newest" or "oldest". `match` is "all" (every word), "any", or
        "auto": up to three words, articles with all of them come first and the others follow,
        marked as partial; longer queries are ranked by score alone. `facets` are names among
        source, author, lang, year, month, entity and type, counted over all articles with every
        word, or over the partial ones if there are none. With `passages=0` hits come without text.
        With `exact=True` a word is just that word, in no other form or spelling, as in quotation
        marks. `recent` favours newer articles (twice the score on the archive's last day, one and a
        half times a year before); `expand` also searches, in a second pass and with small weights,
        for what the first hits have in common.

        An article and its copies are one hit, which lists the others and counts once. With
        `all_copies=True` each is a hit of its own.

        Raises QuerySyntaxError for a query that cannot be read, OptionError for an option that
        cannot be used, ArchiveError for an archive that cannot be read.
        """
        from ..search.searcher import search

        request = make_request(
            query,
            after=after,
            before=before,
            source=source,
            entity=entity,
            lang=lang,
            author=author,
            limit=limit,
            offset=offset,
            sort=sort,
            match=match,
            facets=facets,
            passages=passages,
            explain=explain,
            exact=exact,
            recent=recent,
            expand=expand,
            all_copies=all_copies,
        )
        return self._backend.ask(partial(search, request=request), in_part=True)

    def hits(
        self,
        query: str,
        *,
        sort: Sort = "relevance",
        match: MatchMode = "auto",
        passages: int = 1,
        exact: bool = False,
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Iterator[Hit]:
        """Return all hits of a query one by one, without limit, as `search` orders them.

        The archive is read as it is at the first hit, through a separate connection that is closed
        after the last one. The options and the errors are those of `search`.
        """
        from ..search.searcher import stream

        request = make_request(
            query,
            filters,
            sort=sort,
            match=match,
            passages=passages,
            exact=exact,
            all_copies=all_copies,
        )
        self._backend.ask(lambda _: None)  # to raise errors at once
        return self._backend.stream(partial(stream, request=request))

    def related(
        self,
        slug: str | Article | Hit,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        passages: int = 1,
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Page:
        """Find the articles on the same subject as a given one, the most similar first.

        They share the words and names that distinguish it from other articles. A slug may be cut
        short if no other slug begins with it; the other options are those of `search`. Raises
        ArticleNotFoundError, OptionError and ArchiveError.
        """
        from ..search.searcher import search_like

        slug = as_slug("slug", slug)
        request = make_request(
            "",
            filters,
            limit=limit,
            offset=offset,
            sort=sort,
            match="any",
            passages=passages,
            all_copies=all_copies,
        )
        return self._backend.ask(partial(search_like, slug=slug, request=request), in_part=True)

    def like(
        self,
        text: str,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        passages: int = 1,
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Page:
        """Find the articles that are most like a text: a passage, a claim, a post.

        Nothing in the text is read as syntax. An article that has the text itself comes first. The
        options are those of `search`. Raises QuerySyntaxError for a text that is empty or has more
        than two million characters, OptionError and ArchiveError.
        """
        from ..search.searcher import search

        request = make_request(
            f"like:{as_text('text', text)}",
            filters,
            limit=limit,
            offset=offset,
            sort=sort,
            passages=passages,
            all_copies=all_copies,
        )
        return self._backend.ask(partial(search, request=request), in_part=True)

    def values(self, kind: str, beginning: str = "", *, limit: int = 50) -> tuple[FacetValue, ...]:
        """Return the archive's values with a beginning, the most common first, for completion.

        `kind` is source, author, lang, slug or entity; an entity's value is its slug, and any of
        its names may have the beginning. Raises OptionError for another kind.
        """
        from ..search.completion import find_values

        kind, beginning = as_text("kind", kind), as_text("beginning", beginning)
        check_count("limit", limit)
        return self._backend.ask(partial(find_values, kind=kind, beginning=beginning, limit=limit))

    def article(self, slug: str | Article | Hit, *, query: str = "") -> ArticleText:
        """Return an article with its whole text and its mentions of entities.

        `query` is what to highlight in it. A slug may be cut short if no other slug begins with it.
        Raises ArticleNotFoundError, QuerySyntaxError, and ArchiveError.
        """
        from ..search.article import read_article

        slug, query = as_slug("slug", slug), as_text("query", query)
        return self._backend.ask(partial(read_article, slug=slug, query=query))

    def highlighter(self, query: str) -> Callable[[str], Snippet]:
        """Return a function that cuts the piece that answers a query out of any text, highlighted.

        Names are recognized by their aliases. Raises QuerySyntaxError and ArchiveError.
        """
        from ..search.article import make_highlighter

        return self._backend.ask(partial(make_highlighter, query=as_text("query", query)))

    @property
    def corrections(self) -> Corrections:
        """Corrections of the archive's entities: merge, split, rename, hide, undo."""
        from ..entities.editing.corrections import read_corrections
        from ..entities.editing.editor import Corrections
        from ..entities.editing.scoped_coverage import read_unsure

        return Corrections(
            lambda: self._backend.ask(lambda each: read_corrections(each.names), warns=False),
            lambda: self._backend.ask(lambda each: read_unsure(each.connections), warns=False),
            self._batch,
        )

    @property
    def saved_searches(self) -> SavedSearches:
        """The archive's saved searches: save, list, what is new, feed, forget."""
        from ..search.saved_searches import SavedSearches

        return SavedSearches(self._backend.ask, self._batch)

    def timeline(
        self,
        *queries: str,
        by: TimeSpan | Literal["auto"] = "month",
        most: int = 60,
        exact: bool = False,
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Timeline:
        """Count the articles with all that each query asks by the time of their publication.

        `by` is "day", "week", "month", "year", or "auto": the finest of them that gives no more
        than `most` spans; years may give more. The other options and the errors are those of
        `search`.
        """
        from ..models.timeline import make_timeline, span_for
        from ..search.searcher import days

        check_count("most", most)
        options = {"exact": exact, "all_copies": all_copies}
        requests = [make_request(query, filters, **options) for query in queries]
        counts = [self._backend.ask(partial(days, request=each)) for each in requests]
        return make_timeline(span_for(counts, by, most), queries, counts)

    def survey(
        self, query: str, *, by: TimeSpan | Literal["auto"] = "auto", most: int = 60, **options: Any
    ) -> tuple[Page, Timeline]:
        """Return what `search` finds, and its `timeline`, in less time than both would take.

        The options and the errors are those of the two.
        """
        from ..models.timeline import make_timeline, span_for
        from ..search.searcher import survey

        check_count("most", most)
        request = make_request(query, **options)
        page, counts = self._backend.ask(partial(survey, request=request), in_part=True)
        return page, make_timeline(span_for([counts], by, most), [query], [counts])

    def entity(
        self,
        name: str | Entity,
        *,
        limit: int = 5,
        neighbours: int = 10,
        **filters: Unpack[FilterOptions],
    ) -> EntityProfile:
        """Return an entity's profile: spellings, counts, timeline, neighbours, latest articles.

        `name` is a slug or a name in any spelling. `limit` is the number of latest articles,
        `neighbours` the number of neighbours; the filters are those of `search`, and all counts
        are of the articles that pass them.

        If several entities have the name, it means the only one that any article names, or else
        the one whose canonical name it is. Raises AmbiguousEntityError if there is none,
        EntityNotFoundError if no entity has the name, both with candidates; OptionError, and
        ArchiveError.
        """
        from ..search.entity_profile import make_profile

        name = as_slug("name", name).strip()
        if not name:
            raise OptionError("name takes a name or a slug of an entity, not nothing")
        check_count("neighbours", neighbours)
        request = make_request(
            "", filters, limit=limit, sort="newest", match="all", passages=1, all_copies=True
        )
        return self._backend.ask(
            partial(make_profile, name=name, request=request, neighbours=neighbours)
        )

    def screen(
        self,
        names: str | os.PathLike[str] | IO[bytes] | Iterable[str | Mapping[str, str]],
        *,
        columns: Mapping[str, str] | None = None,
        limit: int = 3,
    ) -> Iterator[Screening]:
        """Look up a list of names, and yield for each row whom it may mean; nothing is merged.

        `names` is a CSV file in UTF-8, or such a file open for reading in binary mode, or names, or
        rows as mappings. A row has a name (or a given and a family name), and may have aliases
        (separated by `|` or `;`), a type, and a date or year of birth; the usual headers are known,
        and `columns` names others: {"name": "Nom"}. Other columns are passed on. A name may have
        the family name first or last, in any spelling and either script. `limit` is the maximum
        number of matches for a row, the surest first. Empty rows are skipped. Rows are read and
        yielded one by one, so a list may be of any length.

        Raises OptionError for a list that cannot be read, and ArchiveError.
        """
        from ..search.name_lists import read_names
        from ..search.screening import screen

        check_count("limit", limit)
        if columns is not None and not isinstance(columns, Mapping):
            raise OptionError(f"columns takes a mapping of fields to columns, not {columns!r}")
        rows = read_names(names, columns)
        self._backend.ask(lambda _: None)  # to raise errors at once
        return self._backend.stream(partial(screen, names=rows, columns=columns, limit=limit))

    def entities(
        self,
        query: str = "",
        *,
        name: str = "",
        initial: str = "",
        type: str | Iterable[str] | None = None,
        min_count: int = 1,
        sort: EntitySort = "articles",
        limit: int = 50,
        offset: int = 0,
        exact: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> EntityPage:
        """List the entities named in the articles with all that a query asks, or in all articles.

        `name` keeps those that have these words in one of their names, `initial` those whose name
        begins with this letter, without an article (an Arabic letter: any of their names), `type`
        those of one type or several, `min_count` those that at least this many articles name.
        `sort` is "articles", "mentions", "name", or "association": those named more often there
        than in the archive as a whole come first. The other options are those of `search`. Raises
        QuerySyntaxError, OptionError and ArchiveError.
        """
        from ..search.entity_list import list_entities

        check_choice("sort", sort, self.ENTITY_SORTS)
        check_count("min_count", min_count)
        request = make_request(
            query, filters, limit=limit, offset=offset, exact=exact, all_copies=True
        )
        name, types = as_text("name", name).strip(), as_types(type)
        initial = as_text("initial", initial).strip()
        return self._backend.ask(
            partial(
                list_entities,
                request=request,
                types=types,
                name=name,
                initial=initial,
                min_count=min_count,
                sort=sort,
            )
        )

    def arabic_names(
        self, entities: Iterable[str | Entity], *, initial: str = ""
    ) -> dict[str, str]:
        """Return the names in Arabic script of entities, by slug; of those that have one.

        `entities` are slugs or entities. Of several names of one, the first that begins with
        `initial` is returned, or else the first.
        """
        from ..text.arabic import name_key

        slugs = [each.slug if isinstance(each, Entity) else each for each in entities]
        key = name_key(as_text("initial", initial))
        return self._backend.ask(lambda each: each.entities.arabic_names(slugs, key))

    def network(
        self,
        query: str = "",
        *,
        type: str | Iterable[str] | None = None,
        min_weight: int = 1,
        sort: EdgeSort = "weight",
        limit: int = 50,
        exact: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Network:
        """Return the network of entities named together in the articles with all a query asks.

        The nodes are the `limit` entities that most of the articles name (1,000 at most), of one
        type or several; the edges are the pairs that occur together in `min_weight` articles or
        more, the strongest first. With `sort="association"` the nodes are first those that these
        articles name more often than others, by log-likelihood, and the edges are in the order of
        what chance explains least. The other options are those of `search`. Raises
        QuerySyntaxError, OptionError and ArchiveError.
        """
        from ..search.entity_network import MAX_NODES, make_network

        check_choice("sort", sort, self.EDGE_SORTS)
        check_count("min_weight", min_weight)
        request = make_request(query, filters, limit=limit, exact=exact, all_copies=True)
        if limit > MAX_NODES:
            raise OptionError(f"limit takes at most {MAX_NODES:,} entities, not {limit:,}")
        types = as_types(type)
        return self._backend.ask(
            partial(make_network, request=request, types=types, min_weight=min_weight, sort=sort)
        )

    def save(
        self,
        name: str,
        query: str,
        *,
        exact: bool = False,
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> SavedSearch:
        """Keep a query under a name (`saved_searches.save`)."""
        flags = {"exact": exact, "all_copies": all_copies}
        return self.saved_searches.save(name, query, **flags, **filters)

    def saved(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches, by name (`saved_searches.list`)."""
        return self.saved_searches.list()

    def new(
        self, name: str, *, limit: int | None = None, passages: int = 3, keep: bool = False
    ) -> Page:
        """Return the hits that a saved search has not shown yet (`saved_searches.new`)."""
        return self.saved_searches.new(name, limit=limit, passages=passages, keep=keep)

    def feed(self, name: str, *, limit: int = 100) -> bytes:
        """Return an Atom feed of what a saved search has shown (`saved_searches.feed`)."""
        return self.saved_searches.feed(name, limit=limit)

    def forget(self, name: str) -> None:
        """Delete a saved search (`saved_searches.forget`)."""
        self.saved_searches.forget(name)

    def ingest(
        self,
        *sources: Source,
        name: str | None = None,
        gazetteer: GazetteerFiles = None,
        recognizer: str | None = None,
        prune: bool = False,
        force: bool = False,
        retry: bool = False,
        restore: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
        processes: int | None = None,
        format: str | None = None,
        columns: Mapping[str, str] | None = None,
        dates: Literal["day-first", "month-first"] | None = None,
    ) -> IngestReport:
        """Ingest files, folders and records into the archive, and create it if there is none.

        What is unchanged is skipped, a changed document replaces its article under the same slug,
        and one bad file never stops the run: see the report's `problems`. `gazetteer` are CSV or
        YAML files with names to find in addition to the package's own. The archive keeps their
        content, also for later runs, in place of earlier files; without it those are used, and
        with an empty list none. `recognizer` finds names, and is kept in the same way: "rules"
        (the gazetteer, and other names by rules), "gazetteer", or "spacy:NAME". `prune` removes
        articles that are no longer in these folders and files; if a folder no longer has any file,
        as one that is not mounted, only with `force`. `retry` reads only the files that could not
        be read completely before; `restore` also ingests articles that were deleted, and whose
        sources have not changed since. With `dry_run` nothing is written, and the report says what
        a run would do. `progress` is called with the bytes read, the bytes to read (0 if that is
        unknown) and the name of a file, for each file and now and then within one; if it has a
        parameter `articles`, also with the number of articles read. `processes` is the number of
        worker processes that prepare articles; if it is None, one for each of several processors,
        if there is enough to read for all.

        A source is a path, a glob, standard input (`-`), or a folder of a bucket
        (`s3://bucket/folder`), for which boto3 is needed. The format is recognized by a file's
        content; `format` ("html", "csv", "jsonl" …) sets it for files that are named, and for
        standard input. `columns` says which column of a table, or key of an object, has which
        field: {"title": "Headline"}. `dates` is "day-first" or "month-first", for dates such as
        3/4/2018.

        A source may also be records: an iterable of mappings, dataclasses or the like, or a table
        of pandas, polars or Arrow. Records have the fields that objects in JSON may have, are read
        once, one by one, and are known by their id, or else their url, or else their content,
        within the set that has this `name`. Without a name, and on standard input, a record only
        replaces the article of its id if both have the address, the title or some text in common.

        Raises SourceError for a source that does not exist, or records that end with an exception
        of the program that makes them, OptionError for an option that cannot
        be used, GazetteerError and RecognizerError likewise, ArchiveError for an archive that
        cannot be written; what was stored before an error stays stored.
        """
        if processes is not None:
            check_count("processes", processes)
        flags = {"prune": prune, "force": force, "retry": retry, "restore": restore}
        for option, value in {**flags, "dry_run": dry_run}.items():
            check_flag(option, value)
        if progress is not None and not callable(progress):
            raise OptionError(f"progress takes a function, not {progress!r}")
        if not dry_run:
            self._check_writable()
        return self._backend.ingest(
            sources,
            name=name,
            gazetteer=gazetteer,
            recognizer=recognizer,
            prune=prune,
            force=force,
            retry=retry,
            restore=restore,
            dry_run=dry_run,
            progress=progress,
            processes=processes,
            format=format,
            columns=columns,
            dates=dates,
        )

    def delete(
        self,
        *slugs: str | Article | Hit | Iterable[str | Article | Hit],
        query: str | None = None,
        exact: bool = False,
        dry_run: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Deletion:
        """Delete articles: those with some slugs, or all that a query finds.

        A query, with the filters of `search`, finds the articles with all its words, copies
        included. A slug may be cut short if no other slug begins with it. What belongs to an
        article goes with it, in one transaction; `undo_delete` restores it until the next `ingest`.
        As long as its source is unchanged, `ingest` leaves the article out, unless it has
        `restore`. With `dry_run` nothing is deleted, and the result says what would be.

        Raises ArticleNotFoundError for a slug that there is not, before anything is deleted,
        QuerySyntaxError, OptionError, and ArchiveError, for a cluster too.
        """
        from ..search.article import find_article, read_articles
        from ..search.searcher import full_ids

        self._backend.check_deletes()
        check_flag("dry_run", dry_run)
        check_flag("exact", exact)
        if query is not None:
            query = as_text("query", query)
        if not dry_run:
            self._check_writable()
        wanted = as_slugs(slugs)
        given = {name: value for name, value in filters.items() if value not in (None, (), "")}
        if wanted and (given or query is not None):
            raise OptionError("delete takes slugs or a query, not both")
        if not (wanted or given or (query or "").strip()):
            raise OptionError("delete takes slugs, or a query that is not empty")
        if wanted:
            articles = self._backend.ask(
                lambda collection: tuple(find_article(collection, each)[0] for each in wanted)
            )
            articles = tuple(dict.fromkeys(articles))
        else:
            request = make_request(query or "", filters, exact=exact, all_copies=True)
            articles = self._backend.ask(
                lambda collection: read_articles(collection, full_ids(collection, request))
            )
        if dry_run or not articles:
            from ..models.report import Deletion

            return Deletion(articles)
        return self._backend.delete(articles)

    def undo_delete(self) -> Deletion:
        """Restore the articles that were deleted last, since the last `ingest` or `optimize`.

        They have their slugs and what saved searches have shown again. Raises OptionError if there
        are none, and ArchiveError, for a cluster too.
        """
        self._backend.check_deletes()
        self._backend.ask(lambda _: None, warns=False)  # the archive must exist
        self._check_writable()
        return self._backend.undo_delete()

    def runs(self, *, limit: int = 20) -> tuple[IngestRun, ...]:
        """Return what the latest ingests did, the latest first. Raises ArchiveError."""
        check_count("limit", limit)
        from ..store.ingest_runs import read_runs

        return self._backend.ask(lambda collection: read_runs(collection.connections, limit))

    def problems(self, *, run: int | None = None) -> tuple[IngestProblem, ...]:
        """Return what could not be read completely: the problems that remain, or those of a run.

        Raises OptionError if there is no such run, and ArchiveError.
        """
        from ..store.ingest_runs import read_problems

        return self._backend.ask(lambda collection: read_problems(collection.connections, run))

    def reindex(
        self,
        *,
        gazetteer: GazetteerFiles = None,
        recognizer: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> ReindexReport:
        """Recognize names in all articles again, from stored text, with new names and corrections.

        `gazetteer` and `recognizer` are those of `ingest`. Articles whose entities change are
        written, a batch at a time; if it is interrupted, another call continues. `progress` is
        called with the articles read and the articles to read.

        Raises GazetteerError, RecognizerError, and ArchiveError for an archive that cannot be read
        or written.
        """
        from ..entities.recognition_settings import make_options
        from ..ingest.reindex import reindex

        names = make_options(gazetteer, recognizer)
        self._backend.ask(lambda _: None, warns=False)  # the archive must exist
        self._check_writable()
        with self._backend.writers(log=True) as writers:
            return reindex(writers, names, progress=progress)

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with the archive, one line each; nothing if it is sound.

        Each line says what to do. Everything is read and nothing is written, but the archive must
        be open for writing. Raises ArchiveError.
        """
        self._check_writable()
        return self._backend.check()

    def repair(self) -> RepairReport:
        """Repair what can be rebuilt from what the archive holds, and report what is left.

        Indexes, words, postings and copies are made again from the text, wrong mentions are
        recognized again, corrections are applied, and rows that belong to nothing are removed. Each
        step is a transaction: one that is interrupted makes nothing worse, and another call
        continues. Raises ArchiveError, for a cluster too.
        """
        self._check_writable()
        return self._backend.repair()

    def optimize(self) -> None:
        """Rewrite the postings, and the whole file without gaps, so that searches read less.

        Raises ArchiveError.
        """
        self._backend.ask(lambda _: None, warns=False)  # the archive must exist
        self._check_writable()
        with self._backend.writers(log=False) as writers:
            for writer in writers:
                writer.optimize()

    def _batch(self) -> AbstractContextManager[Writers]:
        """Write in one transaction."""
        self._check_writable()
        return self._backend.batch()

    def _check_writable(self) -> None:
        self._backend.check_open()
        if self.readonly:
            raise ArchiveReadOnlyError(f"{self.path} was opened to read: open it without readonly")
