"""All hostile archives, with figures: `make hostile`."""

from __future__ import annotations

import argparse
import fnmatch
import sqlite3
import struct
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from faults.__main__ import say
from faults.injector import fast_folder

from .mutations import all_mutations
from .operations import OPERATIONS, make_archive
from .runner import try_all, warm_up


def main() -> int:
    """Try what the command line says; return whether anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m hostile", description=__doc__)
    parser.add_argument("names", nargs="*", default=["*"], help="mutations, with wildcards")
    parser.add_argument("--every", type=int, default=1, help="try every n-th mutation")
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--operations", default=",".join(OPERATIONS))
    parser.add_argument("--without-values", action="store_true", help="no odd values of columns")
    parser.add_argument("--sound", action="store_true", help="list what the doctor calls sound")
    options = parser.parse_args()
    chosen = {
        name: mutation
        for name, mutation in all_mutations(values=not options.without_values).items()
        if any(fnmatch.fnmatchcase(name, each) or name == each for each in options.names)
    }
    names = [*chosen][options.first :: options.every]
    counts: Counter[str] = Counter()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        base = Path(folder) / "base.db"
        make_archive(base)
        warm_up(base)
        for name in names:
            try:
                found = list(try_all(base, name, chosen[name], options.operations.split(",")))
            except (sqlite3.Error, struct.error) as error:
                say(f"{name} · cannot be made: {error}")
                continue
            counts.update(each.kind for each in found)
            for each in found:
                if each.kind == "wrong":
                    say(f"{name} · {each.operation}: {each.told}")
                if options.sound and each.operation == "check" and each.told == "()":
                    say(f"{name} · sound")
    seconds = round(time.monotonic() - start)
    total = " ".join(f"{number:,} {kind}" for kind, number in sorted(counts.items()))
    say(f"{len(names):,} archives, {counts.total():,} operations: {total}, {seconds:,} s")
    return counts["wrong"] > 0


if __name__ == "__main__":
    sys.exit(main())
