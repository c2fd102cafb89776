"""Screening: who on a list of names is in the archive.

A name of the list is looked up as it is written, then as a spelling of an alias, then as a name
like one; nothing is merged, and a name that several entities have has several matches. Names that
no entity has are looked for as words side by side.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from ..entities.names.alias_lookup import AliasLookup
from ..entities.names.name_lookup import NamedEntity
from ..entities.names.readings import given_first
from ..errors import OptionError
from ..models.article import Article, Snippet
from ..models.entity import ENTITY_TYPES, Entity
from ..models.screening import Certainty, Screening, ScreeningMatch
from ..text.arabic import name_key
from ..text.tokenize import terms
from .collection import Collection
from .query.clauses import Clause, Mentions, Node, Plan, TermSequence
from .query.request import SearchRequest
from .searcher import Searcher

COLUMNS = {
    "name": ("name", "full name", "names", "fullname", "entity", "caption", "الاسم"),
    "aliases": ("aliases", "alias", "aka", "also known as", "other names", "weak aliases"),
    "type": ("type", "schema", "entity type", "kind"),
    "birth": ("birth", "date of birth", "dob", "birth date", "born", "birthdate", "year of birth"),
}
"""The headers by which the columns of a list are recognized, without case or underscores."""
TYPES = {
    "individual": ("person",),
    "organisation": ("organization", "group"),
    "organization": ("organization", "group"),
    "company": ("organization", "group"),
    "legal entity": ("organization", "group"),
    "legalentity": ("organization", "group"),
    "group": ("organization", "group"),
    "location": ("place",),
    **{each: (each,) for each in ("person", "place", "event")},
}
"""The types of entities that a type on a list may mean; another type means all."""
TYPE_SCORES = {"name": 1.0, "words": 0.5}
YOUNGEST = 10
"""The minimum age, in years, of a person whom news names."""
_SEPARATORS = re.compile(r"\s*[|;\n]\s*")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


class _Best(NamedTuple):
    """The best passage on an entity or on words, and the number of articles with them."""

    articles: int
    article: Article | None
    passage: Snippet | None


def read_names(
    names: str | PathLike[str] | Iterable[str | Mapping[str, str]],
    columns: Mapping[str, str] | None = None,
) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a list: of a CSV file, or names, or mappings such as rows.

    A file of one column without a known header has names only. Raises OptionError for a file
    that cannot be read, and for one whose columns are not known.
    """
    if isinstance(names, str | PathLike):
        yield from _read_csv(Path(names), columns or {})
        return
    if not isinstance(names, Iterable):
        raise OptionError(f"names takes a file, or names, not {names!r}")
    for each in names:
        if isinstance(each, str):
            yield {"name": each}
        elif isinstance(each, Mapping):
            yield {str(key): str(value or "") for key, value in each.items()}
        else:
            raise OptionError(f"names takes names or rows, not {each!r}")


def _read_csv(path: Path, columns: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            delimiter = max(",;\t", key=first.count)
            rows = csv.reader(stream, delimiter=delimiter)
            header = [each.strip() for each in next(rows, [])]
            fields = _fields(header, columns)
            if "name" not in fields.values():
                if len(header) > 1 or columns:
                    raise OptionError(
                        f"{path}: no column is known to hold names, of {', '.join(header)}: "
                        "call it `name`, or say which it is with columns (--map name=COLUMN)"
                    )
                yield {"name": header[0]} if header else {}
                header = ["name"]
            for row in rows:
                yield dict(zip(header, (each.strip() for each in row), strict=False))
    except OSError as error:
        raise OptionError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OptionError(f"{path} is not UTF-8 text: save it as CSV in UTF-8") from error
    except csv.Error as error:
        raise OptionError(f"{path} is not a CSV file: {error}") from error


def _fields(header: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return the field of each column that is known: name, aliases, type, birth."""
    given = {column: field for field, column in columns.items()}
    known = {each: field for field, headers in COLUMNS.items() for each in headers}
    fields: dict[str, str] = {}
    for each in header:
        field = given.get(each) or known.get(" ".join(each.lower().replace("_", " ").split()))
        if field and field not in fields.values():
            fields[each] = field
    return fields


def screen(
    collection: Collection,
    names: Iterable[Mapping[str, str]],
    columns: Mapping[str, str] | None = None,
    *,
    limit: int = 3,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Screening]:
    """Yield for each row of a list whom it may mean, at most `limit` each; empty rows are skipped.

    `columns` says which column has which field, if its header does not. `progress` is called with
    the number of each row.
    """
    screener = _Screener(collection, limit)
    fields: dict[str, str] = {}
    header: tuple[str, ...] | None = None
    for number, values in enumerate(names, 1):
        if header != tuple(values):
            header = tuple(values)
            fields = _fields(header, columns or {})
        row = {field: values.get(column, "") for column, field in fields.items()}
        written = " ".join(row.get("name", "").split())
        if progress:
            progress(number)
        if not written:
            continue
        aliases = tuple(filter(None, _SEPARATORS.split(row.get("aliases", ""))))
        kind = row.get("type", "").strip().lower()
        birth = _YEAR.search(row.get("birth", ""))
        matches = screener.matches(written, aliases, kind, int(birth[0]) if birth else None)
        yield Screening(number, written, values, matches)


class _Screener:
    """The look-up of the names of one list; what is asked again is remembered."""

    def __init__(self, collection: Collection, limit: int) -> None:
        self._collection = collection
        self._lookup = AliasLookup(collection.names)
        self._limit = limit
        self.matches = lru_cache(maxsize=1 << 14)(self._matches)
        self._mentioned = lru_cache(maxsize=1 << 14)(self._find_mentions)

    def _matches(
        self, name: str, aliases: tuple[str, ...], kind: str, birth: int | None
    ) -> tuple[ScreeningMatch, ...]:
        types = TYPES.get(kind, ENTITY_TYPES)
        found: dict[int, ScreeningMatch] = {}
        for each in (name, *aliases):
            for entity, match in self._entities(each, types, birth):
                known = found.get(entity.id)
                if known is None or match.score > known.score:
                    found[entity.id] = match
        order = sorted(found.values(), key=lambda match: (-match.score, -match.articles))
        if order:
            return tuple(order[: self._limit])
        return tuple(filter(None, [self._words(name)]))

    def _entities(
        self, written: str, types: tuple[str, ...], birth: int | None
    ) -> Iterator[tuple[NamedEntity, ScreeningMatch]]:
        name = given_first(written)
        keys = {name_key(written), name_key(name)}
        exact = [each for each in self._lookup.called(written) if each.type in types]
        for entity in exact:
            aliases = self._lookup.aliases(entity.id)
            alias = next((each for each in aliases if name_key(each) in keys), entity.name)
            yield entity, self._match(entity, written, alias, "name", 0.0, birth)
        if exact:
            return
        sure = {each.id for each in self._lookup.resolve(name, types)}
        for match in self._lookup.matches(name, types)[: self._limit]:
            certainty: Certainty = "spelling" if match.entity.id in sure else "similar"
            yield (
                match.entity,
                self._match(match.entity, written, match.alias, certainty, match.distance, birth),
            )

    def _match(
        self,
        named: NamedEntity,
        written: str,
        alias: str,
        certainty: Certainty,
        distance: float,
        birth: int | None,
    ) -> ScreeningMatch:
        entity, best, earliest = self._mentioned(named)
        note = ""
        if birth and entity.type == "person" and earliest and earliest < birth + YOUNGEST:
            note = f"named in {earliest}: too early for somebody born in {birth}"
            certainty = "similar"
        if certainty != "similar" and " " not in name_key(alias) and entity.type == "person":
            certainty, note = "similar", note or "only one word of a name"
        score = 1 - distance - (0.2 if certainty == "similar" else 0)
        return ScreeningMatch(entity, written, alias, certainty, score, *best, note)

    def _find_mentions(self, named: NamedEntity) -> tuple[Entity, _Best, int | None]:
        """Return an entity, the best passage on it, and the year of the first article with it."""
        (entity,) = self._collection.entities.about([named.id]).values()
        searcher = self._search(named.name, Mentions((named,)))
        years = [int(day[:4]) for day in searcher.days() if day]
        return entity, self._best(searcher), min(years, default=None)

    def _words(self, name: str) -> ScreeningMatch | None:
        words = tuple(terms(given_first(name)))
        if len(words) < 2:
            return None
        best = self._best(self._search(name, TermSequence(words)))
        if not best.articles:
            return None
        return ScreeningMatch(None, name, " ".join(words), "words", 0.5, *best)

    def _search(self, label: str, node: Node) -> Searcher:
        plan = Plan((Clause(label, node, field=True),), (), everything=False)
        request = SearchRequest("", limit=1, passages=1, all_copies=True)
        return Searcher(self._collection, request, plan, limit=1)

    @staticmethod
    def _best(searcher: Searcher) -> _Best:
        hit = next(searcher.hits(), None)
        if hit is None:
            return _Best(0, None, None)
        passage = hit.passages[0].snippet if hit.passages else None
        return _Best(searcher.total, hit.article, passage)
