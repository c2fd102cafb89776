"""How long does it take to screen a list of names, in how much memory, and how sure are matches?

The list has names of the US Treasury's list, with their aliases and types, of the UN's list, and of
strangers, repeated with other numbers until it is long enough: the default is 10,000 rows.
"""

from __future__ import annotations

import argparse
import csv
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from corpora import DATA
from syriasearch import Archive
from tables import table

CERTAINTIES = ("name", "spelling", "similar", "words")


def main() -> None:
    """Print a row for each source of names, and one for all of them."""
    options = _options()
    rows = list(islice(names(options.data), options.rows))
    rows += [
        row | {"name": f"{row['name']} {number}"}
        for number, row in enumerate(islice(rows, options.rows - len(rows)))
    ]
    surest: defaultdict[str, Counter[str]] = defaultdict(Counter)
    wall, processor = time.perf_counter(), time.process_time()
    with Archive(options.db, readonly=True) as archive:
        for row in archive.screen(rows):
            certainties = {match.certainty for match in row.matches}
            best = next((each for each in CERTAINTIES if each in certainties), "none")
            surest[row.values["list"]][best] += 1
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    columns = (*CERTAINTIES, "none")
    print(
        table(
            ["list", "names", *columns],
            [
                [source, f"{counts.total():,}", *(f"{counts[each]:,}" for each in columns)]
                for source, counts in surest.items()
            ],
        )
    )
    print(f"\n{len(rows):,} names: {wall:.1f} s, {processor:.1f} s of one core, {memory} MiB")


def names(data: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the lists: name, aliases, type and list."""
    for path, title in (("un_respelt.csv", "UN"), ("strangers.csv", "strangers")):
        with (data / "names" / path).open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                yield {"name": row["name"], "aliases": "", "type": "person", "list": title}
    aliases: dict[tuple[str, str, str], list[str]] = {}
    with (data / "aliases" / "ofac_aliases_syria_sdgt.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            key = row["ent_num"], row["canonical"], row["type"]
            aliases.setdefault(key, []).append(row["alias"])
    for (_, name, kind), others in aliases.items():
        yield {"name": name, "aliases": "|".join(others), "type": kind, "list": "US Treasury"}
    for (_, _, kind), others in aliases.items():
        for alias in others:
            yield {"name": alias, "aliases": "", "type": kind, "list": "its aliases alone"}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("db", type=Path, help="the archive")
    parser.add_argument("--data", type=Path, default=DATA, help="the data folder")
    parser.add_argument("--rows", type=int, default=10_000, help="the length of the list")
    return parser.parse_args()


if __name__ == "__main__":
    main()
