"""Patterns that are compiled when they are first used."""

import re

import pytest

from syriasearch.text.patterns import regex


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    pattern = regex("(")
    with pytest.raises(re.error):
        pattern.search("(")


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("search", ("xAb",)),
        ("match", ("abx",)),
        ("fullmatch", ("AB",)),
        ("findall", ("ab Ab x",)),
        ("split", ("1ab2Ab3", 1)),
        ("sub", ("-", "1ab2ab3")),
        ("subn", ("-", "1ab2ab3")),
    ],
)
def test_it_finds_what_a_compiled_pattern_finds(method: str, arguments: tuple[str, ...]) -> None:
    lazy, compiled = regex("a(b)", re.IGNORECASE), re.compile("a(b)", re.IGNORECASE)
    for _ in range(2):
        assert str(getattr(lazy, method)(*arguments)) == str(getattr(compiled, method)(*arguments))


def test_a_bound_method_may_be_kept() -> None:
    search = regex("b").search
    assert [bool(search(text)) for text in ("ab", "ac", "b")] == [True, False, True]
