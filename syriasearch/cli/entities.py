"""Which commands are about an entity?"""

from __future__ import annotations

from typing import cast

import click
from click_default_group import DefaultGroup

from .group import main


@main.group(cls=cast("type[click.Group]", DefaultGroup), default="show")
def entity() -> None:
    """Correct who is named: merge, split, rename or hide an entity, and undo it."""
