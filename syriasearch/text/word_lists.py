"""Word lists in data files: words separated by spaces, in sections under a name in brackets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


class SortedLines:
    """Lines of a long text by what is before their first tab, of which each is found by bisection.

    Nothing is decoded but the lines that are asked for.
    """

    def __init__(self, lines: bytes) -> None:
        """Hold the lines that `join` has sorted."""
        self._lines = lines

    @staticmethod
    def join(lines: Mapping[str, str]) -> bytes:
        """Return lines, sorted, each after its key."""
        return b"\n".join(sorted(f"{key}\t{line}".encode() for key, line in lines.items()))

    def get(self, key: str) -> str:
        """Return the line with a key, empty if there is none."""
        lines, beginning = self._lines, key.encode("utf-8", "replace") + b"\t"
        low, high = 0, len(lines)
        while low < high:
            start = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = lines.find(b"\n", start)
            end = len(lines) if end < 0 else end
            if lines.startswith(beginning, start):
                return lines[start + len(beginning) : end].decode()
            if lines[start : start + len(beginning)] < beginning:
                low = end + 1
            else:
                high = start
        return ""

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield all lines with their keys."""
        for line in self._lines.decode().split("\n") if self._lines else ():
            key, _, rest = line.partition("\t")
            yield key, rest


class LongList:
    """A long list of words, of which those that begin alike are read when one is asked for."""

    _FIRST = 3

    def __init__(self, lines: bytes) -> None:
        """Hold the lines that `group_words` made of the list."""
        self._lines = SortedLines(lines)
        self._read: dict[str, frozenset[str]] = {}

    def __contains__(self, word: str) -> bool:
        first = word[: self._FIRST]
        found = self._read.get(first)
        if found is None:
            found = self._read[first] = frozenset(self._lines.get(first).split())
        return word in found

    @classmethod
    def group_words(cls, words: Iterable[str]) -> bytes:
        """Return words, none of which has a space, in a line for each beginning."""
        groups: dict[str, list[str]] = {}
        for word in words:
            groups.setdefault(word[: cls._FIRST], []).append(word)
        return SortedLines.join({first: " ".join(each) for first, each in groups.items()})
