"""Name index: the names of a gazetteer by their first words, and their occurrences in a text.

It is a line of all first words, and then a line for each: the names that begin with it. Such a line
is read when a text has its first word, so little has to be built before the first text.
After many texts, an Aho-Corasick automaton of all names is built, which takes a fifth of a second
and is five times as fast from then on. Both find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from ..models.entity import Entity
from ..text.arabic import has_arabic, in_one_word, with_particles
from ..text.normalize import fold_aligned
from ..text.tokenize import TermTable, in_terms, joined_terms
from ..text.word_lists import SortedLines
from .gazetteer import WEAK
from .names.readings import is_acronym

WORTH = 4_000_000
"""Number of characters after which an automaton is built: what it saves there is what it costs."""


class Name(NamedTuple):
    """An alias of an entity, as a pattern of the matcher."""

    entity: Entity
    alias: str
    """The alias as in the gazetteer, without the mark of a weak one."""
    particle: int
    """Number of characters of an attached Arabic particle before the name."""
    weak: bool
    """Whether it counts only if the article also names the entity otherwise."""
    acronym: bool = False
    """Whether it must be in capitals."""


Occurrence = tuple[int, int, int]
"""An occurrence of a key in a mapped text: the number of the key, in the order of the gazetteer,
and where it starts and ends, with the spaces around it."""


class _Node:
    """The words of keys up to some word."""

    __slots__ = ("following", "number")

    def __init__(self) -> None:
        self.number: int | None = None
        """The number of the key that ends here."""
        self.following: dict[str, _Node] = {}


class NameIndex:
    """The names of a gazetteer by their keys, which are mapped texts (see `matcher`)."""

    def __init__(self, lines: bytes, entities: Sequence[Entity]) -> None:
        """Hold the lines that `index_names` made of these entities."""
        firsts, _, blocks = lines.partition(b"\n")
        self._entities = entities
        self._firsts = frozenset(firsts.decode().split("\t") if firsts else ())
        self._blocks = SortedLines(blocks)
        self._nodes: dict[str, _Node] = {}
        self._codes: dict[int, str] = {}
        self._names: dict[int, tuple[Name, ...]] = {}
        self._searched = 0
        self._automaton: _Automaton | None = None

    def find(self, haystack: str) -> Sequence[Occurrence]:
        """Return all occurrences of keys in a mapped text that has a space at each end."""
        if self._automaton is None:
            self._searched += len(haystack)
            if self._searched < WORTH:
                return self._find(haystack)
            self._automaton = _Automaton(self)
        return self._automaton.find(haystack)

    def _find(self, haystack: str) -> list[Occurrence]:
        known, words = self._firsts, haystack.split(" ")
        firsts = [at for at, word in enumerate(words) if word in known]
        found: list[Occurrence] = []
        if not firsts:
            return found
        starts = list(accumulate([len(word) + 1 for word in words], initial=0))
        words.append("\n")  # which follows no word of a key
        for first in firsts:
            node, at = self._nodes.get(words[first]) or self._read(words[first]), first + 1
            while True:
                if node.number is not None:
                    found.append((node.number, starts[first] - 1, starts[at]))
                following = node.following.get(words[at])
                if following is None:
                    break
                node, at = following, at + 1
        return found

    def _read(self, first: str) -> _Node:
        """Read the keys that begin with a word."""
        root = _Node()
        fields = self._blocks.get(first).split("\t")
        for rest, number, codes in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
            node = root
            for word in rest.split(" ")[1:]:
                below = node.following.get(word)
                if below is None:
                    below = node.following[word] = _Node()
                node = below
            node.number = int(number)
            self._codes[node.number] = codes
        self._nodes[first] = root
        return root

    def number(self, key: str) -> int | None:
        """Return the number of a key, or None."""
        first, *rest = key.split(" ")
        if first not in self._firsts:
            return None
        node: _Node | None = self._nodes.get(first) or self._read(first)
        for word in rest:
            node = node.following.get(word) if node else None
        return node.number if node else None

    def names(self, number: int) -> tuple[Name, ...]:
        """Return the names with a key that was found."""
        found = self._names.get(number)
        if found is None:
            found = tuple(map(self._name, self._codes[number].split(" ")))
            self._names[number] = found
        return found

    def _name(self, code: str) -> Name:
        entity, alias, particle, weak, acronym = map(int, code.split("."))
        named = self._entities[entity]
        written = named.aliases[alias - 1] if alias else named.name
        return Name(named, written.removeprefix(WEAK), particle, bool(weak), bool(acronym))

    def all_keys(self) -> list[str]:
        """Return all keys by number."""
        found = {}
        for first, block in self._blocks.items():
            fields = block.split("\t")
            for rest, number, codes in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
                found[int(number)] = first + rest
                self._codes[int(number)] = codes
        return [found[number] for number in range(len(found))]


class _Automaton:
    """An Aho-Corasick automaton of all keys, enclosed in spaces."""

    def __init__(self, index: NameIndex) -> None:
        from ahocorasick_rs import AhoCorasick, Implementation

        # The default takes half as long again to build, and finds no faster.
        self._automaton = AhoCorasick(
            [f" {key} " for key in index.all_keys()], implementation=Implementation.ContiguousNFA
        )

    def find(self, haystack: str) -> list[Occurrence]:
        """Return all occurrences of keys in a mapped text."""
        return self._automaton.find_matches_as_indexes(haystack, overlapping=True)


def index_names(entities: Sequence[Entity]) -> bytes:
    """Return the lines of an index."""
    keys: dict[str, list[tuple[Name, str]]] = {}
    for number, entity in enumerate(entities):
        for at, alias in enumerate((entity.name, *entity.aliases)):
            for key, name in _keys(entity, alias):
                flags = f"{int(name.weak)}.{int(name.acronym)}"
                keys.setdefault(key, []).append((name, f"{number}.{at}.{name.particle}.{flags}"))
    blocks: dict[str, list[str]] = {}
    for number, (key, named) in enumerate(keys.items()):
        first, space, rest = key.partition(" ")
        codes = " ".join(_plainest(named))
        blocks.setdefault(first, []).append(f"{space}{rest}\t{number}\t{codes}")
    lines = SortedLines.join({first: "\t".join(each) for first, each in blocks.items()})
    return "\t".join(blocks).encode() + b"\n" + lines


def mapped(folded: str) -> str:
    """Return a folded text in which every character that is in no term is a space."""
    return in_terms(folded).replace(TermTable.DROPPED, " ")


def _keys(entity: Entity, written: str) -> Iterable[tuple[str, Name]]:
    """Yield the mapped forms of an alias in a text, with and without attached particles."""
    alias = written.removeprefix(WEAK)
    key = joined_terms(alias)
    prefixes = {key: 0}
    if key != alias.lower():
        # A full stop before a space makes two spaces: U.S. Army.
        prefixes[mapped(fold_aligned(alias, one_space=True).text).strip()] = 0
    if has_arabic(alias):
        for form in {key, in_one_word(key)}:
            prefixes |= {form: 0} | with_particles(form)
    acronym = is_acronym(alias, person=entity.type == "person")
    for form, particle in prefixes.items():
        if form:
            yield form, Name(entity, alias, particle, alias != written, acronym)


def _plainest(named: list[tuple[Name, str]]) -> list[str]:
    """Keep the code of one name for each entity, and only names with the shortest particle.

    Of several aliases with one key, the one that is least strict about case represents all.
    """
    if len(named) == 1:
        return [named[0][1]]
    shortest = min(name.particle for name, _ in named)
    by_entity: dict[str, list[tuple[Name, str]]] = {}
    for name, code in named:
        if name.particle == shortest:
            by_entity.setdefault(name.entity.slug, []).append((name, code))
    return [
        min(aliases, key=lambda each: (each[0].weak, each[0].acronym))[1]
        for aliases in by_entity.values()
    ]
