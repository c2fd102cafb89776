"""Deleted articles: gone with all that belongs to them, restored, and left out by the next run."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT, assert_sound, counts, everything

from syriasearch import (
    Archive,
    ArchiveError,
    ArchiveNotFoundError,
    ArchiveReadOnlyError,
    ArticleNotFoundError,
    Cluster,
    OptionError,
    QuerySyntaxError,
)
from syriasearch.cli import main
from syriasearch.store.schema import VERSION

NEWS = {
    "homs.txt": "Talks on Homs\n\n27 January 2018\n\nStaffan de Mistura spoke of Homs in Geneva.",
    "copy.txt": "Talks on Homs\n\n28 January 2018\n\nStaffan de Mistura spoke of Homs in Geneva.",
    "rain.txt": "Rain in Idlib\n\n29 January 2018\n\nIt rained for a week in Idlib, and on Homs.",
    "list.jsonl": '{"id": "a", "text": "A first report from Raqqa."}\n'
    '{"id": "b", "text": "A second report from Raqqa."}\n'
    '{"text": "A third report from Raqqa."}\n',
}
HOMS, COPY = "2018-01-27-talks-on-homs", "2018-01-28-talks-on-homs"
RAIN = "2018-01-29-rain-in-idlib"


def slugs(archive: Archive, query: str = "") -> set[str]:
    return {hit.article.slug for hit in archive.search(query, all_copies=True).hits}


@pytest.fixture
def source(folder: Callable[..., Path]) -> Path:
    return folder(NEWS)


@pytest.fixture
def news(archive: Archive, source: Path) -> Archive:
    archive.ingest(source)
    return archive


def saved(archive: Archive) -> list[tuple]:
    with closing(sqlite3.connect(archive.path)) as connection:
        return connection.execute(
            "SELECT saved_hits.id, name, slug, found_at FROM saved_hits JOIN saved_searches"
            " ON saved_searches.id = search_id JOIN articles ON articles.id = article_id ORDER BY 1"
        ).fetchall()


# What is deleted


def test_an_article_by_its_slug(news: Archive) -> None:
    deletion = news.delete(RAIN)
    assert [article.slug for article in deletion.articles] == [RAIN]
    assert RAIN not in slugs(news)
    assert_sound(news.path)
    assert news.check() == ()


@pytest.mark.parametrize("given", [([HOMS, RAIN],), (HOMS, RAIN), (iter([HOMS, RAIN]),)])
def test_articles_by_their_slugs(news: Archive, given: tuple) -> None:
    assert len(news.delete(*given).articles) == 2
    assert slugs(news).isdisjoint({HOMS, RAIN})


def test_a_slug_may_be_cut_short(news: Archive) -> None:
    assert [each.slug for each in news.delete("2018-01-29").articles] == [RAIN]


def test_a_query_finds_what_is_deleted_copies_included(news: Archive) -> None:
    assert {each.slug for each in news.delete(query="Geneva").articles} == {HOMS, COPY}
    assert news.search("Geneva").total == 0


def test_filters_select_too(news: Archive) -> None:
    assert {each.slug for each in news.delete(query="Homs", after="2018-01-29").articles} == {RAIN}
    assert {each.slug for each in news.delete(before="2018-01-28").articles} == {HOMS}


def test_only_articles_with_all_words(news: Archive) -> None:
    assert news.delete(query="Geneva Idlib").articles == ()


def test_a_copy_becomes_the_original(news: Archive, sql: Callable[..., list[tuple]]) -> None:
    links = "SELECT slug FROM articles WHERE duplicate_of IS NOT NULL"
    assert sql(news, links) == [(COPY,)]
    news.delete(HOMS)
    assert sql(news, links) == []
    news.undo_delete()
    assert sql(news, links) == [(COPY,)]


def test_names_that_nobody_has_any_more_go_along(news: Archive) -> None:
    news.delete(query="Geneva")
    assert "geneva" not in {each.value for each in news.values("entity")}


def test_a_dry_run_deletes_nothing(news: Archive) -> None:
    before = everything(news.path)
    with Archive(news.path, readonly=True) as archive:
        assert len(archive.delete(query="Geneva", dry_run=True).articles) == 2
    assert everything(news.path) == before


@pytest.mark.parametrize(
    ("slugs", "options", "error", "message"),
    [
        (("nobody",), {}, ArticleNotFoundError, "there is no article 'nobody'"),
        ((RAIN, "nobody"), {}, ArticleNotFoundError, "there is no article 'nobody'"),
        (("2018",), {}, ArticleNotFoundError, "several articles begin with '2018'"),
        ((), {}, OptionError, "delete takes slugs, or a query"),
        (([],), {}, OptionError, "delete takes slugs, or a query"),
        ((), {"query": " "}, OptionError, "or a query that is not empty"),
        ((), {"query": "", "source": None}, OptionError, "or a query that is not empty"),
        ((RAIN,), {"query": "x"}, OptionError, "not both"),
        ((RAIN,), {"source": "x"}, OptionError, "not both"),
        ((17,), {}, OptionError, "slugs takes a text, not 17"),
        (([RAIN, None],), {}, OptionError, "slugs takes a text, not None"),
        ((), {"query": "x", "after": "soon"}, OptionError, "soon"),
        ((), {"query": 17}, OptionError, "query takes a text, not 17"),
        ((RAIN,), {"dry_run": "no"}, OptionError, "dry_run takes True or False, not 'no'"),
        ((), {"query": "x", "exact": 1}, OptionError, "exact takes True or False, not 1"),
        ((), {"query": "x" * 100_000}, QuerySyntaxError, "100,000 characters"),
    ],
)
def test_what_cannot_be_deleted(
    news: Archive, slugs: tuple, options: dict, error: type[Exception], message: str
) -> None:
    before = everything(news.path)
    with pytest.raises(error, match=message):
        news.delete(*slugs, **options)
    assert everything(news.path) == before


def test_an_archive_that_is_not_there(archive: Archive) -> None:
    with pytest.raises(ArchiveNotFoundError):
        archive.delete("x")
    with pytest.raises(ArchiveNotFoundError):
        archive.undo_delete()
    assert not archive.path.exists()


def test_an_archive_opened_to_read(news: Archive) -> None:
    with Archive(news.path, readonly=True) as archive:
        for attempt in (lambda: archive.delete(RAIN), archive.undo_delete):
            with pytest.raises(ArchiveReadOnlyError):
                attempt()


def test_a_cluster_says_what_to_do_instead(news: Archive, tmp_path: Path) -> None:
    Cluster(tmp_path / "c.toml").split(news.path, shards=2)
    with Archive(tmp_path / "c.toml") as archive:
        for attempt in (lambda: archive.delete(RAIN), archive.undo_delete):
            with pytest.raises(ArchiveError, match="cannot be deleted one by one"):
                attempt()


# Undo


def test_undo_restores_everything(news: Archive) -> None:
    news.save("homs", "Homs")
    news.new("homs")
    news.corrections.rename("geneva", "Genf")
    before, shown = everything(news.path, ids=False), saved(news)
    news.delete(query="Homs")
    assert everything(news.path, ids=False) != before
    assert {each.slug for each in news.undo_delete().articles} == {HOMS, COPY, RAIN}
    assert everything(news.path, ids=False) == before
    assert saved(news) == shown
    assert news.check() == ()
    assert_sound(news.path)


def test_deletions_are_undone_one_after_another(news: Archive) -> None:
    news.delete(RAIN)
    news.delete(HOMS)
    assert [each.slug for each in news.undo_delete().articles] == [HOMS]
    assert [each.slug for each in news.undo_delete().articles] == [RAIN]
    with pytest.raises(OptionError, match="nothing to undo"):
        news.undo_delete()


def test_corrections_made_meanwhile_hold(news: Archive) -> None:
    news.delete(query="Geneva")
    news.corrections.add_alias("homs", "Staffan")
    news.undo_delete()
    assert news.check() == ()


def test_a_run_that_is_going_on_may_take_the_id_and_the_slug(news: Archive, folder) -> None:
    latest = folder({"z.txt": NEWS["rain.txt"] + " It is dry."}, name="latest")
    again = folder({"a.txt": NEWS["rain.txt"] + " It is dry now."}, name="again")
    news.ingest(latest)
    slug = f"{RAIN}-2"

    def delete_meanwhile(done: int, total: int, name: str) -> None:
        if name == "a.txt":
            with Archive(news.path) as other:
                other.delete(slug)

    news.ingest(again, progress=delete_meanwhile, processes=0)
    assert [each.slug for each in news.undo_delete().articles] == [f"{RAIN}-3"]
    assert {RAIN, slug, f"{RAIN}-3"} <= slugs(news)
    assert news.check() == ()


@pytest.mark.parametrize("end", ["ingest", "optimize"])
def test_a_run_ends_what_can_be_undone(news: Archive, source: Path, end: str) -> None:
    news.delete(RAIN)
    if end == "ingest":
        news.ingest(source)
    else:
        news.optimize()
    with pytest.raises(OptionError, match="nothing to undo: nothing was deleted since"):
        news.undo_delete()


def test_a_dry_run_does_not_end_it(news: Archive, source: Path) -> None:
    news.delete(RAIN)
    news.ingest(source, dry_run=True)
    assert len(news.undo_delete().articles) == 1


def test_after_the_next_run_no_text_of_it_is_left(
    news: Archive, source: Path, sql: Callable[..., list[tuple]]
) -> None:
    news.delete(RAIN)
    news.ingest(source)
    assert sql(news, "SELECT path, content FROM deleted_articles") == [("rain.txt", None)]


# The next run


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_deleted_article_stays_away(news: Archive, source: Path, *, dry_run: bool) -> None:
    news.delete(RAIN, query=None)
    news.delete(query='"first report"')
    report = news.ingest(source, dry_run=dry_run)
    assert counts(report) == {"unchanged": 4, "deleted": 2}
    assert counts(news.ingest(source)) == {"unchanged": 4, "deleted": 2}


def test_also_if_its_file_has_been_touched(news: Archive, source: Path) -> None:
    news.delete(query="Raqqa")
    text = NEWS["list.jsonl"] + '{"id": "d", "text": "A fourth report."}\n'
    (source / "list.jsonl").write_text(text)
    assert counts(news.ingest(source)) == {"added": 1, "unchanged": 3, "deleted": 3}
    assert counts(news.ingest(source)) == {"unchanged": 4, "deleted": 3}


def test_also_if_the_folder_has_moved(news: Archive, source: Path, tmp_path: Path) -> None:
    news.delete(RAIN)
    moved = shutil.move(source, tmp_path / "elsewhere")
    assert counts(news.ingest(moved)) == {"unchanged": 5, "deleted": 1}


def test_also_after_an_update_that_cleans_differently(
    news: Archive, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news.delete(RAIN)
    for module in ("readers.base", "run"):
        monkeypatch.setattr(f"syriasearch.ingest.{module}.CLEANING", 999)
    monkeypatch.setattr("syriasearch.ingest.sources.reader_versions", lambda: ["another"])
    assert counts(news.ingest(source)) == {"updated": 5, "deleted": 1}
    assert counts(news.ingest(source)) == {"unchanged": 5, "deleted": 1}
    (source / "rain.txt").write_text(NEWS["rain.txt"] + " It is dry now.")
    assert counts(news.ingest(source)) == {"added": 1, "unchanged": 5}


def test_one_that_has_changed_comes_in(news: Archive, source: Path) -> None:
    news.delete(RAIN)
    (source / "rain.txt").write_text(NEWS["rain.txt"] + " It is dry now.")
    assert counts(news.ingest(source)) == {"added": 1, "unchanged": 5}
    assert counts(news.ingest(source)) == {"unchanged": 6}


def test_restore_brings_them_back(news: Archive, source: Path) -> None:
    news.delete(query="Homs")
    news.ingest(source)
    assert counts(news.ingest(source, restore=True)) == {"added": 3, "unchanged": 3}
    assert counts(news.ingest(source)) == {"unchanged": 6}
    assert news.check() == ()


def test_a_record_that_its_file_no_longer_has_is_forgotten(news: Archive, source: Path) -> None:
    news.delete(query='"second report"')
    (source / "list.jsonl").write_text(NEWS["list.jsonl"].splitlines()[0] + "\n")
    assert counts(news.ingest(source, prune=True)) == {"unchanged": 4, "removed": 1}
    assert counts(news.ingest(source)) == {"unchanged": 4}


def test_records_and_standard_input_too(archive: Archive) -> None:
    records = [{"id": 1, "text": "One from Homs."}, {"text": "Two from Idlib."}]
    archive.ingest(records)
    archive.delete(query="from")
    assert counts(archive.ingest(records)) == {"deleted": 2}
    assert counts(archive.ingest(records, restore=True)) == {"added": 2}


def test_one_that_was_undone_is_unchanged(news: Archive, source: Path) -> None:
    news.delete(RAIN)
    news.undo_delete()
    assert counts(news.ingest(source)) == {"unchanged": 6}


def test_a_split_and_a_merge_remember_it(news: Archive, source: Path, tmp_path: Path) -> None:
    news.delete(RAIN)
    cluster = Cluster(tmp_path / "c.toml")
    cluster.split(news.path, shards=2)
    cluster.merge(tmp_path / "merged.db")
    with Archive(tmp_path / "merged.db") as merged:
        assert counts(merged.ingest(source)) == {"unchanged": 5, "deleted": 1}


def test_an_older_archive_gets_the_table(news: Archive, source: Path) -> None:
    with closing(sqlite3.connect(news.path)) as connection:
        connection.execute("DROP TABLE deleted_articles")
        connection.execute(f"PRAGMA user_version = {VERSION - 1}")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'keep_deleted_articles'")
        connection.commit()
    assert counts(news.ingest(source, dry_run=True)) == {"unchanged": 6}
    news.delete(RAIN)
    assert counts(news.ingest(source)) == {"unchanged": 5, "deleted": 1}


# The command


def run(archive: Archive, *arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--db", str(archive.path), *arguments], input=input)


def test_the_command_needs_a_yes_without_a_terminal(news: Archive) -> None:
    result = run(news, "delete", RAIN)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-2:] == [
        f"Rain in Idlib  {RAIN}",
        "Error: 1 article would be deleted: --yes does it without a question",
    ]
    assert RAIN in slugs(news)


def test_the_command_deletes_and_restores(news: Archive) -> None:
    result = run(news, "delete", "--query", "Homs", "--yes")
    assert result.stdout.startswith("3 articles deleted.\n`syriasearch --db")
    assert result.exit_code == 0
    assert run(news, "delete", "--undo").stdout == "3 articles restored.\n"
    assert run(news, "delete", "--undo").exit_code == 2


def test_the_command_says_how_one_article_is_restored(news: Archive) -> None:
    result = run(news, "delete", RAIN, "--yes")
    assert result.stdout.endswith("delete --undo` restores it until the next ingest.\n")


@pytest.mark.parametrize(("answer", "left"), [("y", 4), ("n", 6), ("", 6)])
def test_the_command_asks_on_a_terminal(
    news: Archive, monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True)
    result = run(news, "delete", "--query", "Geneva", input=f"{answer}\n" if answer else "")
    assert "Talks on Homs" in result.stderr and HOMS in result.stderr
    assert "Delete 2 articles? [y/N]" in result.stderr
    assert len(slugs(news)) == left
    assert result.exit_code == (0 if left == 4 else 1)
    assert ("Nothing was deleted." in result.stderr) == (answer == "n")


def test_the_first_titles_are_shown(news: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syriasearch.cli.delete.SHOWN", 1)
    result = run(news, "delete", "--query", "Geneva", "--dry-run")
    assert result.stdout == f"Talks on Homs  {COPY}\n… and 1 more\n2 articles would be deleted.\n"


def test_the_command_prints_json(news: Archive) -> None:
    found = json.loads(run(news, "delete", RAIN, "--yes", "--format", "json").stdout)
    assert (found["version"], found["total"]) == (1, 1)
    assert found["articles"][0]["slug"] == RAIN


def test_nothing_found_is_told(news: Archive) -> None:
    result = run(news, "delete", "--query", "zebra", "--yes")
    assert (result.exit_code, result.stdout) == (1, "0 articles deleted.\n")


@pytest.mark.parametrize("more", [[RAIN], ["--query", "x"], ["--dry-run"], ["--source", "x"]])
def test_undo_stands_alone(news: Archive, more: list[str]) -> None:
    result = run(news, "delete", "--undo", *more)
    assert result.exit_code == 2 and "leave the rest out" in result.stderr


def test_the_next_ingest_tells_what_it_left_out(news: Archive, source: Path) -> None:
    news.delete(RAIN)
    result = run(news, "ingest", str(source))
    assert "left out: 1 article that was deleted (--restore brings it back)" in result.stderr
    assert "1 added" in run(news, "ingest", str(source), "--restore").stdout


def test_the_samples_as_a_whole(tmp_path: Path) -> None:
    with Archive(tmp_path / "x.db") as archive:
        archive.ingest(ROOT / "seeds")
        before = everything(archive.path, ids=False)
        archive.delete(query="Sochi")
        assert archive.check() == ()
        archive.undo_delete()
        assert everything(archive.path, ids=False) == before
