"""The list of entities that ships with the package."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import SHARED, needs_shared

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
    read_rows,
)
from syriasearch.entities.rules.cue_words import common_words
from syriasearch.text.arabic import has_arabic
from syriasearch.text.normalize import fold
from syriasearch.text.stopwords import stop_words
from syriasearch.text.tokenize import in_terms, terms

ENTITIES = default_gazetteer().entities


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


PLACES = [*rows("places.csv"), *rows("towns.csv")]


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
            (in_terms(fold(alias)).strip(), alias.isupper())
            for alias in (entity.name, *entity.aliases)
        ).items()
        if count > 1
    ]
    assert twice == []


def test_no_alias_is_a_stop_word_unless_it_is_an_acronym() -> None:
    common = [
        alias
        for entity in ENTITIES
        for alias in (entity.name, *entity.aliases)
        if " ".join(terms(alias)) in stop_words() and not alias.isupper()
    ]
    assert common == []


def test_slugs_are_lower_case_ascii() -> None:
    assert all(
        entity.slug == entity.slug.lower() and entity.slug.replace("-", "").isalnum()
        for entity in ENTITIES
    )


def test_every_file_of_the_folder_is_read() -> None:
    assert {path.name for path in DATA.glob("*.csv")} == {*FILES, DEMONYMS}


@pytest.mark.parametrize("name", [*FILES, DEMONYMS])
def test_every_row_is_sourced(name: str) -> None:
    assert [row for row in rows(name) if not row["source"].strip()] == []


def test_a_slug_is_that_of_one_row_of_all_files() -> None:
    slugs = Counter(row["slug"] for name in FILES for row in rows(name))
    assert [slug for slug, count in slugs.items() if count > 1] == []


def test_every_town_has_coordinates() -> None:
    assert [row["slug"] for row in rows("towns.csv") if not row["latitude"]] == []
    capitals = [row for row in PLACES if row["description"].startswith("Capital of ")]
    assert len(capitals) > 180
    assert [row["slug"] for row in capitals if not (row["latitude"] and row["longitude"])] == []


@needs_shared
def test_every_syrian_place_of_geonames_is_one_entity() -> None:
    path = SHARED / "data" / "aliases" / "geonames_levant_places.csv"
    with path.open(encoding="utf-8", newline="") as file:
        syrian = {row["geonameid"] for row in csv.DictReader(file) if row["country"] == "SY"}
    known = Counter(
        number for row in PLACES for number in re.findall(r"GeoNames (\d+)", row["source"])
    )
    assert len(syrian) > 300
    assert [number for number in syrian if known[number] != 1] == []


@pytest.mark.parametrize(
    "word",
    """Dam Ram Of Van Efe Bab Mus Batman Berea Harem March Male Sham Sour Hasan Nice Phoenix
    Charlotte Austin الباب الثورة السلمية القصير مشهد صور حديثة الهول""".split(),
)
def test_what_is_a_word_first_is_no_name_of_a_place_by_itself(word: str) -> None:
    found = [
        entity.slug
        for entity in ENTITIES
        for alias in (entity.name, *entity.aliases)
        if entity.type == "place" and terms(alias) == terms(word) and not alias.startswith("~")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Damas", "damascus"),
        ("Haleb", "aleppo"),
        ("Tal Tamr", "tell-tamer"),
        ("Алеппо", "aleppo"),
        ("تلبيسة", "talbiseh"),
        ("United States", "united-states"),
        ("Khmeimim", "hmeimim"),
        ("Bab al-Salameh", "bab-al-salama"),
        ("New England", "new-england"),
    ],
)
def test_a_place_is_known_by_its_names(name: str, slug: str) -> None:
    found = [
        entity.slug
        for entity in ENTITIES
        if any(terms(alias) == terms(name) for alias in (entity.name, *entity.aliases))
    ]
    assert found == [slug]


def test_demonyms_are_of_places_and_no_names_of_places() -> None:
    places = {row["slug"] for row in PLACES}
    assert {place for place in demonyms().values() if place not in places} == set()
    assert (demonyms()["Syrian"], demonyms()["السورية"]) == ("syria", "syria")
    names = {
        tuple(terms(alias))
        for entity in ENTITIES
        for alias in (entity.name, *entity.aliases)
        if entity.type == "place"
    }
    assert [word for word in demonyms() if tuple(terms(word)) in names] == []


def test_every_country_has_a_demonym() -> None:
    countries = {
        row["slug"] for row in rows("places.csv") if row["description"].startswith("Country")
    }
    assert len(countries) > 190
    # Dominica and the Republic of the Congo share theirs with a neighbour.
    alone = countries - set(demonyms().values())
    assert alone == {"vatican", "dominica", "republic-of-the-congo"}


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
    return {entity.slug: entity for entity in extend_gazetteer(KNOWN, read_rows(path)).entities}


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
    text = "- name: Battle of Here\n  type: event\n  since: 2016-07-28\n  aliases: [Here, Yonder]\n"
    found = extended(tmp_path, "mine.yaml", text)["battle-of-here"]
    assert (found.since, found.aliases) == ("2016-07-28", ("Here", "Yonder"))


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


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("KHALIL, Wael Sobhi", "Wael Sobhi KHALIL"),
        ("KHALIL Wael Sobhi", "Wael Sobhi KHALIL"),
        ("Khalil, Dr. Wael", "Wael Khalil"),
        ("AL-KHALIL, Wael", "Wael AL-KHALIL"),
    ],
)
def test_a_person_written_family_first_has_the_usual_order_too(
    tmp_path: Path, written: str, usual: str
) -> None:
    found = extended(tmp_path, "mine.csv", f'slug,name,type\nx,"{written}",person\n')
    assert (found["x"].name, found["x"].aliases) == (written, (usual,))


@pytest.mark.parametrize("name", ["Wael Khalil", "JK Rowling", "Wael KHALIL", "Smith, Jr."])
def test_other_names_have_one_order(tmp_path: Path, name: str) -> None:
    found = extended(tmp_path, "mine.csv", f'slug,name,type\nx,"{name}",person\n')
    assert found["x"].aliases == ()


def test_a_weak_name_that_is_turned_stays_weak(tmp_path: Path) -> None:
    text = 'slug,name,type,aliases\nx,Wael Khalil,person,"~SOBHI, Wael"\n'
    assert extended(tmp_path, "mine.csv", text)["x"].aliases == ("~SOBHI, Wael", "~Wael SOBHI")


@pytest.mark.parametrize("alias", ["the", "The", "who", "من"])
def test_a_common_word_is_no_alias(tmp_path: Path, alias: str) -> None:
    text = f"name,type,aliases\nAbu Khalid,person,{alias}\n"
    with pytest.raises(GazetteerError, match=r"line 2: the alias .* is a common word"):
        extended(tmp_path, "mine.csv", text)


def test_an_acronym_may_be_a_common_word(tmp_path: Path) -> None:
    found = extended(tmp_path, "mine.csv", "slug,name,type,aliases\nx,Health,organization,WHO\n")
    assert found["x"].aliases == ("WHO",)


def test_one_name_of_two_types_is_two_entities(tmp_path: Path) -> None:
    found = extended(tmp_path, "mine.csv", "name,type\nJordan,place\nJordan,person\n")
    assert (found["jordan"].type, found["jordan-person"].type) == ("place", "person")


def test_what_is_invisible_in_a_file_is_left_out(tmp_path: Path) -> None:
    text = "\ufeffname,type,aliases\nAbu\u200b  Kha\u200blid,person,Kha\u2060lid\u00adi\n"
    assert extended(tmp_path, "mine.csv", text)["abu-khalid"] == Entity(
        "abu-khalid", "Abu Khalid", "person", aliases=("Khalidi",)
    )


def test_an_entity_may_have_ten_thousand_aliases(tmp_path: Path) -> None:
    aliases = "|".join(f"Name {number}" for number in range(10_000))
    found = extended(tmp_path, "mine.csv", f"slug,aliases\nhoms,{aliases}\n")
    assert len(found["homs"].aliases) == 10_002


def of_type(*types: str) -> list[Entity]:
    return [entity for entity in ENTITIES if entity.type in types]


def test_it_holds_whom_news_on_syria_names_often() -> None:
    assert len(of_type("person")) >= 300
    assert len(of_type("group", "organization")) >= 300
    assert len(of_type("event")) >= 60


def test_every_event_is_dated_and_ends_after_it_begins() -> None:
    assert [entity.slug for entity in of_type("event") if not entity.since] == []
    backwards = [
        entity.slug
        for entity in ENTITIES
        if entity.since and entity.until and entity.until < entity.since[: len(entity.until)]
    ]
    assert backwards == []


@pytest.mark.parametrize(
    ("slug", "line"),
    [
        ("hayat-tahrir-al-sham", "jabhat-fatah-al-sham jabhat-al-nusra"),
        (
            "islamic-state",
            "islamic-state-of-iraq mujahideen-shura-council al-qaeda-in-iraq "
            "jamaat-al-tawhid-wal-jihad",
        ),
        ("jaysh-al-islam", "liwa-al-islam"),
        ("khalid-ibn-al-walid-army", "yarmouk-martyrs-brigade"),
        ("syrian-negotiations-commission", "high-negotiations-committee"),
        ("revolutionary-commando-army", "new-syrian-army"),
    ],
)
def test_what_took_another_name_is_linked_and_not_merged(slug: str, line: str) -> None:
    entities = {entity.slug: entity for entity in ENTITIES}
    after = entities[slug]
    for before in line.split():
        assert after.follows == before
        assert not set(entities[before].aliases) & {after.name, *after.aliases} - WEAK_HEADS
        after = entities[before]
    assert after.follows is None


WEAK_HEADS = {"~the Front", "~the Commission", "~the Committee", "هيئة التفاوض"}
"""Short forms that before and after share."""


@pytest.mark.parametrize(
    ("slug", "since", "until"),
    [
        ("jabhat-al-nusra", "2012-01", "2016-07-28"),
        ("jabhat-fatah-al-sham", "2016-07-28", "2017-01-28"),
        ("hayat-tahrir-al-sham", "2017-01-28", "2025-01-29"),
        ("islamic-state-of-iraq", "2006-10-15", "2013-04-08"),
        ("islamic-state", "2013-04-08", None),
    ],
)
def test_a_name_has_its_time(slug: str, since: str, until: str | None) -> None:
    (entity,) = [entity for entity in ENTITIES if entity.slug == slug]
    assert (entity.since, entity.until) == (since, until)


def test_no_two_entities_of_a_type_have_one_name() -> None:
    names = Counter(
        (entity.type, " ".join(terms(entity.name)))
        for entity in of_type("person", "group", "organization", "event")
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_no_name_of_a_person_a_body_or_an_event_is_a_common_word_unless_it_is_weak() -> None:
    # Of an acronym the words beside it tell.
    known = common_words() | stop_words()
    common = [
        (entity.slug, alias)
        for entity in of_type("person", "group", "organization", "event")
        for alias in (entity.name, *entity.aliases)
        if not (alias.startswith("~") or alias.isupper()) and " ".join(terms(alias)) in known
    ]
    assert common == []


@pytest.mark.parametrize(
    "name", "Johnson Williams Hassan Ali Mohammed Ahmed Hussein Abdullah Saleh Brown Graham".split()
)
def test_a_common_surname_is_nobodys_by_itself(name: str) -> None:
    strong = [
        entity.slug
        for entity in of_type("person")
        for alias in (entity.name, *entity.aliases)
        if terms(alias) == terms(name) and not alias.startswith("~")
    ]
    assert strong == []


def test_a_weak_surname_is_not_the_strong_name_of_another_person() -> None:
    strong = {
        " ".join(terms(alias)): entity.slug
        for entity in of_type("person")
        for alias in (entity.name, *entity.aliases)
        if not alias.startswith("~")
    }
    # Else an article that names Melania Trump gives her what it says of Donald Trump.
    shared = [
        (entity.slug, alias)
        for entity in of_type("person")
        for alias in entity.aliases
        if alias.startswith("~") and strong.get(" ".join(terms(alias)), entity.slug) != entity.slug
    ]
    assert shared == []


@pytest.mark.parametrize(
    ("acronym", "name", "slug"),
    [
        ("HNC", "High Negotiations Committee", "high-negotiations-committee"),
        ("SNC", "Syrian National Coalition", "syrian-national-coalition"),
        ("SNC", "Syrian National Council", "syrian-national-council"),
        ("CNS", "Syrian Negotiations Committee", "syrian-negotiations-commission"),
        ("NAC", "Syrian Negotiations Committee", "syrian-negotiations-commission"),
        ("NSC", "Syrian Negotiations Committee", "syrian-negotiations-commission"),
        ("NSC", "US National Security Council", "us-national-security-council"),
        ("ISI", "Islamic State of Iraq", "islamic-state-of-iraq"),
        ("ISI", "Inter-Services Intelligence", "inter-services-intelligence"),
    ],
)
def test_an_acronym_and_the_name_it_is_short_for_are_one_bodys(
    acronym: str, name: str, slug: str
) -> None:
    (entity,) = [entity for entity in ENTITIES if entity.slug == slug]
    assert {acronym, name} <= {entity.name, *entity.aliases}


def test_a_weak_name_has_no_other_name_within() -> None:
    strong = {
        " ".join(terms(alias))
        for entity in ENTITIES
        for alias in (entity.name, *entity.aliases)
        if not alias.startswith("~")
    }
    # Where the weak one does not count, the other would be hidden: attacks in Paris.
    hiding = []
    for entity in of_type("person", "group", "organization", "event"):
        own = {" ".join(terms(alias)) for alias in (entity.name, *entity.aliases)}
        for alias in entity.aliases:
            words = terms(alias)
            within = {
                " ".join(words[start:end])
                for start in range(len(words))
                for end in range(start + 1, len(words) + 1)
            }
            if alias.startswith("~") and within & (strong - own):
                hiding.append((entity.slug, alias))
    assert hiding == []
