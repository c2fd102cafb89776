"""Stop words, English and Arabic: an article need not contain those of a query."""

from __future__ import annotations

STOP_WORDS = frozenset(
    "a about after all also an and any are as at be been but by can could did do does for from had "
    "has have he her his how i if in into is it its may more most no nor not of on or our out over "
    "she should so some such than that the their them then there these they this those to under up "
    "was we were what when where which while who whom whose why will with would you your "
    "في من على الى عن ان هذا هذه التي الذي الذين ما لا لم لن قد كان كانت هو هي هم او ثم كما بين "
    "بعد قبل حتى اذا كل مع عند و".split()
)
"""Folded words that occur in too many articles to distinguish one from another."""


def is_stop_word(word: str) -> bool:
    """Return whether a term is a stop word."""
    return word in STOP_WORDS
