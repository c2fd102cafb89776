"""Which words of a text have a capital, and stand side by side?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import words
from .matcher import Found

UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x250) if chr(code).isupper())
_SHORT = (
    "Adm|Brig|Capt|Cmdr|Col|Corp|Cpl|Dr|Gen|Gov|Hon|Inc|Jr|Lt|Ltd|Maj|Mr|Mrs|Ms|Prof|Pvt|Rep|Rev|"
    "Sen|Sgt|Sr|St"
)
_WORD = (
    rf"(?:(?:[{UPPER}]\.){{2,}}"  # U.S.
    rf"|(?:{_SHORT})\."
    rf"|[{UPPER}]\.(?=\s[{UPPER}])"  # an initial
    rf"|(?:(?:(?:al|el|ul)[-‐‑ ]|(?:ad|an|ar|as|ash|at|az)[-‐‑])\s?[’‘'ʿ]?)?"
    rf"[{UPPER}](?:[^\W_]|[-’'ʼʿ&](?=[^\W_]))*)"
)
RUN = re.compile(
    rf"(?<![^\W_]){_WORD}(?:(?:[^\S\n]|(?<!\n)\n(?!\n)){{1,3}}"
    rf"(?:(?:{'|'.join(sorted(words.PARTICLES))})\s)?{_WORD})*"
)
INSIDE = re.compile(_WORD + r"|[a-z]+")
_TAIL = re.compile(r"['’ʼ]s?$|-(?:[a-z]+)(?:-[a-z]+)*$")
"""A possessive, or what is hung on a name: US-led."""
LONGEST_TAIL = 40
_SENTENCE_END = re.compile(r"(?:^|[.!?:;|•\n“\"(\[—–-])\W*$")
_LOW_WORD = re.compile(r"(?<![^\W_])[a-z]{2,}(?![^\W_])")
_LONG_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,}")


class Word(NamedTuple):
    """A word with a capital, or a name that the gazetteer knows."""

    start: int
    end: int
    text: str
    known: Found | None = None

    @property
    def low(self) -> str:
        """The word as lists have it."""
        return self.text.lower().rstrip(".")

    def is_known(self, *types: str) -> bool:
        """Tell whether the gazetteer knows it as something of these types."""
        return self.known is not None and self.known.names[0].entity.type in types


Run = list[Word]


def low_words(text: str) -> set[str]:
    """Return the words of a text that stand in lower case."""
    return set(_LOW_WORD.findall(text))


def has_title_case(text: str) -> bool:
    """Tell whether a text is a headline in capitals, or with one on each word but the smallest."""
    common = words.common_words()
    usual = [word for word in _LONG_WORD.findall(text) if word.lower() in common]
    small = sum(word[0].islower() and word not in words.SMALL for word in usual)
    capitals = sum(word[0].isupper() for word in usual)
    first = _LONG_WORD.search(text)
    if first is None or first.group()[0].islower():
        return False
    return bool(capitals > 2 and small < capitals / 4)


def read_runs(text: str, known: Sequence[Found], low: set[str]) -> Iterator[Run]:
    """Yield words with a capital that stand side by side, without a sentence's first word."""
    at = 0
    for match in RUN.finditer(text):
        run: Run = []
        for word in INSIDE.finditer(text, match.start(), match.end()):
            start, end = word.span()
            while at < len(known) and known[at].end <= start:
                at += 1
            if at < len(known) and known[at].start < end:
                found = known[at]
                if not run or run[-1].known is not found:
                    run.append(Word(found.start, found.end, text[found.start : found.end], found))
                if end > found.end and text[found.end] in "'’ʼ":
                    yield from _begun(text, run, low)
                    run = []
                continue
            tail = _TAIL.search(text, max(start, end - LONGEST_TAIL), end)
            if tail:
                end = tail.start()
            run.append(Word(start, end, text[start:end]))
            if tail:
                yield from _begun(text, run, low)
                run = []
        yield from _begun(text, run, low)


def _begun(text: str, run: Run, low: set[str]) -> Iterator[Run]:
    """Yield a run without the common words that begin a sentence."""
    common = words.common_words()
    while run and run[0].known is None:
        word = run[0].text.lower()
        if word not in words.NOT_NAMES and word not in ("the", "a", "an"):
            begins = _SENTENCE_END.search(text, max(0, run[0].start - 8), run[0].start)
            if not begins or not (word in common or word in low):
                break
            if len(run) > 1 and word in words.BODIES | words.TITLES | words.RANKS:
                break
        run = run[1:]
    if run:
        yield run
