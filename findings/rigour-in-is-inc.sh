#!/bin/sh
# "Al-Qaeda in Iraq" is a company to rigour: "in" is an alias of "Inc.", and "Is" of a form of
# state enterprise.
#
# Versions: rigour 2.6.1 from PyPI (seen with CPython 3.11).
#
# Behaviour: the aliases of legal forms are compared as words, wherever they stand in a name.
# replace_org_types_display makes "Al-Qaeda Inc Iraq" of "Al-Qaeda in Iraq", remove_org_types
# leaves out the "in", and analyze_names gives an organization of that name the class of a limited
# company as a symbol, which "Al-Qaeda of Iraq" has not. "Raqqa is Being Slaughtered Silently", a
# group of journalists, is a state enterprise. Of names that are short forms (IS, SNC) nothing is
# left, and of "N.S.A." an "n.".
#
# Expected: legal forms at the end of a name, or with the capitals and points of a legal form; a
# name is never emptied. Armed groups, missions and parties often have "in" and a country in their
# names: twenty of the 686 groups and organizations in the gazetteer of this package do.
#
# The package does not use rigour, and strips no legal forms: a name of a list is compared as it is
# written.
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

"$python" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    rigour==2.6.1 >&2

cat > "$folder/show.py" <<'END_OF_PYTHON'
from rigour.names import (
    NameTypeTag,
    analyze_names,
    remove_org_types,
    replace_org_types_display,
)

NAMES = (
    "Al-Qaeda in Iraq",
    "Al-Qaeda of Iraq",
    "Islamic State in Khorasan",
    "Raqqa is Being Slaughtered Silently",
    "IS",
    "SNC",
    "N.S.A.",
)

for name in NAMES:
    classes = sorted(
        str(span.symbol)
        for analyzed in analyze_names(NameTypeTag.ORG, [name])
        for span in analyzed.spans
        if str(span.symbol).startswith("[ORGCLS")
    )
    print(
        name,
        replace_org_types_display(name),
        " ".join(remove_org_types(name.lower()).split()) or "nothing",
        " ".join(classes) or "no class",
        sep=" | ",
    )
END_OF_PYTHON

expected='Al-Qaeda in Iraq | Al-Qaeda Inc Iraq | al-qaeda iraq | [ORGCLS:LLC]
Al-Qaeda of Iraq | Al-Qaeda of Iraq | al-qaeda of iraq | no class
Islamic State in Khorasan | Islamic State Inc Khorasan | islamic state khorasan | [ORGCLS:LLC]
Raqqa is Being Slaughtered Silently | Raqqa is Being Slaughtered Silently | raqqa being slaughtered silently | [ORGCLS:SOE]
IS | IS | nothing | [ORGCLS:SOE]
SNC | SNC | nothing | [ORGCLS:LP]
N.S.A. | N.SA | n. | no class'

seen=$(PYTHONPATH="$folder/packages" "$python" "$folder/show.py")

echo "name | for display | without forms | class"
echo "$seen"
[ "$seen" = "$expected" ]
