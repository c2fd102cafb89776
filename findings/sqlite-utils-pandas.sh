#!/bin/sh
# `import sqlite_utils` imports pandas, where it is installed, though nothing asks for it.
#
# Versions: sqlite-utils 4.2.1 with pandas 3.1.1, CPython 3.11 or later (seen with 3.11 on Linux).
#
# Behaviour: `sqlite_utils/db.py` calls importlib.import_module("pandas") at its top, to know the
# types of its values as types of columns, and with pandas all that belongs to it is imported: some
# 500 modules more, half a second, or several on a busy machine. (numpy is imported in the same way.)
#
# Expected: a library that is not asked for is not imported; the types could be looked up by the
# names of their modules when a value is of none that is known, or from sys.modules.
#
# The package imports sqlite-utils only to migrate an archive
# (`store.creation`; tests/ingest/test_records.py).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

cat > "$folder/show.py" <<'END'
import sys

import sqlite_utils

print(sys.argv[1], "pandas imported:", "pandas" in sys.modules)
END

expected="alone: pandas imported: False
with pandas: pandas imported: True"

seen=$(
    "$python" -m venv "$folder/venv"
    pip="$folder/venv/bin/python -m pip install --quiet --disable-pip-version-check"
    $pip --only-binary :all: "sqlite-utils==4.2.1" >&2
    "$folder/venv/bin/python" "$folder/show.py" "alone:"
    $pip --only-binary :all: "pandas==3.1.1" >&2
    "$folder/venv/bin/python" "$folder/show.py" "with pandas:"
)

echo "$seen"
[ "$seen" = "$expected" ]
