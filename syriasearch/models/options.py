"""Validation of options of the API."""

from __future__ import annotations

from ..errors import OptionError


def as_text(name: str, value: str) -> str:
    """Return an option without lone surrogates, which cannot be passed to SQLite.

    Raises OptionError for a value that is not text.
    """
    if not isinstance(value, str):
        raise OptionError(f"{name} takes a text, not {value!r}")
    return value.encode("utf-8", "replace").decode("utf-8")


def check_count(name: str, value: int) -> None:
    """Raise OptionError for a value that is not an integer from 0 to 2**31 - 1."""
    if type(value) is not int or not 0 <= value < 2**31:
        raise OptionError(f"{name} takes a whole number from 0 on, not {value!r}")
