"""Runs of capitalized words in a text, from which rules make names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import cue_words as words
from .matcher import Found

UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x250) if chr(code).isupper())
WORD = re.compile(
    # The pattern starts with a character class, so that the engine can skip to it.
    rf"[{UPPER}](?<![^\W_].)(?:(?:\.[{UPPER}])+\.?|(?:[^\W_]|[-’'ʼʿ&](?=[^\W_]))*)"
)
_SHORT = frozenset(
    "Adm Brig Capt Cmdr Col Corp Cpl Dr Gen Gov Hon Inc Jr Lt Ltd Maj Mr Mrs Ms Prof Pvt Rep Rev "
    "Sen Sgt Sr St".split()
)
"""Abbreviations that are written with a full stop."""
_BEHIND_ARTICLE = "-‐‑ ’‘'ʿ"
_ARTICLE = re.compile(
    r"(?<![^\W_])(?:(?:al|el|ul)[-‐‑ ]|(?:ad|an|ar|as|ash|at|az)[-‐‑])\s?[’‘'ʿ]?$"
)
_PARTICLE = re.compile(rf"\s((?:{'|'.join(sorted(words.PARTICLES))}))\s")
_LONGEST_PARTICLE = max(map(len, words.PARTICLES)) + 2
_SPACE = {" ", "\n", "  ", " \n", "\u00a0"}
"""The gaps allowed between two words of one name."""
_TAIL = re.compile(r"['’ʼ]s?$|-(?:[a-z]+)(?:-[a-z]+)*$")
"""Pattern of a possessive, or of a lower-case suffix after a hyphen: US-led."""
_HUNG = re.compile(r"[-'’ʼ]").search
_HEADS = words.BODIES | words.TITLES | words.RANKS
_NEVER_FIRST = words.NOT_NAMES | {"the", "a", "an"}
LONGEST_TAIL = 40
LONGEST_HEADLINE = 300
_SENTENCE_END = re.compile(r"(?:^|[.!?:;|•\n“\"(\[—–-])\W*$")
_LOW_WORD = re.compile(r" [a-z]{5,}")
_HIGH_WORD = re.compile(r" [A-Z]")
_LONG_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,}")


class Word(NamedTuple):
    """A capitalized word, or a name found by the gazetteer, at [start, end) in code points."""

    start: int
    end: int
    text: str
    low: str
    """The word in lower case and without final full stops, as in the lists of `cue_words`."""
    known: Found | None = None
    """The match of the gazetteer, if it is one."""

    def is_known(self, *types: str) -> bool:
        """Return whether the gazetteer knows it, and its first entity has one of these types."""
        return self.known is not None and self.known.names[0].entity.type in types


Run = list[Word]


def has_title_case(text: str) -> bool:
    """Return whether a text is a headline: in capitals, or with all but small words capitalized."""
    if len(text) > LONGEST_HEADLINE:
        return False
    if len(_LOW_WORD.findall(text)) > len(_HIGH_WORD.findall(text)):
        return False
    common = words.common_words()
    usual = [word for word in _LONG_WORD.findall(text) if word.lower() in common]
    small = sum(word[0].islower() and word not in words.SMALL for word in usual)
    capitals = sum(word[0].isupper() for word in usual)
    first = _LONG_WORD.search(text)
    if first is None or first.group()[0].islower():
        return False
    return bool(capitals > 2 and small < capitals / 4)


def read_runs(text: str, known: Sequence[Found]) -> Iterator[Run]:
    """Yield runs of adjacent capitalized words, without common words that begin a sentence.

    `known` are the matches of the gazetteer in the text, by offset; each is one word of a run.
    """
    at = last = 0
    run: Run = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if start >= 3 and text[start - 1] in _BEHIND_ARTICLE:
            start = _with_article(text, start)
        if end < len(text) and text[end] == ".":
            end = _with_stop(text, start, end)
        if run:
            if start < last:
                # The word is part of the previous match of the gazetteer.
                if end <= last:
                    continue
                start = last
            gap = text[last:start]
            if gap not in _SPACE:
                particle = _PARTICLE.fullmatch(gap) if len(gap) <= _LONGEST_PARTICLE else None
                if particle:
                    first = last + particle.start(1)
                    run.append(_word(text, first, first + len(particle[1])))
                else:
                    if begun := _begun(text, run):
                        yield begun
                    run = []
        while at < len(known) and known[at].end <= start:
            at += 1
        if at < len(known) and known[at].start < end:
            found = known[at]
            last = found.end
            name = text[found.start : last]
            run.append(Word(found.start, last, name, name.lower(), found))
            continue
        tail = None
        if _HUNG(match.group()):
            tail = _TAIL.search(text, max(start, end - LONGEST_TAIL), end)
        last = tail.start() if tail else end
        run.append(_word(text, start, last))
        if tail:
            if begun := _begun(text, run):
                yield begun
            run = []
    if run and (begun := _begun(text, run)):
        yield begun


def _with_article(text: str, start: int) -> int:
    """Return the start of a word, including an Arabic article before it, if it has one."""
    before, beside = text[start - 2], text[start - 1]
    # Most words have only a space before them, and no article before that.
    if before == " " or (beside == " " and before not in "l-‐‑"):
        return start
    article = _ARTICLE.search(text, max(0, start - 6), start)
    return article.start() if article else start


def _with_stop(text: str, start: int, end: int) -> int:
    """Return the end of a word, including the full stop after an abbreviation or an initial."""
    word = text[start:end]
    behind = text[end + 1 : end + 3]
    initial = len(word) == 1 and behind[:1] == " " and behind[1:].isupper()
    return end + 1 if initial or word in _SHORT else end


def _word(text: str, start: int, end: int) -> Word:
    token = text[start:end]
    return Word(start, end, token, token.lower().rstrip("."))


def _begun(text: str, run: Run) -> Run:
    """Return a run without the common words at its beginning that only begin a sentence."""
    common = words.common_words()
    first = 0
    for word in run:
        if word.known is not None:
            break
        if word.low not in _NEVER_FIRST:
            if word.low not in common:
                break
            if not _SENTENCE_END.search(text, max(0, word.start - 8), word.start):
                break
            if word.low in _HEADS and first + 1 < len(run):
                break
        first += 1
    return run[first:] if first else run
