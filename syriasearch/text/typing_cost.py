"""Typing cost: how improbable it is that a word was typed when another was meant.

The cost is an edit distance in which common slips count less than others: two letters swapped, a
letter doubled or single, a vowel for another, letters of one sound or shape, or neighbours on the
keyboard (`data/confused_letters.txt`). A wrong first letter counts more, unless it is swapped.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations

from .word_lists import DATA, read_word_lists

OTHER = 1.0
"""The cost of a letter that is missing, superfluous, or another one."""
SWAPPED = 0.7
"""The cost of two neighbouring letters in the other order."""
DOUBLED = 0.5
"""The cost of a letter that is written once instead of twice, or twice instead of once."""
WEAK = 0.75
"""The cost of a vowel, or an h, that is missing or superfluous."""
FIRST = 0.5
"""What an edit of the first letter costs in addition."""
_WEAK_LETTERS = frozenset("aeiouhءاوي")
_CONFUSED = {"sounds": 0.6, "shapes": 0.7, "keys": 0.8}
"""The cost of a letter for another one, by the section of the file."""


@cache
def confused_letters() -> dict[tuple[str, ...], float]:
    """Return the cost of each pair of letters that are typed for each other."""
    costs: dict[tuple[str, ...], float] = {}
    for name, groups in read_word_lists(DATA / "confused_letters.txt").items():
        for group in groups:
            for pair in permutations(group, 2):
                costs.setdefault(pair, _CONFUSED[name])
    return costs


def typing_cost(typed: str, meant: str) -> float:
    """Return the cost of typing a word when another is meant; 0 if they are equal.

    >>> typing_cost("goverment", "government")
    1.0
    """
    same = 0
    for one, other in zip(typed, meant, strict=False):
        if one != other:
            break
        same += 1
    # The letter before the first difference shows whether another is doubled.
    start = max(same - 1, 0)
    first = 0.0 if same or typed[:2] == meant[1::-1] else FIRST
    return first + _distance(typed[start:], meant[start:])


def _distance(typed: str, meant: str) -> float:
    """Return the least sum of the costs of edits (optimal string alignment)."""
    confused = confused_letters()
    lone_typed, lone_meant = _lone(typed), _lone(meant)
    before: list[float] = []
    row = [0.0]
    for cost in lone_meant:
        row.append(row[-1] + cost)
    for i, letter in enumerate(typed):
        previous, row = row, [row[0] + lone_typed[i]]
        for j, other in enumerate(meant):
            cost = 0.0 if letter == other else confused.get((letter, other), OTHER)
            least = min(previous[j] + cost, previous[j + 1] + lone_typed[i], row[j] + lone_meant[j])
            if i and j and letter == meant[j - 1] and other == typed[i - 1]:
                least = min(least, before[j - 1] + SWAPPED)
            row.append(least)
        before = previous
    return row[-1]


def _lone(word: str) -> list[float]:
    """Return the cost of each letter of a word that another one lacks."""
    return [
        DOUBLED
        if letter in (word[index - 1 : index], word[index + 1 : index + 2])
        else WEAK
        if letter in _WEAK_LETTERS
        else OTHER
        for index, letter in enumerate(word)
    ]
