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


@pytest.mark.parametrize(
    ("text", "published", "slug"),
    [
        ("Then President Clinton spoke.", "1998-05-01", "bill-clinton"),
        ("President Clinton spoke.", None, "bill-clinton"),
        ("It shows how a potential President Clinton would act.", None, "hillary-clinton"),
        ("President Bush spoke.", "1990-05-01", "george-h-w-bush"),
        ("President Bush invaded Iraq in 2003.", "2015-05-01", "george-w-bush"),
        ("President Assad met him.", "1985-05-01", "hafez-al-assad"),
        ("President Assad met him.", "1999-05-01", "hafez-al-assad"),
        ("In 1983, President Assad fell ill.", "2015-05-01", "hafez-al-assad"),
        ("President Assad met him.", "2015-05-01", "bashar-al-assad"),
        ("President Assad met him.", None, "bashar-al-assad"),
        ("the late Syrian President Assad built it.", None, "hafez-al-assad"),
        ("Mrs. Assad visited.", None, "asma-al-assad"),
        ("First Lady Assad visited.", None, "asma-al-assad"),
        ("Mrs. Obama spoke.", None, "michelle-obama"),
        ("Mrs. Clinton spoke.", None, "hillary-clinton"),
        ("Mrs. Merkel spoke.", None, "angela-merkel"),
    ],
)
def test_a_title_says_who_is_meant(text: str, published: str | None, slug: str) -> None:
    assert named(text, published=published) == [slug]


@pytest.mark.parametrize(
    "text", ["Mrs. Lavrov left.", "Egyptian President Assad left.", "Iraqi President Assad left."]
)
def test_a_title_that_is_not_the_persons_is_another_persons(text: str) -> None:
    assert named(text) == []


def test_mrs_is_the_woman_also_where_the_man_is_named() -> None:
    text = "Bill Clinton left. Mrs. Clinton stayed."
    assert named(text) == ["bill-clinton", "hillary-clinton"]


@pytest.mark.parametrize(
    "text",
    ["إذا جاء نصر الله والفتح", "وقال إن المذهب الجعفري", "في المطبخ البغدادي", "برج الأسد"],
)
def test_arabic_words_are_no_family_names(text: str) -> None:
    assert named(text) == []
