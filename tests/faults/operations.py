"""What is done to an archive while faults happen, each on a small archive of its own."""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from test_never_lost import SPOILT

from syriasearch import Archive
from syriasearch.ingest import run as ingest_run

NAMES = ("Lavrov", "Bashar al-Assad", "Staffan de Mistura", "Idlib", "Aleppo", "the White Helmets")
OLD = Path(__file__).parent / "data" / "version-6.db.gz"
"""An archive of eight articles, as the first version of the schema had it."""
BATCH = 3
"""The number of articles of a batch, so that a run has several."""
EVERYWHERE = "Sochi"
"""A word of all articles."""

Step = Callable[[Path, Path], object]
"""A part of an operation that is reported as done, given the archive and a folder of articles."""


class Operation(NamedTuple):
    """An operation, in steps that are each reported as done."""

    name: str
    steps: Sequence[Step]
    start: Callable[[Path, Path], None] = lambda path, news: None
    """Makes the archive and its sources, as they are before."""
    each_is_a_transaction: bool = False
    """Whether each step is done as a whole or not at all."""
    starts_sound: bool = True
    only_reads: bool = False
    """Whether what matters is what its steps return."""
    same_ids: bool = True
    """Whether rows have the same ids after a fault and another run as without a fault."""


def write_news(folder: Path, version: int, files: int = 7) -> None:
    """Write a version of the articles, and delete those that are no longer among them."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for number in range(files):
        changed = version * (number % 3 == 0)
        name, other = (NAMES[(number * 7 + each + changed) % len(NAMES)] for each in (0, 1))
        story = f"Story {number % 6}"  # the last one is a copy
        text = f"{story}\n\n{name} spoke of {other} on {1 + number} January 2018.\n\n"
        (folder / f"{number}.txt").write_text(f"{text}Talks went on in Sochi about {story}.\n")


def ingest(path: Path, news: Path) -> None:
    ingest_run.BATCH_ARTICLES = BATCH
    with Archive(path) as archive:
        archive.ingest(news, processes=0)


def prune(path: Path, news: Path) -> None:
    ingest_run.BATCH_ARTICLES = BATCH
    with Archive(path) as archive:
        archive.ingest(news, processes=0, prune=True)


def made(path: Path, news: Path) -> None:
    write_news(news, 0)
    ingest(path, news)


def changed(path: Path, news: Path) -> None:
    made(path, news)
    write_news(news, 1, files=9)


def fewer(path: Path, news: Path) -> None:
    made(path, news)
    write_news(news, 1, files=4)


def spoilt(path: Path, news: Path) -> None:
    made(path, news)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SPOILT)


def old(path: Path, news: Path) -> None:
    news.mkdir(exist_ok=True)
    path.write_bytes(gzip.decompress(OLD.read_bytes()))


def correction(kind: str, *arguments: str) -> Step:
    """Return a step that makes a correction, unless it was made before and not reported."""

    def correct(path: Path, news: Path) -> None:
        with Archive(path) as archive:
            if not any(each.action == kind for each in archive.corrections.history()):
                getattr(archive.corrections, kind)(*arguments)

    return correct


def undo(path: Path, news: Path) -> None:
    with Archive(path) as archive:
        *_, last = archive.corrections.history()
        if last.undone_at is None:
            archive.corrections.undo(last.id)


def delete(path: Path, news: Path) -> None:
    with Archive(path) as archive:
        archive.delete(query="Lavrov")


def undo_delete(path: Path, news: Path) -> None:
    with Archive(path) as archive:
        if archive.search("", all_copies=True).total < 7:
            archive.undo_delete()


def save(path: Path, news: Path) -> None:
    with Archive(path) as archive:
        if not archive.saved():
            archive.save("talks", EVERYWHERE)


def call(name: str, **options: object) -> Step:
    def step(path: Path, news: Path) -> None:
        with Archive(path) as archive:
            getattr(archive, name)(**options)

    return step


def repair(path: Path, news: Path) -> None:
    with Archive(path) as archive:
        report = archive.repair()
        assert not report.left, report


def reindex(path: Path, news: Path) -> None:
    with Archive(path) as archive:
        archive.reindex(gazetteer=str(news.parent / "names.csv"))


def with_names(path: Path, news: Path) -> None:
    made(path, news)
    names = "name,type,aliases\nTalkers of Sochi,organization,Talks\nThe Story,event,Story\n"
    (news.parent / "names.csv").write_text(names)


def check(path: Path, news: Path) -> object:
    with Archive(path) as archive:
        return archive.check()


def search(path: Path, news: Path) -> object:
    with Archive(path, readonly=True) as archive:
        page = archive.search("Sochi talks", facets=["year", "entity"])
        article = archive.article(page.hits[0].article.slug)
        profile = archive.entity("Lavrov")
        found = repr((page.total, page.hits, page.facets, article, profile))
        return re.sub(r"took_ms=[\d.]+", "", found)


OPERATIONS = (
    Operation("ingest", [ingest], lambda path, news: write_news(news, 0)),
    Operation("update", [ingest], changed),
    Operation("prune", [prune], fewer),
    Operation("delete", [delete, undo_delete], made, each_is_a_transaction=False),
    Operation(
        "corrections",
        [
            correction("merge", "staffan-de-mistura", "sergei-lavrov"),
            correction("rename", "idlib", "Edlib"),
            correction("hide", "aleppo"),
            undo,
        ],
        made,
        each_is_a_transaction=True,
    ),
    Operation("saved search", [save], made, each_is_a_transaction=True),
    Operation("reindex", [reindex], with_names),
    Operation("optimize", [call("optimize")], made),
    Operation("repair", [repair], spoilt, starts_sound=False, same_ids=False),
    Operation("migration", [save], old),
    Operation("doctor", [check], made, only_reads=True),
    Operation("search", [search], made, only_reads=True),
)


def by_name(name: str) -> Operation:
    """Return an operation."""
    return next(each for each in OPERATIONS if each.name == name)


def copy_files(source: Path, target: Path) -> None:
    """Copy an archive with its journal and log, over another one."""
    for each in target.parent.glob(f"{target.name}*"):
        each.unlink()
    for each in source.parent.glob(f"{source.name}*"):
        shutil.copyfile(each, target.with_name(target.name + each.name[len(source.name) :]))
