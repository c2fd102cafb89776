"""The searcher: from the text of a query to a page of hits."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, takewhile

import numpy as np
from numpy.typing import NDArray

from ..entities.counts import EntityCounts, merge_counts
from ..models.page import Facet, Hit, Page, ReadAs, Suggestion
from .article import find_article
from .collection import Collection
from .facets import check_facets, make_facets
from .more_like_this import (
    FEEDBACK,
    MIN_SCORE_RATIO,
    expand_query,
    plan_from_article,
    plan_from_text,
)
from .query.clauses import Plan
from .query.filters import Filters
from .query.parser import parse, passage_of
from .query.planner import make_plan
from .query.request import SearchRequest
from .query.syntax import Field, Query, Word
from .readings import tell_options, tell_readings
from .relaxations import bare_words, replaced, without_fields, without_quotes
from .scoring import ScoredDocs, TermStatistics
from .shard_searcher import HitCount, HitKey, Scope, ShardSearcher
from .suggestions import MAX_RARE, MAX_UNKNOWN, Suggester, best_of, make_field, unknown_filters
from .top_docs import TopDocs

AT_ONCE = 20
"""The number of hits read at a time, if a page has more."""


def search(collection: Collection, request: SearchRequest) -> Page:
    """Return the page that answers a request.

    Raises QuerySyntaxError for a query, and OptionError for a filter or facet, that cannot be used.
    """
    started = time.perf_counter()
    return make_searcher(collection, request, limit=request.limit).page(started)


def survey(collection: Collection, request: SearchRequest) -> tuple[Page, Counter[str | None]]:
    """Return the page that answers a request, and the number of full hits by day of publication.

    Raises QuerySyntaxError and OptionError, as `search` does.
    """
    started = time.perf_counter()
    searcher = make_searcher(collection, request, limit=request.limit)
    return searcher.page(started), searcher.days()


def search_like(collection: Collection, slug: str, request: SearchRequest) -> Page:
    """Return the articles that are similar to one, which takes the place of the request's query.

    Raises ArticleNotFoundError, and OptionError as `search` does.
    """
    started = time.perf_counter()
    article, shard = find_article(collection, slug)
    request = replace(request, query=article.slug)
    plan = plan_from_article(collection, article.id, shard)
    searcher = Searcher(collection, request, plan, limit=request.limit)
    searcher.keep_alike(article.id, shard)
    return searcher.page(started)


def stream(collection: Collection, request: SearchRequest) -> Iterator[Hit]:
    """Yield every hit of a request from its offset on.

    Raises QuerySyntaxError and OptionError, as `search` does.
    """
    return make_searcher(collection, request, limit=None).hits()


def days(collection: Collection, request: SearchRequest) -> Counter[str | None]:
    """Return the number of full hits by day of publication (None for undated articles).

    Raises QuerySyntaxError and OptionError, as `search` does.
    """
    return make_searcher(collection, request).days()


def full_ids(collection: Collection, request: SearchRequest) -> list[int]:
    """Return the sorted ids of the full hits, copies included.

    Raises QuerySyntaxError and OptionError, as `search` does.
    """
    searcher = make_searcher(collection, replace(request, all_copies=True))
    ids = searcher.shards.each(ShardSearcher.full_ids)
    return sorted(int(article) for some in ids for article in some)


def make_searcher(
    collection: Collection, request: SearchRequest, *, limit: int | None = 0
) -> Searcher:
    """Return the searcher of a query, or of the text that a query gives after `like:`."""
    text = passage_of(request.query)
    if text is None:
        return Searcher(collection, request, limit=limit)
    plan = plan_from_text(collection, text)
    request = replace(request, match="any", expand=False)
    searcher = Searcher(collection, request, plan, limit=limit)
    searcher.keep_similar()
    return searcher


class Searcher:
    """One request and its hits, in order."""

    def __init__(
        self,
        collection: Collection,
        request: SearchRequest,
        plan: Plan | None = None,
        *,
        limit: int | None = 0,
    ) -> None:
        """Find the hits; `limit` is the maximum number of hits to be read, None for all.

        A `plan` takes the place of the request's query, which is not parsed then.
        """
        self._collection = collection
        self._request = request
        self._lexicon = collection.lexicon
        self._query = parse(request.query if plan is None else "")
        named_entities = request.filters.named_entities(self._lexicon)
        self._plan = plan or make_plan(self._query, self._lexicon, exact=request.exact)
        self._clauses = self._plan.shown
        """The clauses of the query itself, before any expansion."""
        self.shards = collection.searchers
        """The searchers of each archive."""
        parts = self.shards.each(ShardSearcher.start, request, named_entities, self._plan)
        self._statistics = TermStatistics.sums(parts)
        end = None if limit is None else request.offset + limit
        self._scope = Scope(end, full_only=request.match == "all")
        if request.expand:
            self._expand()
        self._rank(self._scope)

    def _rank(self, scope: Scope) -> None:
        self._rankings = self.shards.each(
            ShardSearcher.rank, self._plan, self._statistics, self._collection.totals, scope
        )

    def _expand(self) -> None:
        """Expand the query with words of the best hits."""
        self._rank(Scope(FEEDBACK))
        scored, shards = self._top(FEEDBACK)
        best = zip(scored.articles.tolist(), shards.tolist(), strict=True)
        more = expand_query(self._collection, self._plan, best)
        parts = self.shards.each(ShardSearcher.collect, more)
        self._statistics = (*self._statistics, *TermStatistics.sums(parts))
        self._plan = self._plan._replace(clauses=(*self._plan.clauses, *more))

    def keep_alike(self, article: int, shard: int) -> None:
        """Keep the hits that reach MIN_SCORE_RATIO of the score of an article in one archive.

        The article itself is dropped, and so are its copies unless all copies are requested.
        """
        score = self.shards.some(ShardSearcher.score_of, {shard: article})[shard]
        min_score = np.float32(MIN_SCORE_RATIO * score)
        self._rankings = self.shards.each(ShardSearcher.keep_alike, article, min_score)

    def keep_similar(self) -> None:
        """Keep the hits that reach MIN_SCORE_RATIO of the score of the best hit."""
        best = max((float(each.best) for each in self._rankings), default=0.0)
        min_score = np.float32(MIN_SCORE_RATIO * best)
        self._rankings = self.shards.each(ShardSearcher.keep_alike, 0, min_score)

    @cached_property
    def total(self) -> int:
        """The number of full hits."""
        return sum(each.full for each in self._rankings)

    def _top(self, end: int | None) -> tuple[ScoredDocs, NDArray[np.intp]]:
        """Return the top hits up to `end`, in order, and the index of each one's archive."""
        tops = [each.top for each in self._rankings]
        if len(tops) == 1:
            return tops[0].scored, np.zeros(len(tops[0].days), np.intp)
        docs, shards = TopDocs.merge(tops)
        order = docs.order(self._request, self._plan, end)
        return docs.scored.only(order), shards[order]

    def hits(self) -> Iterator[Hit]:
        """Yield the hits from the request's offset on, read AT_ONCE at a time."""
        scored, shards = self._top(self._scope.limit)
        for start in range(self._request.offset, len(shards), AT_ONCE):
            batch = slice(start, start + AT_ONCE)
            keys = map(HitKey, *(column[batch].tolist() for column in scored))
            wanted: dict[int, list[HitKey]] = {}
            for key, shard in zip(keys, shards[batch].tolist(), strict=True):
                wanted.setdefault(shard, []).append(key)
            fetched = self.shards.some(ShardSearcher.fetch, wanted)
            by_shard = {shard: iter(hits) for shard, hits in fetched.items()}
            for shard in shards[batch].tolist():
                yield next(by_shard[shard])

    def days(self) -> Counter[str | None]:
        """Return the number of full hits by day of publication."""
        return sum(self.shards.each(ShardSearcher.days), Counter[str | None]())

    def entity_counts(self) -> EntityCounts:
        """Return the entity counts of the full hits."""
        return merge_counts(self.shards.each(ShardSearcher.entity_counts))

    def ambiguous_counts(
        self, pairs: Sequence[tuple[int, int]]
    ) -> dict[tuple[int, int], tuple[int, int]]:
        """Count, for each pair of namesakes, the mentions of a shared name that count for both.

        The counts are those of full hits and of paragraphs.
        """
        found = dict.fromkeys(pairs, (0, 0))
        for counts in self.shards.each(ShardSearcher.ambiguous_only, pairs) if pairs else ():
            for pair, (articles, paragraphs) in zip(pairs, counts, strict=True):
                found[pair] = found[pair][0] + articles, found[pair][1] + paragraphs
        return found

    def page(self, started: float) -> Page:
        """Return the page of hits that the request asks for.

        `started` is the time, in seconds of `time.perf_counter`, from which its duration is
        measured. Raises OptionError for an unknown facet.
        """
        request = self._request
        names = check_facets(request.facets)
        partial = sum(each.partial for each in self._rankings)
        hits, unknown = tuple(self.hits()), self._empty()
        return Page(
            query=request.query,
            hits=hits,
            total=self.total,
            partial_total=partial if request.match != "all" else 0,
            missing=_missing(hits, unknown),
            unknown=unknown,
            suggestions=self._suggestions(partial),
            read_as=self._readings(),
            facets=self._facets(names) if names else (),
            took_ms=(time.perf_counter() - started) * 1000,
            offset=request.offset,
            explanation=_explanation(self._query, self._plan) if request.explain else (),
            archive_total=self._collection.totals.articles,
            missing_shards=self._collection.missing,
        )

    def _readings(self) -> tuple[ReadAs, ...]:
        """Return the parts of the query, and the filters, that were read as something else."""
        readings = tell_readings(self._query.text, self._plan.readings, self._count)
        return (*readings, *tell_options(self._request.filters.entities, self._lexicon))

    def _facets(self, names: Sequence[str]) -> tuple[Facet, ...]:
        tallies = self.shards.each(ShardSearcher.facets, names, full_only=bool(self.total))
        return make_facets(names, tallies, self._collection.entities)

    def _empty(self) -> tuple[str, ...]:
        """Return the parts of the query, and the filters, that match nothing in the archive."""
        if not any(clause.negated or not clause.optional for clause in self._plan.clauses):
            return ()
        unknown = [str(each) for each in self._plan.unknown]
        empty = (
            clause.label
            for clause, statistics in zip(self._clauses, self._statistics, strict=False)
            if not statistics.doc_freq and not any(word in clause.label for word in unknown)
        )
        return tuple(dict.fromkeys((*unknown, *empty, *map(str, self._unknown_filters))))

    @cached_property
    def _unknown_filters(self) -> tuple[Field, ...]:
        return unknown_filters(self._request.filters, self._lexicon)

    def _suggestions(self, partial: int) -> tuple[Suggestion, ...]:
        """Return alternatives for the parts of the query that find little."""
        plan = self._plan
        suggester = Suggester(self._lexicon, self._count)
        words = [each.text for each in plan.unknown if isinstance(each, Word)]
        fields = [each for each in plan.unknown if isinstance(each, Field)]
        groups = [suggester.for_words(self._query, words)]
        if self.total <= MAX_UNKNOWN:
            groups.append(suggester.for_names(plan))
        groups.append(suggester.for_fields([*fields, *self._unknown_filters]))
        if self.total <= MAX_RARE:
            groups.append(suggester.for_rare(plan, [each.doc_freq for each in self._statistics]))
        text = self._query.text
        found = [
            replace(each, query=replaced(text, each.word, each.suggestion))
            for each in best_of(chain.from_iterable(groups))
        ]
        if not self.total:
            relaxed = [*self._unquoted(empty=not partial)]
            if not partial:
                relaxed += [*self._without_fields(), *self._without_filters()]
                relaxed = relaxed or [*self._bare()]
            found += relaxed
        return tuple(dict.fromkeys(found))

    def _count(self, query: str) -> int:
        """Return the number of full hits of a query."""
        return sum(self.shards.each(ShardSearcher.count, make_plan(parse(query), self._lexicon)))

    def _unquoted(self, *, empty: bool) -> Iterator[Suggestion]:
        """Yield phrases without their quotation marks, with all that they then find.

        Unless an answer is empty, these are phrases that no article has.
        """
        unknown, relaxed = self._empty(), [*without_quotes(self._query)]
        for part, instead, text in relaxed:
            if empty or part in unknown:
                count = self._count_hits(text)
                is_last = empty and text == relaxed[-1].query
                if articles := count.full or (is_last and count.partial):
                    yield Suggestion(part, instead, articles, query=text)

    def _bare(self) -> Iterator[Suggestion]:
        """Yield the query without any field, filter and quotation mark."""
        text = bare_words(self._query)
        given = self._request.filters.without_each()
        parts = [str(make_field(name, value)) for name, value, _ in given]
        if text and (parts or text != self._query.text):
            count = self._count_hits(text, filtered=False)
            if sum(count):
                word = " ".join([*parts, self._query.text] if text != self._query.text else parts)
                yield Suggestion(word, "", count.full or count.partial, query=text)

    def _without_fields(self) -> Iterator[Suggestion]:
        """Yield each field of the query whose removal would give hits."""
        for part, _, text in without_fields(self._query):
            count = self._count_hits(text)
            if sum(count):
                yield Suggestion(part, "", count.full or count.partial, query=text)

    def _without_filters(self) -> Iterator[Suggestion]:
        """Yield each filter whose removal would give hits."""
        given = [*self._request.filters.without_each()]
        counts = self._count_with(self._plan, [others for *_, others in given])
        for (name, value, _), count in zip(given, counts, strict=True):
            if sum(count):
                yield Suggestion(str(make_field(name, value)), "", count.full or count.partial)

    def _count_hits(self, query: str, *, filtered: bool = True) -> HitCount:
        """Return the numbers of hits of another query with the same options."""
        plan = make_plan(parse(query), self._lexicon, exact=self._request.exact)
        return self._count_with(plan, [self._request.filters if filtered else Filters()])[0]

    def _count_with(self, plan: Plan, filters: Sequence[Filters]) -> list[HitCount]:
        parts = self.shards.each(ShardSearcher.count_hits, plan, filters)
        return [HitCount(*map(sum, zip(*each, strict=True))) for each in zip(*parts, strict=True)]


def _missing(hits: Sequence[Hit], unknown: Sequence[str]) -> tuple[str, ...]:
    """Return what all the first hits lack, without what no article has."""
    first = list(takewhile(lambda hit: hit.partial, hits))
    shared = [
        part
        for part in (first[0].missing if first else ())
        if all(part in hit.missing for hit in first)
    ]
    return tuple(part for part in shared if not any(word in part for word in unknown))


def _explanation(query: Query, plan: Plan) -> tuple[str, ...]:
    """Return how a query was understood: its tree, what was left out, and each clause."""
    lines = [f"read as: {query}"] if str(query) != query.text else []
    lines += [f"left out: {' '.join(query.ignored)}"] if query.ignored else []
    return (*lines, *(clause.describe() for clause in plan.clauses))
