"""Compact forms of the recognizer and the reason of a mention.

A third of all mentions have a reason: a phrase of some fifty characters, most of which thousands of
mentions share. Instead of the columns `recognizer` and `reason`, a row stores two short values,
`found_by` and `why`, and the schema computes the columns from them:

- `found_by` is the position of a recognizer in RECOGNIZERS, or another recognizer's name;
- `why` is NULL without a reason. It is a number for one of the fixed phrases of
  `data/mention_phrases.txt`. For a phrase with a gap it is a character that stands for the phrase,
  followed by the words in the gap, and for any other reason `WRITTEN`, followed by the reason.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from ..text.word_lists import read_sections

DATA = Path(__file__).parent / "data"
RECOGNIZERS = ("gazetteer", "rules")
"""The recognizers that are stored as numbers, of which 0 and 1 take no space in a row."""
WRITTEN = "!"
"""The character before a reason that is stored as it is written."""
_GAP = "{}"
_FIRST = ord("0")
"""The code of the first phrase with a gap; those of the others follow."""


class Phrases(NamedTuple):
    """The phrases of reasons, by which a reason is stored."""

    fixed: dict[str, int]
    """The numbers of those without a gap."""
    gapped: dict[str, str]
    """The characters for those with a gap."""


@cache
def phrases() -> Phrases:
    """Return the phrases of the data file."""
    sections = read_sections(DATA / "mention_phrases.txt")
    lines = [
        line.replace("{kind}", kind)
        for line in sections["reasons"]
        for kind in (sections["kinds"] if "{kind}" in line else [""])
    ]
    gapped = [line for line in lines if _GAP in line]
    fixed = [line for line in lines if _GAP not in line]
    return Phrases(
        {line: number for number, line in enumerate(fixed)},
        {line: chr(code) for code, line in enumerate(gapped, start=_FIRST)},
    )


def encode_recognizer(recognizer: str) -> int | str:
    """Return the `found_by` of a mention."""
    return RECOGNIZERS.index(recognizer) if recognizer in RECOGNIZERS else recognizer


@lru_cache(maxsize=1 << 14)
def encode_reason(reason: str | None) -> int | str | None:
    """Return the `why` of a mention."""
    if reason is None:
        return None
    number = phrases().fixed.get(reason)
    if number is not None:
        return number
    short = WRITTEN + reason
    for phrase, character in phrases().gapped.items():
        before, _, after = phrase.partition(_GAP)
        size = len(reason) - len(before) - len(after)
        if size >= 0 and reason.startswith(before) and reason.endswith(after):
            words = reason[len(before) : len(before) + size]
            short = min(short, character + words, key=len)
    return short


def recognizer_sql() -> str:
    """Return the SQL expression of a recognizer by its `found_by`."""
    cases = (f"WHEN {n} THEN {_literal(name)}" for n, name in enumerate(RECOGNIZERS))
    return f"CASE found_by {' '.join(cases)} ELSE found_by END"


def reason_sql() -> str:
    """Return the SQL expression of a reason by its `why`."""
    fixed = " ".join(
        f"WHEN {number} THEN {_literal(phrase)}" for phrase, number in phrases().fixed.items()
    )
    gapped = " ".join(
        f"WHEN {_literal(character)} THEN {_literal(phrase)}"
        for phrase, character in phrases().gapped.items()
    )
    return (
        f"CASE typeof(why) WHEN 'integer' THEN CASE why {fixed} END"
        f" WHEN 'text' THEN replace(CASE substr(why, 1, 1) {gapped} ELSE '{_GAP}' END,"
        f" '{_GAP}', substr(why, 2)) END"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
