"""Parsing of queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import QuerySyntaxError
from syriasearch.search.query.parser import MAX_DEPTH, MAX_ITEMS, MAX_LENGTH, parse
from syriasearch.search.query.syntax import (
    And,
    Field,
    Near,
    NearOperator,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
)

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("Sochi boycott", And((Word("Sochi"), Word("boycott")))),
        ("a AND b", And((A, B))),
        ('"de-escalation zones"', Phrase("de-escalation zones")),
        ("“people’s congress”", Phrase("people’s congress")),
        ("«مؤتمر سوتشي»", Phrase("مؤتمر سوتشي")),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ('-"Black Sea"', Not(Phrase("Black Sea"))),
        ("-(a b)", Not(And((A, B)))),
        ("-(-a)", A),
        ("a OR b", Or((A, B))),
        ("a OR b c", And((Or((A, B)), C))),  # OR binds tighter
        ("(a b) OR c", Or((And((A, B)), C))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("escalat*", Prefix("escalat")),
        ("a w/5 b", Near((A, B), NearOperator("words", 5, ordered=False))),
        ("a pre/3 b", Near((A, B), NearOperator("words", 3, ordered=True))),
        ("a W/S b", Near((A, B), NearOperator("sentence", 0, ordered=False))),
        ("a pre/p b", Near((A, B), NearOperator("paragraph", 0, ordered=True))),
        ("a NEAR5 b", Near((A, B), NearOperator("words", 5, ordered=False))),
        ("a ADJ5 b", Near((A, B), NearOperator("words", 5, ordered=True))),
        ("a SAME b", Near((A, B), NearOperator("paragraph", 0, ordered=False))),
        ("a w/5 b w/5 c", Near((A, B, C), NearOperator("words", 5, ordered=False))),
        ("(a OR b) w/5 c", Near((Or((A, B)), C), NearOperator("words", 5, ordered=False))),
        ('"a b"~5', Near((Phrase("a"), Phrase("b")), NearOperator("words", 5, ordered=False))),
        ("title:a", Field("title", A)),
        ("TITLE:a", Field("title", A)),
        ('-source:"Other Wire"', Not(Field("source", Phrase("Other Wire")))),
        ("author:Luc*", Field("author", Prefix("Luc"))),
        ("after:2017-11", Field("after", Word("2017-11"))),
        ("date:2017-10..2018-01", Field("date", Word("2017-10..2018-01"))),
        ("(title:a OR title:b)", Or((Field("title", A), Field("title", B)))),
    ],
)
def test_the_language(text: str, root: object) -> None:
    query = parse(text)
    assert (query.root, query.ignored) == (root, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("al-Ja'afari", ["al-Ja'afari"]),
        ("S-400 U.S. C++ 7,000", ["S-400", "U.S.", "C++", "7,000"]),
        ("foo:bar https://example.org", ["foo:bar", "https://example.org"]),
        ("Idlib, Homs; (Hama)!", ["Idlib", "Homs", "Hama"]),
        ("same or near", ["same", "or", "near"]),  # operators are written in capitals
        ("title: a", ["title", "a"]),
        ("--a", ["a"]),
        ("a-b", ["a-b"]),
    ],
)
def test_what_is_no_syntax_is_words(text: str, words: list[str]) -> None:
    root = parse(text).root
    items = root.items if isinstance(root, And) else (root,)
    assert [item.text for item in items if isinstance(item, Word)] == words


@pytest.mark.parametrize(
    ("text", "printed", "ignored"),
    [
        ("(a b", "a b", ("(",)),
        ("a) b", "a b", (")",)),
        ('a "b', "a b", ('"',)),
        ("OR a OR", "a", ("OR", "OR")),
        ("a OR OR b", "a OR b", ("OR",)),
        ("a w/5", "a", ("w/5",)),
        ("a w/5 -b", "a -b", ("w/5",)),
        ('"" - a', "a", ('""', "-")),
        ("( )", "", ()),
        ("(", "", ("(",)),
    ],
)
def test_what_can_be_no_syntax_is_left_out_and_told(
    text: str, printed: str, ignored: tuple[str, ...]
) -> None:
    query = parse(text)
    assert (str(query), query.ignored) == (printed, ignored)


PIECES = [
    *("Sochi", " ", "(", ")", "-", '"', "OR", "AND", "NOT", "w/5", "pre/s", "NEAR3", "SAME", "~5"),
    *("*", "a*", "title:", "source:", "after:2017", "foo:", "“", "”", "«", "»", "'", "Ja’afari"),
    *("سوتشي", "+", "!", ":", "..", "—", ","),
]


@given(
    st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
        st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
        st.text(max_size=60),
    )
)
def test_a_printed_query_parses_back_to_the_same_tree(text: str) -> None:
    try:
        query = parse(text)
    except QuerySyntaxError as error:
        assert 0 <= error.position <= len(text)
        return
    again = parse(str(query))
    assert again.root == query.root
    assert again.ignored == ()


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("x" * (MAX_LENGTH + 1), "the query has 10,001 characters, more than 10,000", MAX_LENGTH),
        ("x " * (MAX_ITEMS + 1), "the query has more than 500 words", 2 * MAX_ITEMS),
        (
            "(" * (MAX_DEPTH + 1) + "x" + ")" * (MAX_DEPTH + 1),
            "more than 30 brackets within brackets",
            MAX_DEPTH,
        ),
        ("Homs after:lastweekish", "after: takes a day, a month or a year, such as 2018-01-27", 11),
        ("date:2018-13", "date: takes a day, a month or a year", 5),
        ('before:"2018-02-30"', "before: takes a day", 7),
    ],
)
def test_an_error_says_where(text: str, message: str, position: int) -> None:
    with pytest.raises(QuerySyntaxError, match=message) as caught:
        parse(text)
    assert (caught.value.query, caught.value.position) == (text, position)


def test_brackets_without_a_partner_have_no_depth() -> None:
    assert parse("(" * 100 + "x").root == Word("x")
