"""Options of the API: the values that they take, and validation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, TypeAlias, cast

from ..errors import OptionError
from .entity import ENTITY_TYPES

Sort = Literal["relevance", "newest", "oldest"]
MatchMode = Literal["auto", "all", "any"]
EntitySort = Literal["articles", "mentions", "association", "name"]
EdgeSort = Literal["weight", "association"]
TimeSpan = Literal["day", "week", "month", "year"]
CitationStyle = Literal["text", "bibtex", "csl", "ris"]
Day: TypeAlias = str | date
Names: TypeAlias = str | Iterable[str]
TableFormat = Literal["csv", "spreadsheet"]
FACETS = ("source", "author", "lang", "year", "month", "entity", "type")
ExportFormat = Literal["jsonl", "csv", "spreadsheet", "markdown", "text", "bibtex", "csl", "ris"]


def as_text(name: str, value: str) -> str:
    """Return an option without lone surrogates, which cannot be passed to SQLite.

    Raises OptionError for a value that is not text.
    """
    if not isinstance(value, str):
        raise OptionError(f"{name} takes a text, not {value!r}")
    return value.encode("utf-8", "replace").decode("utf-8")


def as_slug(name: str, value: object) -> str:
    """Return a slug, or that of what has one: an article, a hit, an entity, a profile.

    Raises OptionError for something else.
    """
    for part in ("article", "entity"):
        value = getattr(value, part, value)
    value = getattr(value, "slug", value)
    return as_text(name, cast("str", value))


def as_slugs(slugs: Iterable[object]) -> tuple[str, ...]:
    """Return slugs, some of which may be in lists. Raises OptionError for what has none."""
    found: list[str] = []
    for each in slugs:
        if isinstance(each, Iterable) and not isinstance(each, str):
            found += (as_slug("slugs", slug) for slug in each)
        else:
            found.append(as_slug("slugs", each))
    return tuple(found)


def as_day(name: str, value: object) -> str:
    """Return a day as a filter has it: a date of Python as text, a text as it is.

    Raises OptionError for something else.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise OptionError(f"{name} takes a date, or a text such as '2018-01-27', not {value!r}")
    return as_text(name, value)


def as_names(name: str, value: object) -> str | tuple[str, ...]:
    """Return a name, or several, each as text. Raises OptionError for something else."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(dict.fromkeys(as_slug(name, each) for each in value))
    return as_slug(name, value)


def check_count(name: str, value: int) -> None:
    """Raise OptionError for a value that is not an integer from 0 to 2**31 - 1."""
    if type(value) is not int or not 0 <= value < 2**31:
        raise OptionError(f"{name} takes a whole number from 0 on, not {value!r}")


def check_flag(name: str, value: bool) -> None:
    """Raise OptionError for a value that is neither True nor False."""
    if not isinstance(value, bool):
        raise OptionError(f"{name} takes True or False, not {value!r}")


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raise OptionError for an option whose value is not one of its choices."""
    if value not in choices:
        raise OptionError(f"{name} takes {', '.join(choices)}, not {value!r}")


def check_known(kind: str, name: str, choices: Iterable[str]) -> None:
    """Raise OptionError for a name of something that does not exist."""
    if name not in choices:
        raise OptionError(f"there is no {kind} {name!r}: choose among {', '.join(choices)}")


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
