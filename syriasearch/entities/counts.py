"""Entity counts in a set of articles, computed as arrays from the postings of entities.

In every function `asked` flags the articles of the set, by article id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..index.postings import MAX_FREQUENCY, Flags
from ..index.reader import IndexReader, Named
from ..models.entity import ENTITY_TYPES, Entity
from ..store.entities import EntityReader

if TYPE_CHECKING:
    from ..models.entity_profile import EntityCount

Counts = NDArray[np.int64]


class EntityCounts(NamedTuple):
    """Counts of all entities in a set of articles: two arrays, indexed by entity id."""

    articles: Counts
    """Number of articles that name each entity."""
    mentions: Counts
    """Number of mentions of each entity."""

    def of(self, number: int, entity: Entity, association: float | None = None) -> EntityCount:
        """Return the counts of the entity with id `number`, with its `association` if given."""
        from ..models.entity_profile import EntityCount

        articles, mentions = int(self.articles[number]), int(self.mentions[number])
        return EntityCount(entity, articles, mentions, association)


def named_in(index: IndexReader, asked: Flags) -> Iterator[Named]:
    """Yield the postings of all entities in the asked articles."""
    last = index.entities.last
    for numbers, articles, counts in index.named():
        flags = asked[articles]
        if numbers.size and numbers[-1] > last:
            flags &= numbers <= last
        (kept,) = flags.nonzero()
        yield numbers[kept], articles[kept], counts[kept]


_of_all: WeakKeyDictionary[IndexReader, EntityCounts] = WeakKeyDictionary()
"""The counts of all articles of a snapshot, with which those of searches are compared."""


def count_entities(index: IndexReader, asked: Flags) -> EntityCounts:
    """Count the entities that the articles name. Raises DamagedPostingsError."""
    postings = named_in(index, asked)
    if asked is not index.live:
        return count_named(index, postings)
    if index not in _of_all:
        _of_all[index] = count_named(index, postings)
    return EntityCounts(*(counts.copy() for counts in _of_all[index]))


def count_named(index: IndexReader, postings: Iterable[Named]) -> EntityCounts:
    """Count the entities of some postings. Raises DamagedPostingsError."""
    size = index.entities.last + 1
    found = EntityCounts(np.zeros(size, np.int64), np.zeros(size, np.int64))
    for numbers, articles, counts in postings:
        if not numbers.size:
            continue
        low, high = int(numbers.min()), int(numbers.max()) + 1  # each part is a range of ids
        found.articles[low:high] += np.bincount(numbers - low)
        found.mentions[low:high] += np.bincount(numbers - low, counts).astype(np.int64)
        # Frequencies are capped at one byte; few entities are named that often in one article.
        for position in np.flatnonzero(counts == MAX_FREQUENCY).tolist():
            number = int(numbers[position])
            paragraphs = index.paragraphs_of(int(articles[position]))
            found.mentions[number] += index.entities.mentions(number, *paragraphs) - MAX_FREQUENCY
    return found


def merge_counts(counts: Sequence[EntityCounts]) -> EntityCounts:
    """Return the sum of the counts of several archives, whose entities have the same ids."""
    if len(counts) == 1:
        return counts[0]
    size = max(len(each.articles) for each in counts)
    return EntityCounts(
        *(
            np.sum([np.pad(array, (0, size - len(array))) for array in arrays], axis=0)
            for arrays in zip(*counts, strict=True)
        )
    )


def flags_at(size: int, positions: ArrayLike) -> NDArray[np.bool_]:
    """Return an array of `size` flags that are set at some positions."""
    flags = np.zeros(size, np.bool_)
    flags[np.asarray(positions, np.intp)] = True
    return flags


def of_types(
    entities: EntityReader, kept: NDArray[np.bool_], types: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Return `kept`, flags by entity id, restricted to some types; without types, all of it."""
    if not types:
        return kept
    numbers = np.flatnonzero(kept)
    codes = [ENTITY_TYPES.index(kind) for kind in types]
    return flags_at(len(kept), numbers[np.isin(entities.types(numbers), codes)])


def highest(keys: Sequence[NDArray[Any]], limit: int) -> NDArray[np.intp]:
    """Return at most `limit` indices at which the first key is positive, by descending keys.

    `keys` are parallel arrays, the most significant first. Ties are in ascending order.
    """
    found = np.flatnonzero(keys[0] > 0)
    order = np.lexsort((found, *(-key[found] for key in reversed(keys))))
    return found[order][:limit]
