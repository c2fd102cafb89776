"""Lemmas of English words, as `simplemma` has them.

To import it and to decode its list takes half a second of each process, and most processes ask for
few words. So the words of its list that have another lemma are kept in the user's cache, by their
first three letters; a line of them is read when it is first needed. In English, it changes other
words by their endings only, all of which are in `d` or `s`: words with an ending that listed words
have, and that is found to change, are asked of `simplemma` itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .word_lists import SortedLines

if TYPE_CHECKING:
    from .user_cache import Sections

ENDINGS = ("d", "s")
"""The last letters of words that are not in the list and may have another lemma."""
SHORT, LONG = 3, 5
"""The number of letters of endings by which such words are told from those that stay."""
_FIRST = 3
_UNLISTED = "qzxqzx"
"""What makes a word one that is not in the list, before it."""


class Lemmas:
    """Lemmas by word, for words of ASCII letters in lower case."""

    def __init__(self, lines: bytes, endings: str) -> None:
        """Hold `SortedLines` of words and their lemmas, by the first letters of the words.

        `endings` are those of words that are not in the list: on a first line those of words that
        may have another lemma, on a second line some of words that have none.
        """
        self._lines = SortedLines(lines)
        self._ruled, self._plain = (frozenset(line.split(" ")) for line in endings.split("\n"))
        self._read: dict[str, dict[str, str]] = {}

    def get(self, word: str) -> str:
        """Return the lemma of a word."""
        first = word[:_FIRST]
        known = self._read.get(first)
        if known is None:
            fields = self._lines.get(first).split("\t")
            known = self._read[first] = dict(zip(fields[::2], fields[1::2], strict=False))
        found = known.get(word)
        if found is not None:
            return found
        return lemmatize(word) if word.endswith(ENDINGS) and self._may_change(word) else word

    def _may_change(self, word: str) -> bool:
        """Return whether words with the ending of a word that is not listed may change."""
        if word[-SHORT:] not in self._ruled:
            return False
        for length in range(LONG, SHORT, -1):
            if word[-length:] in self._ruled:
                return True
            if word[-length:] in self._plain:
                return False
        return True


@cache
def lemmas() -> Lemmas:
    """Return the lemmas, from the cache or made of `simplemma`'s list."""
    from .user_cache import cached  # takes longer than a search that needs no lemma should wait

    sections = cached(
        "lemmas",
        _version(),
        _compile,
        sources=("text/lemmas.py", "text/user_cache.py", "text/word_lists.py"),
    )
    return Lemmas(sections["words"], sections["endings"].decode())


def _version() -> bytes:
    """Return what tells versions of `simplemma` apart, without importing it."""
    spec = find_spec("simplemma")
    if spec is None or spec.origin is None:
        return b""
    module = Path(spec.origin)
    # The folder of its metadata is named after the version.
    beside = sorted(path.name for path in module.parents[1].glob("simplemma-*"))
    return b"\n".join((*map(os.fsencode, beside), module.read_bytes()))


def _compile() -> Sections:
    words = sorted(set(_listed_words()))
    found: dict[str, list[str]] = {}
    for word in words:
        lemma = lemmatize(word)
        if lemma != word:
            found.setdefault(word[:_FIRST], []).extend((word, lemma))
    lines = {first: "\t".join(each) for first, each in found.items()}
    endings = (" ".join(sorted(each)) for each in _endings(words))
    return {"words": SortedLines.join(lines), "endings": "\n".join(endings).encode()}


def _endings(words: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the endings of words that are not listed: of those that may change, and of others."""
    longest = {word[-LONG:] for word in words if word.endswith(ENDINGS)}
    changed = {each for each in longest if lemmatize(_UNLISTED + each) != _UNLISTED + each}
    ruled = {each[-length:] for each in changed for length in range(SHORT, LONG + 1)}
    plain = {each[-length:] for each in longest for length in range(SHORT + 1, LONG + 1)}
    return ruled, {each for each in plain - ruled if each[-SHORT:] in ruled}


def _listed_words() -> Iterable[str]:
    """Yield the words of the list, in lower case: those that begin with a capital have both."""
    from simplemma.strategies import DefaultDictionaryFactory

    words: Iterable[str | bytes] = DefaultDictionaryFactory().get_dictionary("en")
    for word in words:
        # Version 1.0 has them in UTF-8.
        lower = (word.decode() if isinstance(word, bytes) else word).lower()
        if lower.isascii() and lower.isalpha():
            yield lower


def lemmatize(word: str) -> str:
    """Return the lemma of an English word from `simplemma` itself."""
    from simplemma import lemmatize as simplemma_lemma

    return simplemma_lemma(word, lang="en")
