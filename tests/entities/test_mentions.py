"""Who is named in a text, without an archive: the function, the command, and spaCy beside them."""

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, assert_sound, needs_shared

from syriasearch import Archive, GazetteerError, OptionError, RecognizerError, find_mentions
from syriasearch.cli import main

TEXT = "Lavrov went to Sochi on Monday.\n\nRyan Dillon stayed."


def run(*arguments: str, text: str = TEXT) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["mentions", *arguments], input=text)
    return result.exit_code, result.stdout, result.stderr


def test_offsets_are_those_of_the_whole_text() -> None:
    found = find_mentions(TEXT)
    assert [TEXT[each.start : each.end] for each in found] == ["Lavrov", "Sochi", "Ryan Dillon"]


def test_the_gazetteer_alone_finds_what_it_holds() -> None:
    found = find_mentions(TEXT, recognizer="gazetteer")
    assert [each.surface for each in found] == ["Lavrov", "Sochi"]


def test_a_users_gazetteer_adds_names(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name,type\nstayed,event\n")
    assert find_mentions(TEXT, gazetteer=[path])[-1].entity.slug == "stayed"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"recognizer": "magic"}, RecognizerError, "there is no recognizer 'magic'"),
        ({"recognizer": "spacy:"}, RecognizerError, "there is no recognizer 'spacy:'"),
        ({"gazetteer": ["none.csv"]}, GazetteerError, "none.csv: there is no such file"),
    ],
)
def test_what_cannot_find_names_is_told(arguments: dict, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        find_mentions(TEXT, **arguments)


@pytest.mark.parametrize("published", ["soon", "2018-13-01", "", 2018])
def test_the_day_of_a_text_is_a_day(published: object) -> None:
    with pytest.raises(OptionError, match="published takes a day such as 2018-01-27"):
        find_mentions(TEXT, published=published)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [None, b"Sochi", 7])
def test_only_a_text_is_read(text: object) -> None:
    with pytest.raises(OptionError, match="find_mentions takes a text"):
        find_mentions(text)  # type: ignore[arg-type]


def test_the_command_prints_a_line_a_name() -> None:
    assert run("-") == (
        0,
        "0-6 Lavrov: person Sergei Lavrov [sergei-lavrov]\n"
        "15-20 Sochi: place [sochi]\n"
        "33-44 Ryan Dillon: person [ryan-dillon] (a person: "
        "each word of it is a first name or a family name)\n",
        "",
    )


def test_the_command_prints_json_and_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    document = json.loads(run(str(path), "--format", "json")[1])
    lines = run("-", "--format", "jsonl")[1].splitlines()
    rows = list(csv.DictReader(io.StringIO(run("-", "--format", "csv")[1])))
    assert document["version"] == 1
    assert document["mentions"] == list(map(json.loads, lines))
    assert [row["slug"] for row in rows] == [each["slug"] for each in document["mentions"]]
    assert document["mentions"][1] == {
        "start": 15,
        "end": 20,
        "surface": "Sochi",
        "type": "place",
        "slug": "sochi",
        "name": "Sochi",
        "recognizer": "gazetteer",
        "reason": None,
    }


def test_nobody_is_status_one() -> None:
    assert run("-", text="nobody at all") == (
        1,
        "",
        "No names found.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "--recognizer", "magic"], "there is no recognizer 'magic'"),
        (["-", "--gazetteer", "none.csv"], "none.csv: there is no such file"),
        (["none.txt"], "No such file"),
        ([str(ROOT / "syriasearch/entities/data/name_parts.txt.gz")], "is not UTF-8 text"),
    ],
)
def test_what_the_command_cannot_read_is_one_line(arguments: list[str], message: str) -> None:
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert message in errors


def test_a_pipeline_of_spacy_adds_what_it_finds(pipeline: str) -> None:
    found = find_mentions(
        "Lavrov met Zed Qux on Monday.\n\nQux left.", recognizer=f"spacy:{pipeline}"
    )
    assert [(each.surface, each.entity.slug) for each in found] == [
        ("Lavrov", "sergei-lavrov"),
        ("Zed Qux", "zed-qux"),
        ("Qux", "zed-qux"),
    ]
    assert {each.recognizer for each in found} == {"gazetteer", f"spacy:{pipeline}"}


def test_what_the_gazetteer_knows_stays_what_it_is(pipeline: str) -> None:
    (sochi,) = find_mentions("in Sochi", recognizer=f"spacy:{pipeline}")
    assert sochi.entity.type == "place"


def test_a_longer_name_of_a_pipeline_wins(pipeline: str) -> None:
    (jones,) = find_mentions("said Sochi Jones", recognizer=f"spacy:{pipeline}")
    assert (jones.surface, jones.entity.type) == ("Sochi Jones", "person")


def test_a_pipeline_that_there_is_not_is_told(pipeline: str) -> None:
    with pytest.raises(RecognizerError, match="spaCy has no pipeline 'none': install it with"):
        find_mentions(TEXT, recognizer="spacy:none")


def test_spacy_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(RecognizerError, match=r"pip install 'spacy>=3\.7'"):
        find_mentions(TEXT, recognizer="spacy:en_core_web_sm")


@needs_shared
@pytest.mark.parametrize(
    ("beginning", "acronym", "slug"),
    [
        ("000", "HNC", "high-negotiations-committee"),
        ("000", "SNC", "syrian-national-coalition"),
        ("003", "NSC", "syrian-negotiations-commission"),
        ("003", "CNS", "syrian-negotiations-commission"),
    ],
)
def test_an_acronym_is_that_of_the_body_which_the_article_means(
    beginning: str, acronym: str, slug: str
) -> None:
    (path,) = (ROOT.parent / "shared" / "seeds").glob(f"{beginning}*.txt")
    found = find_mentions(path.read_text(encoding="utf-8"))
    assert {each.entity.slug for each in found if each.surface == acronym} == {slug}


def recognizers(archive: Archive) -> set[str]:
    mentions = (
        mention
        for paragraph in archive.article("talks").paragraphs
        for mention in paragraph.mentions
    )
    return {mention.recognizer for mention in mentions}


TALKS = "Talks\n\nLavrov met Zed Qux and Ryan Dillon."


def test_an_archive_keeps_what_recognizes_its_names(
    archive: Archive, folder: Callable[..., Path], pipeline: str
) -> None:
    archive.ingest(folder({"a.txt": TALKS}), recognizer=f"spacy:{pipeline}")
    assert recognizers(archive) == {"gazetteer", f"spacy:{pipeline}"}
    archive.ingest(folder({"a.txt": TALKS + " And Sochi."}))
    assert recognizers(archive) == {"gazetteer", f"spacy:{pipeline}"}


def test_another_recognizer_is_taken_at_the_next_reindex(
    archive: Archive, folder: Callable[..., Path]
) -> None:
    archive.ingest(folder({"a.txt": TALKS}))
    assert recognizers(archive) == {"gazetteer", "rules"}
    assert archive.reindex(recognizer="gazetteer").changed == 1
    assert recognizers(archive) == {"gazetteer"}
    assert archive.reindex().changed == 0
    assert_sound(archive.path)


def test_a_recognizer_that_there_is_not_changes_nothing(
    archive: Archive, folder: Callable[..., Path]
) -> None:
    archive.ingest(folder({"a.txt": TALKS}))
    for run in (archive.reindex, lambda **given: archive.ingest(folder({}), **given)):
        with pytest.raises(RecognizerError):
            run(recognizer="magic")
    assert archive.reindex().changed == 0


@pytest.mark.parametrize("options", [{"recognizer": 5}, {"recognizer": None}, {"gazetteer": 5}])
def test_what_is_no_option_is_told(options: dict) -> None:
    with pytest.raises(OptionError):
        find_mentions(TEXT, **options)
