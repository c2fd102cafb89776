"""Word lists in data files: words separated by spaces, in sections under a name in brackets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

DATA = Path(__file__).parent / "data"
_START = 3
"""Number of letters by which spellings are looked up: none is shorter."""


def read_sections(path: Path) -> dict[str, list[str]]:
    """Return the lines of each section of a file, without empty ones and comments, from # on."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = sections[line[1:-1]] = []
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


def read_word_lists(path: Path) -> dict[str, list[str]]:
    """Return the words of each section of a file, in order.

    An underscore in a word represents a space.
    """
    return {
        name: [word.replace("_", " ") for line in lines for word in line.split()]
        for name, lines in read_sections(path).items()
    }


def first_words(lines: list[str]) -> dict[str, str]:
    """Return the first word of a line by each of the others."""
    rows = map(str.split, lines)
    return {other: first for first, *others in rows for other in others}


class Spellings:
    """Beginnings of words that are spelt in several ways, each with the one that replaces it."""

    def __init__(self, replacements: Mapping[str, str]) -> None:
        self._replacements = replacements
        self._by_start: dict[str, list[str]] = {}
        for other in sorted(replacements, key=len, reverse=True):
            self._by_start.setdefault(other[:_START], []).append(other)

    def unify(self, word: str) -> str:
        """Return a word with its beginning in the first spelling of that."""
        for other in self._by_start.get(word[:_START], ()):
            if word.startswith(other):
                return self._replacements[other] + word[len(other) :]
        return word


class LongList:
    """A long list of words, of which those that begin alike are read when one is asked for."""

    _FIRST = 3

    def __init__(self, text: str) -> None:
        """Hold the text that `group_words` made of the list."""
        lines = (line.partition("\t") for line in text.split("\n"))
        self._lines = {first: words for first, _, words in lines}
        self._read: dict[str, frozenset[str]] = {}

    def __contains__(self, word: str) -> bool:
        first = word[: self._FIRST]
        found = self._read.get(first)
        if found is None:
            found = self._read[first] = frozenset(self._lines.get(first, "").split())
        return word in found

    @classmethod
    def group_words(cls, words: Iterable[str]) -> str:
        """Return words, none of which has a space, as one text: a line for each beginning."""
        groups: dict[str, list[str]] = {}
        for word in words:
            groups.setdefault(word[: cls._FIRST], []).append(word)
        return "\n".join(f"{first}\t{' '.join(each)}" for first, each in groups.items())
