"""Do the shards of an archive answer as the archive does, and how long does it take?

    python benchmarks/sharded.py ARCHIVE [--shards 4] [--data FOLDER] [--most 2000]
    python benchmarks/sharded.py ARCHIVE --cluster FILE

The archive is split into shards, or a cluster is there already that was filled with the same; and
both are asked the same: headlines of its articles, its
commonest names, what tests ask (each call of `search` in `tests/` with a query written out), and
the queries of judged sets, with options in turn. Each answer must be equal in all but its time:
hits, order, scores (as floats, to the last bit), passages, totals, facets, suggestions.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from syriasearch import Archive, SyriaSearchError
from syriasearch.cluster.split_merge.split import split

TESTS = Path(__file__).parent.parent / "tests"
FACETS = ("source", "author", "lang", "year", "month", "entity", "type")
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"facets": FACETS},
    {"match": "all", "sort": "newest"},
    {"match": "any", "limit": 30, "offset": 5},
    {"exact": True, "explain": True},
    {"recent": True, "passages": 1},
    {"expand": True, "explain": True},
    {"all_copies": True, "sort": "oldest", "facets": FACETS},
    {"after": "2012", "before": "2016-07", "explain": True},
    {"entity": "Syria", "lang": "en"},
    {"entity": ("Bashar al-Assad", "Russia"), "match": "any"},
    {"source": "BBC News", "author": "nobody"},
)


def asked_in_tests() -> Iterator[str]:
    """Yield the queries that tests ask, as they are written there."""
    for path in sorted(TESTS.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in ("search", "hits", "survey") and node.args:
                    yield from _texts(node.args[0])
            elif isinstance(node, ast.Tuple) and node.elts:
                yield from _texts(node.elts[0])


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
        yield node.value


def queries(archive: Path, data: Path | None) -> list[str]:
    """Return the queries of all kinds, each once, the kinds in turn."""
    with closing(sqlite3.connect(archive)) as connection:
        titles = [row[0] for row in connection.execute("SELECT title FROM articles ORDER BY slug")]
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM mentions JOIN entities ON entities.id = entity_id"
                " GROUP BY entity_id ORDER BY count(*) DESC LIMIT 400"
            )
        ]
        words = [
            row[0]
            for row in connection.execute("SELECT word FROM words ORDER BY count DESC LIMIT 400")
        ]
    judged: list[str] = []
    if data is not None:
        from query_sets import JUDGED, load

        judged = [
            text for name in JUDGED for each in load(name, data) for text in each.queries.values()
        ]
    phrases = [f'"{" ".join(title.split()[:2])}"' for title in titles if '"' not in title]
    pairs = [f"{one} w/8 {other}" for one, other in itertools.pairwise(words)]
    slips = [name[:2] + name[3:] for name in names if len(name) > 5]
    kinds = (list(asked_in_tests()), titles, names, words, judged, phrases, pairs, slips)
    mixed = itertools.chain.from_iterable(itertools.zip_longest(*kinds))
    return list(dict.fromkeys(query for query in mixed if query is not None))


def answer(archive: Archive, query: str, options: dict[str, Any]) -> tuple[object, float]:
    """Return a page without its time, or what is wrong with the query; and the milliseconds."""
    started = time.perf_counter()
    try:
        found: object = replace(archive.search(query, **options), took_ms=0.0)
    except SyriaSearchError as error:
        found = repr(error)
    return found, (time.perf_counter() - started) * 1000


def differing(one: object, other: object) -> list[str]:
    """Return in what two pages differ."""
    if isinstance(one, str) or isinstance(other, str):
        return [str(one), str(other)]
    return [
        each.name
        for each in fields(one)  # type: ignore[arg-type]
        if getattr(one, each.name) != getattr(other, each.name)
    ]


def main() -> None:
    """Split, ask, and print what is equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--cluster", type=Path, help="one that is there, in the place of a new one")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--most", type=int, default=2000)
    told = parser.parse_args()
    asked = queries(told.archive, told.data)[: told.most]
    with tempfile.TemporaryDirectory() as folder:
        cluster = told.cluster or Path(folder, "cluster.toml")
        if not told.cluster:
            started = time.perf_counter()
            split(told.archive, cluster, told.shards)
            print(f"split into {told.shards}: {time.perf_counter() - started:.1f} s")
        whole, parts = Archive(told.archive, readonly=True), Archive(cluster)
        times: tuple[list[float], list[float]] = ([], [])
        equal = hits = 0
        with whole, parts:
            for query, options in zip(asked, itertools.cycle(OPTIONS)):
                one, took = answer(whole, query, options)
                other, took_parts = answer(parts, query, options)
                times[0].append(took)
                times[1].append(took_parts)
                equal += one == other
                hits += len(getattr(one, "hits", ()))
                if one != other:
                    print("differ:", repr(query), options, differing(one, other))
    print(f"{len(asked)} queries, {hits} hits: {equal} answers equal, {len(asked) - equal} differ")
    for name, some in zip(("one archive", "shards"), times, strict=True):
        some.sort()
        most = some[len(some) * 95 // 100]
        print(f"{name}: median {statistics.median(some):.2f} ms, 95 % {most:.2f} ms")


if __name__ == "__main__":
    main()
