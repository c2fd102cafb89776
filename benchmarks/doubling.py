"""Does twice the input take twice the time, whatever the input is?

    python benchmarks/doubling.py [STEP …] [--kind KIND …] [--ceiling SECONDS]

Each step (a reader, the cleaning, the recognition, a query) gets each kind of odd input: one thing
repeated, 16,384 characters of it, and four times as many. CPU time is measured, in a process of its
own that is ended at a ceiling. Where it grows faster than the input, it is measured again for four
and for eight times as many characters, the least of three times each. Lines are printed for what
takes more than 2.3 times as much for the double, and for what takes over 10 seconds for a million
characters; the exit status is 1 if there are any.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TextIO

from odd_inputs import FRAMES, KINDS, Frame, raw

if TYPE_CHECKING:
    from syriasearch.ingest.readers import Reader

FIRST = 2**14
"""The number of characters of the first measurement."""
ENOUGH = 0.05
"""The number of seconds that four times as many characters take, from which on they are judged."""
RATIO = 2.3
REPEATS = 3
MEMORY = 3 * 2**30
SLOW = 10.0
"""The number of seconds of CPU time that a million characters may take."""
SLOW_FAULT = ": slow"
"""How the line of what takes longer ends, though it does not grow faster than the input."""

QUERIES = (
    "a",
    "1",
    "assad",
    '"a a"',
    '"aaa bbb"',
    '"bashar al assad"',
    "a w/5 b",
    "a w/s a",
    "a pre/p a",
    '"a a" w/3 a',
    "title a*",
    "الأسد",
)
"""Queries for an article of an odd text."""
SEEDS = Path(__file__).parent.parent / "seeds"

Step = Callable[[str], object]


def steps(folder: Path) -> dict[str, Step]:
    """Return what is measured, by name."""
    from syriasearch import OptionError, find_mentions, fold
    from syriasearch.entities.recognizer import default_recognizer
    from syriasearch.ingest.blocks.cleaning import (
        fix_encoding,
        split_long_blocks,
        without_site_lines,
    )
    from syriasearch.ingest.blocks.html import html_blocks
    from syriasearch.ingest.blocks.markdown import markdown_blocks
    from syriasearch.ingest.blocks.plain_text import clean, parse_structure, plain_blocks
    from syriasearch.ingest.prepare import prepare_article
    from syriasearch.ingest.readers import Document
    from syriasearch.ingest.readers.registry import BUILT_IN
    from syriasearch.ingest.readers.several import note_on
    from syriasearch.text.dates import parse_day, period
    from syriasearch.text.language import detect_language
    from syriasearch.text.sentences import sentences
    from syriasearch.text.tokenize import terms

    recognizer = default_recognizer()
    list(recognizer.find("Lavrov in Sochi.")) if hasattr(recognizer, "find") else None

    def prepared(document: Document) -> object:
        return prepare_article(document, "root", "path", recognizer)

    def article(text: str, markup: str = "plain") -> object:
        return prepared(Document(text, markup, title="A title", scraped=True))

    fields = ("title", "author", "source", "url", "date", "lang", "anchor")

    found: dict[str, Step] = {
        "clean": clean,
        "fix_encoding": fix_encoding,
        "plain_blocks": lambda text: plain_blocks(clean(text)),
        "markdown_blocks": lambda text: markdown_blocks(clean(text)),
        "html_blocks": lambda text: html_blocks(clean(text)),
        "without_site_lines": lambda text: without_site_lines(plain_blocks(text)),
        "parse_structure": lambda text: parse_structure(plain_blocks(text)),
        "split_long_blocks": lambda text: split_long_blocks(tuple(plain_blocks(text))),
        "fold": fold,
        "terms": terms,
        "sentences": lambda text: list(sentences(text)),
        "detect_language": detect_language,
        "note_on": note_on,
        "prepare_article": article,
        "prepare_markdown": lambda text: article(text, "markdown"),
        "prepare_html": lambda text: article(text, "html"),
        **{
            f"field {field}": lambda text, field=field: prepared(
                Document("A text.", **{field: text})
            )
            for field in fields
        },
        "find_mentions": find_mentions,
        "parse_day": parse_day,
        "period": lambda text: _refused(period, text, OptionError),
        "search": _searching(folder),
        "query": _asking(folder),
    }

    for reader in BUILT_IN:
        suffix = reader.suffixes[0] if reader.suffixes else ".txt"
        for number, frame in enumerate(FRAMES.get(reader.name, (raw("@"),))):
            name = f"{reader.name} {number}" if number else reader.name
            found[f"read {name}"] = _reading(reader, frame, folder / f"input{suffix}")
            found[f"claim {name}"] = _claiming(reader, frame)
    return found


def _reading(reader: Reader, frame: Frame, path: Path) -> Step:
    """Return a step that reads a file with a text in it, without preparing its articles."""
    from syriasearch.ingest.readers import Document, SourceFile
    from syriasearch.ingest.readers.base import UnreadableError

    def read(text: str) -> None:
        path.write_bytes(frame(text))
        try:
            for item in reader.read(SourceFile(path, path.name)):
                if isinstance(item, Document):
                    list(item.complete())
        except UnreadableError:
            pass

    return read


def _refused(step: Step, text: str, error: type[Exception]) -> None:
    with contextlib.suppress(error):
        step(text)


def _searching(folder: Path) -> Step:
    """Return a step that stores an article and shows it for each query."""
    from syriasearch import Archive

    path = folder / "a.db"

    def search(text: str) -> None:
        for each in folder.glob("a.db*"):
            each.unlink()
        with Archive(path) as archive:
            archive.ingest([{"title": "A title", "text": f"A title. {text}"}], name="a")
            for query in QUERIES:
                archive.search(query, passages=3)
            archive.related("a-title") if "a-title" in archive else None

    return search


def _asking(folder: Path) -> Step:
    """Return a step that asks a small archive for a text, of at most 10,000 characters."""
    from syriasearch import Archive, QuerySyntaxError

    path = folder / "b.db"

    def ask(text: str) -> None:
        made = path.exists()
        with Archive(path) as archive:
            if not made:
                archive.ingest(SEEDS)
            with contextlib.suppress(QuerySyntaxError):
                archive.search(text[: len(text) * 10_000 // (8 * FIRST)])

    return ask


def _claiming(reader: Reader, frame: Frame) -> Step:
    from syriasearch.ingest.readers.compression import HEAD

    return lambda text: reader.claims(frame(text)[:HEAD])


def times(step: Step, texts: Iterable[str], ceiling: int) -> list[float | str]:
    """Return the CPU time that a step takes for each text, or why it has none.

    They are taken in processes of their own, each of which is ended at the ceiling.
    """
    texts, found = list(texts), []
    while len(found) < len(texts):
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            with os.fdopen(write, "w") as pipe:
                _take(step, texts[len(found) :], ceiling, pipe)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            for line in pipe:
                found.append(float(line) if line[0].isdigit() else line.strip())
        _, status = os.waitpid(child, 0)
        if status:
            ended = signal.Signals(status & 127).name
            found.append(f"over {ceiling} s" if ended == "SIGPROF" else ended)
    return found


def _take(step: Step, texts: Iterable[str], ceiling: int, pipe: TextIO) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for text in texts:
        signal.setitimer(signal.ITIMER_PROF, ceiling)
        began = time.process_time()
        try:
            step(text)
            print(time.process_time() - began, file=pipe, flush=True)
        except BaseException as error:
            print(" ".join(f"{type(error).__name__}: {error}".split())[:200], file=pipe, flush=True)


def faults(step: Step, kinds: Mapping[str, str], ceiling: int) -> Iterator[tuple[str, str]]:
    """Yield the kinds for which the time of a step is wrong, and what is."""
    pieces = [piece for piece in kinds.values() for _ in range(2)]
    # The first call also reads what is read once.
    texts = [
        repeated(piece, FIRST * (4 if number % 2 else 1)) for number, piece in enumerate(pieces)
    ]
    found = times(step, ["a", *texts], ceiling)[1:]
    for (kind, piece), one, four in zip(kinds.items(), found[::2], found[1::2], strict=True):
        if isinstance(one, str):
            yield kind, f"{FIRST:,} characters: {one}"
        elif isinstance(four, str) or (four > ENOUGH and four > RATIO**2 * one):
            fault = _growth(step, piece, ceiling)
            if fault:
                yield kind, fault
        elif four * 2**20 / (4 * FIRST) > SLOW:
            yield kind, f"{4 * FIRST:,} characters: {four:.2f} s{SLOW_FAULT}"


def _growth(step: Step, piece: str, ceiling: int) -> str | None:
    """Return what is wrong with the time for the double of what takes measurable time."""
    sizes = [FIRST, FIRST * 2, FIRST * 4, FIRST * 8]
    texts = [repeated(piece, size) for size in sizes for _ in range(REPEATS)]
    taken = times(step, ["a", *texts], ceiling)[1:]
    least: list[tuple[int, float]] = []
    for number, size in enumerate(sizes):
        these = taken[number * REPEATS : (number + 1) * REPEATS]
        numbers = [each for each in these if isinstance(each, float)]
        if not numbers:
            return f"{size:,} characters: {these[0]}, {size // 2:,}: {least[-1:]}"
        least.append((size, min(numbers)))
    (_, one), (size, two) = least[-2:]
    if two > max(ENOUGH, RATIO * one):
        return f"{size:,} characters: {two:.2f} s, {two / one:.1f} times {one:.2f}"
    if two * 2**20 / size > SLOW:
        return f"{size:,} characters: {two:.2f} s{SLOW_FAULT}"
    return None


def repeated(piece: str, size: int) -> str:
    """Return a piece so often that it has a size."""
    return piece * (size // len(piece))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("step", nargs="*")
    parser.add_argument("--kind", action="append")
    parser.add_argument("--ceiling", type=int, default=4)
    options = parser.parse_args()
    wrong = 0
    kinds = {kind: KINDS[kind] for kind in options.kind or KINDS}
    with TemporaryDirectory() as folder:
        for name, step in steps(Path(folder)).items():
            if options.step and not any(name.startswith(each) for each in options.step):
                continue
            began, count = time.perf_counter(), [0, 0]
            for kind, fault in faults(step, kinds, options.ceiling):
                count[fault.endswith(SLOW_FAULT)] += 1
                print(f"{name:24} {kind:26} {fault}", flush=True)
            wrong += sum(count)
            took = time.perf_counter() - began
            counts = f"{len(kinds)} kinds, {count[0]} grew faster, {count[1]} slow"
            print(f"{name:24} {counts}, {took:.0f} s", flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
