"""The criterion: which texts are the same but for small edits."""

import pytest
from stories import LONG, OTHER, STORY, alike


@pytest.mark.parametrize(
    "edited",
    [
        ["A new headline for the same story", *STORY],
        [*STORY[:7], *STORY[9:]],
        [*STORY[:3], STORY[3].replace("the", "a").replace("of", "from"), *STORY[4:]],
        [*STORY[:5], STORY[5].replace("1", "7").replace("2", "8").replace("3", "9"), *STORY[6:]],
        STORY[:12],
        ["By a reporter in the city", *STORY],
    ],
    ids=["headline", "paragraph cut", "words", "number", "first 60 %", "byline"],
)
def test_small_edits_leave_a_text_alike(edited: list[str]) -> None:
    assert alike(STORY, edited)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (OTHER, 0),
        ([*STORY, *OTHER], 0),
        (STORY[:8], 0),
        (
            ["".join(letter if not letter.isdigit() else "5" for letter in each) for each in STORY],
            0,
        ),
        ([*STORY[1:15], "One more sentence."], 10),
    ],
    ids=["another", "two in one", "less than half", "other numbers", "the same form, weeks later"],
)
def test_what_shares_less_is_not_alike(text: list[str], days: int) -> None:
    assert not alike(STORY, text, days)


def test_a_long_text_is_alike_whenever_it_was_published() -> None:
    assert alike(LONG, LONG[1:], 300)


def test_a_short_text_is_alike_only_where_it_is_the_same() -> None:
    assert not alike(STORY[:2], [*STORY[:2], "Again."])
