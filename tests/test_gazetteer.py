"""The list of entities that ships with the package."""

from collections import Counter
from pathlib import Path

import pytest

from syriasearch import GazetteerError
from syriasearch.entities.gazetteer import (
    COLUMNS,
    DATA,
    FILES,
    Gazetteer,
    default_gazetteer,
    read_entities,
)
from syriasearch.lexicon import STOP_WORDS
from syriasearch.text import has_arabic, terms

ENTITIES = default_gazetteer().entities


def test_it_holds_the_people_bodies_groups_and_places_of_this_diplomacy() -> None:
    assert len(ENTITIES) >= 150
    assert set(Counter(entity.type for entity in ENTITIES)) == set(FILES.values())


def test_most_entities_have_an_arabic_name() -> None:
    named = [entity for entity in ENTITIES if any(map(has_arabic, entity.aliases))]
    assert len(named) > 0.9 * len(ENTITIES)


def test_no_alias_stands_twice_in_an_entity() -> None:
    twice = [
        (entity.slug, key)
        for entity in ENTITIES
        for key, count in Counter(
            (" ".join(terms(alias)), alias.isupper()) for alias in (entity.name, *entity.aliases)
        ).items()
        if count > 1
    ]
    assert twice == []


def test_no_alias_is_a_stop_word_unless_it_is_an_acronym() -> None:
    common = [
        alias
        for entity in ENTITIES
        for alias in (entity.name, *entity.aliases)
        if " ".join(terms(alias)) in STOP_WORDS and not alias.isupper()
    ]
    assert common == []


def test_slugs_are_lower_case_ascii() -> None:
    assert all(
        entity.slug == entity.slug.lower() and entity.slug.replace("-", "").isalnum()
        for entity in ENTITIES
    )


def test_every_file_of_the_folder_is_read() -> None:
    assert {path.name for path in DATA.glob("*.csv")} == set(FILES)


def gazetteer_file(folder: Path, *rows: str) -> Path:
    path = folder / "places.csv"
    path.write_text("# what it is\n" + ",".join(COLUMNS) + "\n" + "\n".join(rows) + "\n")
    return path


def test_aliases_are_separated_by_bars(tmp_path: Path) -> None:
    path = gazetteer_file(tmp_path, "homs,Homs,A city,,34.7,36.7,Hims|حمص,GeoNames 1")
    (entity,) = read_entities(path, "place")
    assert (entity.name, entity.aliases) == ("Homs", ("Hims", "حمص"))
    assert (entity.latitude, entity.longitude) == (34.7, 36.7)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("homs,Homs,,,,,,", "places.csv line 3: slug, name and source must not be empty"),
        ("homs,Homs,,,,,H,GeoNames 1", "places.csv line 3: the alias 'H' is too short to be found"),
        ("homs,Homs,,,95,36,,GeoNames 1", "places.csv line 3: '95' is not a coordinate"),
        ("homs,Homs,,,x,36,,GeoNames 1", "places.csv line 3: 'x' is not a coordinate"),
        ("homs,Homs", "places.csv line 3: a row has 8 columns"),
        ("homs,Homs,,,,,,a,b", "places.csv line 3: a row has 8 columns"),
    ],
)
def test_a_row_that_cannot_be_used_names_its_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(GazetteerError, match=message):
        list(read_entities(gazetteer_file(tmp_path, row), "place"))


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("slug,title\nhoms,Homs\n")
    with pytest.raises(GazetteerError, match=r"the columns must be slug,name,description"):
        list(read_entities(path, "place"))


def test_two_entities_cannot_share_a_slug() -> None:
    with pytest.raises(GazetteerError, match="two entities of the gazetteer have the slug"):
        Gazetteer((ENTITIES[0], ENTITIES[0]))
