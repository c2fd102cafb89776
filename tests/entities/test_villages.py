"""The villages, neighbourhoods and sites of Syria that ship with the package."""

import csv
import gzip

import pytest

from syriasearch.entities.gazetteer import DATA, default_gazetteer
from syriasearch.entities.names.places import bare_name, folded_name
from syriasearch.entities.villages.choice import CAPITALS, GOVERNORATES, clusters
from syriasearch.entities.villages.table import TABLE, village_entity, villages
from syriasearch.text.arabic import has_arabic, name_key

KNOWN = {entity.slug: entity for entity in default_gazetteer().entities}
LICENSED = ("UN OCHA ", "GeoNames ", "UCDP", "CSR Aleppo ", "airportsdata ", "Who's On First ")


def rows() -> list[dict[str, str]]:
    text = gzip.decompress((DATA / TABLE).read_bytes()).decode()
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


ROWS = rows()


def test_there_are_many_in_both_scripts() -> None:
    assert len(ROWS) > 13_000
    arabic = [row for row in ROWS if any(map(has_arabic, row["names"].split("|")))]
    assert len(arabic) > 0.85 * len(ROWS)


def test_each_row_has_a_source_that_the_readme_names() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    sources = {source for row in ROWS for source in row["source"].split("; ")}
    assert [each for each in sources if not each.startswith((*LICENSED, "places.csv"))] == []
    assert all(each.strip() in readme for each in LICENSED)


def test_a_place_that_the_gazetteer_lacks_has_a_slug_of_its_own_and_a_latin_name() -> None:
    new = [row for row in ROWS if row["slug"] not in KNOWN]
    assert len({row["slug"] for row in new}) == len(new)
    assert [row for row in new if has_arabic(row["names"].split("|")[0])] == []


def test_the_provinces_are_places_of_the_gazetteer() -> None:
    assert {row["governorate"] for row in ROWS} <= GOVERNORATES | {""}
    assert GOVERNORATES | CAPITALS.keys() <= KNOWN.keys()


def test_all_are_in_syria_or_on_its_borders() -> None:
    outside = [
        row["slug"]
        for row in ROWS
        if not (32.2 < float(row["latitude"]) < 37.5 and 35.4 < float(row["longitude"]) < 42.5)
    ]
    assert outside == []


def test_a_place_of_the_gazetteer_is_where_the_gazetteer_has_it() -> None:
    far = [
        row["slug"]
        for row in ROWS
        if (known := KNOWN.get(row["slug"])) and known.latitude is not None
        if abs(float(row["latitude"]) - known.latitude) > 0.1
    ]
    assert far == []


def test_the_index_has_every_name() -> None:
    table = villages()
    lost = []
    for number, row in enumerate(ROWS):
        for name in filter(None, row["names"].split("|")):
            found = [each.slug for each in table.exact(name_key(name))]
            if row["slug"] not in found or table.row(number) not in table.folded(name_key(name)):
                lost.append(name)
    assert lost == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Tal Rifaat", "Tell Rif'at"),
        ("Kafr Nabl", "Kafr Nabel"),
        ("Kafr Nabl", "Kefr Nebel"),
        ("Jisr al-Shughur", "Jisr ash-Shughour"),
        ("Khan Sheikhoun", "Khan Shaykhun"),
        ("Deir Hafir", "Dayr Hafir"),
        ("Ain Issa", "Ayn Isa"),
    ],
)
def test_spellings_that_agree(name: str, other: str) -> None:
    assert bare_name(name) == bare_name(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Hazwan", "Hazano"), ("Kafr Nabl", "Kafr Nabudah"), ("Tal Abyad", "Tal Arabid")],
)
def test_spellings_that_do_not(name: str, other: str) -> None:
    assert folded_name(name) != folded_name(other)
    assert bare_name(name) != bare_name(other)


@pytest.mark.parametrize("name", ["كفر نبل", "كفرنبل", "Kafranbel", "Kafr Nabel", "Kfar Nobl"])
def test_one_town_is_found_in_its_spellings(name: str) -> None:
    table, key = villages(), name_key(name)
    found = table.exact(key) or table.respelt(key)
    assert [row.slug for row in found] == ["kafr-nabl"]


def test_homonyms_are_told_apart_by_district() -> None:
    rows = villages().exact(name_key("الجديدة"))
    assert len(clusters(rows)) > 10
    assert len({row.slug for row in rows if row.slug not in KNOWN}) > 10


def test_the_description_says_what_and_where_it_is() -> None:
    entity = village_entity(villages().exact("hazwan")[0])
    assert (entity.name, entity.description) == (
        "Hazwan",
        "Village in Al-Bab district, Aleppo province",
    )
    assert "حزوان" in entity.aliases
