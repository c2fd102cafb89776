"""The menu of Datasette 1.0 that opens with `/`: the entities and articles of archives."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from .permissions import visible_archives
from .urls import Addresses

_ENTITIES = """
select type, name as label, coalesce(description, 'named in articles') as description,
  :address || slug as url,
  name || ' ' || coalesce((select group_concat(alias, ' ') from aliases
    where entity_id = entities.id), '') as search_text,
  null as display_name
from entities
where slug not glob '*[^a-z0-9_-]*'
  and exists (select 1 from mentions where entity_id = entities.id)
"""
_ARTICLES = """
select 'article' as type, coalesce(title, slug) as label,
  trim(coalesce(published, '') || ' ' || coalesce(source, '')) as description,
  :address || slug as url, coalesce(title, slug) as search_text, null as display_name
from articles
where slug not glob '*[^a-z0-9_-]*'
"""


async def jump_items(datasette: Any, actor: dict[str, Any] | None) -> list[Any]:
    """Return the items of all archives that an actor may see."""
    if find_spec("datasette.jump") is None:  # an older pre-release
        return []
    from datasette.jump import JumpSQL

    return [
        JumpSQL(sql=sql, params={"address": address}, database=name)
        for name in await visible_archives(datasette, actor)
        for sql, address in (
            (_ENTITIES, Addresses(datasette, name).entity("")),
            (_ARTICLES, Addresses(datasette, name).article("")),
        )
    ]
