"""Searches that are kept: what has come since the last look."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from conftest import titles

from syriasearch import Archive, ArchiveReadOnlyError, OptionError, QuerySyntaxError
from syriasearch.cli import main

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
Folder = Callable[..., Path]

FIRST = {"one.txt": "The first talks\n\nTalks began in Sochi.", "two.txt": "Rain\n\nIt rained."}
SECOND = {"three.txt": "More talks\n\nTalks went on in Sochi."}


@pytest.fixture
def kept(archive: Archive, folder: Folder) -> Archive:
    archive.ingest(folder(FIRST))
    archive.save("talks", "Sochi talks")
    return archive


def test_what_was_there_when_it_was_saved_is_not_new(kept: Archive) -> None:
    assert kept.new("talks").total == 0


def test_what_has_come_is_new_once(kept: Archive, folder: Folder) -> None:
    kept.ingest(folder(SECOND))
    assert titles(kept.new("talks")) == ["More talks"]
    assert kept.new("talks").total == 0


def test_what_is_kept_is_shown_again(kept: Archive, folder: Folder) -> None:
    kept.ingest(folder(SECOND))
    assert kept.new("talks", keep=True).total == 1
    assert kept.new("talks").total == 1


def test_what_did_not_fit_on_the_page_is_shown_the_next_time(kept: Archive, folder: Folder) -> None:
    kept.ingest(folder({f"{each}.txt": f"Talks {each}\n\nIn Sochi." for each in range(3)}))
    seen = [titles(kept.new("talks", limit=2)), titles(kept.new("talks", limit=2))]
    assert sorted([*seen[0], *seen[1]]) == ["Talks 0", "Talks 1", "Talks 2"]
    assert list(map(len, seen)) == [2, 1]


def test_an_article_that_was_changed_into_an_answer_is_new(kept: Archive, folder: Folder) -> None:
    kept.ingest(folder({**FIRST, "two.txt": "Rain\n\nIt rained on the talks in Sochi."}))
    assert titles(kept.new("talks")) == ["Rain"]


def test_an_article_of_a_renamed_file_is_not_new(kept: Archive, folder: Folder) -> None:
    kept.new("talks")
    news = folder(FIRST)
    (news / "one.txt").rename(news / "renamed.txt")
    kept.ingest(news)
    assert kept.new("talks").total == 0


def test_an_article_that_was_removed_is_forgotten(
    kept: Archive, folder: Folder, sql: Callable[..., list[tuple]]
) -> None:
    (folder(FIRST) / "one.txt").unlink()
    kept.ingest(folder({}), prune=True)
    assert sql(kept, "SELECT count(*) FROM saved_hits") == [(0,)]


def test_filters_are_saved_too(kept: Archive, folder: Folder) -> None:
    kept.save("arabic", "Sochi", lang="ar")
    kept.ingest(folder(SECOND))
    (saved,) = (each for each in kept.saved() if each.name == "arabic")
    assert saved.options == {"lang": "ar"}
    assert kept.new("arabic").total == 0


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [
        ("talks", "x", "there is a saved search 'talks' already"),
        (" ", "x", "a saved search needs a name"),
        ("bad", "after:never", "takes a day"),
    ],
)
def test_what_cannot_be_saved_is_told(kept: Archive, name: str, query: str, message: str) -> None:
    with pytest.raises((OptionError, QuerySyntaxError), match=message):
        kept.save(name, query)
    assert [each.name for each in kept.saved()] == ["talks"]


def test_a_search_that_there_is_not_is_told(kept: Archive) -> None:
    for call in (kept.new, kept.feed, kept.forget):
        with pytest.raises(OptionError, match="no saved search named x; saved: talks"):
            call("x")


def test_a_reader_can_look_without_remembering(kept: Archive, folder: Folder) -> None:
    kept.ingest(folder(SECOND))
    with Archive(kept.path, readonly=True) as reader:
        assert reader.new("talks", keep=True).total == 1
        with pytest.raises(ArchiveReadOnlyError):
            reader.new("talks")


def test_a_feed_has_what_was_shown_the_latest_first(kept: Archive, folder: Folder) -> None:
    kept.ingest(
        folder({"x.txt": "Talks <b>\ufffe & more\n\nIn Sochi <script>alert(1)</script> talks."})
    )
    kept.new("talks")
    feed = ElementTree.fromstring(kept.feed("talks"))
    entries = feed.findall("atom:entry", ATOM)
    assert [entry.findtext("atom:title", None, ATOM) for entry in entries] == [
        "Talks <b> & more",
        "The first talks",
    ]
    content = entries[0].findtext("atom:content", "", ATOM)
    assert "<mark>Sochi</mark>" in content
    assert "<script>" not in content
    for entry in (feed, *entries):
        assert entry.findtext("atom:id", "", ATOM).startswith("urn:syriasearch:")
        assert entry.findtext("atom:updated", "", ATOM).endswith("+00:00")


def run(archive: Archive, *arguments: str):
    return CliRunner().invoke(main, [*arguments, "--db", str(archive.path)])


def test_the_command_saves_shows_counts_and_forgets(kept: Archive, folder: Folder) -> None:
    result = run(kept, "save", "my rain", "rained", "-Sochi")
    assert result.stdout.startswith("1 article so far; `syriasearch --db ")
    assert result.stdout.endswith(" new 'my rain'` shows what is new.\n")
    nothing = run(kept, "new", "talks")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (1, "", "Nothing new.\n")
    kept.ingest(folder(SECOND))
    assert run(kept, "new").stdout == (
        "     0 new  my rain: rained -Sochi\n     1 new  talks: Sochi talks\n"
    )
    assert "More talks" in run(kept, "new", "talks").stdout
    assert run(kept, "forget", "talks").exit_code == 0
    assert [each.name for each in kept.saved()] == ["my rain"]


def test_a_saved_search_that_fails_is_told_and_the_others_go_on(
    kept: Archive, sql: Callable[..., list[tuple]]
) -> None:
    connection = sqlite3.connect(kept.path)
    connection.execute(
        "INSERT INTO saved_searches (name, query, options, saved_at, looked_at)"
        " VALUES ('broken', 'after:never', '{}', '', '')"
    )
    connection.commit()
    connection.close()
    result = run(kept, "new")
    assert result.exit_code == 2
    assert "Error: broken: after:never: after: takes a day" in result.stderr
    assert "     0 new  talks: Sochi talks" in result.stdout


def test_the_feed_is_written_whole_or_not_at_all(
    kept: Archive, folder: Folder, tmp_path: Path
) -> None:
    kept.ingest(folder(SECOND))
    feed = tmp_path / "feed.xml"
    assert run(kept, "new", "talks", "--atom", str(feed)).exit_code == 0
    assert ElementTree.parse(feed).getroot().tag.endswith("feed")
    assert [each.name for each in tmp_path.glob("*feed.xml*")] == ["feed.xml"]
    missing = run(kept, "new", "talks", "--atom", str(tmp_path / "none" / "feed.xml"))
    assert (missing.exit_code, "cannot be written" in missing.stderr) == (2, True)


@pytest.mark.parametrize("name", ["a\nb", "  padded  ", "\ud800"])
def test_a_name_is_the_same_wherever_it_is_given(kept: Archive, name: str) -> None:
    kept.save(name, "Sochi \ud800")
    assert kept.new(name).total == 0
    assert b"<feed" in kept.feed(name)
    kept.forget(name)
    assert [each.name for each in kept.saved()] == ["talks"]


@pytest.mark.parametrize("option", ["sort", "match", "limit", "without"])
def test_only_what_narrows_is_saved(kept: Archive, option: str) -> None:
    for call in (kept.save, kept.timeline):
        with pytest.raises(OptionError, match=f"there is no option '{option}'"):
            call("x", "Sochi", **{option: "newest"})


@pytest.mark.parametrize("limit", [-1, "3", 2.5, True, 10**30])
def test_a_limit_is_a_whole_number(kept: Archive, limit: int) -> None:
    for call in (lambda: kept.feed("talks", limit=limit), lambda: kept.values("lang", limit=limit)):
        with pytest.raises(OptionError, match="limit takes a whole number"):
            call()


def test_a_form_for_programs_is_whole_where_nothing_is_new(kept: Archive) -> None:
    assert run(kept, "new", "talks", "--format", "csl").stdout == "[]\n"


def test_options_of_one_search_need_its_name(kept: Archive, tmp_path: Path) -> None:
    result = run(kept, "new", "--atom", str(tmp_path / "x.xml"))
    assert (result.exit_code, (tmp_path / "x.xml").exists()) == (2, False)
    assert "these options need the NAME of a saved search" in result.stderr


def test_a_feed_goes_where_a_link_leads(kept: Archive, tmp_path: Path) -> None:
    (tmp_path / "link.xml").symlink_to(tmp_path / "real.xml")
    run(kept, "new", "talks", "--atom", str(tmp_path / "link.xml"))
    assert (tmp_path / "link.xml").is_symlink()
    assert (tmp_path / "real.xml").read_bytes().startswith(b"<?xml")


def test_a_name_cannot_speak_to_the_terminal(kept: Archive) -> None:
    kept.save("na\x1b[31mme", "Sochi")
    assert "\x1b" not in run(kept, "new", "none").stderr
