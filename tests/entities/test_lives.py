"""Who is meant by a known name, by ranks, trades, ages and offices in the words next to it."""

import pytest

from syriasearch import find_mentions


def named(text: str, *, published: str | None = None) -> list[str]:
    """Return the slugs of the persons named in a text, in order."""
    mentions = find_mentions(text, published=published)
    return [each.entity.slug for each in mentions if each.entity.type == "person"]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("In 1971, Navy Lt. John F. Kerry testified. John Kerry left.", "john-kerry"),
        ("Pentagon spokesman, Capt. John Kirby spoke. John Kirby left.", "john-kirby"),
        ("Capt. Qassem Soleimani fought at Khorramshahr in 1982.", "qassem-soleimani"),
        ("Lt. Gamal Abdel Nasser was wounded.", "gamal-abdel-nasser"),
        ("Capt. Hafez al-Assad plotted in 1961.", "hafez-al-assad"),
    ],
)
def test_a_low_rank_in_early_years_is_the_known_persons(text: str, slug: str) -> None:
    assert set(named(text)) == {slug}


def test_a_namesake_takes_no_mention_with_the_known_persons_title() -> None:
    text = "Lt. John Kerry of the fire brigade spoke. Secretary of State John Kerry left."
    assert named(text) == ["john-kerry-namesake", "john-kerry"]


@pytest.mark.parametrize(
    "text",
    [
        "Capt. John Kerry of the fire department spoke.",
        "John Kerry, a student at Harvard, sang.",
        "Dr. John Kerry, a dentist in Ohio, sang.",
        "Coach Sergei Lavrov trained the team.",
        "Hassan Nasrallah, 8, was killed.",
        "Hassan Nasrallah, aged 11, was killed.",
        "An 8-year-old Hassan Nasrallah was killed.",
        "Nurse Lavrov helped.",
        "Rabbi Obama spoke.",
        "the singer Assad sang.",
        "قُتل حمزة الخطيب مدير المستشفى أمس",
        "قال حمزة الخطيب الناطق باسم المجلس",
        "حمزة الخطيب عضو المجلس المحلي",
    ],
)
def test_trades_and_ages_of_others_are_not_the_known_persons(text: str) -> None:
    assert [slug for slug in named(text) if not slug.endswith("-namesake")] == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("John Kerry, a former student leader, spoke.", "john-kerry"),
        ("John Kerry, the student protests behind him, spoke.", "john-kerry"),
        ("Bashar al-Assad, 52, spoke.", "bashar-al-assad"),
        ("the 66-year-old Sergei Lavrov spoke.", "sergei-lavrov"),
        ("استشهد الطفل حمزة الخطيب في درعا", "hamza-al-khatib"),
    ],
)
def test_what_fits_the_known_person_changes_nothing(text: str, slug: str) -> None:
    assert named(text) == [slug]
