"""Hits as data, and as a feed of their own; what the command prints is in test_cli."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from syriasearch import Archive, OptionError, export, feed

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize(
    "form", ["jsonl", "csv", "spreadsheet", "markdown", "text", "bibtex", "csl", "ris"]
)
def test_every_form_has_every_hit(corpus: Archive, form: str) -> None:
    page = corpus.search("Sochi")
    text = "".join(export(page.hits, form))
    assert all(hit.article.title in text for hit in page.hits)


def test_ranks_go_on_where_a_page_begins(corpus: Archive) -> None:
    page = corpus.search("Sochi", limit=1, offset=1)
    (line,) = export(page.hits, "jsonl", first=2)
    assert json.loads(line)["rank"] == 2
    rows = list(csv.DictReader(io.StringIO("".join(export(page.hits, "csv", first=2)))))
    assert [row["rank"] for row in rows] == ["2"]


def test_nothing_is_an_empty_array_of_csl(corpus: Archive) -> None:
    assert json.loads("".join(export([], "csl"))) == []


def test_a_form_that_there_is_not() -> None:
    with pytest.raises(OptionError, match="no form 'pdf': choose among jsonl, csv"):
        export([], "pdf")


def test_a_page_is_a_feed(corpus: Archive) -> None:
    page = corpus.search("Astana", sort="newest")
    link = "https://example.org/search.atom?q=Astana"
    root = ElementTree.fromstring(feed(page, link, lambda article: f"/a/{article.slug}"))
    assert root.findtext(f"{ATOM}id") == link
    assert root.findtext(f"{ATOM}title") == "Astana"
    assert root.findtext(f"{ATOM}updated") == "2018-03-08T00:00:00Z"
    entries = root.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == [
        hit.article.title for hit in page.hits
    ]
    links = [(each.get("rel"), each.get("href")) for each in entries[1].findall(f"{ATOM}link")]
    assert links == [
        (None, "/a/2018-03-07-idlib-quiet-after-truce"),
        ("via", "https://example.org/w1"),
    ]


def test_a_feed_of_nothing_is_one(corpus: Archive) -> None:
    root = ElementTree.fromstring(feed(corpus.search("xyzzy"), "https://example.org/"))
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert root.findall(f"{ATOM}entry") == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝"])
def test_no_cell_of_a_spreadsheet_is_a_formula(tmp_path: Path, start: str) -> None:
    record = {
        "title": f"{start}SUM(1)",
        "author": f"{start}A(1)",
        "source": f"{start}1",
        "text": "Talk.",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    archive = Archive(tmp_path / "a.db")
    archive.ingest(tmp_path / "a.jsonl", processes=0)
    hits = archive.search("Talk").hits
    sheet = "".join(export(hits, "csv"))
    (row,) = csv.DictReader(io.StringIO(sheet))
    for name in ("title", "author", "source"):
        assert row[name] == f"'{getattr(hits[0].article, name)}"
    assert "".join(export(hits, "spreadsheet")) == "\ufeff" + sheet


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a_b*c?d=[e]&f=%20#g", "<https://example.org/a_b*c?d=[e]&f=%20#g>"),
        ("https://example.org/مقال_1", "<https://example.org/مقال_1>"),
        ("https://example.org/<a b>", "<https://example.org/%3Ca%20b%3E>"),
        (None, None),
    ],
)
def test_an_address_in_markdown_is_whole(
    corpus: Archive, url: str | None, link: str | None
) -> None:
    (hit, *_) = corpus.search("Sochi").hits
    (text,) = export([replace(hit, article=replace(hit.article, url=url))], "markdown")
    assert text.splitlines()[2].endswith(f" {link}" if link else ".")
