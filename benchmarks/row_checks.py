"""What do the checks of rows cost of a page of ten hits?

    python benchmarks/row_checks.py ARCHIVE [QUERY …] [--rounds N]

Each page is made with the checks of types and without them, in turn, in one process, and its
processor time measured; the median of all rounds, and of the ratios of neighbouring pages, counts.
Neighbouring pages are the same one, and twenty pages of a query follow each other, so that some of
what they have is kept in memory, as it is for a reader.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from syriasearch import Archive
from syriasearch.store.values import RowCheck

QUERIES = (
    "Assad",
    "chemical weapons inspectors",
    '"united nations"',
    "aleppo OR homs OR idlib",
    "refugees turkey border",
    "entity:barack-obama",
)
ROUNDS = 60


class Unchecked:
    """The methods of `RowCheck` that check nothing."""

    @staticmethod
    def row(_: RowCheck, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return a row."""
        return row

    @staticmethod
    def rows(_: RowCheck, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Return rows as they are."""
        return iter(rows)


def cost(page: Callable[..., object], rounds: int) -> tuple[float, float, float]:
    """Return the medians of seconds with checks, without them, and of their ratios."""
    kinds = [(RowCheck.row, RowCheck.rows), (Unchecked.row, Unchecked.rows)]
    taken: list[list[float]] = [[], []]
    for number in range(2 * rounds + 2):
        # Which of the two is first changes from round to round.
        kind = (number + number // 2) % 2
        RowCheck.row, RowCheck.rows = kinds[kind]  # type: ignore[method-assign,assignment]
        began = time.process_time()
        page(offset=number // 2 % 20 * 10)
        if number > 1:
            taken[kind].append(time.process_time() - began)
    RowCheck.row, RowCheck.rows = kinds[0]  # type: ignore[method-assign]
    ratios = [one / other for one, other in zip(*taken, strict=True)]
    return median(taken[0]), median(taken[1]), median(ratios)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("archive", type=Path)
    parser.add_argument("query", nargs="*", default=QUERIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    print(f"{'query':32} {'with, ms':>9} {'without':>9} {'ratio':>7}")
    ratios = []
    with Archive(options.archive) as archive:
        for query in options.query:
            page = partial(archive.search, query, facets=["entity", "source"], limit=10)
            one, other, ratio = cost(page, options.rounds)
            ratios.append(ratio)
            print(f"{query:32} {one * 1000:9.2f} {other * 1000:9.2f} {ratio:7.3f}", flush=True)
    print(f"{'median of the queries':32} {'':9} {'':9} {median(ratios):7.3f}")


if __name__ == "__main__":
    main()
