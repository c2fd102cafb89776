"""How do files become an archive? Read, clean, split, recognize, store; and tell.

A run is idempotent: what is unchanged is passed over, what has changed replaces its article under
the same slug, and one bad file never stops it. A killed run leaves a whole archive, and the next
one goes on where it was.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from .cleaning import mend, readable, without_site_lines
from .datasette_config import write_metadata
from .dates import is_ambiguous, is_future, parse_day
from .entities import Recognizer
from .errors import SyriaSearchError
from .hypertext import html_blocks
from .markdown import markdown_blocks
from .prose import Block, clean, compose, language, language_code, plain_blocks, title_from
from .readers import Document, PassedOver, Problem, read_items
from .reports import IngestProblem, IngestReport
from .sources import FoundFile, Reading, Sources, article_path, written
from .store import NewArticle, Store

BATCH_ARTICLES = 200
BATCH_CHARACTERS = 2_000_000

Progress = Callable[[int, int, str], None]
"""Called with the bytes read, the bytes to read, and the name of the file."""


def prepare(
    document: Document,
    root: str,
    path: str,
    recognizer: Recognizer,
    *,
    day_first: bool | None = None,
) -> tuple[NewArticle | None, list[Problem]]:
    """Make an article of a document: paragraphs, what its text tells of itself, who is named.

    What the document says of itself goes before what its prose says.
    """
    given = _line(document.title)
    pieces, problems = _pieces(document)
    composition = compose(pieces, title=given)
    blocks = tuple(readable(composition.blocks))
    lede = next((block.text for block in blocks if block.kind == "body"), None)
    title = composition.title or title_from(lede or (blocks[0].text if blocks else ""))
    if not title:
        return None, [*problems, Problem("has no words: leave it out, or fill it")]
    published, problem = _day(document.date, composition.published, day_first)
    problems += problem
    blocks = (Block("title", title), *blocks)
    mentions = recognizer.recognize(
        # A byline names who wrote it.
        ["" if block.kind == "byline" else block.text for block in blocks]
    )
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
        lang=language_code(_line(document.lang)) or language(text),
        blocks=blocks,
        mentions=tuple(map(tuple, mentions)),
    ), problems


def _pieces(document: Document) -> tuple[list[Block], list[Problem]]:
    """Return a document's paragraphs, cleaned, and what was done to them."""
    problems = []
    text, mended = mend(document.text)
    if mended:
        message = f"had garbled lines (their encoding was mistaken), which are mended: {mended}"
        problems.append(Problem(message, lost=False))
    split = {"markdown": markdown_blocks, "html": html_blocks}.get(document.markup, plain_blocks)
    pieces = split(clean(text))
    if document.scraped:
        pieces, dropped = without_site_lines(pieces)
        if dropped:
            shown = ", ".join(repr(line[:40]) for line in dropped[:3])
            more = f" and {len(dropped) - 3} more" if len(dropped) > 3 else ""
            message = f"left out what is the site's, not the article's: {shown}{more}"
            problems.append(Problem(message, lost=False))
    return pieces, problems


def _day(
    written: str | None, told: date | None, day_first: bool | None
) -> tuple[date | None, list[Problem]]:
    """Return the day that an article was published, and the problem of one that cannot be."""
    day = parse_day(written, day_first=day_first) if written else None
    message = ""
    if written and day is None:
        message = f"the date {written[:40]!r} was not understood: write it as 2018-01-27"
        if is_ambiguous(written):
            message = (
                f"the date {written[:40]!r} may be of two months: write it as 2018-01-27, "
                "or say whether days come first (--dates)"
            )
    day = day or told
    if day and is_future(day):
        message, day = f"the date {day.isoformat()} is still to come: mend it", None
    return day, [Problem(message, lost=False)] if message else []


def _line(value: str | None) -> str | None:
    return " ".join(clean(mend(value)[0]).split()) or None if value else None


def ingest(
    store: Store,
    sources: dict[str, list[Path]],
    recognizer: Recognizer,
    *,
    prune: bool = False,
    progress: Progress | None = None,
    reading: Reading | None = None,
) -> IngestReport:
    """Bring files and folders into an archive, as `sources.find_sources` found them.

    `prune` removes the articles of these folders and files that are no longer in them. `reading`
    says how files are to be read, where they do not tell it themselves.
    """
    started = time.perf_counter()
    reading = reading or Reading()
    matches = [match for each in sources.values() for match in each]
    found = Sources(matches, store, reading)
    run = _Run(store, list(map(written, sources)), found)
    for path, problem in found.problems:
        run.problem(path, problem)
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
                for item in document.complete():
                    if isinstance(item, Problem):
                        run.problem(path, item)
                        continue
                    article, problems = prepare(
                        item, file.root, path, recognizer, day_first=reading.day_first
                    )
                    for problem in problems:
                        run.problem(path, problem)
                    if article:
                        run.add(article)
            except Exception as error:
                run.problem(path, _unexpected(error))
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


def _documents(found: FoundFile, run: _Run) -> Iterator[tuple[str, Document]]:
    name = found.file.name
    seen = run.read.setdefault((found.root, name), set())
    items = read_items(found.file, named=found.named, reader=found.reader)
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except OSError as error:
            item = Problem(f"cannot be read: {error.strerror}")
        except Exception as error:
            item = _unexpected(error)
        if isinstance(item, PassedOver):
            run.pass_over(item.ending)
            continue
        path = article_path(found, item)
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

    def problem(self, path: str, problem: Problem) -> None:
        self.problems.append(IngestProblem(path, clean(problem.message), problem.lost))
        self.counts["failed"] += problem.lost

    def pass_over(self, ending: str) -> None:
        self._sources.skipped[ending] += 1

    def add(self, article: NewArticle) -> None:
        self._articles.append(article)
        self._characters += sum(len(block.text) for block in article.blocks)
        if len(self._articles) >= BATCH_ARTICLES or self._characters >= BATCH_CHARACTERS:
            self.flush()

    def flush(self, *, finished: bool = False) -> None:
        with self.store.batch():
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
