"""Options of the API, checked."""

from __future__ import annotations

from ..errors import OptionError


def as_text(name: str, value: str) -> str:
    """Return an option without lone surrogates, which SQLite cannot be asked for.

    Raises OptionError for one that is no text.
    """
    if not isinstance(value, str):
        raise OptionError(f"{name} takes a text, not {value!r}")
    return value.encode("utf-8", "replace").decode("utf-8")


def check_count(name: str, value: int) -> None:
    """Raise OptionError for an option that is no whole number from 0 on."""
    if type(value) is not int or not 0 <= value < 2**31:
        raise OptionError(f"{name} takes a whole number from 0 on, not {value!r}")
