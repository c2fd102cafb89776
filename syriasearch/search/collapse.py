"""Collapsing of duplicates: one hit for an article and its copies.

The hit shown is the best one among those that match the whole query, or among all of them if none
does. The original goes before a copy unless that copy scores more than ORIGINAL_LEAD times as much:
a copy that was shortened gets a higher score merely for being shorter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..index.postings import Flags, Ids, distinct
from ..index.reader import IndexReader
from .scoring import ScoredDocs

ORIGINAL_LEAD = 1.25
"""The factor by which the score of an original is multiplied before it is compared with copies."""
ORIGINAL_BONUS = 1e-6
"""Added to the score of an original, so that it is shown when no hit has a score."""
FULL_BONUS = 1e9
"""Added to the score of a full hit, so that it goes before every partial hit."""


def find_duplicates(index: IndexReader, docs: ScoredDocs) -> NDArray[np.intp]:
    """Return the indexes of the hits that are represented by another hit of the same group.

    All hits are in some group.
    """
    if index.groups is None or len(docs.articles) < 2:
        return np.zeros(0, np.intp)
    groups = index.groups[docs.articles]
    strengths = docs.scores.astype(np.float64)
    original = docs.articles == index.originals[docs.articles]
    strengths[original] = strengths[original] * ORIGINAL_LEAD + ORIGINAL_BONUS
    strengths[~docs.partial] += FULL_BONUS
    # The best of each group comes first, and among equals the first.
    order = np.lexsort((-strengths, groups))
    ordered = groups[order]
    found: NDArray[np.intp] = order[1:][ordered[1:] == ordered[:-1]]
    return found


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
