"""Rows of tables, and of other collections of records, as mappings.

Tables are recognized by what they can do and not by their type, so that no library of tables is
imported: pandas by `itertuples`, polars by `iter_rows` and `collect_batches`, Arrow by
`to_batches`, `to_pylist` and `__arrow_c_stream__`, a cursor of a database by `fetchmany`. Rows are
converted some at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from ..errors import OptionError

ROWS = 1000
"""The number of rows of a table that are converted at a time."""


def rows_of(source: Any) -> Iterator[Any]:
    """Yield the rows of a table as mappings, and the items of another iterable as they are.

    The items of an iterable may be tables too, such as the parts in which pandas reads a file.
    Raises OptionError for what is neither.
    """
    rows = _rows_of_table(source)
    if rows is not None:
        return rows
    if isinstance(source, Mapping) or not isinstance(source, Iterable):
        raise OptionError(_no_source(source))
    return _items(source)


def _items(source: Iterable[Any]) -> Iterator[Any]:
    for item in source:
        rows = None if isinstance(item, (Mapping, str)) else _rows_of_table(item)
        if rows is None:
            yield item
        else:
            yield from rows


def _no_source(source: object) -> str:
    if isinstance(source, Mapping):
        return "sources takes records in a list: put the mapping into one, [record]"
    kind = type(source).__name__
    return f"sources takes paths, or records (mappings, dataclasses, a table), not {kind}"


def _rows_of_table(table: Any) -> Iterator[Mapping[str, Any]] | None:
    """Return the rows of a table, None if it is none."""
    if isinstance(table, type):
        return None
    if _has(table, "collect", "collect_schema"):  # a query of polars
        collect = getattr(table, "collect_batches", None) or (lambda **_: [table.collect()])
        return _items(collect(chunk_size=ROWS))
    if _has(table, "iter_rows", "columns"):
        return _named(table.columns, table.iter_rows())
    if _has(table, "itertuples", "columns"):
        return _rows_of_pandas(table)
    if _has(table, "fetchmany", "description"):
        return _rows_of_cursor(table)
    if _has(table, "to_batches", "schema"):
        return _items(table.to_batches())
    if _has(table, "to_pylist", "schema"):
        return _rows_of_batch(table)
    is_read_otherwise = hasattr(table, "read_next_batch") or hasattr(table, "keys")
    if _has(table, "__arrow_c_stream__") and not is_read_otherwise:
        return _rows_of_stream(table)
    return None


def _has(table: object, *names: str) -> bool:
    return all(hasattr(table, name) for name in names)


def _named(columns: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[Mapping[str, Any]]:
    names = [".".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in columns]
    for row in rows:
        yield row if isinstance(row, Mapping) else dict(zip(names, row, strict=False))


def _rows_of_pandas(table: Any) -> Iterator[Mapping[str, Any]]:
    levels = list(table.index.names)
    if all(name is None for name in levels):
        return _named(table.columns, table.itertuples(index=False, name=None))
    # An index with names holds columns, often the id.
    rows = (
        (*(index if len(levels) > 1 else [index]), *values)
        for index, *values in table.itertuples(name=None)
    )
    return _named([*levels, *table.columns], rows)


def _rows_of_cursor(cursor: Any) -> Iterator[Mapping[str, Any]]:
    if cursor.description is None:
        raise OptionError("sources takes a cursor that has rows: execute a query first")
    parts = iter(lambda: cursor.fetchmany(ROWS), [])
    columns = [column[0] for column in cursor.description]
    return _named(columns, chain.from_iterable(parts))


def _rows_of_batch(batch: Any) -> Iterator[Mapping[str, Any]]:
    for start in range(0, batch.num_rows, ROWS):
        yield from batch.slice(start, ROWS).to_pylist()


def _rows_of_stream(table: Any) -> Iterator[Mapping[str, Any]]:
    kind = type(table).__name__
    try:
        from pyarrow import RecordBatchReader

        reader = RecordBatchReader.from_stream(table)
    except ImportError as error:
        raise OptionError(
            f"sources takes a table of the type {kind} with pyarrow: pip install pyarrow"
        ) from error
    except (TypeError, ValueError) as error:
        raise OptionError(f"sources takes tables with columns, not {kind} ({error})") from error
    return _items(reader)
