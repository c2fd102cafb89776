"""How much work is one build of the program beside another?

    python benchmarks/versus.py OLD NEW

OLD and NEW are checkouts, or the pythons of environments in which a build is installed. Each
measure is processes of its own, of one build and the other in turn; the processor time of a process
and its children counts, so that other work on the machine counts little. The table has medians, and
NEW divided by OLD. Each build has a cache of its own, which its first run, which does not count,
fills.

A measure is a function of `MEASURES`: what it returns is the command to run, after what it needs
was prepared in the folder of its build, or a number that it has measured itself.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from corpora import DATA
from tables import table

ROOT = Path(__file__).parent.parent
QUERY = "Sochi boycott"
_CALL = "import syriasearch, sys; syriasearch.find_mentions(open(sys.argv[1]).read())"
_WORKER = (
    "from syriasearch.ingest.workers import KnownNames;KnownNames('rules', (), (), ()).recognizer()"
)
_PREPARE = """
import resource, sys
from syriasearch.ingest.readers import Document
from syriasearch.ingest.workers import KnownNames, LazyRecognizer, PrepareTask, WorkerPool
names = KnownNames("rules", (), (), ())
task = PrepareTask(Document(open(sys.argv[1]).read()), ("folder", "article.txt"), "article.txt")
pool = WorkerPool(1)
assert next(iter(pool.prepare_all([task], lambda: LazyRecognizer(names, names.recognizer)))).article
pool.close()
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime)
"""


@dataclass(frozen=True)
class Build:
    """A build of the program, and a folder for what it writes."""

    python: str
    path: str
    """The checkout, or nothing for what is installed."""
    folder: Path

    @classmethod
    def of(cls, given: str, folder: Path) -> Build:
        """Return the build of a checkout, or of a python."""
        folder.mkdir(parents=True)
        place = Path(given).absolute()
        if place.is_dir() and (place / "syriasearch").is_dir():
            return cls(sys.executable, str(place), folder)
        if place.is_file() and os.access(place, os.X_OK):
            return cls(str(place), "", folder)
        raise SystemExit(f"{given} is neither a checkout nor the python of an environment")

    def command(self, *arguments: str | Path) -> list[str]:
        """Return a command of the program."""
        return [self.python, "-m", "syriasearch.cli", *map(str, arguments)]

    def code(self, code: str, *arguments: str | Path) -> list[str]:
        """Return a command that runs some Python."""
        return [self.python, "-c", code, *map(str, arguments)]

    def run(self, command: Sequence[str]) -> tuple[float, float]:
        """Run a command; return the seconds of the processor, and of the clock."""
        before, started = _spent(), time.perf_counter()
        self.output(command)
        return _spent() - before, time.perf_counter() - started

    def output(self, command: Sequence[str]) -> str:
        """Run a command; return what it prints."""
        environment = {
            **os.environ,
            "PYTHONPATH": self.path,
            "PYTHONDONTWRITEBYTECODE": "",
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
        return done.stdout


@dataclass(frozen=True)
class Inputs:
    """What is measured with."""

    article: Path
    """A text of one article."""
    articles: Path
    """A file of articles that make the archive which is searched."""


def first_mentions(build: Build, inputs: Inputs) -> list[str]:
    """`find_mentions` on its first call."""
    return build.code(_CALL, inputs.article)


def mentions(build: Build, inputs: Inputs) -> list[str]:
    """`syriasearch mentions` of one article."""
    return build.command("mentions", inputs.article)


def worker(build: Build, inputs: Inputs) -> list[str]:
    """A worker process, until it has its names."""
    return build.code(_WORKER)


def worker_article(build: Build, inputs: Inputs) -> float:
    """A worker process of an ingest, from its start to its end, which prepares one article."""
    return float(build.output(build.code(_PREPARE, inputs.article)))


def ingest_seeds(build: Build, inputs: Inputs) -> list[str]:
    """`syriasearch ingest seeds/` into a new archive."""
    return build.command("ingest", ROOT / "seeds", "--db", _new(build))


def cold_search(build: Build, inputs: Inputs) -> list[str]:
    """`syriasearch "Sochi boycott"`, of the archive of `--articles`."""
    return build.command(QUERY, "--db", _archive(build, inputs))


def sqlite_utils_search(build: Build, inputs: Inputs) -> list[str]:
    """`sqlite-utils search` for the same words in the same archive, for comparison."""
    program = Path(build.python).parent / "sqlite-utils"
    where = (str(_archive(build, inputs)), "paragraphs", QUERY, "--limit", "10")
    return [build.python, str(program), "search", *where]


def doctor(build: Build, inputs: Inputs) -> list[str]:
    """`syriasearch doctor` of an archive that the build has made."""
    return build.command("doctor", "--db", _archive(build, inputs))


def reindex(build: Build, inputs: Inputs) -> list[str]:
    """`syriasearch reindex --entities` of an archive that the build has made: nothing changes."""
    return build.command("reindex", "--entities", "--db", _archive(build, inputs))


Measure = Callable[[Build, Inputs], list[str] | float]
MEASURES: dict[str, Measure] = {
    "find_mentions": first_mentions,
    "mentions": mentions,
    "worker": worker,
    "worker's article": worker_article,
    "seeds": ingest_seeds,
    "cold": cold_search,
    "doctor": doctor,
    "reindex": reindex,
    "sqlite-utils": sqlite_utils_search,
}


def main() -> None:
    """Measure both builds in turns, and print medians and ratios."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        builds = [Build.of(given, Path(folder, name)) for name, given in _given(options)]
        inputs = _inputs(options, Path(folder))
        rows = [
            row for name in options.measures for row in _measure(name, builds, inputs, options.runs)
        ]
    print(table(["measure", "of", "old", "new", "ratio"], rows))


def _measure(name: str, builds: list[Build], inputs: Inputs, runs: int) -> list[list[str]]:
    measure = MEASURES[name]
    found: list[list[tuple[float, ...]]] = [[], []]
    for number in range(runs + 1):
        for build, each in zip(builds, found, strict=True):
            what = measure(build, inputs)
            result = (what,) if isinstance(what, float) else build.run(what)
            if number:
                each.append(result)
    old, new = ([median(column) for column in zip(*each, strict=True)] for each in found)
    units = ("CPU, s", "wall, s") if len(old) == 2 else ("CPU, s",)
    return [
        [name, unit, f"{before:.3f}", f"{after:.3f}", f"{after / before:.2f}"]
        for unit, before, after in zip(units, old, new, strict=True)
    ]


def _new(build: Build) -> Path:
    """Return the path of an archive that is not there."""
    return next(
        path
        for number in itertools.count()
        if not (path := build.folder / f"new{number}.db").exists()
    )


def _archive(build: Build, inputs: Inputs) -> Path:
    """Return the archive that a build has made of the articles."""
    archive = build.folder / "archive.db"
    if not archive.exists():
        build.run(build.command("ingest", inputs.articles, "--db", archive))
    return archive


def _spent() -> float:
    """Return the processor time of the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _inputs(options: argparse.Namespace, folder: Path) -> Inputs:
    lines = options.articles.read_text(encoding="utf-8").splitlines()[: options.limit]
    articles = folder / "articles.jsonl"
    articles.write_text("\n".join(lines), encoding="utf-8")
    fields = json.loads(lines[min(100, len(lines) - 1)])
    article = folder / "article.txt"
    article.write_text(f"{fields.get('title', '')}\n\n{fields['text']}", encoding="utf-8")
    return Inputs(article, articles)


def _given(options: argparse.Namespace) -> list[tuple[str, str]]:
    return [("old", options.old), ("new", options.new)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("old", help="a checkout, or the python of an environment")
    add("new", help="the same")
    add("--measures", nargs="+", choices=MEASURES, default=list(MEASURES), help="which to take")
    add("--runs", type=int, default=5, help="of each, after one that does not count")
    articles = DATA / "news" / "allsides_mideast.jsonl"
    add("--articles", type=Path, default=articles, help="a JSON Lines file of articles")
    add("--limit", type=int, default=500, help="how many of them are searched")
    return parser.parse_args()


if __name__ == "__main__":
    main()
