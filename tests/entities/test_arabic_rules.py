"""Names in Arabic script that the gazetteer does not have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import find_mentions
from syriasearch.entities.arabic.words import Kind, fold_word, lexicon, read_cues
from syriasearch.entities.gazetteer import DATA
from syriasearch.entities.reasons import BY_ARABIC_RULE
from syriasearch.text.arabic import arabic_slug
from syriasearch.text.normalize import fold
from syriasearch.text.word_lists import read_word_lists

LISTS = read_word_lists(DATA / "arabic_cues.txt")


def found(text: str, *types: str) -> list[str]:
    """Return the names of a text, as written, that rules have found."""
    return [
        mention.surface
        for mention in find_mentions(text)
        if mention.recognizer == "rules" and (not types or mention.entity.type in types)
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("وقال الدكتور مازن الطحان في بيان", ["مازن الطحان"]),
        ("أعلن العقيد سامر قنطار انشقاقه", ["سامر قنطار"]),
        ("التقى الشيخ زهير الكردوش وفدا", ["زهير الكردوش"]),
        ("استقبل الرئيس السابق يانوش كوفاتش الوفد", ["يانوش كوفاتش"]),  # former is between
        ("التقى وزير الخارجية المجري لاسلو كوفاتش نظيره", ["لاسلو كوفاتش"]),  # an office, a state
        ("قال المتحدث باسم الوزارة هيثم قرطاس", ["هيثم قرطاس"]),
        ("وزار النائب حسان قبيطر المخيم", ["حسان قبيطر"]),
        ("بقيادة ستيفان كروغر", ["ستيفان كروغر"]),
    ],
)
def test_a_title_or_an_office_shows_a_person(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("مع أحمد محمود الطحان أمس", ["أحمد محمود الطحان"]),  # given, father's, family's
        ("كتب عبد الرحمن الشحود مقالا", ["عبد الرحمن الشحود"]),
        ("كان يوسف بن طارق الشحود", ["يوسف بن طارق الشحود"]),
        ("هاجم أبو قتادة الحلبي البلدة", ["أبو قتادة الحلبي"]),  # kunya and nisba
        ("وذكر أبو عمار الشيشاني", ["أبو عمار الشيشاني"]),
        ("اعتقل صلاح الدين قنطار أمس", ["صلاح الدين قنطار"]),
        ("التقى علي حسن أمس", ["علي حسن"]),  # two given names that are words, too
        ("وفاة مصطفى ياسين في المشفى", ["مصطفى ياسين"]),
    ],
)
def test_the_parts_of_a_name_show_a_person(text: str, names: list[str]) -> None:
    assert found(text, "person") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("وقال مازن الطحان ووائل قنطار إن", ["مازن الطحان", "وائل قنطار"]),
        ("رسالة لمازن الطحان", ["مازن الطحان"]),
        ("رسالة للدكتور مازن الطحان", ["مازن الطحان"]),
        ("وقال مــازن الطحان", ["مــازن الطحان"]),  # tatweel
        ("وَقَالَ مازِن الطحان", ["مازِن الطحان"]),  # vowel signs
    ],
)
def test_particles_are_not_part_of_a_name(text: str, names: list[str]) -> None:
    assert found(text, "person") == names


@pytest.mark.parametrize(
    "text",
    [
        "زار الوزير المدينة واجتمع بالسكان",  # a title alone
        "قال مصدر أمني إن القصف مستمر",  # a verb of saying, and words
        "صلى في مسجد أحمد محمود الطحان",  # a mosque
        "شارع الدكتور مازن الطحان",  # a street
        "المتحدث باسم الحكومة",
        "وقف إطلاق النار على الجبهات",
        "قال الرئيس إن الحكومة تعمل على تحسين الخدمات",
        "وصل إلى البلدة أمس وفد كبير من الخبراء",
        "ارتفع سعر صرف الدولار أمام الليرة",
        "نزح آلاف المدنيين باتجاه الحدود",
    ],
)
def test_words_are_no_person(text: str) -> None:
    assert found(text, "person") == []


def test_a_surname_alone_is_short_for_the_full_name_in_the_article() -> None:
    text = "التقى الدكتور مازن كردوشي الوفد.\n\nوأضاف كردوشي أن اللقاء مثمر. ثم غادر كردوشي."
    names = {mention.entity.name for mention in find_mentions(text) if "كردوشي" in mention.surface}
    assert names == {"مازن كردوشي"}


def test_two_persons_with_a_surname_leave_it_open() -> None:
    text = "التقى الدكتور مازن كردوشي العقيد وائل كردوشي. وأضاف كردوشي أن اللقاء مثمر."
    names = [mention.entity.name for mention in find_mentions(text)]
    assert names == ["مازن كردوشي", "وائل كردوشي", "كردوشي"]


def test_another_first_name_makes_another_person_of_a_known_surname() -> None:
    (mention,) = find_mentions("وقال العقيد مازن الأسد")
    assert (mention.surface, mention.recognizer) == ("مازن الأسد", "rules")


def test_a_known_person_is_known_as_before() -> None:
    (mention,) = find_mentions("قال الرئيس بشار الأسد")
    assert mention.entity.slug == "bashar-al-assad"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("في جامعة قرطاج الدولية", ["جامعة قرطاج الدولية"]),
        ("وقال حزب الكرامة التونسي", ["حزب الكرامة التونسي"]),
        ("أعلن لواء الكرامة انسحابه", ["لواء الكرامة"]),
        ("قالت كتائب الكرامة إنها", ["كتائب الكرامة"]),
        ("بيان المنظمة العربية للتنمية الزراعية", ["المنظمة العربية للتنمية الزراعية"]),
        ("في وزارة الصحة الموريتانية", ["وزارة الصحة الموريتانية"]),
        ("نشرت صحيفة الأفق تقريرا", ["الأفق"]),  # the name is without the word before it
        ("وقعت شركة سيبكو العقد", ["سيبكو"]),
        ("نشرته صحيفة لوموند تايمز", ["لوموند تايمز"]),
    ],
)
def test_the_head_of_a_body_begins_its_name(text: str, names: list[str]) -> None:
    assert found(text, "organization", "group") == names


@pytest.mark.parametrize(
    "text",
    [
        "عقد مجلس الإدارة اجتماعا",
        "عرقلت القيود حركة المرور",
        "في وزارة الصحة أمس",  # of which state?
        "شركة كبيرة في المدينة",
        "تنظيم الدوري في الموعد",
    ],
)
def test_words_are_no_body(text: str) -> None:
    assert found(text, "organization", "group") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("في قرية كفربطحين شمالا", ["كفربطحين"]),
        ("سقطت بلدة كفربطحين أمس. وعاد الهدوء إلى كفربطحين", ["كفربطحين", "كفربطحين"]),
        ("قصف محافظة شمروخ", ["شمروخ"]),
        ("على جبل شمروخ", ["جبل شمروخ"]),
    ],
)
def test_what_is_called_a_settlement_is_a_place(text: str, names: list[str]) -> None:
    assert found(text, "place") == names


@pytest.mark.parametrize(
    ("text", "name"),
    [("في بيلباو أمس", "Bilbao"), ("إلى سان سلفادور", "San Salvador"), ("قرطبة", "Cordoba")],
)
def test_a_place_of_the_world_has_its_english_name(text: str, name: str) -> None:
    assert [mention.entity.name for mention in find_mentions(text)] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("نشرت نيويورك تايمز تقريرا", "The New York Times"),  # as the gazetteer has it
        ("قال لفرانس برس", "Agence France-Presse"),
        ("خسر ريال مدريد", "Real Madrid"),
    ],
)
def test_a_body_of_the_world_has_its_english_name(text: str, name: str) -> None:
    (mention,) = find_mentions(text)
    assert (mention.entity.name, mention.entity.type) == (name, "organization")


@pytest.mark.parametrize("text", ["منطقة آمنة", "دولة حرة", "سير العمل", "كرة القدم"])
def test_words_are_no_place(text: str) -> None:
    assert found(text, "place") == []


def test_the_same_name_is_one_entity_however_it_is_spelt() -> None:
    texts = ("قال الدكتور أحمد عيسى قنطار", "قال الدكتور احمد عيسي قنطار")
    assert len({find_mentions(text)[0].entity.slug for text in texts}) == 1


def test_names_that_sound_alike_in_latin_script_are_two_entities() -> None:
    texts = ("قال الدكتور أحمد قنطار", "قال الدكتور حمد قنطار")
    assert len({find_mentions(text)[0].entity.slug for text in texts}) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("قال الدكتور مازن الطحان", "a person: the title ‘الدكتور’ is next to the name"),
        ("وقال مازن الطحان", "a person: the verb ‘قال’ is before the name"),
        ("في قرية كفربطحين", "a place: the word ‘قرية’ is before the name"),
        ("أعلن لواء الكرامة", "a group: the word ‘لواء’ says so"),
        ("في بيلباو", "a place: the Arabic name of Bilbao"),
    ],
)
def test_the_reason_quotes_the_word_that_shows_it(text: str, reason: str) -> None:
    assert [mention.reason for mention in find_mentions(text)] == [reason]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("قال الشيخ زيد الطحان حرص الأهالي", ["زيد الطحان"]),  # keenness
        ("التقى الرئيس السابق يانوش كوفاتش الثلاثاء وفدا", ["يانوش كوفاتش"]),  # Tuesday
        ("وكان مازن الطحان الملقب بالصقر", ["مازن الطحان"]),  # who is called
        ("قال مازن القباني إن", ["مازن القباني"]),  # the name Qabbani, with the article
        ("وزير الدفاع خافيير سولانا اليوم", ["خافيير سولانا"]),  # it looks as a word with affixes
        ("قالت الناطقة باسم الخارجية أمس", []),  # on behalf of, not Basim
        ("داعيا المولى عز وجل", []),  # to whom be glory
    ],
)
def test_words_of_every_day_end_a_name(text: str, names: list[str]) -> None:
    assert found(text, "person") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("بمدينة حلب", ["حلب"]),
        ("نقلت وكالة رويترز", ["رويترز"]),
        ("لوكالة فرانس برس", ["فرانس برس"]),
        ("ذكرت صحيفة الأهرام", ["الأهرام"]),
        ("زار دولة قطر أمس", ["قطر"]),
        ("في مكة المكرمة اليوم", ["مكة"]),
        ("في المدينة المنورة", ["المدينة المنورة"]),  # Medina has no other name
        ("محافظة حلب", ["محافظة حلب"]),  # the governorate is another entity than the town
        ("مطار حميميم", ["مطار حميميم"]),  # the airport is one, too
        ("وزير الخارجية المصري أحمد أبو الغيط في بيان", ["أحمد أبو الغيط"]),
    ],
)
def test_what_a_known_name_is_is_no_part_of_it(text: str, names: list[str]) -> None:
    assert [mention.surface for mention in find_mentions(text)] == names


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("قصفت القاعدة الجوية", []),
        ("في هذه القاعدة", []),
        ("القاعدة الذهبية", []),
        ("زعيم القاعدة في اليمن", ["al-qaeda", "yemen"]),
        ("هجمات القاعدة الإرهابية", ["al-qaeda"]),
        ("الحرب التي تدمر البلاد", []),
        ("لم تدمر الجسر", []),
        ("في تدمر الأثرية", ["palmyra"]),
    ],
)
def test_a_known_name_may_be_another_word(text: str, slugs: list[str]) -> None:
    assert [mention.entity.slug for mention in find_mentions(text)] == slugs


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("قدرات الحزب العسكرية", []),  # the adjective is of the capabilities
        ("خطط البنك التنموية", []),
        ("قرب مركز مدينة الرمادي", []),  # the centre of a town
        ("أنصار القضية", []),
        ("أنصار النظام", []),
        ("جماعة أنصار الدين", ["أنصار الدين"]),
        ("مقاتلو جماعة حزب الله", []),  # Hezbollah is known
        ("تجمع حزب إسلامي التوجه", []),
        ("موقع غروب الشمس", []),
        ("في العاشر من رمضان", []),
    ],
)
def test_words_of_another_meaning_make_no_body(text: str, names: list[str]) -> None:
    assert found(text) == names


@given(st.text(alphabet="ابتدرسعلمنهويى ءةأإآٱیک\u0640\u064b\u200f", max_size=12))
def test_a_word_is_folded_as_everything_is(word: str) -> None:
    assert fold_word(word) == fold(word)


@given(st.text(alphabet="ابتدرسعلمنهوي ءة.،\u0640\u064b\u200f-", max_size=80))
def test_any_text_is_read(text: str) -> None:
    for mention in find_mentions(text):
        assert text[mention.start : mention.end] == mention.surface
        assert mention.surface.strip()


@pytest.mark.parametrize("name", LISTS)
def test_no_word_of_a_list_occurs_twice(name: str) -> None:
    words = [fold(word) for word in LISTS[name]]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("محمد", Kind.NAME),
        ("في", Kind.COMMON | Kind.FUNCTION),
        ("على", Kind.COMMON),
        ("علي", Kind.WEAK | Kind.GIVEN | Kind.SURE_GIVEN),
        ("والتحقيقات", Kind.COMMON),
        ("شمروخ", 0),
    ],
)
def test_a_word_has_a_kind(word: str, kind: int) -> None:
    assert lexicon().look_up(word).kind & ~Kind.FORM == kind


def test_every_exception_is_in_the_list_that_it_is_of() -> None:
    cues = read_cues()
    assert cues["ambiguous_titles"] <= cues["titles"] | cues["bare_titles"]
    assert cues["media"] | cues["clubs"] <= cues["labels"]
    assert cues["certain"] <= cues["bodies"] | cues["armed"]
    assert cues["plain_certain"] <= cues["plain_bodies"]


@pytest.mark.parametrize("rule", BY_ARABIC_RULE)
def test_every_reason_is_a_phrase(rule: str) -> None:
    assert not BY_ARABIC_RULE[rule].endswith(".")


@pytest.mark.parametrize(
    ("name", "slug"), [("أحمد علي", "a7md-3ly"), ("صالح", "9al7"), ("سالح", "sal7")]
)
def test_letters_that_differ_make_slugs_that_differ(name: str, slug: str) -> None:
    assert arabic_slug(name) == slug
