"""All articles can be recognized anew, with names of the user's own, at any time and safely."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import assert_sound
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_editor import FIRST, SECOND, correct, entities, one_correction, rows, total

from syriasearch import Archive, GazetteerError
from syriasearch.cli import main

Folder = Callable[..., Path]

NAMES = """slug,type,name,aliases,description
the-wet-envoy,person,The Wet Envoy,was wet|the envoy,He stood in the rain
sochi,,Sochi Town,Sochi|-سوتشي|agreed,
"""
OTHERS = "- {name: Second File, type: group, aliases: [agreed, Kremlin's man]}\n"


@pytest.fixture
def names(folder: Folder) -> Path:
    return folder({"names.csv": NAMES, "others.yaml": OTHERS}, name="names")


@pytest.fixture
def news(archive: Archive, folder: Folder) -> Archive:
    archive.ingest(folder(FIRST))
    return archive


@pytest.fixture
def afresh(tmp_path: Path) -> Callable[..., Path]:
    """Ingest into an archive that is not there yet."""

    def make(*sources: Path, **options: object) -> Path:
        path = tmp_path / f"fresh-{len(list(tmp_path.glob('fresh-*')))}.db"
        with Archive(path) as archive:
            archive.ingest(*sources, **options)
        return path

    return make


def test_an_ingest_finds_the_names_of_a_users_file(
    archive: Archive, folder: Folder, names: Path
) -> None:
    archive.ingest(folder(SECOND), gazetteer=names / "names.csv")
    assert total(archive, entity="The Wet Envoy") == 1
    assert total(archive, entity="Sochi Town") == total(archive, entity="sochi") == 1


def test_a_later_run_knows_them_without_the_file(
    news: Archive, folder: Folder, names: Path
) -> None:
    news.ingest(folder({}), gazetteer=[names / "names.csv"])
    (names / "names.csv").unlink()
    news.ingest(folder(SECOND))
    assert total(news, entity="The Wet Envoy") == 1


def test_unchanged_articles_keep_what_a_file_gave(
    archive: Archive, folder: Folder, names: Path, afresh: Callable[..., Path]
) -> None:
    first = folder(FIRST, name="first")
    archive.ingest(first, gazetteer=names / "names.csv")
    before = rows(archive.path)
    archive.ingest(first)
    assert rows(archive.path) == before
    archive.ingest(first, gazetteer=[])
    assert total(archive, entity="sochi") == 2


def test_a_file_that_another_replaces_is_told(news: Archive, folder: Folder, names: Path) -> None:
    assert news.ingest(folder({}), gazetteer=names / "names.csv").problems == ()
    (problem,) = news.ingest(folder({}), gazetteer=names / "others.yaml").problems
    assert (problem.path, problem.lost) == ("names.csv", False)
    assert problem.message == "is used no longer: give it too, to have its names found"
    both = [names / "names.csv", names / "others.yaml"]
    assert news.ingest(folder({}), gazetteer=both).problems == ()


def test_reindexing_finds_them_in_what_is_there(
    news: Archive, folder: Folder, names: Path, afresh: Callable[..., Path]
) -> None:
    report = news.reindex(gazetteer=names / "names.csv")
    assert (report.read, report.changed) == (3, 2)
    assert rows(news.path) == rows(afresh(folder({}), gazetteer=names / "names.csv"))
    assert news.check() == ()


def test_reindexing_forgets_what_is_no_longer_known(
    archive: Archive, folder: Folder, names: Path, afresh: Callable[..., Path]
) -> None:
    archive.ingest(folder({**FIRST, **SECOND}), gazetteer=names / "names.csv")
    archive.reindex(gazetteer=[])
    assert rows(archive.path) == rows(afresh(folder({})))
    assert archive.check() == ()


def test_reindexing_without_a_file_takes_the_one_that_is_kept(
    news: Archive, folder: Folder, names: Path, afresh: Callable[..., Path]
) -> None:
    news.ingest(folder({}), gazetteer=names / "names.csv")
    assert news.reindex().changed == 2
    assert rows(news.path) == rows(afresh(folder({}), gazetteer=names / "names.csv"))


def test_reindexing_again_changes_nothing(news: Archive, names: Path) -> None:
    news.reindex(gazetteer=names / "names.csv")
    with closing(sqlite3.connect(news.path)) as connection:
        before = connection.execute("SELECT * FROM mentions ORDER BY id").fetchall()
        assert news.reindex().changed == 0
        assert connection.execute("SELECT * FROM mentions ORDER BY id").fetchall() == before


def test_reindexing_brings_what_the_gazetteer_says_up_to_date(news: Archive) -> None:
    before = rows(news.path)
    with closing(sqlite3.connect(news.path)) as connection:
        connection.execute("UPDATE entities SET name = 'Old', description = 'old'")
        connection.execute("UPDATE aliases SET alias = 'old' || id, key = 'old'")
        connection.commit()
    assert news.reindex().changed == 0
    assert rows(news.path) == before


def test_progress_is_told(news: Archive) -> None:
    told: list[tuple[int, int]] = []
    news.reindex(progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["none.csv"], "none.csv: there is no such file"),
        (["names.txt"], "a gazetteer is a .csv or a .yaml file"),
        (["bad.csv"], "bad.csv line 2: x is not known: give its name and its type"),
        (["names.csv", "again/names.csv"], "two gazetteers are called names.csv: rename one"),
    ],
)
def test_a_gazetteer_that_cannot_be_used_changes_nothing(
    news: Archive, folder: Folder, names: Path, files: list[str], message: str
) -> None:
    folder(
        {"names.txt": "x", "bad.csv": "slug,description\nx,y\n", "again/names.csv": NAMES},
        name="names",
    )
    before = rows(news.path)
    for call in (news.reindex, lambda **options: news.ingest(folder(SECOND), **options)):
        with pytest.raises(GazetteerError, match=message):
            call(gazetteer=[names / each for each in files])
    assert rows(news.path) == before


def test_a_kept_gazetteer_that_cannot_be_read_is_told(news: Archive, names: Path) -> None:
    news.reindex(gazetteer=names / "names.csv")
    with closing(sqlite3.connect(news.path)) as connection:
        connection.execute("UPDATE gazetteers SET entities = '[1'")
        connection.commit()
    with pytest.raises(GazetteerError, match=r"names.csv, as the archive keeps it, cannot be read"):
        news.reindex()
    news.reindex(gazetteer=[])


@pytest.mark.slow
def test_corrections_hold_when_all_is_recognized_anew(news: Archive, names: Path) -> None:
    news.corrections.merge("geneva", "sochi")
    news.corrections.add_alias("sergei-lavrov", "Nasr")
    news.corrections.rename("sochi", "The Resort")
    before = entities(news)
    assert news.reindex().changed == 0
    assert entities(news) == before
    news.reindex(gazetteer=names / "names.csv")
    assert {each.name for each in news.article("talks-in-sochi").entities} >= {"The Resort"}
    news.corrections.undo()
    assert {each.name for each in news.article("talks-in-sochi").entities} >= {"Sochi Town"}
    assert news.check() == ()


@pytest.mark.slow
def test_what_is_corrected_during_an_ingest_holds_for_it(
    archive: Archive, folder: Folder, afresh: Callable[..., Path]
) -> None:
    archive.ingest(folder(FIRST, name="first"))
    more = folder(SECOND, name="second")

    def correct_meanwhile(done: int, total: int, name: str) -> None:
        if name == "rain.txt":
            with Archive(archive.path) as other:
                other.corrections.add_alias("sochi", "Kremlin's man")
                other.corrections.hide("geneva")

    archive.ingest(more, progress=correct_meanwhile)
    assert entities(archive, "lavrov-again") == {
        "hamid-al-rifai": 1,
        "munir-halabi": 2,
        "sergei-lavrov": 1,
        "sochi": 2,
        "staffan-de-mistura": 1,
    }
    assert archive.check() == ()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(one_correction, max_size=4),
    st.lists(st.sampled_from(["names.csv", "others.yaml"]), unique=True),
    st.lists(st.sampled_from(["names.csv", "others.yaml"]), unique=True),
)
@pytest.mark.slow
def test_reindexing_is_as_good_as_a_new_archive(
    tmp_path: Path,
    folder: Folder,
    names: Path,
    calls: list[tuple],
    first: list[str],
    then: list[str],
) -> None:
    news = folder({**FIRST, **SECOND})
    for name in ("one.db", "other.db"):
        (tmp_path / name).unlink(missing_ok=True)
    with Archive(tmp_path / "one.db") as one, Archive(tmp_path / "other.db") as other:
        one.ingest(news, gazetteer=[names / each for each in first])
        made = correct(one, calls)
        one.reindex(gazetteer=[names / each for each in then])
        other.ingest(news, gazetteer=[names / each for each in then])
        if correct(other, calls) == made:
            assert rows(one.path) == rows(other.path)
        assert one.check() == ()


@pytest.mark.slow
def test_a_killed_run_leaves_a_whole_archive_and_the_next_finishes(
    folder: Folder, tmp_path: Path, names: Path
) -> None:
    lines = [
        f'{{"id": "{number}", "text": "Article {number} says that Idlib agreed to be quiet."}}\n'
        for number in range(3000)
    ]
    news = folder({"a.jsonl": "".join(lines)})
    path = tmp_path / "killed.db"
    with Archive(path) as archive:
        archive.ingest(news)
    code = (
        "import sys; from syriasearch import Archive;"
        "Archive(sys.argv[1]).reindex(gazetteer=sys.argv[2])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, path, names / "others.yaml"],
    )
    changed = 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as connection:
        while process.poll() is None and not changed:
            sql = "SELECT count(DISTINCT paragraph_id) / 2 FROM mentions WHERE surface = 'agreed'"
            changed = connection.execute(sql).fetchone()[0]
    process.kill()
    process.wait()
    assert 0 < changed < 3000
    assert_sound(path)
    with Archive(path) as archive:
        assert archive.check() == ()
        report = archive.reindex()
        assert report.read == 3000
        assert 0 < report.changed <= 3000 - changed
        assert archive.check() == ()
    with Archive(tmp_path / "whole.db") as archive:
        archive.ingest(news, gazetteer=names / "others.yaml")
    assert rows(path) == rows(tmp_path / "whole.db")


def run(archive: Archive, *arguments: str, **environment: str):
    return CliRunner().invoke(main, [*arguments, "--db", str(archive.path)], env=environment)


def test_the_command_takes_files_from_options_and_from_the_environment(
    news: Archive, names: Path
) -> None:
    both = [str(names / each) for each in ("names.csv", "others.yaml")]
    result = run(news, "reindex", "--entities", "--gazetteer", both[0], "--gazetteer", both[1])
    assert ": 3 articles read, 2 changed in " in result.stdout
    assert run(news, "reindex", "--entities", "--no-gazetteer").exit_code == 0
    assert total(news, entity="Second File") == 0
    run(news, "reindex", "--entities", SYRIASEARCH_GAZETTEER=os.pathsep.join(both))
    assert total(news, entity="Second File") == 1
    (told,) = run(news, "ingest", both[0], "--gazetteer", "none.csv").stderr.splitlines()
    assert told == "Error: none.csv: there is no such file"


def test_the_command_wants_to_know_what_to_reindex(news: Archive) -> None:
    result = run(news, "reindex")
    assert result.exit_code == 2
    assert "--entities recognizes all names again" in result.stderr


def test_the_command_corrects_lists_and_undoes(news: Archive) -> None:
    result = run(news, "entity", "merge", "geneva", "Sochi")
    assert result.stdout == "1: merge geneva into sochi\n"
    assert result.stderr == f"`syriasearch --db {news.path} entity undo 1` takes it back.\n"
    arguments = ("split", "sergei-lavrov", "Lavrov", "--to", "The Other", "--type", "person")
    assert run(news, "entity", *arguments).exit_code == 0
    assert run(news, "entity", "rename", "kremlin", "The Castle").exit_code == 0
    assert run(news, "entity", "alias", "kremlin", "agreed").exit_code == 0
    assert run(news, "entity", "hide", "kremlin").exit_code == 0
    assert run(news, "entity", "undo", "4").stdout == "Undone: 4: alias of kremlin: agreed\n"
    lines = run(news, "entity", "history").stdout.splitlines()
    assert [line[17:].split(" (")[0] for line in lines] == [
        "merge geneva into sochi",
        "split Lavrov from sergei-lavrov to the-other",
        "rename kremlin to The Castle",
        "alias of kremlin: agreed",
        "hide kremlin",
    ]
    assert (
        '"spellings": [\n      "Lavrov"'
        in run(news, "entity", "history", "--format", "json").stdout
    )
    refused = run(news, "entity", "hide", "nobody-here")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "Error: there is no entity 'nobody-here'\n"


def test_a_weak_alias_stands_in_the_archive_as_it_is_written(
    archive: Archive, folder: Folder
) -> None:
    path = folder({"a.txt": "Talks\n\nZog One met the King."})
    mine = path / "mine.csv"
    mine.write_text("name,type,aliases\nZog One,person,~the King\n")
    archive.ingest(path / "a.txt", gazetteer=[mine])
    assert [each.surface for each in archive.article("talks").paragraphs[1].mentions] == [
        "Zog One",
        "the King",
    ]
    profile = archive.entity("Zog One")
    assert "~" not in json.dumps(profile.to_dict())
