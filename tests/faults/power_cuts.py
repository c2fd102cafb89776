"""What a power cut may leave of an archive, made of a recorded sequence of writes and syncs.

Of what was written to a file since its last sync, a cut keeps anything: each sector of each write
may be there or not, in any order, and the file may have grown without the data. Files that were
created or deleted since the last sync of the folder may be as before. What is left must be, row for
row, the archive after one of its commits: none before what was last reported as done.
"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from syriasearch import ArchiveError, ArchiveNotFoundError
from syriasearch.store.connection import open_reader

from .injector import FOLDER, SUFFIXES, Kind, fast_folder

SECTOR = 512
"""The size of what a disk writes as a whole."""
MARK = 0
"""The kind of an event that says that a step was reported as done."""
NOTHING = "no archive"
CHANCES = (0.05, 0.3, 0.5, 0.7, 0.95)
"""The shares of unsynced writes that a cut keeps."""
_HEAD = struct.Struct("4q")

Files = dict[int, bytes]
"""The contents of an archive's files by number (`SUFFIXES`)."""


class Event(NamedTuple):
    """A recorded call."""

    kind: int
    file: int
    offset: int
    data: bytes = b""


def read_events(log: Path) -> list[Event]:
    """Return the recorded calls."""
    content = log.read_bytes()
    events = []
    at = 0
    while at < len(content):
        kind, file, offset, size = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        events.append(Event(kind, file, offset, content[at : at + size]))
        at += size
    return events


class Inode:
    """A file: what is on the disk, and what was done to it since it was last synced."""

    def __init__(self, durable: bytes = b"") -> None:
        self.durable = durable
        self.pending: list[Event] = []

    def after(self, chance: float, dice: random.Random) -> bytes:
        """Return what a cut may leave, that keeps each unsynced write with a chance."""
        content = bytearray(self.durable)
        for event in self.pending:
            kept = chance >= 1 or dice.random() < chance
            if event.kind == Kind.TRUNCATE:
                if kept:
                    del content[event.offset :]
                    content.extend(bytes(event.offset - len(content)))
                continue
            end = event.offset + len(event.data)
            if kept or dice.random() < chance / 4:  # it may have grown without the data
                content.extend(bytes(max(0, end - len(content))))
            if not kept:
                continue
            is_torn = chance < 1 and dice.random() < 0.3
            start = event.offset
            while start < end:
                stop = min(end, (start // SECTOR + 1) * SECTOR)
                if not is_torn or dice.random() < 0.5:
                    content[start:stop] = event.data[start - event.offset : stop - event.offset]
                start = stop
        return bytes(content)


class Disk:
    """The files of an archive on a disk with a cache."""

    def __init__(self, start: Files) -> None:
        self._now = {file: Inode(content) for file, content in start.items()}
        self._durable = dict(self._now)
        self._moved: list[tuple[int, Inode | None]] = []
        """Files that were created or deleted since the folder was synced."""

    def apply(self, event: Event) -> None:
        """Do what a recorded call did."""
        if event.kind == Kind.OPEN:
            self._now[event.file] = Inode()
            self._moved.append((event.file, self._now[event.file]))
        elif event.kind == Kind.UNLINK:
            self._now.pop(event.file, None)
            self._moved.append((event.file, None))
        elif event.kind == Kind.SYNC and event.file == FOLDER:
            self._durable = dict(self._now)
            self._moved = []
        elif event.kind == Kind.SYNC:
            inode = self._now[event.file]
            inode.durable = inode.after(1, random.Random())
            inode.pending = []
        elif event.kind in (Kind.WRITE, Kind.TRUNCATE):
            self._now[event.file].pending.append(event)

    def cut(self, chance: float, dice: random.Random) -> Files:
        """Return what a cut may leave, that keeps each change with a chance (1: all of them)."""
        names: dict[int, Inode | None] = dict(self._durable)
        ended = set()
        for file, inode in self._moved:
            # Changes of one name are in order.
            if file not in ended and (chance >= 1 or dice.random() < chance):
                names[file] = inode
            else:
                ended.add(file)
        return {file: inode.after(chance, dice) for file, inode in names.items() if inode}


def write_files(files: Files, path: Path) -> None:
    """Write the files that a cut has left."""
    for file, suffix in enumerate(SUFFIXES, start=1):
        target = path.with_name(path.name + suffix)
        # What is shared in memory is made again by the first that opens a log.
        if file in files and suffix != "-shm":
            target.write_bytes(files[file])
            os.utime(target, (0, 0))  # no process writes any more
        else:
            target.unlink(missing_ok=True)


def state_of(path: Path, known: dict[bytes, str]) -> str:
    """Return a digest of all rows of an archive, as a search sees it, or what is wrong with it.

    A file that is, once it is opened, the same as one of those known is read no further.
    """
    try:
        with closing(open_reader(path)) as connection:
            opened = hashlib.sha256()
            for suffix in ("", "-journal", "-wal"):
                file = path.with_name(path.name + suffix)
                opened.update(file.read_bytes() + b"." if file.exists() else b"none")
            if opened.digest() not in known:
                connection.execute("BEGIN")
                (sound,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
                state = digest_of(connection) if sound == "ok" else f"SQLite says {sound}"
                known[opened.digest()] = state
            return known[opened.digest()]
    except ArchiveNotFoundError:
        return NOTHING
    except ArchiveError as error:
        is_empty = " is empty: " in str(error) or " is an empty database" in str(error)
        return NOTHING if is_empty else str(error)


def digest_of(connection: sqlite3.Connection) -> str:
    """Return a digest of all rows of all tables, whatever these are."""
    digest = hashlib.sha256()
    objects = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
    for kind, name, sql in objects.fetchall():
        digest.update(repr((kind, name, sql)).encode())
        if kind == "table" and not str(sql).startswith("CREATE VIRTUAL"):
            digest.update(repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()).encode())
    digest.update(repr(connection.execute("PRAGMA user_version").fetchone()).encode())
    return digest.hexdigest()


class Recording:
    """What an operation did to the files, and the states of the archive between its commits."""

    def __init__(self, start: Path, log: Path, work: Path, *, synced: bool = True) -> None:
        self.start = {
            file: path.read_bytes()
            for file, suffix in enumerate(SUFFIXES, start=1)
            if (path := start.with_name(start.name + suffix)).exists()
        }
        # Without its syncs, it is what a disk does that lies about them.
        self.events = [each for each in read_events(log) if synced or each.kind != Kind.SYNC]
        self.work = work
        self._known: dict[bytes, str] = {}
        self.commits: list[str] = []
        """The digests of the archive before and after each commit."""
        self.range_at: list[tuple[int, int]] = []
        """For each position: the last commit that was reported, and the last one there is."""
        disk, reported = Disk(self.start), 0
        self._see(disk)
        self.range_at.append((0, 0))
        for event in self.events:
            disk.apply(event)
            if event.kind == MARK:
                reported = len(self.commits) - 1
            else:
                self._see(disk)
            self.range_at.append((reported, len(self.commits) - 1))

    def _see(self, disk: Disk) -> None:
        """Note the state that the archive has if the process is killed, and nothing is lost."""
        write_files(disk.cut(1, random.Random()), self.work)
        state = state_of(self.work, self._known)
        if state not in self.commits:
            self.commits.append(state)

    def states(self, each: int, positions: range | None = None) -> Iterator[tuple[int, Files]]:
        """Yield states that a cut may leave, with its position: at most `each` for a position."""
        seen: set[bytes] = set()
        disk = Disk(self.start)
        for position, event in enumerate((None, *self.events)):
            if event is not None:
                disk.apply(event)
            if positions is not None and position not in positions:
                continue
            dice = random.Random(position)
            for number in range(each):
                chance = 0.0 if not number else CHANCES[number % len(CHANCES)]
                files = disk.cut(chance, dice)
                digest = hashlib.sha256(repr(self.range_at[position]).encode())
                for file, content in sorted(files.items()):
                    digest.update(b"%d %d " % (file, len(content)))
                    digest.update(content)
                if digest.digest() not in seen:
                    seen.add(digest.digest())
                    yield position, files

    def wrong(self, position: int, files: Files) -> str | None:
        """Return what is wrong with what a cut has left; None if nothing is."""
        write_files(files, self.work)
        state = state_of(self.work, self._known)
        first, last = self.range_at[position]
        if state in self.commits[first : last + 1]:
            return None
        if state in self.commits:
            return f"commit {self.commits.index(state)}, where {first} to {last} may be left"
        return state


def check_cuts(task: tuple[Recording, int, int, int]) -> tuple[int, list[str]]:
    """Check the states at some positions; return how many, and what is wrong."""
    recording, each, first, end = task
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        recording.work = Path(folder) / "x.db"
        wrong, count = [], 0
        for position, files in recording.states(each, range(first, end)):
            count += 1
            found = recording.wrong(position, files)
            if found:
                wrong.append(f"after call {position}: {found}")
        return count, wrong


def describe(events: Sequence[Event]) -> dict[str, int]:
    """Return the number of recorded calls of each kind."""
    kinds = [each.kind for each in events]
    return {kind.name or "": kinds.count(kind) for kind in Kind if kind in kinds}
