"""Screening: who on a list of names is in the archive."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from syriasearch import Archive, OptionError
from syriasearch.cli import main
from syriasearch.entities.names.readings import given_first

NEWS = {
    "one.txt": "---\ntitle: Talks\ndate: 2018-01-27\n---\n\n"
    "Bashar al-Jaafari met Sergei Lavrov in Geneva.",
    "two.txt": "Statement\n\nA spokesman, Dr Wael Sobhi, said that nobody had come.",
    "three.txt": "خبر\n\nقال وزير الخارجية الروسي سيرغي لافروف إن المحادثات ستستمر.",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("news")
    for name, text in NEWS.items():
        (folder / name).write_text(text, encoding="utf-8")
    archive = Archive(folder / "x.db")
    archive.ingest(folder)
    return archive


@pytest.mark.parametrize(
    ("name", "slug", "certainty"),
    [
        ("Sergei Lavrov", "sergei-lavrov", "name"),
        ("SERGEI LAVROV", "sergei-lavrov", "name"),
        ("Lavrov, Sergei", "sergei-lavrov", "name"),
        ("سيرغي لافروف", "sergei-lavrov", "name"),
        ("Sergey Lawrow", "sergei-lavrov", "spelling"),
        ("Bashar Jaffary", "bashar-al-jaafari", "spelling"),
        ("Lavrov", "sergei-lavrov", "similar"),
    ],
)
def test_a_name_is_found_in_any_spelling(
    archive: Archive, name: str, slug: str, certainty: str
) -> None:
    ((match,),) = [row.matches for row in archive.screen([name])]
    assert match.entity is not None
    assert (match.entity.slug, match.certainty) == (slug, certainty)


@pytest.mark.parametrize("name", ["Fabiana Miranda", "Ахмед Иванов", "X", "123", "Igor Lavrov"])
def test_a_stranger_is_nobody(archive: Archive, name: str) -> None:
    (row,) = archive.screen([name])
    assert [match for match in row.matches if match.certainty in ("name", "spelling")] == []


def test_a_match_has_its_articles_and_the_best_passage(archive: Archive) -> None:
    (row,) = archive.screen(["Sergei Lavrov"])
    (match,) = row.matches
    assert match.articles == 2
    assert match.article is not None
    assert match.passage is not None
    assert match.passage.highlights


def test_an_alias_of_the_list_counts(archive: Archive) -> None:
    row = {"name": "Unknown Person", "aliases": "Nobody At All; Sergei Lavrov"}
    ((match,),) = [each.matches for each in archive.screen([row])]
    assert match.written == "Sergei Lavrov"


def test_a_type_narrows(archive: Archive) -> None:
    rows = [{"name": "Geneva", "type": kind} for kind in ("place", "person", "", "yacht")]
    assert [bool(row.matches) for row in archive.screen(rows)] == [True, False, True, True]


def test_a_birth_after_the_articles_speaks_against_it(archive: Archive) -> None:
    ((match,),) = [
        row.matches
        for row in archive.screen([{"name": "Bashar al-Jaafari", "date of birth": "2015-03-01"}])
    ]
    assert (match.certainty, match.note) == (
        "similar",
        "named in 2018: too early for somebody born in 2015",
    )


def test_words_side_by_side_are_no_entity(archive: Archive) -> None:
    ((match,),) = [row.matches for row in archive.screen(["nobody had come"])]
    assert (match.entity, match.certainty, match.articles) == (None, "words", 1)


def test_empty_rows_are_passed_over_and_numbers_stay(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("id,Full Name,colour\n1,,red\n,,\n3,Sergei Lavrov,blue\n", encoding="utf-8")
    (row,) = archive.screen(path)
    assert (row.row, row.name, row.values["colour"]) == (3, "Sergei Lavrov", "blue")


def test_a_file_without_a_header_has_names(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Sergei Lavrov\nNobody At All\nSergei Lavrov\n", encoding="utf-8")
    assert [bool(row.matches) for row in archive.screen(path)] == [True, False, True]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"colour,id\nred,1\n", "no column is known to hold names, of colour, id"),
        (b"name\n\xff\xfe\n", "is not UTF-8 text"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(
    archive: Archive, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    with pytest.raises(OptionError, match=message):
        list(archive.screen(path))


def test_columns_name_a_column(archive: Archive) -> None:
    rows = [{"Nom": "Sergei Lavrov"}]
    assert [bool(row.matches) for row in archive.screen(rows, columns={"name": "Nom"})] == [True]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Assad, Bashar", "Bashar Assad"),
        ("Assad, Bashar al-", "Bashar al- Assad"),
        ("Bashar Assad", "Bashar Assad"),
        ("Acme Trading, Ltd", "Acme Trading, Ltd"),
        ("King, Jr.", "King, Jr."),
        ("one, two, three", "one, two, three"),
        (", x", "x"),
    ],
)
def test_a_family_name_in_front_is_put_behind(written: str, name: str) -> None:
    assert given_first(written).strip() == name


def test_the_command_prints_a_line_for_each_match(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,ref\nSergei Lavrov,a\nNobody At All,b\n", encoding="utf-8")
    result = CliRunner().invoke(
        main, ["screen", str(path), "--db", str(archive.path), "--format", "csv"]
    )
    header, first, second = result.stdout.splitlines()
    assert header.startswith("row,name,ref,match,type,")
    assert first.startswith("1,Sergei Lavrov,a,sergei-lavrov,person,")
    assert second == "2,Nobody At All,b" + "," * 13
    assert result.exit_code == 0


def test_the_exit_status_says_that_nobody_was_found(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name\nNobody At All\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["screen", str(path), "--db", str(archive.path)]).exit_code == 1
