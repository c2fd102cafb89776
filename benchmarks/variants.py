"""Which spellings of a name find its entity, and which names are taken for another's?"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from zlib import crc32

from corpora import DATA
from syriasearch import Archive
from syriasearch.entities.gazetteer import default_gazetteer
from syriasearch.entities.names.phonetic import latinized_tokens, phonetic_form, write_alias_keys
from syriasearch.entities.names.similarity import distance, limit, spelling
from syriasearch.models.entity import ENTITY_TYPES
from syriasearch.search.query.lexicon import Lexicon
from syriasearch.text.arabic import has_arabic, name_key
from tables import table

SEED = 20180127
GENERATED = 500
RANDOM_PAIRS = 20_000
HARD_PAIRS = Path(__file__).with_name("hard_pairs.csv")
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’‘`ʿʾ ,.\-()]+")
ARABIC = re.compile(r"[\u0600-\u06ff ()\-]+")
VOWEL = re.compile("[aeiou]", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """An entity and all its names."""

    slug: str
    type: str
    names: tuple[str, ...]


@dataclass
class Counts:
    """What looking names up has found."""

    found: int = 0
    other: int = 0
    asked: int = 0
    missed: list[str] = field(default_factory=list)
    mistaken: list[str] = field(default_factory=list)


class Names:
    """An archive that has only the names of entities."""

    def __init__(self, folder: Path, entities: Iterable[Known]) -> None:
        path = folder / "names.db"
        path.unlink(missing_ok=True)
        with Archive(path) as archive:
            archive.ingest(folder / "empty")
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("BEGIN")
        for number, entity in enumerate(entities, start=1):
            self.connection.execute(
                "INSERT INTO entities (id, slug, name, type) VALUES (?, ?, ?, ?)",
                (number, entity.slug, entity.names[0], entity.type),
            )
            self.connection.executemany(
                "INSERT OR IGNORE INTO aliases (entity_id, alias, key) VALUES (?, ?, ?)",
                ((number, name, name_key(name)) for name in entity.names),
            )
        write_alias_keys(self.connection)
        self.connection.execute("COMMIT")
        self.connection.execute("ANALYZE")
        self.lexicon = Lexicon(self.connection)
        self.times: list[float] = []

    def find(self, name: str, types: tuple[str, ...] = ENTITY_TYPES) -> list[str]:
        """Return the slugs of the entities that a value of a query's field stands for."""
        started = time.thread_time()
        found = self.lexicon.named(name, types)
        self.times.append(time.thread_time() - started)
        return [entity.slug for entity in found]

    def find_without(self, slug: str, name: str, *, all_like_it: bool = False) -> list[str]:
        """Return what a name stands for where its entity has it not as an alias.

        With `all_like_it` no alias of it that folds to the same either.
        """
        column, value = ("key", name_key(name)) if all_like_it else ("alias", name)
        self.connection.execute("BEGIN")
        try:
            self.connection.execute(
                f"DELETE FROM aliases WHERE {column} = ? AND entity_id ="
                " (SELECT id FROM entities WHERE slug = ?)",
                (value, slug),
            )
            return self.find(name)
        finally:
            self.connection.execute("ROLLBACK")


def main() -> None:
    """Look all names up, and print what was found."""
    options = _options()
    with TemporaryDirectory() as folder:
        (Path(folder) / "empty").mkdir()
        report = Report(options.show)
        gazetteer = [
            Known(each.slug, each.type, (each.name, *(a.lstrip("~") for a in each.aliases)))
            for each in default_gazetteer().entities
        ]
        aliases = options.data / "aliases"
        measure_places(report, Path(folder), aliases, gazetteer)
        measure_sanctioned(report, Path(folder), aliases, gazetteer)
        measure_generated(report, Path(folder), aliases, gazetteer)
        measure_surnames(report, Path(folder), gazetteer)
        print(report.found())
        print()
        print(confused(aliases, gazetteer, options.show))
        if options.scale:
            print()
            print(timed(Path(folder), aliases, gazetteer, options.scale))


class Report:
    """Counts by set, and by the half of the entities that limits may be set on."""

    def __init__(self, show: int) -> None:
        self._sets: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
        self._times: dict[str, list[float]] = {}
        self._show = show

    def look_up(
        self, name: str, cases: Iterable[tuple[str, str]], find: Callable[[str, str], list[str]]
    ) -> None:
        """Look up names, each with the slug of the entity that has it."""
        for slug, value in cases:
            half = "seen" if crc32(slug.encode()) % 2 else "unseen"
            counts = self._sets[name][half]
            slugs = find(slug, value)
            counts.asked += 1
            if slug in slugs:
                counts.found += 1
            elif slugs:
                counts.other += 1
                counts.mistaken.append(f"{value} is {slug}, not {', '.join(slugs)}")
            else:
                counts.missed.append(f"{value} ({slug})")

    def time(self, name: str, times: Sequence[float]) -> None:
        """Note how long the look-ups of a set took."""
        self._times[name] = list(times)

    def found(self) -> str:
        """Return the table of what was found."""
        rows = []
        for name, halves in self._sets.items():
            seen, unseen = halves["seen"], halves["unseen"]
            asked = unseen.asked or 1
            rows.append(
                [
                    name,
                    str(seen.asked + unseen.asked),
                    f"{seen.found / (seen.asked or 1):.1%}",
                    f"{unseen.found / asked:.1%}",
                    f"{unseen.other / asked:.1%}",
                ]
            )
            for title, texts in (("missed", seen.missed), ("mistaken", seen.mistaken)):
                for text in random.Random(SEED).sample(texts, min(self._show, len(texts))):
                    print(f"{name}: {title}: {text}")
        head = ["names", "asked", "found, seen half", "found, other half", "another's, other half"]
        return table(head, rows)


def measure_places(report: Report, folder: Path, aliases: Path, gazetteer: list[Known]) -> None:
    """Look up every name of Syrian places that GeoNames has."""
    with (aliases / "geonames_levant_places.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["country"] == "SY"]
    places = [
        Known(
            f"geonames-{row['geonameid']}",
            "place",
            tuple(
                dict.fromkeys(
                    name
                    for name in (row["name"], *row["alternatenames"].split("|"))
                    if LATIN.fullmatch(name) or ARABIC.fullmatch(name)
                )
            ),
        )
        for row in rows
    ]
    others = [entity for entity in gazetteer if entity.type != "place"]
    names = Names(folder, [*places, *others])
    cases = [(place.slug, name) for place in places for name in place.names]
    report.look_up("places, as listed", cases, lambda _, name: names.find(name))
    for title, chosen in _by_script(cases):
        report.look_up(
            f"places, name left out, {title}",
            chosen,
            lambda slug, name: names.find_without(slug, name),
        )
    for title, chosen in _by_script(cases):
        report.look_up(
            f"places, all that fold so left out, {title}",
            chosen,
            lambda slug, name: names.find_without(slug, name, all_like_it=True),
        )
    known = _gazetteer_places(gazetteer)
    shipped = Names(folder, gazetteer)
    listed = [(known[slug], name) for slug, name in cases if slug in known]
    for title, chosen in _by_script(listed):
        report.look_up(
            f"places of the gazetteer, {title}", chosen, lambda _, name: shipped.find(name)
        )


def _by_script(cases: list[tuple[str, str]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield names by how they are written; GeoNames has some in Latin letters without vowels."""
    kinds: dict[str, list[tuple[str, str]]] = {
        "Latin": [],
        "Latin without vowels": [],
        "Arabic": [],
    }
    for slug, name in cases:
        kind = (
            "Arabic"
            if has_arabic(name)
            else "Latin"
            if _has_vowels(name)
            else "Latin without vowels"
        )
        kinds[kind].append((slug, name))
    yield from kinds.items()


def _has_vowels(name: str) -> bool:
    bare = re.sub(r"^al(?=\w\w)|a", "", name.lower()) if name.islower() else name
    return VOWEL.search(bare) is not None


def _gazetteer_places(gazetteer: list[Known]) -> dict[str, str]:
    """Return which entity of the gazetteer each place of GeoNames is."""
    from syriasearch.entities.gazetteer import DATA as FILES

    found = {}
    for path in (FILES / "places.csv", FILES / "towns.csv"):
        with path.open(encoding="utf-8") as stream:
            for row in csv.DictReader(line for line in stream if not line.startswith("#")):
                for number in re.findall(r"GeoNames (\d+)", row["source"]):
                    found[f"geonames-{number}"] = row["slug"]
    return found


def read_sanctioned(aliases: Path) -> list[tuple[Known, tuple[str, ...]]]:
    """Read the persons and bodies of the US Treasury's list, each with its strong aliases."""
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    with (aliases / "ofac_aliases_syria_sdgt.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["type"] in ("individual", "entity") and row["alias_type"] != "weak aka":
                key = row["ent_num"], "person" if row["type"] == "individual" else "organization"
                family, _, given = row["alias"].partition(", ")
                name = f"{given} {family}" if given and key[1] == "person" else row["alias"]
                place = 0 if row["alias_type"] == "primary" else len(names[key])
                names[key].insert(place, name.title())
    return [
        (Known(f"ofac-{number}", kind, (every[0],)), tuple(every[1:]))
        for (number, kind), every in names.items()
    ]


def measure_sanctioned(report: Report, folder: Path, aliases: Path, gazetteer: list[Known]) -> None:
    """Look up the strong aliases of the US Treasury's list."""
    every = read_sanctioned(aliases)
    shipped = Names(folder, gazetteer)
    recognized = []
    for known, others in every:
        key = name_key(known.names[0])
        slugs = [entity.slug for entity in shipped.lexicon.entities(key)]
        if len(slugs) == 1:
            recognized += [(slugs[0], name, known) for name in others]
    for kind in ("person", "organization"):
        report.look_up(
            f"sanctioned {kind}s of the gazetteer",
            [(slug, name) for slug, name, known in recognized if known.type == kind],
            lambda _, name: shipped.find(name),
        )
    names = Names(folder, [known for known, _ in every])
    for kind in ("person", "organization"):
        cases = [
            (known.slug, name, known.names[0])
            for known, others in every
            for name in others
            if known.type == kind
        ]
        report.look_up(
            f"sanctioned {kind}s by aliases, primary names known",
            [(slug, name) for slug, name, _ in cases],
            lambda _, name: names.find(name),
        )
        report.look_up(
            f"the same, those that spell all of the primary name ({kind}s)",
            [(slug, name) for slug, name, primary in cases if is_respelt(primary, name)],
            lambda _, name: names.find(name),
        )


_SOUNDEX = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556", "aeiouyhw'’- ")
_ARABIC_CLASSES = str.maketrans(
    "بپفڤقكکگغجچحخهةسصثشزذظتطدضڈلمنر", "1111222222222222222222333334556", "اأإآويىیئءؤعەۆێ "
)


def is_respelt(one: str, other: str) -> bool:
    """Tell, by other means than the program's, whether two names may be one name word by word.

    They have as many words, and the consonants of each word are, but for one, those of its
    counterpart, by the classes of Soundex, and by like ones of Arabic letters.
    """
    a, b = (
        [
            re.sub(r"(.)\1+", r"\1", word.translate(_SOUNDEX).translate(_ARABIC_CLASSES))
            for word in name.lower().split()
        ]
        for name in (one, other)
    )
    if len(a) != len(b) or name_key(one) == name_key(other):
        return False
    from rapidfuzz.distance import OSA

    return all(OSA.distance(x, y) <= (len(x) > 2) for x, y in zip(a, b, strict=True))


def read_parts(aliases: Path) -> dict[str, list[str]]:
    """Return the spellings of parts of names in their own script, by each spelling."""
    parts: dict[str, list[str]] = {}
    with (aliases / "wikidata_name_parts_arabic.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            for column in ("latin_variants", "arabic_variants"):
                every = [name for name in row[column].split("|") if len(name) > 2]
                if 1 < len(every) <= 40:
                    for name in every:
                        parts.setdefault(name.lower(), every)
    with (aliases / "arabic_latin_variants.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            every = row["latin_variants"].split("|")
            if 1 < len(every) <= 12:
                for name in every:
                    parts.setdefault(name.lower(), every)
    return parts


def measure_generated(report: Report, folder: Path, aliases: Path, gazetteer: list[Known]) -> None:
    """Look up people's names with one part swapped for another spelling of it."""
    names = Names(folder, gazetteer)
    parts = read_parts(aliases)
    rng = random.Random(SEED)
    persons = [entity for entity in gazetteer if entity.type == "person"]
    for script, wanted in (("Latin", False), ("Arabic", True)):
        cases: dict[tuple[str, str], None] = {}
        for _ in range(200 * GENERATED):
            person = rng.choice(persons)
            fitting = [name for name in person.names if has_arabic(name) == wanted]
            if not fitting:
                continue
            name = rng.choice(fitting)
            words = name.split()
            if len(words) == 1:
                continue
            at = rng.randrange(len(words))
            lead, _, bare = words[at].rpartition("-")
            others = [n for n in parts.get(bare.lower(), ()) if is_respelt(bare, n)]
            if others:
                other = rng.choice(others)
                swapped = other if wanted else other.title()
                words[at] = f"{lead}-{swapped}" if lead else swapped
                value = " ".join(words)
                if not names.lexicon.entities(name_key(value)):
                    cases[person.slug, value] = None
            if len(cases) == GENERATED:
                break
        report.look_up(
            f"people, one part spelt anew, {script}", cases, lambda _, name: names.find(name)
        )


def measure_surnames(report: Report, folder: Path, gazetteer: list[Known]) -> None:
    """Look up people by their last names alone."""
    names = Names(folder, gazetteer)
    persons = [entity for entity in gazetteer if entity.type == "person"]
    listed = [
        (person.slug, name)
        for person in persons
        for name in person.names
        if len(latinized_tokens(phonetic_form(name))) == 1
    ]
    for title, wanted in (("Latin", False), ("Arabic", True)):
        report.look_up(
            f"lone names that are aliases, left out, {title}",
            [case for case in listed if has_arabic(case[1]) == wanted],
            lambda slug, name: names.find_without(slug, name, all_like_it=True),
        )
    last: dict[str, set[str]] = defaultdict(set)
    for person in persons:
        for name in person.names:
            tokens = latinized_tokens(phonetic_form(name))
            if len(tokens) > 1:
                last[tokens[-1]].add(person.slug)
    for title, wanted in (("Latin", False), ("Arabic", True)):
        cases = {
            (person.slug, name.split()[-1]): None
            for person in persons
            for name in person.names
            for tokens in [latinized_tokens(phonetic_form(name))]
            if len(tokens) > 1
            and has_arabic(name) == wanted
            and last[tokens[-1]] == {person.slug}
            and latinized_tokens(phonetic_form(name.split()[-1])) == tokens[-1:]
        }
        report.look_up(
            f"surnames that one person has, {title}", cases, lambda _, name: names.find(name)
        )


def confused(aliases: Path, gazetteer: list[Known], show: int) -> str:
    """Return a table of the pairs of names of different entities that may be one."""
    rng = random.Random(SEED)
    sanctioned = [
        Known(known.slug, known.type, (*known.names, *others))
        for known, others in read_sanctioned(aliases)
    ]
    rows = []
    for title, entities in (("gazetteer", gazetteer), ("sanctioned", sanctioned)):
        for kind in sorted({entity.type for entity in entities}):
            chosen = [entity for entity in entities if entity.type == kind]
            counts: Counter[bool] = Counter()
            for _ in range(RANDOM_PAIRS):
                one, other = rng.sample(chosen, 2)
                pair = rng.choice(one.names), rng.choice(other.names)
                shared = {name_key(name) for name in one.names} & set(map(name_key, other.names))
                if not shared:
                    counts[is_one_name(*pair, person=kind == "person")] += 1
            rows.append(
                [
                    f"random {kind}s, {title}",
                    str(counts.total()),
                    f"{counts[True] / counts.total():.3%}",
                ]
            )
    hard = list(read_hard_pairs())
    merged = [pair for pair in hard if is_one_name(*pair[1:], person=pair[0] == "person")]
    for pair in merged[:show]:
        print(f"hard pair merged: {pair}")
    rows.append(["hard pairs", str(len(hard)), f"{len(merged) / len(hard):.3%}"])
    return table(["pairs of different entities", "pairs", "confused"], rows)


def is_one_name(a: str, b: str, *, person: bool = True) -> bool:
    """Return whether two names may be spellings of one, by their distance and its limit."""
    one, other = spelling(a), spelling(b)
    return distance(one, other, person=person) <= limit(one, other, person=person)


def read_hard_pairs() -> Iterator[tuple[str, str, str]]:
    """Yield type and names of pairs that are easily confused."""
    with HARD_PAIRS.open(encoding="utf-8") as stream:
        for row in csv.DictReader(line for line in stream if not line.startswith("#")):
            yield row["type"], row["one"], row["other"]


def timed(folder: Path, aliases: Path, gazetteer: list[Known], scale: int) -> str:
    """Return how much time of a processor looking up takes in an archive of many names."""
    rng = random.Random(SEED)
    with (aliases / "wikidata_name_parts_arabic.csv").open(encoding="utf-8") as stream:
        parts = [
            name.title()
            for row in csv.DictReader(stream)
            for name in row["latin_variants"].split("|")
            if len(name) > 2 and name.isalpha()
        ]
    known, others = zip(*read_sanctioned(aliases), strict=True)
    made = [
        Known(f"made-{number}", "person", (f"{rng.choice(parts)} {rng.choice(parts)}",))
        for number in range(scale)
    ]
    names = Names(folder, [*gazetteer, *known, *made])
    rows = []
    full = [name for each in others for name in each]
    lone = [name.split()[-1] for name in full]
    for title, asked in (("full names", full), ("lone names", lone)):
        chosen = rng.sample(asked, 1000)
        for name in chosen[:20]:
            names.find(name)
        names.times.clear()
        for name in chosen:
            names.find(name)
        times = sorted(1000 * each for each in names.times)
        rows.append(
            [
                title,
                str(len(times)),
                f"{median(times):.2f}",
                f"{quantiles(times, n=100)[94]:.2f}",
                f"{times[-1]:.2f}",
            ]
        )
    (size,) = names.connection.execute("SELECT count(*) FROM aliases").fetchone()
    head = [f"looked up among {size:,} aliases", "asked", "median ms", "95th percentile", "longest"]
    return table(head, rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the data")
    parser.add_argument("--show", type=int, default=0, help="show so many misses of the seen half")
    parser.add_argument("--scale", type=int, default=0, help="time look-ups among so many names")
    return parser.parse_args()


if __name__ == "__main__":
    main()
