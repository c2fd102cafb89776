"""Copies: what counts as one, which is the original, and that a search shows each article once."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import titles
from hypothesis import given
from hypothesis import strategies as st
from stories import NAMES, OTHER, STORY, VERBS, alike, story, words

from syriasearch import Archive
from syriasearch.cli import main
from syriasearch.index.duplicate_links import DuplicateLinks
from syriasearch.index.minhash import make_fingerprint
from syriasearch.store.schema import create_statements

Folder = Callable[..., Path]
Sql = Callable[..., list[tuple]]


def article(title: str, text: list[str], day: str = "2018-01-27", source: str = "AFP") -> str:
    return f"---\ntitle: {title}\ndate: {day}\nsource: {source}\n---\n\n" + "\n\n".join(text) + "\n"


@pytest.fixture
def wires(archive: Archive, folder: Folder) -> Archive:
    """One story by three agencies, and another one."""
    archive.ingest(
        folder(
            {
                "afp.md": article("Convoy reaches the camp", STORY, "2018-01-28"),
                "sana.md": article("A convoy at the camp", STORY[:-1], "2018-01-29", "SANA"),
                "tass.md": article("Convoy arrives", STORY, "2018-01-27", "TASS"),
                "other.md": article("Bridge opened", OTHER),
            }
        )
    )
    return archive


LINKS = (
    "SELECT copies.path, articles.path FROM articles AS copies"
    " JOIN articles ON articles.id = copies.duplicate_of ORDER BY 1"
)


def test_the_earliest_is_the_original(wires: Archive, sql: Sql) -> None:
    assert sql(wires, LINKS) == [("afp.md", "tass.md"), ("sana.md", "tass.md")]


def test_of_one_day_the_first_added_is_the_original(
    archive: Archive, folder: Folder, sql: Sql
) -> None:
    archive.ingest(folder({"z.md": article("One", STORY)}))
    archive.ingest(folder({"a.md": article("Two", STORY)}))
    assert sql(archive, LINKS) == [("a.md", "z.md")]


def test_an_undated_article_is_a_copy_of_a_dated_one(
    archive: Archive, folder: Folder, sql: Sql
) -> None:
    archive.ingest(folder({"a.txt": "A title\n\n" + "\n\n".join(STORY)}))
    archive.ingest(folder({"b.md": article("A title", STORY)}))
    assert sql(archive, LINKS) == [("a.txt", "b.md")]


def test_an_article_that_is_changed_is_no_copy_any_more(
    wires: Archive, folder: Folder, sql: Sql
) -> None:
    wires.ingest(folder({"sana.md": article("A convoy at the camp", story(9), "2018-01-29")}))
    assert sql(wires, LINKS) == [("afp.md", "tass.md")]


def test_where_the_original_goes_the_next_takes_its_place(
    wires: Archive, folder: Folder, sql: Sql
) -> None:
    (folder({}) / "tass.md").unlink()
    wires.ingest(folder({}), prune=True)
    assert sql(wires, LINKS) == [("sana.md", "afp.md")]


def test_where_the_original_is_changed_the_next_takes_its_place(
    wires: Archive, folder: Folder, sql: Sql
) -> None:
    wires.ingest(folder({"tass.md": article("Convoy arrives", story(9))}))
    assert sql(wires, LINKS) == [("sana.md", "afp.md")]


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ("duplicate_of = 1 WHERE path = 'other.md'", "copies of others"),
        ("duplicate_of = (SELECT id FROM articles WHERE path = 'sana.md')", "copies of others"),
        ("duplicate_of = NULL WHERE path = 'sana.md'", "copies of others"),
        ("duplicate_of = 99", "belong to what is not there"),
    ],
)
def test_links_that_cannot_be_are_told_and_mended(wires: Archive, spoilt: str, told: str) -> None:
    with closing(sqlite3.connect(wires.path)) as connection:
        where = "" if "WHERE" in spoilt else " WHERE path = 'tass.md'"
        connection.execute(f"UPDATE articles SET {spoilt}{where}")
        connection.commit()
    assert any(told in problem for problem in wires.check())
    wires.optimize()
    assert wires.check() == ()


def test_a_signature_that_is_not_the_text_s_is_told_and_mended(wires: Archive) -> None:
    with closing(sqlite3.connect(wires.path)) as connection:
        connection.execute("UPDATE signatures SET digest = 1 WHERE id = 2")
        connection.commit()
    assert any("another signature" in problem for problem in wires.check())
    wires.optimize()
    assert wires.check() == ()


# What a search makes of them


def test_copies_are_one_hit_and_count_once(wires: Archive) -> None:
    page = wires.search("camp", facets=["source", "year"])
    assert page.total == len(page.hits) == 2
    for value in page.facets[0].values:
        assert wires.search("camp", source=value.value).total == value.count
    assert [value.count for value in page.facets[1].values] == [2]


def test_the_original_is_shown_and_lists_the_others(wires: Archive) -> None:
    hit = next(hit for hit in wires.search("convoy").hits if hit.copies)
    assert hit.article.path == "tass.md"
    assert [copy.path for copy in hit.copies] == ["afp.md", "sana.md"]
    assert [copy["source"] for copy in hit.to_dict(1)["copies"]] == ["AFP", "SANA"]


def test_a_copy_is_shown_where_it_alone_has_all_that_is_asked(wires: Archive) -> None:
    hit = wires.search("convoy reaches", exact=True).hits[0]
    assert (hit.article.path, hit.partial) == ("afp.md", False)
    assert [copy.path for copy in hit.copies] == ["tass.md", "sana.md"]


def test_a_copy_is_shown_where_the_original_does_not_pass_the_filters(wires: Archive) -> None:
    (hit,) = wires.search("convoy", source="SANA").hits
    assert hit.article.path == "sana.md"
    assert [copy.path for copy in hit.copies] == ["tass.md", "afp.md"]


def test_all_copies_are_hits_of_their_own(wires: Archive) -> None:
    page = wires.search("camp", all_copies=True)
    assert page.total == len(page.hits) == 4
    assert all(not hit.copies for hit in page.hits)


def test_hits_and_the_timeline_count_as_a_search_does(wires: Archive) -> None:
    assert len(list(wires.hits("camp"))) == 2
    assert len(list(wires.hits("camp", all_copies=True))) == 4
    (bucket,) = wires.timeline("camp").buckets
    assert bucket.counts == (2,)
    (bucket,) = wires.timeline("camp", all_copies=True).buckets
    assert bucket.counts == (4,)


def test_a_suggestion_counts_as_the_search_for_it_does(wires: Archive) -> None:
    suggestions = wires.search("convxoy").suggestions
    counts = {each.suggestion: each.articles for each in suggestions}
    assert counts["convoy"] == wires.search("convoy").total


def test_what_is_related_is_no_copy(wires: Archive) -> None:
    with closing(sqlite3.connect(wires.path)) as connection:
        (slug,) = connection.execute("SELECT slug FROM articles WHERE path = 'afp.md'").fetchone()
    assert titles(wires.related(slug)) == ["Bridge opened"]
    assert len(wires.related(slug, all_copies=True).hits) == 3


def test_a_copy_of_what_was_shown_is_not_new(wires: Archive, folder: Folder) -> None:
    wires.save("camps", "camp")
    wires.ingest(folder({"late.md": article("Camp", STORY, "2018-01-30")}))
    assert wires.new("camps").total == 0
    wires.ingest(folder({"early.md": article("Camp", STORY, "2018-01-25")}))
    assert wires.new("camps").total == 0


def test_a_copy_is_new_where_each_is_asked_for(wires: Archive, folder: Folder) -> None:
    wires.save("camps", "camp", all_copies=True)
    wires.ingest(folder({"late.md": article("Camp", STORY, "2018-01-30")}))
    assert titles(wires.new("camps")) == ["Camp"]


def test_what_takes_the_place_of_a_shown_original_is_not_new(
    wires: Archive, folder: Folder
) -> None:
    wires.save("camps", "camp")
    (folder({}) / "tass.md").unlink()
    wires.ingest(folder({}), prune=True)
    assert wires.new("camps").total == 0


def test_the_command_tells_where_else_an_article_stands(wires: Archive) -> None:
    printed = CliRunner().invoke(main, ["--db", str(wires.path), "search", "convoy"])
    assert "also in: AFP, SANA" in printed.output
    printed = CliRunner().invoke(
        main, ["--db", str(wires.path), "search", "convoy", "--all-copies"]
    )
    assert "also in" not in printed.output


def test_a_spreadsheet_has_the_slugs_of_copies(wires: Archive) -> None:
    printed = CliRunner().invoke(
        main, ["--db", str(wires.path), "export", "reaches", "--format", "csv"]
    )
    assert printed.output.splitlines()[0].endswith(",copies")
    assert "2018-01-27-convoy-arrives; 2018-01-29" in printed.output


# Whatever comes in whatever order

VARIANTS = [story(1)[:each] for each in (20, 18, 14, 11)] + [story(2), story(2)[2:], story(1)[6:]]
TEXTS = st.integers(0, len(VARIANTS) - 1)
DAYS = st.one_of(st.none(), st.integers(0, 6).map(lambda each: f"2018-01-{each + 10}"))


@pytest.fixture(scope="module")
def linked() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for statement in create_statements().values():
            connection.execute(statement)
        yield connection


def store(connection: sqlite3.Connection, number: int, day: str | None, text: list[str]) -> None:
    connection.execute(
        "INSERT INTO articles (id, slug, title, path, root, content_hash, word_count, added_at,"
        " updated_at) VALUES (?, ?, '', ?, '', '', 0, '', '') ON CONFLICT DO NOTHING",
        (number, str(number), str(number)),
    )
    connection.execute("UPDATE articles SET published = ? WHERE id = ?", (day, number))
    connection.execute("DELETE FROM paragraphs WHERE article_id = ?", (number,))
    connection.execute(
        "INSERT INTO paragraphs (article_id, position, kind, text) VALUES (?, 0, 'body', ?)",
        (number, " ".join(text)),
    )


def expected(there: dict[int, tuple[str | None, list[str]]]) -> dict[int, int | None]:
    """Return the original of each article, one looked at after the other."""
    order = sorted(there, key=lambda number: (there[number][0] or "9999", number))
    found: dict[int, int | None] = {}
    for number in order:
        day, text = there[number]
        found[number] = None
        # What is the same text comes before what is alike.
        for before in sorted(list(found)[:-1], key=lambda each: there[each][1] != text):
            other_day, other = there[before]
            apart = day and other_day and (date.fromisoformat(day) - date.fromisoformat(other_day))
            days = abs(apart.days) if isinstance(apart, timedelta) else None
            if text == other or (found[before] is None and alike(text, other, days)):
                found[number] = found[before] or before
                break
    return found


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 9), st.one_of(st.none(), st.tuples(DAYS, TEXTS)))),
        max_size=5,
    )
)
def test_links_follow_from_the_articles_that_are_there(
    linked: sqlite3.Connection,
    batches: list[list[tuple[int, tuple[str | None, int] | None]]],
) -> None:
    for table in ("articles", "bands", "signatures", "paragraphs"):
        linked.execute(f"DELETE FROM {table}")
    copies = DuplicateLinks(linked)
    there: dict[int, tuple[str | None, list[str]]] = {}
    for batch in batches:
        for number, put in batch:
            if number in there:
                copies.remove(number)
            if put is not None:
                there[number] = put[0], VARIANTS[put[1]]
                store(linked, number, *there[number])
                copies.add(number, put[0], make_fingerprint(words(there[number][1])))
            elif there.pop(number, None):
                linked.execute("DELETE FROM paragraphs WHERE article_id = ?", (number,))
                linked.execute("DELETE FROM articles WHERE id = ?", (number,))
        copies.flush()
        links = dict(linked.execute("SELECT id, duplicate_of FROM articles"))
        assert links == expected(there)
        rows = set(linked.execute("SELECT id FROM bands"))
        copies.rebuild()
        assert dict(linked.execute("SELECT id, duplicate_of FROM articles")) == links
        assert set(linked.execute("SELECT id FROM bands")) == rows


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive of 12 stories, each with up to 4 copies."""
    root = tmp_path_factory.mktemp("many")
    (root / "news").mkdir()
    for number in range(12):
        for copy in range(number % 5 + 1):
            text = article(
                f"Story {number} {copy}", story(number)[: 20 - copy], f"2018-01-{copy // 2 + 10}"
            )
            (root / "news" / f"{number}-{copy}.md").write_text(text)
    with Archive(root / "many.db") as archive:
        archive.ingest(root / "news")
        yield archive


QUERIES = st.lists(st.sampled_from([*NAMES, *VERBS, "10", "42", "77"]), max_size=4).map(" ".join)


@given(
    QUERIES,
    st.sampled_from(["relevance", "newest", "oldest"]),
    st.sampled_from(["auto", "all", "any"]),
    st.integers(1, 7),
)
def test_pages_show_every_group_once(
    many: Archive, query: str, sort: str, match: str, limit: int
) -> None:
    options = {"sort": sort, "match": match, "passages": 0}
    groups = {}
    full = set()
    for hit in many.search(query, limit=100, all_copies=True, **options).hits:
        group = hit.article.title.split()[1]
        groups.setdefault(group, []).append(hit.article.path)
        if not hit.partial:
            full.add(group)
    first = many.search(query, limit=0, facets=["year"], **options)
    assert first.total == len(full)
    assert first.total + first.partial_total == len(groups)
    assert sum(value.count for value in first.facets[0].values) == (len(full) or len(groups))
    shown = []
    for offset in range(0, len(groups) + limit, limit):
        shown += many.search(query, limit=limit, offset=offset, **options).hits
    assert sorted(hit.article.title.split()[1] for hit in shown) == sorted(groups)
    streamed = many.hits(query, **options)
    assert [hit.article.id for hit in streamed] == [hit.article.id for hit in shown]
