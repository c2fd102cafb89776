"""The command: what it prints where, and its exit status."""

import csv
import gc
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import CORPORA

from syriasearch import Archive, ArchiveNotFoundError, __version__
from syriasearch.cli import main


def run(*arguments: object, db: Path | None = None, **environment: str) -> Result:
    extra = ["--db", str(db)] if db else []
    return CliRunner().invoke(main, [*map(str, arguments), *extra], env=environment)


def test_what_is_no_command_is_a_query(corpus_path: Path) -> None:
    plain = run("Sochi", "boycott", db=corpus_path)
    named = run("search", "Sochi boycott", db=corpus_path)
    assert plain.stdout.splitlines()[:-1] == named.stdout.splitlines()[:-1]
    assert plain.stdout.startswith(" 1. Delegates left the hall in Sochi after one day\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--limit", "1", "Sochi"),
        ("Sochi", "--limit", "1"),
        ("Sochi", "--limit=1"),
        ("search", "--limit", "1", "Sochi"),
    ],
)
def test_options_stand_before_or_behind_the_query(
    corpus_path: Path, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments, "--format", "jsonl", db=corpus_path)
    assert len(result.stdout.splitlines()) == 1


def test_the_archive_is_named_by_option_or_environment(corpus_path: Path) -> None:
    assert run("--db", corpus_path, "Sochi").exit_code == 0
    assert run("Sochi", "--db", corpus_path).exit_code == 0
    assert run("--db", corpus_path, "search", "Sochi").exit_code == 0
    assert run("Sochi", SYRIASEARCH_DB=str(corpus_path)).exit_code == 0


def test_a_word_can_be_excluded(corpus_path: Path) -> None:
    result = run("Sochi", "-boycotted", "--format", "jsonl", db=corpus_path)
    found = [json.loads(line)["article"]["title"] for line in result.stdout.splitlines()]
    assert "Delegates left the hall in Sochi after one day" not in found
    assert "Astana talks end" in found


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("Sochi",), 0), (("zeppelin",), 1), (("Sochi", "--limit", "0"), 0), (("(",), 1)],
)
def test_the_exit_status_tells_whether_there_are_hits(
    corpus_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    assert run(*arguments, db=corpus_path).exit_code == status


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("Sochi", "--after", "lastweekish"), "Error: after takes a day, a month or a year"),
        (("Sochi", "--facet", "colour"), "Error: there is no facet 'colour'"),
        (("Sochi", "--limit", "-1"), "Error: limit takes a whole number from 0 on, not -1"),
        (("Sochi", "--limt", "3"), "Error: No such option"),
        (("ingest", "nowhere/"), "Error: there is no 'nowhere/': name a file or a folder"),
        (("x" * 10_001,), "Error: the query has 10,001 characters, more than 10,000"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    corpus_path: Path, arguments: tuple[str, ...], line: str
) -> None:
    result = run(*arguments, db=corpus_path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert line in result.stderr
    assert "Traceback" not in result.stderr


def test_a_query_that_is_wrong_gets_a_caret(corpus_path: Path) -> None:
    lines = run("x " * 501, db=corpus_path).stderr.splitlines()
    assert lines[2].index("^") == 62
    assert lines[1][62:].strip() == "x"


def test_a_missing_archive_says_how_to_make_one(tmp_path: Path) -> None:
    result = run("Sochi", db=tmp_path / "none.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "make one with `syriasearch ingest FOLDER`" in result.stderr


def test_json_has_the_keys_of_version_1(corpus_path: Path) -> None:
    page = json.loads(
        run("Sochi boycott", "--format", "json", "--facet", "source", db=corpus_path).stdout
    )
    assert page["version"] == 1
    assert list(page) == [
        "version",
        "query",
        "total",
        "partial_total",
        "unknown",
        "suggestions",
        "read_as",
        "facets",
        "took_ms",
        "hits",
    ]
    hit = page["hits"][0]
    assert list(hit) == ["rank", "score", "partial", "article", "passages", "entities", "copies"]
    assert list(hit["article"]) == [
        "id",
        "slug",
        "title",
        "author",
        "source",
        "url",
        "published",
        "lang",
        "path",
    ]
    assert set(hit["passages"][0]) >= {"paragraph_id", "position", "text", "highlights", "html"}
    assert list(hit["entities"][0]) == ["slug", "name", "type", "mentions"]
    passage = hit["passages"][0]
    for start, end in passage["highlights"]:
        assert f"<mark>{passage['text'][start:end]}</mark>" in passage["html"]


def test_json_lines_are_a_hit_each(corpus_path: Path) -> None:
    lines = run("Sochi", "--format", "jsonl", db=corpus_path).stdout.splitlines()
    assert [json.loads(line)["rank"] for line in lines] == [1, 2, 3]


def test_csv_is_read_by_a_spreadsheet(corpus_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("Sochi", "--format", "csv", db=corpus_path).stdout)))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["slug"]
    assert all(row["passages"] for row in rows)


def test_csv_without_hits_is_its_header(corpus_path: Path) -> None:
    assert run("zeppelin", "--format", "csv", db=corpus_path).stdout.startswith("rank,score,")


def test_facets_and_explanations_are_printed(corpus_path: Path) -> None:
    text = run("Sochi", "--facet", "year", "--explain", db=corpus_path).stdout
    assert "Sochi: Sochi (place) | sochi" in text
    assert "altogether" in text
    assert "year\n       3  2018" in text


def test_no_colour_leaves_a_terminal(corpus_path: Path) -> None:
    assert "\x1b" not in run("Sochi", db=corpus_path).stdout


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_has_colours_unless_they_are_unwanted(
    corpus_path: Path, environment: dict[str, str], coloured: bool
) -> None:
    command = f"{sys.executable} -m syriasearch.cli hall --limit 1 --db {corpus_path}"
    keep = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    result = subprocess.run(
        ["script", "-qec", command, "/dev/null"],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
        env={**keep, "TERM": "xterm", "PAGER": "cat", **environment},
        timeout=60,
    )
    assert ("\x1b[1;33mhall\x1b[0m" in result.stdout) == coloured


@pytest.mark.parametrize(
    ("environment", "linked"),
    [
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"FORCE_HYPERLINK": "0", "VTE_VERSION": "7000"}, False),
        ({}, False),
    ],
)
def test_a_title_is_a_link_where_the_terminal_follows_one(
    corpus_path: Path, environment: dict[str, str], linked: bool
) -> None:
    result = run("maps", db=corpus_path, **environment)
    link = "\x1b]8;;https://example.org/afrin\x1b\\Afrin: a road reopens\x1b]8;;\x1b\\"
    assert (link in result.stdout) == linked


def test_an_address_cannot_speak_to_the_terminal(tmp_path: Path, folder) -> None:
    line = {"title": "a", "url": "https://example.org/\x1b[31m\x07", "text": "Homs."}
    run("ingest", folder({"a.jsonl": json.dumps(line)}), db=tmp_path / "x.db")
    shown = run("Homs", db=tmp_path / "x.db", FORCE_HYPERLINK="1").stdout
    assert "\x1b[31m" not in shown
    assert "\x07" not in shown


def test_output_that_cannot_be_written_is_told(corpus_path: Path) -> None:
    command = f"{sys.executable} -m syriasearch.cli Sochi --db {corpus_path} > /dev/full"
    result = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Error: the output cannot be written: No space left on device" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_terminal_without_arabic_letters_is_no_error(corpus_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "syriasearch.cli", "الجعفري", "--db", str(corpus_path)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert b"Bashar al-Ja?afari" in result.stdout


def test_a_hint_on_the_usual_archive_does_not_name_it(
    tmp_path: Path, folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYRIASEARCH_DB", str(tmp_path / "x.db"))
    result = CliRunner().invoke(main, ["ingest", str(folder({"empty.txt": ""}))])
    assert "`syriasearch problems` lists what failed and why; once it is mended, " in result.stderr


def test_a_run_that_there_cannot_be_is_told(corpus_path: Path) -> None:
    result = run("problems", "--run", str(10**30), db=corpus_path)
    assert result.exit_code == 2
    assert "there is no run" in result.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize("command", ["Sochi", "ingest -", "mentions -", "timeline Sochi"])
def test_a_stream_that_is_closed_is_no_fault(
    command: str, closed: str, corpus_path: Path, tmp_path: Path
) -> None:
    path = shutil.copy(corpus_path, tmp_path / "x.db")
    line = f"echo Sochi | {sys.executable} -m syriasearch.cli --db {path} {command} {closed}"
    result = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1), result.stderr
    assert "fault" not in result.stdout + result.stderr


@pytest.mark.parametrize("command", [["Sochi"], ["save", "talks", "Sochi"]])
def test_an_archive_into_which_nothing_could_be_read_is_said_to_be_empty(
    command: list[str], tmp_path: Path, folder
) -> None:
    db = tmp_path / "x.db"
    ingest = run("ingest", folder({"empty.txt": "", "blank.txt": " \n"}), db=db)
    assert f"`syriasearch --db {db} problems` lists what failed and why; " in ingest.stderr
    answer = run(*command, db=db).stderr
    assert answer.startswith(f"The archive is empty: `syriasearch --db {db} ingest FOLDER` fills")


def test_a_suggestion_goes_to_standard_error(corpus_path: Path) -> None:
    result = run("boycot", db=corpus_path)
    assert result.stdout == ""
    assert result.stderr == (
        "No article matches 'boycot'.\nDid you mean 'boycott' for 'boycot'? It is in 2 articles.\n"
    )


def test_what_finds_nothing_is_named(corpus_path: Path) -> None:
    result = run("Sochi boycot", "--source", "Sample Wires", db=corpus_path)
    assert result.stderr.splitlines() == [
        "No article matches 'Sochi boycot'.",
        "No article has 'boycot'.",
        "No article has 'source:\"Sample Wires\"'.",
        "Did you mean 'boycott' for 'boycot'? It is in 2 articles.",
        "Did you mean 'source:\"Sample Wire\"' for 'source:\"Sample Wires\"'? It is in 2 articles.",
        "Without 'source:\"Sample Wires\"' there are 3 articles:"
        f" `syriasearch --db {corpus_path} 'Sochi boycot'`",
    ]


def test_ingest_reports_what_it_did(tmp_path: Path) -> None:
    result = run("ingest", CORPORA / "default", db=tmp_path / "new.db")
    assert result.exit_code == 0
    assert "6 added, 0 updated, 0 unchanged, 0 failed in" in result.stdout


@pytest.fixture
def emptied(tmp_path: Path) -> tuple[Path, Path]:
    """An archive, and the folder of its article, which is empty now."""
    news, db = tmp_path / "news", tmp_path / "x.db"
    news.mkdir()
    (news / "a.txt").write_text("Talks in Homs.")
    run("ingest", news, db=db)
    (news / "a.txt").unlink()
    return db, news


def test_an_empty_folder_is_not_pruned_without_force(emptied: tuple[Path, Path]) -> None:
    db, news = emptied
    refused = run("ingest", news, "--prune", db=db)
    assert (refused.exit_code, refused.stdout) == (2, "")
    reason = f"{news} has no files any more, but 1 article in the archive"
    assert refused.stderr == f"Error: {reason}: to remove them, add force (--force)\n"
    assert "1 removed" in run("ingest", news, "--prune", "--force", db=db).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(
    ("options", "answer", "status", "found"),
    [
        ((), "y", 0, 1),
        ((), "n", 2, 0),
        ((), "", 2, 0),
        (("--force",), None, 0, 1),
        (("--dry-run",), None, 2, 0),
    ],
)
def test_on_a_terminal_an_empty_folder_is_asked_about(
    emptied: tuple[Path, Path],
    options: tuple[str, ...],
    answer: str | None,
    status: int,
    found: int,
) -> None:
    db, news = emptied
    ours, theirs = os.openpty()
    os.write(ours, f"{answer or ''}\n".encode())
    command = [sys.executable, "-m", "syriasearch.cli", "--db", db, "ingest", news, "--prune"]
    result = subprocess.run([*command, *options], stdin=theirs, capture_output=True, text=True)
    os.close(ours)
    os.close(theirs)
    assert result.returncode == status, result.stderr
    assert ("in the archive. Remove them? [y/N]:" in result.stderr) == (answer is not None)
    assert result.stdout.count("1 removed") == found


def test_ingest_tells_what_it_could_not_read(tmp_path: Path) -> None:
    result = run("ingest", CORPORA / "broken", db=tmp_path / "new.db")
    assert result.exit_code == 1
    assert "not ingested: empty.txt: holds no text" in result.stderr
    assert "note: front-matter.md: the front matter is not valid YAML" in result.stderr
    assert "9 added, 0 updated, 0 unchanged, 6 failed" in result.stdout


def test_version_and_help() -> None:
    assert run("--version").stdout == f"syriasearch, version {__version__}\n"
    assert "Search news on the Syrian conflict" in run("--help").stdout
    assert (
        "Bring files, folders or standard input into the archive" in run("ingest", "--help").stdout
    )


def test_titles_cannot_speak_to_the_terminal(tmp_path: Path, folder) -> None:
    line = {"title": "a\x1b]0;owned\x07\x1b[2Jb", "author": "c\x1b[31m", "text": "Homs \x1b[31m."}
    news = folder({"a.jsonl": json.dumps(line)})
    run("ingest", news, db=tmp_path / "x.db")
    assert "\x1b" not in run("Homs", db=tmp_path / "x.db").stdout


def test_a_closed_pipe_is_no_error(corpus_path: Path) -> None:
    command = f"{sys.executable} -m syriasearch.cli Sochi --db {corpus_path} | head -n 1"
    result = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout.count("\n"), result.stderr) == (1, "")


def test_an_article_is_shown_whole(corpus_path: Path) -> None:
    result = run("show", "2018-03-03", db=corpus_path)
    lines = result.stdout.splitlines()
    assert lines[:2] == [
        "Delegates left the hall in Sochi after one day",
        "2018-03-03 · Nadia Karim · congress.txt",
    ]
    assert "An Empty Row" in lines
    assert lines[-1].startswith("Named: Bashar al-Jaafari (2)")
    assert json.loads(run("show", "2018-03-03", "--format", "json", db=corpus_path).stdout)


def test_an_article_is_cited_with_the_passage_that_answers(corpus_path: Path) -> None:
    result = run("cite", "2018-03-03", "--query", "seats", db=corpus_path)
    assert result.stdout == (
        "“Others boycotted the meeting from the first hour, among them a party that had asked for "
        "three seats.” — Nadia Karim. “Delegates left the hall in Sochi after one day.” "
        "2018-03-03.\n"
    )


def test_a_reference_stands_under_each_hit(corpus_path: Path) -> None:
    result = run("seats", "--cite", "--passages", "1", db=corpus_path)
    assert (
        "that had asked for three seats.” — Nadia Karim. "
        "“Delegates left the hall in Sochi after one day.” 2018-03-03.\n"
    ) in result.stdout


@pytest.mark.parametrize(
    ("style", "entries"), [("bibtex", "  title = {{"), ("ris", "TY  - NEWS"), ("csl", '"id": ')]
)
@pytest.mark.parametrize("command", ["search", "export"])
def test_hits_go_into_a_reference_manager(
    corpus_path: Path, command: str, style: str, entries: str
) -> None:
    result = run(command, "Sochi", "--format", style, db=corpus_path)
    assert result.stdout.count(entries) == 3


def test_csl_is_one_array(corpus_path: Path) -> None:
    items = json.loads(run("export", "Sochi", "--format", "csl", db=corpus_path).stdout)
    assert [item["type"] for item in items] == ["article-newspaper"] * 3
    assert json.loads(run("export", "zeppelin", "--format", "csl", db=corpus_path).stdout) == []


def test_an_article_that_there_is_not_is_told(corpus_path: Path) -> None:
    result = run("show", "nothing", db=corpus_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: there is no article 'nothing'" in result.stderr


def test_an_export_has_all_hits_of_the_search(corpus_path: Path) -> None:
    searched = run("talks", "--limit", "100", "--format", "jsonl", db=corpus_path).stdout
    exported = run("export", "talks", "--passages", "3", db=corpus_path)
    assert exported.stdout == searched
    assert exported.exit_code == 0


def test_an_export_respects_every_filter(corpus_path: Path) -> None:
    lines = run("export", "Sochi", "--source", "Other Wire", db=corpus_path).stdout.splitlines()
    assert [json.loads(line)["article"]["title"] for line in lines] == ["Astana talks end"]
    assert run("export", "Sochi", "--lang", "fr", db=corpus_path).exit_code == 1


def test_an_export_as_csv_and_markdown(corpus_path: Path) -> None:
    table = run("export", "Sochi", "--format", "csv", db=corpus_path).stdout
    assert [row["rank"] for row in csv.DictReader(io.StringIO(table))] == ["1", "2", "3"]
    text = run("export", "maps", "--format", "markdown", db=corpus_path).stdout
    assert text == (
        "## Afrin: a road reopens\n\n"
        "Nadia Karim. “Afrin: a road reopens.” Sample Wire, 2018-03-05. "
        "<https://example.org/afrin>\n\n"
        "> Drivers asked for fuel, and for \\[maps\\] of the mines.\n\n"
    )


def test_related_articles_are_listed(corpus_path: Path) -> None:
    result = run("related", "2018-03-03", "--format", "jsonl", "--limit", "2", db=corpus_path)
    assert result.exit_code == 0
    found = [json.loads(line)["article"]["slug"] for line in result.stdout.splitlines()]
    assert found
    assert not any(slug.startswith("2018-03-03") for slug in found)


def test_a_sound_archive_is_told_and_a_torn_one_mended(tmp_path: Path) -> None:
    db = tmp_path / "new.db"
    run("ingest", CORPORA / "default", db=db)
    assert run("doctor", db=db).stdout == f"{db} is sound.\n"
    connection = sqlite3.connect(db)
    connection.execute("UPDATE postings SET data = x'00'")
    connection.commit()
    connection.close()
    torn = run("doctor", db=db)
    assert (torn.exit_code, "the postings cannot be read" in torn.stdout) == (1, True)
    assert run("Sochi", db=db).exit_code == 2
    mended = run("doctor", "--repair", db=db)
    assert mended.stdout == f"mended: the postings cannot be read\n{db} is sound.\n"
    assert mended.exit_code == 0
    assert run("Sochi", db=db).exit_code == 0
    assert run("doctor", db=db).exit_code == 0


def test_the_doctor_leaves_the_garbage_collector_as_it_was(corpus_path: Path) -> None:
    assert run("doctor", db=corpus_path).exit_code == 0
    assert gc.isenabled()


def test_what_the_doctor_cannot_mend_is_left(tmp_path: Path) -> None:
    db = tmp_path / "new.db"
    run("ingest", CORPORA / "default", db=db)
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("DELETE FROM paragraphs WHERE article_id = 2")
        connection.commit()
    left = run("doctor", "--repair", db=db)
    (line,) = [each for each in left.stdout.splitlines() if not each.startswith("mended: ")]
    assert line.startswith("1 articles have no paragraph: ")
    assert left.exit_code == 1


@pytest.mark.parametrize("command", ["doctor", "optimize", "new", "related x", "save x y"])
def test_what_needs_an_archive_makes_none(tmp_path: Path, command: str) -> None:
    db = tmp_path / "none.db"
    result = run(*command.split(), db=db)
    assert (result.exit_code, db.exists()) == (2, False)
    assert "no archive at" in result.stderr


def test_a_file_is_named_with_an_option_of_the_command_only(tmp_path: Path) -> None:
    missing = tmp_path / "no.db"
    with pytest.raises(ArchiveNotFoundError) as told:
        Archive(missing, readonly=True)
    assert str(told.value).endswith(": make one with `ingest`, or name another file")
    told_by_command = run("Sochi", db=missing).stderr
    assert told_by_command.endswith("ingest FOLDER`, or name another file with --db\n")
