"""Which day a text means."""

from datetime import date

import pytest

from syriasearch import OptionError
from syriasearch.dates import first_day, parse_day


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
        ("2018-02-31", None),
        ("31 February 2018", None),
        ("last week", None),
        ("2018", None),
        ("", None),
    ],
)
def test_a_day_is_read_in_the_forms_that_sources_have(text: str, day: date | None) -> None:
    assert parse_day(text) == day


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
