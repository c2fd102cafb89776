"""Sources of a run: the files that it reads, and the roots by which these are known.

An article is identified by its root, the folder that was ingested, and its path below it. The same
file is the same article when its folder is ingested again, or a folder above or inside it, or the
file alone; two folders may contain files of the same name. A folder of a bucket is a folder.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from .. import __version__
from ..errors import OptionError, SourceError
from ..store.provenance import Provenance
from ..store.source_files import FileStat
from .file_names import name_of, outer_of, path_of
from .found_files import RECORDS, STDIN, FoundFile, Match, open_stdin, stdin_size
from .readers import Problem, Reader, SourceFile
from .readers.detect import has_known_suffix, is_read, is_readme
from .readers.field_mapping import FIELDS
from .readers.registry import (
    Format,
    all_readers,
    reader_named,
    reader_problems,
    reader_versions,
)
from .records import PREFIX, RecordSet, make_record_set
from .s3 import SCHEME, BucketPath, Object, exists, find_objects, is_hidden, objects
from .unchanged import RECENT_NS


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """The user's options for files that do not describe themselves."""

    reader: Reader | None = None
    """The reader of named files and of standard input."""
    columns: tuple[tuple[str, str], ...] = ()
    """The field and the name of each mapped column of a table, or key of an object."""
    day_first: bool | None = None
    """True if 3/4/2018 is in April, False if in March, None if it is unknown."""


def make_read_options(
    *, format: str | None, columns: Mapping[str, str] | None, dates: str | None
) -> ReadOptions:
    """Return validated options. Raises OptionError for one that is not valid."""
    reader = reader_named(format) if format else None
    if format and reader is None:
        names = ", ".join(known.name for known in all_readers() if known.name != "unread")
        raise OptionError(f"there is no format {format!r}: take one of {names}")
    if columns is not None and not isinstance(columns, Mapping):
        raise OptionError(f"columns takes a mapping, {{field: column}}, not {columns!r}")
    for field, column in (columns or {}).items():
        if not isinstance(column, str):
            raise OptionError(f"columns takes the name of a column for {field}, not {column!r}")
        if field not in FIELDS:
            raise OptionError(f"there is no field {field!r} to map: take {', '.join(FIELDS)}")
    if dates not in (None, "day-first", "month-first"):
        raise OptionError(f"dates are day-first or month-first, not {dates!r}")
    day_first = None if dates is None else dates == "day-first"
    return ReadOptions(reader, tuple((columns or {}).items()), day_first)


def root_key(folder: PurePath) -> str:
    """Return a hash that distinguishes folders without revealing where they are."""
    address = folder.address if isinstance(folder, BucketPath) else folder
    return _short_hash(os.fsencode(address))


def _short_hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def written(name: str) -> str:
    """Return a file's name as text; bytes that are not UTF-8 are written as `\\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _name_below(folder: PurePath, path: PurePath) -> str:
    return name_of(path.relative_to(folder).as_posix())


class Sources:
    """The files that a run reads, those it skips, and those it cannot read."""

    def __init__(self, matches: Sequence[Match], origins: Provenance, reading: ReadOptions) -> None:
        self.reading = reading
        self.files: list[FoundFile] = []
        self.problems: list[tuple[str, Problem]] = list(reader_problems())
        self.skipped: Counter[str] = Counter()
        self.folders: list[PurePath] = []
        self._listed_folders: list[BucketPath] = []
        """The folders of buckets that were listed completely."""
        self._listed_objects: set[PurePath] = set()
        """The objects found in them."""
        self._listed_at = time.time_ns()
        """The time at which the files were listed, in nanoseconds since 1970."""
        self._empty_sets: list[str] = []
        """The names of record sets without records."""
        self._origins = origins
        self._reader_versions = reader_versions()
        self._seen: set[PurePath] = set()
        self.existing_roots: set[str] = {root_key(STDIN), RECORDS}
        """The keys of all folders from which any run has read and which still exist."""
        paths = [match for match in matches if not isinstance(match, RecordSet)]
        self.roots = self._known_roots(paths)
        for match in matches:
            if isinstance(match, RecordSet):
                self._add_records(match)
            elif match is STDIN:
                file = SourceFile(STDIN, "-", open_stdin, reading.columns)
                stamp = FileStat(stdin_size(), 0)
                found = FoundFile(root_key(STDIN), file, stamp, True, reading.reader)
                self.files.append(found)
            elif isinstance(match, BucketPath):
                self._add_objects(match)
            elif match.is_dir():
                folder = match.resolve()
                self.folders.append(folder)
                self._add_folder(folder)
            else:
                path = match.parent.resolve() / match.name
                # A file named by the user is read whatever its suffix.
                self._add_file(path.parent, path, named=True)

    def _add_records(self, records: RecordSet) -> None:
        file = SourceFile(Path(records.name), records.name, columns=self.reading.columns)
        reader = Format(RECORDS, (), records.read)
        found = FoundFile(RECORDS, file, FileStat(0, 0), True, reader, is_records=True)
        self.files.append(found)
        if records.is_empty:
            self._empty_sets.append(records.name)

    def _known_roots(self, matches: Sequence[Path | BucketPath]) -> dict[str, PurePath]:
        """Return the folders that articles came from, as far as they still exist, by key."""
        roots = _folders_of([*matches, *map(_as_match, self._origins.sources())])
        self.existing_roots.update(roots)
        used = self._origins.roots() | {
            root_key(match.resolve() if isinstance(match, Path) else match)
            for match in matches
            if match is not STDIN
        }
        return {key: folder for key, folder in roots.items() if key in used}

    def _add_folder(self, folder: Path) -> None:
        def add_unreadable(error: OSError) -> None:
            name = _name_below(folder, Path(error.filename))
            self.problems.append((name, Problem(f"cannot be read: {error.strerror}")))

        for current, folders, names in os.walk(folder, onerror=add_unreadable):
            parent = Path(current)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            if links := sum((parent / name).is_symlink() for name in folders):
                self.skipped["links to folders"] += links
            for name in sorted(names):
                path = parent / name
                if name.startswith(".") or is_readme(name):
                    continue
                if is_read(path):
                    self._add_file(folder, path)
                else:
                    self.skipped[path.suffix or name] += 1

    def _add_file(self, root: Path, path: Path, *, named: bool = False) -> None:
        try:
            status = path.stat()
            real = path.resolve()
        except OSError as error:
            problem = Problem(f"cannot be read: {error.strerror}")
            self.problems.append((_name_below(root, path), problem))
            return
        if stat.S_ISREG(status.st_mode):
            self._append(
                root, path, real, FileStat(status.st_size, status.st_mtime_ns), named=named
            )
        else:
            problem = Problem("is no regular file: leave it out")
            self.problems.append((_name_below(root, path), problem))

    def _add_objects(self, match: BucketPath) -> None:
        """Add an object of a bucket, or all objects of a folder."""
        listed = list(objects(match))
        for found in listed:
            if not found.is_plain:
                self.problems.append((found.key, Problem("is no path: give it another key")))
        plain = sorted((found for found in listed if found.is_plain), key=_walk_order)
        named = [found.path for found in plain] == [match]
        if not named:
            self.folders.append(match)
            self._listed_folders.append(match)
        root = match.parent if named else match
        for found in plain:
            self._listed_objects.add(found.path)
            inner = found.path.relative_to(root)
            if not named and (is_readme(inner.name) or is_hidden(inner)):
                continue
            if named or has_known_suffix(inner):
                stamp = FileStat(found.size, found.modified, found.tag)
                self._append(root, found.path, found.path, stamp, found.opener, named=named)
            else:
                self.skipped[inner.suffix or inner.name] += 1

    def _append(
        self,
        root: PurePath,
        path: PurePath,
        real: PurePath,
        stamp: FileStat,
        opener: Callable[[], BinaryIO] | None = None,
        *,
        named: bool,
    ) -> None:
        """Add a file, unless it was added before; `real` is its path without symbolic links."""
        if real in self._seen:
            return
        self._seen.add(real)
        key, name = self._provenance_of(root, path)
        file = SourceFile(Path(path), name, opener, self.reading.columns)
        reader = self.reading.reader if named else None
        self.files.append(FoundFile(key, file, stamp, named, reader))

    def _provenance_of(self, root: PurePath, path: PurePath) -> tuple[str, str]:
        """Return the root and the path under which a file is in the archive, or will be."""
        own = (root_key(root), _name_below(root, path))
        others = [
            (key, _name_below(folder, path))
            for key, folder in self.roots.items()
            if folder != root and path.is_relative_to(folder)
        ]
        known = [own, *others] if others else []
        return next((pair for pair in known if self._origins.count(*pair)), own)

    def is_recent(self, found: FoundFile) -> bool:
        """Return whether a file changed so recently that its time of change proves nothing."""
        return self._listed_at - found.stamp.modified < RECENT_NS

    def how_read(self, found: FoundFile) -> str:
        """Return a hash of everything that affects how a file is read."""
        reader = found.reader.name if found.reader else None
        reading = [self.reading.columns, self.reading.day_first, reader]
        return _short_hash(json.dumps([__version__, self._reader_versions, reading]).encode())

    def folder_scopes(self) -> Iterator[tuple[PurePath, str, str]]:
        """Yield the folders that the run has covered, each with its root, and its path below it."""
        for folder in self.folders:
            yield folder, root_key(folder), ""
            for key, root in self.roots.items():
                if root != folder and root.is_relative_to(folder):
                    yield root, key, ""
                elif root != folder and folder.is_relative_to(root):
                    yield folder, key, _name_below(root, folder) + "/"

    def emptied(self) -> dict[str, int]:
        """Return the folders and record sets without anything to read, with their articles' number.

        Only those that the archive has articles from are included.
        """
        emptied: Counter[str] = Counter()
        for name in self._empty_sets:
            if count := len(self._origins.paths(RECORDS, name + "#")):
                emptied[PREFIX + name] += count
        for folder, root, prefix in dict.fromkeys(self.folder_scopes()):
            paths = self._origins.paths(root, prefix)
            if (
                paths
                and not any(self.is_there(root, path) for path in paths)
                and not any(found.file.path.is_relative_to(folder) for found in self.files)
            ):
                emptied[written(str(folder))] += len(paths)
        return dict(emptied)

    def scopes(self) -> Iterator[tuple[str, str]]:
        """Yield the places that the run has covered: a root, and a prefix of the paths below it."""
        for _, root, prefix in self.folder_scopes():
            yield root, prefix
        for found in self.files:
            # Articles on standard input cannot be looked for there again.
            if not found.is_stdin:
                yield found.root, found.file.name + "#"

    def is_there(self, root: str, path: str) -> bool:
        """Return whether an article's file may still exist: False only if it certainly does not."""
        if root == RECORDS:
            return True
        folder = self.roots.get(root)
        if folder is None:
            return False
        try:
            # A file whose path has a hash sign is listed under a name without it.
            names = [path_of(name) for name in (*outer_of(path), *([path] * ("#" not in path)))]
            if not isinstance(folder, BucketPath):
                files = [Path(folder, name) for name in names]
                return any(file.exists() if "#" not in path else file.is_file() for file in files)
            listed = any(folder.is_relative_to(listed) for listed in self._listed_folders)
            is_object = self._listed_objects.__contains__ if listed else exists
            return any(is_object(folder / name) for name in names)
        except (OSError, ValueError, SourceError):
            return True


def _walk_order(found: Object) -> list[tuple[bool, str]]:
    """Return a sort key for the order of files: first the subfolders, then a folder's own."""
    *folders, name = found.path.parts
    return [*((True, folder) for folder in folders), (False, name)]


def _folders_of(places: Iterable[Path | BucketPath]) -> dict[str, PurePath]:
    """Return the folders that sources name, or in which they name files, if they exist: by key."""
    folders: dict[str, PurePath] = {}
    for path in places:
        if path == STDIN:
            continue
        if isinstance(path, BucketPath):
            # Either may be a folder.
            folders |= {root_key(each): each for each in (path, path.parent)}
            continue
        try:
            folder = path.resolve() if path.is_dir() else path.resolve().parent
            if folder.is_dir():
                folders[root_key(folder)] = folder
        except (OSError, ValueError):
            continue
    return folders


def find_sources(sources: Iterable[Any], *, name: str | None = None) -> dict[str, list[Match]]:
    """Return the files and folders that each source names, and all records as one set of a name.

    Raises SourceError if a source names none, and OptionError for a value that is neither a path
    nor records, or for a bucket if boto3 is not installed.
    """
    found: dict[str, list[Match]] = {}
    records = []
    for source in sources:
        if isinstance(source, (str, bytes, os.PathLike)):
            path = os.fsdecode(source)
            found[path] = _matches(path)
        else:
            records.append(source)
    if records:
        made = make_record_set(records, name)
        found.setdefault(PREFIX + made.name, []).append(made)
    elif name is not None:
        raise OptionError("name is the name of records, and there are none: leave it out")
    return found


def check_streams(sources: Mapping[str, Sequence[Match]], *, retry: bool, format: object) -> None:
    """Raise OptionError for options that standard input or records cannot have."""
    records = [name for name, found in sources.items() if isinstance(found[-1], RecordSet)]
    if retry and "-" in sources:
        raise OptionError("what came on standard input cannot be retried: give it again")
    if retry and records:
        raise OptionError("retry is for files: ingest the records again without it")
    if format and len(records) == len(sources):
        raise OptionError("format is for files and standard input: records have none")


def _as_match(source: str) -> Path | BucketPath:
    return BucketPath(source.removeprefix(SCHEME)) if source.startswith(SCHEME) else Path(source)


def _matches(source: str) -> list[Match]:
    if source == "-":
        return [STDIN]
    if source.startswith(SCHEME):
        return [*find_objects(source)]
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
