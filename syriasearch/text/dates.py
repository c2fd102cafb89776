"""Dates: days written in texts and metadata, periods that a user gives, and the current time.

Days are `datetime.date` or ISO 8601 strings. Month names are known in English and in the Arabic of
the Levant and Iraq, Egypt and the Gulf, and the Maghreb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from functools import cache

from ..errors import OptionError
from .normalize import LETTERS
from .patterns import regex
from .word_lists import DATA, read_word_lists

_ALEF = "(?![ؤئ])[\u0622-\u0627]"
"""The forms of alef: as a set, which would be of three ranges, it takes ten times as long to
compile."""
_SPELT = {"ا": _ALEF, "ه": "[هة]", "ي": "[يىی]", "ك": "[كک]", " ": r"\s+"}
"""Patterns of the letters of a folded name."""
_YEAR = r"(?P<year>(?:1[6-9]|[2-9]\d)\d\d)(?!\d)"
"""Pattern of a year of the Gregorian calendar: those of the Islamic ones are below 1600."""
_DAY = r"(?P<day>\d{1,2})"
_ORDINAL = r"(?:st|nd|rd|th)?(?!\d)"
_FOLD = {ord(letter): other for letter, other in LETTERS.items()}
_UNSEEN = {
    ord(letter): None for letter in "\u0640\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2069"
}
_UNSEEN |= dict.fromkeys([*range(0x64B, 0x653), 0x670])
_DIGITS = {base + digit: str(digit) for base in (0x660, 0x6F0) for digit in range(10)}

MAX_DATE_LENGTH = 100
"""Number of characters of a metadata field that are read; the rest is ignored."""


@cache
def month_numbers() -> dict[str, int]:
    """Return month numbers, 1 to 12, by folded name."""
    lists = read_word_lists(DATA / "months.txt")
    return {name: int(number) for number, names in lists.items() for name in names}


def spelling_pattern(names: Iterable[str]) -> str:
    """Return a pattern of folded names in any spelling, the longest first."""
    patterns = (
        "".join(_SPELT.get(letter) or re.escape(letter) for letter in name)
        for name in sorted(names, key=len, reverse=True)
    )
    return "|".join(patterns)


def plain_digits(text: str) -> str:
    """Return a text with the digits 0 to 9, and without invisible characters and vowel signs."""
    if text.isascii():
        return text
    return text.translate(_UNSEEN).translate(_DIGITS).replace("\xa0", " ")


@cache
def written_date() -> re.Pattern[str]:
    """Return the pattern of a day with its year, written in English, in Arabic or as numbers.

    A month may be repeated under its other name: كانون الثاني/يناير, يناير (كانون الثاني).
    """
    names = spelling_pattern(month_numbers())

    def month(number: str) -> str:
        other = rf"(?:\s*[/(|\\–-]\s*(?P<other{number}>{names})\b(?:\s*[)–-])?)?"
        return rf"(?P<month{number}>{names})\b\.?{other}"

    def numbered(pattern: str, number: str) -> str:
        return pattern.replace("year>", f"year{number}>").replace("day>", f"day{number}>")

    return re.compile(
        # 30 January 2018, 30th of Jan. 2018, 27-Jan-2018, 27 كانون الثاني/يناير 2018
        rf"\b{_DAY}{_ORDINAL}(?:\s+(?:of|من)\b)?(?:\s+شهر\b)?[\s./-]*{month('')}"
        rf"[\s.,،/-]*(?:(?:من\s+)?ل?(?:عام|سنة)\s+)?{_YEAR}"
        # January 30, 2018, and Jan 30 10:00:00 +0000 2018, as computers write it
        rf"|\b{month('2')}[\s./-]*(?:the\s+)?{numbered(_DAY + _ORDINAL, '2')}[\s.,،/-]+"
        rf"(?:\d\d:\d\d(?::\d\d)?\s+(?:[+-]\d{{4}}\s+|[A-Z]{{3,4}}\s+)?)?{numbered(_YEAR, '2')}"
        # 2018-01-30, 2018/1/30, 2018.01.30
        rf"|(?<![\d.:/-]){numbered(_YEAR, '3')}\s?[-/.]\s?(?P<month3>\d{{1,2}})\s?[-/.]\s?"
        rf"{numbered(_DAY, '3')}(?![\d/-])"
        # 2018-Jan-30
        rf"|\b{numbered(_YEAR, '4')}[\s.,،/-]+{month('4')}[\s./-]*"
        rf"{numbered(_DAY + _ORDINAL, '4')}\b",
        re.IGNORECASE,
    )


_PARTIAL = regex(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def _day(year: str, month: str, day: str) -> date | None:
    name = " ".join(month.lower().translate(_FOLD).split())
    try:
        number = int(month) if month.isdigit() else month_numbers()[name]
        return date(int(year), number, int(day))
    except (KeyError, ValueError):
        return None


def written_day(match: re.Match[str]) -> date | None:
    """Return the day that a match of `written_date` names, None if no such day exists.

    Nor does it if the two names of a month are not of the same one.
    """
    groups = match.groupdict()
    for suffix in ("", "2", "3", "4"):
        if year := groups["year" + suffix]:
            month, number = groups["month" + suffix], groups["day" + suffix]
            other = groups.get("other" + suffix)
            day = _day(year, month, number)
            return day if not other or day == _day(year, other, number) else None
    return None


_NUMBERS = regex(
    r"(?<![\d.:/-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?"
    r"((?:1[6-9]|[2-9]\d)\d\d|\d\d)(?![\d:]|[/-]\d)"
)
_HIJRI = regex(
    r"\d{1,4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{1,4}\s?(?:ه(?!\w)|A\.?\s?H\b|H\b)", re.IGNORECASE
)
"""A date of the Islamic calendar in numbers."""
_BASIC = regex(
    r"((?:1[6-9]|20)\d\d)(\d\d)(\d\d)"
    r"(?:(?:T?\d{4}(?:\d\d)?|T\d\d)(?:[.,]\d+)?(?:\s?(?:Z|[+-]\d\d(?::?\d\d)?))?)?"
)
"""A date of ISO 8601 without hyphens, with or without a time and its zone."""
_SECONDS = regex(r"(\d{9,10})(?:\d{3}){0,3}(?:\.\d+)?")
"""Seconds since 1970, or thousandths, millionths or billionths of them."""


def parse_day(text: str, *, day_first: bool | None = None) -> date | None:
    """Return the day that a metadata field names, None if it names none.

    Accepts ISO dates and times, RFC 822 dates as in feeds, seconds since 1970 or fractions of them,
    and days written out in English or Arabic. `day_first` decides how 3/4/2018 is read; without it,
    such a date names no day unless only one order is possible. In dates with points, 3.4.2018, the
    day always comes first.
    """
    text = _HIJRI.sub(" ", plain_digits(text[:MAX_DATE_LENGTH])).strip()
    match = written_date().search(text)
    if match:
        return written_day(match)
    numbers = _NUMBERS.search(text)
    if numbers:
        return _numbered_day(numbers, day_first)
    basic = _BASIC.fullmatch(text)
    if basic:
        return _day(*basic.groups())
    short = _short_date().match(text)
    if short:
        return _day(_whole_year(short["year"]), short["month"], short["day"])
    seconds = _SECONDS.fullmatch(text)
    if seconds:
        return datetime.fromtimestamp(int(seconds[1]), timezone.utc).date()
    return None


@cache
def _short_date() -> re.Pattern[str]:
    """Return the pattern of a date with a two-digit year, 27-Jan-18, as spreadsheets save it."""
    return re.compile(
        rf"(?:[^\W\d_]+[,،]?\s+)?{_DAY}[-/\s](?P<month>{spelling_pattern(month_numbers())})\.?[-/\s](?P<year>\d\d)(?![\d:])",
        re.IGNORECASE,
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


def dates_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the dates in a text: start, end and what is written, in the digits 0 to 9.

    The text has been through `plain_digits`. Dates of the Islamic calendar are left out.
    """
    hijri = [found.span() for found in _HIJRI.finditer(text)]
    end = 0
    found = sorted(
        (*written_date().finditer(text), *_NUMBERS.finditer(text)), key=lambda match: match.span()
    )
    for match in found:
        start = match.start()
        if start >= end and not any(first <= start < last for first, last in hijri):
            end = match.end()
            yield start, end, match[0]


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
