"""The questions that come with an archive, and the SQL functions, asked as Datasette's users do."""

import asyncio
import html
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import ROOT

from syriasearch import Archive
from syriasearch.exporters.datasette_config import DATA, queries

datasette_app = pytest.importorskip("datasette.app", reason="Datasette is not installed")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
QUERIES = queries()
PLAIN = [name for name, query in QUERIES.items() if "syria_" not in query["sql"]]
EMPTY = {"q": "", "entity": "", "other": "", "source": ""}


def ask(path: str, *databases: Path, status: int = 200, **parameters: object) -> Any:
    """Return what Datasette answers about these databases: JSON, or a page."""

    async def answer() -> Any:
        datasette = datasette_app.Datasette([str(each) for each in databases])
        await datasette.invoke_startup()
        response = await datasette.client.get(f"{path}?{urlencode(parameters)}")
        assert response.status_code == status, response.text
        return response.json() if ".json" in path else response.text

    return asyncio.run(answer())


def rows(name: str, path: Path, **parameters: object) -> list[dict[str, Any]]:
    """Return the rows of a canned query, with parameters left empty where they are not given."""
    given = EMPTY | parameters
    return ask(f"/{path.stem}/{name}.json", path, _shape="objects", **given)["rows"]


def sql(statement: str, path: Path, **parameters: object) -> list[dict[str, Any]]:
    """Return the rows of somebody's own query."""
    given = {"sql": statement, "_shape": "objects", **parameters}
    route = "/-/query.json" if hasattr(datasette_app.Datasette, "add_query") else ".json"
    return ask(f"/{path.stem}{route}", path, **given)["rows"]


@pytest.fixture(scope="module")
def news_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of few articles, among them what would harm a page that trusts it."""
    path = tmp_path_factory.mktemp("news")
    article = "---\ntitle: {}\ndate: {}\nsource: {}\n---\n\n{}\n"
    files = {
        "a.md": ("Boycott of Sochi", "2018-01-27", "AFP", "Bashar al-Jaafari spoke in Sochi."),
        "b.md": ("Talks go on", "2018-02-01", "Reuters", "Jaafari boycotted it from Geneva."),
        "c.md": ("<script>alert(1)</script>", "2017-11-02", "AFP", "Sochi <b>\x02bold\x03</b>."),
        "d.md": (
            "Talks go on",
            "2018-02-02",
            "AFP",
            "Jaafari boycotted it from Geneva.",
        ),
        "e.md": ("قمة سوتشي", "2017-11-03", "Anba", "قاطعت المعارضة سوتشي أمس."),
    }
    for name, each in files.items():
        (path / name).write_text(article.format(*each))
    (path / "bad.jsonl").write_text("{")
    with Archive(path / "db" / "news.db") as archive:
        archive.ingest(*sorted(path.glob("*.*")))
        archive.corrections.rename("sochi", "Sotchi")
    return archive.path


@pytest.fixture
def news(news_once: Path, tmp_path: Path) -> Path:
    """A copy of that archive."""
    path = tmp_path / "news.db"
    path.write_bytes(news_once.read_bytes())
    return path


LATEST = ["2018-02-02", "2018-02-01", "2018-01-27"]
BOTH = {"entity": "sochi", "other": "bashar-al-jaafari"}
ANSWERS = [
    ("ranked_search", {"q": '"boycott of Sochi"'}, "title", ["Boycott of Sochi"]),
    ("ranked_search", {"q": "source:Reuters"}, "title", ["Talks go on"]),
    ("search_in_plain_sql", {"q": "boycott sochi"}, "title", ["Boycott of Sochi"]),
    ("search_in_plain_sql", {"q": "المعارضه أمس"}, "slug", ["2017-11-03-sochi"]),
    (
        "mentions_of",
        {"entity": "bashar-al-jaafari"},
        "published",
        "2018-02-02 2018-02-01 2018-01-27",
    ),
    (
        "mentions_of",
        {"entity": "bashar al-jaafari"},
        "published",
        "2018-02-02 2018-02-01 2018-01-27",
    ),
    ("mentions_of", {"entity": "nobody"}, "published", []),
    ("named_together", BOTH, "published", ["2018-01-27"]),
    ("articles_by_month", {}, "month", "2017-11 2018-01 2018-02"),
    ("articles_by_month", {"source": "afp"}, "articles", [1, 1, 1]),
    ("sources_of_articles", {}, "source", "AFP Anba Reuters"),
    ("duplicate_articles", {}, "published", ["2018-02-02"]),
    ("problems_of_ingest", {}, "what", ["not ingested"]),
    ("corrections_in_order", {}, "given_name", ["Sotchi"]),
]


@pytest.mark.parametrize(("name", "parameters", "column", "values"), ANSWERS, ids=str)
def test_a_question_is_answered(
    news: Path, name: str, parameters: dict[str, str], column: str, values: list[str] | str
) -> None:
    expected = values.split() if isinstance(values, str) else values
    assert [row[column] for row in rows(name, news, **parameters)] == expected


def test_every_question_has_an_answer_in_these_tests() -> None:
    assert {name for name, *_ in ANSWERS} == set(QUERIES)


def test_the_paragraph_that_names_both_is_shown(news: Path) -> None:
    (row,) = rows("named_together", news, **BOTH)
    assert row["passage"] == "Bashar al-Jaafari spoke in Sochi."
    assert (row["times"], row["other_times"]) == (2, 1)


def test_a_name_stands_in_brackets_where_it_is_mentioned(news: Path) -> None:
    passages = [row["passage"] for row in rows("mentions_of", news, entity="bashar-al-jaafari")]
    assert passages[-1] == "[Bashar al-Jaafari] spoke in Sochi."


@pytest.mark.parametrize(
    "typed", ["", "-", '"', " ' ", "(", "a OR", "NEAR(", "foo:bar*", "^x", "\x00", "x" * 9999]
)
@pytest.mark.parametrize("name", ["ranked_search", "search_in_plain_sql", "mentions_of"])
def test_whatever_is_typed_is_no_error(corpus_path: Path, name: str, typed: str) -> None:
    assert isinstance(rows(name, corpus_path, q=typed, entity=typed), list)


@pytest.mark.parametrize("name", PLAIN)
def test_plain_sqlite_answers_too(news: Path, name: str) -> None:
    with closing(sqlite3.connect(news)) as connection:
        names = set(re.findall(r"(?<![\w'])[:](\w+)", QUERIES[name]["sql"]))
        assert connection.execute(QUERIES[name]["sql"], dict.fromkeys(names, "x")).description


@pytest.mark.parametrize("name", ["mentions_of", "named_together"])
def test_mentions_are_asked_for_article_by_article_whatever_the_statistics(
    news: Path, name: str
) -> None:
    with closing(sqlite3.connect(news)) as connection:
        connection.execute("UPDATE sqlite_stat1 SET stat = '1 1 1'")
        connection.commit()
    with closing(sqlite3.connect(news)) as connection:
        asked = connection.execute(f"EXPLAIN QUERY PLAN {QUERIES[name]['sql']}", BOTH)
        plan = [row[3] for row in asked if re.search(r"\b[amo]\b", row[3])]
    assert plan[0].startswith("SCAN a")
    assert plan[1].startswith("SEARCH m USING")
    assert all("mentions_entity" in step for step in plan if re.search(r"\b[mo]\b", step))


@pytest.mark.parametrize("name", QUERIES)
def test_an_empty_archive_has_no_answers_and_no_errors(
    tmp_path: Path, folder: Callable[..., Path], name: str
) -> None:
    path = tmp_path / "empty.db"
    with Archive(path) as archive:
        archive.ingest(folder({"a.css": "No article."}))
    assert rows(name, path) == []


def test_each_of_two_archives_answers_for_itself(news: Path, corpus_path: Path) -> None:
    for path, titles in ((news, 1), (corpus_path, 0)):
        asked = {"q": "title:Talks source:Reuters", "_shape": "objects"}
        found = ask(f"/{path.stem}/ranked_search.json", news, corpus_path, **asked)
        assert len(found["rows"]) == titles


@pytest.mark.parametrize("statement", ["CREATE TABLE articles (title)", "SELECT 1"])
def test_a_database_that_is_no_archive_is_left_alone(
    news: Path, tmp_path: Path, statement: str
) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute(statement)
    page = ask("/other", news, other)
    assert "ranked_search" not in page
    assert "syriasearch" not in page


def test_a_highlight_is_a_mark_and_nothing_else_is(news: Path) -> None:
    page = ask("/news/ranked_search", news, q="Sochi")
    assert "<mark>Sochi</mark> &lt;b&gt;bold&lt;/b&gt;." in page
    assert "<script>alert" not in page
    assert "bold</mark>" not in page


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a \x02b\x03 c", '<span dir="auto">a <mark>b</mark> c</span>'),
        ("\x02<i>\x03 & ", '<span dir="auto"><mark>&lt;i&gt;</mark> &amp; </span>'),
        ("\x02a\x02b\x03c\x03", '<span dir="auto">a<mark>b</mark>c</span>'),
        ("<mark>a</mark>", None),
        ("\x02 alone", None),
        ("", None),
        (1, None),
        (None, None),
        (b"\x02a\x03", None),
    ],
)
def test_a_cell_is_shown_as_marked_or_as_it_is(value: object, shown: str | None) -> None:
    cells = pytest.importorskip("syriasearch.datasette_plugin.cells")
    assert cells.cell_html(value) == shown


SNIPPETS = [
    ("syria_snippet('He boycotted Sochi.', 'boycott', '[', ']')", "He [boycotted] Sochi."),
    ("syria_snippet('Al-Ja''afari spoke.', 'Bashar al-Jaafari', '[', ']')", "[Al-Ja'afari] spoke."),
    ("syria_snippet('a' || char(2) || 'b', 'b', '[', ']')", "a [b]"),
    ("syria_snippet('Sochi', 'Sochi')", "\x02Sochi\x03"),
    ("syria_snippet('Sochi', '')", "Sochi"),
    ("syria_snippet(null, 'Sochi')", None),
    ("syria_fold('al-Ja’afari')", "al-Jaafari"),
    ("syria_fold(null)", None),
    ("json_array_length(syria_search('Sochi', 1))", 1),
    ("json_array_length(syria_search('Sochi', 0))", 0),
    ("json_array_length(syria_search(null))", 4),
    ("syria_search('zzzzzz')", "[]"),
]


@pytest.mark.parametrize(("expression", "value"), SNIPPETS)
def test_a_function_returns(news: Path, expression: str, value: object) -> None:
    assert sql(f"select {expression} as x", news) == [{"x": value}]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("syria_search('Sochi after:soon')", "syria_search: after: takes a day, a month or a year"),
        ("syria_search('Sochi after:soon')", "not 'soon' (at character 13)"),
        ("syria_search('Sochi', -1)", "limit takes a whole number"),
        ("syria_search('Sochi', 'many')", "the limit is a whole number, not 'many'"),
        ("syria_snippet('x', 'after:it''s')", "syria_snippet: after: takes"),
    ],
)
@pytest.mark.parametrize("given", ["in the SQL", "as a parameter"])
def test_what_is_wrong_is_an_error_that_says_so(
    news: Path, expression: str, message: str, given: str
) -> None:
    parameters = {}
    if given == "as a parameter":
        literal = re.findall(r"'(?:[^']|'')*'", expression)[1 if "snippet" in expression else 0]
        expression = expression.replace(literal, ":asked", 1)
        parameters = {"asked": literal[1:-1].replace("''", "'")}
    route = "/-/query.json" if hasattr(datasette_app.Datasette, "add_query") else ".json"
    statement = {"sql": f"select {expression}", **parameters}
    assert message in ask(f"/news{route}", news, status=400, **statement)["error"]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("syria_fold(zeroblob(100000000))", "takes a text, and this is a blob"),
        ("syria_snippet(zeroblob(100000000), 'a')", "takes a text, and this is a blob"),
        ("syria_search(zeroblob(100000000))", "a query is a text of at most 10,000 characters"),
        ("syria_search(printf('%.*c', 20000, 'a'))", "a query is a text of at most 10,000"),
    ],
)
def test_what_is_too_large_is_refused(news: Path, expression: str, message: str) -> None:
    functions = pytest.importorskip("syriasearch.datasette_plugin.sql_functions").Functions(1.0)
    with closing(sqlite3.connect(news)) as connection:
        functions.register(connection)
        with pytest.raises(sqlite3.OperationalError):
            connection.execute(f"select {expression}").fetchall()
    assert message in next(iter(functions._errors.values()))


def test_a_long_text_is_folded_as_far_as_a_paragraph_goes(news: Path) -> None:
    functions = pytest.importorskip("syriasearch.datasette_plugin.sql_functions")
    with closing(sqlite3.connect(news)) as connection:
        functions.Functions(1.0).register(connection)
        folded = "select length(syria_fold(printf('%.*c', 3000000, 'a')))"
        assert connection.execute(folded).fetchone() == (functions.MAX_TEXT,)


def test_all_calls_in_a_statement_share_one_limit_of_time(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    functions = pytest.importorskip("syriasearch.datasette_plugin.sql_functions")
    clock = iter(range(1_000_000))
    monkeypatch.setattr(functions.time, "thread_time", lambda: next(clock) * 0.1)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
    with closing(sqlite3.connect(news)) as connection:
        functions.Functions(1.0).register(connection)
        for _ in range(3):
            few = numbers.format(5) + " SELECT count(syria_fold('a' || i)) FROM n"
            assert connection.execute(few).fetchone() == (5,)
        with pytest.raises(sqlite3.OperationalError):
            connection.execute(few.replace("i < 5", "i < 50")).fetchone()


def test_another_database_has_no_archive_to_ask(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (x)")
    route = "/-/query.json" if hasattr(datasette_app.Datasette, "add_query") else ".json"
    told = ask(f"/other{route}", other, status=400, sql="select syria_search('x')")
    assert "syria_search: other.db is a SQLite database, but not an archive" in told["error"]


def test_the_functions_are_safe_in_threads(news: Path) -> None:
    functions = pytest.importorskip("syriasearch.datasette_plugin.sql_functions").Functions(1.0)
    found: list[str] = []

    def search() -> None:
        with closing(sqlite3.connect(news)) as connection:
            functions.register(connection)
            for query in ("Sochi", "Jaafari", "boycott") * 5:
                found.extend(connection.execute("SELECT syria_search(?)", (query,)).fetchone())

    threads = [threading.Thread(target=search) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 8 * 15
    assert len(set(found)) == 3


def test_a_name_of_a_query_or_a_part_is_used_once_and_every_part_is_included() -> None:
    text = (DATA / "datasette_queries.sql").read_text()
    kinds = re.findall(r"^-- (query|part): (\w+)$", text, re.MULTILINE)
    names = [name for _, name in kinds]
    assert len(set(names)) == len(names)
    assert [name for kind, name in kinds if kind == "query"] == list(QUERIES)
    parts = {name for kind, name in kinds if kind == "part"}
    included = re.findall(r"\{(\w+)\}", text[text.index("-- part:") :])
    assert set(included) == parts
    assert not [name for name, query in QUERIES.items() if "{" in query["sql"]]


DATASETTE = (ROOT / "docs" / "datasette.md").read_text()


def test_the_page_on_datasette_lists_the_questions() -> None:
    assert re.findall(r"^\| `([a-z]\w+)` \|", DATASETTE, re.MULTILINE) == list(QUERIES)


@pytest.mark.parametrize("statement", re.findall(r"```sql\n([\s\S]*?)```", DATASETTE))
def test_the_sql_in_the_docs_finds_something(samples: Archive, statement: str) -> None:
    found = sql(statement, samples.path)
    assert any("boycott" in row["passage"] for row in found)


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_that_needs_the_plugin_says_so(name: str) -> None:
    query = QUERIES[name]
    assert ("syria_" in query["sql"]) == ("Needs the plugin" in query["description"])


def test_a_question_tells_what_it_is(news: Path) -> None:
    page = html.unescape(ask("/news/mentions_of", news, entity=""))
    assert QUERIES["mentions_of"]["title"] in page
    assert QUERIES["mentions_of"]["description"] in page


@pytest.mark.parametrize("name", QUERIES)
def test_who_may_not_run_sql_is_not_asked_to(news: Path, name: str) -> None:
    async def answers() -> list[int]:
        settings = {"default_allow_sql": False}
        datasette = datasette_app.Datasette([str(news)], settings=settings)
        await datasette.invoke_startup()
        paths = (f"/news/{name}", f"/news/{name}.json", "/news/articles")
        return [(await datasette.client.get(path)).status_code for path in paths]

    refused, as_json, table = asyncio.run(answers())
    assert refused in (403, 404)
    assert as_json in (403, 404)
    assert table == 200


def test_a_private_archive_is_told_nothing_of(news: Path, corpus_path: Path) -> None:
    private = {"databases": {"news": {"allow": {"id": "root"}}}}

    async def pages() -> list[tuple[int, str]]:
        datasette = datasette_app.Datasette([str(news), str(corpus_path)], metadata=private)
        await datasette.invoke_startup()
        paths = ("/", "/news", "/news/ranked_search?q=Sochi", "/news/sources_of_articles.json")
        answers = [await datasette.client.get(path) for path in paths]
        return [(each.status_code, each.text) for each in answers]

    first, *others = asyncio.run(pages())
    assert "/corpus" in first[1]
    assert "/news" not in first[1]
    assert [status for status, _ in others] == [403, 403, 403]
