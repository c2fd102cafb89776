"""The lists of words that mark a name."""

from collections import Counter
from dataclasses import fields

import pytest

from syriasearch.entities.gazetteer import DATA
from syriasearch.entities.rules.cue_words import CueWords, cue_words
from syriasearch.text.word_lists import read_word_lists

LISTS = read_word_lists(DATA / "cue_words.txt")


@pytest.mark.parametrize("name", LISTS)
def test_no_word_of_a_list_occurs_twice(name: str) -> None:
    counts = Counter(LISTS[name])
    assert [word for word, count in counts.items() if count > 1] == []


def test_every_list_is_read_and_has_words() -> None:
    assert list(LISTS) == [field.name for field in fields(CueWords)]
    assert all(LISTS.values())


@pytest.mark.parametrize(("part", "whole"), [("led", "bodies"), ("namelike_titles", "titles")])
def test_a_list_of_exceptions_is_part_of_another(part: str, whole: str) -> None:
    words = cue_words()
    assert getattr(words, part) <= getattr(words, whole)


@pytest.mark.parametrize("name", sorted({*LISTS} - {"not_acronyms", "abbreviations"}))
def test_words_are_in_lower_case(name: str) -> None:
    assert [word for word in LISTS[name] if word != word.lower()] == []
