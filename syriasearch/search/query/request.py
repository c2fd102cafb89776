"""The search request: a query with all its options, validated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict, get_args

from ...errors import OptionError
from ...models.options import as_text, check_count
from .filters import Filters

if TYPE_CHECKING:
    from ...store.saved_searches import SavedSearch

Sort = Literal["relevance", "newest", "oldest"]
Match = Literal["auto", "all", "any"]


class FilterOptions(TypedDict, total=False):
    """The options that select articles, common to everything that searches."""

    after: str | None
    before: str | None
    source: str | None
    entity: str | Iterable[str] | None
    lang: str | None
    author: str | None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search with all its options. Raises OptionError for an invalid one."""

    query: str
    limit: int = 10
    offset: int = 0
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"
    match: Match = "auto"
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
            value = getattr(self, name)
            check_count(name, value)
        for name, choices in (("sort", get_args(Sort)), ("match", get_args(Match))):
            if getattr(self, name) not in choices:
                raise OptionError(f"{name} takes {', '.join(choices)}, not {getattr(self, name)!r}")


def as_name(text: str) -> str:
    """Return the name of a saved search, on one line. Raises OptionError if it is empty."""
    name = " ".join(as_text("name", text).split())
    if not name:
        raise OptionError("a saved search needs a name")
    return name


def check_filters(options: Mapping[str, Any]) -> None:
    """Raise OptionError for an option that is not a filter."""
    for name in options:
        if name not in Filters._fields:
            choices = ", ".join(Filters._fields)
            raise OptionError(f"there is no option {name!r}: choose among {choices}")


def as_texts(name: str, value: Any) -> str | tuple[str, ...]:
    """Return the value of an option as text, or as a tuple of texts for several entities.

    Raises OptionError for a value that is not text.
    """
    if name != "entity" or isinstance(value, str) or not isinstance(value, Iterable):
        return as_text(name, value)
    return tuple(dict.fromkeys(as_text(name, each) for each in value))


def make_request(
    query: str, narrowed: Mapping[str, Any] | None = None, /, **options: Any
) -> SearchRequest:
    """Return the request of a query with options: fields of Request, and fields of Filters.

    `narrowed` may contain only the latter. Raises OptionError for an option that cannot be used.
    """
    check_filters(narrowed or {})
    options.update(narrowed or {})
    filters = {name: options.pop(name, None) for name in Filters._fields}
    given: dict[str, Any] = {
        name: as_texts(name, value) for name, value in filters.items() if value is not None
    }
    if "facets" in options:
        options["facets"] = _names(options["facets"])
    return SearchRequest(as_text("query", query), filters=Filters(**given), **options)


def saved_request(saved: SavedSearch) -> SearchRequest:
    """Return the request of a saved search: full matches only, the newest first."""
    known = {*Filters._fields, "exact", "all_copies"}
    options = {name: value for name, value in saved.options.items() if name in known}
    return make_request(saved.query, **options, match="all", sort="newest")


def _names(facets: Iterable[str]) -> tuple[str, ...]:
    names = (facets,) if isinstance(facets, str) else facets
    if not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        raise OptionError(f"facets takes names, not {facets!r}")
    return tuple(names)
