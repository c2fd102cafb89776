"""Which files does a run read, and which article did each become before?

An article is known by its root, the folder that was ingested, and its path under it. The same file
is the same article when its folder is ingested again, or a folder above or inside it, or the file
alone; two folders may hold files of one name.
"""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import SourceError
from .readers import Problem, Reader, SourceFile, reader_for
from .readers.text_files import TextReader
from .store import Store


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, and the root that it is known under."""

    root: str
    file: SourceFile
    reader: Reader
    size: int


def root_key(folder: Path) -> str:
    """Return what tells one folder from another without telling a reader where it lies."""
    return hashlib.blake2b(os.fsencode(folder), digest_size=8).hexdigest()


def written(name: str) -> str:
    """Return a file's name as text; bytes that are no UTF-8 are written as `\\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


class Sources:
    """The files that a run reads, with what it passes over and what it cannot read."""

    def __init__(self, matches: list[Path], store: Store) -> None:
        self.files: list[FoundFile] = []
        self.problems: list[tuple[str, Problem]] = []
        self.skipped: Counter[str] = Counter()
        self.folders: list[Path] = []
        self._store = store
        self._seen: set[Path] = set()
        self.roots = self._known_roots(matches)
        for match in matches:
            if match.is_dir():
                folder = match.resolve()
                self.folders.append(folder)
                self._walk(folder)
            else:
                path = match.parent.resolve() / match.name
                # A file that is named is read whatever its ending.
                self._add(path.parent, path, reader_for(path.suffix) or TextReader())

    def _known_roots(self, matches: list[Path]) -> dict[str, Path]:
        """Return the folders that articles came from, as far as they are still there, by key."""
        used = self._store.roots()
        roots: dict[str, Path] = {}
        for path in [*matches, *map(Path, self._store.sources())]:
            try:
                folder = path.resolve() if path.is_dir() else path.resolve().parent
                if folder.is_dir():
                    roots[root_key(folder)] = folder
            except (OSError, ValueError):
                continue
        own = {root_key(match.resolve()) for match in matches}
        return {key: folder for key, folder in roots.items() if key in used or key in own}

    def _walk(self, folder: Path) -> None:
        def unreadable(error: OSError) -> None:
            name = written(Path(error.filename).relative_to(folder).as_posix())
            self.problems.append((name, Problem(f"cannot be read: {error.strerror}")))

        for current, folders, names in os.walk(folder, onerror=unreadable):
            here = Path(current)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            links = sum((here / name).is_symlink() for name in folders)
            if links:
                self.skipped["links to folders"] += links
            for name in sorted(names):
                path = here / name
                reader = reader_for(path.suffix)
                if name.startswith(".") or _is_readme(path):
                    continue
                if reader is None:
                    self.skipped[path.suffix or name] += 1
                else:
                    self._add(folder, path, reader)

    def _add(self, root: Path, path: Path, reader: Reader) -> None:
        name = written(path.relative_to(root).as_posix())
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                self.problems.append((name, Problem("is no regular file: leave it out")))
                return
            real = path.resolve()
        except OSError as error:
            self.problems.append((name, Problem(f"cannot be read: {error.strerror}")))
            return
        if real not in self._seen:
            self._seen.add(real)
            key, name = self._known_as(root, path)
            self.files.append(FoundFile(key, SourceFile(path, name), reader, status.st_size))

    def _known_as(self, root: Path, path: Path) -> tuple[str, str]:
        """Return the root and the name under which a file is in the archive, or will be."""
        own = (root_key(root), written(path.relative_to(root).as_posix()))
        others = [
            (key, written(path.relative_to(folder).as_posix()))
            for key, folder in self.roots.items()
            if folder != root and path.is_relative_to(folder)
        ]
        return next((each for each in [own, *others] if others and self._store.has(*each)), own)

    def scopes(self) -> Iterator[tuple[str, str]]:
        """Yield what the run has looked at: a root, and a prefix of the paths under it."""
        for folder in self.folders:
            yield root_key(folder), ""
            for key, root in self.roots.items():
                if root != folder and root.is_relative_to(folder):
                    yield key, ""
                elif root != folder and folder.is_relative_to(root):
                    yield key, written(folder.relative_to(root).as_posix()) + "/"
        for found in self.files:
            yield found.root, found.file.name + "#"

    def is_there(self, root: str, path: str) -> bool:
        """Tell whether the file of an article may still be there; only a clear no counts."""
        folder = self.roots.get(root)
        if folder is None:
            return False
        try:
            return (folder / path).exists() or (folder / path.rpartition("#")[0]).is_file()
        except (OSError, ValueError):
            return True


def find_sources(sources: Iterable[str | os.PathLike[str]]) -> dict[str, list[Path]]:
    """Return the files and folders that sources name. Raises SourceError where one names none."""
    return {name: _matches(name) for name in map(os.fsdecode, sources)}


def _matches(source: str) -> list[Path]:
    try:
        if source and Path(source).exists():
            return [Path(source)]
        # Path.glob takes no absolute patterns.
        found = sorted(glob.glob(source, recursive=True)) if source else []  # noqa: PTH207
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{written(source)!r} cannot be read: {reason}") from error
    if not found:
        raise SourceError(f"there is no {written(source)!r}: name a file or a folder to ingest")
    return [Path(match) for match in found]


def _is_readme(path: Path) -> bool:
    return path.stem.upper() == "README" and reader_for(path.suffix) is reader_for(".md")
