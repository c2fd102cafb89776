"""Texts that nobody wrote, for tests of near-duplicates."""

import random

from syriasearch.index.near_duplicates import are_alike, make_shingle_set

NAMES = (
    "envoy convoy border hospital bridge market school airport river valley crossing camp".split()
)
VERBS = "reached left entered opened closed searched repaired visited guarded crossed".split()


def story(seed: int, sentences: int = 20) -> list[str]:
    """Return the sentences of an article that nobody wrote."""
    chosen = random.Random(seed)
    return [
        f"The {chosen.choice(NAMES)} of {chosen.choice(NAMES)} {chosen.randint(10, 99)} "
        f"{chosen.choice(VERBS)} the {chosen.choice(NAMES)} behind the {chosen.choice(NAMES)}."
        for _ in range(sentences)
    ]


def words(sentences: list[str]) -> list[str]:
    return " ".join(sentences).lower().replace(".", "").split()


STORY = story(1)
OTHER = story(2)
LONG = story(3, 40)


def alike(one: list[str], other: list[str], days: int | None = 0) -> bool:
    return are_alike(make_shingle_set(words(one)), make_shingle_set(words(other)), days)
