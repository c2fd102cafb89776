"""Folding of text, with offsets into the original.

The same when indexing and when querying: `fold` removes the differences that writers make and
readers ignore. SQL does the same in the generated columns of `paragraphs` (see `store.schema`),
which are built from the tables here, so that any SQLite computes what Python does. Its steps, in
order:

a. marks that are not letters are dropped (`MARKS`): Arabic vowel signs, tatweel, direction marks,
   joiners, the soft hyphen;
b. a possessive apostrophe (straight or curly, before s or S) becomes a space, so that `syria` finds
   `Syria’s`;
c. other apostrophes, and the half rings and commas that transcribe hamza and ayn, are dropped
   (`APOSTROPHES`): `Ja’afari` is `Jaafari`;
d. letters that Arabic writers interchange become one (`LETTERS`): أ إ آ ٱ → ا, ى → ي, ة → ه, and
   the Persian ی ک → ي ك.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

_MARK_CODES = (
    *(0x00AD, 0x061C),  # soft hyphen, Arabic letter mark
    *(0x0640, *range(0x064B, 0x0653), 0x0670),  # tatweel, fathatan to sukun, superscript alef
    *range(0x200C, 0x2010),  # zero-width joiners, left-to-right and right-to-left mark
    *(*range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # embeddings, overrides and isolates
)
MARKS = "".join(map(chr, _MARK_CODES))
"""Characters that are dropped in step a."""

POSSESSIVES = "'’"
"""Apostrophes that become a space before a possessive s in step b."""

APOSTROPHES = "'’‘ʼʻʿʾ`´′"
"""Characters that are dropped in step c: typed and typographic, ayn and hamza in transcriptions."""

LETTERS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك"}
"""Letters that are replaced in step d, each with its replacement."""

_POSSESSIVE = re.compile(rf"[{POSSESSIVES}][sS]\b")
_FINAL_POSSESSIVE = re.compile(rf"[{POSSESSIVES}][sS]\W*$")
_ASCII_APOSTROPHES = "".join(filter(str.isascii, APOSTROPHES))
_SPACES = re.compile(r"\s\s")
_FURTHER_SPACES = re.compile(r"(?<=\s)(\s+)")
_COMBINING_RUN = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u20d0-\u20f0\ufe00-\ufe0f]+"
)

_FIRST_COMBINING = "\u0300"

_Cut = tuple[Sequence[int], Sequence[int]]
"""Offsets in the shortened text at which characters were dropped, and totals dropped up to each.

Two sequences of the same length, both ascending.
"""


class Folded(NamedTuple):
    """A folded text with the mapping of its offsets to the original text."""

    text: str
    written: str
    cuts: tuple[_Cut, ...]
    """The characters that each step dropped, the last step first."""

    def start(self, offset: int) -> int:
        """Return the offset in the original text of the character at `offset` here."""
        for positions, dropped in self.cuts:
            index = bisect_right(positions, offset)
            if index:
                offset += dropped[index - 1]
        return offset

    def end(self, offset: int) -> int:
        """Return the original end of a range that ends at `offset` here, with combining marks."""
        if not offset:
            return 0
        end = self.start(offset - 1) + 1
        if self.written[end : end + 1] < _FIRST_COMBINING:
            return end
        marks = _COMBINING_RUN.match(self.written, end)
        return marks.end() if marks else end


def _without(characters: str, text: str) -> str:
    for character in characters:
        text = text.replace(character, "")
    return text


def _drop(characters: str, text: str) -> tuple[str, _Cut | None]:
    """Drop characters as `_without` does: string methods are faster than a regular expression."""
    present = [character for character in characters if character in text]
    if not present:
        return text, None
    first, *others = present
    for other in others:
        text = text.replace(other, first)
    kept = text.split(first)
    return "".join(kept), (list(accumulate(map(len, kept[:-1]))), range(1, len(kept)))


def _drop_spaces(text: str) -> tuple[str, _Cut | None]:
    """Collapse each run of spaces into its first."""
    # A printable text has no space but U+0020, and `isprintable` is faster than the search.
    if "  " not in text and (text.isprintable() or not _SPACES.search(text)):
        return text, None
    parts = _FURTHER_SPACES.split(text)
    kept, dropped = parts[::2], parts[1::2]
    positions = list(accumulate(map(len, kept[:-1])))
    return "".join(kept), (positions, list(accumulate(map(len, dropped))))


def _part_possessives(text: str) -> str:
    for apostrophe in POSSESSIVES:
        if apostrophe in text:
            text = text.replace(f"{apostrophe}s", " s").replace(f"{apostrophe}S", " S")
    return text


def has_possessive(text: str) -> bool:
    """Return whether a text has a possessive written with an apostrophe."""
    return _POSSESSIVE.search(text) is not None


def without_possessive(text: str) -> str:
    """Return a text without a possessive at its end."""
    return _FINAL_POSSESSIVE.sub("", text)


def _merge_letters(text: str) -> str:
    for letter, other in LETTERS.items():
        text = text.replace(letter, other)  # twenty times as fast as `translate`
    return text


def fold_aligned(written: str, *, one_space: bool = False) -> Folded:
    """Fold a text and keep the mapping to its offsets; `one_space` collapses runs of spaces."""
    text, marks, spaces = written, None, None
    apostrophes = _ASCII_APOSTROPHES if text.isascii() else APOSTROPHES
    if not text.isascii():
        text, marks = _drop(MARKS, _merge_letters(text))
    text, dropped = _drop(apostrophes, _part_possessives(text))
    if one_space:
        text, spaces = _drop_spaces(text)
    return Folded(text, written, tuple(cut for cut in (spaces, dropped, marks) if cut))


def fold(text: str) -> str:
    """Remove differences between spellings. Equal to column `paragraphs.folded`; idempotent.

    >>> fold("Syria’s Bashar al-Ja'afari")
    'Syria s Bashar al-Jaafari'
    """
    if text.isascii():
        return _without(_ASCII_APOSTROPHES, _part_possessives(text))
    return _without(APOSTROPHES, _part_possessives(_merge_letters(_without(MARKS, text))))
