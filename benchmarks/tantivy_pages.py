"""How much work is a page of ten hits beside tantivy's, with snippets, of the same articles?

    python benchmarks/tantivy_pages.py ARCHIVE BUILD [BUILD ...]

A BUILD is a checkout, or the python of an environment in which a build is installed. The articles
of the archive are given to tantivy, which indexes them in a temporary folder. Each build, and
tantivy, is a process of its own; each query is asked of all of them in turn, and the processor time
of its process counts.

Queries are made of the archive's words, in the classes of `search.py`; `--names` are asked too, as
they are, and of tantivy as the words after `=`, if there are any: it knows no other spellings.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

from cache import FOLDER, Cache
from cases import Case, make_cases, spread
from corpora import Document
from pages import HITS, Corpus, Tantivy
from pages.with_sqlite import to_query
from syriasearch import Archive
from tables import table
from vocabulary import read_vocabulary

CLASSES = {"rare": 5, "broad": 4, "broad all": 4, "broad any": 4, "phrase": 5}
"""The classes of queries, with the number of queries of each."""
OTHERS = ("date", "entity", "facets")
"""Classes of which all queries are asked with `--options`, with one passage."""
NAMES = ("بشار الأسد=bashar assad", "حلب=aleppo", "فلاديمير بوتين=vladimir putin")
NEAR = ("said w/s president", "the pre/3 said")
OPENING = "first page"
"""The class of queries that are asked of an archive that has just been opened."""
FIRST = "Assad"

Question = tuple[str, str, Case, int]
"""A class, the query of this program, what tantivy is asked, and the number of passages a hit."""


def main() -> None:
    """Ask every query of all, and print times and ratios."""
    options = _options()
    if options.serve:
        serve(options)
    elif find_spec("tantivy") is None:
        raise SystemExit("tantivy is not installed: pip install tantivy")
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    """Time all questions in rounds, after one whose times are told apart."""
    questions = make_questions(options)
    names = ["tantivy", *options.builds]
    times: list[list[list[float]]] = [[[] for _ in names] for _ in questions]
    first: list[list[float]] = [[0.0 for _ in names] for _ in questions]
    with ExitStack() as stack:
        peers = [stack.enter_context(_started(name, options)) for name in names]
        for number in range(options.rounds + 1):
            for place, (kind, query, case, passages) in enumerate(questions):
                order = random.Random(number * len(questions) + place)
                for index in order.sample(range(len(peers)), len(peers)):
                    if index == 0 and kind in ("nearness", OPENING):
                        continue
                    took = _ask(peers[index], query, case, passages)
                    if number:
                        times[place][index].append(took)
                    else:
                        first[place][index] = took
    medians = [[median(each) if each else 0.0 for each in row] for row in times]
    _print_queries(questions, medians, options.builds)
    _print_classes("to tantivy", questions, medians, options.builds)
    _print_classes("to tantivy, when first asked", questions, first, options.builds)
    if len(options.builds) > 1:
        _print_builds(questions, medians, options.builds)


def make_questions(options: argparse.Namespace) -> list[Question]:
    """Make the questions of all classes, from the words of the archive."""
    documents = list(read_archive(options.archive))
    name = f"pages-{_digest(options.archive)}"
    vocabulary = read_vocabulary(documents, name, Cache(options.cache))
    with Archive(options.archive, readonly=True) as archive:
        (facet,) = archive.search("", limit=0, facets=["entity"]).facets
    entities = [value.value for value in facet.values]
    by_kind: dict[str, list[Case]] = {}
    for case in make_cases(vocabulary, documents, entities):
        by_kind.setdefault(case.kind, []).append(case)
    questions = [
        (kind, to_query(case), case, passages)
        for passages in (1, 3)
        for kind, count in CLASSES.items()
        for case in spread(by_kind[kind], count)
    ]
    for given in options.names:
        query, _, words = given.partition("=")
        case = Case("name", tuple((words or query).split()))
        questions.append(("name", query, case, 1))
    if options.options:
        questions += [(kind, to_query(case), case, 1) for kind in OTHERS for case in by_kind[kind]]
    questions += [("nearness", query, Case("nearness", ()), 1) for query in options.near]
    return [(OPENING, FIRST, Case(OPENING, ()), 1), *questions]


def read_archive(path: Path) -> Iterator[Document]:
    """Yield the articles of an archive as documents."""
    connection = sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)
    texts: dict[int, list[str]] = {}
    for article, text in connection.execute(
        "SELECT article_id, text FROM paragraphs WHERE kind != 'title' ORDER BY id"
    ):
        texts.setdefault(article, []).append(text)
    for article, slug, title, published, source in connection.execute(
        "SELECT id, slug, title, published, source FROM articles ORDER BY id"
    ):
        text = "\n\n".join(texts.get(article, ()))
        yield Document(slug, title, text, published or "", source or "")
    connection.close()


def read_named(path: Path) -> dict[str, list[str]]:
    """Return the slugs of the entities that each article names, by the article's slug."""
    connection = sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)
    found: dict[str, list[str]] = {}
    for article, entity in connection.execute(
        "SELECT DISTINCT articles.slug, entities.slug FROM mentions"
        " JOIN paragraphs ON paragraphs.id = paragraph_id"
        " JOIN articles ON articles.id = article_id JOIN entities ON entities.id = entity_id"
    ):
        found.setdefault(article, []).append(entity)
    connection.close()
    return found


def _digest(path: Path) -> str:
    stat = path.stat()
    return sha256(f"{path.absolute()} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]


def serve(options: argparse.Namespace) -> None:
    """Answer questions, a line of JSON each, with the seconds of the processor that they took."""
    page = _tantivy(options) if options.serve == "tantivy" else _syriasearch(options)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        case = Case(**question["case"])
        started = time.process_time()
        page(question["query"], case, question["passages"])
        print(json.dumps(time.process_time() - started), flush=True)


def _tantivy(options: argparse.Namespace) -> Any:
    engine = Tantivy()
    cache, name = Cache(options.cache), f"pages-{_digest(options.archive)}"
    built = (options.cache / f"{name}-tantivy").exists()
    documents = () if built else tuple(read_archive(options.archive))
    named = {} if built else read_named(options.archive)
    sys.stdout, kept = sys.stderr, sys.stdout
    engine.open(Corpus(name, documents, options.archive, named), cache)
    sys.stdout = kept
    return lambda query, case, passages: engine.page(case)


def _syriasearch(options: argparse.Namespace) -> Any:
    archive = Archive(options.archive, readonly=True)

    def page(query: str, case: Case, passages: int) -> None:
        opened = Archive(options.archive, readonly=True) if case.kind == OPENING else archive
        found = opened.search(
            query,
            limit=HITS,
            passages=passages,
            after=case.after or None,
            entity=case.entity or None,
            facets=tuple(case.facets),
        )
        for hit in found.hits:
            for passage in hit.passages:
                passage.snippet.to_html()

    return page


def _started(name: str, options: argparse.Namespace) -> subprocess.Popen[str]:
    """Start the process of tantivy, or of a build."""
    place = Path(name)
    is_checkout = (place / "syriasearch").is_dir()
    is_python = not is_checkout and place.is_file() and os.access(place, os.X_OK)
    if name != "tantivy" and not (is_checkout or is_python):
        raise SystemExit(f"{name} is neither a checkout nor the python of an environment")
    python = str(place) if is_python else sys.executable
    served = ("--serve", "tantivy" if name == "tantivy" else "build")
    peer = subprocess.Popen(
        [python, __file__, str(options.archive), name, "--cache", str(options.cache), *served],
        env={**os.environ, "PYTHONPATH": str(place.absolute()) if is_checkout else ""},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if peer.stdout is None or not peer.stdout.readline():
        raise SystemExit(f"{name} cannot be asked")
    return peer


def _ask(peer: subprocess.Popen[str], query: str, case: Case, passages: int) -> float:
    """Return the milliseconds that an answer took."""
    if peer.stdin is None or peer.stdout is None:
        raise SystemExit("the process has no streams")
    question = {"query": query, "case": asdict(case), "passages": passages}
    peer.stdin.write(json.dumps(question) + "\n")
    peer.stdin.flush()
    return float(json.loads(peer.stdout.readline())) * 1000


def _print_queries(
    questions: Sequence[Question], times: Sequence[Sequence[float]], builds: Sequence[str]
) -> None:
    rows = []
    for (kind, query, _, passages), (base, *each) in zip(questions, times, strict=True):
        measured = [f"{value:.2f}" for value in (base, *each)]
        compared = [f"{value / base:.2f}" if base else "-" for value in each]
        rows.append([f"{kind}: {query}", str(passages), *measured, *compared])
    head = ["query", "passages", "tantivy, ms", *builds, *(f"{each}: ratio" for each in builds)]
    print(table(head, rows))


def _print_classes(
    title: str,
    questions: Sequence[Question],
    times: Sequence[Sequence[float]],
    builds: Sequence[str],
) -> None:
    ratios: dict[tuple[str, int], list[list[float]]] = {}
    for (kind, _, _, passages), (base, *each) in zip(questions, times, strict=True):
        for name in ("all", kind) if kind in CLASSES else (kind,):
            if base:
                over = [value / base for value in each]
                ratios.setdefault((name, passages), []).append(over)
    _print_means(title, ratios, builds)


def _print_builds(
    questions: Sequence[Question], times: Sequence[Sequence[float]], builds: Sequence[str]
) -> None:
    ratios: dict[tuple[str, int], list[list[float]]] = {}
    for (kind, _, _, passages), (_, first, *others) in zip(questions, times, strict=True):
        over = [value / first for value in others]
        ratios.setdefault((kind, passages), []).append(over)
    _print_means(f"to {builds[0]}", ratios, builds[1:])


def _print_means(
    title: str, ratios: dict[tuple[str, int], list[list[float]]], builds: Sequence[str]
) -> None:
    rows = []
    for (kind, passages), found in ratios.items():
        for build, column in zip(builds, zip(*found, strict=True), strict=True):
            mean, worst = geometric_mean(column), max(column)
            rows.append([f"{kind}, {build}", str(passages), str(len(column)), f"{mean:.2f}",
                         f"{worst:.2f}"])  # fmt: skip
    print("\n" + table([title, "passages", "queries", "geometric mean", "worst"], rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("archive", type=Path, help="an archive")
    add("builds", nargs="+", help="checkouts, or pythons of environments")
    add("--rounds", type=int, default=5, help="the number of rounds, after one that does not count")
    add("--names", nargs="*", default=NAMES, help="names, each with what tantivy is asked instead")
    add("--near", nargs="*", default=NEAR, help="queries of nearness, which tantivy is not asked")
    add("--options", action="store_true", help="ask queries with dates, entities and facets too")
    add("--cache", type=Path, default=FOLDER, help="where tantivy's index is kept")
    add("--serve", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
