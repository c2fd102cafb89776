"""Slugs of the entities that rules find: made of their names.

Names in Arabic script are transliterated letter by letter, so that other names have other slugs. A
suffix tells an entity from another of the name: its type, or that it is a namesake of a known one.
"""

from __future__ import annotations

from functools import lru_cache

from ..models.entity import ENTITY_TYPES
from ..text.arabic import arabic_slug, has_arabic

NAMESAKE = "-namesake"
"""The suffix of one who has the name of a known person, but is somebody else."""
FAMILY_NAME = "-family-name"
"""The suffix of a family name, where an article does not say whose it is."""
_SUFFIXES = ("", NAMESAKE, FAMILY_NAME, *(f"-{each}" for each in ENTITY_TYPES))


@lru_cache(maxsize=1 << 14)
def entity_slug(name: str) -> str:
    """Return the slug of a name without a suffix.

    >>> entity_slug("Ryan Dillon"), entity_slug("أحمد علي")
    ('ryan-dillon', 'a7md-3ly')
    """
    if name.isascii() and name.replace(" ", "").isalnum():
        return "-".join(name.lower().split())  # as below, and faster
    from slugify import slugify

    return (arabic_slug(name) if has_arabic(name) else slugify(name)) or name


def is_slug_of(slug: str, name: str) -> bool:
    """Return whether a slug is that of a name, with a suffix or without."""
    plain = entity_slug(name)
    return slug.startswith(plain) and slug[len(plain) :] in _SUFFIXES
