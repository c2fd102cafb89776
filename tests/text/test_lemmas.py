"""Lemmas of English words, as they are kept, and as simplemma has them."""

import random

import pytest

from syriasearch.text.lemmas import _listed_words, lemmas, lemmatize

LISTED = sorted(set(_listed_words()))


def made_up() -> list[str]:
    """Return words that begin like one listed word and end like another."""
    pick = random.Random(1)
    return [
        pick.choice(LISTED)[: pick.randint(1, 6)] + pick.choice(LISTED)[-pick.randint(1, 9) :]
        for _ in range(20_000)
    ]


def ruled() -> list[str]:
    """Return words with the endings for which there is a rule, of each length from there on."""
    return ["qzxqzx"[:length] + ending for ending in lemmas().rules for length in range(7)]


@pytest.mark.parametrize(
    "words", [LISTED[::20], made_up(), ruled()], ids=["listed", "made up", "ruled"]
)
def test_a_lemma_is_that_of_simplemma(words: list[str]) -> None:
    assert [lemmas().get(word) for word in words] == list(map(lemmatize, words))


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("boycotted", "boycott"),
        ("salafists", "salafist"),
        ("xexecies", "xexecy"),
        ("xecies", "xecies"),
        ("simmons", "simmons"),
        ("sadr", "sadr"),
    ],
)
def test_words(word: str, lemma: str) -> None:
    assert lemmas().get(word) == lemma
