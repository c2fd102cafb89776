"""Text normalization: folding and tokenizing, with offsets into the original text.

Both steps are the same when indexing and when querying:

1. `fold` removes the differences that writers make and readers ignore. SQL does the same in the
   generated columns of `paragraphs` (see `store.schema`), which are built from the tables here, so
   that any SQLite computes what Python does. Its steps, in order:

   a. marks that are not letters are dropped (`MARKS`): Arabic vowel signs, tatweel, direction
      marks, joiners, the soft hyphen;
   b. a possessive apostrophe (straight or curly, before s or S) becomes a space, so that `syria`
      finds `Syria’s`;
   c. other apostrophes, and the half rings and commas that transcribe hamza and ayn, are dropped
      (`APOSTROPHES`): `Ja’afari` is `Jaafari`;
   d. letters that Arabic writers interchange become one (`LETTERS`): أ إ آ ٱ → ا, ى → ي, ة → ه, and
      the Persian ی ک → ي ك.

2. `tokenize` splits a folded text into terms exactly as FTS5's tokenizer `unicode61
   remove_diacritics 2` does: SQLite itself is queried for the form of each character, once
   (`TermTable`).

Both keep the mapping back: a token has its offsets, in code points, in the original text.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import closing
from itertools import accumulate
from typing import NamedTuple

import numpy as np

MARKS = "".join(
    map(
        chr,
        [
            0x00AD,  # soft hyphen
            0x061C,  # Arabic letter mark
            0x0640,  # tatweel: stretches a word
            *range(0x064B, 0x0653),  # harakat: fathatan to sukun
            0x0670,  # superscript alef
            *range(0x200C, 0x2010),  # zero-width joiners, left-to-right and right-to-left mark
            *range(0x202A, 0x202F),  # embeddings and overrides
            *range(0x2066, 0x206A),  # isolates
        ],
    )
)
"""Characters that are dropped in step a."""

POSSESSIVES = "'’"
"""Apostrophes that become a space before a possessive s in step b."""

APOSTROPHES = "'’‘ʼʻʿʾ`´′"
"""Characters that are dropped in step c: typed and typographic, ayn and hamza in transcriptions."""

LETTERS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك"}
"""Letters that are replaced in step d, each with its replacement."""

_ASCII_APOSTROPHES = "".join(filter(str.isascii, APOSTROPHES))
_SPACES = re.compile(r"\s\s")
_FURTHER_SPACES = re.compile(r"(?<=\s)(\s+)")
_COMBINING_RUN = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u20d0-\u20f0\ufe00-\ufe0f]+"
)
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN_ARTICLES = {"al", "el", "ul"}
_SUN_ARTICLES = {"ad": "d", "an": "n", "ar": "r", "as": "s", "ash": "sh", "at": "t", "az": "z"}


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
        marks = _COMBINING_RUN.match(self.written, end)
        return marks.end() if marks else end


def _drop(characters: str, text: str) -> tuple[str, _Cut | None]:
    """Drop characters by string methods, one by one, which is faster than a regular expression."""
    there = [each for each in characters if each in text]
    if not there:
        return text, None
    first, *others = there
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
    kept, gone = parts[::2], parts[1::2]
    positions = list(accumulate(map(len, kept[:-1])))
    return "".join(kept), (positions, list(accumulate(map(len, gone))))


def _part_possessives(text: str) -> str:
    for apostrophe in POSSESSIVES:
        if apostrophe in text:
            text = text.replace(f"{apostrophe}s", " s").replace(f"{apostrophe}S", " S")
    return text


def _merge_letters(text: str) -> str:
    for letter, other in LETTERS.items():
        text = text.replace(letter, other)  # twenty times as fast as `translate`
    return text


def fold_aligned(written: str, *, one_space: bool = False) -> Folded:
    """Fold a text and keep the mapping to its offsets; `one_space` collapses runs of spaces."""
    text, marks, spaces = written, None, None
    plain = text.isascii()
    if not plain:
        text, marks = _drop(MARKS, _merge_letters(text))
    apostrophes = _ASCII_APOSTROPHES if plain else APOSTROPHES
    text, dropped = _drop(apostrophes, _part_possessives(text))
    if one_space:
        text, spaces = _drop_spaces(text)
    return Folded(text, written, tuple(cut for cut in (spaces, dropped, marks) if cut))


def fold(text: str) -> str:
    """Remove differences between spellings. Equal to column `paragraphs.folded`; idempotent.

    >>> fold("Syria’s Bashar al-Ja'afari")
    'Syria s Bashar al-Jaafari'
    """
    plain = text.isascii()
    if not plain:
        for mark in MARKS:
            text = text.replace(mark, "")
        text = _merge_letters(text)
    text = _part_possessives(text)
    for apostrophe in _ASCII_APOSTROPHES if plain else APOSTROPHES:
        text = text.replace(apostrophe, "")
    return text


class TermTable(dict[int, str]):
    """FTS5's form of each code point, queried from SQLite in blocks of 64 neighbours.

    A letter or digit maps to its folded form, a combining mark that continues a word to NUL, and
    everything else to a space: one character each, for `str.translate`.
    """

    DROPPED = "\0"

    def __init__(self) -> None:
        super().__init__((code, " ") for code in range(128))
        self.update((code, chr(code).lower()) for code in range(128) if chr(code).isalnum())
        self.update((code, " ") for code in range(0xD800, 0xE000))  # SQLite rejects surrogates

    def __missing__(self, code: int) -> str:
        # Characters of one script are neighbours, so a block is queried at once. Two threads may
        # query the same block; they get the same answer.
        block = range(code & ~63, (code & ~63) + 64)
        found = dict.fromkeys(block, " ")
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(
                "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')"
            )
            connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(t, instance)")
            connection.executemany(
                "INSERT INTO t(rowid, x) VALUES (?, ?)",
                ((each, f"x{chr(each)}x") for each in block),
            )
            for term, each in connection.execute("SELECT term, doc FROM terms"):
                if term != "x":
                    found[each] = term[1:-1] or self.DROPPED
        self.update(found)
        return found[code]


TERMS = TermTable()
_TERM_CODES = np.zeros(0x110000, "<u4")
"""`TERMS` as an array of code points, for long texts; 0 if not queried yet, and for DROPPED."""
_LONG = 100


def in_terms(folded: str) -> str:
    """Return a folded text with each character in the tokenizer's form; length is unchanged.

    Equal to `folded.translate(TERMS)`, and faster for long texts.
    """
    if len(folded) < _LONG or folded.isascii():
        return folded.translate(TERMS)
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), "<u4")
    found = _TERM_CODES[codes]
    if np.count_nonzero(found) < len(found):
        for code in set(codes[found == 0].tolist()):
            _TERM_CODES[code] = ord(TERMS[code])
        found = _TERM_CODES[codes]
    return str(found.tobytes(), "utf-32-le")


class Token(NamedTuple):
    """A term and its range [start, end), in code points, in the original text."""

    term: str
    start: int
    end: int


_RUN = re.compile(r"[^ ]+")
MAX_TERM_BYTES = 32_768
"""Length in bytes of UTF-8 to which FTS5 truncates a longer term."""


def _cut(term: str) -> str:
    if len(term) < MAX_TERM_BYTES // 4:
        return term
    return term.encode()[:MAX_TERM_BYTES].decode(errors="ignore")


def tokenize(text: str) -> Iterator[Token]:
    """Yield the terms under which FTS5 indexes a text, with their offsets in `text`."""
    folded = fold_aligned(text)
    for run in _RUN.finditer(in_terms(folded.text)):
        word = run.group()
        term = word.replace(TermTable.DROPPED, "")
        if term:
            term = _cut(term)
            lead = len(word) - len(word.lstrip(TermTable.DROPPED))
            yield Token(term, folded.start(run.start() + lead), folded.end(run.end()))


_FEW = 64
"""Number of words up to which searching for each is faster than splitting the text."""


class Words:
    """Search for a few terms in a text, faster than `tokenize`."""

    def __init__(self, text: str) -> None:
        self._folded = fold_aligned(text)
        self._line = in_terms(self._folded.text)
        self._tokens = list(tokenize(text)) if TermTable.DROPPED in self._line else None

    def among(self, words: Set[str]) -> Iterable[str]:
        """Return those of the words that may occur in the text, possibly within longer ones."""
        if self._tokens is not None:
            return words & {each.term for each in self._tokens}
        if len(words) > _FEW:
            return words & set(self._line.split(" "))
        return [word for word in words if word in self._line]

    def find(self, run: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield each range [start, end) of these consecutive terms in the original text."""
        if self._tokens is not None:
            for at in range(len(self._tokens) - len(run) + 1):
                here = self._tokens[at : at + len(run)]
                if all(token.term == term for token, term in zip(here, run, strict=True)):
                    yield here[0].start, here[-1].end
            return
        line, first, start = self._line, run[0], -1
        while (start := line.find(first, start + 1)) >= 0:
            end = start + len(first)
            if (start and line[start - 1] != " ") or line[end : end + 1].strip(" "):
                continue
            for term in run[1:]:
                following = _RUN.search(line, end)
                if following is None or following.group() != term:
                    break
                end = following.end()
            else:
                yield self._folded.start(start), self._folded.end(end)


def terms(text: str) -> list[str]:
    """Return a text's terms in order: `tokenize` without offsets, and faster."""
    return folded_terms(fold(text))


def folded_terms(folded: str) -> list[str]:
    """Return the terms, in order, of a text that is already folded."""
    words = in_terms(folded).replace(TermTable.DROPPED, "").split()
    if len(folded) < MAX_TERM_BYTES // 4 or max(map(len, words), default=0) < MAX_TERM_BYTES // 4:
        return words
    return list(map(_cut, words))


def has_arabic(text: str) -> bool:
    """Return whether a text contains a letter in Arabic script."""
    return not text.isascii() and _ARABIC_LETTER.search(text) is not None


def without_articles(words: Iterable[str]) -> list[str]:
    """Drop Latin transcriptions of the Arabic article that are followed by another term.

    `al`, `el` and `ul` are dropped before any term, assimilated forms only before their letter.

    >>> without_articles(["bashar", "al", "jaafari"]), without_articles(["as", "we", "al"])
    (['bashar', 'jaafari'], ['as', 'we', 'al'])
    """
    every = list(words)
    kept = []
    for word, following in zip(every, [*every[1:], ""], strict=False):
        is_article = word in _LATIN_ARTICLES or (
            word in _SUN_ARTICLES and following.startswith(_SUN_ARTICLES[word])
        )
        if not (following and is_article):
            kept.append(word)
    return kept


_PARTICLES = re.compile(r"^[وف]?[بكل]?(?:ال|لل)?(?=\w{3})")


def name_stem(word: str) -> str:
    """Return a term of a name without the affixes that are written as part of the word.

    An Arabic term loses its article and particles, a Latin one the s of a possessive whose
    apostrophe was lost.

    >>> name_stem("والجعفري"), name_stem("assads")
    ('جعفري', 'assad')
    """
    if has_arabic(word):
        return _PARTICLES.sub("", word)
    return word.removesuffix("s")


def name_key(name: str) -> str:
    """Return a name's lookup key: folded terms without articles, joined by spaces.

    An Arabic word loses its ال if at least three letters are left.

    >>> name_key("al-Ja’afari"), name_key("Jaafari"), name_key("الجعفري")
    ('jaafari', 'jaafari', 'جعفري')
    """
    return " ".join(
        word[2:] if len(word) >= 5 and word.startswith("ال") else word
        for word in without_articles(terms(name))
    )
