"""Where in a text does a name stand, and whose is it?

A text is folded and mapped, one character for one, to lower case with a space for all that is no
letter or digit; every name of the gazetteer, mapped alike, stands between spaces in an automaton
that finds all of them in one pass. Of names that overlap the longest wins. Then:

- case: a name of capitals (SNC, US) is found only in capitals, and another one only with its first
  capital where the gazetteer has one, so that `us` is not a country;
- an Arabic name is found with the particles that are written to it (و ف ب ك ل), which do not
  belong to the mention;
- a name of several entities (SNC) is settled by the rest of the article: by those among them that
  it names otherwise too. If that tells nothing, it counts for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from ahocorasick_rs import AhoCorasick

from ..models import Entity, Mention
from ..text import TERMS, TermTable, fold_aligned, has_arabic, terms
from .gazetteer import Gazetteer, default_gazetteer

_PARTICLES = ("و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فل")
_FIRST_WORD = re.compile(r"(?:(?:al|el|ul|ad|an|ar|as|ash|at|az|the)[-‐‑ ]+)?[’‘'ʿʾ`]?(\w)")


class Recognizer(Protocol):
    """Anything that finds names in an article."""

    name: str

    def recognize(self, paragraphs: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one article, by offset."""
        ...


class _Name(NamedTuple):
    entity: Entity
    alias: str
    particle: int
    """How many characters of an attached particle come before the name."""


def _mapped(text: str) -> str:
    return text.translate(TERMS).replace(TermTable.DROPPED, " ")


def _case_fits(alias: str, surface: str) -> bool:
    if alias.isupper():
        return surface.isupper()
    wanted = _FIRST_WORD.match(alias)
    if wanted is None or not wanted.group(1).isupper():
        return True
    found = _FIRST_WORD.match(surface)
    return found is not None and not found.group(1).islower()


class GazetteerRecognizer:
    """Finds the names of a gazetteer."""

    name = "gazetteer"

    def __init__(self, gazetteer: Gazetteer) -> None:
        names: dict[str, list[_Name]] = {}
        for entity in gazetteer.entities:
            for alias in (entity.name, *entity.aliases):
                key = " ".join(terms(alias))
                names.setdefault(key, []).append(_Name(entity, alias, 0))
                if not has_arabic(alias):
                    continue
                for particle in _PARTICLES:
                    name = _Name(entity, alias, len(particle))
                    names.setdefault(particle + key, []).append(name)
                if key.startswith("ال"):
                    # The article loses its alef behind ل: للمعارضة.
                    for particle in ("", "و", "ف"):
                        name = _Name(entity, alias, len(particle) + 1)
                        names.setdefault(particle + "لل" + key[2:], []).append(name)
        self._names = [self._plainest(named) for named in names.values()]
        self._automaton = AhoCorasick([f" {key} " for key in names])

    @staticmethod
    def _plainest(names: list[_Name]) -> list[_Name]:
        """Keep one name an entity, and none with a particle where one without it is the same."""
        fewest = min(name.particle for name in names)
        by_entity: dict[str, list[_Name]] = {}
        for name in names:
            if name.particle == fewest:
                by_entity.setdefault(name.entity.slug, []).append(name)
        # Of several aliases with one key, that with the weakest demand on case stands for all.
        return [min(each, key=lambda name: name.alias.isupper()) for each in by_entity.values()]

    def recognize(self, paragraphs: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one article, by offset."""
        found = [self._find(text) for text in paragraphs]
        certain = {
            names[0].entity.slug for spans in found for _, _, names in spans if len(names) == 1
        }
        return [
            [
                Mention(start, end, text[start:end], name.entity, self.name)
                for start, end, names in spans
                for name in self._settle(names, certain)
            ]
            for text, spans in zip(paragraphs, found, strict=True)
        ]

    @staticmethod
    def _settle(names: list[_Name], certain: set[str]) -> list[_Name]:
        return [name for name in names if name.entity.slug in certain] or names

    def _find(self, text: str) -> list[tuple[int, int, list[_Name]]]:
        """Return the longest names that stand in a text, by offset, with whose they may be."""
        folded = fold_aligned(text, one_space=True)
        haystack = f" {_mapped(folded.text)} "
        spans: list[tuple[int, int, list[_Name]]] = []
        taken = bytearray(len(haystack))
        matches = self._automaton.find_matches_as_indexes(haystack, overlapping=True)
        for number, first, last in sorted(matches, key=lambda match: (match[1] - match[2], match)):
            # The haystack starts with a space that the text lacks, and so does the key. What
            # overlaps a longer name has an end inside it.
            if taken[first] or taken[last - 3]:
                continue
            fitting = []
            for name in self._names[number]:
                start = folded.start(first + name.particle)
                end = folded.end(last - 2)
                if _case_fits(name.alias, text[start:end]):
                    fitting.append(name)
            if fitting:
                taken[first : last - 2] = b"\1" * (last - 2 - first)
                spans.append((start, end, fitting))
        return sorted(spans, key=lambda span: span[:2])


@lru_cache(maxsize=1)
def default_recognizer() -> GazetteerRecognizer:
    """Return the recognizer of the gazetteer that ships with the package."""
    return GazetteerRecognizer(default_gazetteer())


def find_mentions(text: str) -> list[Mention]:
    """Find who is named in a text, by offset, without an archive."""
    return default_recognizer().recognize([text])[0]
