"""Time of a page of hits, compared with other engines on the same documents."""

from __future__ import annotations

import argparse
import gc
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import fmean, geometric_mean, median

from cache import FOLDER, Cache
from cases import KINDS, Case, make_cases
from corpora import DATA, Document, read_documents
from pages import ENGINES, FTS5, Corpus, Engine, SyriaSearch, Tantivy, read_entities
from syriasearch import Archive
from tables import table
from vocabulary import read_vocabulary

NEWS = "scale/allsides.jsonl.xz"
ARABIC = "news/saudinewsnet_syria.jsonl"
GROWTH = (Fraction(1, 10), Fraction(1, 3), Fraction(1))

Times = dict[str, dict[str, list[float]]]
"""Milliseconds of every answer, by engine and class of queries."""


def main() -> None:
    """Time engines, class by class, and print the times."""
    options = _options()
    cache = Cache(options.cache, options.rebuild)
    raw: dict[str, Times] = {}
    if options.growth:
        for fraction in GROWTH:
            corpus, cases = prepare(options.data, fraction, cache)
            engines = list(_open([SyriaSearch], corpus, cache))
            raw[str(fraction)] = measure(engines, cases, options.rounds)[0]
        print(f"\n## growth of syriasearch: median, ms\n\n{_growth(raw)}")
    else:
        corpus, cases = prepare(options.data, options.fraction, cache)
        chosen = [
            engine
            for engine in ENGINES
            if engine.name in options.engines and (engine.installed() or _skipped(engine))
        ]
        engines = list(_open(chosen, corpus, cache))
        times, found = measure(engines, cases, options.rounds)
        raw[str(options.fraction)] = times
        print(f"\n{len(corpus.documents):,} documents, {len(cases)} queries, ", end="")
        print(f"{options.rounds} rounds, one thread, ten hits with snippets\n")
        _print(times, found)
    if options.queries:
        for case in cases:
            print(case)
    if options.json:
        options.json.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")


def prepare(data: Path, fraction: Fraction, cache: Cache) -> tuple[Corpus, list[Case]]:
    """Read a share of the documents; build the archive and the queries from them."""
    documents: list[Document] = []
    step = round(1 / fraction)
    for path in (NEWS, ARABIC):
        documents += list(read_documents(data / path))[::step]
    name = f"news-1-{step}"
    archive = cache.archive(name, documents)
    corpus = Corpus(archive.parent.name, documents, archive, read_entities(archive))
    vocabulary = read_vocabulary(documents, corpus.name, cache)
    with Archive(archive, readonly=True) as opened:
        (facet,) = opened.search("", limit=0, facets=["entity"]).facets
    return corpus, make_cases(vocabulary, documents, [value.value for value in facet.values])


def measure(
    engines: Sequence[Engine], cases: Sequence[Case], rounds: int
) -> tuple[Times, dict[str, dict[str, list[int]]]]:
    """Time every engine on every query, in turns, after a round that does not count.

    Also returns how many hits each query had.
    """
    times: Times = {engine.name: {} for engine in engines}
    found: dict[str, dict[str, list[int]]] = {engine.name: {} for engine in engines}
    gc.collect()
    gc.freeze()
    for number in range(rounds + 1):
        for place, case in enumerate(cases):
            # In random order, so that none always follows another that has warmed the caches.
            order = random.Random(number * len(cases) + place)
            for engine in order.sample(engines, len(engines)):
                if case.kind not in engine.kinds:
                    continue
                started = time.perf_counter()
                hits = engine.page(case)
                took = (time.perf_counter() - started) * 1000
                if number:
                    times[engine.name].setdefault(case.kind, []).append(took)
                else:
                    found[engine.name].setdefault(case.kind, []).append(len(hits))
        print(f"round {number} of {rounds}" if number else "warm-up", flush=True)
    return times, found


def p99(values: Sequence[float]) -> float:
    """Return the 99th percentile."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * 99 // 100) - 1]


def ratios(times: Times, name: str, other: str) -> dict[str, float]:
    """Return one engine's median over another's, for the classes that both answer."""
    return {
        kind: median(times[name][kind]) / median(times[other][kind])
        for kind in KINDS
        if kind in times.get(name, {}) and kind in times.get(other, {})
    }


def _print(times: Times, found: dict[str, dict[str, list[int]]]) -> None:
    print("## median, ms\n\n" + _by_class(times, median, 2))
    print("## 99th percentile, ms\n\n" + _by_class(times, p99, 2))
    if Tantivy.name in times:
        compared = {name: ratios(times, name, Tantivy.name) for name in times}
        means = [_number(geometric_mean(each.values()), 2) for each in compared.values()]
        rows = [
            [kind, *(_number(each.get(kind), 2) for each in compared.values())] for kind in KINDS
        ]
        rows.append(["geometric mean", *means])
        print("## median, over tantivy's\n\n" + table(["class", *compared], rows) + "\n")
    print("## hits on the page, mean\n\n" + _by_class(found, fmean, 1))
    over = ratios(times, FTS5.name, SyriaSearch.name)
    broad = [over[kind] for kind in over if kind.startswith("broad")]
    if broad:
        print(f"fts5 / syriasearch: {over['broad']:.2f} for one broad word,", end=" ")
        print(f"{geometric_mean(broad):.2f} for the broad classes together (geometric mean)")


def _by_class(
    values: Mapping[str, Mapping[str, Sequence[float]]],
    one: Callable[[Sequence[float]], float],
    digits: int,
) -> str:
    rows = [
        [kind, *(_number(one(each[kind]) if kind in each else None, digits)
                 for each in values.values())]
        for kind in KINDS
    ]  # fmt: skip
    return table(["class", *values], rows) + "\n"


def _growth(raw: Mapping[str, Times]) -> str:
    medians = {
        share: {kind: median(each) for kind, each in times[SyriaSearch.name].items()}
        for share, times in raw.items()
    }
    first, *_, last = medians.values()
    rows = [
        [kind, *(_number(each.get(kind), 2) for each in medians.values()),
         _number(last[kind] / first[kind], 1)]
        for kind in KINDS
        if kind in first and kind in last
    ]  # fmt: skip
    return table(["class", *medians, "last to first"], rows)


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _open(kinds: Sequence[type[Engine]], corpus: Corpus, cache: Cache) -> Iterator[Engine]:
    for kind in kinds:
        engine = kind()
        engine.open(corpus, cache)
        yield engine


def _skipped(engine: type[Engine]) -> bool:
    print(f"{engine.name} is left out: the module {engine.module} is not installed")
    return False


def _options() -> argparse.Namespace:
    names = [engine.name for engine in ENGINES]
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--engines", nargs="+", default=names, choices=names, metavar="NAME",
        help=f"only these, of: {', '.join(names)}")  # fmt: skip
    add("--fraction", type=Fraction, default=Fraction(1), help="of the documents: 1, 1/3, 1/10")
    add("--growth", action="store_true", help="syriasearch alone, at 1/10, 1/3 and all documents")
    add("--rounds", type=int, default=5, help="the number of rounds, after one that does not count")
    add("--queries", action="store_true", help="also print the queries")
    add("--data", type=Path, default=DATA, help="the data folder")
    add("--cache", type=Path, default=FOLDER, help="where archives and indexes are kept")
    add("--rebuild", action="store_true", help="build archives and indexes again")
    add("--json", type=Path, metavar="FILE", help="write every time, in milliseconds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
