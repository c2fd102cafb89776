"""Tokenizing of folded text, with offsets into the original.

`tokenize` splits a folded text into terms exactly as FTS5's tokenizer `unicode61 remove_diacritics
2` does: SQLite itself is queried for the form of each character, once (`TermTable`).
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import closing
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .normalize import PARAGRAPH, PLURAL, RECENT, Folded, fold, fold_aligned
from .patterns import regex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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
_LONG = 100


@cache
def _term_codes() -> NDArray[np.uint32]:
    """Return `TERMS` as an array of code points; 0 if not queried yet, and for DROPPED."""
    import numpy as np

    return np.zeros(0x110000, "<u4")


def all_in_terms(folded: Sequence[str]) -> list[str]:
    """Return several texts as `in_terms` returns each, and faster."""
    # Each character is mapped for itself, so one pass over all texts does the same; ASCII is fast.
    found = [""] * len(folded)
    for is_ascii in (True, False):
        indexes = [index for index, text in enumerate(folded) if text.isascii() is is_ascii]
        line, start = _in_terms("".join([folded[index] for index in indexes])), 0
        for index in indexes:
            end = start + len(folded[index])
            found[index] = line[start:end]
            start = end
    return found


def in_terms(folded: str) -> str:
    """Return a folded text with each character in the tokenizer's form; length is unchanged.

    Equal to `folded.translate(TERMS)`, and faster for long texts if numpy is imported, as it is by
    whatever has to do with an index. To import it takes as long as thousands of texts.
    """
    return _recent_terms(folded) if len(folded) <= PARAGRAPH else _in_terms(folded)


def _in_terms(folded: str) -> str:
    if len(folded) < _LONG or folded.isascii() or "numpy" not in sys.modules:
        return folded.translate(TERMS)
    import numpy as np

    term_codes = _term_codes()
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), "<u4")
    found = term_codes[codes]
    if np.count_nonzero(found) < len(found):
        for code in set(codes[found == 0].tolist()):
            term_codes[code] = ord(TERMS[code])
        found = term_codes[codes]
    return str(found.tobytes(), "utf-32-le")


_recent_terms = lru_cache(maxsize=RECENT)(_in_terms)


class Token(NamedTuple):
    """A term and its range [start, end), in code points, in the original text."""

    term: str
    start: int
    end: int


_RUN = regex(r"[^ ]+")
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

    def __init__(self, text: str, *, is_folded: bool = False) -> None:
        """Hold a text; `is_folded` is whether folding it is known to change nothing."""
        self._folded = Folded(text, text, ()) if is_folded else fold_aligned(text)
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
            for index in range(len(self._tokens) - len(run) + 1):
                here = self._tokens[index : index + len(run)]
                if all(token.term == term for token, term in zip(here, run, strict=True)):
                    yield here[0].start, here[-1].end
            return
        line, first, at = self._line, run[0], 0
        while (start := line.find(first, at)) >= 0:
            end = start + len(first)
            # A long word of one letter is found at each letter of a longer one.
            at = line.find(" ", start) + 1 or len(line)
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
    is_plain = text.isascii() and len(text) < _LONG and text.replace(" ", "").isalpha()
    # Most names are plain: folding changes nothing in them but the plural of an acronym.
    if is_plain and (text.islower() or not PLURAL.search(text)):
        return text.lower().split()
    return folded_terms(fold(text))


def joined_terms(text: str) -> str:
    """Return a text's terms, separated by spaces: the key by which spellings are compared."""
    return " ".join(terms(text))


def term_lines(folded: Sequence[str]) -> list[str]:
    """Return the terms of each of several folded texts, with spaces between them."""
    return [line.replace(TermTable.DROPPED, "") for line in all_in_terms(folded)]


def folded_terms(folded: str) -> list[str]:
    """Return the terms, in order, of a text that is already folded."""
    return split_terms(in_terms(folded))


def split_terms(line: str) -> list[str]:
    """Return the terms, in order, of a text in the tokenizer's form (`in_terms`)."""
    words = line.replace(TermTable.DROPPED, "").split()
    if len(line) < MAX_TERM_BYTES // 4 or max(map(len, words), default=0) < MAX_TERM_BYTES // 4:
        return words
    return list(map(_cut, words))


def paragraph_terms(folded: Sequence[str]) -> list[list[str]]:
    """Return the terms of each of several folded texts: `folded_terms` of each, and faster."""
    if any(len(text) >= MAX_TERM_BYTES // 4 for text in folded):
        return list(map(folded_terms, folded))
    return [line.replace(TermTable.DROPPED, "").split() for line in all_in_terms(folded)]
