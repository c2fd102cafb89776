"""Reader of BibTeX, which reference managers and libraries exchange: entries with abstracts.

Entries are read as BibTeX does: what is outside of them is a comment, values are in braces, in
quotation marks or bare, `#` joins them, and `@string` defines names for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...text.patterns import regex
from ...text.tex import plain_tex
from .base import Document, Problem, SourceFile, read_whole
from .charset import decode, head_text, noted, unix_lines
from .field_mapping import Record, read_records

_BEGINNING = regex(
    r"\s*(?:%[^\n]*\n\s*)*"
    r"@(?:[A-Za-z]{3,20}\s*[{(]\s*(?:[^,\s{}()]{1,200}\s*)?,\s*[A-Za-z][\w-]*\s*="
    r"|(?i:string|preamble|comment)\s*[{(])"
)
_START = regex(r"^[ \t]*@([A-Za-z]+)\s*[{(]", re.MULTILINE)
_KEY = regex(r"\s*([^\s,]*)\s*,?")
_NAME = regex(r"[\s,]*([^\s,={}\"#%()]+)\s*=\s*")
_BARE = regex(r"[^\s,#{}\"()]+")
_AFTER_VALUE = regex(r"\s*[,#})]")
_NEXT_FIELD = regex(r",\s*[A-Za-z][\w-]*\s*=\s*[{\"]")
_JOINT = regex(r"\s*#\s*")
_ENDS = regex(r'\\?[{}]|"')
_BRACES_OR_AND = regex(r"[{}]|(?<!\s)\s+and\s+", re.IGNORECASE)
_ADDRESS = regex(r"\\(?:url|href)\s*\{([^{}]*)\}")
_MOST_NOT_CLOSED = 20
"""The number of values without an end after which none of an entry is looked for."""
_FIELDS = {
    "title": ("title",),
    "abstract": ("abstract",),
    "author": ("author",),
    "source": (
        *("journal", "journaltitle", "newspaper", "howpublished", "booktitle", "publisher"),
        *("organization", "institution"),
    ),
    "url": ("url", "howpublished"),
    "date": ("date", "year"),
    "lang": ("language", "langid"),
    "note": ("annote", "annotation", "note"),
}
"""The fields of BibTeX for each field, the most likely first."""


def claims(head: bytes) -> bool:
    """Return whether a file begins with an entry."""
    return _BEGINNING.match(unix_lines(head_text(head))) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the entries that have an abstract, or the passage that a citation quotes."""
    text = unix_lines((yield from noted(decode(read_whole(file)))))
    yield from read_records(
        _records(text), file, empty="holds no entries: leave it out, or fill it"
    )


def _records(text: str) -> Iterator[Record]:
    """Yield the entries of a text, each of which ends where the next begins at the latest."""
    macros: dict[str, str] = {}
    starts = list(_START.finditer(text))
    number = 0
    for at, start in enumerate(starts):
        end = starts[at + 1].start() if at + 1 < len(starts) else len(text)
        entry = _Entry(text[start.end() : end], macros)
        kind = start[1].lower()
        if kind == "string":
            macros.update(entry.fields())
        elif kind not in ("comment", "preamble"):
            number += 1
            key = entry.key()
            values = _values(entry.fields())
            note = None if not entry.not_closed else "has a value without an end: look at it"
            yield Record(number, f"entry {key or number}", {"id": key, **values}, note)


class _Entry:
    """The scanner of an entry, from behind its first brace."""

    def __init__(self, text: str, macros: dict[str, str]) -> None:
        self._text = text
        self._macros = macros
        self._at = 0
        self.not_closed = 0
        """The number of values that have no end, of those read."""

    def key(self) -> str:
        """Return the key, which is before the fields."""
        found = _KEY.match(self._text)
        self._at = found.end() if found else 0
        return found[1] if found else ""

    def fields(self) -> dict[str, str]:
        """Return the values of the fields by their names in lower case."""
        fields: dict[str, str] = {}
        while name := _NAME.match(self._text, self._at):
            self._at = name.end()
            fields.setdefault(name[1].lower(), self._value())
        return fields

    def _value(self) -> str:
        parts: list[str] = []
        while True:
            if self._text[self._at : self._at + 1] in ("{", '"'):
                end = self._end(is_escaped=False) or self._end(is_escaped=True) or self._cut()
                parts.append(self._text[self._at + 1 : end])
                self._at = end + 1
            elif bare := _BARE.match(self._text, self._at):
                parts.append(self._macros.get(bare[0].lower(), bare[0]))
                self._at = bare.end()
            joint = _JOINT.match(self._text, self._at)
            if not joint:
                return "".join(parts)
            self._at = joint.end()

    def _end(self, *, is_escaped: bool) -> int | None:
        """Return the offset of the end of a value, None for one without.

        BibTeX counts braces after a backslash too, but not all that write it know.
        """
        if self.not_closed > _MOST_NOT_CLOSED:
            return None
        is_quoted = self._text[self._at] == '"'
        depth = 0 if is_quoted else 1
        for found in _ENDS.finditer(self._text, self._at + 1):
            mark = found[0]
            if mark == '"':
                if is_quoted and not depth:
                    return self._checked(found.start())
            elif len(mark) == 1 or not is_escaped:
                depth += 1 if mark[-1] == "{" else -1
                if not depth and not is_quoted:
                    return self._checked(found.end() - 1)
        return None

    def _checked(self, end: int) -> int | None:
        return end if _AFTER_VALUE.match(self._text, end + 1) else None

    def _cut(self) -> int:
        """Return the offset at which a value without an end is cut: where a field begins."""
        self.not_closed += 1
        field = _NEXT_FIELD.search(self._text, self._at)
        return field.start() if field else len(self._text)


def _values(fields: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field, names in _FIELDS.items():
        given = (fields[name] for name in names if fields.get(name, "").strip())
        # What an article is published in may be told by its address alone.
        found = next((each for each in given if field != "source" or not _address(each)), None)
        if not found:
            continue
        if field == "author":
            values[field] = list(map(_name, _split_names(found)))
        elif field == "url":
            values[field] = _address(found)
        else:
            values[field] = plain_tex(found).strip()
    if not fields.get("date") and "date" in values:
        written = (fields.get(part, "").strip() for part in ("day", "month", "year"))
        values["date"] = _date(*map(plain_tex, written))
    return values


def _date(day: str, month: str, year: str) -> str:
    """Return a date as it is read elsewhere: 2018-01-27, or 27 January 2018."""
    if month.isdigit():
        return "-".join(part.zfill(2) for part in (year, month, day) if part)
    return " ".join(filter(None, (day, month, year)))


def _address(value: str) -> str | None:
    r"""Return the address in a value, also in a command: \url{https://example.org}."""
    command = _ADDRESS.search(value)
    address = (command[1] if command else value).strip()
    address = re.sub(r"\\([%&#_~])", r"\1", address)
    return address if "://" in address else None


def _split_names(value: str) -> Iterator[str]:
    """Yield the names of a list: what is between each `and` outside of braces."""
    depth = start = 0
    for found in _BRACES_OR_AND.finditer(value):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif not depth:
            yield value[start : found.start()]
            start = found.end()
    yield value[start:]


def _name(name: str) -> str | dict[str, str]:
    """Return the parts of a name: `Tahan, Jr., Omar`; one in braces is a whole."""
    name = name.strip()
    parts = [] if name.startswith("{") and name.endswith("}") else name.split(",")
    if len(parts) < 2:
        return plain_tex(name)
    names = ("family", "given") if len(parts) == 2 else ("family", "suffix", "given")
    return {part: plain_tex(text).strip() for part, text in zip(names, parts, strict=False)}
