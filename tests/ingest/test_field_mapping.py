"""Keys and columns become fields of an article."""

import json
from collections import Counter
from pathlib import Path

import pytest
from formats import read, write
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.readers import (
    Document,
    field_mapping,
)
from syriasearch.ingest.readers.field_mapping import FIELDS, field_names, field_of
from syriasearch.ingest.readers.nulls import is_null
from syriasearch.text.word_lists import read_word_lists

DATA = Path(field_mapping.__file__).parent / "data" / "field_names.txt"


def test_no_name_is_that_of_two_fields() -> None:
    names = Counter(name for others in read_word_lists(DATA).values() for name in others)
    assert [name for name, count in names.items() if count > 1] == []


def test_each_name_is_that_of_a_field_of_an_article() -> None:
    assert {field for field, _ in field_names().values()} == {*FIELDS, "summary"}


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("Published At", "date"),
        ("article_title", "title"),
        ("المصدر", "source"),
        ("_id", "id"),
        ("tags", None),
    ],
)
def test_a_key_names_a_field_however_it_is_written(key: str, field: str | None) -> None:
    assert field_of(key) == field


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


@pytest.mark.parametrize(
    "picture",
    [
        {"type": "image", "url": "https://example.org/a.jpg"},
        {"src": "a.jpg"},
        {"text": None},
        {"": 1},
    ],
)
def test_objects_without_text_among_paragraphs_lose_nothing(made, picture) -> None:
    (document,) = made("a.json", json.dumps({"text": ["One.", picture, "Two."]}))
    assert document.text == "One.\n\nTwo."


def test_a_summary_is_taken_where_there_is_no_text_and_told(made) -> None:
    note, document = made("a.json", '{"title": "One", "description": "In short."}')
    assert document.text == "In short."
    assert "only a summary" in note.message


def test_an_author_may_be_an_object_with_a_name(tmp_path: Path) -> None:
    line = {"text": "A text.", "author": [{"name": "A Name"}, "B Name"]}
    (document,) = read(write(tmp_path / "a.jsonl", json.dumps(line)))
    assert isinstance(document, Document)
    assert document.author == "A Name, B Name"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "date", "source", "url", "lang", "text", "author"]),
        json_values,
    )
)
def test_no_values_raise(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("values") / "a.jsonl"
    (item,) = read(write(path, json.dumps(values)))
    text = values.get("text")
    if isinstance(text, list) and all(isinstance(each or "", str | dict) for each in text):
        # Its paragraphs; an object without a text is an empty one.
        text = "\n\n".join(each if isinstance(each, str) else "" for each in text)
    has_text = isinstance(text, str) and bool(text.strip()) and not is_null(text)
    assert isinstance(item, Document) == has_text
