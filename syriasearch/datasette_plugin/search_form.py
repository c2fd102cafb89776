"""The search that the address of a page contains, and addresses of similar searches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from .. import Archive, Suggestion
from .escaping import shown

HITS = 10
"""The number of hits on a page."""
MAX_NUMBER = 10**9
"""The highest number that is read from an address."""
MAX_LENGTH = 120
"""An address of more characters is on a page once, in a form, and not in a hundred links."""
MAX_ENTITIES = 20
TEXT_FILTERS = {
    "after": "From",
    "before": "Before",
    "source": "Source",
    "author": "Author",
    "lang": "Language",
}
"""The filters that have one value, with their labels."""


@dataclass(frozen=True)
class SearchForm:
    """A search, with all its filters."""

    q: str = ""
    after: str = ""
    before: str = ""
    source: str = ""
    author: str = ""
    lang: str = ""
    entity: tuple[str, ...] = ()
    sort: str = "relevance"
    exact: bool = False
    all_copies: bool = False
    page: int = 1

    @classmethod
    def read(cls, args: Any) -> SearchForm:
        """Read it from the arguments of a request; invalid values are ignored."""
        slugs = dict.fromkeys(filter(None, map(str.strip, args.getlist("entity"))))
        sort = args.get("sort") or ""
        return cls(
            q=" ".join((args.get("q") or "").split()),
            entity=tuple(slugs)[:MAX_ENTITIES],
            sort=sort if sort in Archive.SORTS else "relevance",
            exact=args.get("exact") == "1",
            all_copies=args.get("all_copies") == "1",
            page=max(1, whole_number(args.get("page"))),
            **{name: (args.get(name) or "").strip() for name in TEXT_FILTERS},
        )

    @property
    def options(self) -> dict[str, Any]:
        """The filters and flags, as options of `Archive.search`."""
        given: dict[str, Any] = {name: getattr(self, name) or None for name in TEXT_FILTERS}
        flags = {"exact": self.exact, "all_copies": self.all_copies}
        return {**given, "entity": self.entity, **flags}

    @property
    def naming_options(self) -> dict[str, Any]:
        """The same as options of what tells who is named, in which copies count as articles."""
        return {name: value for name, value in self.options.items() if name != "all_copies"}

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the name and value of each filter that has one value."""
        yield from ((name, getattr(self, name)) for name in TEXT_FILTERS)

    @property
    def has_filters(self) -> bool:
        """Whether it is narrowed, or changed, by anything but its words."""
        return any(self.options.values())

    @property
    def is_front(self) -> bool:
        """Whether it asks for nothing: the first page of all articles."""
        return not self.q and not self.has_filters and self.page == 1

    @cached_property
    def is_long(self) -> bool:
        """Whether a page with many links to variants of this search would be too long."""
        return len(self.address()) > MAX_LENGTH

    @property
    def shared_q(self) -> str:
        """The query that links to the pages of its hits carry, for highlights; empty if long."""
        return "" if self.is_long else self.q

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield names and values for a form, except those with the default value."""
        for name in _DEFAULTS:
            yield from _pairs(name, getattr(self, name))

    def address(self, **changes: Any) -> str:
        """Return the address of this search with changes, from `?` on; by default of page 1."""
        changed = {name: _encode(name, value) for name, value in changes.items()}
        return "?" + "&".join(filter(None, {**self._encoded, "page": "", **changed}.values()))

    @cached_property
    def _encoded(self) -> dict[str, str]:
        """The part of an address for each field, in order: a page has some hundred addresses."""
        return {name: _encode(name, getattr(self, name)) for name in _DEFAULTS}

    def narrowed(self, name: str, value: str) -> str:
        """Return the address of this search, narrowed to a value, or to a further entity."""
        return self.address(**{name: (*self.entity, value) if name == "entity" else value})

    def filters(self, names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """Yield each filter: its label, its value, and the address of the search without it.

        An entity is shown by its name if `names` has it for the slug.
        """
        for name, label in TEXT_FILTERS.items():
            value = getattr(self, name)
            if value:
                yield label, shown(value), self.address(**{name: ""})
        for slug in self.entity:
            others = tuple(each for each in self.entity if each != slug)
            yield "Names", shown(names.get(slug, slug)), self.address(entity=others)
        if self.exact:
            yield "Words", "exactly as typed", self.address(exact=False)
        if self.all_copies:
            yield "Duplicates", "shown", self.address(all_copies=False)

    def hidden(self) -> list[tuple[str, str]]:
        """Return the hidden fields that a form needs besides its own, to keep the filters."""
        own = ("q", "after", "before", "page")
        pairs = (pair for pair in self.pairs() if pair[0] not in own)
        return sorted(pairs, key=lambda pair: pair[0] == "sort")

    def accepting(self, suggestion: Suggestion) -> str:
        """Return the address of the search that a suggestion makes of it."""
        word, other = suggestion.word, suggestion.suggestion
        changes: dict[str, Any] = {"q": suggestion.query} if suggestion.query else {}
        if not changes and word in self.q:
            changes = {"q": " ".join(self.q.replace(word, other, 1).split())}
        kept: list[str] = []
        for name, value in (*self.options.items(), *(("entity", each) for each in self.entity)):
            is_meant = isinstance(value, str) and _is_field(name, value, word)
            new = other.partition(":")[2].strip('"') if is_meant else value
            if name == "entity" and isinstance(new, str):
                kept += [new] if new else []
            elif is_meant:
                changes[name] = new
        return self.address(**changes, entity=tuple(kept))


def _is_field(name: str, value: str, text: str) -> bool:
    """Return whether a text has an option in the form of a field."""
    value = value.replace('"', " ")
    return f"{name}:{value}" in text or f'{name}:"{value}"' in text


_DEFAULTS = {field.name: field.default for field in fields(SearchForm)}


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if value != _DEFAULTS[name]:
        values = value if isinstance(value, tuple) else (value,)
        yield from ((name, "1" if each is True else str(each)) for each in values)


@lru_cache(maxsize=4096, typed=True)
def _encode(name: str, value: Any) -> str:
    return urlencode([*_pairs(name, value)], errors="replace")


def first_day(text: str) -> str | None:
    """Return the first day of a day, month or year, as a date picker takes it; else None."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    return f"{match[1]}-{match[2] or '01'}-{match[3] or '01'}" if match else None


def offset_of(page: int, size: int = HITS) -> int:
    """Return the number of hits before a page."""
    return min((page - 1) * size, 2**31 - 1)


def whole_number(text: str | None) -> int:
    """Return a whole number from an address; 0 if it is not one."""
    return min(int(text[:20]), MAX_NUMBER) if text and text.isascii() and text.isdigit() else 0
