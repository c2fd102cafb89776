"""Known keys: those of the names in the package's gazetteer, computed once and kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...text.arabic import name_key
from ...text.user_cache import cached
from ..entity_updates import names_of
from ..gazetteer import default_gazetteer
from .phonetic import name_keys

_Keys = tuple[str, list[list[str]]]
_PERSON, _OTHER = "person", "other"


class KnownKeys:
    """The keys of names, of which most names of an archive need not be computed."""

    def __init__(self) -> None:
        sections = cached("alias-keys", b"", lambda: {"keys": _dump().encode()})
        self._known: Mapping[str, Mapping[str, Any]] = json.loads(sections["keys"])

    def of(self, name: str, *, person: bool) -> _Keys:
        """Return the lookup key of a name, and its phonetic keys, sorted."""
        found = self._known[_PERSON if person else _OTHER].get(name)
        return found or _keys(name, person=person)


def _keys(name: str, *, person: bool) -> _Keys:
    return name_key(name), sorted(map(list, name_keys(name, person=person)))


def _dump() -> str:
    found: dict[str, dict[str, _Keys]] = {_PERSON: {}, _OTHER: {}}
    for entity in default_gazetteer().entities:
        person = entity.type == "person"
        for name in names_of(entity):
            found[_PERSON if person else _OTHER][name] = _keys(name, person=person)
    return json.dumps(found, ensure_ascii=False)
