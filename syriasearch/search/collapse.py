"""Collapsing of duplicates: one hit for an article and its copies.

The hit shown is the best one among those that match the whole query, or among all of them if none
does. The original goes before a copy unless that copy scores more than ORIGINAL_LEAD times as much:
a copy that was shortened gets a higher score merely for being shorter.
"""

from __future__ import annotations

import numpy as np

from ..index.postings import Flags, Ids, distinct
from ..index.reader import IndexReader
from .scoring import ScoredDocs

ORIGINAL_LEAD = 1.25
"""The factor by which the score of an original is multiplied before it is compared with copies."""
ORIGINAL_BONUS = 1e-6
"""Added to the score of an original, so that it is shown when no hit has a score."""
FULL_BONUS = 1e9
"""Added to the score of a full hit, so that it goes before every partial hit."""


def collapse_duplicates(index: IndexReader, docs: ScoredDocs) -> ScoredDocs:
    """Return the hits without those that are represented by another hit of the same group."""
    if index.groups is None or index.grouped is None:
        return docs
    grouped = np.flatnonzero(index.grouped.take(docs.articles))
    if grouped.size < 2:
        return docs
    articles = docs.articles[grouped]
    groups = index.groups[articles]
    strengths = docs.scores[grouped].astype(np.float64)
    original = articles == index.originals[articles]
    strengths[original] = strengths[original] * ORIGINAL_LEAD + ORIGINAL_BONUS
    strengths[~docs.partial[grouped]] += FULL_BONUS
    best = np.zeros(int(groups.max()) + 1)
    np.maximum.at(best, groups, strengths)
    # Among equals the first wins: the last write to an index is the one that remains.
    shown = np.zeros(len(best), np.intp)
    first = np.flatnonzero(strengths == best[groups])[::-1]
    shown[groups[first]] = grouped[first]
    kept = np.ones(len(docs.articles), np.bool_)
    kept[grouped] = False
    kept[shown[groups]] = True
    return docs if kept.all() else docs.only(kept)


def with_copies(index: IndexReader, articles: Flags) -> Flags:
    """Return the given articles together with all their copies and originals.

    Input and output are flags by article id.
    """
    groups = np.zeros(index.size, np.bool_)
    groups[index.originals[articles]] = True
    found: Flags = groups[index.originals]
    return found


def count_collapsed(index: IndexReader, articles: Ids) -> int:
    """Return the number of articles, counting an article and its copies as one."""
    return len(articles if index.groups is None else distinct(index.originals[articles]))
