"""Damage to an archive, and the repair for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Mend = Literal[
    "marks",
    "schema",
    "indexes",
    "arrays",
    "times",
    "orphans",
    "text",
    "words",
    "torn",
    "names",
    "corrections",
    "keys",
    "counts",
    "copies",
    "postings",
    "sources",
]
"""The possible repairs, in the order in which they are carried out (see `repair`)."""

REPAIR = "`syriasearch doctor --repair` mends it"
READ_AGAIN = "`syriasearch doctor --repair`, then ingest their sources again"
START_ANEW = "restore a copy, or ingest its sources into a new archive"
SHOWN = 3
"""The maximum number of articles named as examples in a message."""


class Damage(NamedTuple):
    """One kind of damage to an archive; as text, a line that says what to do about it."""

    message: str
    mend: Mend | None = None
    """The repair for it; None if only a backup or the sources can help."""
    articles: tuple[int, ...] = ()
    """The ids of the articles it concerns."""
    by_reading: bool = False
    """Whether it was found as an error of SQLite, which a read that fails just once causes too."""

    def __str__(self) -> str:
        if self.mend is None:
            return f"{self.message}: {START_ANEW}"
        return f"{self.message}: {READ_AGAIN if self.mend == 'sources' else REPAIR}"


Damages = Iterator[Damage]


def count_damage(
    count: int, message: str, mend: Mend | None = None, articles: Iterable[int] = ()
) -> Damages:
    """Yield a kind of damage with its number of cases, if there are any."""
    if count:
        yield Damage(f"{count:,} {message}", mend, tuple(articles))
