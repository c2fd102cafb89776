#!/bin/sh
# 7 August 2018 is the 8th of July to libhxl if ISO 8601's "T" and a time follow, and a day of 1970 if
# it is written without hyphens.
#
# Versions: libhxl 5.2.2 with python-dateutil 3.0.0 from PyPI (seen with CPython 3.11).
#
# Behaviour: normalise_date, and with it the filters, reads "2018-08-07" and "2018-08-07 10:00:00" by
# patterns of its own. All else goes to dateutil with dayfirst=True, which takes the day to come first
# behind a year too: "2018-08-07T10:00:00Z", as forms and APIs export it, is 2018-07-08. From the 13th of
# a month on the date is right, so that a table has its months mixed, and nothing else to see. A number
# of more than five digits is a count of seconds: ISO's basic form "20180807" is 1970-08-22. Rows are
# silently missing from a filter by date, and `hxlclean` writes the wrong dates out. is_date is true of
# all of them.
#
# Expected: the same day. ISO 8601, which HXL's conventions ask for in #date, has the forms with "T" and
# the last one, and the parameter `dayfirst` is documented to be for ambiguous dates, which a date with
# the year first is not.
#
# Known: the same for "2017-12-01 00:00:00" (HXLStandard/libhxl-python#190 of 2018), for which one of the
# two patterns was made; and dateutil's reading (dateutil#268, closed as intended). Of "T" and of the
# basic form no thread was found.
#
# The package reads all of them. It left out 20180807T100000+0300, the basic form with a time and a zone,
# and reads it now (tests/text/test_dates.py).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

"$python" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    libhxl==5.2.2 python-dateutil==3.0.0 >&2

cat > "$folder/show.py" <<'END_OF_PYTHON'
import hxl

FORMS = (
    "{}-{}-{}",
    "{}-{}-{} 10:00:00",
    "{}-{}-{} 10:00:00Z",
    "{}-{}-{} 10:00",
    "{}-{}-{}T10:00:00Z",
    "{}-{}-{}T10:00:00.000+03:00",
    "{}{}{}T1000",
    "{}{}{}",
)

rows = [["Date", "Later"], ["#date+first", "#date+second"]]
rows += [[form.format(2018, "08", day) for day in ("07", "13")] for form in FORMS]

clean = hxl.data(rows).clean_data(date="#date")
for before, after in zip(rows[2:], clean.values):
    kept = hxl.data(rows[:2] + [before]).with_rows("#date+first > 2018-07-31").values
    print(before[0], *after, "kept" if kept else "missing", sep=" | ")
END_OF_PYTHON

expected='2018-08-07 | 2018-08-07 | 2018-08-13 | kept
2018-08-07 10:00:00 | 2018-08-07 | 2018-08-13 | kept
2018-08-07 10:00:00Z | 2018-07-08 | 2018-08-13 | missing
2018-08-07 10:00 | 2018-07-08 | 2018-08-13 | missing
2018-08-07T10:00:00Z | 2018-07-08 | 2018-08-13 | missing
2018-08-07T10:00:00.000+03:00 | 2018-07-08 | 2018-08-13 | missing
20180807T1000 | 2018-07-08 | 2018-08-13 | missing
20180807 | 1970-08-22 | 1970-08-22 | missing'

seen=$(TZ=UTC PYTHONPATH="$folder/packages" "$python" -W ignore "$folder/show.py")

echo "as written | cleaned | the 13th | of August, by a filter"
echo "$seen"
[ "$seen" = "$expected" ]
