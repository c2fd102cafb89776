"""What belongs to the search page: cut passages, completed names, an overview, saved searches."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from browsing import Site
from conftest import CORPORA

from syriasearch import Archive, Snippet

pytest.importorskip("datasette.app", reason="Datasette is not installed")
search_form = pytest.importorskip("syriasearch.datasette_plugin.search_form")
search_page = pytest.importorskip("syriasearch.datasette_plugin.search_page")
teasers = pytest.importorskip("syriasearch.datasette_plugin.teasers")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "syria.db"
    with Archive(path) as archive:
        archive.ingest(CORPORA / "default")
        archive.save("Sochi: a/b.c", "Sochi boycott", after="2018", entity="sochi")
    return path


# Passages


def test_a_passage_is_cut_around_what_is_found() -> None:
    text = "one " * 40 + "siege of Homs" + " two" * 40
    start = text.index("siege")
    cut = teasers.cut_passage(Snippet(text, ((start, start + 5), (start + 9, start + 13))), 60)
    assert [cut.text[first:last] for first, last in cut.highlights] == ["siege", "Homs"]
    assert len(cut.text) <= 60
    assert (cut.cut_before, cut.cut_after) == (True, True)
    assert cut.text == text[cut.start : cut.start + len(cut.text)]
    assert cut.text.split()[0] == "one"


@pytest.mark.parametrize("highlights", [(), ((0, 3),), ((10, 400),), ((396, 400),)])
def test_whatever_is_found_a_passage_has_its_width(highlights: tuple[Any, ...]) -> None:
    cut = teasers.cut_passage(Snippet("word " * 80, highlights), 100)
    assert 60 < len(cut.text) <= 100
    assert all(0 <= first < last <= len(cut.text) for first, last in cut.highlights)


def test_a_short_passage_stays_whole() -> None:
    snippet = Snippet("A road to Homs.", ((10, 14),))
    assert teasers.cut_passage(snippet, 10) == snippet


# Names


@pytest.mark.parametrize(
    ("text", "start", "slug"),
    [
        ("Jaaf", 0, "bashar-al-jaafari"),
        ("boycott Jaaf", 8, "bashar-al-jaafari"),
        ("bashar al-ja", 0, "bashar-al-jaafari"),
        ("person:Jaaf", 7, "bashar-al-jaafari"),
        ("-Soch", 1, "sochi"),
        ("سوت", 0, "sochi"),
        ("الجع", 0, "bashar-al-jaafari"),
        ("بشار الج", 0, "bashar-al-jaafari"),
    ],
)
def test_the_last_words_are_completed(
    db: Path, site_of: Callable[..., Site], text: str, start: int, slug: str
) -> None:
    answer = site_of(db).get("/syria/-/search/names.json", params={"q": text}).json()
    assert answer["from"] == start
    assert answer["names"][0]["slug"] == slug


@pytest.mark.parametrize("text", ["", "a", "xyzzy", "(", "a" * 9_000, '"Sochi" '])
def test_what_begins_no_name_is_not_completed(
    db: Path, site_of: Callable[..., Site], text: str
) -> None:
    assert site_of(db).get("/syria/-/search/names.json", params={"q": text}).json()["names"] == []


# The overview


def test_a_reader_of_arabic_gets_names_in_arabic(db: Path, site_of: Callable[..., Site]) -> None:
    site = site_of(db)
    for page in ("search/overview", "map"):
        answer = site.get(f"/syria/-/{page}?q=Sochi", headers={"accept-language": "ar"})
        assert "سوتشي" in answer.text
        assert "سوتشي" not in site.get(f"/syria/-/{page}?q=Sochi").text


def test_an_overview_shows_time_and_pairs(db: Path, site_of: Callable[..., Site]) -> None:
    page = site_of(db).page("/syria/-/search/overview?q=Sochi")
    assert page.find("svg", class_="bars")
    pairs = [each["href"] for each, _ in page.find("a", class_="count")]
    assert any("entity=" in href for href in pairs)


def test_an_overview_without_dates_and_names_says_so(
    site_of: Callable[..., Site], tmp_path: Path
) -> None:
    with Archive(tmp_path / "plain.db") as archive:
        archive.ingest([{"text": "it rained"}, {"text": "it snowed"}], name="plain")
    page = site_of(tmp_path / "plain.db").page("/plain/-/search/overview")
    assert "There is nothing to draw" in page.text


# The first page


def test_the_first_page_says_what_the_archive_holds(db: Path, site_of: Callable[..., Site]) -> None:
    site = site_of(db)
    page = site.page("/syria/-/search")
    assert page.texts_of("h1") == ["News on the Syrian conflict"]
    assert "articles, from " in page.text
    assert "Try " in page.text
    assert "Try " not in site.page("/syria/-/search?q=Sochi").text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018", "2018-01-01"),
        ("2018-03", "2018-03-01"),
        ("2018-03-07", "2018-03-07"),
        ("yesterday", None),
        ("2018-3", None),
    ],
)
def test_a_date_picker_takes_days(text: str, day: str | None) -> None:
    assert search_form.first_day(text) == day


# Saved searches


def test_saved_searches_lead_to_their_hits_and_feeds(
    db: Path, site_of: Callable[..., Site]
) -> None:
    site = site_of(db)
    page = site.page("/syria/-/search/saved")
    assert page.link("Sochi: a/b.c") == (
        "/syria/-/search?q=Sochi+boycott&after=2018&entity=sochi&sort=newest"
    )
    feed = site.get(page.link("Feed"))
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert "Sochi: a/b.c" in feed.text


def test_a_command_saves_the_search_at_hand(db: Path, site_of: Callable[..., Site]) -> None:
    page = site_of(db).page("/syria/-/search/saved?q=Sochi+talks&source=A+Wire&exact=1")
    assert page.texts_of("code", class_="command") == [
        "syriasearch save NAME 'Sochi talks' --source 'A Wire' --exact"
    ]


def test_ten_thousand_saved_searches_have_pages(
    db: Path, site_of: Callable[..., Site], tmp_path: Path
) -> None:
    path = tmp_path / "many.db"
    path.write_bytes(db.read_bytes())
    rows = [(f"search {number:05}", "Sochi", "{}", "2018", "2018") for number in range(9_999)]
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO saved_searches (name, query, options, saved_at, looked_at)"
            " VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        connection.commit()
    site = site_of(path)
    page = site.page("/many/-/search/saved")
    assert "10,000 saved searches" in page.text
    assert "Page 1 of 100" in page.text
    assert len(page.html.encode()) < 70_000
    assert site.page("/many/-/search/saved?page=9999").find("h2")
    assert "search 00042" in site.page("/many/-/search/saved?name=00042").text


def test_a_saved_search_that_is_not_there_has_no_feed(
    db: Path, site_of: Callable[..., Site]
) -> None:
    answer = site_of(db).get("/syria/-/search/saved/none.atom")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/syria/-/search/saved", "/syria/-/search/saved/x.atom"])
def test_saved_searches_are_as_private_as_their_table(
    db: Path, site_of: Callable[..., Site], path: str
) -> None:
    site = site_of(db, allow={"syria": {"tables": {"saved_searches": {"allow": {"id": "root"}}}}})
    assert site.get(path).status_code == 403
    assert site.get(path, actor="root").status_code in (200, 404)
    assert site.get("/syria/-/search").status_code == 200


# Addresses without a page


@pytest.mark.parametrize("path", ["search/zzz", "search/saved/a/b.atom", "article/x/names"])
def test_an_address_without_a_page_is_told_with_the_policy(
    db: Path, site_of: Callable[..., Site], path: str
) -> None:
    answer = site_of(db).get(f"/syria/-/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_address_that_is_not_ours_is_answered_by_datasette(
    db: Path, site_of: Callable[..., Site]
) -> None:
    assert site_of(db).get("/a/b/c/d").status_code == 404
