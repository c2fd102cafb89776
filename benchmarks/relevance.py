"""Quality of ranking, compared with other engines on the same documents and queries."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

from cache import FOLDER, Cache
from corpora import DATA
from measures import Measured, measure, p_value
from query_sets import JUDGED, KNOWN_ITEM, QuerySet, load
from rankers import OURS, RANKERS, Ranker, SyriaSearch
from tables import table

TITLES = {"AP": "MAP", "nDCG@10": "nDCG@10", "RR@100": "MRR"}

Results = dict[str, dict[str, Measured]]
"""The values of each measure, by engine and measure."""


def main() -> None:
    """Measure every engine on every set; print a table for each, and a summary."""
    options = _options()
    cache = Cache(options.cache, options.rebuild)
    engines = [
        engine
        for engine in RANKERS
        if engine.name in options.engines and (engine.installed() or _skipped(engine))
    ]
    everything: dict[str, Results] = {}
    summary: list[list[str]] = []
    for name in options.sets:
        sets = load(name, options.data)
        for query_set, results in measure_sets(name, sets, engines, cache):
            everything[query_set.name] = results
            print(f"\n## {query_set.name}: {len(query_set.judgements)} queries, ", end="")
            print(f"{len(query_set.documents):,} documents\n")
            print(show(query_set, results), flush=True)
            summary += summarize(query_set, results)
    if summary:
        head = ["measure", "syriasearch", "best peer", "its name", "ratio", "p", "above all"]
        print(f"\n## summary\n\n{table(head, summary)}\n")
        above = sum(row[-1] == "yes" for row in summary)
        print(f"syriasearch is above every peer in {above} of {len(summary)} measures.")
    if options.json:
        options.json.write_text(json.dumps(_raw(everything), indent=1) + "\n", encoding="utf-8")


def measure_sets(
    name: str, sets: list[QuerySet], engines: list[type[Ranker]], cache: Cache
) -> Iterator[tuple[QuerySet, Results]]:
    """Yield the results of sets that share their documents."""
    results: list[Results] = [{} for _ in sets]
    for kind in engines:
        engine = kind()
        started = time.perf_counter()
        engine.index(sets[0].documents, name, cache)
        indexed = time.perf_counter()
        for query_set, found in zip(sets, results, strict=True):
            run = {
                query: engine.rank(query_set.queries[query], query_set.depth)
                for query in query_set.judgements
            }
            found[kind.name] = measure(run, query_set.judgements, query_set.measures)
        asked = time.perf_counter()
        print(
            f"{name}: {kind.name} indexed in {indexed - started:.1f} s,"
            f" answered in {asked - indexed:.1f} s",
            flush=True,
        )
    yield from zip(sets, results, strict=True)


def best_peer(results: Results, measure_name: str) -> str | None:
    """Return the name of the peer with the highest mean."""
    peers = [name for name in results if name not in OURS]
    return max(peers, key=lambda name: results[name][measure_name].mean, default=None)


def show(query_set: QuerySet, results: Results) -> str:
    """Return a table: each engine's means, their ratios to the best peer's, and p."""
    head = ["engine"]
    for name in query_set.measures:
        head += [TITLES[name], "to best peer"]
    head += [f"p ({TITLES[query_set.measures[0]]})"]
    rows = []
    ours = results.get(SyriaSearch.name)
    for engine, measured in results.items():
        row = [engine]
        for name in query_set.measures:
            best = best_peer(results, name)
            mean = measured[name].mean
            row += [f"{mean:.4f}", f"{mean / results[best][name].mean:.3f}" if best else "-"]
        tested = query_set.measures[0]
        compared = ours is not None and engine != SyriaSearch.name
        row += [f"{p_value(ours[tested], measured[tested]):.2g}" if ours and compared else "-"]
        rows.append(row)
    return table(head, rows)


def summarize(query_set: QuerySet, results: Results) -> Iterator[list[str]]:
    """Yield a row for each measure, with whether syriasearch is above all peers."""
    for name in query_set.measures:
        best = best_peer(results, name)
        if best is None or SyriaSearch.name not in results:
            return
        ours, theirs = results[SyriaSearch.name][name], results[best][name]
        yield [
            f"{query_set.name}: {TITLES[name]}",
            f"{ours.mean:.4f}",
            f"{theirs.mean:.4f}",
            best,
            f"{ours.mean / theirs.mean:.3f}",
            f"{p_value(ours, theirs):.2g}",
            "yes" if ours.mean > theirs.mean else "no",
        ]


def _raw(everything: dict[str, Results]) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    return {
        name: {
            engine: {TITLES[each]: dict(found.values) for each, found in measured.items()}
            for engine, measured in results.items()
        }
        for name, results in everything.items()
    }


def _skipped(engine: type[Ranker]) -> bool:
    print(f"{engine.name} is left out: the module {engine.module} is not installed")
    return False


def _options() -> argparse.Namespace:
    names = [engine.name for engine in RANKERS]
    sets = [*JUDGED, *KNOWN_ITEM]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engines", nargs="+", default=names, choices=names, metavar="NAME",
                        help=f"only these, of: {', '.join(names)}")  # fmt: skip
    parser.add_argument("--sets", nargs="+", default=sets, choices=sets, metavar="NAME",
                        help=f"only these, of: {', '.join(sets)}")  # fmt: skip
    parser.add_argument("--data", type=Path, default=DATA, help="the data folder")
    parser.add_argument("--cache", type=Path, default=FOLDER, help="where archives are kept")
    parser.add_argument("--rebuild", action="store_true", help="build archives again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the values of each query")
    return parser.parse_args()


if __name__ == "__main__":
    main()
