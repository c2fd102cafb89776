"""Snippets: the part of a paragraph that is shown, and its highlights."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Snippet
from syriasearch.search.query.clauses import Clause, Disjunction, Terms, TermSequence
from syriasearch.search.snippets import WIDTH, Highlighter, Span, make_snippet

CLAUSES = (
    Clause("boycott", Terms(("boycott", "boycotted"))),
    Clause("de-escalation", TermSequence(("de", "escalation"))),
    Clause("jaafari", Disjunction((Terms(("jaafari", "الجعفري")),))),
)


def marked(text: str, **options: int) -> str:
    spans = Highlighter(CLAUSES).spans(text)
    return make_snippet(text, spans, [1.0, 1.0, 1.0], **options).to_marked("[", "]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("They boycotted it.", "They [boycotted] it."),
        ("Ja’afari’s boycott", "[Ja’afari]’s [boycott]"),
        ("the de-escalation zones", "the [de-escalation] zones"),
        ("de facto escalation", "de facto escalation"),  # not one after the other
        ("قال الْجَعْفَرِيّ", "قال [الْجَعْفَرِيّ]"),
        ("boycott boycott", "[boycott] [boycott]"),
        ("nothing of it", "nothing of it"),
    ],
)
def test_highlights_stand_on_the_text_as_it_was_written(text: str, shown: str) -> None:
    assert marked(text) == shown


def test_ranges_that_touch_become_one() -> None:
    snippet = make_snippet("Bashar al-Jaafari", [Span(0, 17, 0), Span(10, 17, 1)], [1, 1])
    assert snippet.highlights == ((0, 17),)


FILLER = "Nothing of interest was said at this place by anybody. " * 12


def test_the_window_has_most_of_what_is_asked() -> None:
    text = f"A boycott. {FILLER}Jaafari called the boycott a pity. {FILLER}"
    shown = marked(text)
    assert "[Jaafari] called the [boycott] a pity." in shown
    assert len(shown) < WIDTH + 140


def test_a_window_begins_and_ends_with_sentences_where_it_can() -> None:
    shown = marked(f"{FILLER}Jaafari called it a boycott. {FILLER}")
    assert re.match(r"…(Nothing|Jaafari)", shown)
    assert shown.endswith(".…")


def test_a_window_never_cuts_a_word() -> None:
    words = [f"word{number}" for number in range(400)]
    words[200] = "boycott"
    shown = marked(" ".join(words)).strip("…").replace("[", "").replace("]", "")
    assert set(shown.split()) <= set(words)


def test_a_paragraph_that_is_little_longer_is_whole() -> None:
    text = "boycott " * 42
    snippet = make_snippet(text, Highlighter(CLAUSES).spans(text), [1, 1, 1])
    assert (snippet.text, snippet.cut_before, snippet.cut_after) == (text, False, False)


VOWEL_SIGN = re.compile("[\u0300-\u036f\u064b-\u065f]")
PIECES = ["boycott ", "Ja’afari", "de-escalation", "الْجَعْفَرِيّ", " ", ". ", "<b>", "&"]
texts = st.lists(
    st.sampled_from(PIECES) | st.characters(exclude_categories=("Cs",)), max_size=60
).map("".join)


@given(text=texts, width=st.integers(10, 80))
def test_a_snippet_is_a_piece_of_its_paragraph(text: str, width: int) -> None:
    snippet = make_snippet(text, Highlighter(CLAUSES).spans(text), [1.0, 1.0, 1.0], width)
    assert snippet.text in text
    ends = [0]
    for start, end in snippet.highlights:
        assert ends[-1] <= start < end <= len(snippet.text)
        assert not VOWEL_SIGN.match(snippet.text, end)
        ends.append(end)


@given(text=texts)
def test_html_says_what_the_text_says_and_marks_only(text: str) -> None:
    snippet = make_snippet(text, Highlighter(CLAUSES).spans(text), [1.0, 1.0, 1.0])
    plain = snippet.to_html().replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert html.unescape(plain) == html.unescape(html.escape(snippet.to_text()))


def test_html_is_escaped_and_highlighted() -> None:
    snippet = Snippet("<script>boycott</script>", ((8, 15),))
    assert snippet.to_html() == "&lt;script&gt;<mark>boycott</mark>&lt;/script&gt;"


def test_a_terminal_gets_colours_and_nothing_that_the_text_smuggles() -> None:
    snippet = Snippet("a\x1b[31mred\nboycott\u202e", ((10, 17),), cut_after=True)
    assert snippet.to_text() == "a [31mred boycott …"
    assert snippet.to_ansi() == "a [31mred \x1b[1;33mboycott\x1b[0m …"
