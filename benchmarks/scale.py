"""How do time, memory, disk and money grow, and where does each part break first?

Measures archives of several sizes, fits a law to each cost, and prints what that would be up to
10^9 paragraphs. What is measured is kept in a file, so that tables can be printed again, at other
prices or loads, in seconds: `--measure` measures anew.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from corpora import DATA
from costs import ingest, measure, quantile, together
from fanout import Setting, empirical, mean, simulate
from growth import LINE, LOGARITHM, POWER, Law, Points, fit
from ingest import write_parts
from limits import Limit, SQLiteLimits, of_numbers, of_time
from prices import GIB, HOUR, Prices, Service, need
from syriasearch.index.reader import KEPT
from tables import table

MEASURED = Path(__file__).with_name("scale.json")
KINDS = ("rare", "common", "phrase", "name", "facets", "entity facet")
MIX = {"rare": 0.35, "name": 0.25, "common": 0.15, "phrase": 0.15, "facets": 0.1}
"""Which kinds of queries are asked how often, in what is computed: an assumption."""
PAGES = 2 << 20
"""What SQLite keeps of a file for each connection, unless it is told otherwise."""
SIZES = (1e5, 1e6, 1e7, 1e8, 1e9)
Measured = list[dict[str, Any]]


def main() -> None:
    """Measure, where that is asked for, and print the tables."""
    options = _options()
    if options.measure:
        _measure(options)
    found: dict[str, Measured] = json.loads(options.measured.read_text(encoding="utf-8"))
    fitted, apart = found["fitted"], found["apart"]
    tables: dict[str, Callable[[], str]] = {
        "files": lambda: files(fitted + apart),
        "queries": lambda: queries(fitted + apart),
        "work": lambda: work(fitted + apart),
        "laws": lambda: told(fit_laws(fitted), fitted, apart),
        "sizes": lambda: extrapolated(fit_laws(fitted), fitted),
        "limits": lambda: limited(fit_laws(fitted), fitted, options.memory * GIB),
        "money": lambda: money(fit_laws(fitted), options),
        "waiting": lambda: waiting(fit_laws(fitted), fitted[-1], options),
    }
    printed = {}
    for name in options.tables or tables:
        printed[name] = tables[name]()
        print(f"## {name}\n\n{printed[name]}\n", flush=True)
    if options.page:
        text = put_into(options.page.read_text(encoding="utf-8"), printed)
        options.page.write_text(text, encoding="utf-8")


def put_into(page: str, printed: Mapping[str, str]) -> str:
    """Return a page with tables in the places that comments name."""
    for name, text in printed.items():
        first, last = f"<!-- {name} -->", f"<!-- end of {name} -->"
        if first in page:
            before, _, rest = page.partition(first)
            page = f"{before}{first}\n{text}\n{last}{rest.partition(last)[2]}"
    return page


def _measure(options: argparse.Namespace) -> None:
    """Measure archives, made here or there already; write after each what is known."""
    found: dict[str, Measured] = {"fitted": [], "apart": []}
    if options.add and options.measured.exists():
        found = json.loads(options.measured.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        folder = Path(temporary)

        def keep(name: str, path: Path, made: dict[str, Any] | None, kind: str) -> None:
            print(f"measuring {name} ...", flush=True)
            costs = measure(
                path, folder, rounds=options.rounds, own=made is not None,
                text_index=options.text_index and name.startswith("all"),
            )  # fmt: skip
            costs |= {"name": name} | ({"ingest": made} if made else {})
            found[kind].append(costs)
            found[kind].sort(key=paragraphs)
            options.measured.write_text(json.dumps(found) + "\n", encoding="utf-8")

        for every in options.every:
            parts = write_parts(options.file, folder / f"every-{every}", every)
            archive = folder / f"every-{every}.db"
            name = f"1/{every}" if every > 1 else "all"
            print(f"ingesting {name} ...", flush=True)
            keep(name, archive, ingest(archive, parts), "fitted")
            archive.unlink()
        if options.apart:
            archive = folder / "apart.db"
            keep(options.apart.name, archive, ingest(archive, [options.apart]), "apart")
        for path in options.like:
            keep(f"{path.stem}, older", path, None, "fitted")
        for path in options.db:
            keep(path.stem, path, None, "apart")


def paragraphs(one: Mapping[str, Any]) -> int:
    """Return how many paragraphs a measured archive has."""
    return int(one["counts"]["paragraphs"])


def _cost(one: Mapping[str, Any], name: str) -> float | None:
    """Return a cost of a measured archive by its name; None where it was not measured."""
    search, made = one["search"], one.get("ingest")
    if name in KINDS:
        # The quickest of its times is what a query costs where nothing disturbs it.
        return median(map(min, search["times"][name]))
    if name in one["counts"]:
        return float(one["counts"][name])
    if name in ("writer", "beside"):
        return float(made[name]) if made else None
    if name in ("merging", "settling", "copies"):
        return made["parts"].get(name) if made else None
    if name in ("writer memory", "memory beside"):
        return float(made[name]) if made else None
    if name == "check":
        return float(one["check"]["worked"]) if "check" in one else None
    if name == "file":
        return float(one["bytes"])
    if name in search["memory"]:
        return float(search["memory"][name])
    return search.get(name) and float(search[name])


LAWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "file": ("bytes", (LINE, POWER)),
    "words": ("words", (POWER,)),
    "entities": ("entities", (POWER,)),
    "alias_keys": ("keys", (POWER,)),
    "mentions": ("mentions", (POWER,)),
    "entries of postings": ("entries", (POWER,)),
    **dict.fromkeys(KINDS, ("ms", (LINE,))),
    "rare": ("ms", (LOGARITHM,)),  # ten hits, however many articles: only trees grow deeper
    "opening": ("ms", (LINE,)),
    "of it, arrays by article": ("bytes", (LINE,)),
    "after one query": ("bytes", (LINE,)),
    "writer": ("s", (LINE,)),
    "beside": ("s", (LINE,)),
    "writer memory": ("bytes", (LINE,)),
    "check": ("s", (LINE,)),
}
"""The unit of each cost, and the laws that it may follow."""
OF_VERSION = {"file", "entities", "alias_keys", "mentions", "of it, arrays by article"}
"""Costs that are others in archives of an earlier version."""


def points(measured: Iterable[Mapping[str, Any]], name: str) -> Points:
    """Return a cost by the number of paragraphs."""
    measured = [*measured]
    latest = max(one["version"] for one in measured)
    costs = (
        (paragraphs(one), _cost(one, name))
        for one in measured
        if one["version"] == latest or name not in OF_VERSION
    )
    return [(size, cost) for size, cost in costs if cost]


def fit_laws(fitted: Measured) -> dict[str, Law]:
    """Fit all laws."""
    laws = {name: fit(points(fitted, name), kinds) for name, (_, kinds) in LAWS.items()}
    arrays = laws["of it, arrays by article"]
    laws["a thread"] = Law(LINE, arrays.a + 8 * KEPT + PAGES, arrays.b)
    laws["a process"] = Law(LINE, laws["after one query"].a, 0.0)
    return laws


def files(measured: Measured) -> str:
    """Return what is in the files, in bytes a paragraph."""
    names = [one["name"] for one in measured]
    rows = [
        [name, *(f"{one['counts'].get(name, 0):,}" for one in measured)]
        for name in (*measured[-1]["counts"],)
    ]
    rows += [["file, MiB", *(f"{one['bytes'] / 2**20:,.1f}" for one in measured)]]
    parts = sorted({part for one in measured for part in one["parts"]})
    bytes_each = [
        [part, *(f"{one['parts'].get(part, 0) / paragraphs(one):,.1f}" for one in measured)]
        for part in parts
    ]
    bytes_each += [["file", *(f"{one['bytes'] / paragraphs(one):,.1f}" for one in measured)]]
    return table(["", *names], rows) + "\n\n" + table(["bytes a paragraph", *names], bytes_each)


def queries(measured: Measured) -> str:
    """Return the times of queries by kind, in milliseconds of the processor."""
    names = [one["name"] for one in measured]
    rows = []
    for kind in KINDS:
        cells = []
        for one in measured:
            times = together(one["search"]["times"][kind])
            least = median(map(min, one["search"]["times"][kind]))
            cells.append(f"{least:.2f} / {median(times):.2f} / {quantile(times, 0.99):.2f}")
        rows.append([kind, *cells])
    for name in ("opening", "page pickled", "clock over processor"):
        rows.append([name, *(f"{one['search'][name]:.2f}" for one in measured)])
    for name in measured[0]["search"]["memory"]:
        cells = [f"{one['search']['memory'][name] / 2**20:,.1f}" for one in measured]
        rows.append([f"memory, MiB: {name}", *cells])
    return table(["least / p50 / p99, ms", *names], rows)


def work(measured: Measured) -> str:
    """Return what filling and checking an archive takes, in milliseconds an article."""
    made = [one for one in measured if "ingest" in one]
    rows = []
    for name in ("writer", "copies", "merging", "settling", "beside", "check"):
        cells = [
            f"{(_cost(one, name) or 0) / one['counts']['articles'] * 1000:.2f}" for one in made
        ]
        rows.append([name, *cells])
    for name in ("writer memory", "memory beside"):
        rows.append([f"{name}, MiB", *(f"{one['ingest'][name] / 2**20:,.0f}" for one in made)])
    text = table(["ms an article", *(one["name"] for one in made)], rows)
    for one in measured:
        if "text index" in one:
            text += f"\n\n{one['name']}: text index written alone\n\n" + _tenths(one)
    return text


def _tenths(one: Mapping[str, Any]) -> str:
    marks = one["text index"]["marks"]
    pairs = zip([(0, 0.0), *marks], marks, strict=False)
    each = [(after[1] - before[1]) / (after[0] - before[0]) * 1e6 for before, after in pairs]
    head = [f"{number}" for number in range(1, len(each) + 1)]
    return table(["tenth", *head], [["µs a paragraph", *(f"{cost:.1f}" for cost in each)]])


def told(laws: Mapping[str, Law], fitted: Measured, apart: Measured) -> str:
    """Return each law, how well it fits, and what it says of archives that it does not know."""
    others = [one["name"] for one in apart]
    rows = []
    for name, (unit, _) in LAWS.items():
        law = laws[name]
        misses = []
        for one in apart:
            cost = _cost(one, name)
            share = law.at(paragraphs(one)) / cost if cost else None
            misses.append("-" if share is None else f"{share:.2f}")
        ahead = "-" if law.ahead is None else f"{law.ahead:.0%}"
        rows.append([name, unit, str(law), f"{law.worst:.0%}", ahead, *misses])
    head = ["cost", "unit", "law of n paragraphs", "worst miss", "largest foretold, miss",
            *(f"over {name}'s" for name in others)]  # fmt: skip
    sizes = [paragraphs(one) for one in fitted]
    note = f"Fitted on {len(sizes)} archives of {sizes[0]:,} to {sizes[-1]:,} paragraphs."
    return f"{note}\n\n{table(head, rows)}"


def extrapolated(laws: Mapping[str, Law], fitted: Measured) -> str:
    """Return what one archive of each size costs by the laws."""
    per_article = _per_article(fitted)
    largest = paragraphs(fitted[-1])

    def row(name: str, of: Callable[[float], float], digits: int = 1) -> list[str]:
        return [name, *(_number(of(size), digits) for size in SIZES)]

    rows = [
        row("articles", lambda n: n / per_article, 0),
        row("file, GiB", lambda n: laws["file"].at(n) / GIB),
        row("words, thousands", lambda n: laws["words"].at(n) / 1000, 0),
        row("entities, thousands", lambda n: laws["entities"].at(n) / 1000, 0),
        row("alias keys, thousands", lambda n: laws["alias_keys"].at(n) / 1000, 0),
        row("memory of a thread, MiB", lambda n: laws["a thread"].at(n) / 2**20, 0),
        row("first page, ms", lambda n: laws["opening"].at(n)),
        *(row(f"{kind}, ms", laws[kind].at) for kind in KINDS),
        row("writer, hours", lambda n: laws["writer"].at(n) / HOUR, 2),
        row("beside the writer, hours", lambda n: laws["beside"].at(n) / HOUR, 2),
        row("doctor, hours", lambda n: laws["check"].at(n) / HOUR, 2),
    ]
    head = [f"10^{len(str(int(size))) - 1}" + ("" if size <= largest else " *") for size in SIZES]
    return table(["one archive of", *head], rows) + "\n\n\\* beyond what was measured"


def _per_article(fitted: Measured) -> float:
    return paragraphs(fitted[-1]) / float(fitted[-1]["counts"]["articles"])


def limited(laws: Mapping[str, Law], fitted: Measured, memory: float) -> str:
    """Return all limits, the first to be reached first."""
    sqlite = SQLiteLimits.read()
    found: list[Limit] = of_time(laws, memory)
    found += of_numbers(laws, _per_article(fitted), sqlite)
    found.sort(key=lambda limit: limit.paragraphs)
    rows = [
        [limit.what, _short(limit.paragraphs), f"`{limit.where}`", limit.moves] for limit in found
    ]
    return table(["what", "paragraphs", "where", "what moves it"], rows)


def money(laws: Mapping[str, Law], options: argparse.Namespace) -> str:
    """Return what each size needs and costs."""
    prices = Prices(options.processor_hour, options.disk_month, options.memory_month)
    service = Service(options.rate, options.keep, options.threads, options.used, options.cached)
    assumed = [
        ["a processor for an hour", f"{prices.processor_hour:g}", "--processor-hour"],
        ["a GiB of disk for a month", f"{prices.disk_month:g}", "--disk-month"],
        ["a GiB of memory for a month", f"{prices.memory_month:g}", "--memory-month"],
        ["queries a second", f"{service.rate:g}", "--rate"],
        ["replicas of a shard", f"{service.replicas}", "--keep"],
        ["threads that search, a replica", f"{service.threads}", "--threads"],
        ["share of a processor that may be busy", f"{service.used:g}", "--used"],
        ["share of the files kept in memory", f"{service.cached:g}", "--cached"],
    ]
    rows = []
    for size in SIZES:
        for shard in options.shard:
            if size < shard and shard != min(options.shard):
                continue
            one = need(size, shard, laws, MIX, service)
            rows.append([
                _short(size), _short(min(shard, size)), f"{one.shards:,}",
                _number(one.ingest_hours, 1), _number(one.writer_hours, 2),
                _number(one.ingest_price(prices), 2), _number(one.disk / GIB, 1),
                _number(one.memory / GIB, 1), _number(one.processors, 2),
                _number(one.month_price(prices), 2),
            ])  # fmt: skip
    head = ["paragraphs", "a shard", "shards", "ingest, processor h", "h at least", "price",
            "disk, GiB", "memory, GiB", "processors", "price a month"]  # fmt: skip
    return table(["assumed", "", "option"], assumed) + "\n\n" + table(head, rows)


def service_times(
    laws: Mapping[str, Law], largest: Mapping[str, Any], size: float
) -> list[tuple[float, list[list[float]]]]:
    """Return what was measured of the largest archive, scaled to a shard of a size."""
    known = paragraphs(largest)
    found = []
    for kind, share in MIX.items():
        factor = laws[kind].at(size) / laws[kind].at(known)
        times = [[took * factor for took in each] for each in largest["search"]["times"][kind]]
        found.append((share, times))
    return found


def waiting(laws: Mapping[str, Law], largest: Mapping[str, Any], options: Any) -> str:
    """Return how long queries wait, by shards, replicas, load and hedging."""
    pickled = float(largest["search"]["page pickled"])
    text = [
        f"{_short(options.total)} paragraphs; on top of each query {options.hop:g} ms, and "
        f"{pickled:.2f} ms a shard; in time is {options.in_time:g} ms; "
        f"{options.number:,} queries a row."
    ]
    for likely, pause in ((0.0, 0.0), tuple(options.stall)):
        rows = []
        for shards in options.shards:
            times = service_times(laws, largest, options.total / shards)
            average = mean(times) + likely * pause
            delay = quantile([took for _, kind in times for took in together(kind)], options.delay)
            for replicas in options.replicas:
                for rate in options.rates:
                    load = rate * average / 1000 / replicas
                    handing = rate * shards * pickled / 1000
                    cells = [f"{shards} × {replicas}", f"{rate:g}", f"{load:.0%}"]
                    cells += [f"{handing:.0%}"]
                    if load >= 0.95:
                        rows.append([*cells, *(["over"] + ["-"] * 8)])
                        continue
                    for hedge in (None, delay):
                        setting = Setting(shards, replicas, rate / 1000, hedge)
                        if hedge is not None and replicas < 2:
                            cells += ["-"] * 5
                            continue
                        made = empirical(times, stall=(likely, pause))
                        outcome = simulate(made, setting, number=options.number, seed=options.seed)
                        extra = options.hop + pickled * shards
                        cells += [
                            *(_number(outcome.quantile(q) + extra, 0) for q in (0.5, 0.95, 0.99)),
                            f"{outcome.within(options.in_time - extra):.1%}",
                        ]
                        if hedge is not None:
                            cells.append(f"{outcome.requests / options.number / shards - 1:.1%}")
                    rows.append(cells)
        head = ["shards × replicas", "queries/s", "load", "coordinator", "p50", "p95", "p99",
                "in time", "hedged: p50", "p95", "p99", "in time", "more work"]  # fmt: skip
        name = "as measured" if not likely else (
            f"and one request of {1 / likely:,.0f} pauses for {pause:g} ms (assumed)"
        )  # fmt: skip
        text.append(f"### {name}\n\n{table(head, rows)}")
    return "\n\n".join(text)


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}"


def _short(value: float) -> str:
    """Return a number of any size with two digits."""
    if value < 1e4:
        return f"{value:,.0f}"
    power = len(str(int(value))) - 1 if value < 1e30 else 99
    if power == 99:
        return "never"
    first = value / 10**power
    return f"10^{power}" if abs(first - 1) < 0.05 else f"{first:.1f}·10^{power}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--tables", nargs="+", help="only these: files queries work laws sizes limits money"
        " waiting")  # fmt: skip
    add("--measured", type=Path, default=MEASURED, help="what was measured")
    add("--measure", action="store_true", help="measure anew, and write that file")
    add("--add", action="store_true", help="measure beside what is in the file")
    add("--page", type=Path, help="a page to put the tables into, between comments")
    add("--file", type=Path, default=DATA / "scale" / "allsides.jsonl.xz", help="of articles")
    add("--every", type=int, nargs="*", default=[27, 9, 3, 1], help="every 27th article, every 9th")
    add("--apart", type=Path, help="articles of another kind, which laws should foretell")
    add("--db", type=Path, nargs="*", default=[], help="archives that are there, likewise; read")
    add("--like", type=Path, nargs="*", default=[],
        help="archives of --file that are there: read, and fitted")  # fmt: skip
    add("--rounds", type=int, default=10, help="each query is asked so often")
    add("--text-index", action="store_true", help="write FTS5's index of all alone, too")
    add("--folder", type=Path, help="where to write what is thrown away again")
    add("--memory", type=float, default=4.0, help="GiB that a thread's arrays may take")
    add("--processor-hour", type=float, default=0.05, help="price of a processor for an hour")
    add("--disk-month", type=float, default=0.1, help="price of a GiB of disk for a month")
    add("--memory-month", type=float, default=3.0, help="price of a GiB of memory for a month")
    add("--rate", type=float, default=5.0, help="queries a second, of the table of money")
    add("--keep", type=int, default=2, help="replicas, of the table of money")
    add("--threads", type=int, default=2, help="that search, in each replica")
    add("--used", type=float, default=0.5, help="share of a processor that may be busy")
    add("--cached", type=float, default=0.25, help="share of the files kept in memory")
    add("--shard", type=float, nargs="+", default=[1e6, 1e7], help="paragraphs of a shard")
    add("--total", type=float, default=1e8, help="paragraphs, of the simulation")
    add("--shards", type=int, nargs="+", default=[4, 16, 64])
    add("--replicas", type=int, nargs="+", default=[1, 2, 3])
    add("--rates", type=float, nargs="+", default=[10.0, 40.0], help="queries a second")
    add("--delay", type=float, default=0.95,
        help="ask again after the time in which such a share is answered")  # fmt: skip
    add("--stall", type=float, nargs=2, default=[0.01, 250.0], metavar=("SHARE", "MS"),
        help="one in so many requests pauses, and how long")  # fmt: skip
    add("--hop", type=float, default=2.0, help="milliseconds to and from shards")
    add("--in-time", type=float, default=500.0, help="milliseconds")
    add("--seed", type=int, default=1, help="of chance in the simulation")
    add("--number", type=int, default=1000, help="of queries simulated, a row")
    return parser.parse_args()


if __name__ == "__main__":
    main()
