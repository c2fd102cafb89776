"""Why a name is taken for an entity, on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from syriasearch.cli import main

SLUG = "2018-03-03-delegates-left-the-hall-in-sochi-after-one-day"


def run(corpus_path: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, [*arguments, "--db", str(corpus_path)])
    assert result.exit_code == 0
    return result.stdout


def test_the_names_of_each_paragraph_say_why(corpus_path: Path) -> None:
    lines = run(corpus_path, "show", SLUG, "--why").splitlines()
    assert "    Sochi: Sochi, place [sochi]: a known name, of nobody else" in lines


def test_without_it_the_text_is_as_it_was(corpus_path: Path) -> None:
    assert "a known name" not in run(corpus_path, "show", SLUG)


@pytest.mark.parametrize("arguments", [[], ["--why"]])
def test_json_says_why_anyway(corpus_path: Path, arguments: list[str]) -> None:
    body = json.loads(run(corpus_path, "show", SLUG, "--format", "json", *arguments))
    mentions = [each for paragraph in body["paragraphs"] for each in paragraph["mentions"]]
    assert mentions
    assert all(each["why"] and "reason" in each for each in mentions)


def test_the_spellings_of_an_entity_say_why(corpus_path: Path) -> None:
    lines = run(corpus_path, "entity", "bashar-al-jaafari", "--why").splitlines()
    start = lines.index("Why these spellings")
    assert any("a known name of Bashar al-Jaafari" in line for line in lines[start : start + 9])


def test_the_reasons_of_a_spelling_add_up(corpus_path: Path) -> None:
    body = json.loads(run(corpus_path, "entity", "bashar-al-jaafari", "--format", "json"))
    assert body["spellings"]
    for spelling in body["spellings"]:
        assert sum(each["mentions"] for each in spelling["reasons"]) == spelling["mentions"]
