"""Tables as CSV: what programs and spreadsheets read of any result."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import CORPORA

from syriasearch import Archive, OptionError, export_table
from syriasearch.cli import main

FORMULA = "=1+1"


def output_of(*arguments: str) -> str:
    return CliRunner().invoke(main, arguments).stdout


@pytest.mark.parametrize(
    "find",
    [
        lambda archive: archive.timeline("Sochi"),
        lambda archive: archive.network("Sochi"),
        lambda archive: archive.entities("Sochi"),
        lambda archive: archive.search("Sochi"),
    ],
    ids=["timeline", "network", "entities", "page"],
)
def test_a_result_is_a_table_of_its_rows(corpus: Archive, find: Callable[[Archive], Any]) -> None:
    result = find(corpus)
    lines = list(csv.reader(export_table(result)))
    assert lines[0] == [*result.to_rows()[0]]
    assert len(lines) == 1 + len(result.to_rows())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", " =", "＝"])
def test_no_cell_is_a_formula_in_the_header_neither(start: str) -> None:
    (header, row) = csv.reader(export_table([{f"{start}a": f"{start}b", "n": -1}]))
    assert (header, row) == ([f"'{start}a", "n"], [f"'{start}b", "-1"])


def test_no_value_of_another_type_is_a_formula() -> None:
    assert "".join(export_table([{"file": Path("=1+1"), "n": -1.5}])) == "file,n\n'=1+1,-1.5\n"


def test_a_spreadsheet_has_a_byte_order_mark() -> None:
    assert "".join(export_table([{"name": "حلب"}], "spreadsheet")) == "\ufeffname\nحلب\n"
    assert "".join(export_table([], "spreadsheet", columns=["name"])) == "\ufeffname\n"


def test_rows_without_names_take_columns() -> None:
    assert "".join(export_table([(1, "a")], columns=["n", "name"])) == "n,name\n1,a\n"
    with pytest.raises(OptionError, match="columns takes the names of the columns"):
        list(export_table([(1, "a")]))


@pytest.mark.parametrize("rows", [7, "text", {"a": 1}, None])
def test_what_is_no_rows_is_refused(rows: Any) -> None:
    with pytest.raises(OptionError, match=r"rows takes a result with to_rows\(\), or rows, not"):
        export_table(rows)


def test_another_form_is_refused() -> None:
    with pytest.raises(OptionError, match="no form 'xlsx': choose among csv, spreadsheet"):
        export_table([], "xlsx")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "command",
    [("entities",), ("network",), ("timeline", "-Sochi"), ("search", "Sochi"), ("related",)],
    ids=lambda command: command[0],
)
def test_every_list_of_the_command_is_for_spreadsheets(
    corpus_path: Path, command: tuple[str, ...]
) -> None:
    with Archive(corpus_path, readonly=True) as archive:
        slug = archive.search("Sochi").hits[0].article.slug
    arguments = [*command, slug] if command == ("related",) else command
    plain = output_of(*arguments, "--format", "csv", "--db", str(corpus_path))
    sheet = output_of(*arguments, "--format", "spreadsheet", "--db", str(corpus_path))
    assert sheet == "\ufeff" + plain
    assert not any(cell.startswith("-") for cell in next(csv.reader(io.StringIO(plain))))


def test_a_list_of_names_is_screened_for_a_spreadsheet(corpus_path: Path, tmp_path: Path) -> None:
    listed = tmp_path / "names.csv"
    listed.write_text(f"name,note\nJaafari,{FORMULA}\n", encoding="utf-8")
    sheet = output_of("screen", str(listed), "--format", "spreadsheet", "--db", str(corpus_path))
    assert sheet.startswith("\ufeffrow,name,note,")
    assert f",'{FORMULA}," in sheet


def test_the_names_in_a_text_are_listed_for_a_spreadsheet() -> None:
    text = str(next((CORPORA / "default").glob("*.*")))
    sheet = output_of("mentions", text, "--format", "spreadsheet")
    assert sheet.startswith("\ufeffstart,end,")


def test_an_export_without_hits_says_so(corpus_path: Path) -> None:
    result = CliRunner().invoke(main, ["export", "xylophonq", "--db", str(corpus_path)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "No article matches 'xylophonq'.\n"
