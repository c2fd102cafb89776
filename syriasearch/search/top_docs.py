"""The top hits: scored articles in the order of a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..index.postings import Floats, Ids
from ..models.options import Sort
from .query.clauses import Plan
from .query.request import SearchRequest
from .scoring import ScoredDocs

ALL_WORDS_FIRST = 3
"""The maximum number of clauses in a query that prefers full hits to partial ones."""
FULL_FACTOR = np.float32(2)
"""The factor by which the score of a full hit counts more for its rank than that of a partial one.

Where the words of a query only occur far from each other, in a long article, the score is low:
articles on one of them come first.
"""


BLOCK = 256
"""The number of values of which the highest is compared first."""


class TopDocs(NamedTuple):
    """Scored articles with their days of publication, YYYYMMDD; 0 for an unknown day."""

    scored: ScoredDocs
    days: Ids

    def only(self, kept: NDArray[Any]) -> TopDocs:
        """Return some of them, selected by flags or indexes."""
        return TopDocs(self.scored.only(kept), self.days[kept])

    @classmethod
    def of(
        cls, hits: ScoredDocs, days: Ids, request: SearchRequest, plan: Plan, limit: int | None
    ) -> TopDocs:
        """Return the top hits, in order; `days` are by article id."""
        if limit is not None and _sort(request, plan) == "relevance":
            hits = hits.only(may_be_first(_ranks(hits, request, plan), limit))
        top = cls(hits, days.take(hits.articles))
        return top.only(top.order(request, plan, limit))

    def order(self, request: SearchRequest, plan: Plan, limit: int | None) -> NDArray[np.intp]:
        """Return the indexes of the top hits, in order; all of them if `limit` is None.

        Among equal hits the one with the lower index comes first.
        """
        sort, days, partial = _sort(request, plan), self.days, self.scored.partial
        if sort == "relevance":
            # Among equals the latest comes first.
            ranks = _ranks(self.scored, request, plan)
            return _first(np.arange(len(days)), (-ranks, -days), limit)
        undated = np.where(days, days, 99999999)
        keys = (undated if sort == "oldest" else -days, -self.scored.scores)
        full = _first(np.flatnonzero(~partial), keys, limit)
        rest = None if limit is None else limit - len(full)
        return np.concatenate((full, _first(np.flatnonzero(partial), keys, rest)))

    @classmethod
    def merge(cls, parts: Sequence[TopDocs]) -> tuple[TopDocs, NDArray[np.intp]]:
        """Return the hits of several archives, by id, and the index of each one's archive."""
        columns = zip(*((*each.scored, each.days) for each in parts), strict=True)
        articles, scores, partial, days = (np.concatenate(each) for each in columns)
        order = np.argsort(articles)
        shards = np.repeat(np.arange(len(parts)), [len(each.days) for each in parts])
        return cls(ScoredDocs(articles, scores, partial), days).only(order), shards[order]


def _sort(request: SearchRequest, plan: Plan) -> Sort:
    return "newest" if plan.everything and request.sort == "relevance" else request.sort


def _ranks(hits: ScoredDocs, request: SearchRequest, plan: Plan) -> Floats:
    """Return the scores by which hits are sorted by relevance."""
    if request.match == "auto" and len(plan.required) <= ALL_WORDS_FIRST:
        return hits.scores * (FULL_FACTOR - hits.partial.astype(np.float32))
    return hits.scores


def _first(
    hits: NDArray[np.intp], keys: tuple[NDArray[Any], NDArray[Any]], limit: int | None
) -> NDArray[np.intp]:
    """Return the first of some hits, sorted by two keys and then by their own indexes."""
    first, second = (key[hits] for key in keys)
    if limit is not None and limit < len(hits):
        if limit <= 0:
            return hits[:0]
        # Only candidates are sorted: those that may be among the first `limit` by the first key.
        kept = first <= np.partition(first, limit - 1)[limit - 1]
        hits, first, second = hits[kept], first[kept], second[kept]
    return hits[np.lexsort((hits, second, first))][:limit]


def may_be_first(values: NDArray[Any], limit: int) -> NDArray[np.intp]:
    """Return the indexes of at least the `limit` highest values, and of few others.

    The highest values of blocks give a lower bound without sorting any, which takes a tenth of the
    time: as many blocks have a value that is as high.
    """
    blocks = len(values) // BLOCK
    if blocks <= limit:
        return np.arange(len(values))
    highest = np.maximum.reduceat(values, np.arange(0, blocks * BLOCK, BLOCK))
    return np.flatnonzero(values >= np.partition(highest, -limit)[-limit])
