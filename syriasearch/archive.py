"""The archive: the one object that users open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from .chronicle import Chronicle
from .models.article import ArticleText, FacetValue, Hit, Page, Snippet
from .models.options import as_text, check_count
from .questions import Questions
from .search.article import make_highlighter, read_article
from .search.collection import Source, opened
from .search.facets import find_values
from .search.query.request import FilterOptions, Match, Request, Sort, make_request
from .search.searcher import search, search_like, stream
from .store.connection import open_reader
from .store.sqlite_errors import reading
from .upkeep import Upkeep
from .watching import Watching

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .entities.corrections import Correction
    from .entities.editor import Corrections


class Archive(Chronicle, Questions, Watching, Upkeep):
    """An archive: one SQLite file, searched and filled.

    Safe to share between threads for reading: each gets a connection of its own. The file is not
    touched before it is needed, and created by the first `ingest`; with `readonly=True` it must
    exist, and is never written.

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
        all_copies: bool = False,
    ) -> Page:
        """Find articles, ranked, with their best passages.

        `after` (from that day on) and `before` (up to the day before it) take a day, a month or a
        year: "2018-01-27", "2018-01", "2018". `source`, `author` and `lang` are compared without
        regard to case; `entity` is a slug or a name in any spelling, or several; an article
        must name all of them. `sort` is "relevance", "newest" or
        "oldest". `match` is "all" (every word), "any", or "auto": up to three words, articles with
        all of them come first and the others follow, marked as partial; longer queries are ranked
        by score alone. `facets` are names among source, author, lang, year, month, entity and
        type, counted over all articles with every word, or over the partial ones if there are
        none. With `passages=0` hits come without text. With `exact=True` a word is just that word,
        in no other form or spelling, as in quotation marks. `recent` favours newer articles (twice
        the score on the archive's last day, one and a half times a year before); `expand` also
        searches, in a second pass and with small weights, for what the first hits have in common.

        An article and its copies are one hit, which lists the others and counts once. With
        `all_copies=True` each is a hit of its own.

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
            all_copies=all_copies,
        )
        return self._ask(search, request)

    def hits(
        self,
        query: str,
        *,
        sort: Sort = "relevance",
        match: Match = "auto",
        passages: int = 1,
        exact: bool = False,
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Iterator[Hit]:
        """Return all hits of a query one by one, without limit, as `search` orders them.

        The archive is read as it is at the first hit, through a separate connection that is closed
        after the last one. The options and the errors are those of `search`.
        """
        request = make_request(
            query,
            filters,
            sort=sort,
            match=match,
            passages=passages,
            exact=exact,
            all_copies=all_copies,
        )
        self._ask(lambda _: None)  # to raise errors at once
        return self._stream(request)

    def _stream(self, request: Request) -> Iterator[Hit]:
        if self._cluster is not None:
            yield from self._cluster.stream(stream, request)
            return
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
        all_copies: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Page:
        """Find the articles on the same subject as a given one, the most similar first.

        They share the words and names that distinguish it from other articles. A slug may be cut
        short if no other slug begins with it; the other options are those of `search`. Raises
        ArticleNotFoundError, OptionError and ArchiveError.
        """
        slug = as_text("slug", slug)
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
        return self._ask(search_like, slug, request)

    def values(self, kind: str, beginning: str = "", *, limit: int = 50) -> tuple[FacetValue, ...]:
        """Return the archive's values with a beginning, the most common first, for completion.

        `kind` is source, author, lang, slug or entity; an entity's value is its slug, and any of
        its names may have the beginning. Raises OptionError for another kind.
        """
        kind, beginning = as_text("kind", kind), as_text("beginning", beginning)
        check_count("limit", limit)
        return self._ask(find_values, kind, beginning, limit)

    def article(self, slug: str, *, query: str = "") -> ArticleText:
        """Return an article with its whole text and its mentions of entities.

        `query` is what to highlight in it. A slug may be cut short if no other slug begins with it.
        Raises ArticleNotFoundError, QuerySyntaxError, and ArchiveError.
        """
        slug, query = as_text("slug", slug), as_text("query", query)
        return self._ask(read_article, slug, query)

    def highlighter(self, query: str) -> Callable[[str], Snippet]:
        """Return a function that cuts the piece that answers a query out of any text, highlighted.

        Names are recognized by their aliases. Raises QuerySyntaxError and ArchiveError.
        """
        return self._ask(make_highlighter, as_text("query", query))

    @property
    def corrections(self) -> Corrections:
        """Corrections of the archive's entities: merge, split, rename, hide, undo."""
        from .entities.editor import Corrections

        return Corrections(lambda: self._answer(_corrections), self._writing)


def _corrections(source: Source) -> tuple[Correction, ...]:
    from .entities.corrections import read_corrections

    with opened(source) as collection:
        return read_corrections(collection.names)
