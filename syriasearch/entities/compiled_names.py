"""Compiled names: what recognition looks up in a gazetteer, computed once and kept.

To fold all names, and to compute their phonetic forms, takes a second of each process; to read the
results a hundredth. They are texts, of which each is read when it is first needed. `compile_names`
takes them from the user's cache, or computes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from ..models.entity import Entity
from ..text.arabic import name_key
from ..text.user_cache import Sections, cached
from .gazetteer import WEAK, Gazetteer, default_gazetteer, dump_entities
from .name_index import NameIndex, index_names
from .namesakes.bearers import GIVEN_FORMS, GIVEN_NAMES, Bearers, key_of
from .rules.known_spellings import KnownSpellings

KEPT = 1_000
"""Minimum number of entities of a gazetteer whose compiled names are kept."""
_INDEX = "index"


class CompiledNames:
    """The names of a gazetteer, looked up by their keys."""

    def __init__(self, gazetteer: Gazetteer, sections: Sections) -> None:
        self._entities = gazetteer.entities
        self._sections = sections

    def _load(self, name: str) -> Any:
        return json.loads(self._sections[name].decode("utf-8", "surrogatepass"))

    @cached_property
    def index(self) -> NameIndex:
        """All names, by which a text is searched."""
        return NameIndex(self._sections[_INDEX], self._entities)

    @cached_property
    def persons(self) -> Mapping[str, Entity]:
        """The persons by unambiguous names of several words."""
        return {key: self._entities[number] for key, number in self._load("persons").items()}

    @cached_property
    def weak(self) -> frozenset[str]:
        """The keys of weak names of several words; those of events are among them."""
        return frozenset(self._load("weak"))

    @cached_property
    def families(self) -> Mapping[str, Mapping[str, Entity]]:
        """The persons, by slug, by the last words of their names of several words."""
        return self._by_slug("families")

    @cached_property
    def shared(self) -> Mapping[str, Mapping[str, Entity]]:
        """The persons, by slug, by the names of one word that several of them have."""
        return self._by_slug("shared")

    def _by_slug(self, name: str) -> Mapping[str, Mapping[str, Entity]]:
        entities = self._entities
        return {
            key: {entities[number].slug: entities[number] for number in numbers}
            for key, numbers in self._load(name).items()
        }

    @cached_property
    def bearers(self) -> Bearers:
        """The persons who have a family name."""
        return Bearers(self.families, self._load)

    def spellings(self, kind: str = "person") -> KnownSpellings:
        """Return the names of persons, or of places, by other spellings."""
        return KnownSpellings(self._entities, kind, lambda: self._load(f"{kind} skeletons"))


def compile_names(gazetteer: Gazetteer) -> CompiledNames:
    """Return the compiled names of a gazetteer."""
    if gazetteer is default_gazetteer():
        sections = cached("names", b"", lambda: _sections(gazetteer))
    elif len(gazetteer.entities) < KEPT:
        sections = _sections(gazetteer)
    else:
        content = dump_entities(gazetteer.entities)
        sections = cached("names", content, lambda: _sections(gazetteer))
    return CompiledNames(gazetteer, sections)


def _sections(gazetteer: Gazetteer) -> Sections:
    entities = gazetteer.entities
    bearers = Bearers(_families(entities))
    made = {
        **_by_key(entities),
        "shared": _shared(entities),
        GIVEN_FORMS: sorted(bearers.given_forms),
        GIVEN_NAMES: sorted(bearers.given_names),
        **{
            f"{kind} skeletons": KnownSpellings(entities, kind).by_skeleton
            for kind in ("person", "place")
        },
    }
    sections = {name: _dump(value) for name, value in made.items()}
    return {_INDEX: index_names(entities), **sections}


def _dump(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _by_key(entities: Sequence[Entity]) -> dict[str, Any]:
    """Return the numbers of persons by key and by family name, and the keys of weak names.

    Names of events are among the weak ones: dates may speak against them.
    """
    families: dict[str, dict[int, None]] = {}
    persons: dict[str, int | None] = {}
    weak: dict[str, None] = {}
    for number, entity in enumerate(entities):
        for alias in (entity.name, *entity.aliases):
            key = name_key(alias.removeprefix(WEAK))
            if " " not in key:
                continue
            if alias.startswith(WEAK) or entity.type == "event":
                weak[key] = None
            elif entity.type == "person":
                persons[key] = None if persons.get(key, number) != number else number
                families.setdefault(key.rpartition(" ")[2], {})[number] = None
    return {
        "persons": {key: each for key, each in persons.items() if each is not None},
        "weak": list(weak),
        "families": {key: list(each) for key, each in families.items()},
    }


def _families(entities: Sequence[Entity]) -> dict[str, dict[str, Entity]]:
    return {
        key: {entities[number].slug: entities[number] for number in numbers}
        for key, numbers in _by_key(entities)["families"].items()
    }


def _shared(entities: Sequence[Entity]) -> dict[str, list[int]]:
    """Return the numbers of the persons by each name of one word that several have as an alias."""
    named: dict[str, dict[int, None]] = {}
    for number, person in enumerate(entities):
        for alias in person.aliases if person.type == "person" else ():
            key = key_of(alias.removeprefix(WEAK))
            if key and " " not in key:
                named.setdefault(key, {})[number] = None
    return {key: list(each) for key, each in named.items() if len(each) > 1}
