"""Web archive collections (WACZ 1.1.1), and the lists of pages in them.

A collection is a zip file: its pages are in WARC files under `archive/`, and lists under `pages/`
give their titles, sometimes also their texts. The other members are indexes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from ...text.patterns import regex
from .base import Document, Problem, SourceFile, free_anchor
from .charset import head_text, lines
from .compression import BROKEN_ZIP, Budget, Stream

MAX_LIST_BYTES = 64 * 2**20
"""The maximum size of a list of pages in a collection whose titles are used, in bytes."""
DATA = "archive/"
_LIST = regex(r"pages/[^/]{1,200}\.jsonl")
_HEADER = regex(r'\s*\{[^{}]{0,300}"format"\s*:\s*"json-pages-')


def is_wacz(names: Iterable[str]) -> bool:
    """Return whether a zip file with these members is a collection."""
    names = set(names)
    return "datapackage.json" in names and any(name.startswith(DATA) for name in names)


def is_collection(path: Path) -> bool:
    """Return whether a zip file on disk is a collection."""
    try:
        with zipfile.ZipFile(path) as container:
            return is_wacz(container.namelist())
    except BROKEN_ZIP:
        return False


def page_titles(container: zipfile.ZipFile, budget: Budget) -> dict[str, str]:
    """Return the titles that the lists of a collection give its pages, by their addresses."""
    titles: dict[str, str] = {}
    for member in container.infolist():
        if not _LIST.fullmatch(member.filename) or member.file_size > MAX_LIST_BYTES:
            continue
        try:
            with container.open(member) as opened:
                data = Stream(opened, budget).buffered().read(MAX_LIST_BYTES)
        except BROKEN_ZIP:
            continue
        for line in data.splitlines():
            url, title = (_fields(line).get(name) for name in ("url", "title"))
            if isinstance(url, str) and isinstance(title, str) and title.strip() not in ("", url):
                titles.setdefault(url, title)
    return titles


def claims(head: bytes) -> bool:
    """Return whether a file begins like a list of pages."""
    return _HEADER.match(head_text(head[:1000])) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the pages of a list that has their texts; of a collection, the WARC files are read."""
    is_on_disk = file.path.name == PurePosixPath(file.name).name
    if is_on_disk and (file.path.parent.parent / DATA).is_dir():
        yield Problem(f"lists the pages of {DATA} next to it, which are read: left out", lost=False)
        return
    anchors: dict[str, int] = {}
    bare = 0
    with file.open() as stream:
        for number, line in lines(stream):
            if isinstance(line, Problem):
                yield line
                continue
            fields = _fields(line)
            if number == 1 or not fields:
                continue
            url, title, text = (_text(fields.get(name)) for name in ("url", "title", "text"))
            if not text.strip():
                bare += 1
                continue
            own_id = url or _text(fields.get("id"))
            yield Document(
                text,
                title=title if title and title != url else None,
                url=url or None,
                anchor=free_anchor(own_id or str(number), anchors),
                positional=not own_id,
                scraped=True,
            )
    if bare or not anchors:
        yield Problem(f"lists {bare:,} pages without their text: give the web archive itself")


def _fields(line: bytes) -> dict[str, object]:
    try:
        values = json.load(io.BytesIO(line))
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
