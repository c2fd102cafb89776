"""What is asked of a hostile archive, and whether an answer is one."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import types
import typing
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from syriasearch import Archive, ArchiveError, SyriaSearchError, export

ROOT = Path(__file__).parent.parent.parent
LINE = 1000
"""The maximum length of a message."""
STORIES = {
    "afp.md": "Convoy reaches the camp",
    "sana.md": "Convoy at the camp",
    "same.md": "Convoy reaches the camp",
}
STORY = " ".join(
    f"The convoy of {number} trucks reached the camp near Idlib on day {number}, said Lavrov."
    for number in range(12)
)


def write_news(folder: Path) -> None:
    """Write the articles of an archive, and what an ingest adds to it."""
    for each in (ROOT / "seeds").iterdir():
        if each.is_file():
            (folder / each.name).write_bytes(each.read_bytes())
    for number, (name, title) in enumerate(STORIES.items()):
        text = f"---\ntitle: {title}\ndate: 2018-01-{28 + number}\n---\n{STORY}\n"
        (folder / name).write_text(text)
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 and no more")


def make_archive(path: Path) -> None:
    """Make an archive with rows in every table, and its sources beside it."""
    news = path.parent / "news"
    news.mkdir()
    write_news(news)
    names = path.parent / "names.csv"
    names.write_text("name,type,aliases\nTalkers of Sochi,organization,Talks\n")
    with Archive(path) as archive:
        archive.ingest(news, gazetteer=str(names), processes=0)
        archive.save("talks", "Sochi", after="2017")
        archive.new("talks")
        archive.corrections.merge("geneva", "sochi")
        archive.corrections.rename("sochi", "Sotschi")
        archive.corrections.hide("damascus")
        hit = archive.search("", entity="russia").hits[0]
        archive.corrections.is_not("russia", article=hit.article.slug)
        archive.delete(archive.search("", sort="oldest").hits[0])
    (news / "more.txt").write_text("More\n\nLavrov spoke of talks in Sochi on 3 March 2018.\n")


Operation = Callable[[Archive], object]


def _every_article(archive: Archive) -> Iterator[object]:
    for slug in archive:
        yield archive.article(slug, query="talks Lavrov").to_dict()


READING: dict[str, Operation] = {
    "search": lambda a: a.search("Sochi talks", facets=["source", "year", "lang", "entity"]),
    "search all": lambda a: a.search("", limit=100, facets=["author", "month"]),
    "search newest": lambda a: a.search("", sort="newest", all_copies=True, limit=50),
    "search phrase": lambda a: a.search('"the camp" OR Sochi', passages=5),
    "search name": lambda a: a.search("Lavrov", entity="russia", after="2016", before="2030"),
    "search near": lambda a: a.search("talks w/s Sochi", exact=True),
    "search prefix": lambda a: a.search("boyc*", match="any", limit=100),
    "search misspelt": lambda a: a.search("Lavorv kongress"),
    "search field": lambda a: a.search("title:Sochi source:x lang:en"),
    "export": lambda a: "".join(
        "".join(export(a.hits("Sochi"), form))
        for form in ("csv", "jsonl", "ris", "bibtex", "markdown")
    ),
    "survey": lambda a: a.survey("Sochi"),
    "entity": lambda a: a.entity("Lavrov"),
    "entity place": lambda a: a.entity("sochi"),
    "entities": lambda a: a.entities("talks", sort="association", name="la"),
    "entities all": lambda a: a.entities(limit=500).to_dict(),
    "network": lambda a: a.network("Sochi"),
    "timeline": lambda a: a.timeline("Sochi"),
    "articles": lambda a: list(_every_article(a)),
    "related": lambda a: a.related(next(iter(a))),
    "like": lambda a: a.like(STORY),
    "values": lambda a: [a.values(kind, "a") for kind in ("source", "author", "lang", "slug")],
    "values entity": lambda a: [a.values("entity", each) for each in ("", "la")],
    "highlighter": lambda a: a.highlighter("Lavrov talks")("Sergei Lavrov spoke."),
    "screen": lambda a: list(a.screen(["Sergey Lavrow", "Wladimir Putin"])),
    "runs": lambda a: (a.runs(), a.problems(), a.problems(run=1)),
    "saved": lambda a: (a.saved(), a.new("talks", keep=True), a.feed("talks")),
    "history": lambda a: (a.corrections.history(), a.corrections.unsure()),
}
WRITING: dict[str, Operation] = {
    "check": lambda a: a.check(),
    "ingest": lambda a: a.ingest(a.path.parent.parent / "news", processes=0),
    "ingest gazetteer": lambda a: a.ingest(
        a.path.parent.parent / "news", processes=0, restore=True, prune=True, gazetteer=[]
    ),
    "dry run": lambda a: a.ingest(a.path.parent.parent / "news", dry_run=True),
    "merge": lambda a: a.corrections.merge("sergei-lavrov", "vladimir-putin"),
    "split": lambda a: a.corrections.is_not("idlib", article="convoy"),
    "undo": lambda a: a.corrections.undo(),
    "save": lambda a: a.save("more", "Putin"),
    "new": lambda a: a.new("talks"),
    "delete": lambda a: a.delete(query="Lavrov"),
    "undo delete": lambda a: a.undo_delete(),
    "reindex": lambda a: a.reindex(recognizer="rules"),
    "optimize": lambda a: a.optimize(),
    "repair": lambda a: a.repair(),
}
OPERATIONS = {**READING, **WRITING}


def attempt(path: Path, name: str) -> tuple[str, str]:
    """Return what came of an operation: right, told or wrong, and what says so."""
    try:
        with Archive(path, readonly=name in READING) as archive:
            answer = OPERATIONS[name](archive)
            told = wrong_types(answer)
    except ArchiveError as error:
        line = str(error)
        is_line = "\n" not in line and "\x1b" not in line and len(line) <= LINE and ": " in line
        named = str(path) in line
        outcome = ("told" if is_line and named else "wrong", f"{type(error).__name__}: {line}")
    except SyriaSearchError as error:
        outcome = ("right" if "\n" not in str(error) else "wrong", repr(error))
    except MemoryError:
        outcome = ("wrong", "MemoryError")
    except BaseException as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
        outcome = ("wrong", f"{type(error).__name__}: {error} at {where}"[:300])
    else:
        said = repr(answer)[:200] if name in ("check", "repair") else ""
        outcome = ("wrong", told) if told else ("right", said)
    if executed(path):
        return "wrong", "what the archive brought was executed"
    return outcome


def executed(path: Path) -> bool:
    """Return whether a trigger of the archive has been executed."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return bool(connection.execute("SELECT count(*) FROM evil").fetchone()[0])
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False


def wrong_types(answer: object) -> str:
    """Return a value in an answer of another type than its field's; nothing if all are right."""
    if isinstance(answer, (list, tuple, set, frozenset)):
        return next(filter(None, map(wrong_types, answer)), "")
    if isinstance(answer, dict):
        try:
            json.dumps(answer)
        except (TypeError, UnicodeEncodeError) as error:
            return f"{error}"
        return next(filter(None, map(wrong_types, answer.values())), "")
    if not dataclasses.is_dataclass(answer) or isinstance(answer, type):
        return ""
    for name, kinds in _fields(type(answer)).items():
        value = getattr(answer, name)
        if kinds and not isinstance(value, kinds):
            return f"{type(answer).__name__}.{name} is {value!r}"[:200]
        if wrong := wrong_types(value):
            return wrong
    return ""


@cache
def _fields(kind: type) -> dict[str, tuple[type, ...]]:
    """Return the types that the fields of a class may have; none for those of other types."""
    try:
        hints = typing.get_type_hints(kind)
    except NameError:
        hints = {}
    return {each.name: _plain(hints.get(each.name)) for each in dataclasses.fields(kind)}


def _plain(hint: object) -> tuple[type, ...]:
    is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    options = typing.get_args(hint) if is_union else (hint,)
    known = {str: str, int: int, float: (int, float), type(None): type(None), bool: bool}
    if not all(each in known for each in options):
        return ()
    found: list[type] = []
    for each in options:
        kinds = known[each]
        found += kinds if isinstance(kinds, tuple) else [kinds]
    return tuple(found)
