"""Who is meant by a known name, and who is not, by the words next to it and by the article."""

from collections import Counter
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Entity, find_mentions
from syriasearch.entities.gazetteer import DATA, Gazetteer, default_gazetteer
from syriasearch.entities.namesakes.words import NamesakeWords
from syriasearch.entities.recognizer import TextRecognizer
from syriasearch.text.word_lists import read_word_lists

KNOWN = {entity.slug for entity in default_gazetteer().entities}
LISTS = read_word_lists(DATA / "namesake_words.txt")


def named(text: str, *, published: str | None = None) -> dict[str, str]:
    """Return the slugs of the persons named in a text, by surface."""
    mentions = find_mentions(text, published=published)
    return {each.surface: each.entity.slug for each in mentions if each.entity.type == "person"}


def known(text: str, *, published: str | None = None) -> list[str]:
    """Return the slugs of the known persons named in a text, in order."""
    mentions = find_mentions(text, published=published)
    slugs = [each.entity.slug for each in mentions if each.entity.type == "person"]
    return [slug for slug in slugs if slug in KNOWN]


@pytest.mark.parametrize(
    "name",
    [
        "Ribal al-Assad",
        "Soumar al-Assad",
        "Duraid Assad",
        "Taymour Jumblatt",
        "Zaydoun Lavrov",
        "Ghiyath Jaafari",
        "Fahed Hariri",
        "Islam Alloush",
        "Habib al Sadr",
        "Hafez Bashar al-Assad",
        "Uday Saddam Hussein",
        "Saddam Kamel",
        "Abu Assad",
        "Hunter Biden",
        "Donald Trump Jr.",
        "Ahmad al-Othman bin Alloush",
    ],
)
def test_another_given_name_makes_another_person(name: str) -> None:
    assert list(named(f"Then {name} spoke.")) == [name]
    assert known(f"Then {name} spoke.") == []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Sergei Viktorovich Lavrov", "sergei-lavrov"),
        ("Sergei V. Lavrov", "sergei-lavrov"),
        ("Donald John Trump", "donald-trump"),
        ("Donald J. Trump", "donald-trump"),
        ("Walid Mohammad al-Muallem", "walid-al-muallem"),
        ("John F. Kerry", "john-kerry"),
        ("Recep Tayyip Erdogan", "recep-tayyip-erdogan"),
        ("Mohammed Javad Zarif", "mohammad-javad-zarif"),
        ("Bashar Ja'afari", "bashar-al-jaafari"),
        ("Bashar Hafiz al-Asad", "bashar-al-assad"),
        ("Bashar Hafez Assad", "bashar-al-assad"),
        ("H.W. Bush", "george-h-w-bush"),
        ("Dzhokar Tsarnaev", "dzhokhar-tsarnaev"),
        ("Vladamir Putin", "vladimir-putin"),
        ("Joseph R. Biden Jr", "joe-biden"),
    ],
)
def test_further_names_and_initials_make_nobody_else(name: str, slug: str) -> None:
    text = f"George H.W. Bush wrote. Then {name} spoke."
    assert named(text)[name] == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Syed Ali Khamenei spoke.", "ali-khamenei"),
        ("Mohammed Bashar al-Assad spoke.", "bashar-al-assad"),
        ("Foreign Minister Lavrov spoke.", "sergei-lavrov"),
        ("Meanwhile Lavrov spoke.", "sergei-lavrov"),
        ("Ousting Lavrov is hard.", "sergei-lavrov"),
        ("Turkey's Erdogan spoke.", "recep-tayyip-erdogan"),
        ("In Moscow Lavrov spoke.", "sergei-lavrov"),
        ("The GOP Trump leads", "donald-trump"),
        ("Anti-Assad rebels", None),
        ("Saudi Foreign Minister Abdel al Jubeir spoke.", "adel-al-jubeir"),
    ],
)
def test_titles_and_the_beginnings_of_sentences_are_no_given_names(
    text: str, slug: str | None
) -> None:
    assert known(text) == ([slug] if slug else known(text))


@pytest.mark.parametrize(
    "text",
    [
        "They took Alloush hill.",
        "planes left the al-Assad air base",
        "born in Assad hospital",
        "on Hariri street",
        "the Hariri mosque",
        "at al-Assad University",
        "the Assad family",
        "the Tsarnaev brothers",
        "the al-Berri tribe",
        "the Jumblatt clan",
        "a fighter of the Alloush brigade",
        "the Khatib neighborhood and Hariri square",
        "near Tel Assad",
        "on Mount Peres",
        "Til Sarraj fell",
        "Fedayeen Saddam fought",
        "Bani Assad",
        "in the village of Meshaal",
        "took villages including Dilan, Ballouna, Meshaal, Mashwar",
        "under the moniker al-Shishani",
        "Bashar al-Assad's brother Bassil died"[15:],
        "the Rafik Hariri International Airport",
        "Captain Maliki died",
        "Lt. Maliki died",
        "the shopkeeper Maliki said",
        "Maliki, a taxi driver, said",
    ],
)
def test_a_thing_or_somebody_unknown_is_no_known_person(text: str) -> None:
    assert known(text) == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Assad's family left.", "bashar-al-assad"),
        ("the Assad era ended", "bashar-al-assad"),
        ("the Hariri of old, Saad Hariri", "saad-hariri"),
        ("the family of Bashar al-Assad", "bashar-al-assad"),
        ("Syrian President Assad", "bashar-al-assad"),
        ("Iraqi Foreign Minister Jaafari spoke.", "ibrahim-al-jaafari"),
        ("Iraq's foreign minister Jaafari spoke.", "ibrahim-al-jaafari"),
        ("Bush the elder and Assad the father", "hafez-al-assad"),
        ("Mattis, senior aides say, left.", "james-mattis"),
    ],
)
def test_a_person_is_still_the_person(text: str, slug: str) -> None:
    assert slug in known(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hamza al-Khatib, director of Al-Quds hospital, spoke.",
        "Hamza al-Khatib the director of the hospital said so.",
        "Hamza Khatib, manager of a hospital in Aleppo",
        "Hamza al-Khatib, a doctor in Aleppo",
        "Dr. Hamza al-Khatib left.",
        "the surgeon Hamza al-Khatib left",
        "Hamza al-Khatib said so.",
    ],
)
def test_an_office_that_is_not_the_persons_is_a_namesakes(text: str) -> None:
    assert set(named(text).values()) == {"hamza-al-khatib-namesake"}


def test_a_namesake_is_one_in_the_whole_article() -> None:
    text = "Dr. Hamza al-Khatib left.\n\nHamza al-Khatib returned. Khatib slept."
    assert set(named(text).values()) == {"hamza-al-khatib-namesake"}


def test_a_hospital_is_no_town() -> None:
    assert [each.entity.slug for each in find_mentions("at al-Quds hospital")] == []
    assert [each.entity.slug for each in find_mentions("at al-Quds in May")] == ["jerusalem"]


@pytest.mark.parametrize(
    ("published", "slugs"),
    [("2014-05-01", ["zahran-alloush"]), ("2018-05-01", []), (None, ["zahran-alloush"])],
)
def test_the_dead_say_nothing(published: str | None, slugs: list[str]) -> None:
    text = "Zahran Alloush said on Monday that he would fight."
    assert known(text, published=published) == slugs


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("قال هنية إن", ["ismail-haniyeh"]),
        ("قال أبو هنية", []),
        ("بنو الأسد وآل الحريري", []),
        ("في مستشفى الأسد", []),
        ("في مطار رفيق الحريري الدولي", []),
        ("مع مؤسسة الحريري للتنمية", []),
        ("في شارع الحريري وبشارع الأسد", []),
        ("عائلة كلينتون", []),
        ("في مصلى الخميني", []),
        ("قال طلال خميس علوش", []),
        ("مع نسرين الأسد", []),
        ("وسعد الحريري ولسعد الحريري", ["saad-hariri", "saad-hariri"]),
        ("ريبال الأسد وسومر الأسد", []),
        ("أحمد بن علوش", []),
        ("حافظ بشار الأسد", []),
        ("بشار حافظ الأسد", ["bashar-al-assad"]),
        ("عادل بن أحمد الجبير", ["adel-al-jubeir"]),
        ("سيرغي فيكتوروفيتش لافروف", ["sergei-lavrov"]),
        ("قال وليد محمد المعلم", ["walid-al-muallem"]),
        ("في الغردقة ومرسى علم", []),
        ("الأسد الإفريقي", []),
        ("محمد جواد ظريف", ["mohammad-javad-zarif"]),
        ("وبشار الأسد ولهنية وبالأسد", ["bashar-al-assad", "ismail-haniyeh", "bashar-al-assad"]),
        ("وزير الخارجية العراقي الجعفري", ["ibrahim-al-jaafari"]),
        ("الرئيس السوري الأسد", ["bashar-al-assad"]),
        ("الفنان الأسد", []),
        ("ولا ناورت حولها", []),
        ("الأسد الأب", ["hafez-al-assad"]),
        ("عائلة صدام حسين", ["saddam-hussein"]),
    ],
)
def test_arabic_words_say_the_same(text: str, slugs: list[str]) -> None:
    assert known(text) == slugs


def test_each_of_several_namesakes_gets_his_own() -> None:
    given = "Adib Fahed Ghiyath Jamil Karim Munir Nabil Omar Ramzi Zaydoun".split()
    text = "\n\n".join(f"{name} Hariri came. Hariri said so." for name in given)
    slugs = [each.entity.slug for each in find_mentions(text)]
    assert slugs == [f"{name.lower()}-hariri" for name in given for _ in range(2)]


def test_a_family_name_is_that_of_the_full_name_before_it() -> None:
    text = "Saad Hariri left. Hariri spoke. Nasr al-Hariri came. Hariri spoke."
    assert [each.entity.slug for each in find_mentions(text)] == [
        *(["saad-hariri"] * 2),
        *(["nasr-al-hariri"] * 2),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Alloush spoke.",
            "Mohammad Alloush or Zahran Alloush; the article does not say which",
        ),
        (
            "Zahran Alloush met Mohammad Alloush. Alloush spoke.",
            "Zahran Alloush or Mohammad Alloush; the article does not say which",
        ),
    ],
)
def test_of_two_candidates_none_is_a_fact(text: str, reason: str) -> None:
    mention = find_mentions(text)[-1]
    assert (mention.surface, mention.entity.slug) == ("Alloush", "alloush-family-name")
    assert (mention.recognizer, mention.reason) == ("rules", reason)


def test_a_family_name_has_the_spellings_that_its_bearers_share() -> None:
    (mention,) = find_mentions("Alloush spoke.")
    assert {"Alloush", "علوش"} <= set(mention.entity.aliases)
    (other,) = find_mentions("قال علوش")
    assert other.entity == mention.entity


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Obama spoke. Michelle Obama left. President Obama stayed.", "barack-obama"),
        ("Michelle Obama left. President Obama stayed.", "barack-obama"),
        ("Asma al-Assad left. Assad's forces came.", "bashar-al-assad"),
        ("Asma al-Assad met Assad.", "bashar-al-assad"),
        ("Sadeq Larijani came. Larijani said so.", "sadeq-larijani"),
        ("Ribal al-Assad spoke. Assad said so.", "ribal-al-assad"),
    ],
)
def test_who_rules_is_known_by_the_family_name(text: str, slugs: str) -> None:
    assert find_mentions(text)[-1].entity.slug == slugs


@pytest.mark.parametrize("gap", ["\n", "\n  ", "  ", "\u00a0"])
def test_a_name_across_the_end_of_a_line_is_one(gap: str) -> None:
    assert list(named(f"Zaydoun{gap}Lavrov spoke.").values()) == ["zaydoun-lavrov"]


@pytest.mark.parametrize("name", ["Bashar al-As\u200bsad", "Bashar\u200b al-Assad", "Lav\u200brov"])
def test_a_zero_width_space_changes_no_name(name: str) -> None:
    assert known(f"{name} spoke.") in (["bashar-al-assad"], ["sergei-lavrov"])


def test_a_text_of_names_only_is_read() -> None:
    text = " ".join(["Ribal al-Assad Zaydoun Lavrov Bashar al-Assad"] * 200)
    assert find_mentions(text)


def test_a_gazetteer_may_hold_odd_names() -> None:
    entities = (
        Entity("one", "Adnan Thing", "person", aliases=("the", "Thing")),
        Entity("two", "Adnan Sole", "person"),
        Entity("three", "Adnan Sole", "organization"),
    )
    (mentions,) = TextRecognizer(Gazetteer(entities)).recognize(
        ["The thing. Karim Thing and Adnan Thing met the Thing in the hall with Adnan Sole."]
    )
    by_surface = {(each.surface, each.entity.slug) for each in mentions}
    assert {("Adnan Thing", "one"), ("Karim Thing", "karim-thing")} <= by_surface
    assert {("Adnan Sole", "two"), ("Adnan Sole", "three")} <= by_surface


@given(
    st.lists(
        st.sampled_from(
            "Bashar Hafez al-Assad Assad’s Assad Hariri bin Abu Islam Alloush , . hill Tel".split()
            + "الأسد بشار أبو مستشفى hospital Jr. said President Iraqi Minister Jaafari and".split()
        ),
        max_size=12,
    )
)
def test_mentions_are_exact_and_apart(words: list[str]) -> None:
    text = " ".join(words)
    last = (0, 0)
    for each in find_mentions(text):
        assert text[each.start : each.end] == each.surface
        assert (each.start, each.end) == last or each.start >= last[1]
        last = each.start, each.end


@pytest.mark.parametrize("name", LISTS)
def test_no_word_of_a_list_occurs_twice(name: str) -> None:
    counts = Counter(LISTS[name])
    assert [word for word, count in counts.items() if count > 1] == []


def test_every_list_is_read_and_has_words() -> None:
    assert sorted(LISTS) == sorted(field.name for field in fields(NamesakeWords))
    assert all(LISTS.values())


@pytest.mark.parametrize(
    "text",
    [
        "A boy named Bashar Assad plays.",
        "A 14-year-old girl called Asma al-Assad cried.",
        "The child Hafez Assad was hurt.",
        "A farmer named John Kerry sold corn.",
        "A man called Hassan Nasrallah opened the door.",
        "Then the toddler Sergei Lavrov slept.",
        "وجرح الطفل حافظ الأسد في القصف",
        "قال رجل يدعى بشار الأسد",
        "وقالت طفلة اسمها أسماء الأسد",
    ],
)
def test_whoever_is_introduced_by_name_is_no_leader(text: str) -> None:
    assert known(text) == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("A dictator named Bashar Assad rules.", "bashar-al-assad"),
        ("Every child Assad hurt was treated.", "bashar-al-assad"),
        ("The boy Alan Kurdi was found.", "alan-kurdi"),
        ("He met a man called Bashar Assad a liar.", "bashar-al-assad"),
        ("قال المدعو بشار الأسد", "bashar-al-assad"),
    ],
)
def test_whoever_is_only_called_something_is_meant(text: str, slug: str) -> None:
    assert known(text) == [slug]


@pytest.mark.parametrize("name", ["Maria Lavrova", "Maria Kozlovskaya", "Mara Dzhabbarova"])
def test_a_spelling_of_a_place_may_begin_the_name_of_a_person(name: str) -> None:
    assert [each.surface for each in find_mentions(f"Then {name} came.")] == [name]


@pytest.mark.parametrize(
    "text", ["قام المزارع بحلب البقرة صباحا", "إن الأسد حيوان مفترس", "مهنة حلب الأغنام"]
)
def test_a_name_that_is_a_word_next_to_another_is_none(text: str) -> None:
    assert not find_mentions(text)
