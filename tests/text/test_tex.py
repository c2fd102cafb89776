"""TeX markup in short texts."""

import csv
from collections import Counter

import pytest

from syriasearch.text.tex import escape_tex, plain_tex
from syriasearch.text.word_lists import DATA


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"Caf{\'e}", "Café"),
        (r"Caf\'{e}", "Café"),
        (r"Garc{\'\i}a, D\'{\i}az", "García, Díaz"),
        (r"{\v{S}}koda, \c c, \c{c}", "Škoda, ç, ç"),
        (r"Stra{\ss}e", "Straße"),
        (r"{\textquotedblleft}q{\textquotedblright} ``q''", "“q” “q”"),
        (r"10{\%} \& \$5 \#1 a\_b", "10% & $5 #1 a_b"),
        (r"\emph{one} {\em two}", "one two"),
        (r"5\,000~m", "5 000 m"),
        (r"\~{} \^{} \textasciitilde{}", "~ ^ ~"),
        (r"x \unknown y", r"x \unknown y"),
        ("الهدنة {في} إدلب", "الهدنة في إدلب"),
    ],
)
def test_what_tex_shows(tex: str, plain: str) -> None:
    assert plain_tex(tex) == plain


@pytest.mark.parametrize("text", ["a{b}c", "a}b{c", "}{", "\\ ~ ^ % & $ # _", "“a” 'b' é ع"])
def test_an_escaped_text_is_read_back(text: str) -> None:
    assert plain_tex(escape_tex(text)) == text


@pytest.mark.parametrize("text", ["a{b", "a}b", "}a{", "{{}"])
def test_an_escaped_text_has_its_braces_in_pairs(text: str) -> None:
    escaped = escape_tex(text)
    assert escaped.count("{") == escaped.count("}")
    assert "\\{" not in escaped


def test_no_command_occurs_twice() -> None:
    with (DATA / "tex_commands.csv").open(encoding="utf-8", newline="") as rows:
        counts = Counter((row["kind"], row["command"]) for row in csv.DictReader(rows))
    assert [command for command, count in counts.items() if count > 1] == []
