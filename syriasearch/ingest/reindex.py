"""How do the articles that are there come to name who is known now?

All are read and recognized anew from their stored text, so many in a transaction; those that name
others than before are written. A run that is killed has done the articles it has done, and the
next one finds nothing to do there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ..entities.recognition_settings import Told
from ..models.article import Mention
from ..models.report import ReindexReport
from ..together import batch_of
from .archive_writer import Store

BATCH = 200

Progress = Callable[[int, int], None]
"""Called with the articles read and the articles to read."""


def reindex(
    stores: Sequence[Store], told: Told, *, progress: Progress | None = None
) -> ReindexReport:
    """Recognize all articles anew, and bring the rows of entities to what is known of them.

    `told` is what is said of how names are found, which the archive, or each of its shards, keeps.
    """
    started = time.perf_counter()
    seen: dict[str, Mention] = {}
    total, read, changed = 0, 0, 0
    for store in stores:
        store.keep_names(told)
        total += store.count()
    for store in stores:
        last = 0
        while True:
            with batch_of(stores):
                articles = store.articles_behind(last, BATCH)
                changed += store.naming.recognize(articles, seen)
            if not articles:
                break
            read += len(articles)
            last = articles[-1]
            if progress:
                progress(read, max(read, total))
    with batch_of(stores):
        stores[0].naming.describe(seen)
    for store in stores:
        store.settle()
    return ReindexReport(read, changed, time.perf_counter() - started)
