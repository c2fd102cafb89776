"""Where a name stands in a text, and whose it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Entity, find_mentions
from syriasearch.entities.gazetteer import Gazetteer
from syriasearch.entities.recognizer import TextRecognizer, default_recognizer

COUNCIL = Entity("council", "Syrian National Council", "organization", aliases=("SNC",))
COALITION = Entity("coalition", "National Coalition", "organization", aliases=("SNC",))
AMERICA = Entity("united-states", "United States", "place", aliases=("US", "U.S."))
LEBANON = Entity("lebanon", "Lebanon", "place", aliases=("لبنان",))
OPPOSITION = Entity("opposition", "Opposition Coalition", "group", aliases=("المعارضة",))
CONGRESS = Entity("congress", "Sochi Congress", "event", aliases=("people's congress",))
SOCHI = Entity("sochi", "Sochi", "place")
JAAFARI = Entity("jaafari", "Bashar al-Jaafari", "person", aliases=("Jaafari", "al-Jaafari"))
RECOGNIZER = TextRecognizer(
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


def outside(text: str) -> list[tuple[str, str]]:
    """Return what rules find in a text without any gazetteer."""
    (mentions,) = TextRecognizer(Gazetteer(())).recognize([text])
    return [(mention.surface, mention.entity.type) for mention in mentions]


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("the Aleppo Media Center said", "Aleppo Media Center", "organization"),
        ("the Observatory for Human Rights", "Observatory for Human Rights", "organization"),
        ("the Ministry of Higher Education", "Ministry of Higher Education", "organization"),
        (
            "a Board of Antiquities and Heritage",
            "Board of Antiquities and Heritage",
            "organization",
        ),
        ("of the 5th Special Forces Group", "5th Special Forces Group", "organization"),
        ("men of the Sword Brigade fled", "Sword Brigade", "group"),
        ("joined Jaysh al-Haqq in May", "Jaysh al-Haqq", "group"),
        ("at the Mosul Dam", "Mosul Dam", "place"),
        ("near Tel Rifat", "Tel Rifat", "place"),
        ("the town of Marea fell", "Marea", "place"),
        ("in Darayya district", "Darayya", "place"),
        ("met with Ryan Dillon there", "Ryan Dillon", "person"),
        ("said Col. Ryan Dillon", "Ryan Dillon", "person"),
        ("Deputy Foreign Minister Zorb met", "Zorb", "person"),
        ("Secretary of State Rex Tillerson", "Rex Tillerson", "person"),
        ("killed Abu Jandal al-Kuwaiti", "Abu Jandal al-Kuwaiti", "person"),
        ("then Dillon said so", "Dillon", "person"),
        ("paid by the SRTF", "SRTF", "organization"),
    ],
)
def test_a_word_beside_it_tells_that_a_name_stands_here(text: str, surface: str, kind: str) -> None:
    assert outside(text) == [(surface, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "We said so. The rebels fled.",
        "On Monday in March they left.",
        "Syrian Opposition Calls For Boycott Of Congress",  # a headline
        "WATCH THIS VIDEO NOW",
        "Advertisement",
        "Caption Share Tweet",
        "Photo Caption",
        "The CEO and two NGOs said on TV",
        "He read Great Expectations",
        "Republican Senators",
        "The Government",
    ],
)
def test_a_capital_alone_makes_no_name(text: str) -> None:
    assert outside(text) == []


@pytest.mark.parametrize(
    ("paragraphs", "slugs", "reason"),
    [
        (
            ["Ryan Dillon spoke.", "Dillon left."],
            ["ryan-dillon"] * 2,
            "short for Ryan Dillon, named in full in the article",
        ),
        (
            ["Mr Dillon left.", "Ryan Dillon spoke."],
            ["ryan-dillon"] * 2,
            "short for Ryan Dillon, named in full in the article",
        ),
        (
            ["The Syria Justice Committee met.", "The Committee left."],
            ["syria-justice-committee"] * 2,
            "short for Syria Justice Committee, named in full in the article",
        ),
        (
            ["The Syria Recovery Trust Fund (SRTF) paid.", "SRTF paid."],
            ["syria-recovery-trust-fund"] * 3,
            "short for Syria Recovery Trust Fund: the article has it in brackets after that name",
        ),
    ],
)
def test_a_short_form_is_that_of_the_full_name(
    paragraphs: list[str], slugs: list[str], reason: str
) -> None:
    mentions = [
        mention for each in TextRecognizer(Gazetteer(())).recognize(paragraphs) for mention in each
    ]
    assert [mention.entity.slug for mention in mentions] == slugs
    assert reason in [mention.reason for mention in mentions]


def test_a_surname_of_two_is_nobodys() -> None:
    assert outside("Ryan Dillon met Matt Dillon. Dillon left.") == [
        ("Ryan Dillon", "person"),
        ("Matt Dillon", "person"),
    ]


@pytest.mark.parametrize(
    ("paragraphs", "slugs"),
    [
        (["The Front attacked."], [[]]),
        (["Opposition Coalition fought.", "The Front attacked."], [["opposition"], ["opposition"]]),
    ],
)
def test_a_weak_alias_tells_only_beside_another(
    paragraphs: list[str], slugs: list[list[str]]
) -> None:
    front = Entity("opposition", "Opposition Coalition", "group", aliases=("~the Front",))
    found = TextRecognizer(Gazetteer((front,)), rules=frozenset()).recognize(paragraphs)
    assert [[mention.entity.slug for mention in each] for each in found] == slugs


def test_a_first_name_before_a_known_surname_makes_another_person() -> None:
    assert found("Hassan Jaafari met Jaafari, Bashar al-Jaafari.") == [
        [
            ("Hassan Jaafari", "hassan-jaafari"),
            ("Jaafari", "jaafari"),
            ("Bashar al-Jaafari", "jaafari"),
        ]
    ]


def test_a_lone_surname_is_that_of_the_full_name_before_the_better_known() -> None:
    assert found("Hassan Jaafari spoke.", "Jaafari left.")[1] == [("Jaafari", "hassan-jaafari")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The U.S. Army came.", [("U.S. Army", "us-army")]),
        (
            "John F. Kerry and Susan Z. Rice",
            [("John F. Kerry", "john-kerry"), ("Susan Z. Rice", "susan-rice")],
        ),
        ("Ambassador J. Christopher Stevens", [("J. Christopher Stevens", "christopher-stevens")]),
        (
            "IS claimed it, WHO said",
            [("IS", "islamic-state"), ("WHO", "world-health-organization")],
        ),
        ("WHO IS THERE NOW", []),
        ("US/UK forces", [("US", "united-states"), ("UK", "united-kingdom")]),
        ("The siege of Kobani", [("siege of Kobani", "siege-of-kobani")]),
        ("Home Latest Android Youtube Satellite Coverage Partner Hotels Careers Press", []),
    ],
)
def test_the_gazetteer_is_found_as_news_writes_it(text: str, names: list[tuple[str, str]]) -> None:
    seen = [(each.surface, each.entity.slug) for each in find_mentions(text)]
    assert [each for each in seen if each[1] != "youtube"] == names


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Jaafaris speech in Sochis hall", ["Jaafari", "Sochi"]),  # apostrophes were stripped
        ("Jaafaris speech in Sochi's hall", ["Sochi"]),  # they were not
        ("Bashar al-Jaafaris speech", ["Bashar al-Jaafari"]),
        ("the National Coalitions members", ["National Coalition"]),
        ("Bashar. Al-Jaafaris speech", ["Al-Jaafari"]),  # not across a sentence's end
    ],
)
def test_a_lost_apostrophe_is_made_up_for(text: str, surfaces: list[str]) -> None:
    assert [surface for surface, _ in found(text)[0]] == surfaces


def test_an_acronym_that_is_a_word_is_one_among_capitals() -> None:
    assert found("TELL US NOW") == [[]]
    assert found("The US left") == [[("US", "united-states")]]


@given(st.text(alphabet="ABabc .,'’-()\n“", max_size=60))
def test_rules_keep_offsets_exact_and_names_apart(text: str) -> None:
    (mentions,) = TextRecognizer(Gazetteer((COALITION,))).recognize([text])
    behind = 0
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.surface
        assert mention.start >= behind
        behind = mention.end
