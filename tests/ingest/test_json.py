"""JSON: an article, or a list of them."""

import json

import pytest
from formats import documents, messages

from syriasearch.ingest.readers import Document


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


def test_what_stands_before_a_fault_in_a_list_is_kept(made) -> None:
    items = made("a.json", '[{"text": "One."}, {"text": "Two."}, {"text": oops}]')
    assert [document.text for document in documents(items)] == ["One.", "Two."]
    assert "item 3 cannot be read" in messages(items)[0]


@pytest.mark.parametrize("wrap", ["%s", '{"status": "ok", "articles": %s}'])
def test_a_long_list_is_read_item_by_item(made, monkeypatch, wrap: str) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.json.MAX_ARTICLE_BYTES", 2000)
    monkeypatch.setattr("syriasearch.ingest.readers.json.CHUNK", 100)
    items = [{"id": number, "text": f"Text {number} " + "x" * number} for number in range(300)]
    found = documents(made("a.json", wrap % json.dumps(items)))
    assert [document.anchor for document in found] == [str(number) for number in range(300)]


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 100_000, '[{"text":' + "[" * 10_000])
def test_json_that_is_nested_too_deep_is_a_problem(made, content: str) -> None:
    assert messages(made("a.json", content))


def test_pieces_within_a_broken_item_are_no_items(made) -> None:
    item = {"title": "a", "text": "The convoy.", "images": [{"title": "x"}, {"title": "y"}]}
    raw = json.dumps([item] * 3).replace('"The convoy."', '"The "convoy"."', 2)
    found = made("a.json", raw)
    assert [each.text for each in found if isinstance(each, Document)] == ["The convoy."]
