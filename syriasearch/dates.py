"""Which day does a text mean?"""

from __future__ import annotations

import re
from datetime import date, timedelta

from .errors import OptionError

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan", "كانون الثاني", "يناير"),
            ("february", "feb", "شباط", "فبراير"),
            ("march", "mar", "آذار", "مارس"),
            ("april", "apr", "نيسان", "أبريل", "ابريل"),
            ("may", "أيار", "مايو"),
            ("june", "jun", "حزيران", "يونيو"),
            ("july", "jul", "تموز", "يوليو"),
            ("august", "aug", "آب", "أغسطس", "اغسطس"),
            ("september", "sept", "sep", "أيلول", "سبتمبر"),
            ("october", "oct", "تشرين الأول", "أكتوبر", "اكتوبر"),
            ("november", "nov", "تشرين الثاني", "نوفمبر"),
            ("december", "dec", "كانون الأول", "ديسمبر"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})"

MAX_DATE_LENGTH = 100
"""What stands behind so many characters of a metadata field is not looked at."""

WRITTEN_DATE = re.compile(
    # 30 January 2018, 30th Jan. 2018, 27 كانون الثاني/يناير 2018
    rf"\b{_DAY}(?:st|nd|rd|th)?\s+{_MONTH}\.?(?:\s*/\s*\w+)?,?\s+{_YEAR}\b"
    # January 30, 2018
    rf"|\b{_MONTH.replace('month', 'month2')}\.?\s+{_DAY.replace('day', 'day2')}"
    rf"(?:st|nd|rd|th)?,?\s+{_YEAR.replace('year', 'year2')}\b"
    # 2018-01-30, 2018/1/30
    r"|\b(?P<year3>(?:19|20)\d\d)[-/](?P<month3>\d{1,2})[-/](?P<day3>\d{1,2})(?!\d)",
    re.IGNORECASE,
)
"""A day written out in English, Arabic or as numbers, with its year."""

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS[month.lower()]
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def written_day(match: re.Match[str]) -> date | None:
    """Return the day that a match of WRITTEN_DATE names, None where there is no such day."""
    groups = match.groupdict()
    for suffix in ("", "2", "3"):
        if groups["year" + suffix]:
            return _day(groups["year" + suffix], groups["month" + suffix], groups["day" + suffix])
    return None


def parse_day(text: str) -> date | None:
    """Return the day that a metadata field names, None where it names none.

    Takes ISO dates and times, RFC 2822 dates as feeds have them, and days written out.
    """
    text = text[:MAX_DATE_LENGTH].strip()
    match = WRITTEN_DATE.search(text)
    if match:
        return written_day(match)
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def first_day(text: str, option: str) -> str:
    """Return the first day of a year, a month or a day as an ISO date: `2017-11` is 2017-11-01.

    Raises OptionError, naming the option, for what is none of them.
    """
    match = _PARTIAL.fullmatch(text.strip())
    if match:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            pass
    if text.strip().lower() in ("today", "yesterday"):
        return (date.today() - timedelta(text.strip().lower() == "yesterday")).isoformat()
    raise OptionError(
        f"{option} takes a day, a month or a year, such as 2018-01-27, 2018-01 or 2018, "
        f"not {text!r}"
    )
