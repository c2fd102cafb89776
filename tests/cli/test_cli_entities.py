"""What the commands print of people, groups and places, and their exit status."""

import csv
import io
import json
import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from syriasearch import Archive
from syriasearch.cli import main


def run(*arguments: object, db: Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--db", str(db)])


@pytest.fixture(scope="module")
def db(samples: Archive) -> Path:
    return samples.path


def test_what_is_no_command_is_a_name(db: Path) -> None:
    assert run("entity", "Jaafari", db=db).stdout == run("entity", "show", "Jaafari", db=db).stdout


def test_a_profile_tells_who_it_is(corpus_path: Path) -> None:
    result = run("entity", "Jaafari", "--limit", "1", db=corpus_path)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:5] == [
        "Bashar al-Jaafari · person · bashar-al-jaafari",
        "Syria's ambassador to the United Nations, head of its delegation at the talks",
        "4 mentions in 2 articles",
        "",
        "spelt      Bashar al-Ja’afari 1, Jaafari 1, الجعفري 1, بشار الجعفري 1",
    ]
    assert lines[5].startswith("also       Bashar Jaafari, ")
    assert "Articles over time\n2018-03-03  ████ 1\n2018-03-04   0\n" in result.stdout
    assert "Sochi (place)                                        2           2\n" in result.stdout
    assert "\nLatest\n 1. الجعفري يتحدث عن سوتشي\n" in result.stdout


def test_several_words_are_one_name(db: Path) -> None:
    assert run("entity", "Bashar", "Jaafari", db=db).exit_code == 0


def test_whoever_has_the_name_is_listed(db: Path) -> None:
    result = run("entity", "SNC", db=db)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "Error: 3 entities are named 'SNC':",
        "  syrian-negotiations-commission  Syrian Negotiations Commission (organization), "
        "6 articles",
        "  syrian-national-coalition       Syrian National Coalition (organization), 1 article",
        "  syrian-national-council         Syrian National Council (organization), 1 article",
        "Ask for one by its slug: `syriasearch entity syrian-negotiations-commission`.",
    ]


def test_names_like_it_are_offered(db: Path) -> None:
    result = run("entity", "Jaatari", db=db)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "Error: there is no entity 'Jaatari' in the archive.",
        "Did you mean:",
        "  bashar-al-jaafari  Bashar al-Jaafari (person), 10 articles",
    ]


def test_where_nobody_is_like_it_the_list_is_named(db: Path) -> None:
    assert "`syriasearch entities` lists all" in run("entity", "xq", db=db).stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("entity", "Sochi"), 0),
        (("entity", "Sochi", "--after", "2030"), 1),
        (("entity", "Zeppelin"), 2),
        (("entity", ""), 2),
        (("entity", "  "), 2),
        (("entity", "Sochi", "--limit", "-1"), 2),
        (("entities",), 0),
        (("entities", "zeppelin"), 1),
        (("entities", "--type", "animal"), 2),
        (("entities", "--limit", "-1"), 2),
        (("entities", "--nope"), 2),
        (("network", "Sochi"), 0),
        (("network", "zeppelin"), 1),
        (("network", "--limit", "-1"), 2),
        (("network", "--pairs", "-1"), 2),
        (("network", "--type", "animal"), 2),
    ],
)
def test_the_exit_status_tells_whether_there_is_somebody(
    db: Path, arguments: tuple[str, ...], status: int
) -> None:
    result = run(*arguments, db=db)
    assert result.exit_code == status
    assert "Traceback" not in result.stderr


def test_a_profile_as_json(db: Path) -> None:
    profile = json.loads(run("entity", "Sochi", "--format", "json", db=db).stdout)
    assert (profile["version"], profile["entity"]["slug"]) == (1, "sochi")
    assert profile["latest"][0]["passages"][0]["highlights"]


def test_entities_are_a_table(corpus_path: Path) -> None:
    lines = run("entities", "--limit", "2", db=corpus_path).stdout.splitlines()
    assert lines[:3] == [
        "articles  mentions",
        "       3         4  Sochi · place · sochi",
        "       2         4  Bashar al-Jaafari · person · bashar-al-jaafari",
    ]
    assert lines[3].startswith("2 of 14 entities in 6 articles, in ")


def test_what_is_peculiar_has_its_measure(corpus_path: Path) -> None:
    lines = run("entities", "maps", "--sort", "association", db=corpus_path).stdout.splitlines()
    assert lines[0] == "articles  mentions  association"
    assert lines[1] == "       1         2          5.4  Afrin · place · afrin"


def test_a_query_of_entities_can_leave_a_word_out(corpus_path: Path) -> None:
    text = run("entities", "Sochi", "-Jaafari", "--format", "jsonl", db=corpus_path).stdout
    assert "bashar-al-jaafari" not in [json.loads(line)["slug"] for line in text.splitlines()]


def test_entities_as_csv_and_json(corpus_path: Path) -> None:
    table = run("entities", "maps", "--format", "csv", db=corpus_path).stdout
    assert [row["slug"] for row in csv.DictReader(io.StringIO(table))] == ["afrin", "azaz"]
    page = json.loads(run("entities", "maps", "--format", "json", db=corpus_path).stdout)
    assert (page["version"], page["total"], page["articles"]) == (1, 2, 1)


def test_a_network_is_told_by_its_strongest_pairs(corpus_path: Path) -> None:
    lines = run("network", "--pairs", "1", db=corpus_path).stdout.splitlines()
    assert lines[:2] == [
        "articles  paragraphs  association",
        "       2           2          3.8  Bashar al-Jaafari – Sochi",
    ]
    assert lines[2].startswith("1 of 19 pairs of 14 entities in 6 articles, in ")


def test_a_network_goes_into_other_programs(corpus_path: Path) -> None:
    table = run("network", "--format", "csv", "--min-weight", "2", db=corpus_path).stdout
    assert table == (
        "source,target,weight,paragraphs,association,source_name,target_name\n"
        "bashar-al-jaafari,sochi,2,2,3.819,Bashar al-Jaafari,Sochi\n"
    )
    graph = ElementTree.fromstring(run("network", "--format", "graphml", db=corpus_path).stdout)
    assert graph.tag.endswith("}graphml")
    links = json.loads(run("network", "--format", "json", db=corpus_path).stdout)["links"]
    assert len(links) == 19


def test_names_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    db = tmp_path / "x.db"
    (tmp_path / "a.txt").write_text("A\n\nHoms and Idlib.")
    run("ingest", tmp_path / "a.txt", db=db)
    connection = sqlite3.connect(db)
    connection.execute("UPDATE entities SET name = name || char(27) || '[31m' || char(10)")
    connection.execute("UPDATE mentions SET surface = surface || char(27) || '[31m'")
    connection.commit()
    connection.close()
    for arguments in (("entity", "homs"), ("entities",), ("network",), ("entity", "hons")):
        result = run(*arguments, db=db)
        assert "\x1b" not in result.stdout + result.stderr


def test_places_of_one_name_are_told_apart(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text(
        "slug,type,name,aliases,description\n"
        "one-town,place,Newtown,,A town in the north\n"
        "other-town,place,Newtown,,A town in the south\n",
        encoding="utf-8",
    )
    with Archive(tmp_path / "news.db") as archive:
        archive.ingest([{"text": "They met in Newtown."}], name="news", gazetteer=[names])
    told = run("entity", "Newtown", db=tmp_path / "news.db").stderr
    assert "  one-town    Newtown (place), 1 article: A town in the north\n" in told
