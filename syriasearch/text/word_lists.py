"""Word lists in data files: words separated by spaces, in sections under a name in brackets."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_word_lists(path: Path) -> dict[str, list[str]]:
    """Return the words of each section of a file, in order. Lines that begin with # are comments.

    An underscore in a word represents a space.
    """
    lists: dict[str, list[str]] = {}
    words: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = lists[line[1:-1]] = []
        elif not line.startswith("#"):
            words += (word.replace("_", " ") for word in line.split())
    return lists
