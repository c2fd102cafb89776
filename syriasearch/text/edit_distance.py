"""Similarly spelt words: the rules that limit edit distance when a spelling is suggested."""

from __future__ import annotations

from typing import Any

from .arabic import has_arabic


def other_beginnings(word: str) -> set[str]:
    """Return the words meant if the first letter is wrong, missing, superfluous or swapped.

    `word` has at least two letters. No result begins with the first letter of `word`.
    """
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" if has_arabic(word) else "abcdefghijklmnopqrstuvwxyz"
    others = {word[1:], word[1] + word[0] + word[2:]}
    others.update(letter + rest for letter in letters for rest in (word, word[1:]))
    return {other for other in others if other[0] != word[0]}


def farthest(word: str) -> int:
    """Return the maximum edit distance at which a word counts as similarly spelt: 1 or 2."""
    return 1 if len(word) < 6 else 2


def nearest(word: str, matches: list[tuple[str, int, Any]]) -> list[tuple[str, int, Any]]:
    """Return the matches at the least distance; at two edits, only those with the same initial.

    A match is a word, its edit distance and any third value, as rapidfuzz's `extract` returns it.
    """
    least = min((match[1] for match in matches), default=0)
    return [
        match for match in matches if match[1] == least and (least < 2 or match[0][0] == word[0])
    ]
