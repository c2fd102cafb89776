"""Forms of a name in a query: whichever is typed, the same articles are found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syriasearch import Archive

PEOPLE = {
    "Jubeir": ("Adel", "الجبير", "عادل الجبير"),
    "Maliki": ("Nouri", "المالكي", "نوري المالكي"),
    "Baghdadi": ("Abu Bakr", "البغدادي", "أبو بكر البغدادي"),
    "Abadi": ("Haider", "العبادي", "حيدر العبادي"),
    "Muallem": ("Walid", "المعلم", "وليد المعلم"),
    "Zawahiri": ("Ayman", "الظواهري", "أيمن الظواهري"),
    "Sisi": ("Abdel Fattah", "السيسي", "عبد الفتاح السيسي"),
    "Jaafari": ("Bashar", "الجعفري", "بشار الجعفري"),
    "Jolani": ("Abu Mohammad", "الجولاني", "أبو محمد الجولاني"),
    "Assad": ("Bashar", "الأسد", "بشار الأسد"),
    "Lavrov": ("Sergei", "لافروف", "سيرغي لافروف"),
    "Nasrallah": ("Hassan", "نصر الله", "حسن نصر الله"),
    "Haniyeh": ("Ismail", "هنية", "إسماعيل هنية"),
}
FORMS = [
    *("{0}", "al-{0}", "Al {0}", "Al{0}", "Al{1}", "al{1}", "El {0}", "el-{0}", "al {0}"),
    *("{2} al-{0}", "{0}, {2}", "{0} {2}", "al-{0}, {2}", "AL-{3} {2}", "{3}, {2}", "{2} Al{1}"),
    *("{3}", "{1}", "{0}'s", "{0}’s", "{2} {0}", "Al–{0}", "al‑{0}", "{4}", "{5}"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("forms")
    for surname, (first, _, arabic) in PEOPLE.items():
        name = f"{first} {'' if surname in ('Lavrov', 'Nasrallah', 'Haniyeh') else 'al-'}{surname}"
        english = f"A visit\n\n{name} came to Geneva on Monday. {surname} said nothing."
        Path(folder, f"{surname}-en.txt").write_text(english, encoding="utf-8")
        text = f"زيارة\n\nوصل {arabic} إلى جنيف يوم الاثنين."
        Path(folder, f"{surname}-ar.txt").write_text(text, encoding="utf-8")
    (folder / "none.txt").write_text("Weather\n\nIt rained on Tuesday.", encoding="utf-8")
    with Archive(folder / "x.db") as archive:
        archive.ingest(folder)
        yield archive


def found(archive: Archive, query: str) -> set[str]:
    hits = archive.search(query, match="all", limit=100, all_copies=True).hits
    return {Path(hit.article.path).stem for hit in hits}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("surname", PEOPLE)
def test_every_form_finds_both_scripts(archive: Archive, surname: str, form: str) -> None:
    first, *arabic = PEOPLE[surname]
    query = form.format(surname, surname.lower(), first, surname.upper(), *arabic)
    assert found(archive, query) == {f"{surname}-en", f"{surname}-ar"}


def test_a_name_may_be_part_of_a_query(archive: Archive) -> None:
    assert found(archive, "nothing Al Jubeir Monday") == {"Jubeir-en"}


@pytest.mark.parametrize("query", ["Albania", "Alhambra", "Elba", "Alternative", "El Salvador"])
def test_a_word_that_begins_like_an_article_is_a_word(archive: Archive, query: str) -> None:
    assert found(archive, query) == set()


def test_a_comma_between_two_names_is_none_within_one(archive: Archive) -> None:
    assert found(archive, "Lavrov, Haniyeh") == set()
