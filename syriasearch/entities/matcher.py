"""Gazetteer matcher: finds the names of a gazetteer in a text.

A text is folded and mapped, character by character, to lower case, with a space for everything that
is not a letter or digit. All names, mapped in the same way and enclosed in spaces, are the patterns
of an Aho-Corasick automaton, which finds them in one pass. Of overlapping names the longest wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from ..models.entity import Entity
from ..text.arabic import HAMZA, LATIN_ARTICLES, has_arabic, in_one_word, with_particles
from ..text.normalize import Folded, fold_aligned
from ..text.tokenize import TermTable, in_terms, joined_terms
from .event_dates import decide
from .gazetteer import WEAK, Gazetteer
from .names.readings import is_acronym
from .rules.cue_words import common_words, cue_words

_FIRST_WORD = re.compile(rf"(?:(?:{'|'.join(LATIN_ARTICLES)}|the)[-‐‑ ]+)?[{HAMZA}ʾ`]?(\w)")
_CAPITALS_BEFORE = re.compile(r"(?<![^\W_])([A-Z]{2,})\W{1,2}$")
_CAPITALS_AFTER = re.compile(r"\W{1,2}([A-Z]{2,})(?![^\W_])")
_TERM = re.compile(r"\S+")
MIN_POSSESSED = 4
"""Minimum length of a name that may be followed by an s whose apostrophe was lost: Assads."""
MAX_POSSESSED = 4
"""Maximum number of words of such a name: Bashar al-Assads."""


class Name(NamedTuple):
    """An alias of an entity, as a pattern of the automaton."""

    entity: Entity
    alias: str
    """The alias as in the gazetteer, without the mark of a weak one."""
    particle: int
    """Number of characters of an attached Arabic particle before the name."""
    weak: bool
    """Whether it counts only if the article also names the entity otherwise."""
    acronym: bool = False
    """Whether it must be in capitals."""


class Mapped(NamedTuple):
    """A mapped text, in which names are searched, and its offsets."""

    haystack: str
    """The text with a space at each end."""
    folded: Folded

    def start(self, offset: int) -> int:
        """Return the offset in the original text of a character of the haystack."""
        return self.folded.start(offset - 1)

    def end(self, offset: int) -> int:
        """Return the original end of a range that ends at `offset` in the haystack."""
        return self.folded.end(offset - 1)


class Found(NamedTuple):
    """A match at [start, end) in a text, in code points, with the aliases that fit it."""

    start: int
    end: int
    names: tuple[Name, ...]
    reason: str | None = None
    """Why these are meant, if more names fit."""


class Matcher:
    """A matcher for the names of a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        names: dict[str, list[Name]] = {}
        for entity in gazetteer.entities:
            for alias in (entity.name, *entity.aliases):
                for key, name in _keys(entity, alias):
                    names.setdefault(key, []).append(name)
        self._names = [_plainest(named) for named in names.values()]
        self._events = {
            number
            for number, named in enumerate(self._names)
            if any(name.entity.type == "event" for name in named)
        }
        self._automaton = AhoCorasick([f" {key} " for key in names])
        self._common = common_words() | cue_words().small
        self._possessed = {
            key + "s": number
            for number, key in enumerate(names)
            if len(key) >= MIN_POSSESSED and key.isascii() and key[-1] != "s"
        }

    def find(
        self,
        text: str,
        *,
        bare: bool = False,
        certain: AbstractSet[str] = frozenset(),
        weak: set[str] | None = None,
        published: str | None = None,
        mapped: list[Mapped] | None = None,
    ) -> list[Found]:
        """Return the longest matches in a text, by offset.

        `bare` is for a text that has lost its apostrophes, in which a name may be followed by a
        possessive s. Weak aliases match only for entities whose slugs are in `certain`; the slugs
        of other entities whose weak aliases occur are added to `weak`, and the mapped text to
        `mapped`. Dates decide which events are meant (see `event_dates`), that of the text among
        them: `published`.
        """
        folded = fold_aligned(text, one_space=True)
        haystack = f" {_mapped(folded.text)} "
        if mapped is not None:
            mapped.append(Mapped(haystack, folded))
        # Longer matches come first.
        matches = [
            (first - last, first, last, number, 0)
            for number, first, last in self._automaton.find_matches_as_indexes(
                haystack, overlapping=True
            )
        ]
        if bare:
            matches.extend(self._possessives(haystack))
        found: list[Found] = []
        denied: list[tuple[int, int]] = []
        taken = bytearray(len(haystack))
        matches.sort()
        for _, first, last, number, suffix in matches:
            # The haystack and the key begin with a space that the text lacks. A match that overlaps
            # a longer one has one of its ends inside it.
            if taken[first] or taken[last - 3]:
                continue
            fitting, reason = [], None
            for name in self._names[number]:
                if name.weak and name.entity.slug not in certain:
                    if weak is not None:
                        weak.add(name.entity.slug)
                    continue
                start, end = folded.start(first + name.particle), folded.end(last - 2 - suffix)
                if (text[start].isupper() and not name.acronym) or self._fits(
                    name, text, start, end
                ):
                    fitting.append(name)
            if number in self._events and any(name.entity.type == "event" for name in fitting):
                span = start, end
                if any(known[0] <= start and end <= known[1] for known in denied):
                    fitting = [name for name in fitting if name.entity.type != "event"]
                else:
                    fitting, reason = decide(fitting, text, span, published, certain, weak)
                    if not fitting:
                        denied.append(span)
            if fitting:
                taken[first : last - 2] = b"\1" * (last - 2 - first)
                found.append(Found(start, end, tuple(fitting), reason))
        found.sort()
        return found

    def _possessives(self, haystack: str) -> Iterable[tuple[int, int, int, int, int]]:
        """Yield names followed by an s: negative length, start, end, the name's number, and 1."""
        if "s " not in haystack:
            return
        words = list(_TERM.finditer(haystack))
        for index, last in enumerate(words):
            if haystack[last.end() - 1] != "s":
                continue
            for first in words[max(0, index - MAX_POSSESSED + 1) : index + 1]:
                number = self._possessed.get(haystack[first.start() : last.end()])
                if number is not None:
                    start, end = first.start() - 1, last.end() + 1
                    yield start - end, start, end, number, 1

    def _fits(self, name: Name, text: str, start: int, end: int) -> bool:
        """Return whether the case of a match fits a name, and it is no word among capitals."""
        if not _case_fits(name, text[start:end]):
            return False
        if not (name.acronym and name.alias.replace(".", "").lower() in self._common):
            return True
        adjacent = (
            _CAPITALS_BEFORE.search(text, max(0, start - 30), start),
            _CAPITALS_AFTER.match(text, end),
        )
        return not any(word and word[1].lower() in self._common for word in adjacent)


def _mapped(folded: str) -> str:
    return in_terms(folded).replace(TermTable.DROPPED, " ")


def _case_fits(name: Name, surface: str) -> bool:
    """Return whether the case of a surface fits a name: acronyms in capitals, others capitalized.

    An event named by three words or more may be in lower case: the siege of Kobani.
    """
    alias = name.alias
    if name.entity.type == "event" and alias.count(" ") > 1:
        return True
    if name.acronym:
        return surface.isupper()
    if not _is_capitalized(alias):
        return True
    first = _FIRST_WORD.match(surface)
    return first is not None and not first[1].islower()


@lru_cache(maxsize=1 << 12)
def _is_capitalized(alias: str) -> bool:
    """Return whether the first word of an alias begins with a capital."""
    first = _FIRST_WORD.match(alias)
    return first is not None and first[1].isupper()


def _keys(entity: Entity, written: str) -> Iterable[tuple[str, Name]]:
    """Yield the mapped forms of an alias in a text, with and without attached particles."""
    alias = written.removeprefix(WEAK)
    key = joined_terms(alias)
    prefixes = {key: 0}
    if key != alias.lower():
        # A full stop before a space makes two spaces: U.S. Army.
        prefixes[_mapped(fold_aligned(alias, one_space=True).text).strip()] = 0
    if has_arabic(alias):
        for form in {key, in_one_word(key)}:
            prefixes |= {form: 0} | with_particles(form)
    acronym = is_acronym(alias, person=entity.type == "person")
    for form, particle in prefixes.items():
        yield form, Name(entity, alias, particle, alias != written, acronym)


def _plainest(names: list[Name]) -> tuple[Name, ...]:
    """Keep one name for each entity, and only names with the shortest particle.

    Of several aliases with one key, the one that is least strict about case represents all.
    """
    if len(names) == 1:
        return (names[0],)
    shortest = min(name.particle for name in names)
    by_entity: dict[str, list[Name]] = {}
    for name in names:
        if name.particle == shortest:
            by_entity.setdefault(name.entity.slug, []).append(name)
    return tuple(
        min(aliases, key=lambda name: (name.weak, name.acronym)) for aliases in by_entity.values()
    )
