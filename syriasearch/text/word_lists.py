"""Word lists in data files: words separated by spaces, in sections under a name in brackets."""

from __future__ import annotations

from collections.abc import Mapping
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
