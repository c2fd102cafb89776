"""Why a name is taken for an entity, in phrases for readers."""

import pytest

from syriasearch import find_mentions
from syriasearch.entities.reasons import BY_RULE, rule_reason
from syriasearch.entities.rules.rule_finder import RULES

UNQUOTED = {"parts", "acronyms", "addresses", "cities"}
"""Rules without a word that could be quoted."""


def why(text: str) -> dict[str, str]:
    return {mention.surface: mention.why for mention in find_mentions(text)}


@pytest.mark.parametrize(
    ("text", "surface", "reason"),
    [
        ("Lavrov left.", "Lavrov", "a known name of Sergei Lavrov, and of nobody else"),
        ("They met in Sochi.", "Sochi", "a known name, of nobody else"),
        ("Gen. Xander Qux spoke.", "Xander Qux", "a person: the title ‘Gen.’ is before the name"),
        (
            "then Deputy Prime Minister Xander Qux spoke.",
            "Xander Qux",
            "a person: the title ‘Deputy Prime Minister’ is before the name",
        ),
        (
            "then Secretary of Defense Xander Qux spoke.",
            "Xander Qux",
            "a person: the title ‘Secretary of Defense’ is before the name",
        ),
        (
            "by Ryan Dillon.",
            "Ryan Dillon",
            "a person: each word of it is a first name or a family name",
        ),
        (
            "and Ryan Dillon spoke. Then Dillon left.",
            "Dillon",
            "short for Ryan Dillon, named in full in the article",
        ),
        ("when Dillon said so", "Dillon", "a person: the word ‘said’ is after the name"),
        (
            "and the Zorbia Dam broke",
            "Zorbia Dam",
            "a place: the word ‘Dam’ in its name says so",
        ),
        (
            "and Abu Jandal al-Kuwaiti spoke",
            "Abu Jandal al-Kuwaiti",
            "a person: the word ‘Abu’ in it is usual in names of persons",
        ),
        (
            "in the town of Zorbia yesterday",
            "Zorbia",
            "a place: the word ‘town’ is next to the name",
        ),
        (
            "paid by the SRTF today",
            "SRTF",
            "an organization: it is written in capitals, and is not a common word",
        ),
        (
            "The Syria Recovery Trust Fund (SRTF) paid. SRTF is rich.",
            "SRTF",
            "short for Syria Recovery Trust Fund: the article has it in brackets after that name",
        ),
        ("then John Q. Kerry spoke", "John Q. Kerry", "the name of John Kerry, but for initials"),
    ],
)
def test_a_name_says_why(text: str, surface: str, reason: str) -> None:
    assert why(text)[surface].startswith(reason)


def test_every_rule_has_a_phrase() -> None:
    # The others lengthen other names, or find known ones.
    assert RULES - BY_RULE.keys() <= {"extension", "neighbours", "spellings"}


@pytest.mark.parametrize("rule", BY_RULE)
def test_a_phrase_is_whole_without_a_word_to_quote(rule: str) -> None:
    reason = rule_reason(rule, "person", "Qux", 0, 3)
    assert "{" not in reason
    assert "‘" not in reason


@pytest.mark.parametrize("rule", sorted(BY_RULE.keys() - UNQUOTED))
def test_a_phrase_has_room_for_the_word_that_shows_it(rule: str) -> None:
    assert "{cue}" in BY_RULE[rule]


def test_every_name_says_why() -> None:
    text = "Gen. Xander Qux and Lavrov met Assad in Tripoli.\n\nQux left the SNC, said Dillon."
    assert all(mention.why for mention in find_mentions(text))
