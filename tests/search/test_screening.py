"""Screening: who on a list of names is in the archive."""

import json
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syriasearch import Archive, Cluster, OptionError
from syriasearch.cli import main
from syriasearch.entities.names.readings import given_first

NEWS = {
    "one.txt": "---\ntitle: Talks\ndate: 2018-01-27\n---\n\n"
    "Bashar al-Jaafari met Sergei Lavrov in Geneva.",
    "two.txt": "Statement\n\nA spokesman, Dr Wael Sobhi, said that nobody had come.",
    "four.txt": "Report\n\nGen. Manuel Qux, Gen. Umar Zubayr and Gen. Salim bin Qux met."
    " ACX said so.",
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
        ("LAVROV Sergei", "sergei-lavrov", "name"),
        ("Lavrov", "sergei-lavrov", "similar"),
        ("Omar Zubair", "umar-zubayr", "spelling"),
        ("Zubair, Omar", "umar-zubayr", "spelling"),
        ("Umar Hassan Zubayr", "umar-zubayr", "similar"),
        ("Manuela Qux", "manuel-qux", "similar"),
        ("Salim Qux", "salim-bin-qux", "similar"),
        ("ACX", "acx", "similar"),
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
        (b"Assad,Bashar\n", "no column is known to hold names, of Assad, Bashar"),
        (b"name\n\xff\xfe\n", "is not UTF-8 text: save it as CSV in UTF-8"),
        ("name\nLavrov\n".encode("utf-16"), "is not UTF-8 text"),
        ("name\nLavrov\n".encode("utf-16-le"), "has a NUL character"),
        (b"name\nSergei\0Lavrov\n", "has a NUL character"),
        (b'name,id\n"Sergei Lavrov,1\nX,2\n', "is not a CSV file: unexpected end of data"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(
    archive: Archive, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    with pytest.raises(OptionError, match=message):
        list(archive.screen(path))


def test_a_list_that_is_not_there_is_an_error_at_once(archive: Archive, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(OptionError, match="cannot be read"):
            archive.screen(path)


@pytest.mark.parametrize(
    "content",
    [
        b"name;birth\nLavrov, Sergei;1950\n",
        b"name\tbirth\nSergei Lavrov\t1950\n",
        b"\xef\xbb\xbfname\nSergei Lavrov\n",
        b"name\nLavrov, Sergei\n",
        b"Lavrov, Sergei\n",
        b"LAVROV, Sergei\r\n",
        b"name,name\nSergei Lavrov,\n",
        b"Last Name,First Name\nLAVROV,Sergei\n",
        b"colour,Full_Name\nred,Sergei Lavrov,blue,green\n",
        "الاسم\nسيرغي لافروف\n".encode(),
    ],
)
def test_lists_come_in_many_forms(archive: Archive, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    for names in (path, BytesIO(content)):
        ((match,),) = [row.matches for row in archive.screen(names)]
        assert match.entity is not None
        assert match.entity.slug == "sergei-lavrov"


def test_a_text_file_may_have_the_family_name_first(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Lavrov, Sergei\nAll, Nobody At\n", encoding="utf-8")
    assert [bool(row.matches) for row in archive.screen(path)] == [True, False]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name\n", b"name,id\n,1\n,2\n"])
def test_a_list_without_names_has_no_rows(archive: Archive, content: bytes) -> None:
    assert list(archive.screen(BytesIO(content))) == []


def test_a_name_that_is_listed_twice_is_found_twice(archive: Archive) -> None:
    first, second = archive.screen(["Sergei Lavrov", "Sergei Lavrov"])
    assert first.matches == second.matches
    assert [first.row, second.row] == [1, 2]


def test_a_text_is_not_a_name(archive: Archive) -> None:
    rows = list(archive.screen([{"name": "Sergei Lavrov " * 700}, {"name": "x" * 10_000}]))
    assert [row.matches for row in rows] == [(), ()]


@pytest.mark.parametrize(
    ("birth", "is_too_late"),
    [
        ("1950-03-21", False),
        ("21 March 2015", True),
        ("circa 2012-2015", True),
        ("1990; 2015", False),
        ("٢٠١٥/٣/٢١", True),
        ("1436", False),
        ("12/03/65", False),
        ("unknown", False),
    ],
)
def test_a_date_of_birth_may_be_written_in_many_ways(
    archive: Archive, birth: str, is_too_late: bool
) -> None:
    (row,) = archive.screen([{"name": "Bashar al-Jaafari", "born": birth}])
    assert ("too early" in row.matches[0].note) is is_too_late


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("Sergei Lavrov", ""),
        ("Umar Zubayr", "known by this name only: it may be a namesake"),
        ("Umar Hassan Zubayr", "without a part of the name"),
        ("Salim Qux", "with bin or ibn in one name only"),
        ("Manuela Qux", "a spelling of the name, or another name"),
        ("Lavrov", "only one word of a name"),
        ("ACX", "an acronym, which may be short for something else"),
        ("had come", "in small letters, so hardly a name"),
    ],
)
def test_a_note_says_what_speaks_against_a_match(archive: Archive, name: str, note: str) -> None:
    (row,) = archive.screen([name])
    assert row.matches[0].note == note


def test_a_ship_is_no_entity(archive: Archive) -> None:
    (row,) = archive.screen([{"name": "Sergei Lavrov", "type": "Vessel"}])
    assert [match.certainty for match in row.matches] == ["words"]


def test_fields_of_a_list_are_known(archive: Archive) -> None:
    with pytest.raises(OptionError, match="a list has no 'colour': there are name, given"):
        list(archive.screen(["x"], columns={"colour": "Nom"}))
    with pytest.raises(OptionError, match="has no column 'Nom': there are name"):
        archive.screen(BytesIO(b"name,id\nx,1\n"), columns={"name": "Nom"})


def test_a_long_list_is_read_and_answered_row_by_row(archive: Archive) -> None:
    def names() -> Iterator[str]:
        for number in range(200_000):
            yield f"Nobody {number % 50} At"

    rows = archive.screen(names())
    tracemalloc.start()
    for _ in range(20_000):
        next(rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=12))
def test_any_row_can_be_looked_up(archive: Archive, name: str, alias: str, birth: str) -> None:
    for row in archive.screen([{"name": name, "aliases": alias, "birth": birth, "type": birth}]):
        assert len(row.matches) <= 3


def test_an_archive_without_articles_has_nobody(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    archive = Archive(tmp_path / "x.db")
    archive.ingest(tmp_path / "none")
    assert [row.matches for row in archive.screen(["Sergei Lavrov", "Nobody At All"])] == [(), ()]


def test_a_cluster_finds_whom_its_archive_finds(archive: Archive, tmp_path: Path) -> None:
    names = ["Sergei Lavrov", "Omar Zubair", "nobody had come", "Nobody At All", "Lavrov"]
    Cluster(tmp_path / "x.toml").split(archive.path, 2)
    whole = [row.to_dict() for row in archive.screen(names)]
    with Archive(tmp_path / "x.toml") as cluster:
        assert [row.to_dict() for row in cluster.screen(names)] == whole


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


def test_json_is_printed_row_by_row_and_is_whole(archive: Archive) -> None:
    for names in ("", "name\nSergei Lavrov\nNobody At All\n"):
        result = CliRunner().invoke(
            main, ["screen", "-", "--db", str(archive.path), "--format", "json"], input=names
        )
        body = json.loads(result.stdout)
        assert body["version"] == 1
        assert len(body["rows"]) == max(0, names.count("\n") - 1)


def test_text_has_the_address_of_each_passage(archive: Archive) -> None:
    result = CliRunner().invoke(
        main, ["screen", "-", "--db", str(archive.path)], input="name\nSergei Lavrov\n"
    )
    assert "Sergei Lavrov, Russia's foreign minister" in result.stdout
    assert "2018-01-27-talks" in result.stdout or "undated" in result.stdout


def test_the_exit_status_says_that_nobody_was_found(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name\nNobody At All\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["screen", str(path), "--db", str(archive.path)]).exit_code == 1


@pytest.mark.parametrize("path", ["\ud800", "a\0b"])
def test_what_cannot_be_a_path_is_told(corpus: Archive, path: str) -> None:
    with pytest.raises(OptionError, match="cannot be the path of a file"):
        corpus.screen(path)
