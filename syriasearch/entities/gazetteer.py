"""The gazetteer: the known entities and their names.

The files in `data/` have a row for each entity; their columns are explained at the top of each
file. A user's own file, CSV or YAML, adds entities to them or changes them. An invalid row is an
error that names the file and the line, because a gazetteer is written by hand and a row skipped
silently would show only as names that are not found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from ..errors import GazetteerError
from ..models.entity import ENTITY_TYPES, Entity
from ..text.patterns import regex
from ..text.stopwords import is_stop_word
from ..text.tokenize import terms
from ..text.user_cache import Sections, cached
from .names.readings import given_first, is_acronym

DATA = Path(__file__).parent / "data"
FILES = {
    "persons.csv": "person",
    "organizations.csv": "organization",
    "groups.csv": "group",
    "places.csv": "place",
    "towns.csv": "place",
    "events.csv": "event",
}
DEMONYMS = "demonyms.csv"
COLUMNS = (
    *("slug", "name", "description", "wikidata", "latitude", "longitude"),
    *("since", "until", "follows", "aliases", "source"),
)
"""The columns of the package's own files."""
USER_COLUMNS = ("slug", "type", *COLUMNS[1:])
"""The columns that a user's file may have; each may be left out."""
WEAK = "~"
"""Mark before a weak alias, which counts only if the article also names the entity otherwise."""
DROPPED = "-"
"""Mark before an alias that a user's file removes from a known entity."""

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u180e\u200b\u2060\ufeff"))
"""Characters without width, which names copied from web pages have between letters."""

_FIELDS = tuple(field.name for field in fields(Entity))
_DATE = regex(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_SLUG = regex(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Gazetteer:
    """The known entities, in the order of their files."""

    entities: tuple[Entity, ...]

    def __post_init__(self) -> None:
        """Raise GazetteerError for a duplicate slug, an unknown predecessor or a cycle of them."""
        follows: dict[str, str | None] = {}
        for entity in self.entities:
            if entity.slug in follows:
                raise GazetteerError(f"two entities of the gazetteer have the slug {entity.slug}")
            follows[entity.slug] = entity.follows
        for slug, before in follows.items():
            if before is not None and before not in follows:
                raise GazetteerError(f"{slug} follows {before}, which the gazetteer does not have")
        for slug, before in follows.items():
            line = {slug}
            while before is not None:
                if before in line:
                    raise GazetteerError(f"{slug} follows itself, by way of {before}")
                line.add(before)
                before = follows[before]


class Row(NamedTuple):
    """A row of a gazetteer file."""

    where: str
    """The file and the line, for messages."""
    values: Mapping[str, str]
    """The values by column, without empty ones."""

    def fail(self, message: str) -> GazetteerError:
        """Return an error that names the row."""
        return GazetteerError(f"{self.where}: {message}")

    def _coordinate(self, name: str, limit: float) -> float | None:
        text = self.values.get(name)
        if text is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = limit + 1
        if not -limit <= value <= limit:
            raise self.fail(f"{text!r} is not a coordinate in degrees")
        return value

    def _date(self, name: str) -> str | None:
        text = self.values.get(name)
        if text is not None and not _DATE.fullmatch(text):
            raise self.fail(f"{text!r} is not a date: write 2016, 2016-07 or 2016-07-28")
        return text

    def _aliases(self) -> tuple[str, ...]:
        parts = (alias.strip() for alias in self.values.get("aliases", "").split("|"))
        aliases = tuple(dict.fromkeys(filter(None, parts)))
        for alias in aliases:
            self._check_name(alias.lstrip(WEAK + DROPPED), "alias")
        return aliases

    def _check_name(self, name: str, what: str) -> None:
        words = terms(name)
        if sum(map(len, words)) < 2:
            raise self.fail(f"the {what} {name!r} is too short to be found")
        if len(words) == 1 and not is_acronym(name) and is_stop_word(words[0]):
            raise self.fail(f"the {what} {name!r} is a common word, which every text has")

    def entity(self, entity_type: str) -> Entity:
        """Return the entity of a row with slug and name. Raises GazetteerError."""
        name = self.values["name"]
        self._check_name(name, "name")
        return Entity(
            slug=self.values["slug"],
            name=name,
            type=entity_type,
            description=self.values.get("description"),
            wikidata=self.values.get("wikidata"),
            latitude=self._coordinate("latitude", 90),
            longitude=self._coordinate("longitude", 180),
            aliases=self._aliases(),
            since=self._date("since"),
            until=self._date("until"),
            follows=self.values.get("follows"),
        )


def read_entities(path: Path, entity_type: str) -> Iterator[Entity]:
    """Read a file of the package: one entity in each row, with aliases separated by `|`.

    Raises GazetteerError, with the file's name and line, for an invalid row.
    """
    for row in _csv_rows(path, COLUMNS, every=True):
        if not {"slug", "name", "source"} <= row.values.keys():
            raise row.fail("slug, name and source must not be empty")
        yield row.entity(entity_type)


def extend_gazetteer(gazetteer: Gazetteer, rows: Iterable[Row]) -> Gazetteer:
    """Return a gazetteer extended and changed by the rows of a user's file.

    A row with a known slug replaces the values that it gives; its aliases are added, or removed if
    marked with `-`. Any other row is a new entity, which needs at least a name and a type; its slug
    is made from its name if not given. Raises GazetteerError for an invalid row.
    """
    from slugify import slugify

    entities = {entity.slug: entity for entity in gazetteer.entities}
    for row in rows:
        name = row.values.get("name", "")
        if not name and not row.values.get("slug"):
            raise row.fail("give a name, or the slug of a known entity")
        slug = row.values.get("slug") or _free_slug(slugify(name), row.values.get("type"), entities)
        if not _SLUG.fullmatch(slug):
            raise row.fail(f"{slug!r} is not a slug: give one of a-z, 0-9 and hyphens")
        entity_type = row.values.get("type")
        if entity_type is not None and entity_type not in ENTITY_TYPES:
            raise row.fail(f"{entity_type!r} is not a type: {', '.join(ENTITY_TYPES)}")
        known = entities.get(slug)
        if known is None and not (name and entity_type):
            raise row.fail(f"{slug} is not known: give its name and its type")
        given = {"name": known.name} if known else {}
        whole = row._replace(values={**given, **row.values, "slug": slug})
        added = _with_given_first(whole.entity(entity_type or (known.type if known else "")))
        entities[slug] = _changed(known, added) if known else added
    return Gazetteer(tuple(entities.values()))


def _free_slug(slug: str, entity_type: str | None, entities: Mapping[str, Entity]) -> str:
    """Return the slug of a name, with its type if an entity of another type has that slug."""
    known = entities.get(slug)
    same = known is None or entity_type is None or known.type == entity_type
    return slug if same else f"{slug}-{entity_type}"


def _with_given_first(entity: Entity) -> Entity:
    """Return a person with aliases for the names whose family name comes first (Assad, Bashar)."""
    if entity.type != "person":
        return entity
    turned = (
        mark + given_first(name)
        for alias in (entity.name, *entity.aliases)
        for mark, name in [_without_mark(alias)]
        if given_first(name) != name
    )
    return replace(entity, aliases=tuple(dict.fromkeys((*entity.aliases, *turned))))


def _without_mark(alias: str) -> tuple[str, str]:
    """Return the mark of an alias, which may be empty, and the alias without it."""
    return (alias[0], alias[1:]) if alias[0] in WEAK + DROPPED else ("", alias)


def _changed(known: Entity, row: Entity) -> Entity:
    dropped = {alias[1:] for alias in row.aliases if alias.startswith(DROPPED)}
    added = (alias for alias in row.aliases if not alias.startswith(DROPPED))
    aliases = dict.fromkeys((*known.aliases, *added))
    given = {name: value for name, value in asdict(row).items() if value is not None}
    given["aliases"] = tuple(alias for alias in aliases if alias.lstrip(WEAK) not in dropped)
    return replace(known, **given)


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a user's file, CSV or YAML. Raises GazetteerError if it cannot be read."""
    if not path.is_file():
        raise GazetteerError(f"{path}: there is no such file")
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            yield from _yaml_rows(path)
        elif path.suffix.lower() == ".csv":
            yield from _csv_rows(path, USER_COLUMNS)
        else:
            raise GazetteerError(f"{path.name}: a gazetteer is a .csv or a .yaml file")
    except (OSError, UnicodeError) as error:
        raise GazetteerError(f"{path.name} cannot be read: {error}") from error


def _csv_rows(path: Path, columns: tuple[str, ...], *, every: bool = False) -> Iterator[Row]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        number = 0

        def lines() -> Iterator[str]:
            nonlocal number
            for index, line in enumerate(file, 1):
                if not line.startswith("#"):
                    number = index
                    yield line

        rows = csv.DictReader(lines(), strict=True)
        try:
            header = tuple(rows.fieldnames or ())
            if every and header != columns:
                raise GazetteerError(f"{path.name}: the columns must be {','.join(columns)}")
            _check_columns(path.name, header, columns)
            for row in rows:
                where = f"{path.name} line {number}"
                if None in row or None in row.values():
                    raise GazetteerError(f"{where}: a row has {len(header)} columns")
                yield Row(where, {name: _clean(text) for name, text in row.items() if text})
        except csv.Error as error:
            raise GazetteerError(f"{path.name} line {number}: {error}") from error


def _yaml_rows(path: Path) -> Iterator[Row]:
    import yaml

    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise GazetteerError(f"{path.name} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(rows, list):
        raise GazetteerError(f"{path.name}: write a list of entities, each with name and type")
    for number, row in enumerate(rows, 1):
        where = f"{path.name} entity {number}"
        if not isinstance(row, dict):
            raise GazetteerError(f"{where}: write name: ..., type: ..., aliases: [...]")
        _check_columns(where, map(str, row), USER_COLUMNS)
        values = {}
        for name, value in row.items():
            parts = value if isinstance(value, list) else [value]
            if any(isinstance(part, dict | list) for part in parts):
                raise GazetteerError(f"{where}: {name} is a text or a list of texts")
            text = "|".join(str(part) for part in parts if part is not None)
            if text:
                values[str(name)] = _clean(text)
        yield Row(where, values)


def _clean(text: str) -> str:
    """Return a value without what is invisible, and with single spaces."""
    return " ".join(text.translate(INVISIBLE).split())


def _check_columns(where: str, names: Iterable[str], columns: tuple[str, ...]) -> None:
    for name in names:
        if name not in columns:
            raise GazetteerError(
                f"{where}: there is no column {name!r}; there are {', '.join(columns)}"
            )


@cache
def default_gazetteer() -> Gazetteer:
    """Return the gazetteer that ships with the package."""
    return Gazetteer(tuple(_load_entities(_own_sections()["entities"])))


@cache
def _own_sections() -> Sections:
    """Return the content of the package's files, each as JSON."""

    def read() -> Sections:
        return {
            "entities": dump_entities(_read_own()),
            "demonyms": json.dumps(_demonyms()).encode(),
        }

    return cached("gazetteer", b"", read)


def _read_own() -> Iterator[Entity]:
    for name, entity_type in FILES.items():
        yield from read_entities(DATA / name, entity_type)


def dump_entities(entities: Iterable[Entity]) -> bytes:
    """Return entities as JSON, from which `_load_entities` makes them."""
    rows = list(map(attrgetter(*_FIELDS), entities))
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _load_entities(content: bytes) -> Iterator[Entity]:
    aliases = _FIELDS.index("aliases")
    for values in json.loads(content.decode("utf-8", "surrogatepass")):
        values[aliases] = tuple(values[aliases])
        yield Entity(*values)


@cache
def demonyms() -> dict[str, str]:
    """Return the demonyms, words for the people of a place, with the slug of each one's place."""
    found: dict[str, str] = json.loads(_own_sections()["demonyms"])
    return found


def _demonyms() -> dict[str, str]:
    rows = _csv_rows(DATA / DEMONYMS, ("demonym", "place", "source"), every=True)
    return {row.values["demonym"]: row.values["place"] for row in rows}
