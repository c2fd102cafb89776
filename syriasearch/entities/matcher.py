"""Where in a text do the names of a gazetteer stand?

A text is folded and mapped, one character for one, to lower case with a space for all that is no
letter or digit; every name, mapped alike, stands between spaces in an automaton that finds all of
them in one pass. Of names that overlap the longest wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from ..models.article import Entity
from ..text.normalize import TermTable, fold_aligned, has_arabic, in_terms, terms
from .cue_words import SMALL, common_words
from .gazetteer import WEAK, Gazetteer

_PARTICLES = ("و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فل")
_FIRST_WORD = re.compile(r"(?:(?:al|el|ul|ad|an|ar|as|ash|at|az|the)[-‐‑ ]+)?[’‘'ʿʾ`]?(\w)")
_POSSESSIVE = re.compile(r"['’][sS]\b")
_CAPITALS_BEFORE = re.compile(r"(?<![^\W_])([A-Z]{2,})\W{1,2}$")
_CAPITALS_BEHIND = re.compile(r"\W{1,2}([A-Z]{2,})(?![^\W_])")
_TERM = re.compile(r"\S+")
SHORTEST_POSSESSED = 4
"""A name of so many letters may have an s behind it whose apostrophe was lost: Assads."""


class Name(NamedTuple):
    """An alias of an entity, as the automaton knows it."""

    entity: Entity
    alias: str
    particle: int
    """How many characters of an attached particle come before the name."""
    weak: bool
    """Whether it tells only where the article names the entity otherwise."""


class Found(NamedTuple):
    """A name in a text, and whose it may be."""

    start: int
    end: int
    names: tuple[Name, ...]


class Matcher:
    """Finds the names of a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        names: dict[str, list[Name]] = {}
        for entity in gazetteer.entities:
            for alias in (entity.name, *entity.aliases):
                for key, name in _keys(entity, alias):
                    names.setdefault(key, []).append(name)
        self._names = [_plainest(named) for named in names.values()]
        self._automaton = AhoCorasick([f" {key} " for key in names])
        self._common = common_words() | SMALL
        self._possessed = {
            key + "s": number
            for number, key in enumerate(names)
            if len(key) >= SHORTEST_POSSESSED and key.isascii() and key[-1] != "s"
        }

    def find(
        self,
        text: str,
        *,
        bare: bool = False,
        certain: AbstractSet[str] = frozenset(),
        weak: set[str] | None = None,
    ) -> list[Found]:
        """Return the longest names that stand in a text, by offset.

        With `bare` the text has lost its apostrophes: an s behind a name may be a possessive's.
        Weak names are found of entities whose slugs are `certain`; those of others go to `weak`.
        """
        folded = fold_aligned(text, one_space=True)
        haystack = f" {_mapped(folded.text)} "
        matches = [
            (first, last, number, 0)
            for number, first, last in self._automaton.find_matches_as_indexes(
                haystack, overlapping=True
            )
        ]
        if bare:
            matches.extend(self._possessives(haystack))
        found: list[Found] = []
        taken = bytearray(len(haystack))
        matches.sort(key=lambda match: (match[0] - match[1], match))
        for first, last, number, behind in matches:
            # The haystack starts with a space that the text lacks, and so does the key. What
            # overlaps a longer name has an end inside it.
            if taken[first] or taken[last - 3]:
                continue
            fitting = []
            for name in self._names[number]:
                if name.weak and name.entity.slug not in certain:
                    if weak is not None:
                        weak.add(name.entity.slug)
                    continue
                start = folded.start(first + name.particle)
                end = folded.end(last - 2 - behind)
                if case_fits(name, text[start:end]) and not (
                    name.alias.isupper()
                    and name.alias.lower() in self._common
                    and _is_shouted(text, start, end, self._common)
                ):
                    fitting.append(name)
            if fitting:
                taken[first : last - 2] = b"\1" * (last - 2 - first)
                found.append(Found(start, end, tuple(fitting)))
        found.sort()
        return found

    def _possessives(self, haystack: str) -> Iterable[tuple[int, int, int, int]]:
        """Yield names of one word with an s behind: where they are, which, and that s."""
        for word in _TERM.finditer(haystack):
            number = self._possessed.get(word.group())
            if number is not None:
                yield word.start() - 1, word.end() + 1, number, 1


def _mapped(folded: str) -> str:
    return in_terms(folded).replace(TermTable.DROPPED, " ")


def _is_shouted(text: str, start: int, end: int, common: AbstractSet[str]) -> bool:
    """Tell whether a word in capitals has another common word in capitals beside it."""
    beside = (
        _CAPITALS_BEFORE.search(text, max(0, start - 30), start),
        _CAPITALS_BEHIND.match(text, end),
    )
    return any(word and word[1].lower() in common for word in beside)


def has_possessives(text: str) -> bool:
    """Tell whether a text writes a possessive with its apostrophe."""
    return _POSSESSIVE.search(text) is not None


def case_fits(name: Name, surface: str) -> bool:
    """Tell whether a name may be written so: acronyms in capitals, others with one.

    What is named by a word for it need not have one: the siege of Kobani.
    """
    alias = name.alias
    if name.entity.type == "event" and alias.count(" ") > 1:
        return True
    if alias.isupper():
        return surface.isupper()
    wanted = _FIRST_WORD.match(alias)
    if wanted is None or not wanted.group(1).isupper():
        return True
    found = _FIRST_WORD.match(surface)
    return found is not None and not found.group(1).islower()


def _keys(entity: Entity, written: str) -> Iterable[tuple[str, Name]]:
    """Yield what an alias looks like in a text, with what is attached to it."""
    alias = written.removeprefix(WEAK)
    weak = alias != written
    key = " ".join(terms(alias))
    yield key, Name(entity, alias, 0, weak)
    written_so = _mapped(fold_aligned(alias, one_space=True).text).strip()
    if written_so != key:
        # What ends in a full stop stands farther from what follows: U.S. Army.
        yield written_so, Name(entity, alias, 0, weak)
    if not has_arabic(alias):
        return
    for particle in _PARTICLES:
        yield particle + key, Name(entity, alias, len(particle), weak)
    if key.startswith("ال"):
        # The article loses its alef behind ل: للمعارضة.
        for particle in ("", "و", "ف"):
            yield particle + "لل" + key[2:], Name(entity, alias, len(particle) + 1, weak)


def _plainest(names: list[Name]) -> tuple[Name, ...]:
    """Keep one name an entity, and none with a particle where one without it is the same."""
    fewest = min(name.particle for name in names)
    by_entity: dict[str, list[Name]] = {}
    for name in names:
        if name.particle == fewest:
            by_entity.setdefault(name.entity.slug, []).append(name)
    # Of several aliases with one key, that with the weakest demand on case stands for all.
    return tuple(
        min(each, key=lambda name: (name.weak, name.alias.isupper())) for each in by_entity.values()
    )
