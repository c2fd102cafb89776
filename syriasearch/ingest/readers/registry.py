"""The registry of readers: the modules that read a format, and the readers of other packages.

It imports them all: what only has to do with documents does without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import entry_points

from . import (
    base,
    bibtex,
    blogger,
    csv,
    feed,
    html,
    json,
    jsonl,
    listings,
    mail,
    ole,
    pdf,
    press,
    ris,
    rtf_codes,
    subtitles,
    telegram,
    text,
    tweets,
    unread,
    wacz,
    warc,
    webarchive,
    wordpress,
    zotero,
)
from .base import Document, Problem, Reader, SourceFile


def _claims_nothing(head: bytes) -> bool:
    return False


def _later(module: str) -> Callable[[SourceFile], Iterator[Document | Problem]]:
    """Return the function `read` of a module that is imported when a file is read."""

    def read(file: SourceFile) -> Iterator[Document | Problem]:
        found: Iterator[Document | Problem] = import_module(f"{__package__}.{module}").read(file)
        return found

    return read


@dataclass(slots=True)
class Format:
    """A format and the functions that read it: a `Reader`."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[SourceFile], Iterator[Document | Problem]]
    claims: Callable[[bytes], bool] = _claims_nothing


BUILT_IN: tuple[Reader, ...] = (
    Format("warc", (".warc", ".arc", ".wet"), warc.read, warc.claims),
    Format("pdf", (".pdf",), pdf.read, pdf.claims),
    Format("rtf", (".rtf",), _later("rtf"), rtf_codes.claims),
    Format("docx", (".docx", ".docm", ".dotx", ".dotm"), _later("docx")),
    Format("odt", (".odt", ".ott"), _later("odt")),
    Format("epub", (".epub",), _later("epub")),
    Format("xlsx", (".xlsx", ".xlsm", ".xltx"), _later("xlsx")),
    Format("ods", (".ods", ".ots"), _later("ods")),
    Format(
        "office",
        (
            *(".doc", ".xls", ".xlsb", ".ppt", ".pps", ".pptx", ".pptm", ".ppsx"),
            *(".odp", ".odg", ".msg", ".pages", ".numbers"),
        ),
        ole.read,
        ole.claims,
    ),
    Format("zotero", (), zotero.read, zotero.claims),
    Format("wordpress", (), wordpress.read, wordpress.claims),
    Format("blogger", (), blogger.read, blogger.claims),
    Format("feed", (".rss", ".atom"), feed.read, feed.claims),
    Format("telegram", (), telegram.read, telegram.claims),
    Format("html", (".html", ".htm", ".xhtml"), press.read_page, html.claims),
    Format("webarchive", (".webarchive",), webarchive.read, webarchive.claims),
    Format("mail", (".eml", ".emlx", ".mbox", ".mht", ".mhtml"), mail.read, mail.claims),
    *(
        Format(
            database.name.lower(),
            (),
            partial(press.read, database=database),
            partial(press.claims, database=database),
        )
        for database in press.DATABASES
    ),
    Format("subtitles", (".vtt", ".srt", ".sbv"), subtitles.read, subtitles.claims),
    Format("tweets", (), tweets.read, tweets.claims),
    Format("ris", (".ris",), ris.read, ris.claims),
    Format("bibtex", (".bib", ".bibtex"), bibtex.read, bibtex.claims),
    Format("listing", (), listings.read, listings.claims),
    Format("pages", (), wacz.read, wacz.claims),
    Format("jsonl", (".jsonl", ".ndjson", ".jsonlines"), jsonl.read, jsonl.claims),
    Format("json", (".json",), json.read, json.claims),
    Format("csv", (".csv",), csv.read, csv.claims),
    Format(
        "tsv",
        (".tsv", ".tab"),
        partial(csv.read, delimiters=("\t",)),
        partial(csv.claims, delimiters=("\t",)),
    ),
    Format("unread", (), unread.read, unread.claims),
    Format("markdown", (".md", ".markdown"), partial(text.read, markup="markdown")),
    Format("text", (".txt", ".text"), text.read),
)
"""The registry of readers.

The first reader that claims a file's content reads it; if none does, the reader of its suffix.
"""
GROUP = "syriasearch.readers"
"""The entry points under which other packages add readers."""


@lru_cache(maxsize=1)
def _registry() -> tuple[tuple[Reader, ...], tuple[tuple[str, Problem], ...]]:
    added: list[Reader] = []
    problems: list[tuple[str, Problem]] = []
    for point in entry_points(group=GROUP):
        try:
            made = point.load()
            reader = made() if isinstance(made, type) else made
            endings = [str(suffix) for suffix in reader.suffixes]
            if not (callable(reader.claims) and callable(reader.read) and str(reader.name)):
                raise TypeError(f"is no reader: {endings}")
            added.append(reader)
        except Exception as error:
            message = f"this reader cannot be used ({type(error).__name__}: {error}): mend it"
            problems.append((f"{GROUP}: {point.name}", Problem(message, lost=False)))
    return (*added, *BUILT_IN), tuple(problems)


def all_readers() -> tuple[Reader, ...]:
    """Return the readers of other packages, and then those of this one."""
    return _registry()[0]


def reader_problems() -> tuple[tuple[str, Problem], ...]:
    """Return the problems of readers from other packages, with the names of these."""
    return _registry()[1]


def reader_named(name: str) -> Reader | None:
    """Return the reader with the name that `--format` takes; None if there is none."""
    return next((reader for reader in all_readers() if reader.name == name), None)


def reader_for(suffix: str) -> Reader | None:
    """Return the reader of a suffix (`.txt`), None if there is none."""
    suffix = suffix.lower()
    return next((reader for reader in all_readers() if suffix in reader.suffixes), None)


def reader_versions() -> list[str]:
    """Return what identifies the readers: their names, and the versions of packages."""
    added = [
        f"{point.name} {point.dist.version if point.dist else ''}"
        for point in entry_points(group=GROUP)
    ]
    own = [f"cleaning {base.CLEANING}", "with pypdf" if pdf.is_installed() else "without pypdf"]
    return [*own, *(reader.name for reader in all_readers()), *added]
