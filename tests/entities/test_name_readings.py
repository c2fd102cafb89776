"""Readings of a name: which other ways of writing it are understood."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import find_mentions
from syriasearch.entities.names import readings
from syriasearch.entities.names.readings import attached, detached, given_first, is_acronym, turned


def test_the_examples_are_true() -> None:
    assert doctest.testmod(readings).failed == 0


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("Assad, Bashar", "Bashar Assad"),
        ("الأسد، بشار", "بشار الأسد"),
        ("AL ZAWAHIRI, Dr. Ayman", "Ayman AL ZAWAHIRI"),
        ("BIN LADEN Usama", "Usama BIN LADEN"),
        ("Bashar ASSAD", "Bashar ASSAD"),
        ("BASHAR ASSAD", "BASHAR ASSAD"),
        ("JK Rowling", "JK Rowling"),
        ("Assad, Bashar, Hafez", "Assad, Bashar, Hafez"),
        ("Smith, John, Jr.", "John Smith"),
        ("Smith, Inc", "Smith, Inc"),
        (", Bashar", "Bashar"),
    ],
)
def test_the_given_name_comes_first(written: str, usual: str) -> None:
    assert given_first(written) == usual


@given(st.text())
def test_any_text_has_a_usual_order_which_stays(name: str) -> None:
    assert isinstance(given_first(given_first(name)), str)


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("AlJubeir", "Al-Jubeir"),
        ("Bashar AlAssad", "Bashar Al-Assad"),
        ("AsSisi", "As-Sisi"),
        ("ElBaradei", "El-Baradei"),
        ("AnSisi", "AnSisi"),
        ("Albania", "Albania"),
        ("McAllister", "McAllister"),
    ],
)
def test_capitals_part_an_article_from_its_word(name: str, apart: str) -> None:
    assert detached(name) == apart


def test_an_article_in_small_letters_may_be_part_of_a_word() -> None:
    assert list(attached("Bashar Aljaafari")) == [("bashar jaafari", "jaafari")]
    assert list(attached("Elias Ali")) == []


def test_a_family_name_may_have_several_words() -> None:
    assert [key for key, *_ in turned(["de", "Mistura", "Staffan"])] == [
        "mistura staffan de",
        "staffan de mistura",
    ]


@pytest.mark.parametrize(
    ("alias", "person", "acronym"),
    [
        ("SNC", False, True),
        ("UNICEF", False, True),
        ("UNSCR 2254", False, True),
        ("MBS", True, True),
        ("HASSAN", True, False),
        ("WALID MUALLEM", True, False),
        ("FREE SYRIAN ARMY", False, False),
        ("AL QAIDA", False, False),
        ("Walid", True, False),
        ("الأسد", True, False),
    ],
)
def test_capitals_are_an_acronym_or_only_capitals(alias: str, person: bool, acronym: bool) -> None:
    assert is_acronym(alias, person=person) == acronym


@pytest.mark.parametrize(
    "row", ["Wael Sobhi Khalil", "WAEL SOBHI KHALIL", "KHALIL, Wael Sobhi", "KHALIL Wael Sobhi"]
)
def test_a_users_person_is_found_however_the_list_writes_names(
    row: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("names") / "mine.csv"
    path.write_text(f'slug,name,type\nlisted,"{row}",person\n', encoding="utf-8")
    for text in ("Here Wael Sobhi Khalil spoke.", "HERE WAEL SOBHI KHALIL SPOKE."):
        (mention,) = find_mentions(text, gazetteer=path)
        assert mention.entity.slug == "listed"
