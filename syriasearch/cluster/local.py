"""How are the shards of a cluster asked as one archive, opened in this process?"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ..errors import OptionError
from ..index.reader import IndexReader, open_index
from ..search.collection import Collection, snapshot
from ..store.sqlite_errors import translate_errors
from .belonging import check_together, in_order
from .configuration import LOCAL, Configuration
from .opening import (
    AskedShards,
    Opened,
    late_where_locked,
    open_shard,
    told_by_name,
)
from .vocabulary import SharedLexicon

Answer = TypeVar("Answer")


class LocalShards(AskedShards):
    """The shards of a cluster, with a connection to each for each thread that reads."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._configuration()

    def close(self) -> None:
        """Close what is open."""
        self._files.close()

    def ask(self, answer: Callable[..., Answer], *asked: Any, **named: Any) -> Answer:
        """Return what a function answers from the shards.

        A page is made without the shards that do not answer in time, and names them. Anything else
        is answered from all of them, or not at all: raises ArchiveError.
        """

        def answered(missing: tuple[str, ...]) -> Answer:
            with self._reading(missing) as collection:
                return answer(collection, *asked, **named)

        return self._files.without_late(answered)

    def stream(self, answer: Callable[..., Iterator[Answer]], *asked: Any) -> Iterator[Answer]:
        """Yield what a function answers, from connections of its own that are closed behind it."""
        with ExitStack() as stack:
            there = [open_shard(each) for each in self._configuration().shards]
            for each in there:
                stack.enter_context(closing(each.connection))
            stack.enter_context(translate_errors(f"a shard of {self.path}"))
            stack.enter_context(snapshot([each.connection for each in there]))
            yield from answer(self._collection(there, ()), *asked)

    def _configuration(self) -> Configuration:
        told = self._files.configuration
        if told.address != LOCAL:
            raise OptionError(
                f"{self.path} has another address now, {told.address!r}: open it again"
            )
        return told

    @contextmanager
    def _reading(self, missing: tuple[str, ...]) -> Iterator[Collection]:
        """Read the shards as they stand now, but for those that are missing."""
        told = self._configuration()
        given = self._files.given_s
        seconds = told.timeout_s if given is None else min(given, told.timeout_s)
        there = self._files.held(missing)
        with ExitStack() as stack:
            stack.enter_context(told_by_name(self.path, there, late=given is None))
            for each in there:
                stack.enter_context(each.connection.within(seconds))
                stack.enter_context(snapshot([each.connection]))
                with late_where_locked(each):
                    open_index(each.connection)
            yield self._collection(there, missing)

    def _collection(self, there: list[Opened], missing: tuple[str, ...]) -> Collection:
        """Return shards as one collection; what was found to be in order is not checked again."""
        # A shard that is being filled may lack the last names.
        there = [there[at] for at in in_order([each.connection for each in there])]
        connections = [each.connection for each in there]
        collection = Collection(connections, SharedLexicon(connections), missing)
        local = self._files.local
        sound: list[IndexReader] = getattr(local, "sound", [])
        if len(sound) != len(there) or any(map(operator.is_not, sound, collection.indexes)):
            articles = [index.live for index in collection.indexes]
            check_together([each.shard for each in there], connections, articles)
            local.sound = list(collection.indexes)
        return collection
