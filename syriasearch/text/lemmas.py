"""Lemmas of English words, as `simplemma` has them.

To import it and to decode its list takes half a second of each process, and most processes ask for
few words. So the words of its list that have another lemma are kept in the user's cache, by their
first three letters; a line of them is read when it is first needed. In English, it changes other
words by their endings only, all of which are in `d` or `s`: those rules are found by asking it for
made-up words with the endings of the words of its list, and kept as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .word_lists import SortedLines

if TYPE_CHECKING:
    from .user_cache import Sections

ENDINGS = ("d", "s")
"""The last letters of words that are not in the list and may have another lemma."""
SHORT, LONG = 3, 6
"""The number of letters of endings by which the lemmas of such words are made."""
_FIRST = 3
_UNLISTED = "qzxqzx"
"""What makes a word one that is not in the list, before it."""


class _Rule(NamedTuple):
    """How words with an ending become their lemmas, if they are not in the list."""

    ending: str
    dropped: int
    """The number of letters that are dropped at the end."""
    added: str
    shortest: int
    """The length from which on words are changed."""


_Rules = dict[str, _Rule]


def _by_rule(word: str, rules: _Rules) -> str:
    """Return the lemma of a word by the rule for the longest of its endings."""
    if not word.endswith(ENDINGS):
        return word
    for length in range(LONG, SHORT - 1, -1):
        rule = rules.get(word[-length:])
        if rule is not None:
            changes = rule.dropped and len(word) >= rule.shortest
            return word[: -rule.dropped] + rule.added if changes else word
    return word


class Lemmas:
    """Lemmas by word, for words of ASCII letters in lower case."""

    def __init__(self, lines: bytes, rules: _Rules) -> None:
        """Hold `SortedLines` of words and their lemmas, by the first letters of the words.

        `rules` are for words that are not among them.
        """
        self._lines = SortedLines(lines)
        self.rules = rules
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
        return _by_rule(word, self.rules)


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
    lines = (line.split("\t") for line in sections["rules"].decode().splitlines())
    rules = (_Rule(ending, int(n), added, int(shortest)) for ending, n, added, shortest in lines)
    return Lemmas(sections["words"], {rule.ending: rule for rule in rules})


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
    rules = _find_rules(words)
    found: dict[str, list[str]] = {}
    for word in words:
        lemma = lemmatize(word)
        if lemma != _by_rule(word, rules):
            found.setdefault(word[:_FIRST], []).extend((word, lemma))
    lines = {first: "\t".join(each) for first, each in found.items()}
    kept = "\n".join("\t".join(map(str, rule)) for rule in rules.values())
    return {"words": SortedLines.join(lines), "rules": kept.encode()}


def _find_rules(words: Iterable[str]) -> _Rules:
    """Return a rule for each ending of words that says more than those for shorter endings."""
    rules: _Rules = {}
    ended = [word for word in words if word.endswith(ENDINGS)]
    for length in range(SHORT, LONG + 1):
        for ending in sorted({word[-length:] for word in ended}):
            lemma = lemmatize(_UNLISTED + ending)
            if lemma != _by_rule(_UNLISTED + ending, rules):
                rules[ending] = _rule(ending, lemma)
    return rules


def _rule(ending: str, lemma: str) -> _Rule:
    """Return the rule by which a word that is not listed has this lemma."""
    word = _UNLISTED + ending
    dropped = next(n for n in range(len(word)) if lemma.startswith(word[: len(word) - n]))
    added = lemma[len(word) - dropped :]
    while word and lemmatize(word) == word[: len(word) - dropped] + added != word:
        word = word[1:]
    return _Rule(ending, dropped, added, len(word) + 1)


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
