#!/bin/sh
# The attack of 2018-04-07 has only a year to undate's omnibus parser, and "7 Nisan 2018", the same day as
# it is written in Syria, is a month of 1743 BC.
#
# Versions: undate 0.8.0 with lark 1.3.1 and convertdate 2.4.0 from PyPI (seen with CPython 3.11; 0.7.0 is
# no different).
#
# Behaviour: Undate.parse(text, "omnibus") keeps the year alone of a date in ISO 8601 or EDTF, at both ends
# of an interval too, and of an interval inside one year says that it is invalid. With a day that is
# unknown, the month goes and the unknown day stays (2018-XX). Dates in words keep all: "7 April 2018". The
# formats are merged into one grammar, where a rule has the name of its format in front. The trees of
# edtf__month and edtf__day, which EDTF's transformer has no method to rename, are no "month" and "day" to
# it; the year has one. Of a Hebrew date the day is lost in the same way. Nothing says that the result is
# coarser than the text, and it compares as unequal to the same date read as EDTF.
# The calendar is that of the month's name, whatever the year: Nisan and Tammuz are Hebrew, and 2018 is then
# Anno Mundi 2018; Rajab 2018 is in 2579.
#
# Expected: what the format alone reads (the second column), as the documentation says that the omnibus
# parser combines the formats where a date is unambiguous. Nisan and Tammuz are April and July in Syria and
# Iraq, with the years of the Common Era; a year that puts an article before Christ is not unambiguous.
#
# Known: the README calls the parser experimental. Of the lost months and days no thread was found.
#
# The package reads the ISO date to the day, and no day from the month in Latin letters; in Arabic, 7 نيسان
# 2018, it is 2018-04-07 (tests/text/test_dates.py).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

"$python" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    undate==0.8.0 lark==1.3.1 convertdate==2.4.0 >&2

cat > "$folder/show.py" <<'END_OF_PYTHON'
from undate import Undate

DATES = (
    ("2018-04-07", "EDTF"),
    ("2018-04", "EDTF"),
    ("2018-04-XX", "EDTF"),
    ("2011-03-15/2024-12-08", "EDTF"),
    ("2018-04-07/2018-04-09", "EDTF"),
    ("7 April 2018", "Gregorian"),
    ("7 Ramadan 1434", "Islamic"),
    ("7 Nisan 5778", "Hebrew"),
    ("7 Nisan 2018", "Hebrew"),
    ("Tammuz 2013", "Hebrew"),
    ("7 Rajab 2018", "Islamic"),
)


def read(text, form):
    try:
        return Undate.parse(text, form)
    except Exception:
        return None


for text, form in DATES:
    one, all_forms = read(text, form), read(text, "omnibus")
    first = getattr(all_forms, "earliest", None)
    print(text, f"{form}: {one}", all_forms or "refused", first or "-", sep=" | ")
print("equal:", read("2018-04-07", "omnibus") == read("2018-04-07", "EDTF"))
END_OF_PYTHON

expected='2018-04-07 | EDTF: 2018-04-07 | 2018 | 2018-01-01
2018-04 | EDTF: 2018-04 | 2018 | 2018-01-01
2018-04-XX | EDTF: 2018-04-XX | 2018-XX | 2018-01-01
2011-03-15/2024-12-08 | EDTF: 2011-03-15/2024-12-08 | 2011/2024 | 2011
2018-04-07/2018-04-09 | EDTF: 2018-04-07/2018-04-09 | refused | -
7 April 2018 | Gregorian: 2018-04-07 | 2018-04-07 | 2018-04-07
7 Ramadan 1434 | Islamic: 1434-09-07 | 1434-09-07 | 2013-07-15
7 Nisan 5778 | Hebrew: 5778-01-07 | 5778-01 | 2018-03-17
7 Nisan 2018 | Hebrew: 2018-01-07 | 2018-01 | -1742-03-09
Tammuz 2013 | Hebrew: 2013-04 | 2013-04 | -1747-06-02
7 Rajab 2018 | Islamic: 2018-07-07 | 2018-07-07 | 2579-12-27
equal: False'

seen=$(PYTHONPATH="$folder/packages" "$python" "$folder/show.py")

echo "date | one format | omnibus | first day, omnibus"
echo "$seen"
[ "$seen" = "$expected" ]
