"""Which words are spelt alike?"""

from __future__ import annotations

from typing import Any

from .normalize import has_arabic


def other_beginnings(word: str) -> set[str]:
    """Return what a word may be whose first letter is wrong, lacking, too many or the second."""
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" if has_arabic(word) else "abcdefghijklmnopqrstuvwxyz"
    others = {word[1:], word[1] + word[0] + word[2:]}
    others.update(letter + rest for letter in letters for rest in (word, word[1:]))
    return {other for other in others if other[0] != word[0]}


def farthest(word: str) -> int:
    """Return how many letters may differ in what is spelt alike."""
    return 1 if len(word) < 6 else 2


def nearest(word: str, matches: list[tuple[str, int, Any]]) -> list[tuple[str, int, Any]]:
    """Return the matches with the least distance; where that is two letters, not the first."""
    least = min((match[1] for match in matches), default=0)
    return [
        match for match in matches if match[1] == least and (least < 2 or match[0][0] == word[0])
    ]
