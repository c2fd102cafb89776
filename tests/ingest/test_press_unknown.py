"""Pages that hold several articles and are of no database that is known."""

import pytest
from formats import documents, messages

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
    assert messages(items) == [
        "seems to hold 5 articles, and was read as one: save each in a file of its own"
    ]
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
