"""Names of villages in a paragraph, where the words around them show that a place is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ...models.entity import Mention
from ...text.arabic import LATIN_ARTICLES, has_arabic, without_article
from ...text.patterns import regex
from ..mapped_words import Word, Words
from ..matcher import Mapped
from ..rules.cue_words import common_words, cue_words, name_parts
from .cues import is_weak, is_word, place_cues, without_particles
from .table import Villages

MAX_WORDS = 5
"""Maximum number of words of a name, articles not counted."""
MAX_ARABIC = 2
"""Maximum number of words before the last one of an Arabic name that is looked for from its end."""
MIN_RESPELT = 4
"""Minimum length of a name that may be spelt in another way than in the table."""
ARTICLES = frozenset(LATIN_ARTICLES) | {"ed", "es", "et", "ez", "en", "er", "esh"}

_CLAUSE = frozenset(".,;:!?()،؛؟\n")
_JOINED = frozenset((" ", "-", "‐", "‑", "’", "'", "\u00a0"))
_AND = regex(r"(?:,? and |, |، ?و?| و)(?:(?:al|el|ash|ad|as|ar|an|az|at)-)?")
_WITHIN_ARABIC = regex(
    r"(?<=\w) (?:في |ب)?(?:ريف |محافظة |منطقة |ناحية |قضاء )?$|(?<=\w) (?:قرب |التابعة ل|التابع ل)$"
)
_FIRST = regex(rf"(?:(?:{'|'.join(ARTICLES)})[- ])?([^\W_]+)(?![’'‘`])")
_BEFORE = 32
"""Number of characters next to a name in which a word for its kind is looked for."""
_SEPARATORS = (", ", "، ", " (")


class Candidate(NamedTuple):
    """Words that are the name of a village, if their surroundings say so."""

    start: int
    end: int
    key: str
    cue: str
    """The word for the kind of the place next to it, or an empty text."""
    where: str
    """How a preposition precedes it: `where`, `perhaps`, or an empty text."""


class VillageNames:
    """The search for names of villages in one paragraph."""

    def __init__(
        self, table: Villages, text: str, mapped: Mapped, mentions: Sequence[Mention]
    ) -> None:
        """Search a text, in which these other mentions were found."""
        self._table = table
        self._text = text
        self._mapped = mapped
        self._around: int | None = None
        self._words: Words | None = None
        self._cues = place_cues()
        self._ends = {each.end: each.start for each in mentions}
        self._starts = {each.start: each.end for each in mentions}
        self._ruled = {
            each.start
            for each in mentions
            if each.recognizer == "rules" and each.entity.type == "place"
        }

    @property
    def words(self) -> Words:
        """The folded words, or those around the trigger at which names are searched."""
        if self._words is None:
            self._words = Words(self._mapped, self._around)
        return self._words

    def find(
        self,
        guesses: Iterable[tuple[int, int]],
        words: Sequence[tuple[str, int]],
        units: Sequence[int],
    ) -> Iterator[Candidate]:
        """Yield the names that may be those of villages, by offset.

        `guesses` are the offsets of capitalized words that are no known name; `words` are the
        Arabic triggers in the mapped text, and `units` the offsets of places in Syria.
        """
        found: dict[int, Candidate] = {}
        names = (*self._at_guesses(guesses), *self._at_triggers(words), *self._before_units(units))
        for name in names:
            if name.start not in found or (name.cue and not found[name.start].cue):
                found[name.start] = name
        end = -1
        for start in sorted(found):
            if start >= end:
                end = found[start].end
                yield found[start]

    def _at_guesses(self, guesses: Iterable[tuple[int, int]]) -> Iterator[Candidate]:
        text, kinds = self._text, self._cues.kinds
        for start, end in guesses:
            self._around, self._words = start + 1, None
            before = text[max(0, start - _BEFORE) : start].split()
            while before and before[-1] in ("of", "the"):
                before.pop()
            if before and before[-1] in kinds and text[start - 1] == " ":
                yield from self._listed(start, before[-1])
                continue
            after = text[end + 1 : end + _BEFORE].partition(" ")[0].rstrip(".,;:")
            if after in kinds and text[end] == " ":
                yield from self._ending(end, after)
            elif text[end : end + 2] in _SEPARATORS and end + 2 in self._starts:
                yield from self._ending(end, "", respelt=True)
            elif start in self._ruled or self._may_begin(text[start:end]):
                name = self._beginning(start, "", respelt=start in self._ruled)
                if name:
                    yield name

    def _may_begin(self, surface: str) -> bool:
        """Return whether capitalized words may be a name of a village that needs no cue."""
        first = _FIRST.match(surface.lower())
        if first is None or not first[1].isascii():
            return True
        term = first[1]
        return term in self._cues.placed or (
            self._table.begins(term) and term not in name_parts() and term not in common_words()
        )

    def _at_triggers(self, words: Sequence[tuple[str, int]]) -> Iterator[Candidate]:
        for term, at in words:
            self._around, self._words = at, None
            start, end = self._mapped.start(at), self._mapped.end(at + len(term))
            kind = self._cues.written.get(term)
            if kind and self._text[end : end + 1] == " ":
                yield from self._listed(end + 1, kind)
            elif start not in self._starts:
                name = self._beginning(start, "", respelt=False)
                if name:
                    yield name

    def _listed(self, at: int, kind: str) -> Iterator[Candidate]:
        """Yield the name that begins at an offset after a word for its kind, and those after it."""
        while True:
            after = self._article_end(at)
            known = self._starts.get(at) or self._starts.get(after)
            if known and at not in self._ruled and after not in self._ruled:
                end = known
            elif name := self._beginning(after, kind, respelt=True):
                yield name
                end = name.end
            else:
                return
            more = _AND.match(self._text, end)
            if kind not in self._cues.many or not more:
                return
            # An Arabic "and" is part of the next word.
            at = more.end() - more[0].endswith("و")

    def _article_end(self, at: int) -> int:
        """Return the offset after a Latin article at an offset, if there is one."""
        if self._text[at : at + 1] not in ("a", "A", "e", "E"):
            return at
        word = self._word(at)
        if word and word.term in ARTICLES and self._text[word.end : word.end + 1] in ("-", " "):
            return word.end + 1
        return at

    def _word(self, at: int) -> Word | None:
        """Return the word that begins at an offset, or within a particle's length of it."""
        if not self._text[at : at + 1].strip():
            return None
        index = self.words.at(at)
        return self.words[index] if index < len(self.words) else None

    def _before_units(self, units: Sequence[int]) -> Iterator[Candidate]:
        """Yield the names before places in which they are said to be: Hazwan, Al-Bab district."""
        text = self._text
        self._around = self._words = None
        for at in units:
            if text[max(0, at - 2) : at] in _SEPARATORS:
                yield from self._ending(at - 2, "", respelt=True)
            elif within := _WITHIN_ARABIC.search(text, max(0, at - 20), at):
                yield from self._ending(within.start(), "", respelt=False)

    def _begins(self, word: Word) -> bool:
        """Return whether a word may be of a name: capitalized, or in Arabic script."""
        return self._text[word.start].isupper() or has_arabic(word.term)

    def _beginning(self, at: int, kind: str, *, respelt: bool) -> Candidate | None:
        """Return the longest name that begins at an offset."""
        word = self._word(at)
        if word is None or not self._begins(word):
            return None
        if word.term in ARTICLES:
            return self._beginning(word.end + 1, kind, respelt=respelt)
        if not respelt and not self._may_be_first(word.term):
            return None
        first = last = self.words.at(word.start)
        most = MAX_WORDS - 1 if has_arabic(word.term) else 2 * MAX_WORDS
        while last - first < most and self._follows(last):
            last += 1
        spans = [(first, end) for end in range(last, first - 1, -1)]
        return self._longest(spans, kind, respelt=respelt)

    def _may_be_first(self, term: str) -> bool:
        """Return whether a word may be the first of a name that is spelt as in the table."""
        begins = self._table.begins
        if not has_arabic(term):
            return begins(term)
        return any(begins(without_article(form)) for form in without_particles(term))

    def _ending(self, end: int, kind: str, *, respelt: bool = True) -> Iterator[Candidate]:
        """Yield the longest name that ends at an offset."""
        if end in self._ends and self._ends[end] not in self._ruled:
            return
        first = last = self.words.at(end) - 1
        if last < 0 or self.words[last].end != end:
            return
        most = MAX_ARABIC if has_arabic(self.words[last].term) else 2 * MAX_WORDS
        while first and last - first < most and self._follows(first - 1):
            first -= 1
        name = self._longest(
            [(begin, last) for begin in range(first, last + 1)], kind, respelt=respelt
        )
        if name:
            yield name

    def _follows(self, index: int) -> bool:
        """Return whether the word after one may be of the same name."""
        if index + 1 >= len(self.words):
            return False
        words = self.words
        word, after = words[index], words[index + 1]
        if self._text[word.end : after.start] not in _JOINED:
            return False
        if has_arabic(word.term) != has_arabic(after.term):
            return False
        return (self._begins(word) or word.term in ARTICLES) and (
            self._begins(after) or after.term in ARTICLES
        )

    def _longest(
        self, spans: Sequence[tuple[int, int]], kind: str, *, respelt: bool
    ) -> Candidate | None:
        """Return the name at the first of the spans of words that is one, spelt as in the table.

        If there is none, it may be spelt in another way.
        """
        found = [(first, last, *key) for first, last in spans for key in self._keys(first, last)]
        names = (
            name
            for name in found
            if self._table.begins(name[2].partition(" ")[0]) and self._table.exact(name[2])
        )
        name = next(names, None)
        if name is None and respelt:
            others = (
                name
                for name in found
                if len(name[2]) >= MIN_RESPELT and self._table.respelt(name[2])
            )
            name = next(others, None)
        if name is None or self._is_part(name[0], name[1]):
            return None
        return self._candidate(*name, kind)

    def _keys(self, first: int, last: int) -> Iterator[tuple[str, int]]:
        """Yield the keys that words have as a name, and how many letters of them are particles."""
        words = [self.words[index] for index in range(first, last + 1)]
        if words[0].term in ARTICLES or words[-1].term in ARTICLES:
            return
        if not has_arabic(words[0].term):
            kept = [word.term for word in words if word.term not in ARTICLES]
            if len(kept) <= MAX_WORDS:
                yield " ".join(kept), 0
            return
        rest = [without_article(word.term) for word in words[1:]]
        if len(rest) < MAX_WORDS:
            term = words[0].term
            for form in without_particles(term):
                yield " ".join((without_article(form), *rest)), len(term) - len(form)

    def _candidate(self, first: int, last: int, key: str, particles: int, kind: str) -> Candidate:
        start = self.words[first].start + particles
        before = self.words[first - 1] if first else None
        if before and before.term in ARTICLES and start - before.end == 1:
            # At Deir Sunbul has no article, and al-Wadi, Al Wadi and as-Safira have one.
            hyphen = self._text[before.end] in "-‐‑"
            if hyphen or before.term in ("al", "el") or self._text[before.start].isupper():
                start = before.start if hyphen or before.term not in ("at", "as", "an") else start
        return Candidate(start, self.words[last].end, key, kind, self._preposition(first))

    def _preposition(self, first: int) -> str:
        """Return the kind of the preposition before a name, as `Candidate.where` has it."""
        index = first - 1
        if index >= 0 and self.words[index].term in ARTICLES:
            index -= 1
        if index < 0 or _CLAUSE.intersection(
            self._text[self.words[index].end : self.words[first].start]
        ):
            return ""
        forms = without_particles(self.words[index].term)
        for name in ("where", "perhaps"):
            if not getattr(self._cues, name).isdisjoint(forms):
                return name
        return ""

    def _is_part(self, first: int, last: int) -> bool:
        """Return whether words are only part of a name, or no name."""
        text, words, cues = self._text, self.words, self._cues
        term = words[first].term
        if has_arabic(term):
            if first < last:
                return False
            # An adjective has no article; a village called by it has.
            bare = without_article(term)
            return bare in cues.placed or bare in cues.persons or is_word(term)
        if first == last and (term in cues.placed or term in cues.persons or is_word(term)):
            return True
        index = first - 1
        if index >= 0 and words[index].term in ARTICLES:
            index -= 1
        if index >= 0 and text[words[index].start].isupper() and self._follows(index):
            before = words[index]
            # Shahba al-Jadida is one name.
            apart = index == first - 1
            known = apart and (before.end in self._ends or self._has_name(index, before=True))
            if not known and before.term not in cues.where | cues.perhaps | cues.kinds:
                return True
        if last + 1 < len(words) and text[words[last].end : words[last + 1].start] == " ":
            after = words[last + 1].term
            if after in cue_words().heads and after not in cues.kinds:
                return True
        if not self._follows(last):
            return False
        index = last + 1
        article = words[index].term in ARTICLES
        index += article
        if index >= len(words) or not text[words[index].start].isupper():
            return False
        if words[index].term in cues.kinds or words[last + 1].start in self._starts:
            return False
        return article or not self._has_name(index, before=False)

    def _has_name(self, index: int, *, before: bool) -> bool:
        """Return whether a word ends or begins a name that is certainly a place's."""
        first, last = (max(0, index - MAX_WORDS), index) if before else (index, index + MAX_WORDS)
        spans = (
            [(begin, index) for begin in range(first, index + 1)]
            if before
            else [(index, end) for end in range(index, min(last, len(self.words) - 1) + 1)]
        )
        return any(
            not is_weak(key) and self._table.exact(key)
            for span in spans
            for key, _ in self._keys(*span)
        )
