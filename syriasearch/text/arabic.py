"""Arabic script, and the articles and particles of Arabic names in both scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .tokenize import terms

_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN_ARTICLES = {"al", "el", "ul"}
_SUN_ARTICLES = {"ad": "d", "an": "n", "ar": "r", "as": "s", "ash": "sh", "at": "t", "az": "z"}


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
