"""What can a user ask about who is named in an archive?"""

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
    """What is asked of an archive about its entities."""

    def entity(
        self,
        name: str,
        *,
        limit: int = 5,
        neighbours: int = 10,
        **filters: Unpack[FilterOptions],
    ) -> EntityProfile:
        """Tell who somebody is: how named, how often, when, beside whom, and where the latest.

        `name` is a slug or a name in any spelling. `limit` is how many of the latest articles to
        tell, `neighbours` how many names; the filters are those of `search`, and what is counted
        is counted in the articles that pass them.

        Of several who have the name it is the only one that any article names, or else the one
        whose canonical name it is. Raises AmbiguousEntityError where that is not one either,
        EntityNotFoundError where nobody has the name, both with candidates; OptionError, and
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
        """List who is named in the articles that have all that a query asks; in all, without one.

        `name` leaves those who have these words in one of their names, `type` those of a type or of
        several, `min_count` those whom so many articles name. `sort` is "articles", "mentions",
        "name", or "association": who is named there more often than in the archive as a whole
        first. The other options are those of `search`. Raises QuerySyntaxError, OptionError and
        ArchiveError.
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
        """Tell who is named beside whom in the articles that have all that a query asks.

        The nodes are the `limit` entities that most of the articles name (1,000 at most), of a type
        or several; the edges are those that stand together in `min_weight` articles or more, the
        strongest first, or with `sort="association"` those that chance explains least. The other
        options are those of `search`. Raises QuerySyntaxError, OptionError and ArchiveError.
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
    """Raise OptionError for an option that is none of its choices."""
    if value not in choices:
        raise OptionError(f"{name} takes {', '.join(choices)}, not {value!r}")


def as_types(types: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return types of entities, none for all. Raises OptionError for one that there is not."""
    if types is None:
        return ()
    if not isinstance(types, Iterable):
        raise OptionError(f"type takes {', '.join(ENTITY_TYPES)}, not {types!r}")
    found = (types,) if isinstance(types, str) else tuple(types)
    for each in found:
        check_choice("type", each, ENTITY_TYPES)
    return found
