#!/usr/bin/env bash
# An extra that is asked for by its documented name is left out without a word, and pip exits with 0.
#
# Versions: pip 23.2.1, 23.3, 24.0, 24.1; lxml 5.2.2, 5.3.0, 5.3.1; lxml_html_clean 0.4.4.
#   Python 3.8 to 3.12 on Linux (tried with 3.11.7). pip 23.2.1 is what `python -m venv` lays
#   into a new environment of Python 3.11.7 and 3.12.1.
#
# What one would expect: lxml documents the extra as html_clean since 5.2.0, and its own error
#   message says: Install lxml[html_clean]. So `pip install "lxml[html_clean]"` should install
#   lxml_html_clean, or say that it could not. By PEP 685, html_clean and html-clean are one name.
#
# What happens: what the extra is called in the metadata of lxml's wheels changed with the
#   setuptools that built them, without a change of lxml itself:
#     lxml 5.2.2:  Provides-Extra: html_clean   Requires-Dist: ...; extra == 'html_clean'
#     lxml 5.3.0:  Provides-Extra: html_clean   Requires-Dist: ...; extra == "html-clean"
#     lxml 5.3.1:  Provides-Extra: html-clean   Requires-Dist: ...; extra == "html-clean"
#   pip before 23.3 compares both as they are spelt. So of lxml[html_clean] it
#     - installs the package with lxml 5.2.2,
#     - leaves it out with lxml 5.3.0, SILENTLY: the name is provided, but its marker never holds,
#     - leaves it out with lxml 5.3.1 and later, with a warning, and exits with 0 all the same.
#   pip 23.3 and 24.0 install it for lxml[html_clean] always, but of the normalized spelling,
#   lxml[html-clean], with lxml 5.2.2 they leave it out silently too: they compare the names of
#   extras normalized, but evaluate the marker as spelt. pip 24.1 is the first here with which both
#   spellings work with all three.
#   Hence jusText 3.0.1 and later, which require lxml[html_clean], and trafilatura, which requires
#   jusText, fail at their import after an installation that looked well. A direct requirement of
#   lxml_html_clean, in place of the extra, is right with every pip.
#
# Where it is discussed:
#   https://github.com/pypa/pip/issues/11445               (PEP 685 in pip)
#   https://github.com/pypa/pip/pull/12002                 (names of extras normalized in the resolver)
#   https://github.com/miso-belica/jusText/issues/53       (the same extra of lxml 5.4.0)
#   https://github.com/adbar/trafilatura/issues/835        (with the warning; lxml 6.0.2)
#   https://github.com/adbar/trafilatura/issues/693        (lxml 5.3.0: an import error after a plain install)
#   https://github.com/huggingface/huggingface_hub/issues/3029  (mixed metadata of the same kind)
#   https://peps.python.org/pep-0685/
#
# Output seen: the table in EXPECTED below. Exits non-zero if anything of it changes.
set -euo pipefail

PYTHON=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

EXPECTED="\
pip 23.2.1  lxml[html_clean]==5.2.2  exit 0  warnings 0  installed
pip 23.2.1  lxml[html_clean]==5.3.0  exit 0  warnings 0  MISSING
pip 23.2.1  lxml[html_clean]==5.3.1  exit 0  warnings 1  MISSING
pip 23.3    lxml[html_clean]==5.2.2  exit 0  warnings 0  installed
pip 23.3    lxml[html_clean]==5.3.0  exit 0  warnings 0  installed
pip 23.3    lxml[html_clean]==5.3.1  exit 0  warnings 0  installed
pip 23.3    lxml[html-clean]==5.2.2  exit 0  warnings 0  MISSING
pip 24.0    lxml[html-clean]==5.2.2  exit 0  warnings 0  MISSING
pip 24.1    lxml[html-clean]==5.2.2  exit 0  warnings 0  installed
pip 24.1    lxml[html-clean]==5.3.0  exit 0  warnings 0  installed
pip 24.1    lxml[html_clean]==5.3.0  exit 0  warnings 0  installed"

echo "lxml_html_clean==0.4.4" > "$folder/constraints.txt"
"$PYTHON" -m venv "$folder/venv"
python="$folder/venv/bin/python"

# try PIP REQUIREMENT: one line of the table.
try() {
  local code=0 warnings state
  if [ "$("$python" -m pip --version | cut -d' ' -f2)" != "$1" ]; then
    "$python" -m pip install --quiet --disable-pip-version-check "pip==$1" > /dev/null 2>&1
  fi
  "$python" -m pip uninstall --quiet --yes lxml lxml_html_clean > /dev/null 2>&1 || true
  "$python" -m pip install --disable-pip-version-check --only-binary :all: \
    --constraint "$folder/constraints.txt" "$2" > "$folder/log" 2>&1 || code=$?
  warnings=$(grep -c "does not provide the extra" "$folder/log" || true)
  if "$python" -c "import lxml_html_clean" 2> /dev/null; then state=installed; else state=MISSING; fi
  printf 'pip %-6s  %s  exit %d  warnings %d  %s\n' "$1" "$2" "$code" "$warnings" "$state"
}

seen=$(while read -r _ version requirement _; do try "$version" "$requirement"; done <<< "$EXPECTED")
echo "$seen"
if [ "$seen" != "$EXPECTED" ]; then
  echo "The behaviour has changed. Expected:" >&2
  echo "$EXPECTED" >&2
  exit 1
fi
echo "As described."
