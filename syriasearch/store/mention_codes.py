"""Compact forms of the recognizer and the reason of a mention.

A third of all mentions have a reason: a phrase of some fifty characters, most of which thousands of
mentions share. Instead of the columns `recognizer` and `reason`, a row stores two short texts,
`found_by` and `why`, and the schema computes the columns from them:

- `found_by` is one of the values of RECOGNIZERS, or another recognizer's name;
- `why` is NULL without a reason. Else it is a character that stands for one of the phrases of
  `data/mention_phrases.txt`, followed by the words in its gap, if it has one; for any other reason
  `WRITTEN`, followed by the reason.

Both have a declared type and values of no other: what reads whole tables into typed columns, such
as connectorx, needs that.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from ..text.word_lists import read_sections

DATA = Path(__file__).parent / "data"
RECOGNIZERS = {"gazetteer": "", "rules": "-"}
"""What stands for the recognizers of most mentions."""
WRITTEN = "!"
"""The character before a reason that is stored as it is written."""
_GAP = "{}"


@cache
def phrases() -> dict[str, str]:
    """Return the phrases of the data file, each with the character that stands for it."""
    sections = read_sections(DATA / "mention_phrases.txt")
    lines = [
        line.replace("{kind}", kind)
        for line in sections["reasons"]
        for kind in (sections["kinds"] if "{kind}" in line else [""])
    ]
    return {line: chr(code) for code, line in enumerate(lines, start=ord(WRITTEN) + 1)}


def encode_recognizer(recognizer: str) -> str:
    """Return the `found_by` of a mention."""
    return RECOGNIZERS.get(recognizer, recognizer)


@lru_cache(maxsize=1 << 14)
def encode_reason(reason: str | None) -> str | None:
    """Return the `why` of a mention."""
    if reason is None:
        return None
    ways = [WRITTEN + reason]
    for phrase, character in phrases().items():
        before, gap, after = phrase.partition(_GAP)
        end = len(reason) - len(after)
        if phrase == reason and not gap:
            ways.append(character)
        elif gap and len(before) <= end and reason.startswith(before) and reason.endswith(after):
            ways.append(character + reason[len(before) : end])
    return min(ways, key=len)


def recognizer_sql() -> str:
    """Return the SQL expression of a recognizer by its `found_by`."""
    cases = _cases((code, name) for name, code in RECOGNIZERS.items())
    return f"CASE found_by {cases} ELSE found_by END"


def reason_sql() -> str:
    """Return the SQL expression of a reason by its `why`."""
    cases = _cases((character, phrase) for phrase, character in phrases().items())
    return f"replace(CASE substr(why, 1, 1) {cases} ELSE '{_GAP}' END, '{_GAP}', substr(why, 2))"


def _cases(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"WHEN {_literal(code)} THEN {_literal(text)}" for code, text in pairs)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
