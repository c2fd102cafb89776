"""What a query asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import QuerySyntaxError
from syriasearch.query import MAX_ITEMS, MAX_LENGTH, Not, Phrase, Word, parse


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Sochi boycott", (Word("Sochi"), Word("boycott"))),
        ('"de-escalation zones" Idlib', (Phrase("de-escalation zones"), Word("Idlib"))),
        ("“people’s congress”", (Phrase("people’s congress"),)),
        ("«مؤتمر سوتشي»", (Phrase("مؤتمر سوتشي"),)),
        ("Sochi -boycott", (Word("Sochi"), Not(Word("boycott")))),
        ('-"Black Sea"', (Not(Phrase("Black Sea")),)),
        ("al-Ja'afari", (Word("al-Ja'afari"),)),
        ("S-400 U.S. C++ 7,000", (Word("S-400"), Word("U.S."), Word("C++"), Word("7,000"))),
        ("foo:bar", (Word("foo:bar"),)),
        ("a - b", (Word("a"), Word("-"), Word("b"))),
        ("--a", (Word("--a"),)),
        ('an "open quote', (Word("an"), Word('"'), Word("open"), Word("quote"))),
        ('"', (Word('"'),)),
        ('""', (Phrase(""),)),
        ("(", (Word("("),)),
        ("", ()),
        (" \n\t ", ()),
    ],
)
def test_a_text_is_a_query(text: str, items: tuple[object, ...]) -> None:
    assert parse(text).items == items


@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    assert parse(text).text == text


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("x" * (MAX_LENGTH + 1), "the query has 10,001 characters, more than 10,000", MAX_LENGTH),
        ("x " * (MAX_ITEMS + 1), "the query has more than 500 words", 2 * MAX_ITEMS),
    ],
)
def test_a_query_that_is_too_long_says_where(text: str, message: str, position: int) -> None:
    with pytest.raises(QuerySyntaxError, match=message) as caught:
        parse(text)
    assert (caught.value.query, caught.value.position) == (text, position)
