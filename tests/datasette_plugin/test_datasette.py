"""What Datasette shows of an archive."""

import asyncio
import html
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPORA, ROOT

from syriasearch import Archive
from syriasearch.exporters.datasette_config import DATA
from syriasearch.store.schema import describe_tables

datasette_app = pytest.importorskip("datasette.app", reason="Datasette is not installed")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


SHOWN = json.loads((DATA / "datasette_tables.json").read_text())


@pytest.fixture(scope="module")
def folder_of_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("db")
    with Archive(path / "syria.db") as archive:
        archive.ingest(CORPORA / "default")
    return path


@pytest.fixture
def get(folder_of_archive: Path):
    metadata = json.loads((folder_of_archive / "metadata.json").read_text())

    def ask(path: str) -> Any:
        async def answer() -> Any:
            datasette = datasette_app.Datasette(
                [str(folder_of_archive / "syria.db")], metadata=metadata
            )
            response = await datasette.client.get(path)
            assert response.status_code == 200, response.text
            return response.json() if ".json" in path else response.text

        return asyncio.run(answer())

    return ask


def test_a_foreign_key_shows_the_label_of_what_it_points_to(get) -> None:
    row = get("/syria/mentions.json?_labels=on&_shape=objects&surface=Bashar+al-Ja%E2%80%99afari")
    assert row["rows"][0]["entity_id"]["label"] == "Bashar al-Jaafari"
    assert "Bashar al-Ja’afari, who leads" in row["rows"][0]["paragraph_id"]["label"]
    paragraph = get("/syria/paragraphs.json?_labels=on&_shape=objects&kind=caption")
    assert paragraph["rows"][0]["article_id"]["label"].startswith("The UN envoy told reporters")


@pytest.mark.parametrize("typed", ["Jaafari", "Ja%27afari", "Ja%E2%80%99afari"])
def test_the_search_box_finds_a_name_whatever_its_apostrophe(get, typed: str) -> None:
    rows = get(f"/syria/paragraphs.json?_search={typed}&_shape=objects")["rows"]
    assert len(rows) == 2
    assert all("afari" in row["text"] for row in rows)


def test_articles_have_sensible_facets(get) -> None:
    facets = get("/syria/articles.json?_shape=objects&_extra=facet_results")["facet_results"]
    assert set(facets.get("results", facets)) >= {"source", "lang", "author"}


@pytest.mark.parametrize("table", describe_tables())
def test_every_table_has_a_page_with_its_description(get, table: str) -> None:
    assert describe_tables()[table].description in html.unescape(get(f"/syria/{table}"))


def columns_of(path: Path) -> dict[str, set[str]]:
    """Return the columns of each table of an archive that SQL sees."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main'"
            " AND type IN ('table', 'virtual', 'view') AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            table: {
                row[1]
                for row in connection.execute(f"PRAGMA table_xinfo({table})")
                if row[6] != 1  # FTS5's own
            }
            for (table,) in tables
        }


def test_every_table_and_column_of_an_archive_is_described(folder_of_archive: Path) -> None:
    described = {table: set(each.columns) for table, each in describe_tables().items()}
    assert described == columns_of(folder_of_archive / "syria.db")
    texts = [
        each for table in describe_tables().values() for each in (table[0], *table.columns.values())
    ]
    assert all(texts)


@pytest.mark.parametrize("table", SHOWN)
def test_what_a_table_is_shown_by_are_columns(folder_of_archive: Path, table: str) -> None:
    shown = SHOWN[table]
    named = {shown[key] for key in ("label_column", "sort_desc") if key in shown}
    named |= set(shown.get("facets", ()))
    assert named <= columns_of(folder_of_archive / "syria.db")[table]


def test_metadata_that_a_person_wrote_stays(tmp_path: Path, folder) -> None:
    text = '{"title": "Mine", "databases": {"other": {"x": 1}}}'
    (tmp_path / "metadata.json").write_text(text)
    with Archive(tmp_path / "syria.db") as archive:
        archive.ingest(folder({"a.txt": "One."}))
    assert (tmp_path / "metadata.json").read_text() == text


def test_metadata_of_several_archives_is_one_file(tmp_path: Path, folder) -> None:
    for name in ("syria.db", "other.db", "syria.db"):
        with Archive(tmp_path / name) as archive:
            archive.ingest(folder({f"{name}.txt": "One."}))
    databases = json.loads((tmp_path / "metadata.json").read_text())["databases"]
    assert set(databases) == {"other", "syria"}


@pytest.mark.parametrize("content", ["no json", "[]", '{"databases": 1}', '{"scraper": "v1"}'])
def test_a_file_that_is_not_datasettes_is_left_alone(tmp_path: Path, folder, content: str) -> None:
    (tmp_path / "metadata.json").write_text(content)
    with Archive(tmp_path / "syria.db") as archive:
        archive.ingest(folder({"a.txt": "One."}))
    assert (tmp_path / "metadata.json").read_text() == content


def test_the_readme_of_db_says_how_to_open_it() -> None:
    assert "datasette db/" in (ROOT / "db" / "README.md").read_text()


def test_the_page_of_paragraphs_leaves_out_what_is_computed(get) -> None:
    page = get("/syria/paragraphs?_search=Jaafari")
    assert 'data-column="text"' in page
    assert 'data-column="folded"' not in page
    assert 'data-column="folded"' in get("/syria/paragraphs?_col=folded")
    assert "folded" in get("/syria/paragraphs.json?_shape=objects")["rows"][0]


@pytest.mark.parametrize(
    ("path", "query", "rewritten"),
    [
        ("/syria/paragraphs.json", "_search=Ja%27afari&_size=1", "_search=Jaafari&_size=1"),
        ("/syria/paragraphs.json", "_search=Jaafari&x=%27", "_search=Jaafari&x=%27"),
        ("/syria/articles", "_search=Ja%27afari", "_search=Ja%27afari"),
        ("/syria", "sql=select+%27a%27", "sql=select+%27a%27"),
    ],
)
def test_only_what_the_search_box_is_asked_is_folded(path: str, query: str, rewritten: str) -> None:
    plugin = pytest.importorskip("syriasearch.datasette_plugin.paragraphs_page")
    assert plugin.rewrite(path, query) == rewritten
