"""How do files become an archive? Read, clean, split, recognize, store; and tell.

A run is idempotent: what is unchanged is passed over, what has changed replaces its article under
the same slug, and one bad file never stops it. A killed run leaves a whole archive, and the next
one goes on where it was.
"""

from __future__ import annotations

import glob
import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .datasette_config import write_metadata
from .dates import parse_day
from .entities import Recognizer
from .errors import SourceError
from .markdown import markdown_blocks
from .models import IngestProblem, IngestReport
from .prose import Block, clean, compose, language, plain_blocks, title_from
from .readers import Document, Problem, Reader, SourceFile, known_suffixes, reader_for
from .readers.text_files import TextReader
from .store import NewArticle, Store

BATCH_ARTICLES = 200
BATCH_CHARACTERS = 2_000_000

Progress = Callable[[int, int, str], None]
"""Called with the bytes read, the bytes to read, and the name of the file."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file to read, and the folder that it is read under."""

    root: str
    file: SourceFile
    reader: Reader
    size: int


class _Sources:
    """The files that a run reads, with what it passes over and what it cannot read."""

    def __init__(self, sources: Iterable[str | os.PathLike[str]]) -> None:
        self.files: list[_Found] = []
        self.problems: list[tuple[str, Problem]] = []
        self.skipped: Counter[str] = Counter()
        self.folders: set[str] = set()
        for source in sources:
            path = Path(source)
            if path.exists():
                matches = [path]
            else:
                # Path.glob takes no absolute patterns.
                found = glob.glob(str(path), recursive=True)  # noqa: PTH207
                matches = [Path(match) for match in sorted(found)]
            if not matches:
                raise SourceError(f"there is no {source}: name a file or a folder to ingest")
            for match in matches:
                if match.is_dir():
                    self._walk(match.resolve())
                else:
                    absolute = match.absolute()
                    # A file that is named is read whatever its ending.
                    reader = reader_for(absolute.suffix) or TextReader()
                    self._add(absolute.parent.resolve(), absolute, reader)

    def _walk(self, folder: Path) -> None:
        self.folders.add(_digest(folder))
        seen = {folder}

        def unreadable(error: OSError) -> None:
            name = _name(Path(error.filename), folder)
            self.problems.append((name, Problem(f"cannot be read: {error.strerror}")))

        for current, folders, names in os.walk(folder, onerror=unreadable, followlinks=True):
            here = Path(current)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in list(folders):
                target = (here / name).resolve()
                if target in seen:
                    folders.remove(name)  # a link that leads back
                seen.add(target)
            for name in sorted(names):
                path = here / name
                reader = reader_for(path.suffix)
                if name.startswith(".") or path.stem.upper() == "README":
                    continue
                if reader is None:
                    self.skipped[path.suffix or name] += 1
                else:
                    self._add(folder, path, reader)

    def _add(self, root: Path, path: Path, reader: Reader) -> None:
        name = _name(path, root)
        try:
            size = path.stat().st_size
        except OSError as error:
            self.problems.append((name, Problem(f"cannot be read: {error.strerror}")))
            return
        self.files.append(_Found(_digest(root), SourceFile(path, name), reader, size))


def _name(path: Path, root: Path) -> str:
    """Return a path under a folder; bytes that are no UTF-8 are written as `\\xff`."""
    relative = path.relative_to(root).as_posix()
    return os.fsencode(relative).decode("utf-8", "backslashreplace")


def _digest(root: Path) -> str:
    """Return what tells one folder from another without telling a reader where it lies."""
    return hashlib.blake2b(os.fsencode(root), digest_size=8).hexdigest()


def prepare(
    document: Document, root: str, path: str, recognizer: Recognizer
) -> tuple[NewArticle | None, list[Problem]]:
    """Make an article of a document: paragraphs, what its text tells of itself, who is named.

    What the document says of itself goes before what its prose says.
    """
    problems = []
    given = clean(document.title) if document.title else None
    split = markdown_blocks if document.markup == "markdown" else plain_blocks
    composition = compose(split(clean(document.text)), title=given)
    blocks = composition.blocks
    lede = next((block.text for block in blocks if block.kind == "body"), None)
    title = composition.title or title_from(lede or (blocks[0].text if blocks else ""))
    if not title:
        return None, [Problem("has no words: leave it out, or fill it")]
    published = composition.published
    if document.date:
        published = parse_day(document.date)
        if published is None:
            problems.append(
                Problem(f"the date {document.date[:40]!r} was not understood: write it as "
                        "2018-01-27", lost=False)
            )  # fmt: skip
    blocks = (Block("title", title), *blocks)
    mentions = recognizer.recognize([block.text for block in blocks])
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
    sources: Iterable[str | os.PathLike[str]],
    recognizer: Recognizer,
    *,
    prune: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Bring files and folders into an archive.

    `prune` removes the articles of these folders and files that are no longer in them. Raises
    SourceError, before anything is done, for a source that does not exist.
    """
    started = time.perf_counter()
    names = [os.fspath(source) for source in sources]
    found = _Sources(names)
    run = _Run(store, names)
    for path, problem in found.problems:
        run.problem(path, problem)
    total = sum(file.size for file in found.files)
    done = 0
    for file in found.files:
        if progress:
            progress(done, total, file.file.name)
        for path, document in _documents(file, run):
            run.seen.setdefault((file.root, file.file.name), set()).add(path)
            if store.is_unchanged(file.root, path, document.content_hash()):
                run.counts["unchanged"] += 1
                continue
            article, problems = prepare(document, file.root, path, recognizer)
            for problem in problems:
                run.problem(path, problem)
            if article:
                run.add(article)
        done += file.size
    run.flush()
    if prune:
        run.prune(found)
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


def _documents(found: _Found, run: _Run) -> Iterator[tuple[str, Document]]:
    name = found.file.name
    try:
        for item in found.reader.read(found.file):
            path = f"{name}#{clean(item.anchor)}" if item.anchor else name
            if isinstance(item, Problem):
                run.problem(path, item)
            else:
                yield path, item
    except OSError as error:
        run.problem(name, Problem(f"cannot be read: {error.strerror}"))


class _Run:
    """What a run has stored, counted and noted, written a batch at a time."""

    def __init__(self, store: Store, sources: list[str]) -> None:
        self.store = store
        self.counts: Counter[str] = Counter(added=0, updated=0, unchanged=0, removed=0, failed=0)
        self.problems: list[IngestProblem] = []
        self.seen: dict[tuple[str, str], set[str]] = {}
        self._articles: list[NewArticle] = []
        self._characters = 0
        self._noted = 0
        self._id = store.start_run(sources)

    def problem(self, path: str, problem: Problem) -> None:
        self.problems.append(IngestProblem(path, clean(problem.message), problem.lost))
        self.counts["failed"] += problem.lost

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

    def prune(self, found: _Sources) -> None:
        """Remove what has gone: from folders that were read, and from files of many articles."""
        unread = {problem.path.partition("#")[0] for problem in self.problems if problem.lost}
        gone: dict[str, set[str]] = {}
        for root in found.folders:
            gone[root] = self.store.paths(root, "")
        for file in found.files:
            gone.setdefault(file.root, set()).update(self.store.paths(file.root, file.file.name))
        with self.store.batch():
            for root, paths in gone.items():
                kept = {
                    path for (other, _), seen in self.seen.items() if other == root for path in seen
                }
                # What could not be read has not gone.
                lost = {path for path in paths - kept if not _is_under(path, unread)}
                self.counts["removed"] += self.store.remove(root, lost)

    def finish(self) -> None:
        self.flush(finished=True)
        self.store.settle()


def _is_under(path: str, unread: set[str]) -> bool:
    return any(path == name or path.startswith((name + "#", name + "/")) for name in unread)


__all__ = ["Progress", "ingest", "known_suffixes", "prepare"]
