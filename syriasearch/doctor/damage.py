"""What is wrong with an archive, and what mends it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

Mend = Literal[
    "marks",
    "schema",
    "indexes",
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
"""What can be done, in the order in which it is to be done (`repairs`)."""

REPAIR = "`syriasearch doctor --repair` mends it"
READ_AGAIN = "`syriasearch doctor --repair`, then ingest their sources again"
START_ANEW = "restore a copy, or ingest its sources into a new archive"
SHOWN = 3


class Damage(NamedTuple):
    """A thing that is wrong; as text, a line that says what to do."""

    message: str
    mend: Mend | None = None
    """What mends it; None where only a copy or the sources do."""
    articles: tuple[int, ...] = ()
    """The articles that are to be looked at, by id."""

    def __str__(self) -> str:
        if self.mend is None:
            return f"{self.message}: {START_ANEW}"
        return f"{self.message}: {READ_AGAIN if self.mend == 'sources' else REPAIR}"


Damages = Iterator[Damage]
