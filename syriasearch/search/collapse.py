"""Which of an article and its copies does a search show?

Of an article and its copies a search shows one: of those that have all that is asked, or of all
where none has, the one that answers best. The original goes before a copy that scores no more than
LEAD times as much: a copy of which a part was cut is shorter, and scores more for it.
"""

from __future__ import annotations

import numpy as np

from ..index.postings import Flags, Ids, distinct
from ..index.reader import Index
from .scoring import Ranked

LEAD = 1.25
LEAST = 1e-6
"""Of hits without a score the original is shown."""
FULL = 1e9
"""Any that has all goes before any that has not."""


def fold_copies(index: Index, ranked: Ranked) -> Ranked:
    """Return hits without those that are shown as copies of another."""
    if index.groups is None or index.grouped is None:
        return ranked
    at = np.flatnonzero(index.grouped[ranked.articles])
    if at.size < 2:
        return ranked
    articles = ranked.articles[at]
    groups = index.groups[articles]
    strengths = ranked.scores[at].astype(np.float64)
    original = articles == index.originals[articles]
    strengths[original] = strengths[original] * LEAD + LEAST
    strengths[~ranked.partial[at]] += FULL
    best = np.zeros(int(groups.max()) + 1)
    np.maximum.at(best, groups, strengths)
    # Of equals the first: what is written last stays.
    shown = np.zeros(len(best), np.intp)
    first = np.flatnonzero(strengths == best[groups])[::-1]
    shown[groups[first]] = at[first]
    kept = np.ones(len(ranked.articles), np.bool_)
    kept[at] = False
    kept[shown[groups]] = True
    return ranked if kept.all() else ranked.only(kept)


def with_copies(index: Index, articles: Flags) -> Flags:
    """Return articles, all their copies, and what they are copies of."""
    groups = np.zeros(index.size, np.bool_)
    groups[index.originals[articles]] = True
    found: Flags = groups[index.originals]
    return found


def count_folded(index: Index, articles: Ids) -> int:
    """Return how many articles there are where copies do not count."""
    return len(articles if index.groups is None else distinct(index.originals[articles]))
