"""Which spellings are one name's, and which names are never taken for another's."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Archive
from syriasearch.entities.names.known_keys import KnownKeys
from syriasearch.entities.names.phonetic import (
    DATA,
    consonant_skeleton,
    name_keys,
    near_skeletons,
    phonetic_form,
)
from syriasearch.entities.names.similarity import distance, limit, spelling
from syriasearch.search.query.lexicon import Lexicon
from syriasearch.store.connection import open_reader
from syriasearch.text.arabic import name_key
from syriasearch.text.word_lists import read_word_lists
from variants import is_one_name, read_hard_pairs


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("al-Dschaafari", "jafari"),  # German
        ("Djaafari", "jafari"),  # French
        ("Cheikh Maksoud", "CeiX maksud"),
        ("Abd al-Rahman", "abdrahman"),
        ("Abdurrahman", "abdrahman"),
        ("Abdel-Rahman", "abdrahman"),
        ("Abu Bakr", "abubakr"),
        ("Badr al-Din", "badrdin"),
        ("Badreddine", "badrdin"),
        ("Hasan Nasr Allah", "hasan nasrala"),
        ("Mohammed bin Salman", "mohamed salman"),
        ("Hamah", "hama"),
        ("Faiçal", "faiCal"),
        ("US Army", "us army"),  # no article before it
        ("عبد الرحمن", "عبدرحمن"),
        ("الجعفري", "جعفري"),
        ("Дамаск", ""),  # neither script
    ],
)
def test_a_form_is_what_a_name_sounds_like(name: str, form: str) -> None:
    assert phonetic_form(name) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ja’afari", "الجعفري"),
        ("Abd al-Rahman", "عبد الرحمن"),
        ("Qamishli", "القامشلي"),
        ("Nasrallah", "نصر الله"),
        ("Khan Shaykhun", "خان شيخون"),
    ],
)
def test_the_skeleton_is_the_same_in_both_scripts(one: str, other: str) -> None:
    assert name_keys(one)[0].skeleton == name_keys(other)[0].skeleton


def test_a_person_is_looked_up_by_first_and_last_and_by_last_name() -> None:
    keys = name_keys("Fahd Jassem al-Freij", person=True)
    assert [(key.form, key.part) for key in keys] == [
        ("fahd jasem freij", "whole"),
        ("fahd freij", "ends"),
        ("freij", "last"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed Alloush", "Muhammad Allouche"),
        ("Walid al-Muallem", "Waleed Moualem"),
        ("Qasem Soleimani", "Kassim Suleimani"),
        ("Abd al-Fattah al-Sisi", "Abdelfattah Sissi"),
        ("Issam Zahreddine", "Essam Zahr al-Din"),
        ("Fahd Jassem al-Freij", "Fahd al-Freij"),  # a name in the middle is lacking
        ("Alloush, Mohammad", "Mohammad Alloush"),  # the family name comes first
        ("Deir ez-Zor", "Dayr az Zawr"),
        ("Deir ez-Zor", "Deirezzor"),
        ("Raqqa", "ar-Rakka"),
        ("Jaramana", "Dscharamana"),
        ("Quneitra", "القنيطرة"),
        ("Maarat al-Numan", "معرة النعمان"),
        ("Mohammad Alloush", "محمد علوش"),
        ("الجولاني", "الجولانى"),
    ],
)
def test_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert is_one_name(one, other)


@pytest.mark.parametrize(("kind", "one", "other"), list(read_hard_pairs()))
def test_names_of_two_are_never_one(kind: str, one: str, other: str) -> None:
    assert not is_one_name(one, other, person=kind == "person")


@pytest.mark.parametrize(
    ("one", "other"),
    [("101st Division", "102nd Division"), ("S-300", "S-400"), ("Army of Islam", "Army Islam Of")],
)
def test_numbers_differ_and_only_persons_have_names_in_the_middle(one: str, other: str) -> None:
    assert not is_one_name(one, other, person=False)


NAMES = st.one_of(
    st.text(max_size=30),
    st.lists(st.text("abdehiklmnorstuwy", min_size=1, max_size=8), max_size=4).map(" ".join),
    st.lists(st.text("ابدهيكلمنرستوةعق", min_size=1, max_size=8), max_size=4).map(" ".join),
)


@given(one=NAMES, other=NAMES)
def test_a_distance_is_symmetric_and_bounded(one: str, other: str) -> None:
    a, b = spelling(one), spelling(other)
    assert 0 <= distance(a, b) <= 1
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert limit(a, b) == limit(b, a)


@given(name=NAMES)
def test_a_name_is_no_distance_from_itself(name: str) -> None:
    itself = spelling(name)
    assert not itself.tokens or distance(itself, itself) == 0


def test_no_sound_or_word_of_a_list_occurs_twice() -> None:
    for name, words in read_word_lists(DATA / "phonetic.txt").items():
        written = Counter(word.partition("=")[0] for word in words)
        assert [word for word, count in written.items() if count > 1] == [], name


@given(name=NAMES)
def test_a_neighbour_of_a_skeleton_has_it_for_a_neighbour(name: str) -> None:
    skeleton = "".join(
        filter(str.isalpha, consonant_skeleton(phonetic_form(name).replace(" ", "")))
    )
    for near in near_skeletons(skeleton)[:20]:
        assert len(near) < 3 or skeleton in near_skeletons(near)


TEXT = """Rebels rally in Raqqa

In the homes of Homs nobody slept, said Mohammad Alloush. Many rally, and Kaddafy looks on, and
Muammar Gaddafi. In Deir ez-Zor and in Deir Hafer the army waits. It is ours, said Zahran Alloush.
Walid al-Muallem and Bashar al-Assad flew to Moscow with Maher al-Assad. A wave of Kurds came."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("small")
    (folder / "rally.txt").write_text(TEXT)
    (folder / "other.txt").write_text("Other news\n\nThe weather is fine in Latakia.")
    with Archive(folder / "small.db") as archive:
        archive.ingest(folder)
        yield archive


def read_as(archive: Archive, query: str, **options: bool | str) -> str:
    return " / ".join(archive.search(query, explain=True, **options).explanation)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Mohamad Allouch", "Mohammad Alloush (person)"),
        ("mohamad allouch", "Mohammad Alloush (person)"),
        ("محمد العلوش", "Mohammad Alloush (person)"),
        ("Mahr al-Assad", "Maher al-Assad (person)"),
        ("Waleed Moalem flew", "Walid al-Muallem (person)"),
        ("Dayr az-Zawr", "Deir ez-Zor (place)"),
        ("Rakkah", "Raqqa (place)"),
        ("Mouallim", "Walid al-Muallem (person)"),
        ("Kaddafy", "Muammar Gaddafi (person)"),  # there, too, but always with a capital
        ("person:Moualim", "Walid al-Muallem (person)"),
        ('person:"Mohammed Aloush"', "Mohammad Alloush (person)"),
        ("place:Deirezzor", "Deir ez-Zor (place)"),
        ("Mouallim w/9 flew", "walid"),
    ],
)
def test_a_spelling_that_is_no_alias_finds_the_mentions(
    small: Archive, query: str, name: str
) -> None:
    assert name in read_as(small, query)
    assert small.search(query).total == 1


def test_a_filter_takes_a_spelling_that_is_no_alias(small: Archive) -> None:
    assert small.search("rally", entity="Mohamad Allouch").total == 1
    assert small.search("rally", entity="Mohamad Allouch").unknown == ()


@pytest.mark.parametrize("query", ["rally", "homes", "Homes", "ours", "wave", "army", "said"])
def test_a_word_of_the_archive_is_a_word(small: Archive, query: str) -> None:
    assert "(" not in read_as(small, query)


@pytest.mark.parametrize(
    "query", ['"Mohamad Allouch"', "title:nothing", "Hoomai", "Deir Zafer", "Fahd"]
)
def test_a_phrase_and_an_uncertain_name_are_words(small: Archive, query: str) -> None:
    assert "(" not in read_as(small, query)


def test_exact_words_and_names_are_as_they_are_typed(small: Archive) -> None:
    assert "(" not in read_as(small, "Mohamad Allouch", exact=True)
    assert small.search("person:Moualim", exact=True).unknown == ("person:Moualim",)


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("Alosh", {"mohammad-alloush", "zahran-alloush"}),  # an alias of both
        ("Assaad", {"bashar-al-assad"}),  # Assad is an alias of one, and the last name of others
        ("Basher al-Assad", {"bashar-al-assad"}),
        ("Al-Assad family", set()),
        ("Deir", set()),
    ],
)
def test_who_is_certain_to_be_meant(small: Archive, name: str, slugs: set[str]) -> None:
    with closing(open_reader(small.path)) as connection:
        found = Lexicon(connection).resolve(name, ("person", "place"))
    assert {entity.slug for entity in found} == slugs


@pytest.mark.parametrize("person", [True, False])
@pytest.mark.parametrize("name", ["Bashar al-Assad", "بشار الأسد", "Idlib", "Zebra", "", "،"])
def test_kept_keys_are_those_of_the_name(name: str, person: bool) -> None:
    keys = sorted(map(list, name_keys(name, person=person)))
    assert [*KnownKeys().of(name, person=person)] == [name_key(name), keys]
