"""Rows of tables, copied between archives of the same schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = tuple[Any, ...]
"""The values of a row, without generated columns; the first is its id, if that is stored."""


def read_rows(
    connection: sqlite3.Connection,
    table: str,
    condition: str = "true",
    values: Sequence[Any] = (),
    *,
    nulls: Collection[str] = (),
) -> sqlite3.Cursor:
    """Return the rows of a table that meet a condition, by key, with NULL in columns `nulls`."""
    columns = (
        f"NULL AS {name}" if name in nulls else f'"{name}"'
        for name in column_names(connection, table)
    )
    return connection.execute(
        f"SELECT {', '.join(columns)} FROM main.{table} WHERE {condition}"
        f" ORDER BY {_order(connection, table)}",
        values,
    )


def insert_rows(
    connection: sqlite3.Connection, table: str, rows: Iterable[Row], conflict: str = ""
) -> None:
    """Insert rows; `conflict` is the clause for those whose keys are taken."""
    columns = ", ".join(f'"{name}"' for name in column_names(connection, table))
    marks = ", ".join("?" * (columns.count(",") + 1))
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks}) {conflict}", rows)


def upsert_rows(
    connection: sqlite3.Connection, table: str, rows: Iterable[Row], *, keep: Collection[str] = ()
) -> None:
    """Insert rows, or update those that are there, except for the columns `keep`."""
    insert_rows(connection, table, rows, updating(connection, table, keep))


def updating(connection: sqlite3.Connection, table: str, keep: Collection[str] = ()) -> str:
    """Return the clause by which an insert updates rows of the same keys."""
    keys = _keys(connection, table)
    columns = (each for each in column_names(connection, table) if each not in {*keys, *keep})
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in columns)
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {updates}"


@contextmanager
def attached(target: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Attach an archive as `source`, for reading in one transaction."""
    target.execute("ATTACH ? AS source", (f"{path.absolute().as_uri()}?mode=ro",))
    target.execute("BEGIN")
    yield
    target.execute("COMMIT")
    target.execute("DETACH source")


def copy_rows(
    target: sqlite3.Connection,
    table: str,
    changes: Mapping[str, str] | None = None,
    condition: str = "true",
    conflict: str = "",
) -> None:
    """Copy the rows of `source` that meet a condition, with other values in some columns.

    `changes` are expressions for these; `conflict` is the clause for rows whose keys are taken.
    """
    columns = {f'"{name}"': f'"{name}"' for name in column_names(target, table)}
    columns |= {f'"{name}"': expression for name, expression in (changes or {}).items()}
    target.execute(
        f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
        f" FROM source.{table} WHERE {condition} ORDER BY {_order(target, table)} {conflict}"
    )


def column_names(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the names of a table's columns, without generated ones."""
    return [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]


def _keys(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns of a table's primary key, in order."""
    columns = connection.execute(f"PRAGMA main.table_info({table})")
    return [name for _, name in sorted((row[5], row[1]) for row in columns if row[5])]


def _order(connection: sqlite3.Connection, table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in _keys(connection, table))
