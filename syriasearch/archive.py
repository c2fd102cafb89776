"""What can a user do with an archive? The one object that they open."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from .articles import find_article, read_article
from .chronicle import Chronicle
from .connection import open_reader, reading
from .dates import now
from .facets import find_values
from .models import ArticleText, FacetValue, Hit, Page
from .questions import Questions
from .requests import (
    FilterOptions,
    Match,
    Request,
    Sort,
    as_name,
    as_text,
    check_count,
    make_request,
    saved_request,
)
from .search import found, search, search_like, stream

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .correcting import Corrections
    from .ingest import Progress
    from .recognition import GazetteerFiles
    from .reports import IngestReport, ReindexReport
    from .saved import SavedSearch, SavedSearches


class Archive(Chronicle, Questions):
    """An archive: one SQLite file, searched and filled.

    Safe to share between threads for reading: each gets a connection of its own. The file is not
    touched before it is needed, and made by the first `ingest`; with `readonly=True` it must be
    there, and nothing writes to it.

    Raises, here or when it is first used, ArchiveNotFoundError, NotAnArchiveError,
    ArchiveVersionError or SQLiteFeatureError.
    """

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        after: str | None = None,
        before: str | None = None,
        source: str | None = None,
        entity: str | Iterable[str] | None = None,
        lang: str | None = None,
        author: str | None = None,
        sort: Sort = "relevance",
        match: Match = "auto",
        facets: Iterable[str] = (),
        passages: int = 3,
        explain: bool = False,
        exact: bool = False,
        recent: bool = False,
        expand: bool = False,
    ) -> Page:
        """Find articles, ranked, with their best passages.

        `after` (from that day on) and `before` (up to the day before it) take a day, a month or a
        year: "2018-01-27", "2018-01", "2018". `source`, `author` and `lang` are compared without
        regard to case; `entity` is a slug or a name in any spelling, or several, all of which an
        article must name. `sort` is "relevance", "newest" or
        "oldest". `match` is "all" (every word), "any", or "auto": up to three words, articles with
        all of them come first and the others follow, marked as partial; longer queries are ranked
        by score alone. `facets` are names among source, author, lang, year, month, entity and
        type, counted over all articles with every word, or over the partial ones where there are
        none. With `passages=0` hits come without text. With `exact=True` a word is just that word,
        in no other form or spelling, as in quotation marks. `recent` favours newer articles (twice
        the score on the archive's last day, half as much more a year before); `expand` asks, in a
        second pass and gently, for what the first hits have in common too.

        Raises QuerySyntaxError for a query that cannot be read, OptionError for an option that
        cannot be used, ArchiveError for an archive that cannot be read.
        """
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
        )
        connection = self._connection()
        with reading(connection, self.path):
            return search(connection, request)

    def hits(
        self,
        query: str,
        *,
        sort: Sort = "relevance",
        match: Match = "auto",
        passages: int = 1,
        exact: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Iterator[Hit]:
        """Return all hits of a query one by one, however many, as `search` orders them.

        The archive is read as it stands at the first hit, through a connection of its own that is
        closed behind the last one. The options are those of `search`, and so are the errors.
        """
        request = make_request(
            query, filters, sort=sort, match=match, passages=passages, exact=exact
        )
        self._connection()  # to tell at once what stands in the way
        return self._stream(request)

    def _stream(self, request: Request) -> Iterator[Hit]:
        with closing(open_reader(self.path)) as connection, reading(connection, self.path):
            yield from stream(connection, request)

    def related(
        self,
        slug: str,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        passages: int = 1,
        **filters: Unpack[FilterOptions],
    ) -> Page:
        """Find the articles that are about the same as one, the most alike first.

        It is known by the words and names that tell it from others. A slug may be cut short where
        only one article's begins so; the other options are those of `search`. Raises
        ArticleNotFoundError, OptionError and ArchiveError.
        """
        slug = as_text("slug", slug)
        connection = self._connection()
        with reading(connection, self.path):
            article = find_article(connection, slug)
            request = make_request(
                article.slug,
                filters,
                limit=limit,
                offset=offset,
                sort=sort,
                match="any",
                passages=passages,
            )
            return search_like(connection, article.id, request)

    def values(self, kind: str, beginning: str = "", *, limit: int = 50) -> tuple[FacetValue, ...]:
        """Return the values of the archive that begin so, the commonest first, for completion.

        `kind` is source, author, lang, slug or entity; an entity's value is its slug, and any of
        its names may begin so. Raises OptionError for another kind.
        """
        kind, beginning = as_text("kind", kind), as_text("beginning", beginning)
        check_count("limit", limit)
        connection = self._connection()
        with reading(connection, self.path):
            return find_values(connection, kind, beginning, limit)

    def article(self, slug: str, *, query: str = "") -> ArticleText:
        """Return an article with its whole text and who is named where.

        `query` is what to highlight in it. A slug may be cut short where only one article's begins
        so. Raises ArticleNotFoundError, QuerySyntaxError, and ArchiveError.
        """
        slug, query = as_text("slug", slug), as_text("query", query)
        connection = self._connection()
        with reading(connection, self.path):
            return read_article(connection, slug, query)

    def save(
        self, name: str, query: str, *, exact: bool = False, **filters: Unpack[FilterOptions]
    ) -> SavedSearch:
        """Keep a query under a name; `new` tells what has come since now.

        The options are those of `search`, and so are the errors. Raises OptionError for a name
        that is taken, ArchiveError for an archive that cannot be written.
        """
        from .saved import SavedSearch

        name = as_name(name)
        request = make_request(query, filters, exact=exact)
        at = now()
        options = {**request.filters.given, **({"exact": True} if exact else {})}
        saved = SavedSearch(name, request.query, options, at, at)
        connection = self._connection()
        with reading(connection, self.path):
            articles = found(connection, request)
        with self._writing() as store:
            store.saved.add(saved)
            store.saved.show(name, articles, at)
        return saved

    def saved(self) -> tuple[SavedSearch, ...]:
        """Return the searches that are kept, by name."""
        connection = self._connection()
        with reading(connection, self.path):
            return _saved_in(connection).all()

    def new(
        self, name: str, *, limit: int | None = None, passages: int = 3, keep: bool = False
    ) -> Page:
        """Return what a saved search finds that it has not shown yet, the newest first.

        What is on the page is not shown again, unless `keep` is set. At most `limit` hits, None
        for all. Raises OptionError where there is no such search, and what `search` raises.
        """
        name = as_name(name)
        connection = self._connection()
        with reading(connection, self.path):
            kept = _saved_in(connection)
            most = 2**31 - 1 if limit is None else limit
            shown = frozenset(kept.shown(name))
            request = replace(
                saved_request(kept.get(name)), limit=most, passages=passages, without=shown
            )
            page = search(connection, request)
        if not keep:
            with self._writing() as store:
                store.saved.show(name, (hit.article.id for hit in page.hits), now())
        return page

    def feed(self, name: str, *, limit: int = 100) -> bytes:
        """Return an Atom feed of the articles that a saved search has shown, the latest first.

        Raises OptionError where there is no such search, and what `search` raises.
        """
        from .feeds import atom

        name = as_name(name)
        check_count("limit", limit)
        connection = self._connection()
        with reading(connection, self.path):
            kept = _saved_in(connection)
            saved, shown = kept.get(name), kept.shown(name)
            latest = dict(islice(shown.items(), limit))
            request = replace(saved_request(saved), among=frozenset(latest), limit=limit)
            hits = {hit.article.id: hit for hit in search(connection, request).hits}
        return atom(saved, [(hits[each], at) for each, at in latest.items() if each in hits])

    def forget(self, name: str) -> None:
        """Drop a saved search. Raises OptionError where there is none of this name."""
        name = as_name(name)
        connection = self._connection()
        with reading(connection, self.path):
            _saved_in(connection).get(name)
        with self._writing() as store:
            store.saved.forget(name)

    @property
    def corrections(self) -> Corrections:
        """What a person says of the archive's entities: merge, split, rename, hide, undo."""
        from .correcting import Corrections

        return Corrections(self.path, self._connection, self._writing)

    def ingest(
        self,
        *sources: str | os.PathLike[str],
        gazetteer: GazetteerFiles = None,
        recognizer: str | None = None,
        prune: bool = False,
        progress: Progress | None = None,
        processes: int | None = None,
    ) -> IngestReport:
        """Bring files and folders into the archive, and make it where there is none.

        What is unchanged is passed over, what has changed replaces its article under the same
        slug, and one bad file never stops the run: see the report's `problems`. `gazetteer` are
        CSV or YAML files with names to find beside the package's own: the archive keeps what they
        say, for later runs too, in the place of those given before; without it those are used, and
        with an empty list none. `recognizer` is what finds names, and is kept likewise: "rules"
        (the gazetteer, and other names by rules), "gazetteer", or "spacy:NAME". `prune` removes
        articles that are no longer in these folders and files. `progress` is called with the bytes
        read, the bytes to read and a file's name. `processes` make articles ready beside this one,
        as many as there are other processors where it is None and there is much to read.

        Raises SourceError for a source that does not exist, GazetteerError and RecognizerError for
        what cannot be used, ArchiveError for an archive that cannot be written; what was stored
        before an error stays stored.
        """
        from .ingest import ingest
        from .recognition import told
        from .sources import find_sources

        if processes is not None:
            check_count("processes", processes)
        files = find_sources(sources)
        names = told(gazetteer, recognizer)
        with closing(self._store(log=True)) as store:
            return ingest(
                store,
                files,
                told=names,
                prune=prune,
                progress=progress,
                processes=processes,
            )

    def reindex(
        self,
        *,
        gazetteer: GazetteerFiles = None,
        recognizer: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> ReindexReport:
        """Recognize all articles anew, from their stored text: with new names, and corrections.

        `gazetteer` and `recognizer` are those of `ingest`. Articles that name others than before
        are written, some at a time; where it is interrupted, another call goes on. `progress` is
        called with the articles read and the articles to read.

        Raises GazetteerError, RecognizerError, and ArchiveError for an archive that cannot be read
        or written.
        """
        from .recognition import told
        from .reindex import reindex

        names = told(gazetteer, recognizer)
        self._connection()  # which there must be
        with closing(self._store(log=True)) as store:
            return reindex(store, names, progress=progress)

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with the archive, a line each; nothing where it is sound.

        Everything is read and nothing is written, but the archive must be open to write. Raises
        ArchiveError.
        """
        self._connection()  # which there must be
        with closing(self._store(log=False, repair=False)) as store:
            return store.problems()

    def optimize(self) -> None:
        """Write the postings anew and the whole file without gaps, so that searches read less.

        Raises ArchiveError.
        """
        self._connection()
        with closing(self._store(log=False)) as store:
            store.optimize()


def _saved_in(connection: sqlite3.Connection) -> SavedSearches:
    from .saved import SavedSearches

    return SavedSearches(connection)
