"""Facts by which texts of one form are told apart."""

import pytest

from syriasearch.index.facts import names_of, numbers_of
from syriasearch.index.near_duplicates import are_alike, are_same, make_shingle_set
from syriasearch.text.tokenize import terms

FORMS = {
    "en": "The ministry said on {day} that {name} has been appointed governor of {place} by a"
    " decree of the president, replacing the former governor, who was moved to another post. Some"
    " {number}"
    " employees of the province welcomed him at the seat, and the decree takes effect at once.",
    "ar": "أعلنت الوزارة يوم {day} أنه تم تعيين {name} محافظا في {place} بموجب مرسوم رئاسي خلفا"
    " للمحافظ السابق الذي نقل إلى منصب آخر وقد استقبله {number} موظفا في مبنى المحافظة وقال إن"
    " الخدمات وعودة النازحين ستكون أولى اهتماماته في المرحلة المقبلة وإن المرسوم يعتبر نافذا فورا",
}
FILLED = {
    "en": {"day": "Sunday", "name": "Omar Haddad", "place": "Idlib", "number": "twelve"},
    "ar": {"day": "الأحد", "name": "عمر حداد", "place": "إدلب", "number": "عشرة"},
}


def alike(lang: str, **other: str) -> bool:
    texts = [FORMS[lang].format(**FILLED[lang]), FORMS[lang].format(**{**FILLED[lang], **other})]
    sets = [make_shingle_set(terms(text), names_of([("body", text)])) for text in texts]
    return are_alike(*sets, 0)


@pytest.mark.parametrize(
    ("lang", "other"),
    [
        ("en", {"name": "Sami Khoury"}),
        ("en", {"place": "Homs"}),
        ("en", {"name": "Sami Khoury", "place": "Hama"}),
        ("en", {"number": "seventeen"}),
        ("en", {"number": "31"}),
        ("en", {"day": "Monday", "number": "thirteen"}),
        ("en", {"place": "Deir ez-Zor", "number": "40"}),
        ("en", {"name": "Nizar Ali"}),
        ("ar", {"name": "نزار خوري", "place": "حمص", "number": "خمسة"}),
        ("ar", {"name": "سليم منصور", "place": "درعا", "day": "الخميس", "number": "ستون"}),
    ],
)
def test_a_text_of_one_form_with_other_facts_is_another(lang: str, other: dict[str, str]) -> None:
    assert not alike(lang, **other)


@pytest.mark.parametrize(
    ("lang", "other"),
    [
        ("en", {}),
        ("en", {"number": "12"}),
        ("en", {"name": "Omar Hadad"}),
        ("en", {"place": "Idleb"}),
        ("ar", {"number": "عشر"}),
        ("ar", {"name": "عمر الحداد"}),
    ],
)
def test_another_spelling_is_the_same_fact(lang: str, other: dict[str, str]) -> None:
    assert alike(lang, **other)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("twelve men", {"12"}),
        ("12 men", {"12"}),
        ("quinze hommes", {"15"}),
        ("خمسين مدنيا", {"50"}),
        ("one man", set()),
        ("dozens of men", {"12 and more"}),
        ("the third of four men", {"3rd", "4"}),
        ("in the northern countryside", {"north"}),
        ("في الريف الجنوبي", {"south"}),
        ("S400", {"s400"}),
    ],
)
def test_numbers_in_digits_and_words_and_what_is_like_them(words: str, numbers: set[str]) -> None:
    assert numbers_of(terms(words)) == numbers


@pytest.mark.parametrize(
    ("words", "days", "same"),
    [(40, 0, True), (40, 7, True), (40, 21, False), (40, None, True), (300, 21, True)],
)
def test_a_short_text_that_returns_weeks_later_is_another(
    words: int, days: int | None, same: bool
) -> None:
    assert are_same(words, days) is same
