#!/bin/sh
# Fallujah in January is autumn to edtf, a ceasefire takes the day from its date, and "7-8 April 2018" is
# a day of 2007.
#
# Versions: edtf 5.0.2 with python-dateutil 4.0.0 from PyPI (seen with CPython 3.11).
#
# Behaviour: text_to_edtf looks for its words inside of other words: "fall" in Fallujah and "spring" in
# Arab Spring put a season in the place of the month, and where a day follows, parse_edtf refuses the
# result. A number before "ce" or "ad" is a year of the Common Era, also in "2016 ceasefire" and "6
# adults", and all else is dropped. The rest is dateutil's, with fuzzy=True: of two days it takes the first
# for a year of two digits, and the year for a time, 20:18, which is dropped; and a number of four digits
# in front is the year. Nothing marks these results as uncertain.
#
# Expected: the date that is written; of two days an interval, as "1851-1852" gives, or None, as for
# "7 April 2018 - 9 April 2018". EDTF is what catalogues and archives keep dates in, and the function is
# documented for texts that people wrote, with words beside the date ("1862 (uncertain)", "printed").
#
# Known: other texts whose result parse_edtf refuses (ixc/python-edtf#38, and #77, which is open). Of
# these no thread was found.
#
# Of three corpora of news and encyclopedic pages on Syria, all 12 ranges of days with the month behind
# are given another year. The package reads no day but the written one of any text below
# (`text.dates`; tests/text/test_dates.py).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

"$python" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    edtf==5.0.2 python-dateutil==4.0.0 pyparsing==3.3.3 >&2

cat > "$folder/show.py" <<'END_OF_PYTHON'
from edtf import parse_edtf, text_to_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

TEXTS = (
    "Raqqa, January 2014",
    "Fallujah, January 2014",
    "Fallujah, 4 January 2014",
    "Arab Spring, 15 March 2011",
    "27 February 2016",
    "27 February 2016 ceasefire",
    "6 adults killed, 4 April 2017",
    "1851-1852",
    "7 April 2018 - 9 April 2018",
    "7-8 April 2018",
    "April 7-8, 2018",
    "21-22 August 2013",
    "9-10 August 1945",
    "5 or 6 March 2011",
    "Resolution 2254 of 18 December 2015",
)


def is_valid(written):
    try:
        return bool(parse_edtf(written))
    except EDTFParseException:
        return False


for text in TEXTS:
    written = text_to_edtf(text)
    valid = "none" if written is None else "valid" if is_valid(written) else "invalid"
    print(text, written, valid, sep=" | ")
END_OF_PYTHON

expected='Raqqa, January 2014 | 2014-01 | valid
Fallujah, January 2014 | 2014-23 | valid
Fallujah, 4 January 2014 | 2014-23-04 | invalid
Arab Spring, 15 March 2011 | 2011-21-15 | invalid
27 February 2016 | 2016-02-27 | valid
27 February 2016 ceasefire | 2016 | valid
6 adults killed, 4 April 2017 | 0006 | valid
1851-1852 | 1851/1852 | valid
7 April 2018 - 9 April 2018 | None | none
7-8 April 2018 | 2007-04-08 | valid
April 7-8, 2018 | 2008-04-07 | valid
21-22 August 2013 | 2021-08-22 | valid
9-10 August 1945 | 2009-08-10 | valid
5 or 6 March 2011 | 2005-03-06 | valid
Resolution 2254 of 18 December 2015 | 2254-12-18 | valid'

seen=$(PYTHONPATH="$folder/packages" "$python" "$folder/show.py")

echo "text | as EDTF | to parse_edtf"
echo "$seen"
[ "$seen" = "$expected" ]
