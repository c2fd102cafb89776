"""Spellings of known names in texts: who is for certain meant, and who is not."""

from pathlib import Path

import pytest

from syriasearch import find_mentions
from syriasearch.entities.gazetteer import default_gazetteer
from syriasearch.entities.rules.known_spellings import KnownSpellings


def found(text: str) -> dict[str, str]:
    return {mention.surface: mention.entity.slug for mention in find_mentions(text)}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Waleed Moualem", "walid-al-muallem"),
        ("Bashar Aljaafari", "bashar-al-jaafari"),
        ("Abd al-Fattah as-Sisi", "abdel-fattah-al-sisi"),
        ("Hasan Rowhani", "hassan-rouhani"),
        ("Vladamir Putin", "vladimir-putin"),
        ("Mevut Cavusoglu", "mevlut-cavusoglu"),  # a misprint
    ],
)
def test_a_spelling_of_a_known_name_is_that_person(name: str, slug: str) -> None:
    text = f"On Monday {name} met reporters."
    (mention,) = find_mentions(text)
    assert (mention.surface, mention.entity.slug) == (name, slug)
    assert mention.reason == f"a spelling of the name of {mention.entity.name}"


@pytest.mark.parametrize(
    "name",
    [
        "Bashir Assad",  # another given name
        "Kevin Williamson",  # Gavin
        "Michael McFaul",  # McCaul
        "John Allan",  # Allen
        "Mohammed Salman",  # Mohammed bin Salman
        "Walid Hassan Moualem",  # somebody's son who is not known
        "Moualem Waleed",  # order
        "Moualem",
    ],
)
def test_another_name_is_nobody_known(name: str) -> None:
    assert KnownSpellings(default_gazetteer().entities).entity(name) is None


def test_a_title_is_no_part_of_a_name() -> None:
    assert found("Foreign Minister Waleed Moualem spoke.")["Waleed Moualem"] == "walid-al-muallem"


def test_a_part_of_a_longer_name_is_no_name() -> None:
    assert "walid-al-muallem" not in found("On Monday Hassan Waleed Moualem spoke.").values()


def test_a_family_name_may_come_first_with_a_comma() -> None:
    assert found("It names Moualem, Waleed as its source.") == {
        "Moualem, Waleed": "walid-al-muallem"
    }


def test_an_enumeration_is_no_name() -> None:
    assert found("It was read by Moualem, Waleed and Hassan.") == {}


def test_a_short_form_after_a_spelling_is_the_same_person() -> None:
    text = "Waleed Moualem spoke.\n\nThen Moualem said that he would leave."
    assert found(text) == {"Waleed Moualem": "walid-al-muallem", "Moualem": "walid-al-muallem"}


def test_of_two_listed_persons_whose_names_are_as_near_neither_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "slug,name,type\na,Wael Sobhi Kharrat,person\nb,Wael Sobhi Kharat,person\n",
        encoding="utf-8",
    )
    text = "On Monday Wael Subhi Kharrat spoke."
    slugs = {mention.entity.slug for mention in find_mentions(text, gazetteer=path)}
    assert slugs.isdisjoint({"a", "b"})


@pytest.mark.parametrize(
    ("text", "surname", "slug"),
    [
        ("Rami Abdel Rahman spoke. Abdel Rahman said so.", "Abdel Rahman", "rami-abdulrahman"),
        ("Osama Abu Zaid met them. Abu Zaid said so.", "Abu Zaid", "osama-abu-zeid"),
        ("Fadel Abdul Ghany led it. Abdul Ghany said so.", "Abdul Ghany", "fadel-abdul-ghany"),
    ],
)
def test_a_surname_of_two_words_is_short_for_the_full_name(
    text: str, surname: str, slug: str
) -> None:
    assert found(text)[surname] == slug


def test_a_surname_that_two_in_the_article_have_is_neither() -> None:
    text = "Fadel Abdul Ghany and Sami Abdul Ghany came. Abdul Ghany said so."
    assert found(text)["Abdul Ghany"] == "abdul-ghany"


def test_a_place_that_a_rule_finds_may_be_a_spelling_of_a_known_one() -> None:
    assert found("They met in Khan Shaikhoon on Monday.") == {"Khan Shaikhoon": "khan-sheikhoun"}
    assert found("They met at Mount Simian on Monday.") == {"Mount Simian": "mount-simian"}


def test_a_first_name_that_is_anothers_short_name_hides_no_spelling() -> None:
    text = "Bashar al-Assad spoke on Monday. Bashar Aljaafari did so on Tuesday."
    assert found(text)["Bashar Aljaafari"] == "bashar-al-jaafari"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("عبد الفتاح السيسي", "abdel-fattah-al-sisi"),
        ("عبدالفتاح السيسي", "abdel-fattah-al-sisi"),
        ("أبو بكر البغدادي", "abu-bakr-al-baghdadi"),
        ("أبوبكر البغدادي", "abu-bakr-al-baghdadi"),
        ("أحمد أبوالغيط", "ahmed-aboul-gheit"),
        ("عبد الله أوجلان", "abdullah-ocalan"),
        ("عبدالله أوجلان", "abdullah-ocalan"),
    ],
)
def test_abd_and_abu_may_be_one_word_with_what_follows(name: str, slug: str) -> None:
    assert found(f"قال {name} إن") == {name: slug}
    assert found(f"و{name} قال") == {name: slug}


def test_a_short_name_with_abd_is_that_of_the_full_name() -> None:
    text = "رامي عبدالرحمن مدير المرصد. وقال عبدالرحمن إن"
    assert found(text)["عبدالرحمن"] == "rami-abdulrahman"
