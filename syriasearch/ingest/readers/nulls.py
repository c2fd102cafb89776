"""Missing values as programs write them: `nan`, `None`, `N/A`, `\\N`, 1970-01-01.

Only a whole value can be one: a title "None of the above" is a title, and the words of a text are
never missing values.
"""

from __future__ import annotations

import re

from ...text.patterns import regex
from .base import word_sets

MAX_NULL = 12
"""The maximum number of characters of a missing value."""

# The beginning of an epoch or of a calendar, at midnight, as a program writes it that has no date:
# 1 January of 1970 (Unix), of year 1 (.NET, Go, Python), 0 (MySQL), 30 December 1899 (Excel).
_NO_YEAR = r"0{1,4}1?"
_ZONE = r"(?:\s*(?:Z|UTC|GMT|[+-]00:?00))?"
_MIDNIGHT = rf"(?:[T\s,]+(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)?\s*AM){_ZONE}|{_ZONE})"
_NULL_DATE = regex(
    rf"(?:(?:1970|{_NO_YEAR})[-/.]0?1[-/.]0?1|0000[-/.]00[-/.]00|1899[-/.]12[-/.](?:30|31)"
    rf"|0?1[-/.]0?1[-/.](?:1970|000[01])"
    rf"|(?:\w{{3,9}},?\s+)?0?1[\s-]+Jan(?:uary)?[\s-]+(?:1970|000[01])"
    rf"|Jan(?:uary)?\s+0?1,?\s+(?:1970|000[01])){_MIDNIGHT}"
    r"|-?0+(?:\.0+)?|-1",
    re.IGNORECASE,
)
# The same moment in other zones.
_EPOCH = regex(
    r"(?:1970-01-01T(?P<east>\d\d:\d\d):00(?:\.0+)?\+(?P=east)"
    r"|1969-12-31T(?:19:00:00-05:00|18:00:00-06:00|17:00:00-07:00|16:00:00-08:00))"
)
_FILE = regex(
    r"^(?:microsoft \w+ - |slide \d|powerpoint)|^\(?(?:anonymous|unspecified)\)?$|\.\w{2,5}$"
)
"""A file, as programs name a document in its properties."""


def is_null(value: str) -> bool:
    """Return whether a value says that there is none.

    >>> [is_null(value) for value in ("NaN", "n/a", "", "None of the above")]
    [True, True, True, False]
    """
    return len(value) <= MAX_NULL and (
        not value.strip() or value.strip().casefold() in word_sets("nulls")["values"]
    )


def is_null_author(value: str) -> bool:
    """Return whether the name of an author is that of an account, or a missing value.

    >>> [is_null_author(name) for name in ("admin", "None", "Jennifer Null")]
    [True, True, False]
    """
    return is_null(value) or value.strip().casefold() in word_sets("nulls")["authors"]


def is_program_name(value: str) -> bool:
    """Return whether the title or author of a document is what a program fills in.

    That is the name of a file, of a program, of a computer or of an account.

    >>> [is_program_name(value) for value in ("Microsoft Word - a.doc", "Document1", "Lina Faris")]
    [True, True, False]
    """
    name = " ".join(value.casefold().split())
    programs = word_sets("nulls")["programs"]
    return bool(_FILE.search(name)) or name in programs or name.rstrip("0123456789 ") in programs


def is_null_date(value: str) -> bool:
    """Return whether a date is the zero of a program's calendar, at midnight.

    >>> [is_null_date(date) for date in ("1970-01-01T00:00:00Z", "0000-00-00", "1970-01-02")]
    [True, True, False]
    """
    value = value.strip()
    return is_null(value) or bool(_NULL_DATE.fullmatch(value) or _EPOCH.fullmatch(value))
