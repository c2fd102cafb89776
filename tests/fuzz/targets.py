"""What is fuzzed: the parser of queries, the readers, snippets, and the bytes of an archive.

A target takes bytes. It lets through the errors that a user may get, and raises an exception for
everything else.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from syriasearch import Archive, SyriaSearchError
from syriasearch.entities.recognizer import default_recognizer
from syriasearch.ingest.prepare import prepare_article
from syriasearch.ingest.readers import Document, Problem, SourceFile
from syriasearch.ingest.readers.base import readable
from syriasearch.ingest.readers.detect import read_items
from syriasearch.ingest.readers.registry import BUILT_IN
from syriasearch.search.proximity import ProximityMatcher
from syriasearch.search.query.clauses import Proximity
from syriasearch.search.query.lexicon import Lexicon
from syriasearch.search.query.parser import parse
from syriasearch.search.query.planner import make_plan
from syriasearch.search.snippets import Highlighter, make_snippet
from syriasearch.store.connection import open_reader

ROOT = Path(__file__).parents[2]
FORMATS = ROOT / "tests" / "corpora" / "formats"
SUFFIXES = ("", *(suffix for reader in BUILT_IN for suffix in reader.suffixes), ".zip", ".tar")
"""The ending of a file, by its first byte."""
MAX_SEED = 20_000
QUERIES = (
    "sochi boycott",
    '"constitutional committee"~3 -turkey',
    "(assad OR putin) w/s talks pre/5 in",
    "title:idlib* date:2018-01 entity:lavrov",
    "like: the talks in Sochi",
    "الأسد w/p دمشق",
    "„a b” AND NOT (c OR d*)",
)
_EDIT = struct.Struct("<HHB")
"""A change of an archive: a page, a place in it, and a byte."""


class BrokenPromiseError(AssertionError):
    """A promise that does not hold."""


class Target(NamedTuple):
    """What is fuzzed with which first inputs."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory()
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def _archive() -> Path:
    """Make an archive of the seeds."""
    path = _folder() / "seeds.db"
    with Archive(path) as archive:
        archive.ingest(ROOT / "seeds", processes=0)
    return path


@cache
def _opened() -> Archive:
    return Archive(_archive())


@cache
def _lexicon() -> Lexicon:
    return Lexicon(open_reader(_archive()))


def parser(data: bytes) -> None:
    """Parse and ask a query; print it and parse it again."""
    text = _text(data)
    with suppress(SyriaSearchError):
        query = parse(text)
        again = parse(str(query))
        if again.root != query.root:
            raise BrokenPromiseError(f"{query} is not {again}")
        _opened().search(text)


def readers(data: bytes) -> None:
    """Read a file, and prepare the first of its articles; its first byte is its ending."""
    if not data:
        return
    name = f"input{SUFFIXES[data[0] % len(SUFFIXES)]}"
    file = SourceFile(Path(name), name, lambda: BytesIO(data[1:]))
    for number, item in enumerate(readable(read_items(file))):
        if number >= 20:
            break
        for each in item.complete() if isinstance(item, Document) else (item,):
            if isinstance(each, Document):
                prepare_article(each, "root", name, default_recognizer())
            elif isinstance(each, Problem) and each.fault:
                raise BrokenPromiseError(f"{each.message}\n{each.fault.traceback}")


def snippets(data: bytes) -> None:
    """Highlight a query in a text; they are divided by a NUL."""
    # A search leaves out what is no character before it parses.
    asked, _, text = data.decode("utf-8", "replace").partition("\0")
    with suppress(SyriaSearchError):
        clauses = make_plan(parse(asked[:500]), _lexicon()).clauses
        highlighter = Highlighter(clauses)
        spans = highlighter.spans(text)
        for width in (20, 300):
            snippet = make_snippet(text, spans, [1.0] * len(clauses), width)
            if snippet.text != text[snippet.start :][: len(snippet.text)]:
                raise BrokenPromiseError(f"not in the text: {snippet.text!r}")
            at = 0
            for start, end in snippet.highlights:
                if not at <= start < end <= len(snippet.text):
                    raise BrokenPromiseError(f"highlights {snippet.highlights} of {snippet.text!r}")
                at = end
        highlighter.clauses(text)
        highlighter.clauses_as_written(text)
        for clause in clauses:
            if isinstance(clause.node, Proximity):
                ProximityMatcher(clause.node).matches([text])


def archive(data: bytes) -> None:
    """Search an archive some of whose bytes are others, look after it, and repair it."""
    path = _folder() / "changed.db"
    for each in _folder().glob("changed.db*"):
        each.unlink()
    shutil.copyfile(_archive(), path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page, at, value in _EDIT.iter_unpack(data[: len(data) // _EDIT.size * _EDIT.size]):
            file.seek((page * 4096 + at % 4096) % size)
            file.write(bytes([value]))
    with suppress(SyriaSearchError), Archive(path, readonly=True) as opened:
        for query in ("sochi boycott", '"the talks"', "assad w/5 putin"):
            with suppress(SyriaSearchError):
                for hit in opened.search(query).hits:
                    opened.article(hit)
        with suppress(SyriaSearchError):
            opened.entities()
        with suppress(SyriaSearchError):
            opened.timeline("talks")
        opened.check()


def _file_seeds() -> Iterator[bytes]:
    for path in sorted(FORMATS.rglob("*")):
        if path.is_file() and path.stat().st_size <= MAX_SEED and path.name != "expected.json":
            suffix = path.suffix.lower()
            number = SUFFIXES.index(suffix) if suffix in SUFFIXES else 0
            yield bytes([number]) + path.read_bytes()
    for path in sorted((ROOT / "seeds").iterdir()):
        yield bytes([SUFFIXES.index(".txt")]) + path.read_bytes()[:MAX_SEED]


def _snippet_seeds() -> Iterator[bytes]:
    text = (
        "The talks in Sochi ended. Assad said that Putin’s talks, the U.S.-led ones, had failed. "
    )
    for query in QUERIES:
        yield f"{query}\0{text * 6}".encode()
        yield f"{query}\0قال الأسد في دمشق إن المحادثات انتهت.".encode()


def _edit_seeds() -> Iterator[bytes]:
    for page in range(0, 400, 3):
        yield _EDIT.pack(page, 100 + page, 255) + _EDIT.pack(page + 1, 8, 0)


TARGETS = {
    "parser": Target(parser, lambda: (query.encode() for query in QUERIES)),
    "readers": Target(readers, _file_seeds),
    "snippets": Target(snippets, _snippet_seeds),
    "archive": Target(archive, _edit_seeds),
}
