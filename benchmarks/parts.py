"""What is each part of the score worth? Every set with all parts, and with each one changed."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cache import FOLDER, Cache
from corpora import DATA
from measures import Measured, measure, p_value
from query_sets import JUDGED, KNOWN_ITEM, QuerySet, load
from rankers import SyriaSearch
from tables import table


@dataclass(frozen=True)
class Variant:
    """The program with something changed in it."""

    name: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Values by `module.name`, in the package."""
    indexed: bool = False
    """Whether archives must be built anew."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Options of the search."""


def _one(*_: object) -> float:
    return 1.0


def _nobody(*_: object) -> tuple[()]:
    return ()


VARIANTS = (
    Variant("all parts"),
    Variant("no repetition", {"ranking.repetition": _one}),
    Variant("stop words weigh 1", {"plan.STOP_WEIGHT": 1.0}),
    Variant("stop words weigh 0", {"plan.STOP_WEIGHT": 0.0}),
    Variant("no names", {"plan._Planner._named": _nobody}),
    Variant("all words first: never", {"search.ALL_WORDS_FIRST": 0}),
    Variant("expand", options={"expand": True}),
    Variant("expand, twice", {"related.GENTLE": 0.2}, options={"expand": True}),
    Variant("expand, a fifth", {"related.GENTLE": 0.02}, options={"expand": True}),
    Variant("b 0.5", {"ranking.B": 0.5}),
    Variant("k1 0.9, b 0.4", {"ranking.K1": 0.9, "ranking.B": 0.4}),
    Variant("no lead", {"segments.LEAD": 0}, indexed=True),
    Variant("lead of 60", {"segments.LEAD": 60}, indexed=True),
    Variant("lead of 60, titles weigh 4", {"segments.LEAD": 60, "postings.WEIGHTS.title": 4}, True),
    Variant("titles weigh 4", {"postings.WEIGHTS.title": 4}, indexed=True),
    Variant("titles weigh 5", {"postings.WEIGHTS.title": 5}, indexed=True),
    Variant("lead of 45, titles weigh 4", {"segments.LEAD": 45, "postings.WEIGHTS.title": 4}, True),
    Variant("lead of 100", {"segments.LEAD": 100}, indexed=True),
    Variant("k1 0.9", {"ranking.K1": 0.9}),
    Variant("titles weigh 1", {"postings.WEIGHTS.title": 1}, indexed=True),
    Variant("titles weigh 2", {"postings.WEIGHTS.title": 2}, indexed=True),
)


@contextmanager
def changed(variant: Variant) -> Iterator[None]:
    """Change the program for a while."""
    undo: list[tuple[Any, str, Any]] = []
    for path, value in variant.changes.items():
        module, *names, last = path.split(".")
        target: Any = importlib.import_module(f"syriasearch.{module}")
        for name in names:
            target = getattr(target, name)
        undo.append((target, last, _get(target, last)))
        _set(target, last, value)
    try:
        yield
    finally:
        for target, last, value in undo:
            _set(target, last, value)


def _get(target: Any, name: str) -> Any:
    return target[name] if isinstance(target, dict) else getattr(target, name)


def _set(target: Any, name: str, value: Any) -> None:
    if isinstance(target, dict):
        target[name] = value
    else:
        setattr(target, name, value)


def measured(variant: Variant, name: str, sets: list[QuerySet], cache: Cache) -> list[Measured]:
    """Return what the first measure of each set says of a variant."""
    with changed(variant), tempfile.TemporaryDirectory() as folder:
        engine = SyriaSearch()
        engine.index(sets[0].documents, name, Cache(Path(folder)) if variant.indexed else cache)
        found = []
        for each in sets:
            depth = min(each.depth, 100) if name in KNOWN_ITEM else each.depth
            run = {
                query: engine.rank(each.queries[query], depth, **variant.options)
                for query in each.judgements
            }
            found.append(measure(run, each.judgements, each.measures)[each.measures[0]])
    return found


def main() -> None:
    """Print a row a variant: the mean of each set, and how likely the difference is by chance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the corpora")
    parser.add_argument("--cache", type=Path, default=FOLDER, help="where archives are kept")
    parser.add_argument("--sets", nargs="+", default=[*JUDGED, *KNOWN_ITEM])
    parser.add_argument("--variants", nargs="+", default=[each.name for each in VARIANTS[1:]])
    options = parser.parse_args()
    cache = Cache(options.cache)
    variants = [VARIANTS[0], *(each for each in VARIANTS if each.name in options.variants)]
    rows: dict[str, list[str]] = {each.name: [each.name] for each in variants}
    head = ["parts"]
    for name in options.sets:
        sets = load(name, options.data)
        head += [each.name for each in sets]
        whole: list[Measured] = []
        for variant in variants:
            found = measured(variant, name, sets, cache)
            whole = whole or found
            for mine, other in zip(found, whole, strict=True):
                chance = f" ({p_value(mine, other):.2g})" if variant is not variants[0] else ""
                rows[variant.name].append(f"{mine.mean:.4f}{chance}")
            print(name, *rows[variant.name], flush=True)
    print(f"\n{table(head, list(rows.values()))}")


if __name__ == "__main__":
    main()
