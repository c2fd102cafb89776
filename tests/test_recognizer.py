"""Where a name stands in a text, and whose it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Entity, find_mentions
from syriasearch.entities import Gazetteer, GazetteerRecognizer, default_recognizer

COUNCIL = Entity("council", "Syrian National Council", "organization", aliases=("SNC",))
COALITION = Entity("coalition", "National Coalition", "organization", aliases=("SNC",))
AMERICA = Entity("united-states", "United States", "place", aliases=("US", "U.S."))
LEBANON = Entity("lebanon", "Lebanon", "place", aliases=("لبنان",))
OPPOSITION = Entity("opposition", "Opposition Coalition", "group", aliases=("المعارضة",))
CONGRESS = Entity("congress", "Sochi Congress", "event", aliases=("people's congress",))
SOCHI = Entity("sochi", "Sochi", "place")
JAAFARI = Entity("jaafari", "Bashar al-Jaafari", "person", aliases=("Jaafari", "al-Jaafari"))
RECOGNIZER = GazetteerRecognizer(
    Gazetteer((COUNCIL, COALITION, AMERICA, LEBANON, OPPOSITION, CONGRESS, SOCHI, JAAFARI))
)


def found(*paragraphs: str) -> list[list[tuple[str, str]]]:
    return [
        [(mention.surface, mention.entity.slug) for mention in mentions]
        for mentions in RECOGNIZER.recognize(paragraphs)
    ]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Bashar al-Ja’afari spoke.", ["Bashar al-Ja’afari"]),
        ("Ja'afari’s focus", ["Ja'afari"]),  # the possessive is no part of the name
        ("said.Jaafari did not", ["Jaafari"]),  # a space is missing
        ("Bashar\n  al-Jaafari", ["Bashar\n  al-Jaafari"]),  # across a line end
        ("BASHAR AL-JAAFARI", ["BASHAR AL-JAAFARI"]),
        ("Bashar. Al-Jaafari", ["Al-Jaafari"]),  # not across a sentence's end
        ("Jaafarians", []),  # whole words only
        ("jaafari", []),  # a name has a capital
        ("the people’s congress met", ["people’s congress"]),  # unless the alias has none
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, surfaces: list[str]) -> None:
    assert [surface for surface, _ in found(text)[0]] == surfaces


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [("The US said", ["US"]), ("The U.S. said", ["U.S."[:-1]]), ("told us so", [])],
)
def test_an_acronym_stands_in_capitals(text: str, surfaces: list[str]) -> None:
    assert [surface for surface, _ in found(text)[0]] == surfaces


def test_of_names_that_overlap_the_longest_wins() -> None:
    assert found("The Sochi Congress in Sochi") == [
        [("Sochi Congress", "congress"), ("Sochi", "sochi")]
    ]


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("في لبنان", "لبنان"),
        ("ولبنان", "لبنان"),
        ("بلبنان", "لبنان"),
        ("وبلبنان", "لبنان"),
        ("والمعارضة", "المعارضة"),
        ("للمعارضة", "لمعارضة"),  # the article loses its alef, so its lam is all there is of it
        ("المُعارَضـــةُ", "المُعارَضـــةُ"),
    ],
)
def test_an_arabic_name_is_found_behind_what_is_written_to_it(text: str, surface: str) -> None:
    assert [each for each, _ in found(text)[0]] == [surface]


def test_a_name_of_several_counts_for_the_one_that_the_article_names_otherwise() -> None:
    assert found("The National Coalition met.", "The SNC left.")[1] == [("SNC", "coalition")]


def test_a_name_of_several_counts_for_all_where_nothing_settles_it() -> None:
    assert found("The SNC left.") == [[("SNC", "council"), ("SNC", "coalition")]]


@given(st.lists(st.text(alphabet="SNC Uus.لبناوJafri'’al- \n\u064b\u0640"), max_size=3))
def test_offsets_are_exact(paragraphs: list[str]) -> None:
    for text, mentions in zip(paragraphs, RECOGNIZER.recognize(paragraphs), strict=True):
        last = (0, 0)
        for mention in mentions:
            assert text[mention.start : mention.end] == mention.surface
            span = (mention.start, mention.end)
            assert span == last or mention.start >= last[1]
            last = span


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Staffan de Mistura met Lavrov in Vienna.", ["staffan-de-mistura", "sergei-lavrov"]),
        ("قال ستافان دي ميستورا في جنيف", ["staffan-de-mistura", "geneva"]),
        ("the Syrian Democratic Forces (SDF)", ["syrian-democratic-forces"] * 2),
    ],
)
def test_the_gazetteer_of_the_package_finds_the_people_of_this_conflict(
    text: str, slugs: list[str]
) -> None:
    assert [mention.entity.slug for mention in find_mentions(text)][: len(slugs)] == slugs


def test_a_mention_tells_what_found_it() -> None:
    mention = find_mentions("In Afrin.")[0]
    assert (mention.start, mention.end, mention.surface) == (3, 8, "Afrin")
    assert (mention.entity.type, mention.recognizer) == ("place", "gazetteer")


def test_the_recognizer_is_built_once() -> None:
    assert default_recognizer() is default_recognizer()
