"""Missing values, as other programs write them, and HTML's references in values."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from formats import messages

from syriasearch import Archive
from syriasearch.ingest.readers import nulls
from syriasearch.ingest.readers.character_references import decode_references
from syriasearch.ingest.readers.nulls import is_null, is_null_date
from syriasearch.text.word_lists import read_word_lists

DATA = Path(nulls.__file__).parent / "data" / "nulls.txt"
NULLS = ["nan", "NaN", "None", "NONE", "N/A", "n/a", "NULL", "null", "NaT", "\\N", "-", "<NA>",
         "#N/A", "undefined", "NA", "nil", "--", " nan "]  # fmt: skip
METADATA = ("title", "author", "source", "url", "date", "lang")


def test_no_missing_value_is_listed_twice() -> None:
    for words in read_word_lists(DATA).values():
        assert [word for word, count in Counter(words).items() if count > 1] == []


@pytest.mark.parametrize("value", NULLS)
def test_a_missing_value_is_nothing_in_any_field(made, value: str) -> None:
    (document,) = made("a.jsonl", json.dumps({"text": "A text.", **dict.fromkeys(METADATA, value)}))
    assert [getattr(document, name) for name in METADATA] == [None] * len(METADATA)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_missing_value_is_nothing_in_a_table(made, name: str) -> None:
    rows = io.StringIO()
    delimiter = "\t" if name.endswith("tsv") else ","
    csv.writer(rows, delimiter=delimiter).writerows(
        [["id", "text", *METADATA], *(["nan", "A text.", *[value] * 6] for value in NULLS)]
    )
    documents = made(name, rows.getvalue())
    assert len(documents) == len(NULLS)
    for document in documents:
        assert document.positional
        assert [getattr(document, name) for name in METADATA] == [None] * len(METADATA)


def test_a_number_that_is_none_is_nothing(made) -> None:
    (document,) = made("a.json", '{"text": "A text.", "title": NaN, "author": null, "date": NaN}')
    assert (document.title, document.author, document.date) == (None, None, None)


def test_a_missing_value_in_a_list_is_left_out(made) -> None:
    (document,) = made("a.json", json.dumps({"text": "A text.", "author": ["nan", "Ida Berg"]}))
    assert document.author == "Ida Berg"


def test_a_missing_value_gives_way_to_another_key(made) -> None:
    record = {"text": "A text.", "title": "nan", "headline": "Talks end", "author": "admin"}
    (document,) = made("a.json", json.dumps(record))
    assert (document.title, document.author) == ("Talks end", None)


@pytest.mark.parametrize("value", NULLS)
def test_a_missing_text_is_reported(made, value: str) -> None:
    assert "has no text" in messages(made("a.json", json.dumps({"title": "T", "text": value})))[0]


@pytest.mark.parametrize(
    "value",
    ["None of the above", "Jennifer Null", "Nan Goldin", "Null and void", "N/A: what it means",
     "Nil", "NaN is no number", "?!", "—— a ——"],
)  # fmt: skip
def test_words_that_begin_like_a_missing_value_stay(value: str) -> None:
    assert not is_null(value) or value == "Nil"


def test_a_person_called_none_stays_in_a_text(tmp_path: Path) -> None:
    text = "None\n\nMr. Null said nothing, and None Smith agreed with N/A and nan."
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "None of the above", "text": text}))
    archive = Archive(tmp_path / "a.db")
    archive.ingest(tmp_path / "a.jsonl", processes=0)
    (hit,) = archive.search("Null").hits
    assert hit.article.title == "None of the above"
    assert "None Smith" in archive.article(hit.article.slug).paragraphs[-1].text


@pytest.mark.parametrize(
    "date",
    ["1970-01-01", "1970-01-01T00:00:00Z", "1970-01-01 00:00:00", "1970-01-01T00:00:00.000Z",
     "1970-01-01T00:00:00+00:00", "1970-01-01T02:00:00+02:00", "1969-12-31T19:00:00-05:00",
     "Thu, 01 Jan 1970 00:00:00 GMT", "January 1, 1970", "1 Jan 1970", "01/01/1970", "0",
     "0001-01-01", "0001-01-01T00:00:00", "Mon, 01 Jan 0001 00:00:00 +0000", "1/1/0001 12:00:00 AM",
     "0000-00-00", "0000-00-00 00:00:00", "1899-12-30", "NaT", "-1"],
)  # fmt: skip
def test_the_zero_of_a_calendar_is_no_date(date: str, tmp_path: Path) -> None:
    assert is_null_date(date)
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "A", "text": "A text.", "date": date}))
    archive = Archive(tmp_path / "a.db")
    assert not archive.ingest(tmp_path / "a.jsonl", processes=0).problems
    assert [hit.article.published for hit in archive.search("text").hits] == [None]


@pytest.mark.parametrize(
    "date",
    ["1970-01-02", "1970-01-01T09:30:00Z", "2018-01-01", "2001-01-01", "2000-01-01", "1517011200"],
)
def test_other_dates_are_dates(date: str) -> None:
    assert not is_null_date(date)


ENCODED = {
    "title": "US &amp; Russia: &#8216;no deal&#8217;",
    "author": "Sin&eacute;ad O&#39;Neil",
    "url": "https://e.example/?a=1&amp;copy=2",
    "text": "&quot;No deal&quot; was near, AT&amp;T said; it&#8217;s over&nbsp;now.",
}


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a.tsv"])
def test_references_are_decoded_once(made, name: str) -> None:
    rows = io.StringIO()
    writer = csv.writer(rows, delimiter="\t" if name.endswith("tsv") else ",")
    writer.writerows([ENCODED.keys(), ENCODED.values()])
    (document,) = made(name, json.dumps(ENCODED) if "json" in name else rows.getvalue())
    assert (document.title, document.author) == ("US & Russia: ‘no deal’", "Sinéad O'Neil")
    assert document.url == "https://e.example/?a=1&copy=2"
    assert document.text == '"No deal" was near, AT&T said; it’s over now.'


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;b&gt;", "<b>"),
        ("&#x2019;&#8217;&rsquo;", "’’’"),
        ("&Eacute;t&eacute;", "Été"),
        ("سوريا&#1548; لبنان", "سوريا، لبنان"),
        ("AT&T and R&D", "AT&T and R&D"),
        ("?a=1&copy=2&reg=3", "?a=1&copy=2&reg=3"),
        ("&unknown;", "&unknown;"),
        ("&;", "&;"),
        ("&#0;", "\ufffd"),
        ("&#99999999;", "&#99999999;"),
    ],
)
def test_a_reference_has_a_semicolon(text: str, decoded: str) -> None:
    assert decode_references(text) == decoded


def test_html_is_decoded_once(made) -> None:
    (document,) = made("a.json", json.dumps({"text": "<p>Write &amp;lt;b&amp;gt; here.</p>"}))
    assert (document.markup, document.text) == ("html", "<p>Write &amp;lt;b&amp;gt; here.</p>")


def test_html_that_is_encoded_as_a_whole_is_html(made) -> None:
    (document,) = made("a.json", json.dumps({"text": "&lt;p&gt;Talks &amp;amp; more.&lt;/p&gt;"}))
    assert (document.markup, document.text) == ("html", "<p>Talks &amp; more.</p>")


def test_a_text_file_stays_as_it_is_written(made) -> None:
    (document,) = made("a.txt", "---\ntitle: A &amp; B\n---\nHow to write &amp; in HTML.")
    assert (document.title, document.text) == ("A &amp; B", "How to write &amp; in HTML.")


def test_front_matter_of_markdown_is_decoded_like_its_text(made) -> None:
    (document,) = made("a.md", "---\ntitle: A &amp; B\n---\nC &amp; D")
    assert document.title == "A & B"


@pytest.mark.parametrize(
    ("kind", "text"), [("html", "A &amp; <b>B</b>"), ("text", "A &amp;amp; <b>B</b>")]
)
def test_an_entry_of_atom_says_whether_it_is_html(made, kind: str, text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>E</title><entry><id>1</id><title>T</title>'
        f'<content type="{kind}">{escaped}</content></entry></feed>'
    )
    (document,) = made("a.atom", feed)
    assert (document.markup, document.text) == ("html" if kind == "html" else "plain", text)


def test_a_key_with_a_reference_is_no_field(made) -> None:
    (document,) = made("a.json", json.dumps({"t&amp;itle": "No", "text": "A text."}))
    assert document.title is None


def test_a_long_headline_stays_whole(tmp_path: Path) -> None:
    title = "Talks " + "letter " * 428
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": title, "text": "A text."}))
    archive = Archive(tmp_path / "a.db")
    archive.ingest(tmp_path / "a.jsonl", processes=0)
    assert archive.search("text").hits[0].article.title == title.strip()
