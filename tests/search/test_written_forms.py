"""Numbers, acronyms, compounds, elisions and letters: one spelling finds the others."""

import gzip
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from unicodedata import normalize

import pytest
from faults.operations import OLD

from syriasearch import Archive, ArchiveWarning, QuerySyntaxError
from syriasearch.store.migrations import MIGRATIONS
from syriasearch.store.schema import VERSION, create_statements

Found = Callable[[str, str], tuple[int, list[str]]]


@pytest.fixture
def found(archive: Archive, folder: Callable[..., Path]) -> Found:
    """Return the number of articles with a text that a query finds, and what is highlighted."""

    def find(text: str, query: str) -> tuple[int, list[str]]:
        archive.ingest(folder({"a.txt": f"One\n\n{text}", "b.txt": "Two\n\nNothing of it here."}))
        page = archive.search(query, match="all")
        return page.total, [
            passage.snippet.text[start:end]
            for hit in page.hits
            for passage in hit.passages
            for start, end in passage.snippet.highlights
        ]

    return find


NUMBERS = [
    ("killed 7,000 people", "7000", "7,000"),
    ("killed 7.000 people", "7,000", "7.000"),
    ("killed 7 000 people", "7000", "7 000"),
    ("killed 7 000 people", "7 000", "7 000"),
    ("some 12 000 people", "12,000", "12 000"),
    ("some 120 000 people", "120 000", "120 000"),
    ("some 1,200,000 people", "1 200 000", "1,200,000"),
    ("some 7,000 people", "7\u00a0000", "7,000"),
    ("between 5 000-7 000 people", "7 000", "7 000"),
    ("قتل 7000 شخص", "٧ ٠٠٠", "7000"),
    ("killed 7\u202f000 people", "7'000", "7\u202f000"),
    ("killed 7’000 people", "7000", "7’000"),
    ("killed 7000 people", "7,000", "7000"),
    ("some 1,234,567 people", "1234567", "1,234,567"),
    ("قتل ٧٬٠٠٠ شخص", "7000", "٧٬٠٠٠"),
    ("قتل ۲۰۱۷ شخصا", "2017", "۲۰۱۷"),
    ("القرار ٢٢٥٤", "2254", "٢٢٥٤"),
    ("२०१७ में", "2017", "२०१७"),
    ("in ２０１７", "2017", "２０１７"),
    ("between 5,000-7,000 people", "7000", "7,000"),
    ("it cost $1,200.50", "1200", "1,200"),
]


@pytest.mark.parametrize(("text", "query", "marked"), NUMBERS)
def test_a_number_is_found_however_it_is_written(
    text: str, query: str, marked: str, found: Found
) -> None:
    assert found(text, query) == (1, [marked])


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("a rise of 1.5 per cent", "15"),
        ("a rise of 15 per cent", "1.5"),
        ("the S-400 100 times", "400100"),
        ("in 2017 300 people", "2017300"),
        ("on May 15 200 people", "15200"),
        ("the F-16 200 times", "16200"),
        ("on 12/10 they met", "1210"),
        ("0.125 of it", "125000"),
        ("12,50 euros", "1250"),
    ],
)
def test_numbers_that_differ_are_not_one(text: str, query: str, found: Found) -> None:
    assert found(text, query)[0] == 0


ACRONYMS = [
    ("the S.D.F. said", "SDF", "S.D.F"),
    ("the SDF said", "S.D.F.", "SDF"),
    ("the SDF said", "S.D.F", "SDF"),
    ("a U.S.-backed force", "US", "U.S"),
    ("the U.N.’s envoy", "UN", "U.N"),
    ("two NGOs said", "NGO", "NGO"),
    ("two N.G.O.s said", "NGOs", "N.G.O"),
    ("an NGO said", "NGOs", "NGO"),
    ("two MPs said", "mps", "MP"),
    ("an MP said", "MPs", "MP"),
    ("buried IEDs there", "IED", "IED"),
    ("the IEDs’ makers", "IED", "IED"),
    ("the N.A.T.O. summit", '"NATO summit"', "N.A.T.O. summit"),
    ("C.I.A. and F.B.I.", "cia fbi", "C.I.A"),
]


@pytest.mark.parametrize(("text", "query", "marked"), ACRONYMS)
def test_an_acronym_is_found_with_full_stops_and_without(
    text: str, query: str, marked: str, found: Found
) -> None:
    total, marks = found(text, query)
    assert (total, marks[0]) == (1, marked)


def test_the_parts_of_an_address_are_no_acronym(found: Found) -> None:
    assert found("see www.a.b.com", "ab")[0] == 0


PARTED = [
    ("منظومة الـS-400 الروسية", "S-400", "S-400"),
    ("قال لـ1600 شخص", "1600", "1600"),
    ("في عام 2003م", "2003", "2003"),
    ("سنة 1438هـ", "1438", "1438"),
    ("بين 10 و12 مدنيا", "12", "12"),
    ("وبالـFBI", "FBI", "FBI"),
    ("فيروس كوفيد19", "كوفيد", "كوفيد"),
    ("على بعد 15كم", "15", "15"),
    ("طائرات الF-16", "F-16", "F-16"),
    ("مقاتلة F16 روسية", "F16", "F16"),
    ("منذ11 يوما", "منذ", "منذ"),
    ("صواريخ S-400", "الـS-400", "S-400"),
    ("عام 2003", "2003م", "2003"),
]


@pytest.mark.parametrize(("text", "query", "marked"), PARTED)
def test_latin_letters_and_digits_part_from_arabic_ones(
    text: str, query: str, marked: str, found: Found
) -> None:
    assert found(text, query) == (1, [marked])


COMPOUNDS = [
    ("the ceasefire held", "cease-fire", "ceasefire"),
    ("the cease-fire held", "ceasefire", "cease-fire"),
    ("the cease fire held", "ceasefire", "cease fire"),
    ("two ceasefires held", "cease-fire", "ceasefires"),
    ("two cease-fires held", "ceasefire", "cease-fires"),
    ("two cease-fires held", "cease-fire", "cease-fires"),
    ("the air-strikes hit", "airstrike", "air-strikes"),
    ("the air strike hit", "airstrikes", "air strike"),
    ("an F-16 jet", "F16", "F-16"),
    ("an F16 jet", "F-16", "F16"),
    ("two F-16s over it", "F-16", "F-16s"),
    ("two F-16s over it", "F16", "F-16s"),
    ("an F-16 jet", "F-16s", "F-16"),
    ("two F16s over it", "F16", "F16s"),
    ("in the 1990s", "1990", "1990s"),
    ("some 12 km away", "12km", "12 km"),
    ("some 12km away", "12 km", "12km"),
    ("a 120mm mortar", "120 mm", "120mm"),
    ("a 120-mm mortar", "120mm", "120-mm"),
    ("a de-escalation zone", "deescalation", "de-escalation"),
    ("a co-operation deal", "cooperation", "co-operation"),
    ("an on-going war", "ongoing", "on-going"),
    ("the re-opened road", "reopen", "re-opened"),
    ("an anti-government march", "antigovernment", "anti-government"),
    ("عبد الله قال", "عبدالله", "عبد الله"),
    ("the north‑eastern plain", "northeastern", "north‑eastern"),
]


@pytest.mark.parametrize(("text", "query", "marked"), COMPOUNDS)
def test_a_compound_is_found_solid_hyphened_and_apart(
    text: str, query: str, marked: str, found: Found
) -> None:
    assert found(text, query) == (1, [marked])


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("the ceasefire held", "cease fire", ["ceasefire"]),
        ("two airstrikes hit", "air strike", ["airstrikes"]),
        ("the counteroffensive began", "counter offensive", ["counteroffensive"]),
    ],
)
def test_neighbouring_words_are_found_in_one(
    text: str, query: str, marked: list[str], found: Found
) -> None:
    assert found(text, query) == (1, marked)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("the man, age 33, can manage", "x"),
        ("a man, age 33", "manage"),
        ("it is going on. Going home", "ongoing"),
        ("as sad as ever", "Assad"),
        ("a fire, cease!", "ceasefire"),
        ("the rapist", "therapist"),
    ],
)
def test_words_that_only_follow_each_other_are_no_compound(
    text: str, query: str, found: Found
) -> None:
    assert found(text, query)[0] == 0


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ('"ceasefire held"', 0),  # exactly these words
        ('"cease fire held"', 1),
        ("-ceasefire Nothing", 1),
        ("-ceasefire held", 0),
        ("ceasefire w/3 held", 1),
        ("title:ceasefire", 0),
        ("ceasef*", 0),
        ("ceasefire OR nobody", 1),
    ],
)
def test_compounds_in_the_query_language(query: str, total: int, found: Found) -> None:
    assert found("the cease-fire held", query)[0] == total


ELISIONS = [
    ("le bureau d’études", "études", "études"),
    ("les études", "d'études", "études"),
    ("l’État islamique", "etat", "État"),
    ("dit qu’il part", "il", "il"),
    ("jusqu'Alep", "Alep", "Alep"),
    ("l'armée", "armee", "armée"),
    ("J’accuse", "accuse", "accuse"),
    ("dell’Italia", "Italia", "Italia"),
    ("aujourd’hui", "aujourd'hui", "aujourd’hui"),
    ("O’Neil", "ONeil", "O’Neil"),
    ("don’t", "dont", "don’t"),
    ("XYZ'14", "XYZ", "XYZ"),
    ("Ja’afari", "Jaafari", "Ja’afari"),
]


@pytest.mark.parametrize(("text", "query", "marked"), ELISIONS)
def test_an_apostrophe_elides_or_is_part_of_a_word(
    text: str, query: str, marked: str, found: Found
) -> None:
    total, marks = found(text, query)
    assert (total, marks[:1]) == (1, [marked])


LETTERS = [
    ("ﺳﻮﺭﻳﺎ", "سوريا"),
    ("ﷲ", "الله"),
    ("ﻻجئون", "لاجئون"),
    ("oﬃce", "office"),
    ("ＳＹＲＩＡ", "Syria"),
    ("𝐒𝐲𝐫𝐢𝐚", "Syria"),
    ("Kılıç", "Kilic"),
    ("Løkke", "Lokke"),
    ("Wałęsa", "Walesa"),
    ("Straße", "Strasse"),
    ("Đorđe", "Dorde"),
    ("cœur", "coeur"),
    ("Æthel", "Aethel"),
    ("مسؤول", "مسئول"),
    ("مسءول", "مسؤول"),
    ("رءوس", "رؤوس"),
    ("هيأة", "هيئة"),
    ("تتشائم", "تتشاءم"),
    ("کردستان", "كردستان"),
    ("مەنبج", "مهنبج"),
    ("سلێماني", "سليماني"),
    ("كۆباني", "كوباني"),
    ("ھيئة", "هيئة"),
    ("ہيئة", "هيئة"),
    ("پوتين", "بوتين"),
    ("أحمد", "\u0627\u0654حمد"),
    ("مسو\u0654ول", "مسؤول"),
    ("E\u0301tudes", "Études"),
]


@pytest.mark.parametrize(("text", "query"), [*LETTERS, *((one, other) for other, one in LETTERS)])
def test_letters_that_writers_interchange_are_one(text: str, query: str, found: Found) -> None:
    composed = normalize("NFC", text)  # as an article is stored
    assert found(f"x {text} y", query) == (1, [composed])
    assert found(f"x {text} y", f'"{query}"') == (1, [composed])


LONG = {
    "digits": "1" * 9_000,
    "groups": "1" + ",000" * 2_000,
    "scripts": "aا1" * 3_000,
    "dots": "a." * 4_000,
    "parts": "-".join(["cease", "fire"] * 10),
    "letters": "ceasefire" * 1_000,
    "forms": "ﷲ" * 3_000,
    "apostrophes": "l'" * 4_000,
    "neighbours": " ".join(["cease", "fire"] * 200),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_word_is_answered_at_once(name: str, found: Found) -> None:
    start = time.process_time()
    with suppress(QuerySyntaxError):  # it may be more words than a phrase has
        found(f"the cease-fire held {LONG[name]}", LONG[name])
    assert time.process_time() - start < 5


# An archive of before


def columns_of_version_6(path: Path) -> list[str]:
    """Return the computed columns of `paragraphs` as that version had them."""
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT sql FROM sqlite_master WHERE name = 'paragraphs'"
        ((statement,),) = connection.execute(sql)
    return re.findall(r"^ +((?:unmarked|folded) TEXT GENERATED .*?VIRTUAL)", statement, re.M | re.S)


@pytest.fixture
def older(archive: Archive, folder: Callable[..., Path]) -> Archive:
    """An archive of schema version 6, whose text was folded in SQL."""
    archive.ingest(folder({"a.txt": "One\n\nقال مسؤول إن 7,000 of the S.D.F. left."}))
    statements = create_statements()
    triggers = ("paragraphs_insert", "paragraphs_delete", "paragraphs_update")
    with closing(sqlite3.connect(archive.path, isolation_level=None)) as connection:
        for trigger in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("ALTER TABLE paragraphs DROP COLUMN folded")
        connection.execute("ALTER TABLE paragraphs DROP COLUMN normalized")
        for column in columns_of_version_6(archive.path.with_name("6.db")):
            connection.execute(f"ALTER TABLE paragraphs ADD COLUMN {column}")
        for trigger in triggers:
            connection.execute(statements[trigger])
        connection.execute("INSERT INTO paragraphs_fts(paragraphs_fts) VALUES ('rebuild')")
        connection.execute("UPDATE settings SET value = 'rules 2' WHERE name = 'stems'")
        connection.execute(
            f"DELETE FROM {MIGRATIONS.migrations_table} WHERE name = 'store_folded_text'"
        )
        connection.execute("PRAGMA user_version = 6")
    return archive


def test_an_older_archive_is_read_with_a_warning(older: Archive) -> None:
    with pytest.warns(ArchiveWarning, match="a search may miss forms of a word"):
        assert older.search("left").total == 1


@pytest.mark.parametrize("query", ["مسئول", "7000", "SDF", "قال"])
def test_an_older_archive_is_folded_at_the_next_write(
    query: str, older: Archive, folder: Callable[..., Path]
) -> None:
    older.ingest(folder({"b.txt": "Two\n\nNothing here."}, "more"))
    assert older.search(query).total == 1
    assert older.check() == ()
    with closing(sqlite3.connect(older.path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_text_that_is_folded_otherwise_is_damage_and_is_repaired(
    archive: Archive, folder: Callable[..., Path]
) -> None:
    archive.ingest(folder({"a.txt": "One\n\nSome 7,000 people."}))
    with closing(sqlite3.connect(archive.path)) as connection, connection:
        connection.execute("UPDATE paragraphs SET normalized = 'Some 8000 people.' WHERE position")
    assert any("indexed with another text" in line for line in archive.check())
    archive.repair()
    assert archive.check() == ()
    assert archive.search("7000").total == 1
