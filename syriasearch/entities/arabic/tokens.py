"""The words of an Arabic text, each with its kind, and whether it adjoins the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ...text.normalize import MARKS
from ...text.patterns import regex
from ..matcher import Found
from .words import Kind, lexicon

_WORD = regex("[\u0621-\u063a\u0640-\u065f\u0670-\u06d3\u200c-\u200f]+")
_GAP = regex("[ \u00a0\u200c-\u200f]*|[-–]|[ \u00a0]?\n")
_MARKS = regex(f"[{re.escape(MARKS)}]+")
_STOP = regex(r" ?\. ?")
_ABBREVIATED = ("د", "م", "ا")
"""Titles in one letter, with a full stop: doctor, engineer, professor."""


class Token(NamedTuple):
    """A word at [start, end) in a text, in code points."""

    start: int
    """The start, without particles."""
    end: int
    kind: int
    """A union of `Kind`."""
    prefix: str
    """The particles before it."""
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

    @property
    def known_type(self) -> str:
        """The type of the entity that the gazetteer knows here; empty if none."""
        return self.known.names[0].entity.type if self.known else ""

    @property
    def is_proper(self) -> bool:
        """Whether it is in no list, or hardly anything but a name, and has no article."""
        return not self.kind & ~(Kind.NAME | Kind.ENDING) and not self.article

    @property
    def is_adjective(self) -> bool:
        """Whether it is an adjective with the article, by its form or as that of a state."""
        return bool(self.kind & Kind.NATION) or (
            self.article and self.bare.endswith(("ي", "يه")) and len(self.bare) > 5
        )


class Span(NamedTuple):
    """A name: the words [first, end) of a text."""

    first: int
    end: int
    type: str
    """The entity type; empty for a word that may be short for a name elsewhere."""
    rule: str
    """The rule that found it, as in `reasons`."""
    cue: str = ""
    """The word that shows it."""
    name: str = ""
    """The entity's name, if it is not as written."""


def clean_name(text: str) -> str:
    """Return a name without vowel signs, tatweel and invisible marks."""
    return _MARKS.sub("", text)


def read_tokens(text: str, known: Sequence[Found]) -> list[Token]:
    """Return the Arabic words of a text, given the matches of the gazetteer in it, by offset."""
    look_up, words = lexicon().look_up, lexicon().words
    tokens: list[Token] = []
    # `Token(...)` takes twice as long.
    new_token = tuple.__new__
    index, last, before = 0, -1, ""
    matches = [*known, Found(len(text), len(text), ())]
    for match in _WORD.finditer(text):
        start, end = match.span()
        written = match.group()
        word = words.get(written) or look_up(written)
        if not word.bare:
            continue
        joined = last >= 0 and (
            (start == last + 1 and text[last] == " ")
            or _GAP.fullmatch(text, last, start) is not None
            or (before in _ABBREVIATED and _STOP.fullmatch(text, last, start) is not None)
        )
        last, before = end, word.bare
        while matches[index].end <= start:
            index += 1
        found = matches[index] if matches[index].start < end else None
        first, prefix = start + word.length, word.prefix
        if found is not None and found.start > first:
            first, prefix = found.start, written[: found.start - start]
        tokens.append(
            new_token(
                Token,
                (
                    first,
                    end,
                    word.kind,
                    prefix,
                    word.bare,
                    word.written,
                    word.article,
                    joined,
                    found,
                ),
            )
        )
    return tokens
