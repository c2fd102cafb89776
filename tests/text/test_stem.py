"""Which words are forms of one word."""

import pytest

from syriasearch.text.stem import stem


@pytest.mark.parametrize(
    "forms",
    [
        "boycott boycotts boycotted boycotting",
        "negotiation negotiations negotiator negotiators",
        "attack attacked attacking attacks",
        "say said says saying",
        "neighborhood neighborhoods neighbourhood neighbourhoods",
        "defence defences defense defenses",
        "kilometre kilometres kilometer kilometers",
        "معارضه المعارضه والمعارضه بالمعارضه للمعارضه وللمعارضه",
        "نظام النظام والنظام",
    ],
)
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("syria", "syrian"),
        ("us", "we"),  # the US, more often than a form of we
        ("والده", "ده"),  # father: its first letters are no article
        ("s400", "s300"),
        ("дамаск", "дамаска"),  # a script without a stemmer
    ],
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)
