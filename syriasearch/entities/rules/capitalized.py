"""Runs of capitalized words in a text, from which rules make names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ...text.arabic import HAMZA, LATIN_ARTICLES
from ...text.normalize import POSSESSIVES, RECENT
from ...text.patterns import regex
from ..matcher import Found
from .cue_words import common_words, cue_words

UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x250) if chr(code).isupper())
WORD = regex(
    # The pattern starts with a character class, so that the engine can skip to it.
    rf"[{UPPER}](?<![^\W_].)(?:(?:\.[{UPPER}])+\.?|[^\W_]*(?:[-’'ʼʿ&][^\W_]+)*)"
)
_AFTER_ARTICLE = "-‐‑ " + HAMZA
_ARTICLE_END = "l-‐‑"
_PLAIN = "|".join(article for article, letter in LATIN_ARTICLES.items() if not letter)
_ASSIMILATED = "|".join(article for article, letter in LATIN_ARTICLES.items() if letter)
_ARTICLE = regex(rf"(?<![^\W_])(?:(?:{_PLAIN})[-‐‑ ]|(?:{_ASSIMILATED})[-‐‑])\s?[{HAMZA}]?$")
_SPACE = {" ", "\n", "  ", " \n", "\u00a0"}
"""The gaps allowed between two words of one name."""
_TAIL = regex(rf"[{POSSESSIVES}ʼ]s?$|-(?:[a-z]+)(?:-[a-z]+)*$")
"""Pattern of a possessive, or of a lower-case suffix after a hyphen: US-led."""
_MAY_HAVE_TAIL = regex(rf"[-{POSSESSIVES}ʼ]").search
_CONTRACTION = regex(
    rf"I[{POSSESSIVES}]|\w+(?:n[{POSSESSIVES}]t|[{POSSESSIVES}](?:re|ve|ll))\Z"
    rf"|(?:He|She|They|We|You|Who|It|That|There)[{POSSESSIVES}]d\Z"
)
MAX_TAIL = 40
MAX_GAP = 12
"""Maximum length of a particle between two words of one name, with the spaces around it."""
MAX_HEADLINE = 300
"""Maximum length of a headline in characters."""
_SENTENCE_END = regex(r"(?:^|[.!?:;|•\n“\"(\[—–-])\W*$")
_LOW_WORD = regex(r" [a-z]{5,}")
_HIGH_WORD = regex(r" [A-Z]")
_LONG_WORD = regex(r"(?<![^\W_])[^\W\d_]{3,}")


class CapitalizedWord(NamedTuple):
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


Run = list[CapitalizedWord]


def is_contraction(word: str) -> bool:
    """Return whether a capitalized word is two in one, and no name: I'm, Didn't, They're."""
    return _CONTRACTION.match(word) is not None


def has_title_case(text: str) -> bool:
    """Return whether a text is a headline: in capitals, or with all but small words capitalized."""
    if len(text) > MAX_HEADLINE:
        return False
    return _has_title_case(text)


@lru_cache(maxsize=RECENT)
def _has_title_case(text: str) -> bool:
    if len(_LOW_WORD.findall(text)) > len(_HIGH_WORD.findall(text)):
        return False
    words = _LONG_WORD.findall(text)
    if not words or words[0][0].islower():
        return False
    common, small_words = common_words(), cue_words().small
    usual = [word for word in words if word.lower() in common]
    small = sum(word[0].islower() and word not in small_words for word in usual)
    capitals = sum(word[0].isupper() for word in usual)
    return bool(capitals > 2 and small < capitals / 4)


def capitalized_runs(text: str, known: Sequence[Found]) -> list[Run]:
    """Return runs of adjacent capitalized words, without common words that begin a sentence.

    `known` are the matches of the gazetteer in the text, by offset; each is one word of a run.
    """
    runs = []
    for run in _adjacent_words(text, known):
        if run[0].known is None:
            run = _without_beginning(text, run)
        if run:
            runs.append(run)
    return runs


def _adjacent_words(text: str, known: Sequence[Found]) -> list[Run]:
    particles = cue_words().particles
    length, count = len(text), len(known)
    index = last = 0
    run: Run = []  # in `runs` once it has a word
    runs: list[Run] = []
    for match in WORD.finditer(text):
        start, end = match.span()
        # Most words have only a space before them, and no article before that.
        if start >= 3 and (text[start - 1] != " " or text[start - 2] in _ARTICLE_END):
            start = _with_article(text, start)
        if end < length and text[end] == ".":
            end = _with_stop(text, start, end)
        if run:
            if start < last:
                # The word is part of the previous match of the gazetteer.
                if end <= last:
                    continue
                start = last
            if start - last > MAX_GAP:
                run = []
            elif (gap := text[last:start]) not in _SPACE:
                if (
                    (gap[1:-1] in particles or gap == " & ")
                    and gap[0].isspace()
                    and gap[-1].isspace()
                ):
                    run.append(_word(text, last + 1, start - 1))
                else:
                    run = []
        while index < count and known[index].end <= start:
            index += 1
        if index < count and known[index].start < end:
            found = known[index]
            last = found.end
            name = text[found.start : last]
            if not run:
                runs.append(run)
            run.append(CapitalizedWord(found.start, last, name, name.lower(), found))
            continue
        token, tail = match.group(), None
        if not (token.isascii() and token.isalpha()) and _MAY_HAVE_TAIL(token):
            if is_contraction(token):
                last = end
                run = []
                continue
            tail = _tail(text, start, end)
        last = tail.start() if tail else end
        if not run:
            runs.append(run)
        run.append(_word(text, start, last))
        if tail:
            run = []
    return runs


def _tail(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return what ends a word and is not part of a name, if anything is."""
    tail = _TAIL.search(text, max(start, end - MAX_TAIL), end)
    if tail is None:
        return None
    if tail.group().startswith("-"):
        words = tail.group()[1:].split("-")
        return None if common_words().isdisjoint(words) else tail
    # Women's Media Center, McDonald's Corp.
    following = WORD.match(text, end + 1)
    if following and text[end] == " ":
        owner, low = text[start : tail.start()].lower(), following.group().lower()
        if owner in cue_words().plural_owners or low in cue_words().legal_suffixes:
            return None
    return tail


def _with_article(text: str, start: int) -> int:
    """Return the start of a word, including an Arabic article before it, if it has one."""
    if text[start - 1] not in _AFTER_ARTICLE or text[start - 2] == " ":
        return start
    article = _ARTICLE.search(text, max(0, start - 6), start)
    return article.start() if article else start


def _with_stop(text: str, start: int, end: int) -> int:
    """Return the end of a word, including the full stop after an abbreviation or an initial."""
    word = text[start:end]
    following = text[end + 1 : end + 3]
    initial = len(word) == 1 and following[:1] == " " and following[1:].isupper()
    return end + 1 if initial or word in cue_words().abbreviations else end


def _word(text: str, start: int, end: int) -> CapitalizedWord:
    token = text[start:end]
    return CapitalizedWord(start, end, token, token.lower().rstrip("."))


def _without_beginning(text: str, run: Run) -> Run:
    """Return a run without the common words at its beginning that only begin a sentence."""
    words, common = cue_words(), common_words()
    first = 0
    for word in run:
        if word.known is not None:
            break
        if word.low not in words.never_first and (
            word.low not in common
            or not _SENTENCE_END.search(text, max(0, word.start - 8), word.start)
            or (word.low in words.offices_and_bodies and first + 1 < len(run))
        ):
            break
        first += 1
    return run[first:] if first else run
