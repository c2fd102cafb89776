"""Arguments as people type them, and the help that they get."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from test_app import run

from syriasearch.cli import main


def help_of(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each command below one, and its own."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from help_of(below, (*path, name))


@pytest.mark.parametrize("path", list(help_of(main)), ids=" ".join)
def test_the_help_of_a_command_fits_a_screen(path: tuple[str, ...]) -> None:
    assert len(run(*path, "--help").stdout.splitlines()) <= 45


def test_no_line_about_a_command_is_cut() -> None:
    _, commands = run("--help").stdout.split("Commands:")
    assert "..." not in commands


@pytest.mark.parametrize(
    "arguments",
    [
        ("-h",),
        ("--db", "x.db", "-h"),
        ("cluster", "status", "-h"),
        ("search", "-h"),
        ("search", "Sochi", "-h"),
        ("entity", "-h"),
        ("entity", "show", "-h"),
    ],
)
def test_h_is_help(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).stdout.startswith("Usage: ")


def test_h_is_no_part_of_a_word_to_exclude(corpus_path: Path) -> None:
    result = run("Sochi", "-hama", "--limit", "1", db=corpus_path)
    assert result.stdout.startswith(" 1. ")


@pytest.mark.parametrize("option", ["--lim", "--limi", "--limit"])
@pytest.mark.parametrize("form", [("{}", "1"), ("{}=1",)])
def test_the_beginning_of_an_option_is_enough(
    corpus_path: Path, option: str, form: tuple[str, ...]
) -> None:
    given = [each.format(option) for each in form]
    assert "\n 2. " not in run("Sochi", *given, db=corpus_path).stdout
    assert run("Sochi", *given, db=corpus_path).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Sochi", "--limt", "1"), "No such option --limt Did you mean --limit"),
        (("Sochi", "--so", "newest"), "--so may be --sort or --source"),
        (("timeline", "Sochi", "--bye", "day"), "No such option --bye Did you mean --by"),
        (("Sochi", "--zzz"), "No such option --zzz"),
        (("show",), "Missing argument SLUG"),
    ],
)
def test_a_wrong_command_line_is_told_in_a_line(
    corpus_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run(*arguments, db=corpus_path)
    assert result.exit_code == 2
    told, see = result.stderr.splitlines()
    # Versions of click differ in their signs.
    assert re.sub("['.?:]", "", told) == f"Error {message}"
    assert see.startswith("See `")


def test_the_value_of_an_option_is_left_as_it_is(corpus_path: Path) -> None:
    result = run("show", "2018", "--query", "--why", db=corpus_path)
    assert "2018" in result.stderr  # several articles begin so: no option is missing


@pytest.mark.parametrize(
    ("arguments", "queries"),
    [
        (("Sochi", "boycott"), ["Sochi boycott"]),
        (("Sochi boycott",), ["Sochi boycott"]),
        (("Sochi boycott", "Astana", "talks"), ["Sochi boycott", "Astana talks"]),
        (("Sochi", "--and", "Astana", "--and", "Afrin"), ["Sochi", "Astana", "Afrin"]),
        (("Sochi", "-boycott"), ["Sochi -boycott"]),
    ],
)
def test_the_queries_of_a_timeline(
    corpus_path: Path, arguments: tuple[str, ...], queries: list[str]
) -> None:
    table = run("timeline", *arguments, "--format", "csv", db=corpus_path).stdout
    assert table.splitlines()[0].split(",")[1:] == queries


def test_an_option_is_not_another_query_of_a_timeline(corpus_path: Path) -> None:
    result = run("timeline", "Sochi", "--and", "--by", "year", db=corpus_path)
    assert result.exit_code == 2
    assert "--and takes another query, and not the option --by" in result.stderr


def test_a_timeline_has_a_title_and_its_empty_spans_on_one_line(tmp_path: Path, folder) -> None:
    news = [f'{{"text": "Talks.", "title": "A{day}", "date": "{day}"}}' for day in (
        "2018-01-01", "2018-01-03", "2018-01-31"
    )]  # fmt: skip
    run("ingest", folder({"a.jsonl": "\n".join(news)}), db=tmp_path / "x.db")
    lines = run("timeline", "talks", db=tmp_path / "x.db").stdout.splitlines()
    assert lines[0] == "talks: 3 articles by day"
    assert [line.split()[0] for line in lines[1:]] == [
        *("2018-01-01", "2018-01-02", "2018-01-03", "…", "2018-01-31")
    ]
    assert lines[4].split()[1:] == ["27", "days", "without", "any"]


def test_ten_values_of_a_facet_are_printed(tmp_path: Path, folder) -> None:
    news = [f'{{"text": "Talks.", "title": "A{n}", "source": "S{n}"}}' for n in range(12)]
    run("ingest", folder({"a.jsonl": "\n".join(news)}), db=tmp_path / "x.db")
    lines = run("talks", "--facet", "source", "--limit", "0", db=tmp_path / "x.db").stdout
    assert lines.count(" S") == 10
    assert "and 2 more" in lines


def test_a_deleted_search_is_told(tmp_path: Path, folder) -> None:
    run("ingest", folder({"a.txt": "Talks."}), db=tmp_path / "x.db")
    run("save", "mine", "talks", db=tmp_path / "x.db")
    assert run("forget", "mine", db=tmp_path / "x.db").stdout == (
        "Deleted the saved search mine; its articles stay.\n"
    )


def test_what_to_do_after_articles_failed(tmp_path: Path, folder) -> None:
    source = folder({"a.txt": "Talks.", "b.jsonl": "{bad"})
    last = run("ingest", source, db=tmp_path / "x.db").stderr.splitlines()[-1]
    assert "`syriasearch --db" in last
    assert f"ingest --retry {source}` reads that alone." in last


@pytest.mark.parametrize("path", list(help_of(main)), ids=" ".join)
def test_help_fits_a_terminal_of_eighty_columns(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"], terminal_width=80)
    assert [line for line in result.stdout.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("asked", [["--help"], ["-h"], ["search", "--help"], ["search", "-h"]])
def test_help_that_is_longer_than_the_terminal_is_paged(
    monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    paged: list[list[str]] = []
    monkeypatch.setattr("syriasearch.cli.arguments.print_lines", paged.append)
    assert CliRunner().invoke(main, asked).exit_code == 0
    assert paged[0][0].startswith("Usage: ")
