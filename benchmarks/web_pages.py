"""Are the title, the authors, the date and the text of real web pages read right?

    git clone https://github.com/flairNLP/fundus
    python benchmarks/web_pages.py fundus --old ../before

Fundus, a library with a parser for each of some 150 news sites, tests them on pages whose title,
authors, date and text are known. Publishers are in two halves, every other one in each: failures
are listed for the first only (`--failures`), so that the second is held out.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml.html import document_fromstring

from tables import table

ROOT = Path(__file__).parent.parent
PAGES = "tests/resources/parser/test_data"
HALVES = ("development", "held out")
_WORD = re.compile(r"\w+")
_LIST = re.compile(r"[,;]|\s(?:and|und|et)\s|\s&\s")
_PROGRAM = """
import sys, syriasearch
archive = syriasearch.Archive(sys.argv[1])
archive.ingest(sys.argv[2], recognizer="gazetteer", processes=1)
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what is known of its article."""

    name: str
    half: str
    html: bytes
    title: str
    authors: tuple[str, ...] | None
    date: str
    text: str
    headlines: frozenset[str]
    """The words of its headings of the first level."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a build of the program made of a page."""

    title: str = ""
    author: str = ""
    date: str = ""
    text: str = ""


def read_pages(checkout: Path) -> list[Page]:
    """Return the pages in a checkout of Fundus, or in its repository without a work tree."""
    with tempfile.TemporaryDirectory() as folder:
        if not (checkout / PAGES).is_dir():
            command = ["git", f"--git-dir={checkout}", "archive", "HEAD", PAGES]
            packed = subprocess.run(command, check=True, capture_output=True).stdout
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                archive.extractall(folder, filter="data")
            checkout = Path(folder)
        pages = []
        for number, path in enumerate(sorted((checkout / PAGES).glob("*/*.json"))):
            versions = json.loads(path.read_text(encoding="utf-8"))
            # A parser of each site has versions, and each of them a page: both in order of time.
            files = sorted(path.parent.glob(f"{path.stem}_[0-9]*.html.gz"))
            for known, file in zip(_in_order(versions), files, strict=True):
                name = f"{path.parent.name}-{file.name.removesuffix('.html.gz')}"
                pages.append(_page(name, HALVES[number % 2], file, known))
    return pages


def _in_order(versions: dict[str, Any]) -> list[Any]:
    def key(name: str) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", name)]

    return [versions[name] for name in sorted(versions, key=key)]


def _page(name: str, half: str, file: Path, known: dict[str, Any]) -> Page:
    body = known["body"]
    paragraphs = list(body["summary"])
    for section in body["sections"]:
        paragraphs += [*section["headline"], *section["paragraphs"]]
    html = gzip.decompress(file.read_bytes())
    return Page(
        name,
        half,
        html,
        known["title"],
        tuple(known["authors"]) if "authors" in known else None,
        known["publishing_date"][:10],
        "\n".join(paragraphs),
        frozenset(map(_key, _headlines(html))),
    )


def _headlines(html: bytes) -> Iterable[str]:
    for heading in document_fromstring(html).iter("h1"):
        yield heading.text_content()


def extracted(pages: Iterable[Page], checkout: Path) -> dict[str, Extracted]:
    """Return what the build in a checkout of this program makes of each page, by its name."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, archive = Path(temporary) / "pages", Path(temporary) / "archive.db"
        folder.mkdir()
        for page in pages:
            (folder / f"{page.name}.html").write_bytes(page.html)
        command = [sys.executable, "-c", _PROGRAM, archive, folder]
        environment = {**os.environ, "PYTHONPATH": str(checkout)}
        subprocess.run(command, check=True, env=environment, cwd=temporary)
        connection = sqlite3.connect(archive)
        rows = connection.execute(
            "SELECT id, path, title, author, published FROM articles"
        ).fetchall()
        texts = {
            row[0]: connection.execute(
                "SELECT group_concat(text, char(10)) FROM (SELECT text FROM paragraphs"
                " WHERE article_id = ? AND kind IN ('body', 'heading') ORDER BY id)",
                row[:1],
            ).fetchone()[0]
            for row in rows
        }
        connection.close()
    return {
        path.removesuffix(".html"): Extracted(
            title, author or "", published or "", texts[number] or ""
        )
        for number, path, title, author, published in rows
    }


def _words(text: str) -> list[str]:
    """Return the words of a text; how its letters are composed and hyphenated does not matter."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).replace("\xad", "").casefold())


def _key(text: str) -> str:
    return " ".join(_words(text))


def is_title_right(page: Page, found: Extracted) -> bool:
    """Return whether two titles have the same words."""
    return _key(page.title) == _key(found.title)


def is_headline(page: Page, found: Extracted) -> bool:
    """Return whether a title is the known one, or another headline that the page itself shows.

    Many pages have one headline for readers, one for networks and one for search engines, and the
    parsers of Fundus take now the one and now the other.
    """
    return is_title_right(page, found) or _key(found.title) in page.headlines


def are_authors_right(page: Page, found: Extracted) -> bool:
    """Return whether the same authors are named, in any order, and however they are listed."""
    known, read = (_names(line) for line in ("; ".join(page.authors or ()), found.author))
    return known == read


def _names(line: str) -> list[str]:
    return sorted(filter(None, map(_key, _LIST.split(line))))


def is_date_right(page: Page, found: Extracted) -> bool:
    """Return whether the day is the same."""
    return page.date == found.date


def recall_precision(page: Page, found: Extracted) -> tuple[float, float]:
    """Return which part of the known words was found, and which part of the found ones is known."""
    known = Counter(_words(page.text))
    words = Counter(_words(found.text))
    both = (known & words).total()
    return both / max(1, known.total()), both / max(1, words.total())


CHECKS: dict[str, Callable[[Page, Extracted], bool]] = {
    "title": is_title_right,
    "a headline": is_headline,
    "authors": are_authors_right,
    "date": is_date_right,
}


def row(name: str, pages: Sequence[Page], found: dict[str, Extracted]) -> list[str]:
    """Return a row of the table: of the pages that were read, the part that is right, and means."""
    read = [(page, found[page.name]) for page in pages if page.name in found]
    cells = [name, f"{len(pages)}", f"{len(read)}"]
    for field, check in CHECKS.items():
        of = [pair for pair in read if field != "authors" or pair[0].authors is not None]
        cells.append(f"{sum(check(*pair) for pair in of) / max(1, len(of)):.3f}")
    dated = sum(bool(got.date) and not is_date_right(page, got) for page, got in read)
    columns = zip(*(recall_precision(*pair) for pair in read), strict=True)
    means = [f"{sum(column) / max(1, len(read)):.3f}" for column in columns]
    return [*cells, f"{dated}", *means]


def failures(pages: Sequence[Page], found: dict[str, Extracted]) -> Iterable[str]:
    """Yield a line for each field of a page that is wrong."""
    for page in pages:
        got = found.get(page.name)
        if got is None:
            yield f"{page.name}: not read"
            continue
        values = {
            "a headline": (None, ""),
            "title": (page.title, got.title),
            "authors": (page.authors, got.author),
            "date": (page.date, got.date),
        }
        for field, check in CHECKS.items():
            if not check(page, got) and values[field][0] is not None:
                yield f"{page.name} {field}: known {values[field][0]!r}, read {values[field][1]!r}"
        recall, precision = recall_precision(page, got)
        if recall < 0.95 or precision < 0.9:
            yield f"{page.name} text: recall {recall:.2f}, precision {precision:.2f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("checkout", type=Path, help="a checkout of Fundus, or its git folder")
    parser.add_argument("--old", type=Path, help="another checkout of this program, to compare")
    parser.add_argument("--failures", action="store_true", help="list what is wrong in one half")
    options = parser.parse_args()
    pages = read_pages(options.checkout)
    builds = {"old": options.old, "new": ROOT} if options.old else {"new": ROOT}
    rows = []
    for build, checkout in builds.items():
        found = extracted(pages, checkout.resolve())
        for half in (*HALVES, "all"):
            chosen = [page for page in pages if half in (page.half, "all")]
            rows.append(row(f"{half}, {build}", chosen, found))
        if options.failures and build == "new":
            print("\n".join(failures([page for page in pages if page.half == HALVES[0]], found)))
    head = ["pages", "number", "read", *CHECKS, "wrong", "recall", "precision"]
    print(table(head, rows))


if __name__ == "__main__":
    main()
