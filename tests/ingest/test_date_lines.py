"""Which lines under a title say when an article was published."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.blocks.date_lines import read_date_line
from syriasearch.ingest.blocks.plain_text import parse_structure, plain_blocks

BODY = "The talks went on for a second day, and nobody expected that they would end soon.\n\n"
DATED = """
March 4, 2018
Mar. 4, 2018
MARCH 4, 2018
4 March 2018
4th March 2018
4 Mar 2018
04 March, 2018
Sunday March 4 2018
Sun., Mar. 4, 2018
Sunday, 4 March, 2018
Sunday 4th of March 2018
Sun 4 Mar 2018 10.30 GMT
Sun 4 Mar 2018 10:30:15 +0200
March 4, 2018 at 10:30 am
March 4, 2018 10:30 p.m. ET
March 4, 2018, 10:30 AM EST
4 March 2018 - 10:30
4 March 2018 | 10:30 UTC+2
10:30 GMT, 4 March 2018
10:30 AM, March 4, 2018
March 4, 2018 at 10:30 a.m.
2018-03-04
2018-03-04T10:30:00Z
2018-03-04T10:30:00.000+02:00
2018-03-04 10:30
2018-03-04 10:30:00 UTC
2018/03/04
2018.03.04
(March 4, 2018)
[4 March 2018]
<March 4, 2018>
*March 4, 2018*
— March 4, 2018 —
• 4 March 2018
GENEVA, 4 March 2018
GENEVA, March 4, 2018
GENEVA - March 4, 2018
GENEVA (March 4, 2018)
NEW YORK, 4 March 2018
Geneva, 4 March 2018
Geneva, Switzerland, 4 March 2018
Beirut, Lebanon | 4 March 2018
Damascus – 4 March 2018
GENEVA 4 March 2018
Published on Sunday, 4 March 2018
Published 4 March 2018
Published: 4 March 2018 10:30
Published at 10:30 on 4 March 2018
First published on Sun 4 Mar 2018 10.30 GMT
PUBLISHED: 10:30 GMT, 4 March 2018 | UPDATED: 11:30 GMT, 9 March 2018
Posted on March 4, 2018 by Mara Lindqvist
Posted by Mara Lindqvist on March 4, 2018
Posted March 4, 2018
Date: 4 March 2018
Date published: 4 March 2018
Publication date: 2018-03-04
04.03.2018
4.3.2018
04.03.2018 10:30
4 March 2018 • Mara Lindqvist
4 March 2018 | By Mara Lindqvist
4 March 2018 by Mara Lindqvist
March 4, 2018 - Mara Lindqvist, Reuters
Mara Lindqvist | 4 March 2018
Mara Lindqvist, 4 March 2018
Mara Lindqvist • March 4, 2018 • 5 min read
Mara Lindqvist and Omar al-Haddad – 4 March 2018
By Mara Lindqvist on March 4, 2018
By Mara Lindqvist, 4 March 2018
By MARA LINDQVIST  March 4, 2018
by Mara Lindqvist - Sunday, March 4, 2018
By our own correspondent in Geneva | 4 March 2018
By Mara Lindqvist, with files from agencies, 4 March 2018
By the staff of The Examiner (Geneva), March 4, 2018
By M. L. and A.B.C., special to the Examiner, March 4, 2018
Reuters, 4 March 2018
AFP | 4 March 2018
Source: Reuters, 4 March 2018
Last updated 9 March 2018, published 4 March 2018
Published 4 March 2018, last updated 9 March 2018
4 March 2018 (updated 9 March 2018)
March 4, 2018 Updated: March 9, 2018 10:00 a.m.
Published March 4, 2018 Updated March 9, 2018
Originally published March 4, 2018
٤ آذار ٢٠١٨
٤ مارس ٢٠١٨
۴ مارس ۲۰۱۸
4 آذار/مارس 2018
4 آذار (مارس) 2018
4 مارس/آذار 2018
الأحد 4 آذار 2018
الأحد، 4 آذار 2018
الأحد ٤ آذار ٢٠١٨ - ١٠:٣٠
الأحد 04 مارس 2018 الساعة 10:30 بتوقيت دمشق
الأحد 4 مارس 2018 10:30 صباحا
يوم الأحد 4 مارس 2018م
تاريخ النشر: 4 مارس 2018
تاريخ النشر: 2018-03-04
نشر في: 4 مارس 2018
نُشر في 4 آذار 2018
نشرت في الأحد 4 آذار 2018
نشر بتاريخ 4 آذار 2018
تم النشر في 04.03.2018
بتاريخ: 4 مارس، 2018
دمشق، 4 آذار 2018
دمشق - 4 آذار 2018
جنيف (4 آذار 2018)
عمر حداد - 4 آذار 2018
عمر حداد | 4 آذار 2018
كتب عمر حداد - 4 آذار 2018
بقلم عمر حداد، 4 آذار 2018
بقلم: عمر حداد  الأحد 4 آذار 2018
16 جمادى الآخرة 1439هـ الموافق 4 مارس 2018
16 جمادى الآخرة 1439 هـ - 4 مارس 2018م
الأحد 16 جمادى الآخرة 1439 هـ الموافق 4 مارس 2018 م
4 مارس 2018 الموافق 16 جمادى الآخرة 1439
16/6/1439 هـ الموافق 4 مارس 2018
16-06-1439هـ 2018-03-04
(4 مارس 2018)
مارس 4, 2018
آخر تحديث: 9 آذار 2018 - تاريخ النشر: 4 آذار 2018
نشر في 4 آذار 2018 | آخر تحديث 9 آذار 2018
4 مارس 2018 - آخر تحديث 9 مارس 2018
وكالات - 4 آذار 2018
المصدر: سانا، 4 آذار 2018
Sun Mar 04 10:30:00 +0000 2018
04-Mar-2018
04 Mar 2018, 10:30 AM IST
Sunday 04 March 2018 10:30, UK
March 4, 2018 3:15 PM Damascus time
March 4, 2018 | 10:30am
""".strip().split("\n")
UNDATED = """
Updated 9 March 2018
UPDATED: March 9, 2018 at 10:30
Last modified on Mon 9 Mar 2018 10.30 GMT
Last updated: 2018-03-09
(Updated March 9, 2018)
Update: 9 March 2018, 10:00
آخر تحديث: 9 آذار 2018
تم التحديث في 9 مارس 2018
تحديث 9/3/2018
Revised March 9, 2018
Accessed 9 March 2018
The attack of 4 March 2018
Attack of 4 March 2018
On March 4, 2018, he said the talks had ended.
On March 4, 2018, he said
March 4, 2018, was a dark day for the town, its people say
The talks of March 4, 2018, and what came of them
What happened in Ghouta on 4 March 2018
By March 4, 2018, the deal was to be signed
By 4 March 2018 nobody had signed it
Protests in Daraa from 4 March 2018 to 9 March 2018
4 March 2018 - 9 March 2018
March 4-9, 2018
4-9 March 2018
4–9 March 2018
4/5 March 2018
Feb 27 – March 4, 2018
16 جمادى الآخرة 1439هـ
1439/6/16 هـ
16-06-1439
31 February 2018
13/13/2018
March 2018
2018
مجزرة 4 آذار 2018
قتل عشرة أشخاص في 4 آذار 2018 بقصف على البلدة
في 4 آذار 2018، قال المتحدث إن المحادثات انتهت
03/04/2018
© 2018 Example
Copyright 4 March 2018 by those who made it for all of us
4 March 2040 9
""".strip().split("\n")


def published(text: str) -> date | None:
    return parse_structure(plain_blocks(text)).published


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
@pytest.mark.parametrize("line", DATED)
def test_a_date_line_under_a_title(line: str, blank: str) -> None:
    assert published(f"Rebuilding plan{blank}{line}\n\n{BODY}{BODY}") == date(2018, 3, 4)


@pytest.mark.parametrize("line", UNDATED)
def test_a_line_that_does_not_say_when_it_was_published(line: str) -> None:
    assert published(f"Rebuilding plan\n{line}\n\n{BODY}{BODY}") is None


@pytest.mark.parametrize(
    "title", ["Attack of 4 March 2018", "Geneva, 4 March 2018: an end", "Talks | 4 March 2018"]
)
def test_a_title_with_a_date_stays_a_title(title: str) -> None:
    article = parse_structure(plain_blocks(f"{title}\n\n{BODY}{BODY}"))
    assert (article.title, article.published) == (title, None)


@pytest.mark.parametrize(
    "lines",
    [
        "Published:\n4 March 2018\nUpdated:\n9 March 2018",
        "Updated\n9 March 2018\nPublished\n4 March 2018",
        "9 March 2018\nPublished 4 March 2018",
        "Our own people on the spot\n4 March 2018",
        "By the people on the spot who know it\nSunday, 4 March 2018",
    ],
)
def test_lines_around_a_date_line(lines: str) -> None:
    assert published(f"Rebuilding plan\n{lines}\n\n{BODY}{BODY}") == date(2018, 3, 4)


def test_the_days_of_a_chronology_are_no_date_lines() -> None:
    text = f"Protests\n\n4 March 2018\n\n{BODY}5 March 2018\n\n{BODY}"
    assert published(text) is None


def test_a_date_of_two_months_is_kept_as_it_is_written() -> None:
    article = parse_structure(plain_blocks(f"Plan\n03/04/2018\n\n{BODY}"))
    assert (article.published, article.written_date) == (None, "03/04/2018")


@pytest.mark.parametrize(
    ("lede", "day"),
    [
        ("GENEVA, March 4, 2018 (Reuters) - The talks ended.", date(2018, 3, 4)),
        ("Wed 05 Apr 2017 Talks end in Bern.", date(2017, 4, 5)),
        ("March 4, 2018, was a day of talks.", None),
        ("On Sunday March 4 2018 Nobody came.", None),
    ],
)
def test_a_date_before_the_lede(lede: str, day: date | None) -> None:
    article = parse_structure(plain_blocks(f"{lede}\n\n{BODY}"), title="Talks")
    assert article.published == day


@given(st.text() | st.sampled_from(["1" * 10_000, "a" * 3000, "4/" * 90, "4 March - " * 19]))
def test_any_text_is_read(text: str) -> None:
    line = read_date_line(text)
    assert line is None or line.published is None or line.published


@pytest.mark.parametrize(
    "line",
    [
        "Deadline: 5 March 2018",
        "Event date: 5 March 2018",
        "Date of birth: 5 March 1968",
        "Closing date 5 March 2018",
        "Tel: 01/02/2018",
        "تاريخ الميلاد: 5 آذار 1968",
        "الموعد النهائي: 5 آذار 2018",
    ],
)
def test_a_date_of_something_else_makes_no_date_line(line: str) -> None:
    assert read_date_line(line) is None


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Release date: 5 March 2018", "5 March 2018"),
        ("Datum 05.03.2018", "05.03.2018"),
        ("Aktualisiert 05.03.2018", None),
    ],
)
def test_labels_of_dates_in_other_languages(line: str, published: str | None) -> None:
    found = read_date_line(line)
    assert found is not None
    assert found.published == published
