"""What is done to copies of a sound archive: a table of mutations, by name."""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from syriasearch.index.posting_rows import decode_chunk
from syriasearch.store.creation import empty_archive
from syriasearch.store.schema import VERSION

Mutation = Callable[[Path], None]
Numbers = list[int]
Row = tuple[Numbers, Numbers, Numbers, Numbers]
"""Keys, ends, articles and frequencies of a row of postings."""

ARTICLE = "(SELECT min(id) + 4 FROM articles)"
LAVROV = "sergei-lavrov"
PUTIN = "vladimir-putin"
INDEX = "paragraphs_fts"
UNCHECKED = "PRAGMA ignore_check_constraints = ON;"
MILLIONS = 3_000_000


def i32(values: Sequence[int]) -> bytes:
    """Return numbers as little-endian bytes, as segments have most columns."""
    return struct.pack(f"<{len(values)}i", *values)


def i64(values: Sequence[int]) -> bytes:
    """Return numbers as little-endian bytes, as segments have ids of paragraphs."""
    return struct.pack(f"<{len(values)}q", *values)


def sql(script: str) -> Mutation:
    """Return a mutation that runs a script, whatever constraints say."""

    def mutate(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
            connection.commit()

    return mutate


def schema(old: str, new: str, name: str) -> Mutation:
    """Return a mutation that changes the text of the schema of a table."""
    return sql(
        "PRAGMA writable_schema = ON;"
        f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE name = '{name}';"
    )


def blobs(table: str, column: str, change: Callable[[bytes], object]) -> Mutation:
    """Return a mutation that changes the arrays of a column."""

    def mutate(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(f"SELECT id, {column} FROM {table}").fetchall()
            connection.executemany(
                f"UPDATE {table} SET {column} = ? WHERE id = ?",
                [(change(blob), number) for number, blob in rows],
            )
            connection.commit()

    return mutate


def postings(change: Callable[[Numbers, Numbers, Numbers, Numbers], Row]) -> Mutation:
    """Return a mutation of the arrays in each row of postings."""

    def mutate(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT id, terms, data FROM postings").fetchall()
            for number, terms, data in rows:
                old = decode_chunk(terms, data)
                parts = [each.tolist() for each in old]
                keys, ends, articles, counts = change(*parts)
                packed = b"".join(
                    (
                        struct.pack(f"<{len(keys)}I", *keys),
                        struct.pack(f"<{len(ends)}I", *ends),
                        i32(articles),
                        bytes(counts),
                    )
                )
                connection.execute("UPDATE postings SET data = ? WHERE id = ?", (packed, number))
            connection.commit()

    return mutate


def database(*statements: str) -> Mutation:
    """Return a mutation that puts another database in place of the archive."""

    def mutate(path: Path) -> None:
        path.unlink()
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return mutate


def overwrite(at: int, data: bytes, *, only: bool = False) -> Mutation:
    """Return a mutation that writes bytes into the file, or in place of it."""

    def mutate(path: Path) -> None:
        with path.open("wb" if only else "r+b") as file:
            file.seek(at)
            file.write(data)

    return mutate


def dump(path: Path) -> None:
    """Make the archive again from its tables, as `.dump` does, without its marks."""
    target = path.with_suffix(".dumped")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    target.replace(path)
    sql("PRAGMA application_id = 0; PRAGMA user_version = 0")(path)


def literal(data: bytes) -> str:
    """Return bytes as a literal of SQL."""
    return f"x'{data.hex()}'"


def segment(articles: Sequence[int], days: int = 20180101) -> str:
    """Return a statement that inserts a segment."""
    columns = (i32(articles), i32([5] * len(articles)), i32([days] * len(articles)))
    arrays = ", ".join(map(literal, (*columns, i64([1] * len(articles)))))
    columns_of = "articles, lengths, days, paragraphs, deleted"
    return f"INSERT INTO segments ({columns_of}) VALUES ({arrays}, x'');"


def _ids() -> Iterator[tuple[str, Mutation]]:
    high = (1 << 28) - 1
    yield "segment of article 2^28-1", sql(segment([high]))
    yield (
        "only article 2^28-1",
        sql(
            "DELETE FROM segments; DELETE FROM postings;"
            f"UPDATE articles SET id = {high} WHERE id = {ARTICLE};"
            f"DELETE FROM articles WHERE id < {high}; {segment([high])}"
        ),
    )
    for name, number in {
        "2^28-1": high,
        "2^28": 1 << 28,
        "2^31": 1 << 31,
        "2^40": 1 << 40,
        "2^63-1": (1 << 63) - 1,
        "-1": -1,
        "0": 0,
        "-2^63": -(1 << 63),
    }.items():
        yield f"article {name}", sql(f"UPDATE articles SET id = {number} WHERE id = {ARTICLE}")
        for table in ("paragraphs", "words", "segments", "postings", "aliases", "signatures"):
            yield (
                f"{table} id {name}",
                sql(f"UPDATE {table} SET id = {number} WHERE id = (SELECT min(id) FROM {table})"),
            )
        yield (
            f"entity {name}",
            sql(
                f"UPDATE entities SET id = {number} WHERE slug = '{LAVROV}';"
                f"UPDATE mentions SET entity_id = {number}"
                " WHERE entity_id NOT IN (SELECT id FROM entities)"
            ),
        )
        yield f"mentions of entity {name}", sql(f"UPDATE mentions SET entity_id = {number}")
        yield f"copies of {name}", sql(f"UPDATE articles SET duplicate_of = {number}")


ODD = {
    "a blob": "x'fffe00'",
    "no bytes": "x''",
    "no UTF-8": "CAST(x'41fffe' AS TEXT)",
    "a NUL": "'a' || char(0) || 'b'",
    "nothing": "''",
    "a word": "'x'",
    "minus five": "-5",
    "the largest": str((1 << 63) - 1),
    "infinity": "9e999",
    "a fraction": "0.5",
    "a megabyte": "printf('%.*c', 1000000, 'a')",
}
"""Values that a column may be given, by name."""
UNIQUE = ("slug", "word", "alias", "name", "path")
"""Columns that get different values in each row."""


_KEYS = {"alias_keys": "alias_id", "mentions": "paragraph_id"}
"""A column with numbers of the tables that have no numbers of rows."""


def _values() -> Iterator[tuple[str, Mutation]]:
    """Yield each odd value in each column of each table."""
    with closing(empty_archive()) as fresh:
        tables = [
            name
            for (name,) in fresh.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"
                " AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
        ]
        for table in tables:
            columns = fresh.execute(
                "SELECT name FROM pragma_table_xinfo(?) WHERE NOT pk AND NOT hidden", (table,)
            ).fetchall()
            for (column,) in columns:
                for odd, value in ODD.items():
                    yield f"{table}.{column}: {odd}", _value(table, column, value)


def _value(table: str, column: str, value: str) -> Mutation:
    """Return a mutation that gives a column a value, in each third row, and in the last one.

    Tables without numbers of rows get it in all rows; a large value is that of few.
    """
    if column in UNIQUE and value[0] in "'xC":
        # An empty one is that of one row only.
        kept = "" if value in ("''", "x''") else f" || {column}"
        value = f"CAST({value}{kept} AS BLOB)" if value[0] == "x" else f"{value}{kept}"
    key = _KEYS.get(table, "rowid")
    some = f" WHERE {key} % 3 = (SELECT max({key}) % 3 FROM {table})"
    if value.startswith("printf"):
        some = f" WHERE {key} > (SELECT max({key}) - 3 FROM {table})"
    elif table in (*_KEYS, "corrections", "settings"):
        some = ""
    return sql(f"{UNCHECKED} UPDATE OR IGNORE {table} SET {column} = {value}{some}")


def _dates() -> Iterator[tuple[str, Mutation]]:
    for day in (
        *("9999-99-99", "0000-00-00", "2018-02-31", "2018-13-01", "10000-01-01", "-2018-01-01"),
        *("٢٠١٨-٠١-٠١", "2018-01-01\n", "0001-01-01", "9999-12-31"),
    ):
        yield f"published {day!r}", sql(f"UPDATE articles SET published = '{day}'")
    for day in (-1, 2**31 - 1, 99999999, 20181399, 1, 10000, 20180200):
        yield (
            f"days {day}",
            blobs("segments", "days", lambda blob, day=day: i32([day] * (len(blob) // 4))),
        )


def _arrays() -> Iterator[tuple[str, Mutation]]:
    def number(blob: bytes) -> int:
        return len(blob) // 4

    def numbers(blob: bytes) -> Numbers:
        return list(struct.unpack(f"<{number(blob)}i", blob))

    for name, column, change in (
        ("negative", "lengths", lambda b: i32([-5] * number(b))),
        ("zero", "lengths", lambda b: i32([0] * number(b))),
        ("max", "lengths", lambda b: i32([2**31 - 1] * number(b))),
        ("negative", "paragraphs", lambda b: i64([-7] * (len(b) // 8))),
        ("min", "paragraphs", lambda b: i64([-(2**63)] * (len(b) // 8))),
        ("max", "paragraphs", lambda b: i64([2**63 - 1] * (len(b) // 8))),
        ("reversed", "articles", lambda b: i32(numbers(b)[::-1])),
        ("all the same", "articles", lambda b: i32([3] * number(b))),
        ("last small", "articles", lambda b: i32([*sorted(numbers(b))[1:], 1])),
        ("all", "deleted", lambda b: i32(range(1, 200))),
        ("large", "deleted", lambda b: i32(range(100000, 150000))),
        ("odd bytes", "articles", lambda b: b[:-1]),
        ("longer", "days", lambda b: b + b),
        ("empty", "lengths", lambda b: b""),
        ("megabytes", "deleted", lambda b: bytes(20_000_000)),
    ):
        yield f"segments {column} {name}", blobs("segments", column, change)
    for name, rows in {
        "ends not monotonic": lambda k, e, a, c: (k, [2**32 - 1] * (len(e) - 1) + e[-1:], a, c),
        "ends zero": lambda k, e, a, c: (k, [0] * (len(e) - 1) + e[-1:], a, c),
        "ends reversed": lambda k, e, a, c: (k, [*e[:-1][::-1], *e[-1:]], a, c),
        "keys zero": lambda k, e, a, c: ([0] * len(k), e, a, c),
        "keys max": lambda k, e, a, c: ([2**32 - 1] * len(k), e, a, c),
        "keys reversed": lambda k, e, a, c: (k[::-1], e, a, c),
        "keys entity": lambda k, e, a, c: ([2 << 30 | x for x in range(len(k))], e, a, c),
        "keys entity big": lambda k, e, a, c: (
            [(3 << 30) - 1 - x for x in range(len(k))][::-1],
            *(e, a, c),
        ),
        "articles one": lambda k, e, a, c: (k, e, [1] * len(a), c),
        "articles zero": lambda k, e, a, c: (k, e, [0] * len(a), c),
        "articles beyond": lambda k, e, a, c: (k, e, [2**31 - 1] * len(a), c),
        "articles negative": lambda k, e, a, c: (k, e, [-1] * len(a), c),
        "articles reversed": lambda k, e, a, c: (k, e, a[::-1], c),
        "counts zero": lambda k, e, a, c: (k, e, a, [0] * len(c)),
        "counts 255": lambda k, e, a, c: (k, e, a, [255] * len(c)),
        "big": lambda k, e, a, c: (
            *(k, [*e[:-1], MILLIONS]),
            *(sorted([*a, *[1] * (MILLIONS - len(a))]), [1] * MILLIONS),
        ),
        "as they were, unpacked": lambda k, e, a, c: (k, e, a, c),
    }.items():
        yield f"postings {name}", postings(rows)
    for name, script in {
        "terms huge": f"UPDATE postings SET terms = {2**62}",
        "terms 2^31": f"UPDATE postings SET terms = {2**31}",
        "terms negative": "UPDATE postings SET terms = -1",
        "data text": "UPDATE postings SET data = CAST(data AS TEXT)",
        "data empty": "UPDATE postings SET data = x''",
        "ids moved": "UPDATE postings SET id = id + 1000000",
        "gone": "DELETE FROM postings",
    }.items():
        yield f"postings {name}", sql(script)
    for at in range(0, 64, 4):
        flipped = f"substr(data, 1, {at}) || x'ffffffff' || substr(data, {at} + 5)"
        script = f"UPDATE postings SET data = CAST({flipped} AS BLOB)"
        yield f"postings bytes at {at}", sql(script)
    yield "segments gone", sql("DELETE FROM segments")
    yield "segments null", schema(" NOT NULL", "", "segments")
    many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000)"
    one = segment([1], 0).replace("VALUES (", "SELECT ").replace(");", " FROM n;")
    yield "many segments", sql(one.replace("INSERT", f"{many} INSERT", 1))


CIRCLE = (
    "DELETE FROM corrections;"
    "INSERT INTO corrections (id, made_at, action, entity, other) VALUES"
    f" (1, 'x', 'merge', '{LAVROV}', '{PUTIN}'), (2, 'x', 'merge', '{PUTIN}', '{LAVROV}'),"
    f" (3, 'x', 'merge', '{LAVROV}', '{PUTIN}')"
)
CORRECTION = "INSERT INTO corrections (made_at, action, entity, other, spellings) VALUES "
FILLED = {
    "counts negative": "UPDATE words SET count = -count",
    "counts huge": f"UPDATE words SET count = {2**63 - 1}",
    "copies in a cycle": "UPDATE articles SET duplicate_of = 2 WHERE id = 1;"
    " UPDATE articles SET duplicate_of = 1 WHERE id = 2",
    "copies of themselves": "UPDATE articles SET duplicate_of = id",
    "a chain of copies": "UPDATE articles SET duplicate_of = id - 1 WHERE id > 1",
    "follows itself": f"UPDATE entities SET follows = '{LAVROV}'",
    "follows in a cycle": "UPDATE entities SET follows ="
    " (SELECT slug FROM entities e WHERE e.id > entities.id LIMIT 1)",
    "follows the next, the last the first": "UPDATE entities SET follows = ifnull("
    "(SELECT slug FROM entities e WHERE e.id > entities.id ORDER BY id LIMIT 1),"
    " (SELECT slug FROM entities ORDER BY id LIMIT 1))",
    "follows nobody": f"UPDATE entities SET follows = 'nobody' WHERE slug = '{LAVROV}'",
    "corrections in a circle": CIRCLE,
    "correction of itself": f"{CORRECTION} ('x', 'merge', '{LAVROV}', '{LAVROV}', NULL)",
    "correction unknown": f"{UNCHECKED} {CORRECTION} ('x', 'explode', '{LAVROV}', 'x', NULL)",
    "correction of broken JSON": f"{CORRECTION} ('x', 'split', '{LAVROV}', 'x', '[1,2')",
    "correction of other JSON": CORRECTION
    + f" ('x', 'split', '{LAVROV}', '{PUTIN}', '[1,null,{{}}]'),"
    f" ('x', 'split', '{LAVROV}', '{PUTIN}', '{{\"a\":1}}'),"
    f" ('x', 'split', '{LAVROV}', '{PUTIN}', '5')",
    "correction of deep JSON": f"{CORRECTION} ('x', 'split', '{LAVROV}', '{PUTIN}',"
    " printf('%.*c', 100000, '[') || printf('%.*c', 100000, ']'))",
    "corrections of nothing": UNCHECKED + "INSERT INTO corrections (made_at, action, entity) VALUES"
    f" ('x', 'rename', '{LAVROV}'), ('x', 'alias', '{LAVROV}'), ('x', 'split', '{LAVROV}')",
    "corrections of bytes": "INSERT INTO corrections (made_at, action, entity, other)"
    " VALUES (x'ff', 'merge', x'ff', x'fe')",
    "20,000 corrections": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE"
    " x < 20000) INSERT INTO corrections (made_at, action, entity, other)"
    f" SELECT 'x', 'merge', '{LAVROV}', '{PUTIN}' FROM n",
    "saved broken": "UPDATE saved_searches SET options = '{broken'",
    "saved list": "UPDATE saved_searches SET options = '[1]'",
    "saved odd": "UPDATE saved_searches SET options ="
    ' \'{"after": 5, "exact": "x", "entity": {"a": 1}}\'',
    "saved unknown": "UPDATE saved_searches SET options = '{\"nonsense\": 5}'",
    "saved deep": "UPDATE saved_searches SET options = '{\"after\":' || printf('%.*c', 50000, '[')"
    " || printf('%.*c', 50000, ']') || '}'",
    "saved long": "UPDATE saved_searches SET query = printf('%.*c', 20000, 'a')",
    "runs broken": "UPDATE ingest_runs SET sources = '{broken'",
    "runs object": "UPDATE ingest_runs SET sources = '{\"a\":1}'",
    "runs odd": 'UPDATE ingest_runs SET sources = \'[1,null,[],"\\u0000","s3://x/y"]\'',
    "gazetteer broken": "INSERT INTO gazetteers (name, entities, read_at)"
    " VALUES ('g', '{broken', 'x')",
    "gazetteer odd": "INSERT INTO gazetteers (name, entities, read_at) VALUES"
    " ('g', '[[1,{\"slug\":5}]]', 'x'), ('h', '5', 'x')",
    "gazetteer deep": "INSERT INTO gazetteers (name, entities, read_at) VALUES"
    " ('g', printf('%.*c', 50000, '[') || printf('%.*c', 50000, ']'), 'x')",
    "recognizer spacy:os": "DELETE FROM settings;"
    " INSERT INTO settings (name, value) VALUES ('recognizer', 'spacy:os')",
    "recognizer of a path": "DELETE FROM settings;"
    " INSERT INTO settings (name, value) VALUES ('recognizer', '../../evil'), ('x', x'ff')",
    "mentions without a phrase": "UPDATE mentions SET why = char(900)",
    "content hashes": "UPDATE articles SET content_hash = 'x'",
    "hashes of deleted articles": "UPDATE deleted_articles SET content_hash = 'x'",
    "mentions out of range": "UPDATE mentions SET start = 99999999",
    "mentions text": "UPDATE mentions SET start = 'x'",
    "mentions long": f"UPDATE mentions SET start = {2**63 - 1}",
    "entity by text": "UPDATE mentions SET entity_id = 'x'",
    "entity type odd": f"{UNCHECKED} UPDATE entities SET type = 'evil'",
    "kind odd": f"{UNCHECKED} UPDATE paragraphs SET kind = 'evil'",
    "position odd": "UPDATE paragraphs SET position = position * 1000 - 5",
    "alias of nobody": "UPDATE aliases SET entity_id = 99999999 + id",
    "aliases of one": "UPDATE OR IGNORE aliases SET entity_id ="
    f" (SELECT id FROM entities WHERE slug = '{LAVROV}')",
    "an alias of another": "UPDATE OR IGNORE aliases SET entity_id ="
    f" (SELECT id FROM entities WHERE slug = '{LAVROV}') WHERE id = (SELECT min(aliases.id)"
    f" FROM aliases JOIN entities ON entities.id = entity_id WHERE slug = '{PUTIN}')",
    "alias without its name": f"DELETE FROM aliases WHERE alias = (SELECT name FROM entities"
    f" WHERE slug = '{LAVROV}')",
    "alias keys all the same": "UPDATE aliases SET key = 'lavrov'",
    "keys all the same": "UPDATE OR IGNORE alias_keys SET skeleton = 'lvrv', form = 'lavrov'",
    "coordinates infinite": "UPDATE entities SET latitude = 9e999, longitude = -9e999",
    "coordinates beyond": "UPDATE entities SET latitude = 91, longitude = 181",
    "coordinates text": "UPDATE entities SET latitude = 'x', longitude = 1e308",
    "stems all the same": "UPDATE words SET stem = 'boycott'",
    "words a pattern": "UPDATE words SET word = '((a+)+)+' || id WHERE id % 2",
    "bands odd": "UPDATE bands SET id = id + 1",
    "replacements odd": "UPDATE paragraphs SET replacements = '99' || text, normalized = NULL",
    "replacements short": "UPDATE paragraphs SET replacements = '0', normalized = NULL",
    "replacements many": "UPDATE paragraphs SET replacements = printf('%.*c', 400, '0')",
    "files odd": "UPDATE files SET size = -5, articles = -1, lost = -9, modified = 1e300",
    "deleted content": "UPDATE deleted_articles SET content = x'789c00'",
    "no deleted content": "UPDATE deleted_articles SET content = NULL",
}


def _tables() -> Iterator[tuple[str, Mutation]]:
    marks = ("PRAGMA application_id = 1398362707", f"PRAGMA user_version = {VERSION}")
    for name, script in {
        "a table": f"DROP TABLE {INDEX}; CREATE TABLE {INDEX}(folded);"
        f" INSERT INTO {INDEX} SELECT text FROM paragraphs",
        "contentless": f"DROP TABLE {INDEX};"
        f" CREATE VIRTUAL TABLE {INDEX} USING fts5(folded, content='')",
        "other content": f"DROP TABLE {INDEX}; CREATE VIRTUAL TABLE {INDEX}"
        " USING fts5(folded, content='words', content_rowid='id')",
        "trigrams": f"DROP TABLE {INDEX}; CREATE VIRTUAL TABLE {INDEX}"
        " USING fts5(folded, tokenize='trigram');"
        f" INSERT INTO {INDEX}(rowid, folded) SELECT id, folded FROM paragraphs",
        "porter": f"DROP TABLE {INDEX}; CREATE VIRTUAL TABLE {INDEX} USING"
        " fts5(folded, content='paragraphs', content_rowid='id', tokenize='porter');"
        f" INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')",
        "without positions": f"DROP TABLE {INDEX}; CREATE VIRTUAL TABLE {INDEX} USING"
        " fts5(folded, content='paragraphs', content_rowid='id', detail=none);"
        f" INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')",
        "of its own": f"DROP TABLE {INDEX}; CREATE VIRTUAL TABLE {INDEX} USING fts5(folded);"
        f" INSERT INTO {INDEX}(rowid, folded) SELECT id, folded FROM paragraphs",
        "fts4": f"DROP TABLE {INDEX}; CREATE VIRTUAL TABLE {INDEX} USING fts4(folded)",
        "rtree": f"DROP TABLE {INDEX}; CREATE VIRTUAL TABLE {INDEX} USING rtree(id, a, b)",
        "data flipped": f"UPDATE {INDEX}_data SET block = x'00' WHERE id > 10",
        "data big": f"UPDATE {INDEX}_data SET block = zeroblob(10000000) WHERE id = 10",
        "structure big": f"UPDATE {INDEX}_data SET block = x'00000000ffffffff0f01' WHERE id = 10",
        "averages huge": f"UPDATE {INDEX}_data SET block = x'ffffffffffffffffff' WHERE id = 1",
        "config": f"UPDATE {INDEX}_config SET v = 99",
        "config text": f"UPDATE {INDEX}_config SET v = 'x'",
        "rank": f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('rank', 'bm25(99)')",
        "page size": f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('pgsz', 32)",
        "sizes": f"UPDATE {INDEX}_docsize SET sz = x'ffffffff'",
    }.items():
        yield f"index {name}", sql(script)
    for table in ("articles", "paragraphs", "words", "entities", "aliases", "postings", "settings"):
        yield (
            f"{table} a view",
            sql(
                f"PRAGMA legacy_alter_table = ON; ALTER TABLE {table} RENAME TO kept;"
                f"CREATE VIEW {table} AS SELECT * FROM kept"
            ),
        )
        yield (
            f"{table} a virtual table",
            sql(f"DROP TABLE {table}; CREATE VIRTUAL TABLE {table} USING fts5(id, x)"),
        )
        yield f"no table {table}", sql(f"DROP TABLE {table}")
        yield f"a column more in {table}", sql(f"ALTER TABLE {table} ADD COLUMN evil TEXT")
    yield "a view more", sql("CREATE VIEW stranger AS SELECT * FROM articles")
    yield "a table more", sql("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT)")
    yield "columns dropped", sql("ALTER TABLE articles DROP COLUMN author")
    yield "a column renamed", sql("ALTER TABLE paragraphs RENAME COLUMN kind TO sort")
    yield (
        "generated text",
        schema(
            "folded TEXT GENERATED ALWAYS AS (",
            "folded TEXT GENERATED ALWAYS AS (1 + ",
            "paragraphs",
        ),
    )
    yield (
        "generated column more",
        sql("ALTER TABLE articles ADD COLUMN evil TEXT GENERATED ALWAYS AS (upper(title))"),
    )
    yield (
        "generated in place of stored",
        schema("  title TEXT NOT NULL,", "  title TEXT AS (upper(slug)),", "articles"),
    )
    yield (
        "an expression as default",
        schema("DEFAULT ''gazetteer''", "DEFAULT (random())", "entities"),
    )
    yield "an index of expressions", sql("CREATE INDEX evil ON articles(upper(title))")
    yield "a partial index", sql("CREATE INDEX evil ON articles(title) WHERE length(title) > 3")
    yield "a plain index", sql("CREATE INDEX more ON articles(author)")
    yield (
        "dropped triggers",
        sql(
            "DROP TRIGGER paragraphs_insert; DROP TRIGGER paragraphs_delete;"
            "DROP TRIGGER paragraphs_update"
        ),
    )
    indexes = (
        "articles_path articles_published articles_source articles_duplicate_of words_stem"
        " paragraphs_article_position aliases_key aliases_entity aliases_whose mentions_entity"
    )
    yield "dropped indexes", sql("".join(f"DROP INDEX {each};" for each in indexes.split()))
    evil = "CREATE TABLE evil (at TEXT); CREATE TRIGGER"
    did = "BEGIN INSERT INTO evil VALUES ('now'); END"
    for table in ("ingest_runs", "corrections", "articles", "saved_searches", "words", "settings"):
        for event in ("INSERT", "UPDATE", "DELETE"):
            yield f"trigger {event} {table}", sql(f"{evil} e AFTER {event} ON {table} {did}")
    yield (
        "trigger of ours changed",
        sql(
            "CREATE TABLE evil (at TEXT); DROP TRIGGER paragraphs_delete;"
            f"CREATE TRIGGER paragraphs_delete AFTER DELETE ON paragraphs {did}"
        ),
    )
    yield (
        "trigger raises",
        sql(
            "CREATE TRIGGER evil BEFORE INSERT ON ingest_runs"
            " BEGIN SELECT RAISE(ABORT, 'evil \x1b[31m'); END"
        ),
    )
    for version in (0, 1, 2, 5, 6, 7, 8, VERSION - 1, VERSION + 1, -1, 2**31 - 1):
        yield f"user_version {version}", sql(f"PRAGMA user_version = {version}")
    yield "application_id 0", sql("PRAGMA application_id = 0")
    yield "application_id 7", sql("PRAGMA application_id = 7")
    yield "dumped and restored", dump
    yield (
        "dumped, no migrations",
        lambda path: (
            dump(path),
            sql("DELETE FROM _sqlite_migrations")(path),
        )[0],
    )
    yield "UTF-16", database("PRAGMA encoding = 'UTF-16le'", "CREATE TABLE articles (x)", *marks)
    yield "only marks", database("CREATE TABLE x (y)", *marks)
    yield (
        "only names",
        database(
            *(
                f"CREATE TABLE {each} (x)"
                for each in ("articles", "paragraphs", "_sqlite_migrations")
            )
        ),
    )
    yield "another database", database("CREATE TABLE articles (id INTEGER PRIMARY KEY, t)")
    for size in (0, 1, 50, 100, 300, 4096, 300_000):
        yield f"truncated to {size}", lambda path, size=size: os.truncate(path, size)
    yield "page size 1", overwrite(16, b"\x00\x01")
    yield "page size 512", overwrite(16, b"\x02\x00")
    yield "random", overwrite(0, os.urandom(100_000), only=True)
    yield "header and random", overwrite(0, b"SQLite format 3\0" + os.urandom(5000))
    yield "schema page random", overwrite(100, os.urandom(3000))
    yield "read version 9", overwrite(18, b"\x09\x09")
    yield "schema format 9", overwrite(44, b"\x00\x00\x00\x09")


def all_mutations(*, values: bool = True) -> dict[str, Mutation]:
    """Return all mutations, by name, with or without the odd values of each column."""
    found = {name: sql(script) for name, script in FILLED.items()}
    for some in (_ids(), _dates(), _arrays(), _tables(), *([_values()] if values else [])):
        found.update(some)
    return found
