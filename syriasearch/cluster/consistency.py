"""Checks that several archives are consistent, as the shards of one cluster are.

They have the same entities and aliases under the same ids, and each has articles of its own. While
they are filled, some have the latest names and others not yet, and an article that moves from one
shard to another is in both for a moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import ArchiveError
from ..store.sql import cached_per_version
from .configuration import ShardFile

_COUNT = (
    "SELECT (SELECT count(*) FROM entities), (SELECT ifnull(max(id), 0) FROM entities),"
    " (SELECT ifnull(max(id), 0) FROM aliases)"
)
_NAMES_UP_TO = (
    "SELECT (SELECT count(*) || ' ' || total(id) FROM entities WHERE id <= :entity),"
    " (SELECT count(*) || ' ' || total(entity_id) FROM aliases WHERE id <= :alias)"
)
_CORRECTIONS = "SELECT count(*), total(undone_at IS NULL) FROM corrections"
_STATE = (
    f"{_COUNT}, (SELECT total(id) FROM entities), (SELECT total(entity_id) FROM aliases),"
    " (SELECT count(*) FROM corrections), (SELECT total(undone_at IS NULL) FROM corrections)"
)


class TwiceError(ArchiveError):
    """Two shards have articles under the same ids: maybe for a moment."""


def names_met(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Return the number of a shard's entities, and the last ids of entities and aliases."""
    found: tuple[int, int, int] = cached_per_version(
        connection, "names met", lambda shard: shard.execute(_COUNT).fetchone()
    )
    return found


def names_state(connection: sqlite3.Connection) -> str:
    """Return what distinguishes a shard's entities and corrections from others."""
    return cached_per_version(
        connection,
        "names state",
        lambda shard: " ".join(map(str, shard.execute(_STATE).fetchone())),
    )


def check_together(
    shards: Sequence[ShardFile],
    connections: Sequence[sqlite3.Connection],
    articles: Sequence[NDArray[np.bool_]],
) -> None:
    """Raise ArchiveError if shards differ in their names, or have articles with the same ids.

    `articles` are flags, by id, of the articles of each shard.
    """
    complete = max(range(len(shards)), key=lambda index: names_met(connections[index]))
    for shard, connection in zip(shards, connections, strict=True):
        if not _has_names_of(connections[complete], connection):
            raise ArchiveError(
                f"{shard.name} has other entities than {shards[complete].name}: `syriasearch "
                "cluster merge` makes one archive of them, to be split anew"
            )
    counts = np.zeros(max(map(len, articles)), np.uint8)
    for flags in articles:
        counts[: len(flags)] += flags
    if counts.max(initial=0) > 1:
        twice = int(counts.argmax())
        names = " and ".join(
            shard.name
            for shard, flags in zip(shards, articles, strict=True)
            if twice < len(flags) and flags[twice]
        )
        raise TwiceError(
            f"{names} have the same articles, or others under the same ids: name each shard once, "
            "or let `syriasearch cluster merge` make one archive of them, to be split anew"
        )


def _has_names_of(complete: sqlite3.Connection, shard: sqlite3.Connection) -> bool:
    """Return whether a shard has the names of another, of which it may lack the latest."""
    both = (complete, shard)
    if len({each.execute(_CORRECTIONS).fetchone() for each in both}) > 1:
        return False
    _, entity, alias = names_met(shard)
    last = {"entity": entity, "alias": alias}
    if len({each.execute(_NAMES_UP_TO, last).fetchone() for each in both}) == 1:
        return True
    # At the end of a run, entities that no shard names any more are removed from one after another.
    return _entities(shard) <= _entities(complete)


def _entities(connection: sqlite3.Connection) -> set[tuple[int, str]]:
    return set(connection.execute("SELECT id, slug FROM entities"))
