"""Words of an Arabic text for the rules: each with its kind, and whether it adjoins the last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..text.normalize import MARKS
from .arabic_words import lexicon
from .matcher import Found

_WORD = re.compile("[\u0621-\u063a\u0640-\u065f\u0670-\u06d3\u200c-\u200f]+")
_GAP = re.compile("[ \u00a0\u200c-\u200f]*[-–]?[ \u00a0\u200c-\u200f]*|[ \u00a0]?\n")
_MARKS = re.compile(f"[{re.escape(MARKS)}]+")


_STOP = re.compile(r" ?\. ?")
_ABBREVIATED = ("د", "م", "ا")
"""Titles in one letter, with a full stop: doctor, engineer, professor."""


class Token(NamedTuple):
    """A word at [start, end) in a text, in code points."""

    start: int
    """The start, without particles."""
    end: int
    kind: int
    """A union of `Kind`, as a plain number."""
    particle: int
    """The number of letters of the particles before it."""
    prefix: str
    """The particles."""
    bare: str
    """The folded word without particles."""
    written: str
    """The word as written, without particles and marks."""
    article: bool
    """Whether it begins with the article."""
    joined: bool
    """Whether only a space or a hyphen is between the word before and this one."""
    known: Found | None
    """The match of the gazetteer of which it is part."""


def clean_name(text: str) -> str:
    """Return a name without vowel signs, tatweel and invisible marks."""
    return _MARKS.sub("", text)


def read_tokens(text: str, known: Sequence[Found]) -> list[Token]:
    """Return the Arabic words of a text, given the matches of the gazetteer in it, by offset."""
    look_up = lexicon().look_up
    tokens: list[Token] = []
    index, last = 0, -1
    count = len(known)
    for match in _WORD.finditer(text):
        start, end = match.span()
        written = match.group()
        word = look_up(written)
        if not word.bare:
            continue
        joined = last >= 0 and (
            text[last:start] == " " or _GAP.fullmatch(text, last, start) is not None
        )
        if not joined and tokens and tokens[-1].bare in _ABBREVIATED:
            joined = _STOP.fullmatch(text, last, start) is not None
        last = end
        while index < count and known[index].end <= start:
            index += 1
        found = known[index] if index < count and known[index].start < end else None
        tokens.append(
            Token(
                start + word.particle,
                end,
                word.kind,
                word.particle,
                word.prefix,
                word.bare,
                word.written,
                word.article,
                joined,
                found,
            )
        )
    return tokens
