"""Countries of persons, as their descriptions name them."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise

from ...models.entity import Entity
from ...text.patterns import regex
from ...text.tokenize import joined_terms
from ..gazetteer import default_gazetteer, demonyms

_WORD = regex(r"[A-Z][^\W\d_]+")


@cache
def _names() -> dict[str, str]:
    """Return the slugs of countries by their names and demonyms, in lower case."""
    places = {each.slug: each for each in default_gazetteer().entities if each.type == "place"}
    names = {joined_terms(demonym): slug for demonym, slug in demonyms().items()}
    for slug in set(names.values()):
        if slug in places:
            names[joined_terms(places[slug].name)] = slug
    return names


def country_named(word: str) -> str | None:
    """Return the slug of the country that a demonym or a possessive names: Iraqi, Iraq's."""
    return _names().get(joined_terms(word.replace("’", "'").removesuffix("'s")))


@lru_cache(maxsize=4096)
def _described(description: str) -> frozenset[str]:
    names = _names()
    words = _WORD.findall(description)
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    return frozenset(slug for word in (*words, *pairs) if (slug := names.get(joined_terms(word))))


def countries_of(entity: Entity) -> frozenset[str]:
    """Return the slugs of the countries that the description of an entity names."""
    return _described(entity.description or "")
