"""Recognition of names in all stored articles again, with the names currently in effect.

The articles are read and recognized from their stored text, BATCH in a transaction; those with
other mentions than before are written. An interrupted run keeps the articles it has done, and the
next one finds nothing to change there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ..entities.recognition_settings import RecognitionOptions
from ..models.entity import Mention
from ..models.report import ReindexReport
from .archive_writer import ArchiveWriter, batch_of

BATCH = 200
"""The number of articles in a transaction."""

Progress = Callable[[int, int], None]
"""A callback with the number of articles read and the total."""


def reindex(
    stores: Sequence[ArchiveWriter],
    options: RecognitionOptions,
    *,
    progress: Progress | None = None,
) -> ReindexReport:
    """Recognize all articles again, and update the rows of entities.

    `options` are the options of recognition, which the archive, or each of its shards, stores.
    """
    started = time.perf_counter()
    seen: dict[str, Mention] = {}
    total, read, changed = 0, 0, 0
    for store in stores:
        store.keep_names(options)
        total += store.count()
    for store in stores:
        last = 0
        while True:
            with batch_of(stores):
                articles = store.articles_after(last, BATCH)
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
