"""The paragraphs of a page, also of one with little text."""

import pytest

LONG = "The council said on Saturday that the road to the border would be open to lorries again."


def texts(article: object) -> list[str]:
    return [line.split(">", 1)[1].rsplit("<", 1)[0] for line in article.text.split("\n")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        "<article><h1>Shells on Idlib</h1><p>{one}</p><p>{two}</p></article>",
        '<main><h1>Shells on Idlib</h1><div class="entry"><p>{one}</p><p>{two}</p></div></main>',
        "<article><h1>Shells on Idlib</h1><div>{one}<br><br>{two}</div></article>",
        '<div class="post-content"><h1>Shells on Idlib</h1><div>{one}</div><div>{two}</div></div>',
        "<h1>Shells on Idlib</h1><p>{one}</p><p>{two}</p>",
        '<div itemprop="articleBody"><p>{one}</p><p>{two}</p></div>',
    ],
)
@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Two shells fell on Saturday.", "No one was hurt."),
        ("سقطت قذيفتان صباح السبت.", "ولم يصب أحد بأذى."),
    ],
)
def test_a_short_page_keeps_its_paragraphs_apart(made, body: str, one: str, two: str) -> None:
    around = '<nav><a href="/">Home</a></nav>{}<footer>All rights</footer>'
    content = around.format(body.format(one=one, two=two))
    head = '<head><meta charset="utf-8"><title>Brief</title></head>'
    page = f"<html>{head}<body>{content}</body></html>"
    found = texts(made("a.html", page)[0])
    assert [each for each in found if "Idlib" not in each] == [one, two]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("27 January 2018", "2018-01-27"),
        ("2018/01/27", "2018-01-27"),
        ("27 كانون الثاني 2018", "2018-01-27"),
        ("By Omar Tahan | 27 January 2018", "2018-01-27"),
    ],
)
def test_the_date_of_a_short_page_is_a_line_of_its_own(made, written: str, day: str) -> None:
    body = f'<h1>Shells on Idlib</h1><p class="post-meta">{written}</p><p>Two shells fell.</p>'
    (article,) = made("a.html", f"<html><body><article>{body}</article></body></html>")
    assert article.date == day
    assert texts(article)[1:] == [written, "Two shells fell."]


@pytest.mark.parametrize("mark", ['class="standfirst"', 'class="articleLead"', 'class="c-dek"'])
def test_a_standfirst_outside_of_the_text_is_read(made, mark: str) -> None:
    lead = "Drivers who had waited for three weeks at the gate welcomed the decision of the town."
    text = "".join(f"<p>{number}. {LONG}</p>" for number in range(6))
    page = (
        f"<html><body><h1>Road</h1><div {mark}>{lead}</div><article>{text}</article></body></html>"
    )
    assert texts(made("a.html", page)[0])[0] == lead


def test_paragraphs_that_were_left_out_are_read(made) -> None:
    text = [f"{number}. {LONG}" for number in range(9)]
    first = "".join(f"<p>{each}</p>" for each in text[:4])
    rest = "".join(f"<p>{each}</p>" for each in text[4:])
    page = (
        "<html><body><article><h1>Road</h1>"
        f'<div>{first}</div><div class="article-text">{rest}</div></article></body></html>'
    )
    assert texts(made("a.html", page)[0])[-9:] == text
