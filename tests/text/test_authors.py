"""Names of authors: how many there are, and which part is the family name."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.exporters.citations import cite
from syriasearch.models.article import Article
from syriasearch.text.authors import is_body, split_authors

ARTICLE = Article(
    id=1,
    slug="a",
    title="A title",
    author=None,
    source=None,
    url=None,
    published=None,
    lang="en",
    path="a.txt",
)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Haddad, Omar", ["Haddad, Omar"]),
        ("Haddad, O.", ["Haddad, O."]),
        ("Haddad, Omar M.", ["Haddad, Omar M."]),
        ("Haddad, Omar; Lindqvist, Mara", ["Haddad, Omar", "Lindqvist, Mara"]),
        ("Haddad, Omar and Lindqvist, Mara", ["Haddad, Omar", "Lindqvist, Mara"]),
        ("Haddad, Omar, Lindqvist, Mara", ["Haddad, Omar", "Lindqvist, Mara"]),
        ("Omar Haddad, Mara Lindqvist", ["Haddad, Omar", "Lindqvist, Mara"]),
        ("Omar Haddad and Mara Lindqvist", ["Haddad, Omar", "Lindqvist, Mara"]),
        ("Omar Haddad & Mara Lindqvist", ["Haddad, Omar", "Lindqvist, Mara"]),
        (
            "Omar Haddad, Mara Lindqvist, and Ida Berg",
            ["Haddad, Omar", "Lindqvist, Mara", "Berg, Ida"],
        ),
        ("Tyler G. Jones", ["Jones, Tyler G."]),
        ("J.K. Rowling", ["Rowling, J.K."]),
        ("Omar Haddad Jr.", ["Haddad, Omar, Jr."]),
        ("Omar Haddad, Jr.", ["Haddad, Omar, Jr."]),
        ("Haddad, Omar, Jr.", ["Haddad, Omar, Jr."]),
        ("Haddad, Jr., Omar", ["Haddad, Omar, Jr."]),
        ("Omar al-Haddad", ["al-Haddad, Omar"]),
        ("al-Haddad, Omar", ["al-Haddad, Omar"]),
        ("Abu Zeid, Omar", ["Abu Zeid, Omar"]),
        ("Omar Abu Zeid", ["Abu Zeid, Omar"]),
        ("Mohammed bin Salman", ["bin Salman, Mohammed"]),
        ("Ida von Berg", ["von Berg, Ida"]),
        ("von Berg, Ida", ["von Berg, Ida"]),
        ('"Ida Berg", Omar Haddad', ["Berg, Ida", "Haddad, Omar"]),
        ("The Associated Press", ["The Associated Press"]),
        ("Reuters, AFP", ["Reuters", "AFP"]),
        ("AP and Reuters", ["AP", "Reuters"]),
        ("Ministry of Health and Population", ["Ministry of Health and Population"]),
        ("عمر حداد، سارة قاسم", ["عمر حداد", "سارة قاسم"]),
        ("عمر حداد وسارة قاسم", ["عمر حداد", "سارة قاسم"]),
        ("عمر حداد و سارة قاسم", ["عمر حداد", "سارة قاسم"]),
        ("وليد حسن ووائل قاسم", ["وليد حسن", "وائل قاسم"]),
        ("أحمد وليد حسن", ["أحمد وليد حسن"]),
        ("وكالة الأناضول", ["وكالة الأناضول"]),
        ("Omar", ["Omar"]),
        ("", []),
        (" ; , ،", []),
    ],
)
def test_the_authors_in_a_line(line: str, names: list[str]) -> None:
    assert [name.sort_name for name in split_authors(line)] == names


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("The Associated Press", True),
        ("Associated Press", True),
        ("Reuters", True),
        ("أ. ف. ب.", True),
        ("Syrian Observatory for Human Rights", True),
        ("CNN Staff", True),
        ("Editorial Board", True),
        ("وزارة الصحة", True),
        ("Omar Haddad", False),
        ("Emily Post", False),
        ("Amira Press", False),
        ("Margaret Court", False),
        ("عمر حداد", False),
        ("Staff", False),
    ],
)
def test_a_body_is_no_person(name: str, body: bool) -> None:
    assert is_body(name) == body


@pytest.mark.parametrize(
    ("author", "bibtex"),
    [
        ("The Associated Press", "{{The Associated Press}}"),
        ("Ministry of Health and Population", "{{Ministry of Health and Population}}"),
        ("Omar Haddad, Reuters", "{Haddad, Omar and {Reuters}}"),
        ("Haddad, Omar; Lindqvist, Mara", "{Haddad, Omar and Lindqvist, Mara}"),
        ("Omar Haddad Jr.", "{Haddad, Jr., Omar}"),
        ("Ludwig von Berg Jr.", "{von Berg, Jr., Ludwig}"),
        ("Tyler G. Jones", "{Jones, Tyler G.}"),
        ("عمر حداد وسارة قاسم", "{{عمر حداد} and {سارة قاسم}}"),
        ("AT&T Media", r"{{AT\&T Media}}"),
    ],
)
def test_authors_in_bibtex(author: str, bibtex: str) -> None:
    assert f"  author = {bibtex},\n" in cite(replace(ARTICLE, author=author), "bibtex")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("The Associated Press", [{"literal": "The Associated Press"}]),
        ("Haddad, Omar", [{"family": "Haddad", "given": "Omar"}]),
        ("Omar Haddad Jr.", [{"family": "Haddad", "given": "Omar", "suffix": "Jr."}]),
        ("Omar al-Haddad", [{"family": "al-Haddad", "given": "Omar"}]),
        (
            "Mohammed bin Salman",
            [{"family": "Salman", "given": "Mohammed", "non-dropping-particle": "bin"}],
        ),
        ("J.K. Rowling", [{"family": "Rowling", "given": "J.K."}]),
        ("Omar", [{"literal": "Omar"}]),
    ],
)
def test_authors_in_csl(author: str, names: list[dict[str, str]]) -> None:
    assert json.loads(cite(replace(ARTICLE, author=author), "csl"))["author"] == names


@pytest.mark.parametrize(
    ("author", "lines"),
    [
        ("Haddad, Omar", ["AU  - Haddad, Omar"]),
        ("Omar Haddad, Mara Lindqvist", ["AU  - Haddad, Omar", "AU  - Lindqvist, Mara"]),
        ("The Associated Press", ["AU  - The Associated Press"]),
        ("Omar Haddad Jr.", ["AU  - Haddad, Omar, Jr."]),
    ],
)
def test_authors_in_ris(author: str, lines: list[str]) -> None:
    record = cite(replace(ARTICLE, author=author), "ris").split("\n")
    assert [line for line in record if line.startswith("AU")] == lines


@given(st.text(alphabet="Omar Haddad,;،&.Jr and وسارة حداد") | st.text())
def test_any_line_has_authors(line: str) -> None:
    assert all(name.sort_name.strip() for name in split_authors(line))
