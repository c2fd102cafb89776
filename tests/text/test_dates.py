"""Which day a text means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import OptionError
from syriasearch.text.dates import first_day, is_ambiguous, is_future, parse_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-01-27", date(2018, 1, 27)),
        ("2018-01-27T23:30:00+02:00", date(2018, 1, 27)),
        ("2018/1/27", date(2018, 1, 27)),
        ("January 27, 2018", date(2018, 1, 27)),
        ("Jan. 27 2018", date(2018, 1, 27)),
        ("27 January 2018", date(2018, 1, 27)),
        ("Saturday, 27th Jan 2018", date(2018, 1, 27)),
        ("Sat, 27 Jan 2018 10:00:00 GMT", date(2018, 1, 27)),
        ("27 يناير 2018", date(2018, 1, 27)),
        ("27 كانون الثاني/يناير 2018", date(2018, 1, 27)),
        ("27 يناير/كانون الثاني 2018", date(2018, 1, 27)),
        ("27 يناير (كانون الثاني) 2018", date(2018, 1, 27)),
        ("27 من يناير 2018", date(2018, 1, 27)),
        ("الجمعة، ٢٧ شباط ٢٠١٨", date(2018, 2, 27)),
        ("۵ مايو ۲۰۱۸", date(2018, 5, 5)),
        ("يناير 27، 2018", date(2018, 1, 27)),
        ("2 تشرين أول 2018", date(2018, 10, 2)),
        ("12 آب 2018", date(2018, 8, 12)),
        ("12 اغسطس 2018", date(2018, 8, 12)),
        ("5 جويلية 2018", date(2018, 7, 5)),
        ("27-Jan-2018", date(2018, 1, 27)),
        ("27-Jan-18", date(2018, 1, 27)),
        ("5/Mar/98 10:30", date(1998, 3, 5)),
        ("2018.01.27 10:00", date(2018, 1, 27)),
        ("27th of January 2018", date(2018, 1, 27)),
        ("26-27 January 2018", date(2018, 1, 27)),
        ("27 January 2018 ceasefire", date(2018, 1, 27)),
        ("Fallujah, 27 January 2018", date(2018, 1, 27)),
        ("Resolution 2254 of 27 January 2018", date(2018, 1, 27)),
        ("January 27th, 2018 10:15 AM EST", date(2018, 1, 27)),
        ("Sat, 27 Jan 18 10:00:00 GMT", date(2018, 1, 27)),
        ("20180127", date(2018, 1, 27)),
        ("20180127T101500Z", date(2018, 1, 27)),
        ("20180127T1015", date(2018, 1, 27)),
        ("20180127T101500+0300", date(2018, 1, 27)),
        ("20180127101500 -05:00", date(2018, 1, 27)),
        ("1517011200", date(2018, 1, 27)),
        ("1517011200000", date(2018, 1, 27)),
        ("1517011200000.0", date(2018, 1, 27)),
        ("1517011200000000", date(2018, 1, 27)),
        ("1517011200000000000", date(2018, 1, 27)),
        ("27/01/2018", date(2018, 1, 27)),
        ("01/27/2018", date(2018, 1, 27)),
        ("27.01.18", date(2018, 1, 27)),
        ("3.4.2018", date(2018, 4, 3)),
        ("3/3/2018", date(2018, 3, 3)),
        ("3/4/2018", None),  # in March, or in April
        ("99/99/2018", None),
        ("1.2.3.4", None),
        ("3 days ago", None),
        ("منذ 3 أيام", None),
        ("10 جمادى الأولى 1439", None),
        ("16 جمادى الآخرة 1439هـ الموافق 4 مارس 2018", date(2018, 3, 4)),
        ("7 نيسان 2018", date(2018, 4, 7)),
        ("4 أبريل/نيسان 2018م", date(2018, 4, 4)),
        ("4 آذار/أبريل 2018", None),  # two months
        ("4 أيّار 2018", date(2018, 5, 4)),
        ("Sun Mar 04 10:30:00 +0000 2018", date(2018, 3, 4)),
        ("1850-03-04", date(1850, 3, 4)),
        ("9999-12-31", date(9999, 12, 31)),
        ("1439/6/16 هـ", None),
        ("16/6/1439", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("2018-02-31", None),
        ("31 February 2018", None),
        ("last week", None),
        ("2018", None),
        ("", None),
    ],
)
def test_a_day_is_read_in_the_forms_that_sources_have(text: str, day: date | None) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(("day_first", "month"), [(True, 4), (False, 3)])
def test_who_knows_the_order_may_say_it(day_first: bool, month: int) -> None:
    assert is_ambiguous("3/4/2018")
    assert parse_day("3/4/2018", day_first=day_first) == date(2018, month, 7 - month)


@given(st.text() | st.from_regex(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}"))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert parse_day(text) is None or isinstance(parse_day(text, day_first=True), date)


def test_tomorrow_may_be_today_elsewhere_but_not_the_day_after() -> None:
    assert not is_future(date.today() + timedelta(1))
    assert is_future(date.today() + timedelta(3))


@pytest.mark.parametrize(
    ("text", "first"),
    [("2018", "2018-01-01"), ("2017-11", "2017-11-01"), ("2018-01-27", "2018-01-27")],
)
def test_a_year_and_a_month_begin_with_their_first_day(text: str, first: str) -> None:
    assert first_day(text, "after") == first


@pytest.mark.parametrize("text", ["lastweekish", "2018-13", "2018-02-30", "18", ""])
def test_what_is_no_date_says_what_is(text: str) -> None:
    with pytest.raises(OptionError, match=r"after takes a day, a month or a year, such as 2018-01"):
        first_day(text, "after")
