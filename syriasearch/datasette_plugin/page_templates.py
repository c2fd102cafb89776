"""Templates: those of an archive's pages, rendered without a coroutine for each value.

Datasette renders templates asynchronously, so that they may call what waits. That takes several
times as long, and these templates only wait for the links at the top of a page, which are awaited
before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from jinja2 import Environment, Template

_environments: WeakKeyDictionary[Environment, Environment] = WeakKeyDictionary()


class PageTemplate(Template):
    """A template of a page that Datasette takes for one of its own."""

    async def render_async(self, context: Mapping[str, Any]) -> str:
        """Render the page; called by Datasette, with its context."""
        crumbs = await context["crumb_items"](
            request=context["request"], database=context["database"]
        )
        links = await context["menu_links"]()
        return self.render({**context, "crumbs": crumbs, "found_links": links})


def find_template(datasette: Any, request: Any, name: str) -> Template:
    """Return a template by its name under `syriasearch/`."""
    find = getattr(datasette, "get_jinja_environment", None)  # of Datasette 1.0
    environment: Environment = find(request) if find else datasette.jinja_env
    if environment not in _environments:
        ours = environment.overlay(enable_async=False)
        ours.template_class = PageTemplate
        _environments[environment] = ours
    return _environments[environment].get_template(f"syriasearch/{name}")
