"""TeX markup in short texts, as BibTeX has it: escaped and plain.

BibTeX counts braces after a backslash too: those of a text that are not in pairs become commands.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache

from .patterns import regex
from .word_lists import DATA

_SPECIAL = regex(r"[\\{}%&$#_~^]")
_BRACE = regex(r"[{}]")
_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_UNPAIRED = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_MARKUP = regex(
    # an accent and its letter, which braces may surround: \'e \'{e} \v{s} \'{\i}
    r"\\(?P<accent>[\"'`^~=.]|[uvHckrdb](?![A-Za-z]))\s*"
    r"(?:\{\s{0,9}\\?(?P<braced>[^\W\d_]?)\s{0,9}\}|\\(?P<dotless>[ij])(?![A-Za-z])|(?P<bare>[^\W\d_]))"
    # another command, which takes the spaces after it: \ss \emph{...} \textbackslash{}
    r"|\\(?P<command>[A-Za-z]+)(?:\{\}|\s+|(?=(?P<argument>\{)))?"
    r"|\\(?P<escaped>[^A-Za-z])"
    r"|(?P<quotes>``|'')"
    r"|(?P<space>~)"
    r"|[{}$]"
)
_NOTHING = frozenset("-/")
"""Characters that mark a place after a backslash: a hyphenation, a correction."""
_SPACES = frozenset(" ,;:!\\\n~")


def escape_tex(text: str) -> str:
    r"""Return a text as TeX shows it.

    >>> escape_tex("10% of {A_B}"), escape_tex("A} {B")
    ('10\\% of \\{A\\_B\\}', 'A\\textbraceright{} \\textbraceleft{}B')
    """
    escaped = _ESCAPED if _has_pairs(text) else _ESCAPED | _UNPAIRED
    return _SPECIAL.sub(lambda match: escaped.get(match.group(), f"\\{match.group()}"), text)


def _has_pairs(text: str) -> bool:
    """Return whether each brace of a text has its other."""
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def plain_tex(text: str) -> str:
    r"""Return what TeX shows of a text, without its braces and commands.

    >>> plain_tex(r"{Le Caf\'{e} {\textquotedblleft}Sindbad{\textquotedblright}: 10\% off}")
    'Le Café “Sindbad”: 10% off'
    """
    return unicodedata.normalize("NFC", _MARKUP.sub(_shown, text))


@lru_cache(maxsize=1)
def _commands() -> dict[str, dict[str, str]]:
    """Return the characters of commands, by kind of command: symbol, accent or style.

    An accent is a code point of Unicode, and a style sets only the look of what follows.
    """
    kinds: dict[str, dict[str, str]] = {}
    with (DATA / "tex_commands.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            kinds.setdefault(row["kind"], {})[row["command"]] = row["character"]
    return kinds


def _shown(match: re.Match[str]) -> str:
    kinds = _commands()
    if accent := match["accent"]:
        letter = match["braced"] or match["dotless"] or match["bare"]
        return letter + chr(int(kinds["accent"][accent], 16)) if letter else accent
    if command := match["command"]:
        # One that is not known is left, unless it is for the look of its argument.
        is_style = command in kinds["style"] or match["argument"]
        return kinds["symbol"].get(command, "" if is_style else match.group())
    if escaped := match["escaped"]:
        if escaped in _NOTHING:
            return ""
        return " " if escaped in _SPACES else escaped
    if quotes := match["quotes"]:
        return "“" if quotes == "``" else "”"
    return " " if match["space"] else ""
