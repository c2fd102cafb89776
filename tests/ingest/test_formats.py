"""Each format: what is recognized, what becomes an article, and what is told."""

import gzip
import json
import pickle
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest import readers
from syriasearch.ingest.readers import Document, PassedOver, Problem, SourceFile, all_readers
from syriasearch.ingest.readers.base import readable
from syriasearch.ingest.readers.detect import read_items

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>Convoy reaches Dara | Sample Wire</title>
<meta property="og:site_name" content="Sample Wire"><meta name="author" content="Nadia Karim">
<meta property="article:published_time" content="2018-06-02T09:00:00Z">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Convoy reaches Dara"}
</script><script>var tracker = "do not read me";</script><style>p {color: red}</style></head>
<body><div class="cookie-banner">We use cookies to make this site better. Accept all</div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World news</a></li></ul></nav>
<article><h1>Convoy reaches Dara</h1>
<p>A convoy with flour and medicine reached the town on Saturday, after three days on the road.</p>
<h2>Waiting at the gate</h2>
<p>Drivers said that they had waited at the last checkpoint &amp; slept in their cabins.</p>
<p>Two more convoys will follow next week if the road stays open, an official told the town.</p>
</article><footer>Copyright 2018 Sample Wire. All rights reserved.</footer></body></html>"""

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Sample Wire</title>
<language>en</language><link>https://example.org/</link>
<item><title>Road &amp;amp; rail reopen</title><link>https://example.org/1</link>
<guid>tag:1</guid><pubDate>Sat, 02 Jun 2018 09:00:00 GMT</pubDate><author>Omar Tahan</author>
<description>&lt;p&gt;The road is open.&lt;/p&gt;&lt;p&gt;So is the rail.&lt;/p&gt;
</description></item>
<item><title>Nothing more</title><guid>tag:2</guid></item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>Sample Wire</title><entry><title>Truce holds</title><id>urn:7</id>
<link href="https://example.org/7"/><published>2018-06-03T00:00:00Z</published>
<author><name>Mara Lind</name></author><summary>Short.</summary>
<content type="html">&lt;p&gt;The truce holds for a third day.&lt;/p&gt;</content></entry></feed>"""


def read(path: Path, **options: object) -> list[Document | Problem | PassedOver]:
    items: list[Document | Problem | PassedOver] = []
    columns = tuple(options.pop("columns", {}).items())  # type: ignore[attr-defined]
    for item in read_items(SourceFile(path, path.name, columns=columns), **options):  # type: ignore[arg-type]
        items += item.complete() if isinstance(item, Document) else [item]
    return items


@pytest.fixture
def made(tmp_path: Path):
    """Make a file and read it: `made("a.csv", "title,text…")`."""

    def make(name: str, content: str | bytes, **options: object):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, **options)

    return make


def documents(items: list[object]) -> list[Document]:
    return [item for item in items if isinstance(item, Document)]


def messages(items: list[object]) -> list[str]:
    return [item.message for item in items if isinstance(item, Problem)]


# Web pages


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


@pytest.mark.parametrize("name", ["a.html", "a.pdf"])
def test_an_article_may_be_made_in_another_process(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PAGE.encode() if name == "a.html" else pdf("A text."))
    (draft,) = read_items(SourceFile(tmp_path / name, name))
    assert isinstance(draft, Document)
    assert list(pickle.loads(pickle.dumps(draft)).complete()) == list(draft.complete())


# Feeds


def test_an_entry_of_rss_is_an_article(made) -> None:
    entry, problem = made("a.rss", RSS)
    assert (entry.title, entry.url, entry.anchor) == (
        "Road & rail reopen",
        "https://example.org/1",
        "tag:1",
    )
    assert (entry.source, entry.lang, entry.date) == (
        "Sample Wire",
        "en",
        "Sat, 02 Jun 2018 09:00:00 GMT",
    )
    assert entry.markup == "html"
    assert (problem.message, problem.anchor) == (
        "entry 2 has no text: it may have to be fetched",
        "tag:2",
    )


def test_an_entry_of_atom_has_its_content_rather_than_its_summary(made) -> None:
    (entry,) = made("a.xml", ATOM)
    assert (entry.title, entry.author, entry.date) == (
        "Truce holds",
        "Mara Lind",
        "2018-06-03T00:00:00Z",
    )
    assert "third day" in entry.text


def test_a_feed_that_is_cut_off_keeps_what_stands_before(made) -> None:
    note, entry = made("a.rss", RSS[: RSS.index("<item><title>Nothing")])
    assert "is not valid XML" in note.message
    assert not note.lost
    assert entry.title == "Road & rail reopen"


def test_a_feed_that_defines_entities_is_not_read(made) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]><rss><item><title>&l11;</title></item></rss>'
    )
    assert "defines entities" in messages(made("a.xml", feed))[0]


@pytest.mark.parametrize("hidden", ["comment", "utf-16"])
def test_no_entities_are_read_wherever_they_are_defined(made, hidden: str) -> None:
    comment = "<!--" + "x" * 70_000 + "-->" if hidden == "comment" else ""
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE rss [{comment}<!ENTITY a "aa">]>'
        "<rss><channel><item><description>&a;</description></item></channel></rss>"
    )
    encoding = "utf-16" if hidden == "utf-16" else "utf-8"
    assert "defines entities" in messages(made("a.rss", feed.encode(encoding)))[0]


# JSON


@pytest.mark.parametrize(
    "content",
    [
        {"title": "One", "text": "A text."},
        [{"title": "One", "text": "A text."}],
        {"status": "ok", "articles": [{"title": "One", "text": "A text."}]},
        {"response": {"docs": [{"title": "One", "text": "A text."}]}},
        {"hits": {"hits": [{"_id": "7", "_source": {"title": "One", "text": "A text."}}]}},
        {"a1": {"headline": "One", "body": "A text."}, "a2": {"text": "Two."}},
        {"data": {"page": {"items": [{"title": "One", "text": "A text."}, {"text": "Two."}]}}},
        # WordPress, the Guardian, pages of a list
        [{"title": {"rendered": "<i>One</i>"}, "content": {"rendered": "A text."}}],
        {"response": {"results": [{"webTitle": "One", "fields": {"bodyText": "A text."}}]}},
        {"content": [{"title": "One", "text": "A text."}, {"title": "Two", "text": "Two."}]},
    ],
)
def test_json_is_an_article_or_holds_a_list_of_them(made, content: object) -> None:
    first = documents(made("a.json", json.dumps(content)))[0]
    assert (first.text, first.title) in [("A text.", "One"), ("A text.", None)]


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("headline", "title"),
        ("Article Title", "title"),
        ("byline", "author"),
        ("publishedAt", "date"),
        ("Published At", "date"),
        ("datePublished", "date"),
        ("link", "url"),
        ("language", "lang"),
        ("publisher", "source"),
        ("site_name", "source"),
        ("media_name", "source"),
        ("date_publish", "date"),
        ("webPublicationDate", "date"),
        ("المصدر", "source"),
        ("عنوان الخبر", "title"),
        ("تاريخ النشر", "date"),
    ],
)
def test_common_names_of_fields_are_recognized(made, key: str, field: str) -> None:
    (document,) = made("a.json", json.dumps({key: "Value", "article_content": "A text."}))
    assert getattr(document, field) == "Value"
    assert document.text == "A text."


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        ({"title": {"rendered": "Aid &amp; flour"}}, "title", "Aid & flour"),
        ({"headline": {"main": "One", "kicker": "Two"}}, "title", "One"),
        ({"date": {"$date": "2018-01-27T00:00:00Z"}}, "date", "2018-01-27T00:00:00Z"),
        ({"date": {"$date": {"$numberLong": "1517011200000"}}}, "date", "1517011200000"),
        ({"_id": {"$oid": "5a6b"}}, "anchor", "5a6b"),
        ({"meta": {"author": "Mara Lind", "title": "no"}, "title": "x"}, "author", "Mara Lind"),
        ({"meta": {"title": "no"}, "title": "One"}, "title", "One"),
        ({"author": 7}, "author", None),
        ({"source": "https://example.org", "source-hostname": "Wire"}, "source", "Wire"),
    ],
)
def test_a_value_may_lie_deeper(made, record: dict, field: str, value: object) -> None:
    (document,) = made("a.json", json.dumps([{"text": "A text.", **record}]))
    assert getattr(document, field) == value


def test_a_field_may_be_mapped_to_a_key_that_lies_inside(made) -> None:
    content = [{"meta": {"hed": "One"}, "raw": "A text.", "text": "no"}]
    columns = {"title": "meta.hed", "text": "raw"}
    (document,) = made("a.json", json.dumps(content), columns=columns)
    assert (document.title, document.text) == ("One", "A text.")


def test_a_text_may_be_a_list_of_paragraphs_or_html(made) -> None:
    content = [{"text": ["One.", "Two."]}, {"content": "<p>One.</p><p>Two.</p>"}]
    one, other = made("a.json", json.dumps(content))
    assert (one.text, one.markup, other.markup) == ("One.\n\nTwo.", "plain", "html")


def test_paragraphs_may_be_objects(made) -> None:
    pieces = [{"type": "paragraph", "text": "One."}, {"type": "paragraph", "text": "Two."}]
    (document,) = made("a.json", json.dumps({"title": "Both", "content": pieces}))
    assert (document.title, document.text) == ("Both", "One.\n\nTwo.")


def test_a_summary_is_taken_where_there_is_no_text_and_told(made) -> None:
    note, document = made("a.json", '{"title": "One", "description": "In short."}')
    assert document.text == "In short."
    assert "only a summary" in note.message


def test_what_stands_before_a_fault_in_a_list_is_kept(made) -> None:
    items = made("a.json", '[{"text": "One."}, {"text": "Two."}, {"text": oops}]')
    assert [document.text for document in documents(items)] == ["One.", "Two."]
    assert "item 3 cannot be read" in messages(items)[0]


@pytest.mark.parametrize("wrap", ["%s", '{"status": "ok", "articles": %s}'])
def test_a_long_list_is_read_item_by_item(made, monkeypatch, wrap: str) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.json.MAX_ARTICLE_BYTES", 2000)
    monkeypatch.setattr("syriasearch.ingest.readers.json._CHUNK", 100)
    items = [{"id": number, "text": f"Text {number} " + "x" * number} for number in range(300)]
    found = documents(made("a.json", wrap % json.dumps(items)))
    assert [document.anchor for document in found] == [str(number) for number in range(300)]


@pytest.mark.parametrize(
    ("name", "content", "anchors"),
    [
        ("a.json", '{"text": "One."}\n{"text": "Two."}\n', ["1", "2"]),
        ("a.jsonl", '[{"text": "One."},\n{"text": "Two."}]', ["1", "2"]),
        ("a.jsonl", '{"text": "One."}', ["1"]),
        ("a.jsonl", '{"text": "cut of\n{"text": "Two."}\n', ["2"]),
        ("a.txt", '{"text": "One."}\n{"text": "Two."}\n', ["1", "2"]),
        ("a", "id,title,text\nx,One,A text.\n", ["x"]),
        ("a.txt", RSS, ["tag:1"]),
        ("a.json", PAGE, [None]),
    ],
)
def test_content_tells_more_than_an_ending(made, name: str, content: str, anchors: list) -> None:
    assert [document.anchor for document in documents(made(name, content))] == anchors


@pytest.mark.parametrize(
    "text", ["[Homs] The talks ended.", "{sic} he wrote", "<b>Bold</b> words", "a, b, text: c"]
)
def test_what_only_looks_like_a_format_is_text(made, text: str) -> None:
    (document,) = made("a.txt", text)
    assert (document.text, document.markup) == (text, "plain")


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 100_000, '[{"text":' + "[" * 10_000])
def test_json_that_is_nested_too_deep_is_a_problem(made, content: str) -> None:
    assert messages(made("a.json", content))


# Tables


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_row_is_an_article(made, sign: str) -> None:
    rows = ["Headline,Body,Byline,Date", "One,A text.,Nadia Karim,2018-06-02"]
    (document,) = made("a.csv", "\n".join(rows).replace(",", sign))
    assert (document.title, document.text, document.author) == ("One", "A text.", "Nadia Karim")
    assert (document.anchor, document.positional) == ("2", True)


def test_columns_may_be_mapped(made) -> None:
    table = "Hed,Content,Nr\nOne,A text.,7\n"
    columns = {"title": "Hed", "text": "Content", "id": "nr"}
    (document,) = made("a.csv", table, columns=columns)
    assert (document.title, document.text, document.anchor) == ("One", "A text.", "7")


def test_a_column_that_is_not_there_is_told_with_those_that_are(made) -> None:
    items = made("a.csv", "hed,text\nOne,A text.\n", columns={"title": "Head"})
    assert messages(items) == ["has no column 'Head' to be the title, only hed, text"]
    assert len(documents(items)) == 1


def test_a_table_without_a_text_is_one_problem(made) -> None:
    assert messages(made("a.csv", "a,b\n1,2\n3,4\n")) == [
        "has no column that is its text, only a, b: name one with --map text=COLUMN"
    ]


def test_a_field_may_span_lines(made) -> None:
    one, other = made("a.csv", 'title,text\nA,"One.\n\nTwo ""so"" on."\nB,Three.\n')
    assert (one.text, other.text, other.anchor) == ('One.\n\nTwo "so" on.', "Three.", "5")


@pytest.mark.parametrize(
    ("table", "lost"),
    [
        ('title,text\nA,"never closed\nB,Two.\nC,Three.\n', ["2"]),
        ('title,text\nA,"never closed\nB,Two.\nC,"Three"\n', ["2"]),
        ('title,text\nB,Two.\nC,Three.\nA,"never closed', ["4"]),
    ],
)
def test_a_quotation_mark_that_is_not_closed_takes_its_own_line_only(
    made, table: str, lost: list[str]
) -> None:
    items = made("a.csv", table)
    assert [document.title for document in documents(items)] == ["B", "C"]
    assert [item.anchor for item in items if isinstance(item, Problem)] == lost


def test_a_row_with_too_many_columns_is_told(made) -> None:
    items = made("a.csv", "title,text\nA,One, two.\nB,Three.\n")
    assert messages(items) == [
        "line 2 has 3 columns, not 2: put what holds a comma in quotation marks"
    ]
    assert len(documents(items)) == 1


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_line_for_excel_tells_what_stands_between_values(made, sign: str) -> None:
    (document,) = made(
        "a.csv",
        f"sep={sign}\r\ntitle{sign}text\r\nOne{sign}A, b; c.\r\n".replace("A, b; c.", '"A, b; c."'),
    )
    assert (document.title, document.text) == ("One", "A, b; c.")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1256", "cp1252"])
def test_tables_come_in_many_encodings(made, encoding: str) -> None:
    text = "café à côté" if encoding == "cp1252" else "قال المبعوث الأممي إن المحادثات انتهت"
    rows = "".join(f"{number}\t{text} {number}\r\n" for number in range(5))
    found = documents(made("a.tsv", f"title\ttext\r\n{rows}".encode(encoding)))
    assert [document.text for document in found] == [f"{text} {number}" for number in range(5)]


# Web archives


def warc(*pages: tuple[str, str, str], gz: bool = False) -> bytes:
    out = b""
    for url, kind, content in pages:
        http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{content}".encode()
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2018-06-02T00:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:{len(out)}>\r\nWARC-Target-URI: {url}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        record = head.encode() + http + b"\r\n\r\n"
        out += gzip.compress(record) if gz else record
    return out


PAGES = (
    ("https://example.org/a", "text/html; charset=utf-8", PAGE),
    ("https://example.org/a.png", "image/png", "no page"),
    ("https://example.org/b", "text/html", PAGE.replace("Dara", "Busra")),
)


@pytest.mark.parametrize(("name", "gz"), [("a.warc", False), ("a.warc.gz", True)])
def test_the_pages_of_a_web_archive_are_articles(made, name: str, gz: bool) -> None:
    found = documents(made(name, warc(*PAGES, gz=gz)))
    assert [(page.anchor, page.url, page.title) for page in found] == [
        ("https://example.org/a", "https://example.org/a", "Convoy reaches Dara"),
        ("https://example.org/b", "https://example.org/b", "Convoy reaches Busra"),
    ]


def test_a_web_archive_that_is_cut_off_keeps_what_stands_before(made) -> None:
    data = warc(*PAGES, gz=True)
    items = made("a.warc.gz", data[: len(data) - 300])
    assert documents(items)[0].title == "Convoy reaches Dara"
    assert any("is damaged behind" in message for message in messages(items))


@pytest.mark.parametrize("left", [-300, -10])
def test_a_record_that_is_not_whole_is_told(made, left: int) -> None:
    items = made("a.warc", warc(*PAGES)[:left])
    assert [message for message in messages(items) if "ends within record 3" in message]


def test_nothing_is_printed_of_a_record_of_another_length_than_it_says(made, capfd) -> None:
    made("a.warc", warc(*PAGES).replace(b"Content-Length: ", b"Content-Length: 1"))
    made("a.warc", b"WARC/1.0\r\nContent-Length: 3\r\n\r\nfoobar\r\n")
    assert capfd.readouterr().err == ""


# PDF


def pdf(*lines: str, title: str = "") -> bytes:
    """Write a PDF of one page by hand."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) /Author (Mara Lind) >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 7\n0000000000 65535 f \n{table}"
    out += f"trailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF"
    return out.encode()


def test_a_pdf_gives_its_text_with_its_lines_joined(made) -> None:
    content = pdf(
        "The convoy reached the town on Saturday after three",
        "days on the road, and the drivers slept in their cab-",
        "ins, an official of the town said.",
        "Two more convoys will follow next week if the road is",
        "still open.",
        title="Convoy reaches Dara",
    )
    (document,) = made("a.pdf", content)
    assert (document.title, document.author) == ("Convoy reaches Dara", "Mara Lind")
    assert document.text.split("\n\n") == [
        "The convoy reached the town on Saturday after three days on the road, and the drivers "
        "slept in their cabins, an official of the town said.",
        "Two more convoys will follow next week if the road is still open.",
    ]


@pytest.mark.parametrize("title", ["Microsoft Word - report.doc", "untitled", "anonymous"])
def test_the_name_of_a_file_is_no_title_of_a_pdf(made, title: str) -> None:
    assert made("a.pdf", pdf("A text.", title=title))[0].title is None


def test_a_pdf_whose_pages_cannot_be_read_does_not_lack_a_text_layer(made, monkeypatch) -> None:
    monkeypatch.setattr("pypdf.PageObject.extract_text", lambda page: 1 / 0)
    told = messages(made("a.pdf", pdf("A text.")))
    assert told[-1] == "is a PDF of which no page can be read: save its text"


@pytest.mark.parametrize(
    ("content", "message"),
    [(pdf(), "without a text layer"), (b"%PDF-1.4 and no more", "is a damaged PDF")],
)
def test_a_pdf_without_text_is_a_problem(made, content: bytes, message: str) -> None:
    assert message in messages(made("a.pdf", content))[0]


def test_without_pypdf_a_pdf_says_what_to_install(made, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert messages(made("a.pdf", pdf("A text."))) == [
        "is a PDF, which pypdf reads: pip install 'pypdf[crypto]>=5.1'"
    ]


# Encodings of short texts


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("قال المبعوث إن المحادثات انتهت", "cp1256"),
        ("المعارضة السورية", "cp1256"),
        ("وقف إطلاق النار في حلب", "cp1256"),
        ("Le président est à Genève, où les délégués étaient déjà réunis", "cp1252"),
        ("The “truce” — he said — ended", "cp1252"),
        ("The truce ended in Homs.", "utf-16"),
        ("The truce ended in Homs.", "utf-16-le"),
        ("قال المبعوث إن المحادثات انتهت", "utf-16-le"),
        ("قال المبعوث إن المحادثات انتهت", "utf-16-be"),
    ],
)
def test_the_encoding_of_a_short_text_is_recognized(made, text: str, encoding: str) -> None:
    assert documents(made("a.txt", text.encode(encoding)))[0].text == text


# Anything else


def test_other_xml_and_office_documents_are_no_text(made) -> None:
    assert "is XML" in messages(made("a.xml", "<?xml version='1.0'?><note>No.</note>"))[0]
    office = b"PK\x03\x04" + bytes(22) + b"\x13\0\0\0[Content_Types].xml" + bytes(50)
    assert "office document" in messages(made("a.docx", office))[0]


HEADS = [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd",
         b"%PDF-1.4\n", b"WARC/1.0\r\n", b"<html>", b"<?xml version='1.0'?><rss>", b'[{"text":',
         b'{"text":"x"}\n{', b"title,text\n", b"\xff\xfe", PAGE.encode(), RSS.encode()]  # fmt: skip
ENDINGS = ["txt", "md", "html", "json", "jsonl", "csv", "tsv", "rss", "warc", "pdf", "gz", "bz2",
           "xz", "zst", "zip", "tar", "xml", "bin"]  # fmt: skip


@given(st.sampled_from(HEADS), st.binary(max_size=200), st.sampled_from(ENDINGS))
def test_no_bytes_of_any_format_raise(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, data: bytes, ending: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{ending}"
    path.write_bytes(head + data)
    for item in read(path):
        assert isinstance(item, (Document, Problem, PassedOver))
        assert "report it" not in getattr(item, "message", ""), item


@pytest.mark.parametrize("reader", all_readers(), ids=lambda reader: reader.name)
@given(data=st.sampled_from(HEADS).flatmap(lambda head: st.binary(max_size=100).map(head.__add__)))
def test_no_reader_raises_for_what_it_is_told_to_read(
    tmp_path_factory: pytest.TempPathFactory, reader: readers.Reader, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "forced"
    path.write_bytes(data)
    for item in readable(reader.read(SourceFile(path, "forced"))):
        if isinstance(item, Document):
            assert all(isinstance(each, (Document, Problem)) for each in item.complete())


# Readers of other packages


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a package that offers readers, by its folder alone."""
    site = tmp_path / "site"
    about = site / "sample_readers-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: sample-readers\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[syriasearch.readers]\nlog = sample_readers:LogReader\ngone = sample_readers:Nothing\n"
    )
    (site / "sample_readers.py").write_text(
        "from syriasearch import Document\n"
        "class LogReader:\n"
        "    name = 'log'\n"
        "    suffixes = ('.log',)\n"
        "    def claims(self, head): return head.startswith(b'LOG ')\n"
        "    def read(self, file):\n"
        "        with file.open() as stream:\n"
        "            for number, line in enumerate(stream, start=1):\n"
        "                yield Document(line.decode(), anchor=str(number))\n"
        "        raise KeyError('a fault of its own')\n"
    )
    monkeypatch.syspath_prepend(str(site))
    readers._registry.cache_clear()
    yield
    sys.modules.pop("sample_readers", None)
    readers._registry.cache_clear()


@pytest.mark.parametrize("name", ["a.log", "a.txt"])
def test_another_package_may_add_a_reader(package: None, made, name: str) -> None:
    assert [each.text for each in documents(made(name, "LOG one\nLOG two\n"))] == [
        "LOG one\n",
        "LOG two\n",
    ]


def test_a_fault_of_another_packages_reader_is_said_to_be_its(package: None, made) -> None:
    assert messages(made("a.log", "LOG one\n")) == [
        "a fault in the reader log (KeyError: 'a fault of its own'): report it to its authors"
    ]


def test_a_reader_that_cannot_be_loaded_is_told(package: None) -> None:
    ((name, problem),) = readers.reader_problems()
    assert name == "syriasearch.readers: gone"
    assert "cannot be used (AttributeError" in problem.message
