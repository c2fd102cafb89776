"""Options of the API: the values that they take, and validation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ..errors import OptionError
from .entity import ENTITY_TYPES

Sort = Literal["relevance", "newest", "oldest"]
MatchMode = Literal["auto", "all", "any"]
EntitySort = Literal["articles", "mentions", "association", "name"]
EdgeSort = Literal["weight", "association"]
TimeSpan = Literal["day", "week", "month", "year"]
CitationStyle = Literal["text", "bibtex", "csl", "ris"]
ExportFormat = Literal["jsonl", "csv", "spreadsheet", "markdown", "text", "bibtex", "csl", "ris"]


def as_text(name: str, value: str) -> str:
    """Return an option without lone surrogates, which cannot be passed to SQLite.

    Raises OptionError for a value that is not text.
    """
    if not isinstance(value, str):
        raise OptionError(f"{name} takes a text, not {value!r}")
    return value.encode("utf-8", "replace").decode("utf-8")


def as_slugs(slugs: Iterable[str | Iterable[str]]) -> tuple[str, ...]:
    """Return slugs, some of which may be in lists. Raises OptionError for what is no text."""
    found: list[str] = []
    for each in slugs:
        if isinstance(each, str) or not isinstance(each, Iterable):
            found.append(as_text("slugs", each))
        else:
            found += (as_text("slugs", slug) for slug in each)
    return tuple(found)


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
