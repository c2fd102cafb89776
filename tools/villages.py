"""Which villages, neighbourhoods and sites of Syria are known? Makes `villages.csv.gz`.

It also makes the index of its names, `village_index.txt.gz`.

    python tools/villages.py --tables ocha.csv geonames.csv csr_aleppo.csv ucdp.csv airports.csv

Without tables it makes only the index anew, which is due when keys of names change.

Each table has the columns `id`, `name`, `arabic`, `other_names` (separated by a vertical bar),
`kind`, `latitude`, `longitude`, `governorate` and `district` (as UN OCHA spells them). The ids say
where a row is from. What they are made of, and the licence:

- `ocha.csv`: UN OCHA's populated places and neighbourhoods of Syria with their P-codes (C, N), from
  the data sets cod-ab-syr and syrian-arab-republic-pop-places of the Humanitarian Data Exchange:
  `syr_humanitarian_locations`, and for neighbourhoods a point within each polygon of
  `syr_neighbourhoods_unocha` (CC BY 3.0 IGO).
- `geonames.csv`: GeoNames' populated places of Syria, `geonames:<id>`, as Who's On First repeats
  them in `whosonfirst-data-admin-sy` (CC BY 4.0): the names in Arabic (`name:ara*`), English
  (`name:eng*`) and of no language (`name:und*`). GeoNames' `SY.zip` has the same.
- `csr_aleppo.csv`: neighbourhoods of Aleppo by the Center for Spatial Research at Columbia
  University, Conflict Urbanism: Aleppo (MIT): the middle of each polygon.
- `ucdp.csv`: the distinct places of the UCDP Georeferenced Event Dataset for Syria, 2016 to 2019
  (CC BY 4.0): `where_coordinates`, without the kind at its end.
- `airports.csv`: Syria's airports in the package `airportsdata` (MIT), `icao:<code>`.

The governorate and the district of rows outside OCHA's list are those of OCHA's polygon around
them. The order of the tables is that of trust: a row of a later table is joined to one of an
earlier table that is at most 3 km away and has a name that is spelt alike. Governorates, districts,
regions, ruins, and places that only say what was at them are left out. A place that `places.csv`
or `towns.csv` has keeps its slug: its row adds names to it, and says in which district it is.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from places import newspaper, plain, read_rows
from slugify import slugify

from syriasearch.entities.gazetteer import DATA, default_gazetteer
from syriasearch.entities.names.places import folded_name
from syriasearch.entities.villages.choice import CAPITALS
from syriasearch.models.entity import Entity
from syriasearch.text.arabic import has_arabic, name_key

VILLAGES = "villages.csv.gz"
INDEX = "village_index.txt.gz"
COLUMNS = ("slug", "kind", "latitude", "longitude", "governorate", "district", "names", "source")
TITLE = """\
# Villages, neighbourhoods and sites of Syria: made by tools/villages.py.
# slug: the entity's key; one of places.csv or towns.csv if the row is about that place.
# kind: what it is.
# latitude, longitude: decimal degrees.
# governorate: the slug of its governorate, a place of places.csv.
# district: the name of its district.
# names: the name, and other names in both scripts, separated by "|"; those of places.csv and
#   towns.csv are not repeated.
# source: where the row is from; several separated by "; ".
"""

GOVERNORATES = {
    "Aleppo": "aleppo-governorate",
    "Al-Hasakeh": "hasakah-governorate",
    "Idleb": "idlib-governorate",
    "Lattakia": "latakia-governorate",
    "Homs": "homs-governorate",
    "Hama": "hama-governorate",
    "Ar-Raqqa": "raqqa-governorate",
    "Tartous": "tartus-governorate",
    "Rural Damascus": "rif-dimashq",
    "Deir-ez-Zor": "deir-ez-zor-governorate",
    "Dar'a": "daraa-governorate",
    "Quneitra": "quneitra-governorate",
    "As-Sweida": "suwayda-governorate",
    "Damascus": "damascus",
}
"""OCHA's names of the governorates, and their slugs."""
DISTRICTS = {
    "A'zaz": "Azaz",
    "Abu Kamal": "Al-Bukamal",
    "Ain Al Arab": "Ayn al-Arab",
    "Al Bab": "Al-Bab",
    "Al Fiq": "Fiq",
    "Al Ma'ra": "Maarat al-Numan",
    "Al Makhrim": "Al-Mukharram",
    "Al Mayadin": "Mayadin",
    "Al Qutayfah": "Qutayfah",
    "Al-Hasakeh": "Hasakah",
    "Al-Malikeyyeh": "Al-Malikiyah",
    "An Nabk": "Al-Nabk",
    "Ar-Raqqa": "Raqqa",
    "Ar-Rastan": "Rastan",
    "As-Salamiyeh": "Salamiyah",
    "As-Sanamayn": "Al-Sanamayn",
    "As-Suqaylabiyah": "Suqaylabiyah",
    "As-Sweida": "Suwayda",
    "At Tall": "Al-Tal",
    "Ath-Thawrah": "Tabqa",
    "Az-Zabdani": "Zabadani",
    "As-Safira": "Safira",
    "Banyas": "Baniyas",
    "Dar'a": "Daraa",
    "Darayya": "Daraya",
    "Deir-ez-Zor": "Deir ez-Zor",
    "Duma": "Douma",
    "Idleb": "Idlib",
    "Izra'": "Izra",
    "Jarablus": "Jarabulus",
    "Jebel Saman": "Mount Simeon",
    "Jisr-Ash-Shugur": "Jisr al-Shughur",
    "Lattakia": "Latakia",
    "Menbij": "Manbij",
    "Muhradah": "Mahardah",
    "Qadmous": "Al-Qadmus",
    "Quamishli": "Qamishli",
    "Ras Al Ain": "Ras al-Ayn",
    "Rural Damascus": "Markaz Rif Dimashq",
    "Tadmor": "Palmyra",
    "Tall Kalakh": "Talkalakh",
    "Tartous": "Tartus",
    "Tell Abiad": "Tal Abyad",
}
"""The names of districts that OCHA spells in other ways than news does."""
CITIES = {"Al-Hasakeh": "Hasakah", "Ar-Raqqa": "Raqqa", "As-Sweida": "Suwayda"}
SOURCES = {
    "geonames:": "GeoNames ",
    "wof:": "Who's On First ",
    "icao:": "airportsdata ",
    "csr-aleppo-": "CSR Aleppo ",
}
KINDS = {
    "community": "Place",
    "populated place": "Place",
    "populated places": "Place",
    "seat of district": "Town",
    "seat of subdistrict": "Town",
    "israeli settlement": "Israeli settlement",
    "idp camp": "Camp",
    "camp": "Camp",
    "refugee camp": "Camp",
    "airport": "Airport",
    "airbase": "Air base",
    "air base": "Air base",
}
LEFT_OUT = frozenset(
    """abandoned place|destroyed place|campus|governorate|district|subdistrict|region|area|hill|
    mountain""".replace("\n    ", "").split("|")
)
NEEDS_KIND = "ucdp-"
"""The table of which rows without a kind are left out: they say what was there."""
JOINED_KM = 3.0
KNOWN_KM = 4.0
AROUND_KM = 8.0
ABROAD = re.compile("Leban|Turk|Iraq|Jordan|Israel")
"""Descriptions of places of the gazetteer that are not in Syria."""
MAX_WORDS = 5
OUT_OF_SCRIPT = re.compile(r"[^\u0000-\u024f\u0600-\u06ff]")

_KIND_WORDS = (
    "town village city neighbourhood neighborhood hamlet suburb quarter area locality settlement"
)
_KIND_AFTER = re.compile(rf"\s+(?:{'|'.join(_KIND_WORDS.split())})s?$", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–_]\s+|\s*/\s*|_")
_ATTACHED = re.compile(r"(?<= )El(?=[a-z])")
_INNER = re.compile(r"(?<=\w) Al-(?=\w)")
_PROVINCE = re.compile("محافظة|Governate|Governorate|Province")
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_MARKS = re.compile("[\u064b-\u0652\u0640\u200e\u200f]")


@dataclass(slots=True, eq=False)
class Place:
    """A place, with the rows of the tables joined."""

    ids: list[str]
    kind: str
    latitude: float
    longitude: float
    governorate: str
    district: str
    names: list[str]
    """Its names; the first is how it is called."""
    slug: str = ""
    keys: set[str] = field(default_factory=set)

    def add(self, other: Place) -> None:
        """Add the ids and names of another row about the same place."""
        self.ids += other.ids
        self.names += [name for name in other.names if name not in self.names]
        self.keys |= other.keys
        if self.kind == "Place":
            self.kind = other.kind
        if other.ids[0].startswith("geonames:") and not self.ids[0].startswith("geonames:"):
            # GeoNames' transcription is the nearer to how newspapers write.
            own = other.names[0]
            self.names = [own, *(name for name in self.names if name != own)]


def km(one: Place | Entity, other: Place | Entity) -> float:
    """Return about how far two places are from each other."""
    north = (one.latitude or 0) - (other.latitude or 0)
    east = ((one.longitude or 0) - (other.longitude or 0)) * math.cos(
        math.radians(one.latitude or 0)
    )
    return 111.2 * math.hypot(north, east)


def spelt(name: str) -> Iterator[str]:
    """Yield the names that a cell has, as they may be written: with articles apart."""
    name = _MARKS.sub("", " ".join(name.split()))
    for part in [_BRACKETS.sub("", name), *_PARTS.split(_BRACKETS.sub("", name))]:
        if OUT_OF_SCRIPT.search(plain(part)) or re.search(r"\d", part):
            continue
        if has_arabic(part):
            yield part.strip()
            continue
        part = _KIND_AFTER.sub("", plain(part).strip())
        part = " ".join(word[:1].upper() + word[1:] for word in part.split())
        if _PARTS.search(part):
            continue
        if _ATTACHED.search(part):
            yield written(_ATTACHED.sub("al-", part))
        yield written(part)


def written(name: str) -> str:
    """Return a transcription as a newspaper would write it, with small articles within."""
    return _INNER.sub(" al-", newspaper(name))


def read_table(path: Path) -> Iterator[Place]:
    """Yield the places of a table that may be told."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = row["kind"].lower()
            unnamed = row["id"].startswith(NEEDS_KIND) and not kind
            if kind in LEFT_OUT or unnamed or not row["latitude"]:
                continue
            if "outside" in row["name"] or "compound" in row["name"].lower():
                continue
            cells = [row["name"], *row["other_names"].split("|")]
            cells.insert(1, row["arabic"])
            names = [name for cell in filter(None, cells) for name in spelt(cell)]
            names = [name for name in dict.fromkeys(names) if is_told(name)]
            latin = [name for name in names if not has_arabic(name)]
            if not latin:
                continue
            names.remove(latin[0])
            yield Place(
                [row["id"]],
                quarter(kind) or KINDS.get(kind, kind.capitalize()) or "Place",
                round(float(row["latitude"]), 4),
                round(float(row["longitude"]), 4),
                row["governorate"],
                row["district"],
                [latin[0], *names],
                keys={f"{has_arabic(name)} {folded_name(name)}" for name in (latin[0], *names)},
            )


def quarter(kind: str) -> str:
    """Return the kind of a neighbourhood, with its city."""
    before, of, city = kind.partition(" of ")
    if not of or before not in ("neighbourhood", "area"):
        return ""
    city = next((name for name in (*GOVERNORATES, "Yarmuk") if name.lower() == city), city)
    return f"Neighbourhood of {CITIES.get(city, DISTRICTS.get(city, city))}"


def quarter_of(kind: str) -> str:
    """Return the city of a neighbourhood, as its kind says it."""
    return kind.partition("Neighbourhood of ")[2]


def is_told(name: str) -> bool:
    """Tell whether a name may be looked for."""
    key = name_key(name)
    if _PROVINCE.search(name):
        return False
    return len(key.replace(" ", "")) > 2 and len(key.split()) <= MAX_WORDS


class Grid:
    """Places by where they are."""

    def __init__(self) -> None:
        self._cells: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)

    @staticmethod
    def _cell(place: Place | Entity) -> tuple[int, int]:
        return int((place.latitude or 0) * 20), int((place.longitude or 0) * 20)

    def add(self, place: Place) -> None:
        """Add a place."""
        self._cells[self._cell(place)].append(place)

    def near(self, place: Place | Entity, keys: set[str], most: float) -> list[Place]:
        """Return the places at most so many kilometres away with one of the keys, nearest first."""
        north, east = self._cell(place)
        around = (
            each
            for row in (-1, 0, 1)
            for column in (-1, 0, 1)
            for each in self._cells[north + row, east + column]
            if keys & each.keys and km(place, each) <= most
        )
        return sorted(around, key=lambda each: km(place, each))


def join(tables: Iterable[Path]) -> tuple[list[Place], Grid]:
    """Return the places of all tables, each once."""
    places, grid = [], Grid()
    for table in tables:
        fresh = []
        for place in read_table(table):
            same = grid.near(place, place.keys, JOINED_KM)
            if same:
                same[0].add(place)
            else:
                fresh.append(place)
        for place in fresh:
            grid.add(place)
        places += fresh
    return places, grid


def know(places: Iterable[Place], grid: Grid) -> None:
    """Give the places that the gazetteer has the slug they have there."""
    sources = {}
    for name in ("places.csv", "towns.csv"):
        _, listed = read_rows(DATA / name)
        for row in listed:
            sources |= dict.fromkeys(row["source"].split("; "), row["slug"])
    sources.pop("UCDP", None)
    for place in places:
        slugs = [sources[each] for each in map(source, place.ids) if each in sources]
        if slugs and not (slugs[0] in CAPITALS and quarter_of(place.kind)):
            place.slug = slugs[0]
    for entity in default_gazetteer().entities:
        if entity.type != "place" or entity.latitude is None:
            continue
        names = (entity.name.partition(",")[0], *(each.lstrip("~") for each in entity.aliases))
        keys = {f"{has_arabic(name)} {folded_name(name)}" for name in names}
        for place in grid.near(entity, keys, KNOWN_KM):
            # A quarter may be called like its town.
            if entity.slug not in CAPITALS or not quarter_of(place.kind):
                place.slug = place.slug or entity.slug


def missing(places: Sequence[Place]) -> Iterator[Place]:
    """Yield the Syrian places of the gazetteer that the tables lack, with their districts."""
    have = {place.slug for place in places}
    for entity in default_gazetteer().entities:
        if entity.type != "place" or entity.latitude is None or entity.slug in have:
            continue
        around = min(places, key=lambda place: km(entity, place))
        if km(entity, around) <= AROUND_KM and not ABROAD.search(entity.description or ""):
            north, east = entity.latitude, entity.longitude or 0
            units = around.governorate, around.district
            yield Place([], "Place", north, east, *units, [], slug=entity.slug)


def name_them(places: Iterable[Place]) -> None:
    """Give a slug to each place without one: its name and its governorate."""
    new = [place for place in places if not place.slug]
    taken = {entity.slug for entity in default_gazetteer().entities}

    def short(place: Place) -> str:
        slug = GOVERNORATES.get(place.governorate, "syria")
        return slug.removesuffix("-governorate")

    def district(place: Place) -> str:
        return DISTRICTS.get(place.district, place.district) or short(place)

    def first(place: Place) -> str:
        return slugify(f"{place.names[0]} {short(place)}")

    def second(place: Place) -> str:
        return slugify(f"{place.names[0]} {district(place)} {short(place)}")

    firsts, seconds = Counter(map(first, new)), Counter(map(second, new))
    for place in new:
        slug = first(place)
        if firsts[slug] > 1 or slug in taken:
            slug = second(place)
            if seconds[slug] > 1 or slug in taken:
                slug = slugify(f"{place.names[0]} {short(place)} {place.ids[0]}")
        taken.add(slug)
        place.slug = slug


def rows(places: Iterable[Place], known: Mapping[str, Entity]) -> Iterator[dict[str, str]]:
    """Yield the rows of the file."""
    for place in places:
        entity = known.get(place.slug)
        have = {folded_exact(name) for name in ((entity.name, *entity.aliases) if entity else ())}
        names = []
        for name in place.names:
            if folded_exact(name) not in have:
                have.add(folded_exact(name))
                names.append(name)
        yield {
            "slug": place.slug,
            "kind": place.kind,
            "latitude": f"{place.latitude:g}",
            "longitude": f"{place.longitude:g}",
            "governorate": GOVERNORATES.get(place.governorate, ""),
            "district": DISTRICTS.get(place.district, place.district),
            "names": "|".join(names),
            "source": "; ".join(map(source, place.ids)) or "places.csv",
        }


def folded_exact(name: str) -> str:
    """Return what is looked up of a name."""
    return name_key(name.lstrip("~"))


def source(identifier: str) -> str:
    """Return how the source of a row is written."""
    for prefix, name in SOURCES.items():
        if identifier.startswith(prefix):
            return name + identifier.removeprefix(prefix)
    return "UCDP" if identifier.startswith("ucdp") else f"UN OCHA {identifier}"


def index(table: Iterable[Mapping[str, str]], known: Mapping[str, Entity]) -> str:
    """Return the index of the rows of the file: `entities.villages` explains it."""
    exact: defaultdict[str, list[int]] = defaultdict(list)
    folded: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(table):
        names = row["names"].split("|")
        if entity := known.get(row["slug"]):
            names += [entity.name.partition(",")[0], *(each.lstrip("~") for each in entity.aliases)]
        for name in filter(is_told, names):
            for kept, form in ((exact, name_key(name)), (folded, folded_name(name))):
                if form and number not in kept[form]:
                    kept[form].append(number)
    for form in [form for form, numbers in folded.items() if exact.get(form) == numbers]:
        # A key that is its own folded key is looked up among keys too.
        del folded[form]
    blocks = [
        "\n".join(f"{key}\t{' '.join(map(str, kept[key]))}" for key in sorted(kept))
        for kept in (exact, folded)
    ]
    return "\n\n".join(blocks)


def main() -> None:
    """Make the files from the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=Path, nargs="+", help="without: only the index, anew")
    parser.add_argument("--data", type=Path, default=DATA, help="where the file is written")
    given = parser.parse_args()
    known = {entity.slug: entity for entity in default_gazetteer().entities}
    if given.tables:
        _write(given.data / VILLAGES, _table(given.tables, known))
    with gzip.open(given.data / VILLAGES, "rt", encoding="utf-8") as stream:
        table = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    _write(given.data / INDEX, index(table, known))


def _table(tables: Iterable[Path], known: Mapping[str, Entity]) -> str:
    """Return the text of the file."""
    places, grid = join(tables)
    know(places, grid)
    places += list(missing(places))
    name_them(places)
    text = io.StringIO()
    text.write(TITLE)
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows(places, known), key=lambda row: (row["governorate"], row["slug"])))
    return text.getvalue()


def _write(path: Path, content: str) -> None:
    # Without a time in the file, the same tables make the same bytes.
    path.write_bytes(gzip.compress(content.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
