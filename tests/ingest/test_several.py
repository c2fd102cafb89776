"""Texts and pages that may hold several articles, and are read as one, are reported."""

import re

import pytest
from formats import PAGE, documents, messages

from syriasearch.ingest.readers import several

PART = "The convoy reached the town on Saturday, after three days on the road. " * 8


def articles(*lines: str, count: int = 3) -> str:
    heads = ("\n".join(lines).format(n=number, count=count) for number in range(1, count + 1))
    return "\n\n".join(f"{head}\n\n{PART}" for head in heads)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (articles("Item {n} of {count}"), "“Item 1 of 3” and so on"),
        (articles("  {n} von {count}"), "“1 von 3” and so on"),
        (articles("Artikel {n} von {count}"), "“Artikel 1 von 3” and so on"),
        (articles("وثيقة {n} من {count}"), "“وثيقة 1 من 3” and so on"),
        (articles("[{n}/{count}]"), "“[1/3]” and so on"),
        (articles("End of Document"), "each ends with “end of document”"),
        (articles("*** END OF STORY ***"), "each ends with “end of story”"),
        (articles("Headline: A", "Date: 2018-01-27"), "each has a line “Headline:”"),
        (articles("TITLE: A", "BYLINE: B"), "each has a line “TITLE:”"),
        (
            "## Talks end\n\n“Talks end.” Wire. <https://a.example/>\n\n> They met.\n\n" * 2,
            "each with a reference and a quotation",
        ),
        (articles("العنوان: أ", "التاريخ: ب"), "each has a line “العنوان:”"),
        (articles("=" * 40), "parted by lines of one character"),
        ("\n".join(f"[{day}.01.18, 10:00:00] Omar: The convoy left." for day in range(1, 12)),
         "messages with a time each"),
        ("\n".join(f"1/{day}/18, 10:00 PM - Omar: The convoy left." for day in range(1, 12)),
         "messages with a time each"),
    ],
)  # fmt: skip
def test_signs_of_several_articles(text: str, what: str) -> None:
    note = several.note_on(text)
    assert note is not None
    assert re.search(r"may hold \d+ articles \((.*)\), and was read", note.message)[1] == what


@pytest.mark.parametrize(
    "text",
    [
        PART,
        articles("Page {n} of {count}"),
        articles("Seite {n} von {count}"),
        articles("{n} من {count} صفحة"),
        articles("* * *"),
        articles("----------"),
        articles("The second heading", "=" * 18),
        "Title: A\nDate: 2018-01-27\n\n" + PART,
        articles("Question: who came?", "Answer: nobody."),
        "Report by Omar.\n\n1 of 3 people fled.\n\n2 of 3 people stayed.",
        "Name    Age\n" + "=" * 40 + "\nOmar    4\n" + "=" * 40 + "\n\n" + PART,
        "\n".join(f"{hour}:00 The convoy left." for hour in range(10, 20)),
    ],
)
def test_one_article_is_one(text: str) -> None:
    assert several.note_on(text) is None


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a"])
def test_a_text_of_several_articles_is_told(made, name: str) -> None:
    (note,) = messages(made(name, articles("Item {n} of {count}")))
    assert note == (
        "may hold 3 articles (“Item 1 of 3” and so on), and was read as one: split it, "
        "or export it in a format that is read"
    )


def test_a_page_of_several_articles_is_told(made) -> None:
    items = "".join(f"<h2>Item {number} of 3</h2><p>{PART}</p>" for number in (1, 2, 3))
    assert (
        "may hold 3 articles" in messages(made("a.html", PAGE.replace("<h1>", items + "<h1>")))[0]
    )


def test_a_page_of_several_long_elements_is_told(made) -> None:
    item = f"<article><h2>Talks</h2>{f'<p>{PART}</p>' * 4}</article>"
    teaser = f"<article><a href='/'>Talks</a><p>{PART[:200]}</p></article>"
    page = "<!DOCTYPE html><html><body>{}</body></html>"
    (note,) = messages(made("a.html", page.format(item * 3)))
    assert note.startswith("may hold 3 articles (each an element `article`)")
    assert not messages(made("a.html", page.format(item + teaser * 9)))


def test_a_page_of_one_article_is_not(made) -> None:
    assert messages(made("a.html", PAGE)) == []


TEXT = "The road between the two towns was open for three hours on that day, drivers said. " * 5


def result(day: str, text: str = TEXT, element: str = "div") -> str:
    return (
        f'<{element} class="hit"><b>Sample Times</b> {day}<h3>A title</h3><p>{text}</p></{element}>'
    )


DAYS = [f"{day} March 2018" for day in range(1, 6)]


@pytest.mark.parametrize(
    "results",
    [
        [result(day) for day in DAYS],
        [result(day, element="TABLE") for day in DAYS],
        [result(f"2018年3月{day}日", "道路は三時間開いていた。" * 30) for day in range(1, 6)],
        [result(f"0{day}.03.2018", "Дорога была открыта три часа. " * 12) for day in range(1, 6)],
        [f"<hr>{day}<p>{TEXT}</p>" for day in DAYS],
    ],
)
def test_a_page_with_several_articles_is_reported_and_read(made, results: list[str]) -> None:
    items = made("a.html", f"<html><body><form>{''.join(results)}</form></body></html>")
    (note,) = messages(items)
    assert note.startswith("may hold 5 articles (each with a date and a text), and was read as one")
    assert len(documents(items)) == 1


@pytest.mark.parametrize(
    ("head", "results"),
    [
        ("", [result(day) for day in DAYS[:2]]),
        ("", [result(day, "Yes.") for day in DAYS]),
        ("", [result("no date") for _ in DAYS]),
        ("", [f'<p class="p">{day}: {TEXT}</p>' for day in DAYS]),
        ('<meta property="og:title" content="A title">', [result(day) for day in DAYS]),
        ('<script type="application/ld+json">{}</script>', [result(day) for day in DAYS]),
    ],
)
def test_a_page_with_one_article_is_not_reported(made, head: str, results: list[str]) -> None:
    page = f"<html><head>{head}</head><body><h1>A</h1><p>{TEXT}</p>{''.join(results)}</body></html>"
    assert not messages(made("a.html", page))


@pytest.mark.parametrize(
    "hostile", ["1 of ", "a:", "_" * 20 + "x", "[1.1.18, 1:1", "=" * 15 + "\n"]
)
def test_any_text_is_searched_in_no_time(hostile: str) -> None:
    several.note_on(hostile * 100_000)
    several.note_on_page(f">{hostile}" * 100_000)
    several.note_on_page(f"<div class={hostile}>{hostile}" * 20_000)
