#!/usr/bin/env bash
# trafilatura 2.0.0 raises KeyError: 'max_date' when it is given date parameters without max_date.
#
# Versions: trafilatura 2.0.0 (and 2.1.0, in which it is right), lxml 6.1.1, lxml_html_clean 0.4.4,
#   htmldate 1.10.0, courlan 1.4.0, jusText 3.0.2, charset-normalizer 3.4.9.
#   Python 3.10 to 3.13 on Linux (tried with 3.11.7).
#
# What one would expect: date_extraction_params is a dict of arguments that are handed to htmldate's
#   find_date, where each of them is optional. So {"original_date": True} is a valid value, and
#   the page is extracted.
#
# What happens: with with_metadata=True, bare_extraction of 2.0.0 ends in
#   KeyError: 'max_date': extract_metadata reads date_config["max_date"], which only the default
#   parameters are sure to have. A caller who catches what broken pages may raise sees every page fail.
#   2.1.0 reads it with .get and extracts the page.
#
# Where it is documented or discussed:
#   https://github.com/adbar/trafilatura/issues/12     (parameters of find_date are exposed)
#   https://github.com/adbar/trafilatura/issues/490    (the date of the file is asked for)
#   https://github.com/adbar/trafilatura/pull/561      (and added)
#   No thread was found that names this error.
#
# The package asked for any trafilatura from 2.0 on, and took this error for a page without an
#   article. It requires 2.1 now, and reports what a library raises as a fault of its own
#   (tests/errors/test_faults.py).
#
# Output seen:
#   2.0.0 {}: article, {'original_date': True}: KeyError('max_date'), {'original_date': True, 'max_date': '2030-01-01'}: article
#   2.1.0 {}: article, {'original_date': True}: article, {'original_date': True, 'max_date': '2030-01-01'}: article
# Exits non-zero if any of it changes.
set -euo pipefail

PYTHON=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$PYTHON" -m venv "$folder/venv"
cat > "$folder/try.py" <<'PY'
from importlib.metadata import version

from trafilatura import bare_extraction

TEXT = "<p>" + "The convoy reached the town on Friday, the agency said. " * 8 + "</p>"
PAGE = (
    "<html><head><title>Convoy reaches town</title>"
    '<meta property="article:published_time" content="2018-06-01"></head>'
    f"<body><article><h1>Convoy reaches town</h1>{TEXT * 3}</article></body></html>"
)


def outcome(params):
    try:
        found = bare_extraction(PAGE, with_metadata=True, date_extraction_params=params or None)
    except KeyError as error:
        return repr(error)
    return "article" if found is not None and "convoy" in found.text else "nothing"


tried = [{}, {"original_date": True}, {"original_date": True, "max_date": "2030-01-01"}]
print(version("trafilatura"), ", ".join(f"{params}: {outcome(params)}" for params in tried))
PY

seen=$(for release in 2.0.0 2.1.0; do
  "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    "trafilatura==$release" lxml==6.1.1 lxml_html_clean==0.4.4 htmldate==1.10.0 courlan==1.4.0 \
    jusText==3.0.2 charset-normalizer==3.4.9 > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
  "$folder/venv/bin/python" "$folder/try.py"
done)
echo "$seen"
expected="\
2.0.0 {}: article, {'original_date': True}: KeyError('max_date'), {'original_date': True, 'max_date': '2030-01-01'}: article
2.1.0 {}: article, {'original_date': True}: article, {'original_date': True, 'max_date': '2030-01-01'}: article"
if [ "$seen" != "$expected" ]; then
  echo "The behaviour has changed. Expected:" >&2
  echo "$expected" >&2
  exit 1
fi
echo "As described."
