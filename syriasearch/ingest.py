"""How do files become an archive? Read, clean, split, recognize, store; and tell.

A run is idempotent: what is unchanged is passed over, what has changed replaces its article under
the same slug, and one bad file never stops it. A killed run leaves a whole archive, and the next
one goes on where it was.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from .datasette_config import write_metadata
from .dates import parse_day
from .entities import Recognizer
from .errors import SyriaSearchError
from .markdown import markdown_blocks
from .prose import Block, clean, compose, language, plain_blocks, title_from
from .readers import Document, Problem
from .recognition import Told, recognized
from .reports import IngestProblem, IngestReport
from .sources import FoundFile, Sources, written
from .store import NewArticle, Store

BATCH_ARTICLES = 200
BATCH_CHARACTERS = 2_000_000

Progress = Callable[[int, int, str], None]
"""Called with the bytes read, the bytes to read, and the name of the file."""


def prepare(
    document: Document, root: str, path: str, recognizer: Recognizer
) -> tuple[NewArticle | None, list[Problem]]:
    """Make an article of a document: paragraphs, what its text tells of itself, who is named.

    What the document says of itself goes before what its prose says.
    """
    problems = []
    given = _line(document.title)
    split = markdown_blocks if document.markup == "markdown" else plain_blocks
    composition = compose(split(clean(document.text)), title=given)
    blocks = composition.blocks
    lede = next((block.text for block in blocks if block.kind == "body"), None)
    title = composition.title or title_from(lede or (blocks[0].text if blocks else ""))
    if not title:
        return None, [Problem("has no words: leave it out, or fill it")]
    published = composition.published
    if document.date:
        day = parse_day(document.date)
        published = day or published
        if day is None:
            message = f"the date {document.date[:40]!r} was not understood: write it as 2018-01-27"
            problems.append(Problem(message, lost=False))
    blocks = (Block("title", title), *blocks)
    mentions = recognizer.recognize(_texts(blocks))
    text = "\n".join(block.text for block in blocks)
    return NewArticle(
        root=root,
        path=path,
        content_hash=document.content_hash(),
        title=title,
        author=_line(document.author) or composition.author,
        source=_line(document.source) or composition.source,
        url=_line(document.url),
        published=published.isoformat() if published else None,
        lang=_line(document.lang) or language(text),
        blocks=blocks,
        mentions=tuple(map(tuple, mentions)),
    ), problems


def _line(value: str | None) -> str | None:
    return " ".join(clean(value).split()) or None if value else None


def ingest(
    store: Store,
    sources: dict[str, list[Path]],
    *,
    told: Told = Told(),  # noqa: B008 (it is a tuple)
    prune: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Bring files and folders into an archive, as `sources.find_sources` found them.

    `told` is what the run says of how names are found, which the archive keeps. `prune` removes
    the articles of these folders and files that are no longer in them.
    """
    started = time.perf_counter()
    found = Sources([match for matches in sources.values() for match in matches], store)
    run = _Run(store, list(map(written, sources)), found)
    for path, problem in found.problems:
        run.problem(path, problem)
    run.know(told)
    total = sum(file.size for file in found.files)
    done = 0
    for file in found.files:
        if progress:
            progress(done, total, file.file.name)
        for path, document in _documents(file, run):
            if store.is_unchanged(file.root, path, document.content_hash()):
                run.counts["unchanged"] += 1
                continue
            try:
                article, problems = prepare(document, file.root, path, run.recognizer)
            except Exception as error:
                article, problems = None, [_unexpected(error)]
            for problem in problems:
                run.problem(path, problem)
            if article:
                run.add(article)
        done += file.size
    run.flush()
    if prune:
        run.prune()
    run.finish()
    write_metadata(store.path)
    if progress:
        progress(total, total, "")
    return IngestReport(
        added=run.counts["added"],
        updated=run.counts["updated"],
        unchanged=run.counts["unchanged"],
        removed=run.counts["removed"],
        failed=run.counts["failed"],
        problems=tuple(run.problems),
        skipped=dict(found.skipped),
        took_s=time.perf_counter() - started,
    )


def _texts(blocks: Iterable[Block]) -> list[str]:
    return [recognized(block.kind, block.text) for block in blocks]


def _anew(article: NewArticle, recognizer: Recognizer) -> NewArticle:
    mentions = recognizer.recognize(_texts(article.blocks))
    return replace(article, mentions=tuple(map(tuple, mentions)))


def _documents(found: FoundFile, run: _Run) -> Iterator[tuple[str, Document]]:
    name = found.file.name
    seen = run.read.setdefault((found.root, name), set())
    items = found.reader.read(found.file)
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except OSError as error:
            item = Problem(f"cannot be read: {error.strerror}")
        except Exception as error:
            item = _unexpected(error)
        path = f"{name}#{clean(item.anchor)}" if item.anchor else name
        if isinstance(item, Document):
            seen.add(path)
            yield path, item
            continue
        run.problem(path, item)
        if item.lost:
            # What could not be read has not gone.
            run.unread.add((found.root, name))


def _unexpected(error: Exception) -> Problem:
    """Return the problem for what should not have happened: one file never stops a run."""
    if isinstance(error, (SyriaSearchError, sqlite3.Error)):
        raise error
    return Problem(f"cannot be read ({type(error).__name__}: {error}): leave it out, and report it")


class _Run:
    """What a run has stored, counted and noted, written a batch at a time."""

    def __init__(self, store: Store, names: list[str], sources: Sources) -> None:
        self.store = store
        self.counts: Counter[str] = Counter(added=0, updated=0, unchanged=0, removed=0, failed=0)
        self.problems: list[IngestProblem] = []
        self.read: dict[tuple[str, str], set[str]] = {}
        """The paths of the articles that each file holds."""
        self.unread: set[tuple[str, str]] = set()
        """Files that could not be read, or not whole."""
        self._sources = sources
        self._articles: list[NewArticle] = []
        self._characters = 0
        self._noted = 0
        store.is_there = sources.is_there
        self._id = store.start_run(names)
        self.recognizer: Recognizer

    def problem(self, path: str, problem: Problem) -> None:
        self.problems.append(IngestProblem(path, clean(problem.message), problem.lost))
        self.counts["failed"] += problem.lost

    def add(self, article: NewArticle) -> None:
        self._articles.append(article)
        self._characters += sum(len(block.text) for block in article.blocks)
        if len(self._articles) >= BATCH_ARTICLES or self._characters >= BATCH_CHARACTERS:
            self.flush()

    def know(self, told: Told) -> None:
        """Find names as the archive does, and as the run says in the place of that."""
        for name in self.store.keep_names(told):
            message = "is used no longer: give it too, to have its names found"
            self.problem(name, Problem(message, lost=False))
        self.recognizer = self.store.recognizer()

    def flush(self, *, finished: bool = False) -> None:
        with self.store.batch():
            recognizer = self.store.naming.recognizer()
            if recognizer is not self.recognizer:
                # Another process has corrected something meanwhile.
                self._articles = [_anew(article, recognizer) for article in self._articles]
                self.recognizer = recognizer
            outcomes = Counter(self.store.put(article) for article in self._articles)
            for problem in self.problems[self._noted :]:
                self.store.add_problem(self._id, problem.path, problem.message, lost=problem.lost)
            counts = dict(self.counts + outcomes)
            self.store.note_run(self._id, counts, finished=finished)
        self.counts.update(outcomes)
        self._noted = len(self.problems)
        self._articles.clear()
        self._characters = 0

    def prune(self) -> None:
        """Remove the articles whose file has gone, or holds them no more."""
        with self.store.batch():
            for root, prefix in set(self._sources.scopes()):
                gone = {
                    path for path in self.store.paths(root, prefix) if self._is_gone(root, path)
                }
                self.counts["removed"] += self.store.remove(root, gone)

    def _is_gone(self, root: str, path: str) -> bool:
        names = [path, *(path[:at] for at, letter in enumerate(path) if letter == "#")]
        for name in names:
            seen = self.read.get((root, name))
            if seen is not None:
                return path not in seen and (root, name) not in self.unread
        return not self._sources.is_there(root, path)

    def finish(self) -> None:
        self.flush(finished=True)
        self.store.settle()
