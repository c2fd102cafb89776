"""Villages of Syria in a text: found where the words around them show that a place is meant."""

import pytest

from syriasearch import find_mentions
from syriasearch.entities.gazetteer import default_gazetteer

KNOWN = {entity.slug for entity in default_gazetteer().entities}


def places(text: str) -> list[tuple[str, str]]:
    """Return surface and slug of the places of a text that have a point."""
    return [
        (mention.surface, mention.entity.slug)
        for mention in find_mentions(text)
        if mention.entity.type == "place" and mention.entity.latitude is not None
    ]


def villages(text: str) -> list[tuple[str, str]]:
    """Return those of them that are no towns of the gazetteer."""
    return [found for found in places(text) if found[1] not in KNOWN]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Shells hit the village of Hazwan in Aleppo province on Monday.",
            [("Hazwan", "hazwan-aleppo")],
        ),
        ("In Syria, men from Hazwan village in Aleppo fled.", [("Hazwan", "hazwan-aleppo")]),
        (
            "They took the villages of Kafr Jales and Hazano in Idlib, he said.",
            [("Kafr Jales", "kafr-jalis-idlib"), ("Hazano", "hazzanu-idlib")],
        ),
        (
            "A strike hit Salihiya, Abu Kamal District, that day.",
            [("Salihiya", "al-salihiyah-al-bukamal-deir-ez-zor")],
        ),
        ("قصف الطيران قرية حزوان في ريف حلب أمس", [("حزوان", "hazwan-aleppo")]),
        ("وصلوا إلى قرية حزوان بريف حلب", [("حزوان", "hazwan-aleppo")]),
        (
            "قصف بلدتي كفرجالس وحزانو بريف إدلب",
            [("كفرجالس", "kafr-jalis-idlib"), ("حزانو", "hazzanu-idlib")],
        ),
    ],
)
def test_a_village_is_found_by_the_words_next_to_it(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert [each for each in villages(text) if each in found] == found


@pytest.mark.parametrize(
    "text",
    [
        "The singer Hazwan lives in Aleppo.",  # nothing says that it is a place
        "Ali Hazwan spoke in Aleppo.",  # a person
        "Khalid al-Halabi and Hassan Mansour met in Aleppo.",
        "The Syrian town was shelled. Iraqi villages near Aleppo were too.",  # a people
        "A March in Aleppo, and Hope for the village of the dead.",  # words
        "Hazwan is far from Paris, in a village of France.",  # not in Syria
        "South of Idlib there was fighting, and east of Aleppo.",
        "قال خالد الحلبي في حلب إن حسن منصور غادر",
        "يعيش في عين العاصفة كما قالوا في حلب",
        "The village of Jadida was hit, officials in Damascus said.",  # one of forty
        "They left the village of Hamidiya in Syria.",
        "Raids hit Aleppo and Idlib. The village of Jadida was hit too.",  # several in both
    ],
)
def test_nothing_is_found_without_them(text: str) -> None:
    assert villages(text) == []


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("He fled the village of Mansura in Raqqa province.", "raqqa"),
        ("He fled the village of Mansura, Hama province.", "hama"),
        ("هرب من قرية المشيرفة بريف درعا", "daraa"),
    ],
)
def test_one_of_several_is_chosen_by_its_province(text: str, district: str) -> None:
    assert all(slug.endswith(district) or slug in KNOWN for _, slug in villages(text))


def test_a_preposition_is_no_article() -> None:
    text = "In Idlib province the army set up a base at Deir Sunbul village."
    assert [surface for surface, _ in villages(text)] == ["Deir Sunbul"]


def test_what_contradicts_every_place_of_the_name_finds_none() -> None:
    assert villages("Shells hit the village of Hazwan in Daraa province.") == []


def test_a_village_is_found_again_where_the_article_only_names_it() -> None:
    text = "The village of Hazwan near Al-Bab was hit.\n\nBy noon Hazwan had fallen."
    assert [surface for surface, _ in villages(text)] == ["Hazwan", "Hazwan"]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hazwan", "hazwan-aleppo"),
        ("Hazwan village", "hazwan-aleppo"),
        ("Hazwan, Aleppo", "hazwan-aleppo"),
        ("Aleppo: Hazwan", "hazwan-aleppo"),
        ("near Hazwan (Aleppo)", "hazwan-aleppo"),
        ("قرية حزوان", "hazwan-aleppo"),
        ("حزوان، ريف حلب", "hazwan-aleppo"),
        ("Kefr Jalis", "kafr-jalis-idlib"),
        ("Kfar Nobl", "kafr-nabl"),
        ("Tel Rif'at", "tel-rifaat"),
    ],
)
def test_a_text_may_be_nothing_but_a_name(text: str, slug: str) -> None:
    assert slug in [found for _, found in places(text)]


def test_of_several_places_all_are_candidates_in_such_a_text() -> None:
    found = find_mentions("Musharrafa")
    assert len({mention.entity.slug for mention in found}) > 1
    assert all("have this name" in (mention.reason or "") for mention in found)


@pytest.mark.parametrize(
    "text",
    ["jaafari", "Bashar al-Assad", "John Smith", "Syrian", "Monday", "The war goes on today"],
)
def test_other_short_texts_name_no_village(text: str) -> None:
    assert villages(text) == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Idlib countryside", "idlib-governorate"),
        ("Idlib Governorate", "idlib-governorate"),
        ("ريف إدلب", "idlib-governorate"),
        ("محافظة حلب", "aleppo-governorate"),
    ],
)
def test_a_governorate_has_no_point(text: str, slug: str) -> None:
    (mention,) = find_mentions(text)
    assert (mention.entity.slug, mention.entity.latitude) == (slug, None)


def test_a_direction_is_no_part_of_a_name() -> None:
    assert places("Fighting went on south of Idlib and in eastern Aleppo.")[0] == ("Idlib", "idlib")
    assert places("South of Idlib") == [("Idlib", "idlib")]
    assert places("جنوب إدلب") == [("إدلب", "idlib")]
