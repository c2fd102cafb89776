"""What the commands print that correct single names, and their exit status."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syriasearch import Archive
from syriasearch.cli import main

ARTICLE = "2018-03-03-delegates-left-the-hall-in-sochi-after-one-day"


@pytest.fixture
def db(corpus_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(corpus_path, tmp_path / "corpus.db"))


def run(*arguments: object, db: Path) -> Result:
    return CliRunner().invoke(main, ["entity", *map(str, arguments), "--db", str(db)])


def test_an_article_names_another(db: Path) -> None:
    result = run("not", "sochi", "--article", "2018-03-03-delegates", db=db)
    assert result.stdout == f"1: not sochi, in {ARTICLE}\n"
    assert result.stderr.endswith("entity undo 1` takes it back.\n")
    with Archive(db, readonly=True) as archive:
        assert "sochi" not in {each.slug for each in archive.article(ARTICLE).entities}


def test_one_mention_is_that_which_json_numbers(db: Path) -> None:
    shown = CliRunner().invoke(main, ["show", ARTICLE, "--format", "json", "--db", str(db)])
    mention = next(
        mention
        for paragraph in json.loads(shown.stdout)["paragraphs"]
        for mention in paragraph["mentions"]
        if mention["entity"]["slug"] == "sochi"
    )
    place = ("--article", ARTICLE, "--occurrence", mention["occurrence"])
    owner = ("--is", "Sochi Park", "--type", "place")
    result = run("not", "sochi", mention["surface"], *place, *owner, db=db)
    number = mention["occurrence"]
    assert result.stdout == (
        f"1: not sochi, but sochi-park, in {ARTICLE}: Sochi, occurrence {number}\n"
    )
    assert run("undo", db=db).stdout.startswith("Undone: 1: not sochi, but sochi-park")


def test_a_split_moves_by_article(db: Path) -> None:
    owner = ("--to", "Sochi Park", "--type", "place")
    result = run("split", "sochi", "--article", ARTICLE, *owner, db=db)
    assert result.stdout == f"1: not sochi, but sochi-park, in {ARTICLE}\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("not", "sochi"), "say where that is not the entity"),
        (("not", "sochi", "--article", "nothing"), "there is no article 'nothing'"),
        (("not", "sochi", "--source", "X"), "a source needs a spelling"),
        (("not", "sochi", "Sochi", "--source", "X"), "no article has the source 'X'"),
        (("not", "sochi", "--article", ARTICLE, "--type", "place"), "a type is that of a new"),
        (("not", "sochi", "--article", ARTICLE, "--occurrence", "two"), "is not a valid integer"),
        (("split", "sochi", "--to", "Geneva"), "a split needs a spelling at least"),
    ],
)
def test_what_cannot_be_says_so_in_a_line(db: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments, db=db)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_an_archive_that_is_being_written_says_so(db: Path) -> None:
    with Archive(db) as archive, archive._batch():
        result = run("not", "sochi", "--article", ARTICLE, db=db)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "another process is writing" in result.stderr
