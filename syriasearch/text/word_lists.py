"""Word lists in data files: words separated by spaces, in sections under a name in brackets."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"


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
