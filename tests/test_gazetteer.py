"""The list of entities that ships with the package."""

from collections import Counter
from pathlib import Path

import pytest

from syriasearch import Entity, GazetteerError
from syriasearch.entities.gazetteer import (
    COLUMNS,
    DATA,
    DEMONYMS,
    FILES,
    Gazetteer,
    default_gazetteer,
    demonyms,
    extend_gazetteer,
    read_entities,
)
from syriasearch.lexicon import STOP_WORDS
from syriasearch.text import has_arabic, terms

ENTITIES = default_gazetteer().entities


def test_it_holds_the_people_bodies_groups_and_places_of_this_diplomacy() -> None:
    assert len(ENTITIES) >= 150
    assert set(Counter(entity.type for entity in ENTITIES)) == set(FILES.values())


def test_most_entities_have_an_arabic_name() -> None:
    # The places are the world's, not only this conflict's.
    entities = [entity for entity in ENTITIES if entity.type != "place"]
    named = [entity for entity in entities if any(map(has_arabic, entity.aliases))]
    assert len(named) > 0.9 * len(entities)


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
    assert {path.name for path in DATA.glob("*.csv")} == {*FILES, DEMONYMS}


def test_every_demonym_is_of_a_place() -> None:
    places = {entity.slug for entity in ENTITIES if entity.type == "place"}
    assert set(demonyms().values()) <= places


def gazetteer_file(folder: Path, *rows: str) -> Path:
    path = folder / "places.csv"
    path.write_text("# what it is\n" + ",".join(COLUMNS) + "\n" + "\n".join(rows) + "\n")
    return path


def test_aliases_are_separated_by_bars(tmp_path: Path) -> None:
    path = gazetteer_file(tmp_path, "homs,Homs,A city,,34.7,36.7,,,,Hims|حمص,GeoNames 1")
    (entity,) = read_entities(path, "place")
    assert (entity.name, entity.aliases) == ("Homs", ("Hims", "حمص"))
    assert (entity.latitude, entity.longitude) == (34.7, 36.7)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("homs,Homs,,,,,,,,,", "line 3: slug, name and source must not be empty"),
        ("homs,Homs,,,,,,,,H,GeoNames 1", "line 3: the alias 'H' is too short to be found"),
        ("homs,Homs,,,95,36,,,,,GeoNames 1", "line 3: '95' is not a coordinate"),
        ("homs,Homs,,,x,36,,,,,GeoNames 1", "line 3: 'x' is not a coordinate"),
        ("homs,Homs,,,,,May 2016,,,,a", "line 3: 'May 2016' is not a date"),
        ("homs,Homs", "line 3: a row has 11 columns"),
        ("homs,Homs,,,,,,,,,a,b", "line 3: a row has 11 columns"),
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


@pytest.mark.parametrize(
    ("follows", "message"),
    [
        ({"a": "x"}, "a follows x, which the gazetteer does not have"),
        ({"a": "a"}, "a follows itself, by way of a"),
        ({"a": "b", "b": "c", "c": "b"}, "a follows itself, by way of b"),
    ],
)
def test_a_predecessor_is_known_and_comes_before(follows: dict[str, str], message: str) -> None:
    entities = (
        Entity(slug, slug * 3, "group", follows=follows.get(slug)) for slug in ("a", "b", "c")
    )
    with pytest.raises(GazetteerError, match=message):
        Gazetteer(tuple(entities))


KNOWN = Gazetteer((Entity("homs", "Homs", "place", latitude=34.7, aliases=("Hims", "Emesa")),))


def extended(folder: Path, name: str, text: str) -> dict[str, Entity]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return {entity.slug: entity for entity in extend_gazetteer(KNOWN, path).entities}


def test_a_users_file_adds_entities(tmp_path: Path) -> None:
    found = extended(tmp_path, "mine.csv", "name,type,aliases\nAbu Khalid,person,أبو خالد\n")
    assert found["abu-khalid"] == Entity(
        "abu-khalid", "Abu Khalid", "person", aliases=("أبو خالد",)
    )


def test_a_users_file_changes_what_it_gives_and_leaves_the_rest(tmp_path: Path) -> None:
    found = extended(tmp_path, "mine.csv", "slug,name,aliases\nhoms,Homs City,Homus|-Emesa\n")
    assert found["homs"] == Entity(
        "homs", "Homs City", "place", latitude=34.7, aliases=("Hims", "Homus")
    )


def test_a_users_file_may_be_yaml(tmp_path: Path) -> None:
    text = "- name: Battle of Here\n  type: event\n  since: 2016-07-28\n  aliases: [Here, There]\n"
    found = extended(tmp_path, "mine.yaml", text)["battle-of-here"]
    assert (found.since, found.aliases) == ("2016-07-28", ("Here", "There"))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "name,kind\n", "a.csv: there is no column 'kind'; there are slug, type, name"),
        ("a.csv", "name\nX Y\n", "a.csv line 2: x-y is not known: give its name and its type"),
        ("a.csv", "name,type\nX Y,animal\n", "a.csv line 2: 'animal' is not a type: person"),
        ("a.csv", "slug,aliases\nhoms,H\n", "a.csv line 2: the alias 'H' is too short"),
        ("a.csv", "slug\nA B\n", "a.csv line 2: 'A B' is not a slug"),
        ("a.csv", 'slug\n"homs\n', "a.csv line 2: unexpected end of data"),
        ("a.txt", "", "a.txt: a gazetteer is a .csv or a .yaml file"),
        ("a.yaml", "name: X", "a.yaml: write a list of entities"),
        ("a.yaml", "- X", "a.yaml entity 1: write name: ..., type: ..."),
        ("a.yaml", "- {name: {a: b}}", "a.yaml entity 1: name is a text or a list of texts"),
        ("a.yaml", "- {", "a.yaml is not YAML: while parsing"),
    ],
)
def test_a_users_file_that_cannot_be_used_says_what_to_write(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(GazetteerError, match=message):
        extended(tmp_path, name, text)


def test_an_entity_may_have_ten_thousand_aliases(tmp_path: Path) -> None:
    aliases = "|".join(f"Name {number}" for number in range(10_000))
    found = extended(tmp_path, "mine.csv", f"slug,aliases\nhoms,{aliases}\n")
    assert len(found["homs"].aliases) == 10_002
