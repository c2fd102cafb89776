"""Dates: days written in texts and metadata, periods that a user gives, and the current time.

Days are `datetime.date` or ISO 8601 strings. Month names are known in English and in the Arabic of
the Levant and Iraq, Egypt and the Gulf, and the Maghreb.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import cache

from ..errors import OptionError
from .normalize import LETTERS
from .word_lists import DATA, read_word_lists

_SPELT = {"ا": "[اأإآ]", "ه": "[هة]", "ي": "[يى]", " ": r"\s+"}
"""Patterns of the letters of a folded month name."""
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})"
_OTHER = r"(?:\s*[/(]\s*\w+(?:\s+\w+)?\s*\)?)?"
"""Pattern of a month repeated under its other name: كانون الثاني/يناير, يناير (كانون الثاني)."""
_FOLD = {ord(letter): other for letter, other in LETTERS.items()}
_UNSEEN = {ord(letter): None for letter in "\u0640\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069"}
_DIGITS = {base + digit: str(digit) for base in (0x660, 0x6F0) for digit in range(10)}

MAX_DATE_LENGTH = 100
"""Number of characters of a metadata field that are read; the rest is ignored."""


@cache
def month_numbers() -> dict[str, int]:
    """Return month numbers, 1 to 12, by folded name."""
    lists = read_word_lists(DATA / "months.txt")
    return {name: int(number) for number, names in lists.items() for name in names}


@cache
def _month_pattern() -> str:
    names = sorted(month_numbers(), key=len, reverse=True)
    patterns = ("".join(_SPELT.get(letter, letter) for letter in name) for name in names)
    return f"(?P<month>{'|'.join(patterns)})"


@cache
def written_date() -> re.Pattern[str]:
    """Return the pattern of a day with its year, written in English, in Arabic or as numbers."""
    month = _month_pattern()
    return re.compile(
        # 30 January 2018, 30th Jan. 2018, 27 كانون الثاني/يناير 2018
        rf"\b{_DAY}(?:st|nd|rd|th)?(?:\s+(?:of|من))?[\s-]+{month}\.?{_OTHER}[,،]?[\s-]+"
        rf"{_YEAR}\b"
        # January 30, 2018
        rf"|\b{month.replace('month>', 'month2>')}\.?{_OTHER}\s+{_DAY.replace('day', 'day2')}"
        rf"(?:st|nd|rd|th)?[,،]?\s+{_YEAR.replace('year', 'year2')}\b"
        # 2018-01-30, 2018/1/30
        r"|\b(?P<year3>(?:19|20)\d\d)[-/](?P<month3>\d{1,2})[-/](?P<day3>\d{1,2})(?!\d)",
        re.IGNORECASE,
    )


_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def _day(year: str, month: str, day: str) -> date | None:
    name = " ".join(month.lower().translate(_FOLD).split())
    number = int(month) if month.isdigit() else month_numbers()[name]
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def written_day(match: re.Match[str]) -> date | None:
    """Return the day that a match of `written_date` names, None if no such day exists."""
    groups = match.groupdict()
    for suffix in ("", "2", "3"):
        if groups["year" + suffix]:
            return _day(groups["year" + suffix], groups["month" + suffix], groups["day" + suffix])
    return None


_NUMBERS = re.compile(r"(?<![\d.:])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d:])")
_BASIC = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4}(?:\d\d)?(?:\.\d+)?Z?)?")
_POINTED = re.compile(r"((?:19|20)\d\d)\.(\d{1,2})\.(\d{1,2})(?![\d.])")
_SECONDS = re.compile(r"(\d{9,10})(?:\.\d+|\d{3})?")


def parse_day(text: str, *, day_first: bool | None = None) -> date | None:
    """Return the day that a metadata field names, None if it names none.

    Accepts ISO dates and times, RFC 822 dates as in feeds, seconds or milliseconds since 1970, and
    days written out in English or Arabic. `day_first` decides how 3/4/2018 is read; without it,
    such a date names no day unless only one order is possible. In dates with points, 3.4.2018, the
    day always comes first.
    """
    text = text[:MAX_DATE_LENGTH].strip().translate(_UNSEEN).translate(_DIGITS)
    match = written_date().search(text)
    if match:
        return written_day(match)
    numbers = _NUMBERS.search(text)
    if numbers:
        return _numbered_day(numbers, day_first)
    basic = _BASIC.fullmatch(text) or _POINTED.match(text)
    if basic:
        return _day(*basic.groups())
    short = _short_date().match(text)
    if short:
        return _day(_whole_year(short["year"]), short["month"], short["day"])
    seconds = _SECONDS.fullmatch(text)
    if seconds:
        return datetime.fromtimestamp(int(seconds[1]), timezone.utc).date()
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


@cache
def _short_date() -> re.Pattern[str]:
    """Return the pattern of a date with a two-digit year, 27-Jan-18, as spreadsheets save it."""
    return re.compile(
        rf"{_DAY}[-/\s]{_month_pattern()}\.?[-/\s](?P<year>\d\d)(?![\d:])", re.IGNORECASE
    )


def _whole_year(year: str) -> str:
    if len(year) == 2:
        return ("19" if int(year) > 68 else "20") + year
    return year


def _numbered_day(match: re.Match[str], day_first: bool | None) -> date | None:
    first, sign, second, year = match.groups()
    year = _whole_year(year)
    by_day, by_month = _day(year, second, first), _day(year, first, second)
    day_first = True if sign == "." else day_first
    if day_first is None or not (by_day and by_month):
        # Only one order of the two numbers makes a day.
        days = {by_day, by_month} - {None}
        return days.pop() if len(days) == 1 else None
    return by_day if day_first else by_month


def is_ambiguous(text: str) -> bool:
    """Return whether a field names one of two days, depending on the order, as 3/4/2018 does."""
    return parse_day(text) is None and parse_day(text, day_first=True) is not None


def is_future(day: date) -> bool:
    """Return whether a day is in the future in every time zone."""
    return day > datetime.now(timezone.utc).date() + timedelta(1)


def period(text: str) -> tuple[str | None, str | None]:
    """Return the first day of a period and the first day after it, as ISO dates.

    A period is a day, a month, a year, `today` or `yesterday`, or two of these with `..` between
    them. One side may be empty, and its date is then None: `2017-10..` has no end. Raises
    OptionError for any other text.
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

    Raises OptionError, which names `option`, for any other text.
    """
    try:
        return _span(text, text)[0]
    except OptionError as error:
        raise OptionError(f"{option} {error}") from None


def now() -> str:
    """Return the current time in UTC, to the second, in ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
