"""Villages, neighbourhoods and sites of Syria, looked up by name.

The table `data/villages.csv.gz` has 14,000 of them. It is not part of the gazetteer, for three
reasons: it would double the time to start; most of the names are words or belong to several places,
so only their surroundings can show that one is meant (`villages.finder`); and few articles need it.

The table is read when it is first asked, and a row only when its name is looked up. For that,
`data/village_index.txt.gz` has two sorted lists of keys, with an empty line between them, and the
numbers of the rows that have a name with the key: the lookup keys (`arabic.name_key`), and those
folded keys (`names.places`) that are not lookup keys of the same rows. Both files are made by
`tools/villages.py`.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from ...models.entity import Entity
from ...text.arabic import has_arabic, name_key
from ..gazetteer import DATA
from ..names.places import bare_lines, fold_lines

TABLE = "villages.csv.gz"
INDEX = "village_index.txt.gz"
MIN_BARE = 3
"""Minimum length of a bare key: shorter ones are those of too many names."""
_GOVERNORATES = {"deir-ez-zor-governorate": "Deir ez-Zor", "rif-dimashq": "Rif Dimashq"}
"""The names of governorates that are not simply in their slugs."""


class Village(NamedTuple):
    """A row of the table: a village, a neighbourhood or a site."""

    slug: str
    kind: str
    latitude: float
    longitude: float
    governorate: str
    """The slug of its governorate."""
    district: str
    names: tuple[str, ...]
    """Its names; only those that the gazetteer lacks if it has the place."""

    @property
    def city(self) -> str:
        """The city of a neighbourhood, else an empty text."""
        before, _, city = self.kind.partition(" of ")
        return city if before == "Neighbourhood" else ""

    @property
    def where(self) -> str:
        """Its district and governorate, as a description says it."""
        short = self.governorate.removesuffix("-governorate").capitalize()
        province = f"{_GOVERNORATES.get(self.governorate, short)} province"
        return f"{self.district} district, {province}" if self.district else province


@lru_cache(maxsize=4096)
def village_entity(row: Village) -> Entity:
    """Return the entity of a place that the gazetteer does not have."""
    description = row.kind if row.city else f"{row.kind} in {row.where}"
    return Entity(
        row.slug,
        row.names[0],
        "place",
        description,
        latitude=row.latitude,
        longitude=row.longitude,
        aliases=row.names[1:],
    )


class _Keys(NamedTuple):
    """The lines of the index, in order."""

    exact: Sequence[str]
    folded: Sequence[str]


class Villages:
    """The table of villages, with its index."""

    def __init__(self, table: str, index: str) -> None:
        """Hold the contents of the two files."""
        lines = table.splitlines()
        self._lines = [line for line in lines if not line.startswith("#")][1:]
        self._index = index

    @cached_property
    def _keys(self) -> _Keys:
        # What stores entities needs their slugs only.
        return _Keys(*(block.split("\n") for block in self._index.split("\n\n")))

    @lru_cache(maxsize=1 << 14)  # noqa: B019 - there is one table
    def begins(self, word: str) -> bool:
        """Return whether a name begins with a word, as in its key."""
        # A name of this one word, or its first with another, comes before all longer words.
        at = bisect_left(self._keys.exact, word)
        return at < len(self._keys.exact) and self._keys.exact[at].startswith(
            (f"{word}\t", f"{word} ")
        )

    @cached_property
    def slugs(self) -> Mapping[str, int]:
        """The numbers of the rows by slug; the first of a place that has several."""
        slugs = (line.partition(",")[0] for line in reversed(self._lines))
        last = len(self._lines) - 1
        return {slug: last - number for number, slug in enumerate(slugs)}

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one table
    def row(self, number: int) -> Village:
        """Return a row."""
        slug, kind, north, east, governorate, district, names, _ = next(
            csv.reader([self._lines[number]])
        )
        return Village(
            slug, kind, float(north), float(east), governorate, district, tuple(names.split("|"))
        )

    def of(self, slug: str) -> Village | None:
        """Return the row of a place, or None."""
        number = self.slugs.get(slug)
        return None if number is None else self.row(number)

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one table
    def exact(self, key: str) -> Sequence[Village]:
        """Return the places that have a name with this lookup key."""
        return [self.row(number) for number in _numbers(self._keys.exact, key)]

    def folded(self, key: str) -> list[Village]:
        """Return the places that have a name with the same folded key as a lookup key."""
        form = key.replace(" ", "") if has_arabic(key) else fold_lines(key)
        numbers = dict.fromkeys(
            (*_numbers(self._keys.exact, form), *_numbers(self._keys.folded, form))
        )
        return [self.row(number) for number in numbers]

    def bare(self, key: str) -> list[Village]:
        """Return the places that have a name with the same bare key as a lookup key in Latin."""
        return [self.row(number) for number in self._bare.get(bare_lines(key), ())]

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one table
    def respelt(self, key: str) -> Sequence[Village]:
        """Return the places with a name that is spelt in another way than a lookup key."""
        found: Sequence[Village] = self.folded(key)
        if not found and " " in key and not has_arabic(key):
            found = self.bare(key)
        return found

    def homonyms(self, rows: Sequence[Village]) -> list[Village]:
        """Return places, and those that share an Arabic name with them: Jadida, Judaydah."""
        names = (name for row in rows for name in row.names if has_arabic(name))
        others = (other for name in names for other in self.exact(name_key(name)))
        return list(dict.fromkeys((*rows, *others)))

    @cached_property
    def _bare(self) -> Mapping[str, Sequence[int]]:
        # Few texts need it, so it is made of the lookup keys when it is first needed.
        keys, numbers = zip(
            *(line.split("\t") for line in self._keys.exact if line.isascii()), strict=True
        )
        index: dict[str, list[int]] = {}
        for form, rows in zip(bare_lines("\n".join(keys)).split("\n"), numbers, strict=True):
            index.setdefault(form, []).extend(map(int, rows.split()))
        return {
            form: list(dict.fromkeys(rows)) for form, rows in index.items() if len(form) >= MIN_BARE
        }


def _numbers(lines: Sequence[str], key: str) -> Iterable[int]:
    at = bisect_left(lines, f"{key}\t")
    found, _, numbers = lines[at].partition("\t") if at < len(lines) else ("", "", "")
    return map(int, numbers.split()) if found == key else ()


@cache
def villages() -> Villages:
    """Return the table that ships with the package."""
    table, index = (gzip.decompress((DATA / name).read_bytes()).decode() for name in (TABLE, INDEX))
    return Villages(table, index)
