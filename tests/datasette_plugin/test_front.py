"""The front door: the way to an archive's search page from Datasette's own pages."""

import json
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from browsing import Site
from conftest import CORPORA

from syriasearch import Archive
from syriasearch.exporters.datasette_config import describe_archive

pytest.importorskip("datasette.app", reason="Datasette is not installed")
server = pytest.importorskip("syriasearch.datasette_plugin.server")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("front") / "syria.db"
    with Archive(path) as archive:
        archive.ingest(CORPORA / "default")
    return path


@pytest.mark.parametrize("path", ["/", "/syria"])
def test_the_first_page_and_the_database_have_a_search_box(
    db: Path, site_of: Callable[..., Site], path: str
) -> None:
    page = site_of(db).page(path)
    (form,) = [each for each, _ in page.find("form", role="search")]
    assert form["action"] == "/syria/-/search"
    assert page.find("input", name="q")
    (section,) = page.texts_of("section", class_="syriasearch-door")
    assert "articles, from " in section
    assert any(each["href"].startswith("/syria/-/search?q=") for each, _ in page.find("a"))


def test_the_first_page_is_headed_by_what_it_shows(
    db: Path, site_of: Callable[..., Site], tmp_path: Path
) -> None:
    assert site_of(db).page("/").texts_of("h1") == ["News on the Syrian conflict"]
    sqlite3.connect(tmp_path / "else.db").execute("CREATE TABLE t (a)").connection.close()
    assert site_of(db, tmp_path / "else.db").page("/").texts_of("h1") == ["Datasette"]


def test_several_archives_are_told_apart(
    db: Path, site_of: Callable[..., Site], tmp_path: Path
) -> None:
    with Archive(tmp_path / "other.db") as archive:
        archive.ingest([{"text": "One article only."}], name="other")
    page = site_of(db, tmp_path / "other.db").page("/")
    titles = [each for each in page.texts_of("h2") if each.startswith("News")]
    assert titles == ["News on the Syrian conflict (syria)", "News on the Syrian conflict (other)"]
    assert "1 article, undated" in page.html


def test_an_archive_that_may_not_be_seen_has_no_door(
    db: Path, site_of: Callable[..., Site]
) -> None:
    site = site_of(db, allow={"syria": {"tables": {"articles": {"allow": {"id": "root"}}}}})
    assert not site.page("/").find("section", class_="syriasearch-door")


def test_the_server_opens_the_search_page(db: Path, site_of: Callable[..., Site]) -> None:
    datasette = site_of(db).datasette
    assert server.search_path(datasette, ["syria"]) == "/syria/-/search"
    assert server.search_path(datasette, ["syria", "other"]) == "/-/search"


def test_results_of_canned_queries_link_to_articles(db: Path, site_of: Callable[..., Site]) -> None:
    site = site_of(db)
    page = site.page("/syria/search_in_plain_sql?q=boycott")
    links = [each["href"] for each, _ in page.find("a") if "/-/article/" in each["href"]]
    assert len(links) >= 2
    assert site.get(links[0]).status_code == 200


if find_spec("datasette.jump"):  # 1.0 has this menu, as `make next` has 1.0

    def test_the_jump_menu_finds_names_and_articles(db: Path, site_of: Callable[..., Site]) -> None:
        site = site_of(db)
        found = json.loads(site.get("/-/jump?q=jaafari").text)["matches"]
        assert "/syria/-/entity/bashar-al-jaafari" in [each["url"] for each in found]
        found = json.loads(site.get("/-/jump?q=envoy").text)["matches"]
        assert "article" in {each["type"] for each in found}


def test_descriptions_without_the_plugin_say_what_folding_means() -> None:
    without, with_plugin = describe_archive(), describe_archive(plugin=True)
    description = without["tables"]["paragraphs"]["description"]
    assert "المعارضة finds nothing" in description
    assert "search_in_plain_sql" in description
    assert "search_in_plain_sql" not in with_plugin["tables"]["paragraphs"]["description"]


def test_rows_of_articles_are_on_the_first_screen() -> None:
    articles = describe_archive()["tables"]["articles"]
    assert articles["columns"] == {}
    assert articles["facet_size"] == 5
