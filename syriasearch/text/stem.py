"""Which words are forms of one word?

A word's stem names its class. English and Arabic words by Snowball. An English word goes through
a lemma list first, as the stemmer alone parts `boycott` from `boycotted` (boycott, boycot); words
of two letters stay as they are, for `us` is the US more often than a form of `we`. An Arabic word
loses its article first, with what is written to it (و ف ب ك ل), as the stemmer cuts less behind an
article; so المعارضة, والمعارضة, للمعارضة and معارضة are one class. Words of other scripts, and
those with a digit, are classes of their own.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Any

from .normalize import has_arabic

RULES = 2
"""The version of the rules below: to be raised with each change to what `stem` returns, so that the
next write into an archive restems it."""

_LOCAL = threading.local()
_ARTICLE = re.compile(r"^(?:[وف]?[بك]?ال|[وف]?لل)(?=\w{3})")
_NO_ARTICLE = ("والد", "والي", "الله", "بالغ")
"""Words that merely start like one with an article: father, governor, God, reaching."""


def _stemmer(language: str) -> Any:
    # A stemmer is not safe to share between threads.
    stemmers: dict[str, Any] = _LOCAL.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        import Stemmer

        stemmers[language] = Stemmer.Stemmer(language, 0)
    return stemmers[language]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a term's class.

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
            # The list has `neighborhood` for `neighborhoods`, and `neighbourhood` for that.
            lemma = lemmatize(lemma, lang="en")
        return str(_stemmer("english").stemWord(lemma.lower()))
    if has_arabic(word):
        if not word.startswith(_NO_ARTICLE):
            word = _ARTICLE.sub("", word)
        return str(_stemmer("arabic").stemWord(word))
    return word
