"""The known schema: which tables, indexes, triggers and views of a file are an archive's own.

SQLite executes what stands in the schema of a file: triggers and views, computed columns, defaults,
constraints, indexes of expressions. So what an archive from elsewhere brings of these is compared
with what this program creates, or has created: the text of each statement or, for tables, of each
column, without regard to spaces and quotation marks. Plain tables, columns and indexes of others do
nothing, and may stay.

`data/known_columns.txt` has those columns of all versions of the schema that are computed, each as
its table and a hash.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from ..errors import NotAnArchiveError
from ..models.article import printable
from ..text.patterns import regex
from .schema import RECORD, create_statements

INDEX = "paragraphs_fts"
"""The full-text index, with tables of its own."""
_KNOWN = Path(__file__).parent / "data" / "known_columns.txt"
_SPACES = regex(r'[\s;"`]+')
_AROUND = regex(r" ?([(),]) ?")
_TOKEN = regex(r"'(?:[^']|'')*'|[(),]|[^'(),]+")
_TABLE = regex(r"CREATE TABLE '?\w+'?\((.*)\)(?: ?WITHOUT ROWID)?", re.IGNORECASE)
_PLAIN = regex(
    r"\w+(?: (?:TEXT|INTEGER|REAL|BLOB|NUMERIC|FLOAT))?(?: NOT NULL| PRIMARY KEY| UNIQUE)*"
    r"|(?:PRIMARY KEY|UNIQUE)\([\w,]+\)",
    re.IGNORECASE,
)
"""A column, or a constraint of a table, that does nothing but hold values."""
_COMPUTED = regex(r"\b(?:AS|CHECK|GENERATED)\b|DEFAULT ?\(", re.IGNORECASE)
_OF_INDEX = regex(r"\bWHERE\b|\(.*\(", re.IGNORECASE | re.DOTALL)

Difference = Literal["foreign", "altered", "plain"]


class SchemaObject(NamedTuple):
    """A table, an index, a trigger or a view."""

    kind: str
    name: str
    table: str
    sql: str


def objects_of(connection: sqlite3.Connection) -> Mapping[tuple[str, str], SchemaObject]:
    """Return the objects of a database by kind and name, except those SQLite creates itself."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {row[:2]: SchemaObject(*row) for row in rows}


def normalized(sql: str) -> str:
    """Return a statement without differences that mean nothing."""
    return _AROUND.sub(r"\1", _SPACES.sub(" ", sql)).strip()


def parts_of(text: str) -> list[str] | None:
    """Return the columns and constraints of a normalized statement that creates a table.

    None is for what creates no table, or a virtual one.
    """
    found = _TABLE.fullmatch(text)
    if found is None:
        return None
    parts, depth = [""], 0
    for token in _TOKEN.findall(found[1]):
        depth += (token == "(") - (token == ")")
        if token == "," and not depth:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def digest(part: str) -> str:
    """Return the hash of a part of a table by which it is known."""
    from hashlib import blake2b  # only for an archive of another version or program

    return blake2b(part.encode(errors="replace"), digest_size=8).hexdigest()


@cache
def _current(name: str) -> str:
    """Return the normalized statement that creates one of the archive's own objects."""
    return normalized(create_statements()[name])


@cache
def known_columns() -> frozenset[tuple[str, ...]]:
    """Return what any version of the schema computes: table and hash."""
    lines = _KNOWN.read_text("utf-8").splitlines()
    return frozenset(tuple(line.split()) for line in lines if not line.startswith("#"))


def is_computed(part: str) -> bool:
    """Return whether a part of a table computes, or constrains, values."""
    return bool(_COMPUTED.search(part))


def difference_of(each: SchemaObject) -> Difference | None:
    """Return how an object differs from an archive's own; None if it does nothing else.

    That is `foreign` if it is not an archive's at all, `altered` if one of its own objects does
    something else, `plain` if a table only has other plain columns.
    """
    name = each.name.lower()
    if name.startswith(f"{INDEX}_") or each.table == RECORD:
        return None if _is_inert(each) else "altered"
    if name not in create_statements():
        return None if _is_inert(each) else "foreign"
    if f"{each.sql};" == create_statements()[name]:
        return None  # as in most archives
    text = normalized(each.sql)
    if text == _current(name):
        return None
    own, parts = parts_of(_current(name)), parts_of(text)
    if own is None or parts is None or each.kind != "table":
        return "altered"
    others = [p for p in parts if not (p in own or (name, digest(p)) in known_columns())]
    if not all(map(_PLAIN.fullmatch, others)):
        return "altered"
    return "plain" if others else None


def _is_inert(each: SchemaObject) -> bool:
    """Return whether nothing in a table or an index of others is computed."""
    if each.kind == "index":
        return not _OF_INDEX.search(each.sql)
    text = normalized(each.sql)
    return each.kind == "table" and bool(_TABLE.fullmatch(text)) and not _COMPUTED.search(text)


def check_executed(connection: sqlite3.Connection, path: str, *, by_readers: bool) -> None:
    """Raise NotAnArchiveError if SQLite would execute what is not the archive's own.

    Readers need only care for the tables that they read.
    """
    found = _find_executed(tuple(objects_of(connection).values()), by_readers)
    if found:
        raise NotAnArchiveError(
            f"{path} has what no archive has ({found}): `syriasearch doctor` tells what can be "
            "mended, or restore a copy"
        )


@lru_cache(maxsize=16)
def _find_executed(objects: tuple[SchemaObject, ...], by_readers: bool) -> str:
    """Return the first object that would execute what is not the archive's; nothing if none would.

    An archive that is opened again, or by another thread, is not compared again.
    """
    for each in objects:
        is_read = each.kind in ("table", "view") and each.name.lower() in create_statements()
        if (is_read or not by_readers) and difference_of(each) in ("foreign", "altered"):
            return f"the {each.kind} {printable(each.name)}"
    return ""
