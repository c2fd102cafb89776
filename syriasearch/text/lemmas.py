"""Lemmas of English words, as `simplemma` has them.

To import it and to decode its list takes half a second of each process, and most processes ask for
few words. So the words of its list that have another lemma are kept in the user's cache, by their
first three letters; a line of them is read when it is first needed. In English, it changes other
words by endings only, all of which are in `d` or `s`: such words are asked of `simplemma` itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

RULED = ("d", "s")
"""The last letters of words that are not in the list and may have another lemma."""
_FIRST = 3


class Lemmas:
    """Lemmas by word, for words of ASCII letters in lower case."""

    def __init__(self, text: str) -> None:
        """Hold lines, each of the first letters of words, the words and their lemmas."""
        lines = (line.partition("\t") for line in text.split("\n"))
        self._lines = {first: words for first, _, words in lines}
        self._read: dict[str, dict[str, str]] = {}

    def get(self, word: str) -> str:
        """Return the lemma of a word."""
        first = word[:_FIRST]
        known = self._read.get(first)
        if known is None:
            fields = self._lines.get(first, "").split("\t")
            known = self._read[first] = dict(zip(fields[::2], fields[1::2], strict=False))
        found = known.get(word)
        if found is not None:
            return found
        return lemmatize(word) if word.endswith(RULED) else word


@cache
def lemmas() -> Lemmas:
    """Return the lemmas, from the cache or made of `simplemma`'s list."""
    from .user_cache import cached  # takes longer than a search that needs no lemma should wait

    sections = cached(
        "lemmas", _version(), lambda: {"en": _compile().encode()}, sources=("text/lemmas.py",)
    )
    return Lemmas(sections["en"].decode())


def _version() -> bytes:
    """Return what tells versions of `simplemma` apart, without importing it."""
    spec = find_spec("simplemma")
    if spec is None or spec.origin is None:
        return b""
    module = Path(spec.origin)
    # The folder of its metadata is named after the version.
    beside = sorted(path.name for path in module.parents[1].glob("simplemma-*"))
    return b"\n".join((*map(os.fsencode, beside), module.read_bytes()))


def _compile() -> str:
    found: dict[str, list[str]] = {}
    for word in sorted(set(_listed_words())):
        lemma = lemmatize(word)
        if lemma != word:
            found.setdefault(word[:_FIRST], []).extend((word, lemma))
    return "\n".join("\t".join((first, *words)) for first, words in found.items())


def _listed_words() -> Iterable[str]:
    """Yield the words of the list, in lower case: those that begin with a capital have both."""
    from simplemma.strategies import DefaultDictionaryFactory

    for word in DefaultDictionaryFactory().get_dictionary("en"):
        lower = word.lower()
        if lower.isascii() and lower.isalpha():
            yield lower


def lemmatize(word: str) -> str:
    """Return the lemma of an English word from `simplemma` itself."""
    from simplemma import lemmatize as simplemma_lemma

    return simplemma_lemma(word, lang="en")
