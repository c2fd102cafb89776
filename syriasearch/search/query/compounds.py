"""Compounds: words that are written solid, with a hyphen, or apart.

`ceasefire`, `cease-fire` and `cease fire` find each other, in all their forms. The index has the
latter two as two words, so a word of a query is also searched for as two words that are next to
each other in the archive, and neighbouring words as the one word that the archive has for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ...text.patterns import regex
from ...text.stopwords import is_stop_word
from ...text.tokenize import Words
from .answers import remembered
from .clauses import AnySequence, Clause, Node, Terms, TermSequence
from .lexicon import Lexicon

MIN_PART = 3
"""The minimum length of a part of a compound, except for PREFIXES."""
PREFIXES = frozenset("ab bi by co de di e ex il im in ir no on re tv un up us uk eu un x".split())
"""Shorter words with which compounds begin."""
MAX_WORD = 40
"""The maximum length of a word that is searched for as two."""
MAX_FORMS = 4
"""The maximum number of forms of the last part, the commonest first."""
MAX_PARTS = 5
"""The maximum number of parts of a word with hyphens that is searched for in other spellings."""
MAX_ACRONYM = 5
"""The maximum length of an acronym whose plural may be in small letters: ngos."""

MAX_CLAUSES = 6
"""The maximum number of words and names in a run whose neighbours are joined."""
MAX_KNOWN = 10_000
"""The maximum number of words whose spellings are cached."""

_DESIGNATION = regex(r"([^\W\d_]{1,5}|\d+(?=\D))(\d{1,4}s?|[^\W\d_]{1,5})")
"""The designation of a weapon or the like, or a number with its unit: F16, 12km."""
_APART = regex(r"[^\w\s‐‑'’.-]")
"""What is not within a compound."""


class Compounds:
    """The spellings of compounds in one archive."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.answers = lexicon.answers

    def spellings(self, parts: Sequence[str]) -> tuple[Node, ...]:
        """Return what else may be written for a word of these terms, in this archive."""
        key = tuple(parts)
        if len(key) > MAX_PARTS:
            return ()
        known = self._lexicon.known_compounds
        if key not in known:
            if len(known) > MAX_KNOWN:
                known.clear()
            known[key] = self._find(key)
        return known[key]

    def _find(self, parts: tuple[str, ...]) -> tuple[Node, ...]:
        found = [*(self._apart(parts[0]) if len(parts) == 1 else self._solid(parts))]
        sequences = tuple(each for each in found if isinstance(each, TermSequence))
        others = tuple(each for each in found if not isinstance(each, TermSequence))
        return (*others, AnySequence(sequences)) if sequences else others

    def with_neighbours(self, clauses: Iterable[tuple[Clause, Sequence[str]]]) -> Iterator[Clause]:
        """Yield clauses; two neighbouring words are also found in the word that is both.

        Clauses come with the terms of their words, or without terms if they are names. In a long
        query that adds nothing, as the other words find the same articles.
        """
        clauses = list(clauses)
        if len(clauses) > MAX_CLAUSES:
            yield from (clause for clause, _ in clauses)
            return
        before: tuple[Clause, Sequence[str]] | None = None
        for clause, own in clauses:
            if before is not None:
                both = (*before[1], *own)
                solid = self._joined(*both) if len(own) == 1 and len(both) == 2 else None
                if solid is not None:
                    before, clause = (before[0].with_other(solid), ()), clause.with_other(solid)
                yield before[0]
            before = clause, own
        if before is not None:
            yield before[0]

    def _joined(self, first: str, second: str) -> Terms | None:
        """Return the forms of the archive's word for two neighbouring words, if it has one."""
        solid = first + second
        if solid.isdecimal() or len(solid) > MAX_WORD or any(map(is_stop_word, (first, second))):
            return None
        forms = self._lexicon.word_class(solid)
        return Terms(forms) if forms else None

    def _solid(self, parts: Sequence[str]) -> Iterator[Node]:
        """Yield the spellings of a word with hyphens: the last part in other forms, and solid."""
        *before, last = parts
        for form in self._forms(last):
            if form != last:
                yield TermSequence((*before, form))
        if any(one.isdecimal() and other.isdecimal() for one, other in pairwise(parts)):
            return
        forms = self._lexicon.word_class("".join(parts))
        if forms:
            yield Terms(forms)
        for index in range(len(parts) - 1) if len(parts) > 2 else ():
            solid = "".join(parts[index : index + 2])
            if self._lexicon.knows(solid):
                yield TermSequence((*parts[:index], solid, *parts[index + 2 :]))

    def _apart(self, word: str) -> Iterator[Node]:
        """Yield the spellings of a word as two words, next to each other somewhere."""
        if len(word) > MAX_WORD:
            return
        for first, last in self._divisions(word):
            if last == "s":
                if self._are_adjacent(first, ("s",)):
                    yield Terms(self._lexicon.word_class(first) or (first,))
                continue
            forms = self._forms(last)
            if forms and self._are_adjacent(first, forms):
                yield from (TermSequence((first, form)) for form in forms)

    def _divisions(self, word: str) -> Iterator[tuple[str, str]]:
        """Yield the divisions of a word into a word of the archive and a possible second one."""
        designation = _DESIGNATION.fullmatch(word)
        if designation:
            yield designation[1], designation[2]
        if not word.isalpha():
            return
        firsts = [word[:end] for end in range(1, len(word) - MIN_PART + 1)]
        firsts = [first for first in firsts if len(first) >= MIN_PART or first in PREFIXES]
        counts = self._lexicon.words.counts(firsts)
        yield from ((first, word[len(first) :]) for first in counts)
        if word[-1] == "s" and 3 <= len(word) <= MAX_ACRONYM + 1 and word[-2] != "s":
            yield word[:-1], "s"

    def _forms(self, word: str) -> tuple[str, ...]:
        """Return the archive's commonest forms of a word that begin as it does."""
        if not word.isalpha():
            return self._lexicon.word_class(word)[:MAX_FORMS]
        start = word[: max(MIN_PART, len(word) - 2)]
        forms = self._lexicon.word_class(word)
        return tuple(form for form in forms if form.startswith(start))[:MAX_FORMS]

    @remembered
    def _are_adjacent(self, first: str, lasts: tuple[str, ...]) -> bool:
        """Return whether two words are next to each other, as a compound, in the archive.

        One that is a stop word must have a hyphen there.
        """
        for last in lasts:
            hyphened = is_stop_word(first) or is_stop_word(last)
            for text in self._lexicon.texts_with((first, last)):
                for start, end in Words(text).find((first, last)):
                    written = text[start:end]
                    if not _APART.search(written) and not (hyphened and "-" not in written):
                        return True
        return False
