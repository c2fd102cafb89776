"""Stemming: the stem of a word is the name of its class of inflected forms.

English and Arabic words are stemmed by Snowball. An English word is first replaced by its lemma, as
the stemmer alone separates `boycott` from `boycotted` (boycott, boycot); words of two letters are
left unchanged, because `us` is more often the US than a form of `we`. An Arabic word first loses
its article with the particles attached to it (و ف ب ك ل), as the stemmer removes less after an
article; so المعارضة, والمعارضة, للمعارضة and معارضة are one class. Words in other scripts, and
those with a digit, are their own stems.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from .arabic import has_arabic, without_article_and_particles

RULES = 2
"""The version of the rules below. Raise it with each change to the results of `stem`, so that the
next write to an archive restems it."""

_LOCAL = threading.local()


def _stemmer(language: str) -> Any:
    # A stemmer is not safe to share between threads.
    stemmers: dict[str, Any] = _LOCAL.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        import Stemmer

        stemmers[language] = Stemmer.Stemmer(language, 0)
    return stemmers[language]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a folded term.

    >>> stem("boycotted") == stem("boycotting") == stem("boycotts") == stem("boycott")
    True
    >>> stem("المعارضه") == stem("معارضه")
    True
    """
    if not word.isalpha() or len(word) <= 2:
        return word
    if word.isascii():
        from simplemma import lemmatize

        lemma = lemmatize(word, lang="en")
        if word == f"{lemma}s":
            # The lemma list maps `neighborhoods` to `neighborhood`, and that to `neighbourhood`.
            lemma = lemmatize(lemma, lang="en")
        return str(_stemmer("english").stemWord(lemma.lower()))
    if has_arabic(word):
        return str(_stemmer("arabic").stemWord(without_article_and_particles(word)))
    return word
