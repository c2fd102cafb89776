"""What a plain text says of itself, and where its paragraphs begin."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.blocks import plain_text
from syriasearch.ingest.blocks.plain_text import (
    clean,
    is_heading,
    parse_structure,
    plain_blocks,
    split_paragraphs,
    title_from,
)
from syriasearch.text.sentences import sentences
from syriasearch.text.word_lists import read_word_lists

WIRES = Path(plain_text.__file__).parent / "data" / "wires.txt"
BODY = "The talks went on for a second day, and nobody expected that they would end soon.\n\n"


def composed(text: str, title: str | None = None):
    return parse_structure(plain_blocks(text), title=title)


@pytest.mark.parametrize(
    ("text", "author", "day"),
    [
        ("By Ann Writer – May 1, 2017 – The talks.", "Ann Writer", date(2017, 5, 1)),
        ("By Mara Lind | 30 January 2018 | The talks.", "Mara Lind", date(2018, 1, 30)),
        ("By Mara Lind and Omar al-Haddad\n\n" + BODY, "Mara Lind and Omar al-Haddad", None),
        ("Published: 2018-01-30\n\n" + BODY, None, date(2018, 1, 30)),
        ("30 January 2018, by Mara Lind\n\n" + BODY, "Mara Lind", date(2018, 1, 30)),
        ("By the river, 30 people stood.", None, None),
        ("By Monday the talks had ended.", None, None),
        ("On January 30, 2018, the talks ended.", None, None),
        ("January 30, 2018 was a Tuesday.", None, None),
    ],
)
def test_a_byline_and_a_date_in_prose(text: str, author: str | None, day: date | None) -> None:
    article = composed(text + "\n\n" + BODY)
    assert (article.author, article.published) == (author, day)


def test_a_byline_is_cut_from_the_lede() -> None:
    kinds = [(block.kind, block.text) for block in composed("By A Name – May 1, 2017 – So.").blocks]
    assert kinds == [("byline", "By A Name – May 1, 2017 –"), ("body", "So.")]


@pytest.mark.parametrize(
    "caption",
    [
        "Envoys meet in Bern on March 2, 2018. REUTERS/Nobody Inparticular/Pool",
        "A man walks through Homs. (Photo by Somebody)",
        "FILE PHOTO: a street in Homs",
        "Delegates leave the UN building. Photo: UN / handout",
    ],
)
def test_a_photo_caption_is_no_body(caption: str) -> None:
    assert composed(caption + "\n\n" + BODY).blocks[0].kind == "caption"


@pytest.mark.parametrize(
    ("credit", "source"),
    [
        ("With AFP", "AFP"),
        ("(Reuters)", "Reuters"),
        ("— The Associated Press", "AP"),
        ("With agencies", None),  # no wire is named
    ],
)
def test_a_credit_at_the_end_names_the_wire(credit: str, source: str | None) -> None:
    article = composed(BODY + credit)
    assert article.source == source
    assert article.blocks[-1].kind == "byline"


def test_a_dateline_names_the_wire() -> None:
    assert composed("BEIRUT, Jan 26 (Reuters) - The talks ended.").source == "Reuters"


def test_a_mention_of_a_wire_in_the_text_is_no_credit() -> None:
    assert composed("The minister told Reuters on Monday that he would go.").source is None


def test_a_title_line_is_the_title() -> None:
    article = composed("Sochi congress opens\n\nBy Mara Lind\n\n" + BODY)
    assert (article.title, article.author) == ("Sochi congress opens", "Mara Lind")


def test_a_title_that_is_given_is_not_a_paragraph_again() -> None:
    article = composed("Talks end in Sochi\n\n" + BODY, title="Talks End in Sochi")
    assert [block.kind for block in article.blocks] == ["body"]


@pytest.mark.parametrize(
    ("lede", "title"),
    [
        ("The talks ended. Nobody spoke.", "The talks ended"),
        ("VIENNA, Jan 26 – The talks ended. Nobody spoke.", "The talks ended"),
        ("Did the talks end? Nobody knew.", "Did the talks end?"),
        ("word " * 40, "word " * 20 + "word…"),
    ],
)
def test_a_title_comes_from_the_lede_where_there_is_none(lede: str, title: str) -> None:
    assert title_from(lede) == title


def test_short_lines_between_paragraphs_are_headings() -> None:
    article = composed(BODY + "An Empty Row\n\n" + BODY)
    assert [block.kind for block in article.blocks] == ["body", "heading", "body"]


@pytest.mark.parametrize(
    "text",
    [
        "It ended.",
        "and so on",
        "• a point",
        "Yes, he said,",
        "1,600",
        "Dara · 12",
        "a\nb",
        "x" * 90,
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert not is_heading(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("So he said.Russia did not.", ["So he said.", "Russia did not."]),
        ("“We go,” he said.“They stay.” So.", ["“We go,” he said.", "“They stay.” So."]),
        ("It is their “term.”Ja’afari spoke.", ["It is their “term.”", "Ja’afari spoke."]),
        ("انتهت المحادثات.وقال المبعوث", ["انتهت المحادثات.", "وقال المبعوث"]),
    ],
)
def test_glued_sentences_are_parted(text: str, pieces: list[str]) -> None:
    assert split_paragraphs(text) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "The U.S.Army was there.",
        "See www.Example.com or Example.Org for more.",
        "He paid 3.Five people left.",
        "St.Petersburg and Washington D.C.Officials",
        "They wrote Node.Js code.",
    ],
)
def test_what_only_looks_glued_stays_whole(text: str) -> None:
    assert split_paragraphs(text) == [text]


def test_paragraphs_end_at_blank_lines() -> None:
    assert split_paragraphs("One.\n\n \nTwo") == ["One.", "Two"]


def test_lines_that_end_sentences_are_paragraphs() -> None:
    assert split_paragraphs("He went.\nShe stayed.\nThey spoke.") == [
        "He went.",
        "She stayed.",
        "They spoke.",
    ]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = "\n".join(["a line of some seventy characters that goes on in the next one,"] * 5)
    assert split_paragraphs(text) == [text]


@given(st.text())
def test_no_letter_is_lost(text: str) -> None:
    text = clean(text)
    kept = "".join("".join(split_paragraphs(text)).split())
    assert kept == "".join(text.split())


@given(st.text())
def test_any_text_composes(text: str) -> None:
    article = composed(clean(text))
    assert all(block.text.strip() for block in article.blocks)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two. Three.", 3),
        ("Mr. Trump met Gen. Smith in the U.S. on Monday. He left.", 2),
        ("“Go,” he said. “Stay.”", 2),
        ("قال ذلك. ثم ذهب؟ نعم.", 3),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@given(st.text())
def test_sentences_stand_in_order_and_apart(text: str) -> None:
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_control_characters_and_carriage_returns_are_cleaned() -> None:
    assert clean("\ufeffa\r\nb\x00\x1b[31mc\ud800") == "a\nb[31mc\ufffd"


def test_no_name_is_that_of_two_news_agencies() -> None:
    names = [name for others in read_word_lists(WIRES).values() for name in others]
    assert len(names) == len(set(names))
    assert all(name == name.lower() for name in names)
