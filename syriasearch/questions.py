"""Entities: the part of `Archive` with profiles, lists and networks of entities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

from .errors import OptionError
from .handle import Handle
from .models.options import as_text, check_count
from .search.query.request import FilterOptions, make_request
from .store.schema import ENTITY_TYPES

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .models.entity_profile import EntityPage, EntityProfile, Network
    from .search.entity_list import EntitySort
    from .search.entity_network import EdgeSort


class Questions(Handle):
    """The methods of an archive about its entities."""

    def entity(
        self,
        name: str,
        *,
        limit: int = 5,
        neighbours: int = 10,
        **filters: Unpack[FilterOptions],
    ) -> EntityProfile:
        """Return an entity's profile: spellings, counts, timeline, neighbours, latest articles.

        `name` is a slug or a name in any spelling. `limit` is the number of latest articles,
        `neighbours` the number of neighbours; the filters are those of `search`, and all counts
        are of the articles that pass them.

        If several entities have the name, it means the only one that any article names, or else
        the one whose canonical name it is. Raises AmbiguousEntityError if there is none,
        EntityNotFoundError if no entity has the name, both with candidates; OptionError, and
        ArchiveError.
        """
        from .search.entity_profile import make_profile

        name = as_text("name", name).strip()
        if not name:
            raise OptionError("name takes a name or a slug of an entity, not nothing")
        check_count("neighbours", neighbours)
        request = make_request(
            "", filters, limit=limit, sort="newest", match="all", passages=1, all_copies=True
        )
        return self._ask(make_profile, name, request, neighbours)

    def entities(
        self,
        query: str = "",
        *,
        name: str = "",
        type: str | Iterable[str] | None = None,
        min_count: int = 1,
        sort: EntitySort = "articles",
        limit: int = 50,
        offset: int = 0,
        exact: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> EntityPage:
        """List the entities named in the articles with all that a query asks, or in all articles.

        `name` keeps those that have these words in one of their names, `type` those of one type or
        several, `min_count` those that at least this many articles name. `sort` is "articles",
        "mentions", "name", or "association": those named more often there than in the archive as a
        whole come first. The other options are those of `search`. Raises QuerySyntaxError,
        OptionError and ArchiveError.
        """
        from .search.entity_list import EntitySort, list_entities

        check_choice("sort", sort, get_args(EntitySort))
        check_count("min_count", min_count)
        request = make_request(
            query, filters, limit=limit, offset=offset, exact=exact, all_copies=True
        )
        name, types = as_text("name", name).strip(), as_types(type)
        return self._ask(
            list_entities, request, types=types, name=name, min_count=min_count, sort=sort
        )

    def network(
        self,
        query: str = "",
        *,
        type: str | Iterable[str] | None = None,
        min_weight: int = 1,
        sort: EdgeSort = "weight",
        limit: int = 50,
        exact: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Network:
        """Return the network of entities named together in the articles with all a query asks.

        The nodes are the `limit` entities that most of the articles name (1,000 at most), of one
        type or several; the edges are the pairs that occur together in `min_weight` articles or
        more, the strongest first, or with `sort="association"` those that chance explains least.
        The other options are those of `search`. Raises QuerySyntaxError, OptionError and
        ArchiveError.
        """
        from .search.entity_network import MAX_NODES, EdgeSort, make_network

        check_choice("sort", sort, get_args(EdgeSort))
        check_count("min_weight", min_weight)
        request = make_request(query, filters, limit=limit, exact=exact, all_copies=True)
        if limit > MAX_NODES:
            raise OptionError(f"limit takes at most {MAX_NODES:,} entities, not {limit:,}")
        types = as_types(type)
        return self._ask(make_network, request, types=types, min_weight=min_weight, sort=sort)


def check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    """Raise OptionError for an option whose value is not one of its choices."""
    if value not in choices:
        raise OptionError(f"{name} takes {', '.join(choices)}, not {value!r}")


def as_types(types: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return types of entities, empty for all. Raises OptionError for one that does not exist."""
    if types is None:
        return ()
    if not isinstance(types, Iterable):
        raise OptionError(f"type takes {', '.join(ENTITY_TYPES)}, not {types!r}")
    found = (types,) if isinstance(types, str) else tuple(types)
    for each in found:
        check_choice("type", each, ENTITY_TYPES)
    return found
