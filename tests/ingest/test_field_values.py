"""Values of fields: names, dates and texts however deep they lie, without markup."""

import json
from collections import Counter
from pathlib import Path

import pytest

from syriasearch.ingest.readers import field_values
from syriasearch.text.word_lists import read_word_lists

DATA = Path(field_values.__file__).parent / "data" / "value_names.txt"


def test_no_name_is_there_twice() -> None:
    for names in read_word_lists(DATA).values():
        assert [name for name, count in Counter(names).items() if count > 1] == []


def field(made, name: str, value: object) -> object:
    (document,) = made("a.json", json.dumps([{"text": "A text.", name: value}]))
    return getattr(document, name)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"created": "2018-01-27"}, "2018-01-27"),
        ({"created": "2018-02-01", "original": "2018-01-27"}, "2018-01-27"),
        ({"updated": "2018-01-27"}, None),
        ({"date-parts": [[2018, 1, 27]]}, "2018-01-27"),
        ({"date-parts": [["2018", "1", "27"]]}, "2018-01-27"),
        ({"year": 2018, "month": 1, "day": 27}, "2018-01-27"),
        ({"year": 2018, "monthValue": 1, "dayOfMonth": 27}, "2018-01-27"),
        ([2018, 1, 27, 10, 0], "2018-01-27"),
        ({"$date": {"$numberLong": "1517011200000"}}, "1517011200000"),
        ({"seconds": 1517011200, "nanoseconds": 0}, "1517011200"),
        ({"date": "2018-01-27 00:00:00.000000", "timezone_type": 3}, "2018-01-27 00:00:00.000000"),
        ({"@value": "2018-01-27"}, "2018-01-27"),
        (1517011200, "1517011200"),
        (1517011200.0, "1517011200"),
        (1517011200000, "1517011200000"),
        (1517011200000000, "1517011200000000"),
        ("/Date(1517011200000)/", "1517011200000"),
        (["2018-01-27", "2018-01-28"], "2018-01-27"),
        (None, None),
        ({}, None),
        ([], None),
        (True, None),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": "x"}, None),
    ],
)
def test_a_date(made, value: object, date: str | None) -> None:
    assert field(made, "date", value) == date


@pytest.mark.parametrize(
    ("value", "author"),
    [
        ({"name": "Nadia Karim"}, "Nadia Karim"),
        ({"family": "Karim", "given": "Nadia"}, "Nadia Karim"),
        ({"first_name": "Nadia", "last_name": "Karim"}, "Nadia Karim"),
        ({"firstName": "", "lastName": "Karim"}, "Karim"),
        ({"literal": "A Ministry"}, "A Ministry"),
        ({"screen_name": "nadia"}, "nadia"),
        ([{"name": "Nadia Karim"}, {"name": "Omar Tahan"}], "Nadia Karim, Omar Tahan"),
        ([{"name": None}, {"name": "Omar Tahan"}], "Omar Tahan"),
        (["nan", "Omar Tahan"], "Omar Tahan"),
        ("['Nadia Karim', 'Omar Tahan']", "Nadia Karim, Omar Tahan"),
        ('["Nadia Karim", "Omar Tahan"]', "Nadia Karim, Omar Tahan"),
        ("[{'name': 'Nadia Karim', 'uri': None}]", "Nadia Karim"),
        ("[Nadia Karim]", "[Nadia Karim]"),
        ("['Nadia", "['Nadia"),
        ("Nadia <b>Karim</b>", "Nadia Karim"),
        ("Nadia <B>Karim</B>", "Nadia Karim"),
        ("USAIR <U> and <I> unit", "USAIR <U> and <I> unit"),
        ('<a href="https://example.org">Nadia Karim</a>', "Nadia Karim"),
        ("&lt;b&gt;Nadia Karim&lt;/b&gt;", "Nadia Karim"),
        ("Nadia &amp; Omar", "Nadia & Omar"),
        ({"name": {"full": {"text": "Nadia Karim"}}}, None),
    ],
)
def test_an_author(made, value: object, author: str | None) -> None:
    assert field(made, "author", value) == author


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ({"id": "w", "name": "Sample Wire"}, "Sample Wire"),
        ({"id": "w", "name": None}, "w"),
        ({"uri": "example.org", "title": "Sample Wire"}, "Sample Wire"),
        ({"uri": "example.org"}, "example.org"),
        ({"domain": "example.org", "uri": "x"}, "example.org"),
        ({"shortname": "SW"}, "SW"),
        ({"name": "nan", "title": "Sample Wire"}, "Sample Wire"),
        ("{'id': None, 'name': 'Sample Wire'}", "Sample Wire"),
        ('{"id": null, "name": "Sample Wire"}', "Sample Wire"),
        ('<a href="h">Sample Wire</a>', "Sample Wire"),
    ],
)
def test_a_source(made, value: object, source: str) -> None:
    assert field(made, "source", value) == source


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("Ja&#8217;afari <em>leaves</em>", "Ja’afari leaves"),
        ("If a < b and c > d", "If a < b and c > d"),
        ("How to write &lt;b&gt;", "How to write <b>"),
        ("<Unnamed> town", "<Unnamed> town"),
        ({"rendered": "A <i>town</i>"}, "A town"),
        ("A road<br/>to a town", "A road to a town"),
        (7.0, "7"),
    ],
)
def test_a_title(made, value: object, title: str) -> None:
    assert field(made, "title", value) == title


@pytest.mark.parametrize(
    ("value", "lang"),
    [
        ([{"name": "English", "code": "en"}, {"name": "Arabic", "code": "ar"}], "en"),
        (["ar", "en"], "ar"),
        ({"iso_639_1": "ar"}, "ar"),
        ({"code": "ar"}, "ar"),
    ],
)
def test_a_language(made, value: object, lang: str | None) -> None:
    assert field(made, "lang", value) == lang


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["One.", "Two."], "One.\n\nTwo."),
        ("['One.', 'Two.']", "One.\n\nTwo."),
        ({"paragraphs": ["One.", "Two."]}, "One.\n\nTwo."),
        ({"rendered": "One."}, "One."),
        (
            [{"type": "text", "content": "One."}, {"type": "image", "url": "h", "caption": "c"}],
            "One.",
        ),
        (
            {"blocks": [{"type": "paragraph", "data": {"text": "One."}}, {"type": "image"}]},
            "One.",
        ),
        (
            {
                "blocks": [
                    {"text": "One.", "type": "unstyled"},
                    {"text": "Two.", "type": "unstyled"},
                ]
            },
            "One.\n\nTwo.",
        ),
        (
            {
                "type": "doc",
                "content": [
                    {"type": "paragraph", "content": [{"text": "One "}, {"text": "more."}]},
                    {"type": "paragraph", "content": [{"text": "Two."}]},
                ],
            },
            "One more.\n\nTwo.",
        ),
        (
            [{"type": "text", "content": "<p>One.</p>"}, {"type": "text", "content": "Two."}],
            "<p>One.</p>\n\n<p>Two.</p>",
        ),
        ("One <b>more</b>.\n\nTwo &amp; a < b.", "One more.\n\nTwo & a < b."),
        ("<p>One <b>more</b>.</p>\n\n<p>Two.</p>", "<p>One <b>more</b>.</p>\n\n<p>Two.</p>"),
    ],
)
def test_a_text(made, value: object, text: str) -> None:
    assert field(made, "text", value) == text


@pytest.mark.parametrize(
    "value", ["[" * 5000, "{'a': " * 5000, '["' + "[" * 5000 + '"]', "[['" + "x" * 300_000 + "']]"]
)
def test_a_value_that_looks_like_a_list_is_read_in_time(made, value: str) -> None:
    assert field(made, "author", value)


def test_a_value_that_is_nested_too_deep_is_none(made) -> None:
    value: object = "Nadia Karim"
    for _ in range(50):
        value = {"name": value}
    assert field(made, "author", value) is None
