"""Any text is a query, and no text breaks out of what shows it.

`FUZZ_EXAMPLES=50000 pytest tests/test_fuzz.py` looks longer than a run of all tests does.
"""

import html
import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syriasearch import Archive, QuerySyntaxError, Snippet
from syriasearch.search.query.parser import parse
from syriasearch.search.snippets import Span, make_snippet

FUZZED = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PIECES = st.sampled_from(
    [
        *"()\"'-*~:/.,!?|&<>[]{}\\",
        *(
            "OR",
            "AND",
            "NOT",
            "w/3",
            "pre/2",
            "w/s",
            "w/p",
            "NEAR4",
            "SAME",
            '"~5',
            "~9",
            "..",
            "#",
        ),
        *("title:", "source:", "author:", "lang:", "person:", "place:", "org:", "entity:", "x:"),
        *("after:2018", "before:", "date:2017..", "date:2018-13", "after:yesterday"),
        *("Sochi", "boycott", "al-Ja'afari", "الجعفري", "والمعارضة", "U.S.", "S-400", "the", "is"),
        *("\x00", "\ud800", "\u202e", "\u0301", "e\u0301", "ﷺ", "𝕊", "ﬁ", "İ", "ß", "\u200d"),
        *("<script>alert(1)</script>", "\x1b[31m", "a" * 300, "sy*", "*", "1*"),
    ]
)
QUERIES = st.lists(PIECES | st.text(max_size=12), max_size=14).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda space: space.join(parts))
)
TEXTS = st.lists(PIECES | st.text(max_size=40), max_size=30).map(" ".join)


@FUZZED
@given(QUERIES, st.booleans(), st.sampled_from(["auto", "all", "any"]))
def test_any_text_is_a_query(corpus: Archive, query: str, exact: bool, match: str) -> None:
    try:
        page = corpus.search(query, exact=exact, match=match, explain=True)  # type: ignore[arg-type]
    except QuerySyntaxError as error:
        assert 0 <= error.position <= len(query)
        return
    assert len(page.hits) == min(10, page.total + page.partial_total)
    assert [hit.partial for hit in page.hits if match == "all"] == [False] * len(
        page.hits if match == "all" else ()
    )
    for hit in page.hits:
        assert hit.score == pytest.approx(sum(part.score for part in hit.explanation), abs=1e-4)
        for passage in hit.passages:
            check(passage.snippet)


@FUZZED
@given(QUERIES)
def test_a_printed_query_parses_back(query: str) -> None:
    try:
        root = parse(query).root
    except QuerySyntaxError:
        return
    if root is not None:
        assert parse(str(root)).root == root


@FUZZED
@given(TEXTS, st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40), st.integers(0, 2))))
def test_any_text_has_a_snippet(text: str, ranges: list[tuple[int, int, int]]) -> None:
    spans = sorted(
        Span(start, min(start + length, len(text)), clause)
        for start, length, clause in ranges
        if start < len(text)
    )
    snippet = make_snippet(text, spans, [1.0, 2.0, 0.5], width=60)
    assert text[snippet.start : snippet.start + len(snippet.text)] == snippet.text
    check(snippet)


def check(snippet: Snippet) -> None:
    """A snippet's highlights are in it, and nothing of it is markup but they."""
    last = 0
    for start, end in snippet.highlights:
        assert last <= start < end <= len(snippet.text)
        last = end
    shown = snippet.to_html()
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert not re.search("[<>\"']", bare)
    assert html.unescape(bare) == snippet.to_text()
    assert shown.count("<mark>") == shown.count("</mark>") == len(snippet.highlights)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", snippet.to_text())
    assert not re.search("\x1b(?!\\[(1;33|0)m)", snippet.to_ansi())
