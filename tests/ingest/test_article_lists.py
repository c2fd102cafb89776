"""Which list in an object of JSON is that of articles, and tables that are written as JSON."""

import json
from collections import Counter
from pathlib import Path

import pytest
from formats import documents, messages

from syriasearch.ingest.readers import article_lists
from syriasearch.text.word_lists import read_word_lists

DATA = Path(article_lists.__file__).parent / "data" / "list_names.txt"
ONE = {"title": "One", "date": "2018-01-27", "text": "A text."}
NO_TEXT = {"title": "One", "date": "2018-01-27", "description": "In short."}
PARTS = [{"text": "A comment.", "author": "x", "title": "y"}] * 5


def test_no_name_is_that_of_two_kinds_of_lists() -> None:
    names = Counter(name for others in read_word_lists(DATA).values() for name in others)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    "key", ["comments", "images", "captions", "tags", "related", "gallery", "media", "links"]
)
@pytest.mark.parametrize("record", [ONE, NO_TEXT])
def test_a_record_with_lists_in_it_is_one_article(made, key: str, record: dict[str, str]) -> None:
    (document,) = documents(made("a.json", json.dumps({**record, key: PARTS})))
    assert document.title == "One"
    assert document.text in ("A text.", "In short.")


@pytest.mark.parametrize(
    "content",
    [
        {"article": ONE, "comments": PARTS},
        {"comments": PARTS, "articles": [ONE]},
        {"data": {"article": ONE}},
        {"title": "Wire", "description": "A feed", "home_page_url": "h", "items": [ONE]},
        {"post": {**ONE, "comments": PARTS}, "author": {"name": "Nadia Karim"}},
    ],
)
def test_comments_beside_an_article_are_no_articles(made, content: object) -> None:
    (document,) = documents(made("a.json", json.dumps(content)))
    assert document.text == "A text."


def test_all_lists_of_articles_are_read(made) -> None:
    content = {
        "news": [ONE, ONE],
        "opinion": [{"title": "Two", "text": "Another."}],
        "comments": PARTS,
    }
    texts = [document.text for document in documents(made("a.json", json.dumps(content)))]
    assert texts == ["A text.", "A text.", "Another."]


def test_posts_of_a_feed_without_titles_are_articles(made) -> None:
    feed = {"title": "Wire", "description": "d", "items": [{"id": "1", "content_text": "One."}]}
    (document,) = documents(made("a.json", json.dumps(feed)))
    assert document.text == "One."


def test_an_answer_without_articles_says_so(made) -> None:
    content = {"status": "ok", "totalResults": 0, "articles": []}
    assert messages(made("a.json", json.dumps(content))) == [
        "holds no articles: leave it out, or fill it"
    ]


@pytest.mark.parametrize(
    "content",
    [
        {"title": {"0": "One", "1": "Two"}, "text": {"0": "A text.", "1": "B."}},
        {"title": ["One", "Two"], "text": ["A text.", "B."]},
        {
            "columns": ["title", "text"],
            "index": [0, 1],
            "data": [["One", "A text."], ["Two", "B."]],
        },
        {"schema": {"fields": [{"name": "title"}]}, "data": [ONE, {"title": "Two", "text": "B."}]},
        [["title", "text"], ["One", "A text."], ["Two", "B."]],
        {"0": ONE, "1": {"title": "Two", "text": "B."}},
    ],
)
def test_a_table_in_json(made, content: object) -> None:
    found = documents(made("a.json", json.dumps(content)))
    assert [(document.title, document.text) for document in found] == [
        ("One", "A text."),
        ("Two", "B."),
    ]


def test_pages_of_an_interface_on_lines(made) -> None:
    lines = [{"status": "ok", "articles": [ONE, ONE]}, {"status": "ok", "articles": [ONE]}]
    found = documents(made("a.jsonl", "\n".join(map(json.dumps, lines))))
    assert [document.anchor for document in found] == ["1.1", "1.2", "2"]


def test_an_article_that_is_cut_off_is_not_its_comments(made) -> None:
    content = json.dumps({**ONE, "comments": PARTS})[:-30]
    assert "is not valid JSON" in messages(made("a.json", content))[0]
    assert documents(made("a.json", content)) == []


def test_comments_of_a_record_without_text_are_no_articles(made) -> None:
    record = {"id": 1, "url": "https://example.org/1", "comments": PARTS}
    for name in ("a.json", "a.jsonl"):
        assert documents(made(name, json.dumps(record))) == []
