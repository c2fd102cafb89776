"""Known persons behind a title, with initials or in another order, and words that are nobody."""

import pytest

from syriasearch import find_mentions


@pytest.mark.parametrize(
    ("text", "surface", "slug"),
    [
        ("Jordan’s King Abdullah II left.", "Jordan’s King Abdullah II", "king-abdullah-ii"),
        ("Shaykh Yusuf al-Qaradawi left.", "Yusuf al-Qaradawi", "yusuf-al-qaradawi"),
        ("Cheikh Yusuf al-Qaradawi left.", "Yusuf al-Qaradawi", "yusuf-al-qaradawi"),
        ("Sheykh Yusuf al-Qaradawi left.", "Yusuf al-Qaradawi", "yusuf-al-qaradawi"),
        ("Rep. Edward R. Royce left.", "Edward R. Royce", "ed-royce"),
        ("Gov. Christopher J. Christie left.", "Christopher J. Christie", "chris-christie"),
        ("when Obama Barack said so", "Obama Barack", "barack-obama"),
        ("when Lavrov Sergei said so", "Lavrov Sergei", "sergei-lavrov"),
        ("when Putin Vladimir said so", "Putin Vladimir", "vladimir-putin"),
        ("Wasn't Obama right?", "Obama", "barack-obama"),
        ("Didn’t Obama say so?", "Obama", "barack-obama"),
        ("They’re Obama voters.", "Obama", "barack-obama"),
        ("قتل رفيق أسامة بن لادن في الغارة", "أسامة بن لادن", "osama-bin-laden"),
        ("وصل رفيق بشار الأسد إلى دمشق", "بشار الأسد", "bashar-al-assad"),
        ("يعد الرفيق بشار الأسد قائدا", "بشار الأسد", "bashar-al-assad"),
        ("caves of Tora Bora, where", "Tora Bora", "tora-bora"),
        ("في جبال تورا بورا مع", "تورا بورا", "tora-bora"),
    ],
)
def test_a_known_name_is_found(text: str, surface: str, slug: str) -> None:
    found = {mention.surface: mention.entity.slug for mention in find_mentions(text)}
    assert found.get(surface) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("President George H. W. Bush left.", "george-w-bush"),
        ("Hussein Barack left.", "barack-obama"),
        ("the grocer Hassan Rouhani Hassan left", "barack-obama"),
    ],
)
def test_other_initials_are_of_others(text: str, slug: str) -> None:
    assert slug not in {mention.entity.slug for mention in find_mentions(text)}


def test_a_name_ends_with_junior() -> None:
    found = [mention.surface for mention in find_mentions("by Michael Flynn Jr. Flynn said so.")]
    assert "Michael Flynn Jr. Flynn" not in found


@pytest.mark.parametrize(
    "text",
    [
        "قال الرئيس كلينتون إن الضربات ناجحة",
        "عبر وزير الخارجية الألماني عن حرص الحكومة الألمانية على ذلك، وعن حرص الناس",
        "رئيس بعثة المراقبين الدوليين كان يراوغ، وكان يراوغ",
        "يؤكد حرص المملكة على السلام، وهو حرص كبير",
        "وقالت متحدثة باسم خفر السواحل، وأعلن خفر السواحل",
    ],
)
def test_an_arabic_noun_or_verb_is_no_person(text: str) -> None:
    unknown = {
        mention.surface
        for mention in find_mentions(text)
        if mention.recognizer == "rules" and mention.entity.type == "person"
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("وقال وزير الخارجية الألماني شتاينماير إن ذلك ممكن. وقال شتاينماير", "شتاينماير"),
        ("قال ممثل الائتلاف السوري لدى دول الخليج أديب الشيشكلي", "أديب الشيشكلي"),
    ],
)
def test_a_person_follows_an_office(text: str, surface: str) -> None:
    assert surface in {mention.surface for mention in find_mentions(text)}


@pytest.mark.parametrize(
    ("text", "surface", "why"),
    [
        ("V. Putin left.", "V. Putin", "the name of Vladimir Putin, with an initial for a name"),
        ("and Assad Sr. was there", "Assad", "Hafez al-Assad, as the words next to the name say"),
        ("in Al Bab today", "Al Bab", "a spelling of the name of Al-Bab"),
        (
            "by Lavrov Sergei.",
            "Lavrov Sergei",
            "the name of Sergei Lavrov, with the family name first",
        ),
        (
            "by Sergei Viktorovich Lavrov.",
            "Sergei Viktorovich Lavrov",
            "the name of Sergei Lavrov, with further names or initials",
        ),
    ],
)
def test_the_reason_says_how_the_name_differs(text: str, surface: str, why: str) -> None:
    assert {mention.surface: mention.why for mention in find_mentions(text)}.get(surface) == why
