"""The folded text of a paragraph is stored as what it replaces, and SQL reads it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Archive, fold
from syriasearch.index.posting_rows import decode_chunk
from syriasearch.store.folds import fold_columns
from syriasearch.store.replacements import find_replacements
from syriasearch.store.schema import FOLDED, VERSION, create_statements

SEVERAL = "I don’t, you don’t, and the U.S. has 7,000 of them."


def folded_in_sql(text: str, normalized: str | None, replacements: str | None) -> str:
    with closing(sqlite3.connect(":memory:")) as connection:
        # As a file that is not trusted is read.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(
            "CREATE TABLE paragraphs (text TEXT, normalized TEXT, replacements TEXT,"
            f" folded TEXT GENERATED ALWAYS AS ({FOLDED}) VIRTUAL)"
        )
        row = (text, normalized, replacements)
        connection.execute("INSERT INTO paragraphs VALUES (?, ?, ?)", row)
        (found,) = connection.execute("SELECT folded FROM paragraphs").fetchone()
        return str(found)


@pytest.mark.parametrize(
    ("text", "replacements"),
    [
        ("I really don’t know.", "05don’tdont "),
        ("It has 7,000 men.", "057,0007000 "),
        ("All 12 000 people left.", "0612 00012000 "),
        ("Several NGOs left.", "05NGOs NGO s"),
        ("They don’t, and all the others don’t.", "06don’t,dont, don’t.dont. "),
        ("قال مسؤول إن القوات دخلت المدينة", "01ؤءإاةه"),
        ("مُسلّحون في المكان", "01ُ ّ "),
    ],
)
def test_what_is_replaced(text: str, replacements: str) -> None:
    assert find_replacements(text, fold(text)) == replacements


@pytest.mark.parametrize(
    "text",
    [
        "I don’t.",
        " ".join(f"{each},000" for each in range(1, 14)),
        " ".join(f"كلام{each}" for each in "آأإؤئةىًٌٍَُِّ"),
        "It’s 7,000, and 17,000,000.1,000 not.\0",
    ],
    ids=["a short text", "more words than fit", "more letters than fit", "NUL"],
)
def test_what_is_stored_as_a_whole(text: str) -> None:
    normalized, replacements = fold_columns(text, fold(text))
    assert (normalized, replacements) == (fold(text), None)


def test_what_folding_does_not_change_is_not_stored() -> None:
    assert fold_columns("Talks went on.", "Talks went on.") == (None, None)


TEXTS = st.lists(
    st.sampled_from("don’t U.S. 7,000 17,000 NGOs d’études مسؤول لـ1600".split())
    | st.text(max_size=5)
    | st.text("كلام آأإؤئةىًٌٍَُِّْ", max_size=20),
    max_size=30,
).map(" ".join)


@given(TEXTS)
def test_sql_makes_the_folded_text(text: str) -> None:
    if "\0" not in text and text.isprintable():
        assert folded_in_sql(text, *fold_columns(text, fold(text))) == fold(text)


@given(st.text("ab ", max_size=12), st.text("ab ", max_size=12))
def test_sql_makes_any_other_text(text: str, folded: str) -> None:
    assert folded_in_sql(text, *fold_columns(text, folded)) == folded


# An archive of schema version 8


def unpack(path: Path) -> None:
    """Make an archive what a program of schema version 8 would have written."""
    statements = create_statements()
    triggers = ("paragraphs_insert", "paragraphs_delete", "paragraphs_update")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE paragraphs SET normalized = folded WHERE folded != text")
        for column in ("folded", "replacements"):
            connection.execute(f"ALTER TABLE paragraphs DROP COLUMN {column}")
        connection.execute(
            "ALTER TABLE paragraphs ADD COLUMN"
            " folded TEXT GENERATED ALWAYS AS (ifnull(normalized, text)) VIRTUAL"
        )
        for name in triggers:
            connection.execute(statements[name])
        for number, terms, data in connection.execute("SELECT * FROM postings").fetchall():
            chunk = decode_chunk(terms, data)
            connection.execute(
                "UPDATE postings SET data = ? WHERE id = ?",
                (b"".join(column.tobytes() for column in chunk), number),
            )
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'store_replacements'")
        connection.execute("PRAGMA user_version = 8")


@pytest.fixture
def older(archive: Archive, folder: Callable[..., Path]) -> Archive:
    articles = {"a.txt": f"One\n\n{SEVERAL}", "b.txt": "Two\n\nNobody in the U.S. knew."}
    archive.ingest(folder(articles))
    unpack(archive.path)
    return archive


def columns(path: Path) -> list[tuple[str | None, str | None]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT normalized, replacements FROM paragraphs WHERE position = 1 ORDER BY id"
        ).fetchall()


@pytest.mark.parametrize("query", ["dont", "7000", "US", "knew"])
def test_it_is_searched_as_it_is(older: Archive, query: str) -> None:
    before = older.path.read_bytes()
    with Archive(older.path, readonly=True) as archive:
        assert archive.search(query).total > 0
    assert older.path.read_bytes() == before


def test_the_next_write_leaves_its_rows(older: Archive, folder: Callable[..., Path]) -> None:
    older.ingest(folder({"c.txt": "Three\n\nThey don’t know much of the U.S."}, "more"))
    assert columns(older.path) == [
        (fold(SEVERAL), None),
        ("Nobody in the US. knew.", None),
        (None, "05don’tdont U.S. US.  "),
    ]
    assert older.check() == ()
    assert older.search("US").total == 3


def test_optimize_packs_its_rows(older: Archive) -> None:
    older.optimize()
    assert columns(older.path)[1] == (None, "04U.S.US. ")
    with closing(sqlite3.connect(older.path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        (data,) = connection.execute("SELECT data FROM postings").fetchone()
    assert data.startswith(bytes(4))
    assert older.check() == ()
    assert older.search("US").total == 2


def test_its_articles_can_be_replaced_and_removed(
    older: Archive, folder: Callable[..., Path]
) -> None:
    source = folder({"a.txt": "One\n\nNothing here."})
    (source / "b.txt").unlink()
    older.ingest(source, prune=True)
    assert older.search("US").total == 0
    assert older.check() == ()
