"""Proximity of words in a text."""

import pytest

from syriasearch.search.proximity import ProximityMatcher
from syriasearch.search.query.clauses import Proximity, TermSequence
from syriasearch.search.query.parser import parse
from syriasearch.search.query.syntax import Near


def sequences(text: str) -> tuple[TermSequence, ...]:
    return tuple(TermSequence(tuple(each.split())) for each in text.split("|"))


@pytest.mark.parametrize(
    ("operator", "items", "text", "matches"),
    [
        ("w/2", ("talks", "sochi"), "Sochi was host of talks.", False),
        ("w/3", ("talks", "sochi"), "Sochi was host of talks.", True),
        ("pre/3", ("talks", "sochi"), "Sochi was host of talks.", False),
        ("pre/3", ("sochi", "talks"), "Sochi was host of talks.", True),
        ("w/0", ("de mistura", "said"), "De Mistura said so.", True),
        ("w/0", ("de mistura", "said"), "De facto, Mistura said so.", False),
        ("w/5", ("jaafari", "sochi"), "Al-Ja’afari’s visit to Sochi", True),
        ("w/5", ("boycott", "boycott"), "a boycott", False),  # one word is not near itself
        ("w/1", ("talks|host", "of"), "Sochi was host of talks.", True),
        ("w/1", ("a", "b", "c"), "A x B y C", True),
        ("w/1", ("a", "b", "c"), "A x B y z C", False),
        ("w/s", ("sochi", "talks"), "They left Sochi. Talks went on.", False),
        ("w/s", ("sochi", "talks"), "They left Sochi, talks went on.", True),
        ("w/p", ("sochi", "talks"), "They left Sochi. Talks went on.", True),
        ("pre/p", ("talks", "sochi"), "They left Sochi. Talks went on.", False),
    ],
)
def test_words_are_near_each_other(
    operator: str, items: tuple[str, ...], text: str, matches: bool
) -> None:
    near = parse(f"a {operator} b").root
    assert isinstance(near, Near)
    node = Proximity(tuple(map(sequences, items)), near.operator)
    assert ProximityMatcher(node).matches(text) is matches


@pytest.mark.parametrize("operator", ["w/s", "pre/s", "w/5", "pre/5", "w/p"])
def test_a_long_paragraph_is_read_once_however_often_it_has_the_words(operator: str) -> None:
    near = parse(f"a {operator} b").root
    assert isinstance(near, Near)
    node = Proximity((sequences("alpha"), sequences("beta")), near.operator)
    apart = " ".join(["beta gamma"] * 30_000 + ["delta"] * 10 + ["alpha gamma"] * 30_000)
    assert ProximityMatcher(node).matches(apart) is (operator in ("w/s", "w/p"))
