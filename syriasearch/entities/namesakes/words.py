"""Words which show that a known person's name is somebody or something else's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ...text.word_lists import read_word_lists
from ..gazetteer import DATA

WordSet = frozenset[str]


@dataclass(frozen=True, eq=False, repr=False)
class NamesakeWords:
    """The lists of `data/namesake_words.txt`, which explains them."""

    things: WordSet
    families: WordSet
    bases: WordSet
    begins: WordSet
    of_places: WordSet
    words: WordSet
    kin: WordSet
    affixes: WordSet
    ordinary: WordSet
    of_callings: WordSet
    learned: WordSet
    heads_of: WordSet
    local_bodies: WordSet
    low_ranks: WordSet
    children: WordSet
    honorifics: WordSet
    nicknames: WordSet
    given_words: WordSet
    not_given: WordSet
    offices: WordSet
    articles: WordSet
    bodies_called: WordSet
    women: WordSet
    states: WordSet
    places_ar: WordSet
    families_ar: WordSet
    kin_ar: WordSet
    offices_ar: WordSet
    ranks_ar: WordSet
    affixes_ar: WordSet
    fathers: WordSet
    strangers_ar: WordSet
    callings_ar: WordSet
    compounds_ar: WordSet
    before_verbs_ar: WordSet
    states_ar: WordSet
    nouns_ar: WordSet
    given_ar: WordSet


@cache
def nicknames() -> dict[str, str]:
    """Return the given names by their short forms."""
    return dict(pair.split("=") for pair in namesake_words().nicknames)


@cache
def namesake_words() -> NamesakeWords:
    """Return the words."""
    lists = read_word_lists(DATA / "namesake_words.txt")
    return NamesakeWords(**{name: frozenset(words) for name, words in lists.items()})
