"""Reader of RIS, which reference managers and libraries exchange: records with their abstracts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...text.patterns import regex
from .base import Document, Problem, SourceFile, read_whole
from .charset import decode, head_text, noted, unix_lines
from .field_mapping import Record, read_records

_BEGINNING = regex(r"\s*TY  - ?[A-Z]{2,8}\s*\n[A-Z][A-Z0-9]  - ")
_TAG = regex(r"([A-Z][A-Z0-9])  -(?: (.*))?")
_FIELDS = {
    "id": ("ID", "AN"),
    "title": ("TI", "T1"),
    "abstract": ("AB", "N2"),
    "author": ("AU", "A1"),
    "source": ("T2", "JF", "JO", "JA", "PB"),
    "url": ("UR", "L2"),
    "date": ("DA", "Y1", "PY"),
    "lang": ("LA",),
    "note": ("N1",),
}
"""The tags of each field, the most likely first."""


def claims(head: bytes) -> bool:
    """Return whether a file begins with a record."""
    return _BEGINNING.match(unix_lines(head_text(head))) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the records that have an abstract, or the passage that a citation quotes."""
    text = unix_lines((yield from noted(decode(read_whole(file)))))
    records = (
        Record(number, f"record {number}", _values(tags))
        for number, tags in enumerate(_records(text), start=1)
    )
    yield from read_records(records, file, empty="holds no records: leave it out, or fill it")


def _records(text: str) -> Iterator[dict[str, list[str]]]:
    """Yield the values of each tag of each record; a line without a tag continues the one above."""
    tags: dict[str, list[list[str]]] = {}
    current: list[list[str]] = []
    for line in text.split("\n"):
        found = _TAG.fullmatch(line.rstrip())
        if found and found[1] in ("TY", "ER"):
            if tags:
                yield _joined(tags)
            tags, current = {}, []
        elif found:
            current = tags.setdefault(found[1], [])
            current.append([(found[2] or "").strip()])
        elif line.strip() and current:
            current[-1].append(line.strip())
    if tags:
        yield _joined(tags)


def _joined(tags: dict[str, list[list[str]]]) -> dict[str, list[str]]:
    return {tag: ["\n".join(lines) for lines in values] for tag, values in tags.items()}


def _values(tags: dict[str, list[str]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field, names in _FIELDS.items():
        found = next((tags[name] for name in names if any(tags.get(name, ()))), None)
        if found:
            values[field] = list(map(_name, found)) if field == "author" else found[0]
    if "date" in values:
        values["date"] = values["date"].rstrip("/")
    return values


def _name(name: str) -> dict[str, str]:
    """Return the parts of a name: `Haddad, Omar, Jr.`."""
    return dict(zip(("family", "given", "suffix"), map(str.strip, name.split(",")), strict=False))
