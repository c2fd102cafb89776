"""Are pages right, and how soon do they come, while other readers read and an ingest writes?

Readers ask two kinds of queries in turns. The answer of a fixed one cannot change by the ingest:
its words stand in no new article, and it has few enough hits to compare all of them. A broad one
may get more hits, and never fewer.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import cycle
from pathlib import Path
from statistics import median

from cache import FOLDER, Cache, article_id
from cases import spread
from corpora import DATA, read_documents, write_documents
from search import p99, prepare
from syriasearch import Archive, SyriaSearchError
from tables import table
from vocabulary import Vocabulary, read_vocabulary

NEW = "scale/reuters21578.jsonl.xz"
THREADS = 8
PROCESSES = 4
QUERIES = 6
"""So many of each kind."""
MOST_HITS = 20
PATIENCE = 300
"""So many seconds a reader may take to end before it counts as lost."""

_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Question:
    """A query; where its answer is fixed, the ids of all that has it."""

    query: str
    answer: frozenset[str] | None = None


@dataclass
class Readings:
    """What readers have seen: milliseconds of fixed and broad queries, and what was wrong."""

    fixed: list[float] = field(default_factory=list)
    broad: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Readings) -> None:
        """Take in what another reader has seen."""
        self.fixed += other.fixed
        self.broad += other.broad
        self.errors += other.errors
        self.wrong += other.wrong


Readers = Callable[[Path, list[Question], Readings], AbstractContextManager[None]]
"""Read an archive as long as the context lasts, and then tell what was seen."""


def read(
    archive: Archive, questions: list[Question], start: int, stop: Callable[[], bool]
) -> Readings:
    """Ask questions in turns, from one of them on, until told to stop."""
    seen = Readings()
    totals: dict[str, int] = {}
    for question in cycle(questions[start:] + questions[:start]):
        if stop():
            return seen
        started = time.perf_counter()
        try:
            page = archive.search(question.query, limit=MOST_HITS, passages=1)
        except Exception as error:
            seen.errors.append(f"{question.query}: {type(error).__name__}: {error}")
            continue
        took = (time.perf_counter() - started) * 1000
        ids = [article_id(hit.article.path or "") for hit in page.hits]
        if question.answer is None:
            seen.broad.append(took)
            if page.total < totals.get(question.query, 0) or len(set(ids)) < len(ids):
                seen.wrong.append(f"{question.query}: {page.total} hits, and had more")
            totals[question.query] = page.total
        else:
            seen.fixed.append(took)
            if set(ids) != question.answer or page.total != len(question.answer):
                seen.wrong.append(f"{question.query}: {sorted(ids)}")
    return seen


def choose(archive: Path, new: Path, vocabulary: Vocabulary) -> list[Question]:
    """Choose fixed and broad questions, one of each in turn."""
    rare = [word for word, count in vocabulary.english.items() if 3 <= count <= 8 and len(word) > 6]
    questions: list[Question] = []
    broad = spread(vocabulary.band(0.1, 0.8), QUERIES)
    with Archive(archive, readonly=True) as old, Archive(new, readonly=True) as other:
        for word in spread(rare, QUERIES * 10):
            found = other.search(word)
            page = old.search(word, limit=MOST_HITS)
            if found.hits or page.partial_total or not 0 < page.total <= MOST_HITS:
                continue
            ids = frozenset(article_id(hit.article.path or "") for hit in page.hits)
            questions += [Question(word, ids), Question(broad[len(questions) // 2])]
            if len(questions) == 2 * QUERIES:
                break
    return questions


@contextmanager
def threads(archive: Path, questions: list[Question], seen: Readings) -> Iterator[None]:
    """Let threads of this process read, which share one Archive."""
    stop = threading.Event()
    found: list[Readings] = []
    with Archive(archive, readonly=True) as shared:

        def work(start: int) -> None:
            found.append(read(shared, questions, start, stop.is_set))

        workers = [
            threading.Thread(target=work, args=(number % len(questions),))
            for number in range(THREADS)
        ]
        for worker in workers:
            worker.start()
        try:
            yield
        finally:
            stop.set()
            for worker in workers:
                worker.join()
    for each in found:
        seen.add(each)


@contextmanager
def processes(archive: Path, questions: list[Question], seen: Readings) -> Iterator[None]:
    """Let processes read, each with an Archive of its own."""
    stop = _spawn.Event()
    results = _spawn.Queue()
    workers = [
        _spawn.Process(target=_read_alone, args=(archive, questions, number, stop, results))
        for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        stop.set()
        for _ in workers:
            seen.add(results.get(timeout=PATIENCE))
        for worker in workers:
            worker.join()


def _read_alone(archive, questions, start, stop, results) -> None:  # type: ignore[no-untyped-def]
    with Archive(archive, readonly=True) as opened:
        results.put(read(opened, questions, start, stop.is_set))


def _ingest(archive: Path, lines: Path) -> None:
    try:
        with Archive(archive) as opened:
            report = opened.ingest(lines)
    except SyriaSearchError as error:
        raise SystemExit(f"ingest: {type(error).__name__}: {error}") from error
    print(f"ingest: {report.added:,} articles in {report.took_s:.0f} s", flush=True)


def read_during_ingest(
    readers: Readers, archive: Path, lines: Path, questions: list[Question]
) -> tuple[Readings, list[str]]:
    """Read while another process ingests; returns also what went wrong with the ingest.

    Where readers do not let the ingest begin, it begins before them.
    """
    problems = []
    for ahead in (False, True):
        seen = Readings()
        writer = _spawn.Process(target=_ingest, args=(archive, lines))
        if ahead:
            writer.start()
            log = archive.with_name(archive.name + "-wal")
            while writer.is_alive() and not (log.exists() and log.stat().st_size):
                time.sleep(0.05)
        with readers(archive, questions, seen):
            if not ahead:
                writer.start()
            writer.join()
        if not writer.exitcode:
            break
        problems.append("the ingest failed, begun " + ("before" if ahead else "among") + " readers")
    return seen, problems


def main() -> None:
    """Measure threads, and processes, alone and during an ingest."""
    options = _options()
    cache = Cache(options.cache, options.rebuild)
    corpus, _ = prepare(options.data, options.fraction, cache)
    vocabulary = read_vocabulary(corpus.documents, corpus.name, cache)
    documents = list(read_documents(options.data / NEW))
    questions = choose(corpus.archive, cache.archive("reuters-new", documents), vocabulary)
    work = options.cache / "concurrency"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    lines = work / "new.jsonl"
    write_documents(documents, lines)
    del documents
    rows = []
    problems: list[str] = []
    for name, readers in (
        (f"{THREADS} threads", threads),
        (f"{PROCESSES} processes", processes),
    ):
        archive = work / "archive.db"
        shutil.copyfile(corpus.archive, archive)
        alone = Readings()
        with readers(archive, questions, alone):
            time.sleep(options.seconds)
        during, failures = read_during_ingest(readers, archive, lines, questions)
        problems += [f"{name}: {failure}" for failure in failures]
        for phase, seen in (("alone", alone), ("during an ingest", during)):
            rows.append([f"{name} {phase}", *_cells(seen)])
            problems += [f"{name} {phase}: {what}" for what in (*seen.errors, *seen.wrong)]
        for leftover in work.glob("archive.db*"):
            leftover.unlink()
    shutil.rmtree(work)
    head = ["readers", "pages", "errors", "wrong", "fixed, ms", "p99", "broad, ms", "p99"]
    print(f"\n{len(corpus.documents):,} documents, {len(questions)} queries; medians\n")
    print(table(head, rows))
    for problem in problems[:20]:
        print(problem)
    raise SystemExit(1 if problems else 0)


def _cells(seen: Readings) -> list[str]:
    counts = (len(seen.fixed) + len(seen.broad), len(seen.errors), len(seen.wrong))
    return [
        *(f"{count:,}" for count in counts),
        *(
            f"{one(values):.1f}" if values else "-"
            for values in (seen.fixed, seen.broad)
            for one in (median, p99)
        ),
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--fraction", type=Fraction, default=Fraction(1), help="of the documents: 1, 1/3, 1/10")
    add("--seconds", type=float, default=20.0, help="how long readers read alone")
    add("--data", type=Path, default=DATA, help="the data folder")
    add("--cache", type=Path, default=FOLDER, help="where archives are kept")
    add("--rebuild", action="store_true", help="build archives anew")
    return parser.parse_args()


if __name__ == "__main__":
    main()
