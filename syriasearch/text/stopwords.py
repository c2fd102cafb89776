"""Stop words, English and Arabic: an article need not contain those of a query."""

from __future__ import annotations

from functools import cache

from .word_lists import DATA, read_word_lists


@cache
def stop_words() -> frozenset[str]:
    """Return the folded words that occur in too many articles to distinguish one from another."""
    return frozenset().union(*read_word_lists(DATA / "stop_words.txt").values())


def is_stop_word(word: str) -> bool:
    """Return whether a term is a stop word."""
    return word in stop_words()
