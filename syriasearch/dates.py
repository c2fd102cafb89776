"""Which day does a text mean, and what time is it?"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import cache

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


@cache
def written_date() -> re.Pattern[str]:
    """Return what finds a day written out in English, Arabic or as numbers, with its year."""
    return re.compile(
        # 30 January 2018, 30th Jan. 2018, 27 كانون الثاني/يناير 2018
        rf"\b{_DAY}(?:st|nd|rd|th)?\s+{_MONTH}\.?(?:\s*/\s*\w+)?,?\s+{_YEAR}\b"
        # January 30, 2018
        rf"|\b{_MONTH.replace('month', 'month2')}\.?\s+{_DAY.replace('day', 'day2')}"
        rf"(?:st|nd|rd|th)?,?\s+{_YEAR.replace('year', 'year2')}\b"
        # 2018-01-30, 2018/1/30
        r"|\b(?P<year3>(?:19|20)\d\d)[-/](?P<month3>\d{1,2})[-/](?P<day3>\d{1,2})(?!\d)",
        re.IGNORECASE,
    )


_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS[month.lower()]
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def written_day(match: re.Match[str]) -> date | None:
    """Return the day that a match of `written_date` names, None where there is no such day."""
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
    match = written_date().search(text)
    if match:
        return written_day(match)
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def period(text: str) -> tuple[str | None, str | None]:
    """Return the first day of a period and the first one behind it, as ISO dates.

    It is a day, a month, a year, today or yesterday, or two of them with `..` between: `2017-10..`
    has no end, which is None. Raises OptionError for what is none of these.
    """
    first, dots, last = text.strip().partition("..")
    if not dots:
        return _span(text, text)
    if not (first or last):
        raise OptionError(f"{_WANTED}, not {text!r}")
    return (_span(first, text)[0] if first else None, _span(last, text)[1] if last else None)


_WANTED = "takes a day, a month or a year, such as 2018-01-27, 2018-01 or 2018"


def _span(text: str, whole: str) -> tuple[str, str]:
    text = text.strip().lower()
    match = _PARTIAL.fullmatch(text)
    try:
        if text in ("today", "yesterday"):
            day = date.today() - timedelta(text == "yesterday")
            return day.isoformat(), (day + timedelta(1)).isoformat()
        if match:
            year, month, day_of_month = (int(part) if part else 0 for part in match.groups())
            start = date(year, month or 1, day_of_month or 1)
            if day_of_month:
                return start.isoformat(), (start + timedelta(1)).isoformat()
            months = year * 12 + (month if month else 12)
            return start.isoformat(), date(months // 12, months % 12 + 1, 1).isoformat()
    except (ValueError, OverflowError):
        pass
    raise OptionError(f"{_WANTED}, not {whole!r}")


def first_day(text: str, option: str) -> str:
    """Return the first day of a year, a month or a day as an ISO date: `2017-11` is 2017-11-01.

    Raises OptionError, naming the option, for what is none of them.
    """
    try:
        return _span(text, text)[0]
    except OptionError as error:
        raise OptionError(f"{option} {error}") from None


def now() -> str:
    """Return the time in UTC, to the second, as ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
