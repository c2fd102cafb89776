"""The search request: a query with all its options, validated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict, get_args

from ...errors import OptionError
from ...models.options import (
    Day,
    MatchMode,
    Names,
    Sort,
    as_day,
    as_names,
    as_text,
    check_choice,
    check_count,
    check_flag,
    check_known,
)
from .filters import Filters


class FilterOptions(TypedDict, total=False):
    """The options that select articles, common to everything that searches."""

    after: Day | None
    before: Day | None
    source: Names | None
    entity: Names | None
    lang: Names | None
    author: Names | None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search with all its options. Raises OptionError for an invalid one."""

    query: str
    limit: int = 10
    offset: int = 0
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"
    match: MatchMode = "auto"
    facets: tuple[str, ...] = ()
    passages: int = 3
    explain: bool = False
    exact: bool = False
    recent: bool = False
    expand: bool = False
    all_copies: bool = False
    only_ids: frozenset[int] | None = None
    """The ids of the only articles that may be hits; None for all."""
    exclude_ids: frozenset[int] = frozenset()
    """The ids of articles that may not be hits."""

    def __post_init__(self) -> None:
        """Validate every option."""
        for name in ("limit", "offset", "passages"):
            check_count(name, getattr(self, name))
        for name in ("explain", "exact", "recent", "expand", "all_copies"):
            check_flag(name, getattr(self, name))
        check_choice("sort", self.sort, get_args(Sort))
        check_choice("match", self.match, get_args(MatchMode))


def make_request(
    query: str, filters: Mapping[str, Any] | None = None, /, **options: Any
) -> SearchRequest:
    """Return the request of a query with options: fields of SearchRequest, and of Filters.

    `filters` may contain only the latter. Raises OptionError for an option that cannot be used.
    """
    for name in filters or {}:
        check_known("option", name, Filters._fields)
    options.update(filters or {})
    for name in options.keys() - Filters._fields - SearchRequest.__dataclass_fields__.keys():
        raise OptionError(f"there is no option {name!r}")
    given: dict[str, Any] = {
        name: _as_filter(name, value)
        for name in Filters._fields
        if (value := options.pop(name, None)) is not None
    }
    if "facets" in options:
        options["facets"] = _as_facets(options["facets"])
    return SearchRequest(as_text("query", query), filters=Filters(**given), **options)


def _as_filter(name: str, value: Any) -> str | tuple[str, ...]:
    """Return the value of a filter: a text, or several. Raises OptionError."""
    return as_day(name, value) if name in ("after", "before") else as_names(name, value)


def _as_facets(facets: Any) -> tuple[str, ...]:
    names = (facets,) if isinstance(facets, str) else facets
    if not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        raise OptionError(f"facets takes names, not {facets!r}")
    return tuple(names)
