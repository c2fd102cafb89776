"""What the words next to a name, and the article, show it to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Entity, find_mentions
from syriasearch.entities.gazetteer import Gazetteer
from syriasearch.entities.recognizer import TextRecognizer
from syriasearch.entities.rules.world_places import StateFinder, cities

TEXAS = Entity("texas", "Texas", "place")
TRIPOLI = Entity("tripoli-lebanon", "Tripoli, Lebanon", "place", aliases=("~Tripoli",))
LEBANON = Entity("lebanon", "Lebanon", "place")
ARIZONA = Entity("arizona", "Arizona", "place")
PLACES = TextRecognizer(Gazetteer((TEXAS, TRIPOLI, LEBANON, ARIZONA)))

TYPES = {"P": "person", "O": "organization", "G": "group", "L": "place"}


def found(*paragraphs: str) -> list[tuple[str, str]]:
    return [
        (mention.surface, mention.entity.type)
        for mentions in PLACES.recognize(paragraphs)
        for mention in mentions
    ]


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        # a noun for a person before it, or in apposition after it
        ("the activist Zorbo Qwertsky told us", "Zorbo Qwertsky", "P"),
        ("the third suspect, Zorbo Qwertsky, who fled", "Zorbo Qwertsky", "P"),
        ("as Zorbo Qwertsky, a former spokesman for it, knew", "Zorbo Qwertsky", "P"),
        ("as Zorbo Qwertsky, professor of law, knew", "Zorbo Qwertsky", "P"),
        ("that Zorbo Qwertsky, 26, fled", "Zorbo Qwertsky", "P"),
        ("that Zorbo Qwertsky, who fled, knew", "Zorbo Qwertsky", "P"),
        ("it was Mr. Price who knew", "Price", "P"),
        ("told Rep. Maxine Waters so", "Maxine Waters", "P"),
        ("told us that Prayuth Chan-ocha knew", "Prayuth Chan-ocha", "P"),
        # a noun for an organization
        ("of the French company Total.", "Total", "O"),
        ("the climate group Carbon Brief found", "Carbon Brief", "O"),
        ("the think tank Qwertsky knew", "Qwertsky", "O"),
        ("the rebel group Qwertsky knew", "Qwertsky", "G"),
        ("as Qwertsky, a maker of cars, knew", "Qwertsky", "O"),
        ("as Qwertsky, Germany's largest bank, knew", "Qwertsky", "O"),
        ("as the Qwertsky news agency put it", "Qwertsky", "O"),
        ("when Qwertsky shares fell", "Qwertsky", "O"),
        ("of Johnson & Johnson in May", "Johnson & Johnson", "O"),
        ("the Women's Media Center knew", "Women's Media Center", "O"),
        ("of McDonald's Corp. in May", "McDonald's Corp.", "O"),
        ("as AT&T knew", "AT&T", "O"),
        ("as ProPublica knew", "ProPublica", "O"),
        ("as Qwertsky.com knew", "Qwertsky.com", "O"),
        ("on the New York Stock Exchange", "New York Stock Exchange", "O"),
        # a place
        ("the town of Umm Qwert fell", "Umm Qwert", "L"),
        ("miles from Qwertsky yesterday", "Qwertsky", "L"),
        ("south of Qwertsky yesterday", "Qwertsky", "L"),
        ("in Qwertsky, a city of many", "Qwertsky", "L"),
        ("a home in Tempe yesterday", "Tempe", "L"),
        ("a home in Boise yesterday", "Boise", "L"),
    ],
)
def test_the_words_next_to_a_name_show_what_it_is_of(text: str, surface: str, kind: str) -> None:
    assert found(text) == [(surface, TYPES[kind])]


@pytest.mark.parametrize(
    "text",
    [
        "the activist Qwertsky's",  # a surname alone may be anything
        "In Qwertsky, a spokesman for it knew",
        "Read our newsletter Sign up today",
        "the Qwertskian company knew",
        "a party spokesman, and the company said",
        "the #MeToo movement",
        "from @ProPublica",
        "https://t.co/YliqkRpTBy",
        "on his PlayStation",
        "I've told you, and I'm sorry",
        "said Boise yesterday",  # which may be somebody's name
    ],
)
def test_what_shows_nothing(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in Hammond, Texas, yesterday", [("Hammond", "place"), ("Texas", "place")]),
        ("the Bellevut, Texas-based firm", [("Bellevut", "place"), ("Texas", "place")]),
        ("in Hammond, Ariz., yesterday", [("Hammond", "place"), ("Ariz", "place")]),
        ("John McCain (R-Ariz.) said", [("John McCain", "person"), ("Ariz", "place")]),
        ("The Avont, Ariz., company", [("Avont", "place"), ("Ariz", "place")]),
        ("in Tripoli, Lebanon, today", [("Tripoli", "place"), ("Lebanon", "place")]),
        ("George Floyd, Texas, 2020", [("George Floyd", "person"), ("Texas", "place")]),
    ],
)
def test_a_place_after_a_comma_shows_a_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_an_abbreviated_state_is_the_state() -> None:
    mentions = find_mentions("Watertown, Mass., and Boise, Idaho. Said a senator, R-Ariz.")
    assert [each.entity.slug for each in mentions if each.recognizer == "gazetteer"] == [
        "massachusetts",
        "idaho",
        "arizona",
    ]


def test_a_currency_is_no_country() -> None:
    america = Entity("united-states", "United States", "place", aliases=("US",))
    recognizer = TextRecognizer(Gazetteer((america,)))
    (mentions,) = recognizer.recognize(["The US paid (US$13.73) and C$9"])
    assert [(each.surface, each.start) for each in mentions] == [("US", 4)]


@pytest.mark.parametrize("text", ["We saw Mass. We left.", "Hello, Miss. Smith came", "Ariz"])
def test_an_abbreviation_alone_is_no_state(text: str) -> None:
    assert found(text) == [] or "Ariz" not in dict(found(text))


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (
            ["Coleco Industries Inc. filed.", "But Coleco failed, and Coleco's stock fell."],
            [
                ("Coleco Industries Inc.", "organization"),
                ("Coleco", "organization"),
                ("Coleco", "organization"),
            ],
        ),
        (
            # A company that is called like a person is that company, unless it is titled.
            ["Milton Roy Corp. sold it.", "Milton Roy said so. Mr. Roy left."],
            [
                ("Milton Roy Corp.", "organization"),
                ("Milton Roy", "organization"),
                ("Roy", "person"),
            ],
        ),
        (
            ["The suspect Zorbo Qwertsky fled.", "They saw Zorbo Qwertsky there."],
            [("Zorbo Qwertsky", "person"), ("Zorbo Qwertsky", "person")],
        ),
        (
            ["the village of Khatabb fell", "residents of Khatabb fled"],
            [("Khatabb", "place"), ("Khatabb", "place")],
        ),
        (
            ["the company Qwertsky said", "what Qwertsky does"],
            [("Qwertsky", "organization"), ("Qwertsky", "organization")],
        ),
    ],
)
def test_a_name_that_the_article_repeats_is_the_same(
    paragraphs: list[str], expected: list[tuple[str, str]]
) -> None:
    assert found(*paragraphs) == expected


def test_each_rule_may_be_left_out() -> None:
    for rule, text in (
        ("roles", "the activist Zorbo Qwertsky told"),
        ("kinds", "of the French company Total."),
        ("addresses", "in Hammond, Texas, yesterday"),
        ("cities", "a home in Tempe yesterday"),
    ):
        every = TextRecognizer(Gazetteer((TEXAS,)))
        without = TextRecognizer(Gazetteer((TEXAS,)), rules=every.rules - {rule})
        assert len(without.recognize([text])[0]) < len(every.recognize([text])[0])


def test_the_states_that_are_abbreviated_are_in_the_gazetteer() -> None:
    from syriasearch.entities.gazetteer import DATA, default_gazetteer

    lines = (DATA / "state_abbreviations.txt").read_text(encoding="utf-8").splitlines()
    slugs = [line.split()[1] for line in lines if not line.startswith("#")]
    assert len(slugs) == len(set(slugs))
    assert set(slugs) <= {entity.slug for entity in default_gazetteer().entities}


def test_cities_are_written_once() -> None:
    from syriasearch.entities.gazetteer import DATA

    lines = (DATA / "cities.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    assert len(names) == len(cities()) == len({name.lower() for name in names})


@given(st.text(alphabet="ABabc .,'’-&()\n“RDof", max_size=60))
def test_states_keep_matches_apart(text: str) -> None:
    end = 0
    for match in StateFinder({"texas": TEXAS, "arizona": ARIZONA}).find(text, []):
        assert match.start >= end
        end = match.end
