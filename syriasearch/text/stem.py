"""Stemming: the stem of a word is the name of its class of inflected forms.

English words are stemmed by `english_stem`, Arabic words by `arabic_stem`. Words of two letters are
left unchanged, because `us` is more often the US than a form of `we`. The plural of a number
(1990s, F16s) has the singular as its stem. Other words with a digit, and those in other scripts,
are their own stems.
"""

from __future__ import annotations

from functools import lru_cache

from .arabic import has_arabic
from .arabic_stem import arabic_stem
from .english_stem import english_stem

RULES = 4
"""The version of the rules. Raise it with each change to the results of `stem`, so that the next
write to an archive restems it."""


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a folded term.

    >>> stem("boycotted") == stem("boycotting") == stem("boycotts") == stem("boycott")
    True
    >>> stem("المعارضه") == stem("معارضه")
    True
    """
    if not word.isalpha() or len(word) <= 2:
        return word[:-1] if word[-1:] == "s" and word[-2:-1].isdecimal() else word
    if word.isascii():
        return english_stem(word)
    return arabic_stem(word) if has_arabic(word) else word
