#!/bin/sh
# bibtexparser's middleware that decodes LaTeX cuts an address at its first percent sign.
#
# Versions: bibtexparser 2.1.0 (seen with CPython 3.11 on Linux).
#
# Behaviour: `LatexDecodingMiddleware` decodes the field `url` as if it were prose: `&` becomes
# spaces, and `%` begins a comment, as in a line of LaTeX, so that all after it is lost. The entry is
# not among `failed_blocks`. Without the middleware the address is whole. Addresses of articles in
# Arabic are percent-encoded as a rule: few survive.
#
# Expected: the styles of BibTeX pass `url` to \url, which takes percent signs and ampersands as they
# are, so the field is verbatim; biblatex's manual, too, has it as verbatim (2.2.1, "uri").
#
# What the package exports has addresses as they are, as other readers need it
# (`exporters.bibtex`; tests/exporters).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

cat > "$folder/show.py" <<'END'
import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware

ENTRY = """@misc{talks,
  title = {Talks in {S}ochi},
  url = {https://example.org/?id=1&title=%D8%B3%D9%88&page=2},
}
"""
for said, middleware in (("plain:", []), ("decoded:", [LatexDecodingMiddleware()])):
    library = bibtexparser.parse_string(ENTRY, append_middleware=middleware)
    (entry,) = library.entries
    print(said, entry["url"].split(), "failed:", len(library.failed_blocks))
END

expected="plain: ['https://example.org/?id=1&title=%D8%B3%D9%88&page=2'] failed: 0
decoded: ['https://example.org/?id=1', 'title='] failed: 0"

seen=$(
    "$python" -m venv "$folder/venv"
    pip="$folder/venv/bin/python -m pip install --quiet --disable-pip-version-check"
    $pip "bibtexparser==2.1.0" >&2
    "$folder/venv/bin/python" "$folder/show.py"
)

echo "$seen"
[ "$seen" = "$expected" ]
