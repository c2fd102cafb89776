"""Do several archives belong together, as the shards of one cluster do?

They have the same names under the same ids, and each has articles of its own. While they are filled
some have met the last names and others not yet, and an article that goes from one to another stands
in both for a moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import ArchiveError
from ..store.snapshot import cached_per_version
from .configuration import ShardFile

_COUNT = (
    "SELECT (SELECT count(*) FROM entities), (SELECT ifnull(max(id), 0) FROM entities),"
    " (SELECT ifnull(max(id), 0) FROM aliases)"
)
_UP_TO = (
    "SELECT (SELECT count(*) || ' ' || total(id) FROM entities WHERE id <= :entity),"
    " (SELECT count(*) || ' ' || total(entity_id) FROM aliases WHERE id <= :alias)"
)
"""What shards with the same names have alike, up to the last ids of one of them;"""
_STATE = (
    f"{_COUNT}, (SELECT count(*) FROM corrections), (SELECT total(id) FROM entities),"
    " (SELECT total(entity_id) FROM aliases), (SELECT total(undone_at IS NULL) FROM corrections)"
)
_SAID = "SELECT count(*), total(undone_at IS NULL) FROM corrections"
"""and this in any case."""


class TwiceError(ArchiveError):
    """Two shards have articles under the same ids: maybe for a moment."""


def names_met(connection: sqlite3.Connection) -> tuple[int, ...]:
    """Return how many entities a shard has met, and the last ids of them and of their names."""
    found: tuple[int, ...] = cached_per_version(
        connection, "names met", lambda: connection.execute(_COUNT).fetchone()
    )
    return found


def in_order(connections: Sequence[sqlite3.Connection]) -> list[int]:
    """Return the places of shards, first of one that has met all names."""
    places = range(len(connections))
    return sorted(places, key=lambda at: names_met(connections[at]), reverse=True)


def state_of(connection: sqlite3.Connection) -> str:
    """Return what tells a shard, as it stands, from the same with other names or articles."""
    return cached_per_version(
        connection, "state", lambda: " ".join(map(str, connection.execute(_STATE).fetchone()))
    )


def check_together(
    shards: Sequence[ShardFile],
    connections: Sequence[sqlite3.Connection],
    articles: Sequence[NDArray[np.bool_]],
) -> None:
    """Raise ArchiveError where shards have other names, or articles under the same ids.

    `articles` tells of each shard which it has, by id.
    """
    most = in_order(connections)[0]
    for shard, connection in zip(shards, connections, strict=True):
        if not _has_names_of(connections[most], connection):
            raise ArchiveError(
                f"{shard.name} has other entities than {shards[most].name}: `syriasearch cluster "
                "merge` makes one archive of them, to be split anew"
            )
    there = np.zeros(max(map(len, articles)), np.uint8)
    for each in articles:
        there[: len(each)] += each
    if there.max(initial=0) > 1:
        twice = int(there.argmax())
        having = zip(shards, articles, strict=True)
        told = " and ".join(
            shard.name for shard, each in having if twice < len(each) and each[twice]
        )
        raise TwiceError(
            f"{told} have the same articles, or others under the same ids: name each shard once, "
            "or let `syriasearch cluster merge` make one archive of them, to be split anew"
        )


def _has_names_of(all_names: sqlite3.Connection, some: sqlite3.Connection) -> bool:
    """Tell whether one shard has the names of another, which may lack the last."""
    both = (all_names, some)
    if len({each.execute(_SAID).fetchone() for each in both}) > 1:
        return False
    _, entity, alias = names_met(some)
    last = {"entity": entity, "alias": alias}
    if len({each.execute(_UP_TO, last).fetchone() for each in both}) == 1:
        return True
    # At the end of a run names go that no shard has any more, from one shard after the other.
    return _entities(some) <= _entities(all_names)


def _entities(connection: sqlite3.Connection) -> set[tuple[int, str]]:
    return set(connection.execute("SELECT id, slug FROM entities"))
