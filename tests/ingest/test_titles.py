"""Headlines: what of a title is the site's name, and what is the headline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.readers.titles import SiteNames, headline

SITE = SiteNames.of(["The Daily Example"], "https://www.dailyexample.org/news/1")
ARABIC = SiteNames.of(["موقع المثال"])
HEADLINE = "Committee meets in Geneva"


@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} - The Daily Example",
        f"{HEADLINE} – The Daily Example",
        f"{HEADLINE} — The Daily Example",
        f"{HEADLINE}—The Daily Example",
        f"{HEADLINE} | The Daily Example",
        f"{HEADLINE}| The Daily Example",
        f"{HEADLINE} » The Daily Example",
        f"{HEADLINE} · The Daily Example",
        f"{HEADLINE} : The Daily Example",
        f"{HEADLINE} :: The Daily Example",
        f"{HEADLINE} - THE DAILY EXAMPLE",
        f"{HEADLINE} - Daily Example News",
        f"{HEADLINE} | DailyExample.com",
        f"{HEADLINE} - dailyexample.org",
        f"{HEADLINE} | The Daily Example | The Daily Example",
        f"The Daily Example | {HEADLINE}",
        f"The Daily Example - {HEADLINE}",
        f"Daily Example » {HEADLINE}",
    ],
)
def test_the_name_of_the_site_is_cut(title: str) -> None:
    assert headline(title, SITE) == HEADLINE


@pytest.mark.parametrize(
    "title",
    [
        "Aleppo - a city divided",
        'Assad: "we will win"',
        "Idlib | what next?",
        "Idlib — what next for the last stronghold?",
        "West wants to seize control - Russia",
        "S-400 - what it is and where it stands",
        "Cease-fire in East-Ghouta, 2011–18",
        "Talks at The Daily Example end",
        "The Daily Example, ten years on",
        "The Daily Example",
        "- The Daily Example",
        "The Daily Example: what we got wrong",
        "Daily life - Daily bread",
        "حلب - مدينة منقسمة",
        "الأسد: سننتصر",
    ],
)
def test_nothing_else_of_a_headline_is_cut(title: str) -> None:
    assert headline(title, SITE) == title


@pytest.mark.parametrize(
    "title",
    [
        "اجتماع اللجنة في جنيف - موقع المثال",
        "اجتماع اللجنة في جنيف | المثال نت",
        "اجتماع اللجنة في جنيف – المثال أونلاين",
        "موقع المثال » اجتماع اللجنة في جنيف",
    ],
)
def test_names_in_arabic_are_cut(title: str) -> None:
    assert headline(title, ARABIC) == "اجتماع اللجنة في جنيف"


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        (f"{HEADLINE} – Example News", HEADLINE),
        (f"Example News | {HEADLINE}", HEADLINE),
        (f"{HEADLINE} | World | Example News", HEADLINE),
        (f"{HEADLINE} - what next for Syria?", None),
        (f"{HEADLINE} - and fails again", None),
        (f"Syria war: {HEADLINE}", None),
        (f"{HEADLINE} – 12 killed", None),
    ],
)
def test_a_shown_headline_tells_what_stands_around_it(title: str, kept: str | None) -> None:
    assert headline(title, SiteNames(), shown=[HEADLINE], colon=True) == (kept or title)


def test_a_name_before_a_colon_is_cut_unless_the_page_shows_it() -> None:
    title = f"The Daily Example: {HEADLINE}"
    assert headline(title, SITE, shown=[HEADLINE], colon=True) == HEADLINE
    assert headline(title, SITE, shown=[title], colon=True) == title


@pytest.mark.parametrize(
    ("url", "tail", "is_cut"),
    [
        ("https://www.npr.org/2018/1", "NPR", True),
        ("http://edition.cnn.com/2018/1", "CNN.com", True),
        ("https://www.bbc.co.uk/news/1", "BBC News", True),
        ("https://syria.example/1", "Syria", False),
        ("https://syria.tv/1", "Syria", False),
        ("https://syria.tv/1", "Syria TV", True),
        ("mailto:a@bbc.co.uk", "Example", False),
    ],
)
def test_the_address_of_a_page_names_its_site(url: str, tail: str, is_cut: bool) -> None:
    title = f"{HEADLINE} - {tail}"
    assert headline(title, SiteNames.of([], url)) == (HEADLINE if is_cut else title)


def test_a_place_in_the_name_of_a_site_is_no_name_of_it() -> None:
    title = "Refugees return - Syria"
    assert headline(title, SiteNames.of(["Syria News"])) == title


@pytest.mark.parametrize(
    "title",
    ["a - " * 2400, "word " * 600 + "- x", " " * 9000, "|" * 3000, "x" * 30_000, ": " * 999],
)
def test_long_titles_are_read_quickly(title: str) -> None:
    headline(title, SITE, shown=[HEADLINE], colon=True)


@given(st.text(alphabet="ab -–|:»The Daily Example") | st.text())
def test_a_headline_is_a_part_of_its_title(title: str) -> None:
    whole = " ".join(title.split())
    kept = headline(title, SITE, shown=[whole[:9]], colon=True)
    assert kept in whole
    assert bool(kept) == bool(whole)
