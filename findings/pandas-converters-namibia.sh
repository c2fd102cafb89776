#!/bin/sh
# With pandas 3.1 country_converter does not start: Namibia's code "NA", which it reads through a
# converter, is no text any more.
#
# Versions: country_converter 1.3.2 with pandas 3.0.3 and with pandas 3.1.1 from PyPI (seen with
# CPython 3.11 and numpy 2.4).
#
# Behaviour: up to 3.0.3 read_csv leaves alone what a converter returns: with
# converters={"iso2": str} Namibia's code is "NA" and an empty field "". From 3.1.0 on values that
# mean nothing are looked for in what the converter returns too (pandas pull request 68689 of
# September 2026), and both are NaN, without a warning. country_converter compiles a pattern of each
# code, so
# CountryConverter() raises a TypeError, "first argument must be string or compiled pattern".
#
# Expected: converters have the last word, as the documentation said until then and as readers of
# country codes relied on; its requirement "pandas>=1.0" lets an installation of today break.
#
# The package reads tables with the csv module, in which "NA" is text.
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

cat > "$folder/show.py" <<'END_OF_PYTHON'
import io

import country_converter
import pandas

table = pandas.read_csv(
    io.StringIO("name,iso2\nSyria,SY\nNamibia,NA\n"), converters={"iso2": str}
)
try:
    answer = country_converter.CountryConverter().convert("Syria", to="ISO2")
except TypeError as error:
    answer = f"TypeError: {error}"
kept = [str(each) for each in table["iso2"]]
print(pandas.__version__, *kept, "|", answer)
END_OF_PYTHON

expected='3.0.3 SY NA | SY
3.1.1 SY nan | TypeError: first argument must be string or compiled pattern'

seen=$(
    for version in 3.0.3 3.1.1; do
        "$python" -m pip install --quiet --disable-pip-version-check --target "$folder/$version" \
            country_converter==1.3.2 "pandas==$version" >&2
        PYTHONPATH="$folder/$version" "$python" "$folder/show.py"
    done
)

echo "$seen"
[ "$seen" = "$expected" ]
