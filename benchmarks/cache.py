"""Where do the archives and indexes that benchmarks build stay, and which are there already?"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import syriasearch
from corpora import Document, write_documents
from syriasearch import Archive

FOLDER = Path(tempfile.gettempdir()) / "syriasearch-benchmarks"
"""The cache unless `--cache` names another."""


@dataclass(frozen=True)
class Cache:
    """A folder of things that take long to build; a thing is built whole or is not there."""

    folder: Path = FOLDER
    rebuild: bool = False

    def get(self, name: str, build: Callable[[Path], None]) -> Path:
        """Return the folder of a thing, built by a function that fills an empty folder."""
        place = self.folder / name
        if place.exists() and not self.rebuild:
            return place
        print(f"building {name} in {self.folder} ...", flush=True)
        started = time.perf_counter()
        unfinished = self.folder / f"{name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        build(unfinished)
        shutil.rmtree(place, ignore_errors=True)
        unfinished.rename(place)
        print(f"built {name} in {time.perf_counter() - started:.1f} s", flush=True)
        return place

    def archive(self, name: str, documents: Sequence[Document]) -> Path:
        """Return an archive of documents; other documents under the same name make another."""

        def build(folder: Path) -> None:
            lines = folder / "documents.jsonl"
            write_documents(documents, lines)
            with Archive(folder / "archive.db") as archive:
                report = archive.ingest(lines)
            lines.unlink()
            for problem in report.problems:
                print(f"  {problem.path}: {problem.message}")

        path = self.get(f"{name}-{_digest(documents)}", build) / "archive.db"
        changed = [
            source
            for source in Path(syriasearch.__file__).parent.rglob("*.py")
            if source.stat().st_mtime > path.stat().st_mtime
        ]
        if changed:
            print(f"{name}: the program has changed since the archive was built (see --rebuild)")
        return path


def article_id(path: str) -> str:
    """Return the document's id from the path of its article, `documents.jsonl#id`."""
    return path.partition("#")[2]


def _digest(documents: Sequence[Document]) -> str:
    digest = sha256()
    for document in documents:
        digest.update(repr(document).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]
