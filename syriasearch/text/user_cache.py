"""The user's cache: files of what is computed from the package and a gazetteer, kept between runs.

They are in the folder `syriasearch` of the platform's folder for caches (`XDG_CACHE_HOME`, if it is
set). A file is named after a digest of everything that it depends on: its content, the package's
code and data, the versions of Python and SQLite. Versions of the package thus share the folder
without sharing files. A file is written under a temporary name and then renamed, so another process
sees all of it or none. It is data, with a digest of its own: one that is damaged, cut short, of
another user or of another key is made again. All files may be deleted at any time, and where none
can be written, nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
import time
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

Sections = Mapping[str, bytes]
"""The content of a file: UTF-8 texts by name."""

PACKAGE = Path(__file__).parents[1]
SOURCES = ("entities", "models", "text")
"""The folders of the package that have to do with names."""
_ENDINGS = (".py", ".csv", ".txt")
_HEADER = b"syriasearch cache 1"
MAX_FILES = 16
"""Number of files that are kept, some of other versions and gazetteers; others have not been read
for longer."""
_HOUR = 3600


def cached(
    name: str, content: bytes, make: Callable[[], Sections], *, sources: tuple[str, ...] = SOURCES
) -> Sections:
    """Return the sections that belong to a content, from the cache or else made and kept.

    `sources` are the folders and modules of the package on which they depend.
    """
    path = _path(name, content, sources)
    if path is None:
        return make()
    found = _read(path)
    if found is None:
        found = make()
        _write(path, found)
    return found


def cache_folder() -> Path | None:
    """Return the folder of the cache, which may not exist; None if the user has no home."""
    if given := os.environ.get("XDG_CACHE_HOME"):
        base = Path(given)
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", ""))
    else:
        with suppress(RuntimeError):
            home = Path.home()
            base = home / ("Library/Caches" if sys.platform == "darwin" else ".cache")
            return base / "syriasearch" if home.is_absolute() else None
        return None
    # The folder of a relative path is another one in every working folder.
    return base / "syriasearch" if base.is_absolute() else None


def _path(name: str, content: bytes, sources: tuple[str, ...]) -> Path | None:
    folder, digest = cache_folder(), _digest(sources)
    if folder is None or digest is None:
        return None
    key = hashlib.sha256(digest + content).hexdigest()
    return folder / f"{name}-{key[:40]}"


@cache
def _digest(sources: tuple[str, ...]) -> bytes | None:
    """Return a digest of parts of the package and of the versions below; None without sources."""
    versions = (sys.version, sqlite3.sqlite_version, unicodedata.unidata_version)
    digest = hashlib.sha256(repr(versions).encode())
    try:
        for path in sorted(path for source in sources for path in _files(PACKAGE / source)):
            content = Path(path).read_bytes()
            digest.update(f"{path[len(str(PACKAGE)) :]} {len(content)}\n".encode())
            digest.update(content)
    except OSError:
        return None
    return digest.digest()


def _files(source: Path) -> list[str]:
    if source.is_file():
        return [str(source)]
    return [
        os.path.join(folder, file)  # noqa: PTH118 - many, and this is faster
        for folder, _, files in os.walk(source, onerror=_fail)
        for file in files
        if file.endswith(_ENDINGS)
    ]


def _fail(error: OSError) -> None:
    raise error


def _read(path: Path) -> Sections | None:
    """Return the sections of a file; None if there is none, or not one that was written whole."""
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            if hasattr(os, "geteuid") and stat.st_uid != os.geteuid():
                return None
            whole = file.read()
        if time.time() - stat.st_mtime > _HOUR:
            with suppress(OSError):
                os.utime(path)
    except OSError:
        return None
    # Megabytes, of which each section is copied, and nothing else.
    body = whole.find(b"\n") + 1
    if whole[: max(0, body - 1)] != _start(path.name, memoryview(whole)[body:]):
        return None
    at = whole.find(b"\n", body) + 1
    sections = {}
    for section, length in json.loads(whole[body:at]):
        sections[section] = whole[at : at + length]
        at += length
    return sections


def _start(name: str, body: bytes | memoryview) -> bytes:
    """Return the first line of a file: its own name and the digest of what follows."""
    return b"%s %s %s" % (_HEADER, name.encode(), hashlib.sha256(body).hexdigest().encode())


def _write(path: Path, sections: Sections) -> None:
    """Write a file if that is possible."""
    import tempfile  # not above: it takes as long as all else here, and is seldom needed

    table = json.dumps([[name, len(content)] for name, content in sections.items()])
    body = b"\n".join((table.encode(), b"".join(sections.values())))
    written = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(prefix=".", dir=path.parent)
        with open(handle, "wb") as file:  # noqa: PTH123 - of an open file
            file.write(_start(path.name, body) + b"\n" + body)
        os.replace(written, path)  # noqa: PTH105 - of a text
        written = None
        _delete_oldest(path.parent)
    except OSError:
        pass
    finally:
        if written is not None:
            with suppress(OSError):
                os.unlink(written)  # noqa: PTH108 - of a text


def _delete_oldest(folder: Path) -> None:
    """Delete the files that have not been read for longest, but for some."""
    times = []
    for path in folder.iterdir():
        with suppress(OSError):
            times.append((path.stat().st_mtime, path))
    for _, path in sorted(times)[:-MAX_FILES]:
        with suppress(OSError):
            path.unlink()
