"""How is the same written into all shards of a cluster?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from .archive_writer import ArchiveWriter


@contextmanager
def batch_of(stores: Sequence[ArchiveWriter]) -> Iterator[None]:
    """Write what is put inside in one transaction of each; shards have the same names behind it.

    One after another is committed when nothing stands in the way of any.
    """
    rows = [store.naming.entities for store in stores]
    for each in rows:
        each.others = tuple(other for other in rows if other is not each)
    with ExitStack() as stack:
        for store in stores:
            stack.enter_context(store.batch())
        yield
