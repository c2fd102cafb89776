"""What can be wrong with an archive: each is made, told, and mended where it can be."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest
from conftest import ROOT, assert_sound, everything

from syriasearch import Archive, ArchiveError, ArchiveNotFoundError, NotAnArchiveError
from syriasearch.doctor.check_rows import read_checks
from syriasearch.doctor.damage import Mend
from syriasearch.store.creation import empty_archive

STORY = " ".join(
    f"The convoy of {number} trucks reached the camp near Idlib on day {number}, said Lavrov."
    for number in range(12)
)
WIRES = {
    "afp.md": f"---\ntitle: Convoy reaches the camp\ndate: 2018-01-28\n---\n{STORY}\n",
    "sana.md": f"---\ntitle: Convoy at the camp\ndate: 2018-01-29\n---\n{STORY} More.\n",
    "same.md": f"---\ntitle: Convoy reaches the camp\ndate: 2018-01-30\n---\n{STORY}\n",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound archive with copies, for reading only, and its sources beside it."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copytree(ROOT / "seeds", folder / "news")
    for name, text in WIRES.items():
        (folder / "news" / name).write_text(text)
    with Archive(folder / "whole.db") as archive:
        archive.ingest(folder / "news")
    return folder / "whole.db"


@pytest.fixture
def patient(whole: Path, tmp_path: Path) -> Iterator[Archive]:
    """A copy of it, to be damaged."""
    path = tmp_path / "patient.db"
    path.write_bytes(whole.read_bytes())
    with Archive(path) as archive:
        yield archive


def spoil(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def test_each_check_of_rows_has_a_repair_and_a_message_of_its_own() -> None:
    checks = read_checks()
    assert {mend for mend, _, _ in checks} <= set(get_args(Mend))
    assert len({message for _, message, _ in checks}) == len(checks)
    with closing(empty_archive()) as connection:
        assert all(connection.execute(sql).fetchall() == [] for _, _, sql in checks)


def test_a_sound_archive_has_nothing_to_mend(patient: Archive) -> None:
    assert patient.check() == ()
    report = patient.repair()
    assert (report.mended, report.left) == ((), ())


SOCHI = "(SELECT id FROM entities WHERE slug = 'sochi')"
MENTION = "(SELECT id FROM mentions ORDER BY id LIMIT 1 OFFSET 2)"
INDEXES = [
    "articles_path",
    "articles_duplicate_of",
    "paragraphs_article_position",
    "words_stem",
    "mentions_entity",
    "aliases_whose",
    "signatures_digest",
]
TABLES = [
    "words",
    "mentions",
    "aliases",
    "alias_keys",
    "signatures",
    "bands",
    "segments",
    "postings",
    "_sqlite_migrations",
    "paragraphs_fts",
    "paragraphs_fts_data",
    "paragraphs_fts_idx",
    "paragraphs_fts_docsize",
    "paragraphs_fts_config",
]
DAMAGES = {
    # Schema.
    **{f"no index {each}": (f"DROP INDEX {each}", f"index {each} is not") for each in INDEXES},
    **{f"no table {each}": (f"DROP TABLE {each}", f"table {each} is not") for each in TABLES},
    **{
        f"no trigger {each}": (f"DROP TRIGGER paragraphs_{each}", f"paragraphs_{each} is not there")
        for each in ("insert", "delete", "update")
    },
    "another trigger": (
        "DROP TRIGGER paragraphs_delete; CREATE TRIGGER paragraphs_delete AFTER DELETE ON"
        " paragraphs BEGIN SELECT 1; END",
        "trigger paragraphs_delete is not there, or another",
    ),
    "another index": (
        "DROP INDEX articles_source; CREATE INDEX articles_source ON articles(lang)",
        "index articles_source is not there, or another",
    ),
    "no mark": ("PRAGMA application_id = 0", "is not marked as an archive"),
    "no version": ("PRAGMA user_version = 0", "is not marked as an archive"),
    "no migrations": ("DELETE FROM _sqlite_migrations", "record of migrations is not that"),
    "a migration under another name": (
        "UPDATE _sqlite_migrations SET name = x'ff' WHERE name = 'create'",
        "record of migrations is not that",
    ),
    "a migration of others": (
        "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('syriasearch', 'x')",
        "record of migrations is not that",
    ),
    # Times, which are not compared.
    "times that are none": (
        "UPDATE articles SET added_at = 'x'; UPDATE ingest_runs SET finished_at = ''",
        "rows of articles hold times that are none",
    ),
    # Reasons, which are compared with nothing.
    "a reason without a phrase": (
        "UPDATE mentions SET why = char(900) || why WHERE why IS NOT NULL",
        "mentions have a reason that none has",
    ),
    "an empty reason": ("UPDATE mentions SET why = ''", "mentions have a reason that none has"),
    # The index of the text.
    "a word more in the index": (
        "INSERT INTO paragraphs_fts(rowid, folded) VALUES (1, 'zebra')",
        "index of the text is not what the text says",
    ),
    "a paragraph less in the index": (
        "INSERT INTO paragraphs_fts(paragraphs_fts, rowid, folded)"
        " SELECT 'delete', id, folded FROM paragraphs WHERE id = 5",
        "index of the text is not what the text says",
    ),
    "an index of nothing": (
        "INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('delete-all')",
        "index of the text is not what the text says",
    ),
    "torn pages of the index": (
        "UPDATE paragraphs_fts_data SET block = x'00ff' WHERE id > 10",
        "index of the text is not what the text says",
    ),
    "no sizes in the index": (
        "DELETE FROM paragraphs_fts_docsize",
        "index of the text is not what the text says",
    ),
    # Words.
    "a count": ("UPDATE words SET count = count + 1 WHERE id = 7", "1 words are not counted"),
    "a word that is nowhere": (
        "INSERT INTO words (word, stem, count) VALUES ('zebra', 'zebra', 1)",
        "1 words are not counted",
    ),
    "a word too few": ("DELETE FROM words WHERE id = 9", "1 words are not counted"),
    "a stem": ("UPDATE words SET stem = 'zebra' WHERE id = 7", "1 words have another stem"),
    "a word count": (
        "UPDATE articles SET word_count = 3 WHERE id = 2",
        "1 articles have another number of words",
    ),
    "a title": (
        "UPDATE articles SET title = 'Zebra' WHERE id = 2",
        "1 articles have another title than their first",
    ),
    "another folded text": (
        "UPDATE paragraphs SET normalized = folded || ' zebra' WHERE id = 5",
        "1 articles are indexed with another text than their own",
    ),
    "another word": ("UPDATE words SET word = 'zebra' WHERE id = 7", "2 words are not counted"),
    "the ids of two words": (
        "UPDATE words SET id = -1 WHERE id = 7; UPDATE words SET id = 7 WHERE id = 8;"
        " UPDATE words SET id = 8 WHERE id = -1",
        "other postings than their text",
    ),
    "an id of a word": (
        "UPDATE words SET id = 1 << 62 WHERE id = 7",
        "1 rows of words have an id that no index can have",
    ),
    # Postings.
    "torn postings": ("UPDATE postings SET data = x'00'", "postings cannot be read"),
    "postings of no segment": (
        "INSERT INTO postings SELECT id + (99 << 32), terms, data FROM postings LIMIT 1",
        "postings cannot be read",
    ),
    "no postings": ("DELETE FROM postings", "other postings than their text"),
    "no segments": ("DELETE FROM segments", "postings cannot be read"),
    "a segment twice": (
        "INSERT INTO segments SELECT 77, articles, lengths, days, paragraphs, deleted"
        " FROM segments LIMIT 1",
        "the postings have",
    ),
    "days of a segment": (
        "UPDATE segments SET days = zeroblob(length(days))",
        "other postings than their text",
    ),
    "a day of a segment": (
        "UPDATE segments SET days = CAST(substr(days, 1, length(days) - 4) || x'85ec3301' AS BLOB)",
        "1 articles have other postings than their text",
    ),
    "a length of a segment": (
        "UPDATE segments SET lengths ="
        " CAST(substr(lengths, 1, length(lengths) - 4) || x'01000000' AS BLOB)",
        "1 articles have other postings than their text",
    ),
    "a paragraph of a segment": (
        "UPDATE segments SET paragraphs ="
        " CAST(substr(paragraphs, 1, length(paragraphs) - 8) || x'0100000000000000' AS BLOB)",
        "1 articles have other postings than their text",
    ),
    "a segment of texts": ("UPDATE segments SET days = CAST(days AS TEXT)", "what is no array"),
    "postings of texts": ("UPDATE postings SET data = CAST(data AS TEXT)", "what is no array"),
    "an id of a segment": (
        "UPDATE segments SET id = 1 << 40",
        "1 rows of segments have an id that no index can have",
    ),
    "articles of a segment": (
        "UPDATE segments SET articles = zeroblob(length(articles))",
        "postings cannot be read",
    ),
    "short columns of a segment": (
        "UPDATE segments SET lengths = x'00000000'",
        "postings cannot be read",
    ),
    "removed articles of a segment": (
        "UPDATE segments SET deleted = x'02000000'",
        "other postings than their text",
    ),
    # Copies.
    "no link": (
        "UPDATE articles SET duplicate_of = NULL WHERE path = 'sana.md'",
        "1 articles are copies of others",
    ),
    "a false link": (
        "UPDATE articles SET duplicate_of = 1 WHERE id = 3",
        "1 articles are copies of others",
    ),
    "a digest": ("UPDATE signatures SET digest = 1 WHERE id = 2", "another signature"),
    "no signature": ("DELETE FROM signatures WHERE id = 2", "another signature"),
    "a torn signature": (
        "UPDATE signatures SET minima = zeroblob(length(minima)) WHERE id = 2",
        "another signature",
    ),
    "a byte of a signature": (
        "UPDATE signatures SET minima = CAST(x'00' || substr(minima, 2) AS BLOB) WHERE id = 2",
        "another signature",
    ),
    "a band too few": (
        "DELETE FROM bands WHERE id = (SELECT min(id) FROM bands)",
        "what copies are found by",
    ),
    "a band too many": ("INSERT INTO bands VALUES (7)", "what copies are found by"),
    # Who is named.
    "a mention elsewhere": (
        f"UPDATE mentions SET start = start + 1 WHERE id = {MENTION}",
        "1 mentions do not stand where",
    ),
    "a mention of nothing": (
        f"UPDATE mentions SET surface = '' WHERE id = {MENTION}",
        "1 mentions do not stand where",
    ),
    "a mention too few": (
        f"DELETE FROM mentions WHERE id = {MENTION}",
        "postings than their mentions",
    ),
    "a mention of another": (
        f"UPDATE mentions SET entity_id = {SOCHI} WHERE id ="
        f" (SELECT min(id) FROM mentions WHERE entity_id != {SOCHI})",
        "postings than their mentions",
    ),
    "a mention of nobody": (
        f"UPDATE mentions SET entity_id = NULL WHERE id = {MENTION}",
        "1 mentions do not agree with the corrections",
    ),
    "a mention that was moved": (
        f"UPDATE mentions SET found_id = entity_id, entity_id = {SOCHI} WHERE id ="
        f" (SELECT min(id) FROM mentions WHERE entity_id != {SOCHI})",
        "1 mentions do not agree with the corrections",
    ),
    "a slug": (
        "UPDATE entities SET slug = 'zebra' WHERE id ="
        " (SELECT min(id) FROM entities WHERE origin = 'rules')",
        "1 entities have another slug",
    ),
    "a name that was given": (
        "UPDATE entities SET found_name = name, name = 'Zebra' WHERE slug = 'sochi'",
        "1 entities or aliases do not agree with the corrections",
    ),
    "an alias that was moved": (
        "UPDATE aliases SET found_id = entity_id, entity_id ="
        " (SELECT id FROM entities WHERE slug = 'idlib') WHERE id = (SELECT min(id) FROM aliases"
        f" WHERE entity_id = {SOCHI})",
        "1 entities or aliases do not agree with the corrections",
    ),
    "no aliases": (f"DELETE FROM aliases WHERE entity_id = {SOCHI}", "1 entities have no alias"),
    "an alias's key": (
        "UPDATE aliases SET key = 'zebra' WHERE id = 4",
        "1 aliases have other keys",
    ),
    "the form of a listed name": (
        "UPDATE alias_keys SET form = 'zebra' WHERE part = 'whole' AND alias_id ="
        f" (SELECT min(id) FROM aliases WHERE entity_id = {SOCHI})",
        "1 aliases have other keys",
    ),
    "the skeleton of a found name": (
        "UPDATE alias_keys SET skeleton = 'X' WHERE part = 'whole' AND alias_id ="
        " (SELECT min(aliases.id) FROM aliases JOIN entities ON entities.id = entity_id"
        " WHERE origin = 'rules')",
        "1 aliases have other keys",
    ),
    "keys too few": (
        "DELETE FROM alias_keys WHERE part = 'last' AND alias_id ="
        " (SELECT min(alias_id) FROM alias_keys WHERE part = 'last')",
        "1 aliases have other keys",
    ),
    "keys too many": (
        "INSERT INTO alias_keys SELECT alias_id, 'last', 'X', 'x' FROM alias_keys"
        " GROUP BY alias_id HAVING sum(part = 'last') = 0 LIMIT 1",
        "1 aliases have other keys",
    ),
    # Rows that belong to nothing.
    "an entity less": (
        "DELETE FROM entities WHERE slug = 'sochi'",
        "mentions are of an entity that",
    ),
    **{
        f"a mention's start as {start}": (
            f"UPDATE mentions SET start = {start} WHERE id = (SELECT min(id) FROM mentions)",
            "1 mentions do not stand where they are said to",
        )
        for start in ("1.5", "'zebra'", "-1", "1 << 62")
    },
    "mentions of no paragraph": (
        "INSERT INTO mentions (paragraph_id, number, entity_id, start, surface, found_by)"
        " VALUES (99999, 0, 1, 0, 'a', '-')",
        "1 rows of mentions belong to what is not there",
    ),
    "paragraphs of no article": (
        "INSERT INTO paragraphs (article_id, position, kind, text)"
        " VALUES (999, 0, 'title', 'Zebra')",
        "1 rows of paragraphs belong to what is not there",
    ),
    "an alias of nobody": (
        "INSERT INTO aliases (entity_id, alias, key) VALUES (99999, 'Zebra', 'zebra')",
        "1 rows of aliases belong to what is not there",
    ),
    "a signature of nothing": (
        "INSERT INTO signatures VALUES (999, 1, x'00')",
        "1 rows of signatures belong to what is not there",
    ),
    "a copy of nothing": (
        "UPDATE articles SET duplicate_of = 999 WHERE id = 3",
        "1 rows of articles belong to what is not there",
    ),
    "an article less": ("DELETE FROM articles WHERE path = 'sana.md'", "paragraphs belong to what"),
}
INGESTED_AGAIN = {"an article less"}
"""What the text does not tell either, and the sources do."""


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_told_and_mended(patient: Archive, whole: Path, name: str) -> None:
    script, told = DAMAGES[name]
    spoil(patient.path, script)
    problems = patient.check()
    assert any(told in problem for problem in problems), problems
    assert all(": `syriasearch doctor --repair` mends it" in problem for problem in problems)
    report = patient.repair()
    assert any(told in message for message in report.mended)
    assert report.left == ()
    assert patient.check() == ()
    if name in INGESTED_AGAIN:
        patient.ingest(whole.parent / "news")
    assert everything(patient.path, ids=False) == everything(whole, ids=False)
    assert_sound(patient.path)


def test_an_article_with_a_hash_that_is_none_is_read_again(patient: Archive, whole: Path) -> None:
    spoil(patient.path, "UPDATE articles SET content_hash = 'x' WHERE id = 2")
    (problem,) = patient.check()
    assert problem == (
        "1 articles have a hash of their content that is none: `syriasearch doctor --repair`, then"
        " ingest their sources again"
    )
    assert patient.repair().left == ()
    patient.ingest(whole.parent / "news")
    assert everything(patient.path, ids=False) == everything(whole, ids=False)


# What cannot be mended


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "DELETE FROM paragraphs WHERE id ="
            " (SELECT max(id) - 1 FROM paragraphs WHERE article_id = 2)",
            "1 articles have paragraphs that are not next to each other",
        ),
        ("DELETE FROM paragraphs WHERE article_id = 2", "1 articles have no paragraph"),
        ("UPDATE articles SET published = 'soon' WHERE id = 2", "a date that is none"),
    ],
)
def test_what_only_the_sources_tell_is_taken_from_them(
    patient: Archive, whole: Path, script: str, told: str
) -> None:
    spoil(patient.path, script)
    (left,) = patient.repair().left
    assert told in left
    assert left.endswith(": `syriasearch doctor --repair`, then ingest their sources again")
    assert patient.ingest(whole.parent / "news").updated == 1
    assert patient.check() == ()
    assert everything(patient.path, ids=False) == everything(whole, ids=False)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("DROP TABLE paragraphs", "the table paragraphs is not there"),
        ("ALTER TABLE articles DROP COLUMN author", "articles has other columns: author"),
        (
            "UPDATE articles SET id = 1 << 40 WHERE id = 2",
            "1 rows of articles have an id that no index can have",
        ),
        (
            f"UPDATE articles SET id = {(1 << 28) - 1} WHERE id = 2",
            "rows of articles have ids of up to 268,435,455",
        ),
        (
            "INSERT INTO corrections (made_at, action, entity, other, spellings)"
            " VALUES ('2020-01-01', 'split', 'sochi', 'x', '[1')",
            "1 rows of corrections hold what is no JSON of spellings",
        ),
        (
            "INSERT INTO corrections (made_at, action, entity, other, spellings)"
            " VALUES ('2020-01-01', 'split', 'sochi', 'x', '[1]')",
            "1 rows of corrections hold spellings that are no text",
        ),
        (
            "UPDATE entities SET name = x'ff' WHERE slug = 'sochi'",
            "1 rows of entities hold values of another type",
        ),
        (
            "UPDATE ingest_runs SET sources = '{}'",
            "rows of ingest_runs hold what is no JSON of sources",
        ),
        ("UPDATE paragraphs SET text = x'00ff' WHERE id = 5", "1 rows of paragraphs hold what is"),
        (
            "UPDATE paragraphs SET text = CAST(x'ff' AS TEXT) WHERE id = 5",
            "not all of it can be read",
        ),
    ],
)
def test_what_nothing_mends_is_told(patient: Archive, script: str, told: str) -> None:
    spoil(patient.path, script)
    problems = patient.repair().left
    assert any(told in problem for problem in problems)
    assert problems[-1].endswith("restore a copy, or ingest its sources into a new archive")


def test_what_a_person_said_is_told_to_be_lost(patient: Archive, whole: Path) -> None:
    spoil(patient.path, "DROP TABLE corrections")
    report = patient.repair()
    assert report.mended == ("the table corrections is not there, and what it held is lost",)
    assert patient.corrections.history() == ()
    assert everything(patient.path, ids=False) == everything(whole, ids=False)


def root_page(path: Path, name: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        return connection.execute(query, (name,)).fetchone()[0]


def overwrite(path: Path, page: int, data: bytes, at: int = 0) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size + at)
        file.write(data)


@pytest.mark.parametrize("table", ["articles", "paragraphs", "mentions", "words"])
def test_damaged_pages_are_told(patient: Archive, table: str) -> None:
    overwrite(patient.path, root_page(patient.path, table), b"\xff" * 200)
    try:
        problems = patient.repair().left
    except NotAnArchiveError as error:
        problems = (str(error),)
    assert problems
    assert all("ingest its sources into a new" in problem for problem in problems)


def test_a_file_that_was_cut_is_told(patient: Archive) -> None:
    size = patient.path.stat().st_size
    with patient.path.open("r+b") as file:
        file.truncate(size * 2 // 3)
    try:
        problems = patient.check()
    except NotAnArchiveError as error:
        problems = (str(error),)
    assert problems
    assert all("ingest its sources into a new" in problem for problem in problems)


def test_an_index_that_is_not_its_table_s_is_written_anew(patient: Archive) -> None:
    # SQLite keeps them alike, unless it is not told of the index.
    row = "type, name, tbl_name, rootpage, sql"
    with closing(sqlite3.connect(patient.path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        chosen = "name = 'articles_source'"
        there = connection.execute(f"SELECT {row} FROM sqlite_master WHERE {chosen}").fetchone()
        connection.execute(f"DELETE FROM sqlite_master WHERE {chosen}")
        connection.commit()
    spoil(patient.path, "UPDATE articles SET source = 'Zebra' WHERE id < 4")
    with closing(sqlite3.connect(patient.path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(f"INSERT INTO sqlite_master ({row}) VALUES (?, ?, ?, ?, ?)", there)
        connection.commit()
    before = everything(patient.path)
    assert any("missing from index articles_source" in each for each in patient.check())
    report = patient.repair()
    assert (report.mended != (), report.left) == (True, ())
    assert everything(patient.path) == before


def test_what_is_no_archive_is_not_made_one(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    spoil(path, "CREATE TABLE articles (id INTEGER PRIMARY KEY)")
    with Archive(path) as archive, pytest.raises(NotAnArchiveError, match="not an archive of"):
        archive.repair()


def test_an_empty_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    spoil(path, "PRAGMA journal_mode = WAL")
    with Archive(path) as archive, pytest.raises(NotAnArchiveError, match="is an empty database"):
        archive.check()


def test_where_there_is_nothing_nothing_is_made(tmp_path: Path) -> None:
    with Archive(tmp_path / "none.db") as archive, pytest.raises(ArchiveNotFoundError):
        archive.repair()
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_is_open_to_read_is_not_mended(whole: Path) -> None:
    with Archive(whole, readonly=True) as archive, pytest.raises(ArchiveError, match="to read"):
        archive.repair()


# How it is mended


def test_corrections_are_applied_anew(patient: Archive) -> None:
    patient.corrections.merge("geneva", "sochi")
    patient.corrections.rename("sochi", "Sotschi")
    patient.corrections.hide("damascus")
    (hit, *_) = patient.search("", entity="russia").hits
    patient.corrections.is_not("russia", article=hit.article.slug)
    before = everything(patient.path, ids=False)
    spoil(
        patient.path,
        "UPDATE mentions SET entity_id = found_id, found_id = NULL WHERE found_id IS NOT NULL;"
        "UPDATE aliases SET entity_id = found_id, found_id = NULL WHERE found_id IS NOT NULL;"
        "UPDATE entities SET name = found_name, found_name = NULL WHERE found_name IS NOT NULL",
    )
    assert len(patient.check()) == 3
    assert patient.repair().left == ()
    assert everything(patient.path, ids=False) == before


def test_what_is_damaged_in_many_ways_is_mended(patient: Archive, whole: Path) -> None:
    names = [
        "no index words_stem",
        "no trigger insert",
        "no mark",
        "an index of nothing",
        "a word too few",
        "torn postings",
        "no link",
        "a mention elsewhere",
        "keys too few",
        "an entity less",
        "a title",
    ]
    for name in names:
        spoil(patient.path, DAMAGES[name][0])
    assert patient.repair().left == ()
    assert everything(patient.path, ids=False) == everything(whole, ids=False)


def test_a_log_that_a_killed_run_left_is_no_damage(patient: Archive) -> None:
    connection = sqlite3.connect(patient.path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE articles SET added_at = '2018'")
    connection.commit()
    copy = patient.path.with_name("killed.db")
    for ending in ("", "-wal"):
        shutil.copy(f"{patient.path}{ending}", f"{copy}{ending}")
    connection.close()
    with Archive(copy) as archive:
        assert archive.check() == ()


def test_an_ingest_puts_back_the_trigger_that_it_takes_away(
    patient: Archive, tmp_path: Path
) -> None:
    spoil(patient.path, "DROP TRIGGER paragraphs_insert")
    (tmp_path / "more.txt").write_text("More\n\nTalks went on in Sochi.")
    patient.ingest(tmp_path / "more.txt")
    assert patient.check() == ()


@pytest.mark.parametrize(
    "text",
    [
        "قال الدكتور أحمد الطحان إن رئيس البلدية أبوعمار الشيشاني وصل.",
        "Hamza al-Khatib, director of a hospital in Aleppo, spoke.",
        "On Monday Alloush said nothing.",
        "قال علوش إن المدينة بخير.",
        "The village of Hazwan in Aleppo countryside was hit.",
    ],
)
def test_names_that_rules_found_are_sound(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"A headline\n\n{text}\n", encoding="utf-8")
    with Archive(tmp_path / "x.db") as archive:
        archive.ingest(tmp_path / "a.txt", processes=0)
    assert_sound(tmp_path / "x.db")


def test_a_family_name_of_a_gazetteer_in_arabic_is_sound(tmp_path: Path) -> None:
    rows = "name,type,aliases\nطلال القشعمي,person,القشعمي\nفادي القشعمي,person,القشعمي\n"
    (tmp_path / "names.csv").write_text(rows, encoding="utf-8")
    text = "A headline\n\nقال القشعمي إن المدينة بخير.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with Archive(tmp_path / "x.db") as archive:
        archive.ingest(tmp_path / "a.txt", gazetteer=[tmp_path / "names.csv"], processes=0)
        (entity,) = archive.entities(type="person").entities
    assert entity.entity.name == "القشعمي (family name)"
    assert_sound(tmp_path / "x.db")
