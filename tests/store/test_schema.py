"""The tables as other programs see them."""

import sqlite3
from contextlib import closing
from pathlib import Path

TYPES = {"INTEGER": "integer", "REAL": "real", "TEXT": "text", "BLOB": "blob"}


def test_each_value_has_the_type_that_its_column_declares(corpus_path: Path) -> None:
    """Connectorx 0.4.6 refuses tables with other values, and columns without a type."""
    with closing(sqlite3.connect(corpus_path)) as connection:
        columns = connection.execute(
            "SELECT l.name, c.name, c.type"
            " FROM pragma_table_list AS l, pragma_table_xinfo(l.name) AS c"
            " WHERE l.type = 'table' AND l.name NOT LIKE 'sqlite_%'"
        ).fetchall()
        others = [
            (table, column, found)
            for table, column, declared in columns
            for (found,) in connection.execute(f'SELECT DISTINCT typeof("{column}") FROM "{table}"')
            if found not in ("null", TYPES.get(declared))
        ]
    assert "mentions" in {table for table, _, _ in columns}
    assert others == []
