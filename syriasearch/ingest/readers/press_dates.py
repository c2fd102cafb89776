"""Dates as press databases write them, in the language of the article or of the user."""

from __future__ import annotations

import re
from functools import cache

from ...text.dates import parse_day, plain_digits
from ...text.patterns import regex
from .base import word_lists

_YEAR = r"((?:1[6-9]|20)\d\d)(?!\d)"
_BY_NUMBER = regex(rf"{_YEAR}\s?[年년]\s?(\d{{1,2}})\s?[月월]\s?(\d{{1,2}})\s?[日일]")
"""A date in Chinese, Japanese or Korean."""
YEAR = regex(r"\b(?:1[89]|20)\d\d\b")
_MAX_LENGTH = 200


@cache
def _month_numbers() -> dict[str, int]:
    lists = word_lists("press_months")
    return {name: int(number) for number, names in lists.items() for name in names}


@cache
def _by_name() -> re.Pattern[str]:
    """Return the pattern of a day with the name of its month, and then the year."""
    names = "|".join(sorted(map(re.escape, _month_numbers()), key=len, reverse=True))
    return re.compile(
        # 14 mars 2006, 27. Februar 2012, 1er mai 2018, 5 de mayo de 2018
        rf"(?<!\d)(\d{{1,2}})(?:er|re|\.|º|°|:e)?\s+(?:de\s+|d[’'])?({names})\b\.?,?\s+(?:del?\s+)?{_YEAR}"
        # Mai 14, 2006
        rf"|\b({names})\.?\s+(\d{{1,2}})(?:er|\.|º)?,?\s+{_YEAR}",
        re.IGNORECASE,
    )


def readable_date(text: str) -> str:
    """Return a date in ISO 8601 if its month is named in another language than English and Arabic.

    Any other text is returned as it is.

    >>> [readable_date(text) for text in ("mardi 14 mars 2006, p. 16", "2018 年 10 月 7 日")]
    ['2006-03-14', '2018-10-07']
    """
    text = text.strip()
    short = " ".join(plain_digits(text[:_MAX_LENGTH]).split())
    if found := _BY_NUMBER.search(short):
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    if found := _by_name().search(short):
        day, name, year = found.group(1, 2, 3) if found[1] else found.group(5, 4, 6)
        return f"{year}-{_month_numbers()[name.lower()]:02}-{int(day):02}"
    return text


def is_date(text: str) -> bool:
    """Return whether a text names a day."""
    return parse_day(readable_date(text)) is not None
