"""Records and their values as plain data: mappings, lists, texts and numbers.

Missing values of other libraries (NaN, NaT, pandas.NA) become None, dates and times are written as
ISO 8601, and what has no meaning as a text becomes None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from typing import Any

from .readers.charset import decode

MAX_DEPTH = 12
"""The depth up to which records inside records are converted; what is deeper is left out."""


def record_mapping(record: object) -> Mapping[Any, Any] | None:
    """Return the fields of a record by name, None for what has none.

    A record is a mapping, an instance of a dataclass, of a model of attrs or pydantic, or a named
    tuple, or a row of a database.
    """
    if isinstance(record, Mapping):
        return record
    if isinstance(record, type):
        return None
    if is_dataclass(record):
        return {each.name: getattr(record, each.name) for each in fields(record)}
    if names := getattr(type(record), "__attrs_attrs__", None):
        return {each.name: getattr(record, each.name) for each in names}
    for method in ("model_dump", "_asdict"):
        if callable(found := getattr(record, method, None)):
            made = found()
            return made if isinstance(made, Mapping) else None
    if callable(keys := getattr(record, "keys", None)) and hasattr(record, "__getitem__"):
        return {key: record[key] for key in keys()}
    return None


def plain_record(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a record as plain data."""
    return _plain_mapping(values, 0)


def _plain_mapping(values: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    return {str(key): _plain(value, depth + 1) for key, value in values.items()}


def _plain(value: Any, depth: int) -> Any:
    """Return a value as plain data, None if it is missing or has no meaning as such."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, str):
        return _plain(value.value, depth) if isinstance(value, Enum) else str(value)
    if isinstance(value, Enum):
        return _plain(value.value, depth)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return decode(bytes(value))[0]
    if depth > MAX_DEPTH:
        return None
    if (fields_of := record_mapping(value)) is not None:
        return _plain_mapping(fields_of, depth)
    if isinstance(value, Iterable) and not hasattr(value, "item"):
        return [_plain(item, depth + 1) for item in value]
    return _plain_scalar(value, depth)


def _plain_scalar(value: Any, depth: int) -> Any:
    if _is_missing(value):
        return None
    if isinstance(value, (date, time)):
        return value.isoformat()
    if type(value).__name__ == "datetime64":  # of numpy, whose `item` may be nanoseconds
        return str(value)
    if hasattr(value, "tolist"):  # an array, or a number of numpy
        return _plain(value.tolist(), depth + 1)
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(value)
    if isinstance(value, int):
        return int(value)
    text = str(value)
    # An address in memory is no text.
    return None if text == object.__repr__(value) or callable(value) else text


def _is_missing(value: Any) -> bool:
    """Return whether a value is NaN or NaT, which differ from themselves, or pandas.NA."""
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"
