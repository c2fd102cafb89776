"""Which misspelt words are read as a name, which are words, and what an answer says of it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from syriasearch import Archive, export, feed
from syriasearch.cli import main

TEXTS = {
    "assad": "President Bashar al-Assad met Sergei Lavrov in Damascus on Monday.",
    "envoy": "Staffan de Mistura and Walid al-Muallem spoke of the siege of Aleppo and of Homs.",
    "nations": "Bashar al-Jaafari and Antonio Guterres spoke in New York, Lakhdar Brahimi left.",
    "turkey": "Recep Tayyip Erdogan and Ahmet Davutoglu left Turkey for Iran, Lebanon and Libya.",
    "libya": "Fayez al-Sarraj asked for a search of the hospital after the bombing, he said.",
    "groups": "Jabhat al-Nusra, Ahrar al-Sham, Hezbollah and the Peshmerga fought the Taliban.",
    "places": "Idlib, Raqqa, Manbij, Kobani, Palmyra, Eastern Ghouta and Deir ez-Zor were bombed.",
    "iraq": "Abu Musab al-Zarqawi and Abu Bakr al-Baghdadi were in Iraq, Hassan Rouhani in Iran.",
    "usa": "Donald Trump, Barack Obama, John Kerry and Rex Tillerson spoke with Vladimir Putin.",
    "lebanon": "Hassan Nasrallah and Zahran Alloush gave speeches, the government did not.",
    "words": "The opposition and the rebels signed a ceasefire. A convoy brought humanitarian aid"
    " after chemical attacks. The Iranian president and the minister spoke of sanctions, of an"
    " evacuation, of the military and of the boycott.",
    "arabic": "قال الرئيس بشار الأسد في دمشق إن المعارضة في إدلب وحلب والغوطة الشرقية رفضت القصف."
    " ووصل سيرغي لافروف ووليد المعلم وستافان دي ميستورا من روسيا بعد الاجتماع مع الحكومة.",
    "other": "A fighter wrote that Bashir al-Assad would fall.",
}
TAKEN = {
    "Lavrof": "sergei-lavrov",
    "Sergey Lavrow": "sergei-lavrov",
    "Serge Lavrov": "sergei-lavrov",
    "Jaafary": "bashar-al-jaafari",
    "Bashar Jafarri": "bashar-al-jaafari",
    "Zarqawy": "abu-musab-al-zarqawi",
    "Bagdadi": "abu-bakr-al-baghdadi",
    "Baghdady": "abu-bakr-al-baghdadi",
    "Waleed Moualem": "walid-al-muallem",
    "Erdogann": "recep-tayyip-erdogan",
    "Erdogaan": "recep-tayyip-erdogan",
    "Davotoglu": "ahmet-davutoglu",
    "Staffan de Misturra": "staffan-de-mistura",
    "Guterrez": "antonio-guterres",
    "Lakhdar Brahimy": "lakhdar-brahimi",
    "Rouhany": "hassan-rouhani",
    "Trumpp": "donald-trump",
    "Obamma": "barack-obama",
    "Kerrry": "john-kerry",
    "Tilerson": "rex-tillerson",
    "Putine": "vladimir-putin",
    "Nasralla": "hassan-nasrallah",
    "Zahran Alush": "zahran-alloush",
    "Damascas": "damascus",
    "Idlieb": "idlib",
    "Hizbulah": "hezbollah",
    "Peshmega": "peshmerga",
    "Taliben": "taliban",
    "Ahrar al-Shaam": "ahrar-al-sham",
    "Lebenon": "lebanon",
    "Lybia": "libya",
    "Turky": "turkey",
    "Irann": "iran",
    "لفروف": "sergei-lavrov",
    "بشار الاسدد": "bashar-al-assad",
    "وليد المعلمم": "walid-al-muallem",
    "دي ميستورة": "staffan-de-mistura",
    "دمشك": "damascus",
    "روصيا": "russia",
    "إدلبب": "idlib",
}
"""Near spellings, each with the entity that they are taken for."""
ALIASES = {
    "Asad": "bashar-al-assad",
    "Alepo": "aleppo",
    "Erdoğan": "recep-tayyip-erdogan",
    "Bashar Aljaafari": "bashar-al-jaafari",
}
"""Words that are aliases as such, of which an answer says nothing."""
WORDS = {
    "serch": "search",
    "sarch": "search",
    "bombng": "bombing",
    "hospitl": "hospital",
    "convoi": "convoy",
    "irakian": "iranian",
    "chemcal": "chemical",
    "rebles": "rebels",
    "ceasfire": "ceasefire",
    "oposition": "opposition",
    "humaniterian": "humanitarian",
    "sanctons": "sanctions",
    "evacution": "evacuation",
    "miltary": "military",
    "goverment": "government",
    "minster": "minister",
    "boycot": "boycott",
    "speachs": "speeches",
    "المعارظة": "المعارضة",
    "القصفف": "القصف",
    "الاجتمع": "الاجتماع",
    "المعارظه": "المعارضة",
}
"""Slips of words, each with the word that is offered first."""
NOTHING = ("zeppelin", "player", "tunks", "dippig", "birth", "عنيفف", "الكبور", "افلقر")
"""Other words, which nothing is read into."""


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a few articles; a dozen name Bashar al-Assad, one a namesake by mistake."""
    folder = tmp_path_factory.mktemp("readings")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(f"Report on {name}\n\n{text}\n")
    for number in range(12):
        text = f"Report {number}\n\nBashar al-Assad spoke for the {number}th time of it.\n"
        (folder / f"more-{number}.txt").write_text(text)
    path = folder / "news.db"
    with Archive(path) as archive:
        archive.ingest(*sorted(folder.glob("*.txt")))
    return path


@pytest.fixture(scope="module")
def archive_of_news(news: Path):
    with Archive(news, readonly=True) as archive:
        yield archive


def readings(archive: Archive, query: str, **options: object) -> list[tuple[str, list[str]]]:
    page = archive.search(query, **options)
    return [(each.word, [entity.slug for entity in each.entities]) for each in page.read_as]


@pytest.mark.parametrize(("typed", "slug"), TAKEN.items())
def test_a_near_spelling_is_taken_and_told(archive_of_news: Archive, typed: str, slug: str) -> None:
    assert readings(archive_of_news, typed) == [(typed, [slug])]
    assert archive_of_news.search(typed).total == archive_of_news.search(f"entity:{slug}").total


@pytest.mark.parametrize(("typed", "slug"), ALIASES.items())
def test_of_an_alias_nothing_is_told(archive_of_news: Archive, typed: str, slug: str) -> None:
    page = archive_of_news.search(typed)
    assert page.read_as == ()
    assert page.total == archive_of_news.search(f"entity:{slug}").total > 0


@pytest.mark.parametrize(("typed", "word"), WORDS.items())
def test_a_slip_of_a_word_is_no_name(archive_of_news: Archive, typed: str, word: str) -> None:
    page = archive_of_news.search(typed)
    assert (page.read_as, page.total) == ((), 0)
    assert page.suggestions[0].suggestion == word


@pytest.mark.parametrize("typed", NOTHING)
def test_nothing_is_read_into_other_words(archive_of_news: Archive, typed: str) -> None:
    assert readings(archive_of_news, typed) == []


def test_a_far_spelling_is_offered_after_the_word(archive_of_news: Archive) -> None:
    offered = [each.entity for each in archive_of_news.search("serch").suggestions]
    assert offered.index("fayez-al-sarraj") > 0


def test_of_several_persons_the_one_with_that_very_alias_is_meant(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "A\n\nBashar al-Assad met Khaled al-Asaad and Riad al-Asaad."}))
    assert readings(archive, "Assadd") == [("Assadd", ["bashar-al-assad"])]


def test_a_surname_between_two_persons_is_offered_for_each(archive: Archive, folder) -> None:
    archive.ingest(
        folder({"a.txt": "A\n\nRyan Dilmann met Matt Dilman. Dilman left; Dilmann too."})
    )
    assert readings(archive, "Dillmann") == []


def test_a_slip_beside_a_name_is_no_part_of_a_name(archive_of_news: Archive) -> None:
    page = archive_of_news.search("Alepo bombng", explain=True)
    assert "(person)" not in " ".join(page.explanation)
    assert [each.suggestion for each in page.suggestions] == ["bombing"]


@pytest.mark.parametrize("typed", ["person:serch", "entity:serch"])
def test_the_value_of_a_field_may_be_far_as_well(archive_of_news: Archive, typed: str) -> None:
    page = archive_of_news.search(typed)
    assert (page.total, page.read_as) == (0, ())
    assert any("Fayez al-Sarraj" in each.suggestion for each in page.suggestions)


def test_an_entity_of_one_article_does_not_hide_a_near_one(archive_of_news: Archive) -> None:
    page = archive_of_news.search("Bashir Assad")
    assert page.total == 1
    assert ("Bashir Assad", "Bashar al-Assad") in [
        (each.word, each.suggestion) for each in page.suggestions
    ]


@pytest.mark.parametrize(
    ("query", "options", "word", "other"),
    [
        ("Lavrof", {}, "Lavrof", '"Lavrof"'),
        ("Lavrof Damascus", {}, "Lavrof", '"Lavrof" Damascus'),
        ("met Sergey Lavrow -Homs", {}, "Sergey Lavrow", 'met "Sergey Lavrow" -Homs'),
        ("-Lavrof", {}, "Lavrof", '-"Lavrof"'),
        ("Lavrof’s speech", {}, "Lavrof’s", '"Lavrof’s" speech'),
        ("Lavrof OR (Lavrof Homs)", {}, "Lavrof", '"Lavrof" OR ("Lavrof" Homs)'),
        ("(Lavrof OR Homs)", {}, "Lavrof", '("Lavrof" OR Homs)'),
        ("Lavrof w/9 Damascus", {}, "Lavrof", '"Lavrof" w/9 Damascus'),
        ("person:Lavrof Damascus", {}, "person:Lavrof", '"Lavrof" Damascus'),
        ('person:"Sergey Lavrow"', {}, 'person:"Sergey Lavrow"', '"Sergey Lavrow"'),
        ("Damascus", {"entity": "Lavrof"}, "entity:Lavrof", ""),
    ],
)
def test_the_words_themselves_can_be_searched_for(
    archive_of_news: Archive, query: str, options: dict[str, str], word: str, other: str
) -> None:
    (read,) = archive_of_news.search(query, **options).read_as
    assert (read.word, read.query) == (word, other)
    assert archive_of_news.search(read.query).read_as == ()


@pytest.mark.parametrize("query", ['"Lavrof"', "Lavrov", "Sergei Lavrov", "", "title:Lavrov"])
def test_where_nothing_is_read_nothing_is_told(archive_of_news: Archive, query: str) -> None:
    assert readings(archive_of_news, query) == []


def test_exact_words_are_never_read(archive_of_news: Archive) -> None:
    assert readings(archive_of_news, "Lavrof", exact=True) == []


def test_a_reading_counts_the_articles_with_the_words(archive: Archive, folder) -> None:
    archive.ingest(
        folder({"a.txt": "Lavrov spoke\n\nHe left.", "b.txt": "A talk\n\nIt was Jaafary Ltd."})
    )
    (read,) = archive.search("Lavrof").read_as
    assert read.articles == archive.search(read.query).total == 0


def test_json_has_readings(news: Path) -> None:
    result = CliRunner().invoke(main, ["Lavrof", "--db", str(news), "--format", "json"])
    assert json.loads(result.stdout)["read_as"] == [
        {
            "word": "Lavrof",
            "entities": [{"slug": "sergei-lavrov", "name": "Sergei Lavrov", "type": "person"}],
            "query": '"Lavrof"',
            "articles": 0,
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["Lavrof"],
            "Showing Sergei Lavrov for 'Lavrof'; search for the word itself, in no article: ",
        ),
        (
            ["Sergey", "Lavrow"],
            "Showing Sergei Lavrov for 'Sergey Lavrow'; search for the words themselves, in no"
            " article: ",
        ),
        (["Homs", "--entity", "Lavrof"], "Showing Sergei Lavrov for 'entity:Lavrof'."),
        (["entity", "Lavrof"], "Showing Sergei Lavrov for 'Lavrof'."),
    ],
)
def test_the_command_tells_it(news: Path, arguments: list[str], line: str) -> None:
    result = CliRunner().invoke(main, [*arguments, "--db", str(news)])
    assert any(each.startswith(line) for each in result.stderr.splitlines())


def test_the_command_asks_for_the_word_itself(news: Path) -> None:
    result = CliRunner().invoke(main, ["Lavrof", "Damascus"], env={"SYRIASEARCH_DB": str(news)})
    assert """`syriasearch '"Lavrof" Damascus'`""" in result.stderr


def test_a_far_name_is_no_entity(news: Path) -> None:
    result = CliRunner().invoke(main, ["entity", "serch", "--db", str(news)])
    assert result.exit_code == 2
    assert "fayez-al-sarraj" in result.stderr


def test_feeds_and_exports_are_as_ever(archive_of_news: Archive) -> None:
    page = archive_of_news.search("Lavrof")
    assert b"<entry>" in feed(page, "https://example.org/feed")
    assert len("".join(export(page.hits, "csv")).splitlines()) == 1 + len(page.hits)
    assert len("".join(export(page.hits, "jsonl")).splitlines()) == len(page.hits) > 0
