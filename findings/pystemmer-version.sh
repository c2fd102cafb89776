#!/bin/sh
# PyStemmer 2.2.0.3 and 3.0.0 both say that they are 2.0.1, and stem otherwise.
#
# Versions: PyStemmer 2.2.0.3, 3.0.0 and 3.1.0 from PyPI, any CPython with wheels for them (seen
# with CPython 3.11 on Linux, x86-64).
#
# Behaviour: `Stemmer.version()` returns "2.0.1" in 2.2.0.3 and in 3.0.0; the English stems of
# common words differ between these two, and again between 3.0.0 and 3.1.0, a minor release.
#
# Expected: `Stemmer.version()` is the version of the installed package, as it is in 3.1.0. A
# program that stores stems, and compares this version to learn whether they are still those of
# the installed stemmer, takes stems of Snowball 2 for those of Snowball 3: `organization` is
# then looked up as `organiz`, stored as `organ`, and not found. A fix would be to take the
# version from the package's metadata when it is built.
#
# The package takes the version from the name of the metadata's folder (tests/store/test_stem_versions.py).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

cat > "$folder/show.py" <<'END'
import sys

import Stemmer

stem = Stemmer.Stemmer("english").stemWord
words = "organization university evening international".split()
print(sys.argv[1], "says", Stemmer.version(), *map(stem, words))
END

expected="2.2.0.3 says 2.0.1 organ univers even intern
3.0.0 says 2.0.1 organiz universiti evening intern
3.1.0 says 3.1.0 organiz universiti evening internat"

seen=$(
    for version in 2.2.0.3 3.0.0 3.1.0; do
        "$python" -m pip install --quiet --disable-pip-version-check --no-deps \
            --only-binary :all: --target "$folder/$version" "PyStemmer==$version" >&2
        PYTHONPATH="$folder/$version" "$python" "$folder/show.py" "$version"
    done
)

echo "$seen"
[ "$seen" = "$expected" ]
