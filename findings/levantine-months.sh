#!/bin/sh
# "7 August 2018" in the Arabic of Syria is today to dateparser, and the first of January to
# htmldate.
#
# Versions: dateparser 1.5.0 and htmldate 1.11.0 from PyPI (seen with CPython 3.11).
#
# Behaviour: dateparser reads Egypt's names of the months (7 أغسطس 2018). Of the names that papers
# of Syria, Lebanon, Jordan and Iraq write it reads none, with or without languages=["ar"], though
# its data has them: only locales=["ar-SY"] and the like find them. One of them is worse than
# unread. Without a language, "7 آب 2018" is the moment of the call: marks are stripped before
# languages are tried, آب becomes اب, which is "now" in Urdu, and the day and the year are ignored.
# htmldate, which asks dateparser and then looks for a year, says by default that a page with
# <time>7 آب 2018</time> is of 2018-01-01, and so for every month of the Levant; with أغسطس it is
# right.
#
# Expected: 2018-08-07 or nothing. A made-up date goes unnoticed: it lies in the right year, or it
# is that of every page fetched today.
#
# The package reads both kinds of names itself (tests/text/test_dates.py), and asks htmldate for
# the dates that a page states only (`extensive_search=False`).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

"$python" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    dateparser==1.5.0 htmldate==1.11.0 >&2

cat > "$folder/show.py" <<'END_OF_PYTHON'
import warnings
from datetime import datetime

warnings.simplefilter("ignore")

import dateparser
from htmldate import find_date

PAGE = (
    '<html lang="ar"><head><title>خبر</title></head><body><article><h1>خبر</h1>'
    "<time>{}</time><p>وصل الوفد إلى المدينة.</p></article></body></html>"
)


def day(moment):
    if moment is None:
        return "unread"
    return "now" if abs((datetime.now() - moment).total_seconds()) < 3600 else str(moment.date())


for month in ("أغسطس", "آب", "آذار", "تشرين الأول"):
    date = f"7 {month} 2018"
    print(
        date,
        day(dateparser.parse(date)),
        day(dateparser.parse(date, languages=["ar"])),
        day(dateparser.parse(date, locales=["ar-SY"])),
        find_date(PAGE.format(date)),
        sep=" | ",
    )
END_OF_PYTHON

expected='7 أغسطس 2018 | 2018-08-07 | 2018-08-07 | 2018-08-07 | 2018-08-07
7 آب 2018 | now | unread | 2018-08-07 | 2018-01-01
7 آذار 2018 | unread | unread | 2018-03-07 | 2018-01-01
7 تشرين الأول 2018 | unread | unread | 2018-10-07 | 2018-01-01'

seen=$(PYTHONPATH="$folder/packages" "$python" "$folder/show.py")

echo "date | no language | languages=ar | locales=ar-SY | htmldate"
echo "$seen"
[ "$seen" = "$expected" ]
