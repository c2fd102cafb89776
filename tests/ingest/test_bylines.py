"""Bylines: who wrote an article, and what else stands in such a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.blocks.bylines import (
    clean_author,
    is_author,
    is_byline,
    is_notice,
    match_byline,
    parse_byline,
)
from syriasearch.ingest.blocks.plain_text import parse_structure, plain_blocks

BODY = "The talks went on for a second day, and nobody expected that they would end soon.\n\n"
TWO = ["Mara Lindqvist", "Omar Haddad"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Mara Lindqvist", TWO[:1]),
        ("BY MARA LINDQVIST AND OMAR HADDAD", ["MARA LINDQVIST", "OMAR HADDAD"]),
        ("By Mara Lindqvist, Ida Berg and Omar Haddad", ["Mara Lindqvist", "Ida Berg", TWO[1]]),
        ("Mara Lindqvist & Omar Haddad", TWO),
        ("By Mara Lindqvist in Beirut and Omar Haddad in Amman", TWO),
        ("By Mara Lindqvist in Beirut, Lebanon, and Omar Haddad in Amman, Jordan", TWO),
        ("By Mara Lindqvist, Beirut", TWO[:1]),
        ("Mara Lindqvist, Reuters correspondent", TWO[:1]),
        ("Mara Lindqvist, Reuters", TWO[:1]),
        ("Mara Lindqvist, Staff Writer", TWO[:1]),
        ("Mara Lindqvist, Special to the Daily Example", TWO[:1]),
        ("Mara Lindqvist, senior fellow at the Example Institute", TWO[:1]),
        ("Mara Lindqvist, former envoy to Syria", TWO[:1]),
        ("Mara Lindqvist (Reuters)", TWO[:1]),
        ("Mara Lindqvist | Al Jazeera", TWO[:1]),
        ("Mara Lindqvist for The Guardian", TWO[:1]),
        ("Mara Lindqvist of The Associated Press", TWO[:1]),
        ("Mara Lindqvist, PhD", TWO[:1]),
        ("Mara Lindqvist; additional reporting by Ida Berg", TWO[:1]),
        ("Mara Lindqvist, with additional reporting by Ida Berg", TWO[:1]),
        ("Reporting by Mara Lindqvist and Omar Haddad; Editing by Ida Berg", TWO),
        ("By Mara Lindqvist | March 4, 2018", TWO[:1]),
        ("By Mara Lindqvist March 4, 2018 10:30", TWO[:1]),
        ("mara@example.org (Mara Lindqvist)", TWO[:1]),
        ("Mara Lindqvist <mara@example.org>", TWO[:1]),
        ("Mara Lindqvist @maral", TWO[:1]),
        ("Tyler G. Jones", ["Tyler G. Jones"]),
        ("J.K. Rowling", ["J.K. Rowling"]),
        ("Dr. Rania Qasim", ["Dr. Rania Qasim"]),
        ("Omar Haddad Jr.", ["Omar Haddad Jr."]),
        ("Omar Haddad, Jr.", ["Omar Haddad Jr."]),
        ("Byron Hobbs", ["Byron Hobbs"]),
        ("Author: Byron Hobbs", ["Byron Hobbs"]),
        ("Author Hobbs", ["Author Hobbs"]),
        ("Haddad, Omar; Lindqvist, Mara", ["Haddad, Omar", "Lindqvist, Mara"]),
        ("The Associated Press", ["The Associated Press"]),
        ("Reuters, AFP", ["Reuters", "AFP"]),
        ("Mara Lindqvist; Reuters", ["Mara Lindqvist", "Reuters"]),
        ("Ministry of Health and Population", ["Ministry of Health and Population"]),
        ("Syrian Network for Human Rights", ["Syrian Network for Human Rights"]),
        ("بقلم: عمر حداد وسارة قاسم", ["عمر حداد", "سارة قاسم"]),
        ("عمر حداد، سارة قاسم", ["عمر حداد", "سارة قاسم"]),
        ("عمر حداد، مراسل رويترز", ["عمر حداد"]),
        ("عمر حداد من جدة", ["عمر حداد"]),
        ("أحمد وليد حسن", ["أحمد وليد حسن"]),
    ],
)
def test_the_names_in_a_byline(line: str, names: list[str]) -> None:
    assert parse_byline(line)[0] == names


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("By Mara Lindqvist and Omar Haddad", "Mara Lindqvist and Omar Haddad"),
        ("Mara Lindqvist in Beirut and Omar Haddad", "Mara Lindqvist, Omar Haddad"),
        ("Haddad, Omar", "Haddad, Omar"),
        ("بيروت: يوسف دياب", "بيروت: يوسف دياب"),
        ("أنقرة - رويترز", "أنقرة - رويترز"),
        ("أنقرة : (د ب أ)", "أنقرة : (د ب أ)"),
        ("Beirut - Reuters", "Beirut - Reuters"),
        ("تقرير - عمر حداد", "عمر حداد"),
        ("Jude Law", "Jude Law"),
        ("By", None),
    ],
)
def test_a_line_of_names_only_stays_as_it_is(line: str, kept: str | None) -> None:
    assert clean_author(line) == kept


@pytest.mark.parametrize(
    "line",
    [
        "By that time the talks had ended.",
        "By Tuesday Night - the deadline - nobody had signed the deal.",
        "By Damascus Gate the convoy waited for hours.",
        "By Damascus Gate, Omar waited for hours.",
        "By Damascus Gate – Omar waited for hours.",
        "By Monday the talks had ended.",
        "By January 2018, Idlib was full.",
        "By contrast, Aleppo was quiet.",
        "By the river, 30 people stood.",
        "By Ramadan the road was open.",
        "By law, nobody may leave.",
        "By Air and Sea",
        "By Aleppo Road",
        "By Mara Lindqvist - the envoy - nobody was surprised.",
        "كتب الرئيس رسالة إلى المبعوث",
    ],
)
def test_a_sentence_is_no_byline(line: str) -> None:
    article = parse_structure(plain_blocks(f"{line}\n\n{BODY}"))
    assert article.author is None
    assert [block.kind for block in article.blocks] != ["byline", "body"]


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Mara Lindqvist", "Mara Lindqvist"),
        ("By April Glaser", "April Glaser"),
        ("By Ban Ki-moon", "Ban Ki-moon"),
        ("By Ahmed al-Sharaa", "Ahmed al-Sharaa"),
        ("By Reuters", "Reuters"),
        ("By Mara Lindqvist, Reuters correspondent", "Mara Lindqvist"),
        ("By Mara Lindqvist in Beirut and Omar Haddad in Amman", "Mara Lindqvist, Omar Haddad"),
        ("By Dr. Rania Qasim, Director of the Centre for Studies", "Dr. Rania Qasim"),
        ("بقلم: عمر حداد", "عمر حداد"),
        ("بقلم عمر حداد وسارة قاسم", "عمر حداد وسارة قاسم"),
    ],
)
def test_a_line_may_be_a_byline(line: str, author: str) -> None:
    assert is_byline(line)
    article = parse_structure(plain_blocks(f"{line}\n\n{BODY}"))
    assert article.author == author
    assert [block.kind for block in article.blocks] == ["byline", "body"]


@pytest.mark.parametrize(
    "notice",
    [
        "Correction Appended",
        "CORRECTION APPENDED",
        "Corrections appended",
        "Clarification appended.",
        "Editor's note appended",
        "Update Appended",
        "Corrected",
        "Correction:",
        "This article has been corrected.",
        "This story was updated on Tuesday to add a name.",
        "Correction: An earlier version misstated a name.",
        "Editor’s note: This article was first published in May.",
        "تصحيح",
    ],
)
def test_a_notice_about_a_correction_is_no_title(notice: str) -> None:
    text = f"{notice}\n\nRebuilding plan\n\nBy Mara Lindqvist\n\n{BODY}"
    article = parse_structure(plain_blocks(text))
    assert (article.title, article.author) == ("Rebuilding plan", "Mara Lindqvist")
    assert article.blocks[0].text == notice


@pytest.mark.parametrize(
    "title", ["Correction of borders rejected", "Clarifications sought", "Update from Geneva"]
)
def test_a_title_may_be_about_a_correction(title: str) -> None:
    assert not is_notice(title)


def test_five_hundred_authors_are_read() -> None:
    names = [f"Mara Berg{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(90)]
    assert parse_byline(", ".join(names))[0] == names
    assert clean_author(", ".join(names * 6)) == ", ".join(names * 6)


@pytest.mark.parametrize("piece", ["By ", "(", "in Beirut ", ", ", " and ", "a@", "Reporting by "])
def test_a_long_byline_takes_no_time(piece: str) -> None:
    clean_author(piece * 3000)
    match_byline(piece * 3000)


@given(st.text(alphabet="By Omar,;|()&-–.@ وعمر،") | st.text())
def test_any_line_is_read(line: str) -> None:
    assert all(name.strip() for name in parse_byline(line)[0])
    is_author(line)
    assert clean_author(line) != ""
