"""Is nobody taken for somebody else, and is whoever is named found?

Four tables, each chosen by name:

- `surnames`: mentions of persons by a bare surname in news/, judged by hand (`surnames.csv`): how
  many of those that the program takes for a known person are that person.
- `forms`: how many articles of news/ each usual form of a surname finds.
- `gazetteer`: names of the UN's list as a user's gazetteer, in three ways of writing; how many are
  found in other spellings, in a query and in a text, and how many strangers are taken for one.
- `places`: how many places of Airwars' incidents in Syria are found within 25 km.
"""

from __future__ import annotations

import argparse
import csv
import math
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path

from cache import FOLDER, Cache
from corpora import DATA
from syriasearch import Archive, EntityNotFoundError, Mention, SyriaSearchError, find_mentions
from syriasearch.entities.gazetteer import default_gazetteer, extend_gazetteer, read_rows
from syriasearch.entities.recognizer import Recognizer, named_recognizer
from tables import table

JUDGED = Path(__file__).with_name("surnames.csv")
SURNAMES = {
    "Jubeir": ("Adel", "الجبير"),
    "Maliki": ("Nouri", "المالكي"),
    "Baghdadi": ("Abu Bakr", "البغدادي"),
    "Abadi": ("Haider", "العبادي"),
    "Muallem": ("Walid", "المعلم"),
    "Zawahiri": ("Ayman", "الظواهري"),
    "Sisi": ("Abdel Fattah", "السيسي"),
    "Assad": ("Bashar", "الأسد"),
    "Jaafari": ("Bashar", "الجعفري"),
    "Jolani": ("Abu Mohammad", "الجولاني"),
}
FORMS = "{0}|al-{0}|Al {0}|Al{1}|El {0}|al {0}|{2} al-{0}|{0}, {2}|{0} {2}|{3}".split("|")
"""The surname, the same in small letters, the first name, and the whole name in capitals."""
NEAR_KM = 25


def main() -> None:
    """Print the tables that were chosen."""
    options = _options()
    for name in options.tables:
        print(f"\n## {name}\n\n{TABLES[name](options)}", flush=True)


def _news(options: argparse.Namespace) -> Path:
    """Return an archive of all articles of news/."""
    if options.db:
        path: Path = options.db
        return path

    def build(folder: Path) -> None:
        with Archive(folder / "archive.db") as archive:
            archive.ingest(options.data / "news")

    return Cache(FOLDER, options.rebuild).get("names", build) / "archive.db"


def surnames(options: argparse.Namespace) -> str:
    """Return how many of the judged mentions are taken for the right person."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with closing(sqlite3.connect(_news(options))) as connection, options.judged.open() as stream:
        paths = {path for (path,) in connection.execute("SELECT path FROM articles")}
        for row in csv.DictReader(line for line in stream if line[0] != "#"):
            if row["path"] not in paths:
                continue
            take = _taken_now if options.again else _taken
            taken = take(connection, row["path"], row["surface"], int(row["occurrence"]))
            meant = {row["meant"]} if row["meant"] else set()
            verdict = "right" if taken and taken == meant else "wrong" if taken else "unclaimed"
            if not taken and meant:
                verdict = "missed"
            names = ["Arabic text"] if row["script"] == "arabic" else ["Latin text"]
            if row["script"] == "latin":
                names.append(f"Latin text, {row['family']} surnames")
            for name in names:
                counts[name][verdict] += 1
            if options.show and verdict in ("wrong", "missed"):
                print(verdict, row["path"], row["surface"], row["occurrence"], taken, row["meant"])
    head = ["judged mentions", "right", "wrong", "missed", "rightly unclaimed", "precision"]
    return table(
        head,
        [
            [
                name,
                *(str(count[each]) for each in ("right", "wrong", "missed", "unclaimed")),
                f"{count['right'] / max(count['right'] + count['wrong'], 1):.3f}",
            ]
            for name, count in sorted(counts.items())
        ],
    )


def _taken(connection: sqlite3.Connection, path: str, surface: str, number: int) -> set[str]:
    """Return the known persons for which an occurrence of a surface is taken as a fact.

    Of several candidates for one mention none is a fact.
    """
    rows = connection.execute(
        "SELECT paragraphs.id, text FROM paragraphs JOIN articles ON articles.id = article_id"
        " WHERE path = ? ORDER BY position",
        (path,),
    )
    for paragraph, text in rows:
        seen = text.count(surface)
        if seen < number:
            number -= seen
            continue
        at = -1
        for _ in range(number):
            at = text.index(surface, at + 1)
        found = connection.execute(
            "SELECT slug, origin, reason FROM mentions JOIN entities ON entities.id = entity_id"
            " WHERE paragraph_id = ? AND start < ? AND end > ? AND type = 'person'",
            (paragraph, at + len(surface), at),
        ).fetchall()
        known = {slug for slug, origin, _ in found if origin == "gazetteer"}
        return known if len(known) == 1 else set()
    return set()


def _taken_now(connection: sqlite3.Connection, path: str, surface: str, number: int) -> set[str]:
    """Return the known persons as `_taken` does, but as this build recognizes them."""
    text, published = _article(connection, path)
    at = -1
    for _ in range(number):
        at = text.index(surface, at + 1)
    found = {
        mention.entity.slug
        for mention in _mentions(text, published)
        if mention.start < at + len(surface)
        and mention.end > at
        and mention.entity.type == "person"
    }
    known = found & _known_slugs()
    return known if len(known) == 1 else set()


def _article(connection: sqlite3.Connection, path: str) -> tuple[str, str | None]:
    """Return the text of an article, with empty lines between its paragraphs, and its day."""
    rows = connection.execute(
        "SELECT text, published FROM paragraphs JOIN articles ON articles.id = article_id"
        " WHERE path = ? ORDER BY position",
        (path,),
    ).fetchall()
    return "\n\n".join(text for text, _ in rows), rows[0][1]


@lru_cache(maxsize=8)
def _mentions(text: str, published: str | None) -> list[Mention]:
    return find_mentions(text, published=published)


@cache
def _known_slugs() -> frozenset[str]:
    return frozenset(entity.slug for entity in default_gazetteer().entities)


def forms(options: argparse.Namespace) -> str:
    """Return how many articles each form of some surnames finds."""
    rows = []
    with Archive(_news(options), readonly=True) as archive:
        for name, (first, arabic) in SURNAMES.items():
            asked = [
                form.format(name, name.lower(), first, f"{first} al-{name}".upper())
                for form in FORMS
            ]
            totals = [archive.search(query, limit=1).total for query in (*asked, arabic)]
            worst = max(abs(total / max(totals[0], 1) - 1) for total in totals)
            rows.append([name, *map(str, totals), f"{worst:.1%}"])
    head = ["surname", *(form.format("X", "x", "First", "FIRST AL-X") for form in FORMS), "Arabic"]
    return table([*head, "farthest from X"], rows)


def gazetteer(options: argparse.Namespace) -> str:
    """Return how many names of a user's gazetteer are found in other spellings."""
    with (options.data / "names" / "un_respelt.csv").open(encoding="utf-8") as stream:
        names = [(row["name"], row["respelt"]) for row in csv.DictReader(stream)]
    with (options.data / "names" / "strangers.csv").open(encoding="utf-8") as stream:
        strangers = [row["name"] for row in csv.DictReader(stream)]
    ways: dict[str, Callable[[str], str]] = {
        "Given Family": str.title,
        "GIVEN FAMILY": str.upper,
        "Family, Given": lambda name: ", ".join(reversed(name.title().rsplit(" ", 1))),
    }
    rows = []
    for title, written in ways.items():
        with tempfile.TemporaryDirectory() as folder:
            file, news = Path(folder, "names.csv"), Path(folder, "news")
            news.mkdir()
            with file.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(["name", "type", "slug"])
                for number, (name, _) in enumerate(names):
                    writer.writerow([written(name), "person", f"listed-{number}"])
            for number, (name, _) in enumerate(names):
                text = f"Statement {number}\n\n{name.title()} spoke in Damascus on Monday.\n"
                Path(news, f"{number}.txt").write_text(text, encoding="utf-8")
            with Archive(Path(folder, "archive.db")) as archive:
                archive.ingest(news, gazetteer=[file])
                asked = [_entity(archive, respelt) for _, respelt in names]
                titled = [_entity(archive, respelt.title()) for _, respelt in names]
                taken = [_entity(archive, name) for name in strangers]
            known = extend_gazetteer(default_gazetteer(), read_rows(file))
            finder = named_recognizer("rules", known)
            in_text = [_in_text(respelt.title(), finder) for _, respelt in names[:: options.every]]
        rows.append(
            [
                title,
                _share(each == f"listed-{at}" for at, each in enumerate(asked)),
                _share(each == f"listed-{at}" for at, each in enumerate(titled)),
                _share(each == f"listed-{at * options.every}" for at, each in enumerate(in_text)),
                str(sum(each.startswith("listed-") for each in taken)),
            ]
        )
    head = ["names as in the file", "asked in capitals", "asked", "in a text", "strangers taken"]
    return table(head, rows)


def _entity(archive: Archive, name: str) -> str:
    try:
        return archive.entity(name, limit=0, neighbours=0).entity.slug
    except (EntityNotFoundError, SyriaSearchError):
        return ""


def _in_text(name: str, finder: Recognizer) -> str:
    (found,) = finder.recognize([f"On Monday {name} spoke in Damascus."])
    slugs = [mention.entity.slug for mention in found if mention.entity.slug.startswith("listed-")]
    return slugs[0] if len(slugs) == 1 else ""


def _share(flags: Iterable[bool]) -> str:
    got = list(flags)
    return f"{sum(got) / len(got):.3f}"


def places(options: argparse.Namespace) -> str:
    """Return how many of Airwars' places are found near their coordinates, by language."""
    rows = []
    with (options.data / "geo" / "airwars_places.csv").open(encoding="utf-8") as stream:
        incidents = [row for row in csv.DictReader(stream) if row["lat"] and row["lon"]]
    for title, column in (("English", "place_en"), ("Arabic", "place_ar")):
        counts: Counter[str] = Counter()
        for row in incidents[:: options.every]:
            if not row[column].strip():
                continue
            here = float(row["lat"]), float(row["lon"])
            points = list(_points(row[column]))
            near = any(_km(here, each) <= NEAR_KM for each in points)
            counts["near" if near else "far" if points else "no point"] += 1
            counts["first"] += bool(points) and _km(here, points[0]) <= NEAR_KM
            counts["told"] += len(points)
            if options.show and not near:
                print(column, row[column], here, points)
        asked = counts["near"] + counts["far"] + counts["no point"]
        shares = [f"{counts[each] / asked:.3f}" for each in ("near", "first", "far", "no point")]
        rows.append([title, str(asked), *shares, f"{counts['told'] / asked:.2f}"])
    within = f"within {NEAR_KM} km"
    return table(["places", "asked", within, "the first is", "farther", "no point", "told"], rows)


def _points(text: str) -> Iterator[tuple[float, float]]:
    for mention in find_mentions(text):
        place = mention.entity
        if place.latitude is not None and place.longitude is not None:
            yield place.latitude, place.longitude


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two points in degrees, by the haversine formula."""
    (lat, lon), (lat2, lon2) = (tuple(map(math.radians, each)) for each in (one, other))
    half = math.sin((lat2 - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


TABLES: dict[str, Callable[[argparse.Namespace], str]] = {
    "surnames": surnames,
    "forms": forms,
    "gazetteer": gazetteer,
    "places": places,
}


def _options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    parser.add_argument("--data", type=Path, default=DATA, help="the data folder")
    parser.add_argument("--db", type=Path, help="an archive of news/, rather than a new one")
    parser.add_argument(
        "--judged",
        type=Path,
        default=JUDGED,
        help="a file of judged mentions, such as surnames.csv",
    )
    parser.add_argument(
        "--again", action="store_true", help="recognize judged mentions with this build"
    )
    parser.add_argument("--rebuild", action="store_true", help="ingest news/ again")
    parser.add_argument("--show", action="store_true", help="print what is wrong or missed")
    parser.add_argument(
        "--every", type=int, default=1, help="read every nth place, and name in a text"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
