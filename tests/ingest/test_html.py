"""Web pages: what is their article, and what pieces of HTML become."""

from pathlib import Path

import pytest
from formats import PAGE, messages
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.blocks.html import html_blocks
from syriasearch.ingest.readers import Document, SourceFile
from syriasearch.ingest.readers.detect import read_items
from syriasearch.ingest.readers.registry import all_readers


def test_a_page_gives_its_article_and_what_it_says_of_it(made) -> None:
    (page,) = made("a.html", PAGE)
    assert (page.title, page.author, page.source) == (
        "Convoy reaches Dara",
        "Nadia Karim",
        "Sample Wire",
    )
    assert (page.date, page.lang, page.markup) == ("2018-06-02", "en-GB", "html")
    assert "<h2>Waiting at the gate</h2>" in page.text
    assert "&amp; slept" in page.text


@pytest.mark.parametrize("word", ["tracker", "cookies", "World news", "reserved", "color"])
def test_what_stands_around_an_article_is_left_out(made, word: str) -> None:
    assert word not in made("a.html", PAGE)[0].text


def test_a_page_without_an_article_is_a_problem(made) -> None:
    assert "no article was found" in messages(made("a.html", "<html><body></body></html>"))[0]


def test_a_page_may_name_its_encoding(made) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="windows-1256">').replace(
        "A convoy", "وصلت قافلة"
    )
    assert "وصلت قافلة" in made("a.html", page.encode("cp1256"))[0].text


def dated(date: str) -> str:
    published = PAGE.replace("2018-06-02T09:00:00Z", date)
    return published.replace('"headline"', f'"datePublished": "{date}", "headline"')


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        ("2018-06-02T00:30:00+03:00", "2018-06-02"),
        ("٢ حزيران ٢٠١٨", "2018-06-02"),
        # These are told when a draft is made of the page.
        ("2018-02-31T09:00:00Z", "2018-02-31T09:00:00Z"),
        ("05/03/2018", "05/03/2018"),
        ("2040-01-01", "2040-01-01"),
    ],
)
def test_the_date_of_a_page_is_what_it_says_and_no_guess(made, date: str, kept: str) -> None:
    assert made("a.html", dated(date))[0].date == kept


def test_of_a_page_s_dates_the_first_that_is_one_counts(made) -> None:
    page = PAGE.replace("<title>", '<meta name="date" content="0001-01-01T00:00:00"><title>')
    assert made("a.html", page)[0].date == "2018-06-02"


def test_a_layout_of_tables_keeps_its_paragraphs_apart(made) -> None:
    one, other = (f"Officials said {word} " + "that it would go on. " * 9 for word in "ab")
    cell = f"<td><table><tr><td><p>{one}</p><p>{other}</p></td></tr></table></td>"
    page = made("a.html", f"<html><body><table><tr><td>Home</td>{cell}</tr></table></body></html>")
    assert f"<p>{one.strip()}</p>\n<p>{other.strip()}</p>" in page[0].text


def test_the_values_of_a_table_stay_in_a_row(made) -> None:
    table = "<table><tr><th>Town</th><th>Homes</th></tr><tr><td>Dara</td><td>68</td></tr></table>"
    page = PAGE.replace("<h2>Waiting", table + "<h2>Waiting")
    assert "<p>Dara · 68</p>" in made("a.html", page)[0].text


def test_a_browser_says_where_a_page_was_saved_from(made) -> None:
    page = "<!-- saved from url=(0028)https://example.org/convoy/1 -->\n" + PAGE
    assert made("a.html", page)[0].url == "https://example.org/convoy/1"


def test_the_language_of_a_template_is_not_that_of_an_arabic_text(made) -> None:
    text = "أعلنت هيئة التفاوض السورية المعارضة يوم السبت أنها قررت مقاطعة مؤتمر الحوار الوطني"
    body = f"<body><article><p>{text}</p><p>{text} في سوتشي</p></article></body>"
    page = f'<html lang="en">{body}</html>'
    assert made("a.html", page)[0].lang == "ar"


def test_a_page_is_known_by_its_bytes_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (draft,) = read_items(SourceFile(tmp_path / "a.html", "a.html"))
    assert isinstance(draft, Document)
    (page,) = draft.complete()
    assert isinstance(page, Document)
    assert draft.text == ""
    assert draft.content_hash() == page.content_hash()


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\ufeff",
        " \n",
        "<!-- a -->",
        "<!-- a > b --><!---->\n<!-- c -->",
        "<?xml version='1.0'?>\n",
    ],
)
def test_a_page_is_recognized_after_comments(before: str) -> None:
    claiming = [each for each in all_readers() if each.claims(f"{before}<!DOCTYPE html>".encode())]
    assert [each.name for each in claiming] == ["html"]


def test_html_becomes_paragraphs_headings_and_captions() -> None:
    html = (
        "<h2>A <i>head</i></h2><p>One &amp; two.<br>Three.</p><script>no()</script><ul><li>a<li>b"
        "</ul><figure><figcaption>A hall</figcaption></figure><table><tr><td>4 May<td>Astana"
        "</table><!-- no -->x < y"
    )
    assert [(block.kind, block.text) for block in html_blocks(html)] == [
        ("heading", "A head"),
        ("body", "One & two."),
        ("body", "Three."),
        ("body", "a"),
        ("body", "b"),
        ("caption", "A hall"),
        ("body", "4 May · Astana"),
        ("body", "x < y"),
    ]


@given(st.text(alphabet="<>/!-abpscript =\"'&;") | st.text())
def test_any_text_is_html(text: str) -> None:
    assert all(block.text.strip() for block in html_blocks(text))


@pytest.mark.parametrize("piece", ["<!--", "<script ", "<", "<a href='", "<div>", "&", "<p/"])
def test_a_megabyte_of_anything_is_html_in_no_time(piece: str) -> None:
    html_blocks(piece * (10**6 // len(piece)))
