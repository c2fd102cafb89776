"""Files that list articles without their texts are refused, with a line that says so."""

import gzip
import json

import pytest
from formats import messages

REFUSED = "which lists articles without their text: ingest the articles themselves"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.gkg.csv", "20180127150000-0\t20180127150000\t1\texample.org\thttps://a\t\n", "GDELT"),
        ("a.translation.gkg.csv", "20180127150000-T5\t20180127150000\t1\te.org\th\t\n", "GDELT"),
        ("a.export.CSV", "734012345\t20180127\t201801\t2018\t2018.0740\tSYR\t\n", "GDELT"),
        ("a.mentions.CSV", "7340\t20180127150000\t20180127\n", None),
        (
            "a.mentions.CSV",
            "734012345\t20180127150000\t20180127153000\t1\texample.org\thttps://a\t\n",
            "GDELT",
        ),
        ("a.csv", "DATE\tNUMARTS\tCOUNTS\tTHEMES\n20180127\t1\t\t\n", "GDELT"),
        ("a.csv", "GLOBALEVENTID,SQLDATE,SOURCEURL\n1,20180127,https://a\n", "GDELT"),
        ("a.csv", "GKGRECORDID,DATE,DocumentIdentifier\n1,2,https://a\n", "GDELT"),
        ("a.csv", "url,title,seendate,domain,sourcecountry\nh,t,20180127,e.org,Syria\n", "GDELT"),
        ("a.cdx", " CDX N b a m s k r M S V g\norg,example)/ 20180127000000 h\n", "CDX"),
        ("a.cdx", "org,example)/a 20180127000000 http://example.org/a text/html 200 X\n", "CDX"),
        ("a.cdxj", 'org,example)/ 20180127000000 {"url": "http://example.org/"}\n', "CDX"),
        ("a.csv", "event_id_cnty,event_date,source\nSYR1,2018-01-27,X\n", "ACLED"),
    ],
)
def test_a_listing_is_refused(made, name: str, content: str, what: str | None) -> None:
    found = messages(made(name, content))
    packed = messages(made(f"{name}.gz", gzip.compress(content.encode())))
    assert found == packed
    assert len(found) <= 1
    if what:
        assert what in found[0]
        assert REFUSED in found[0]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ([["urlkey", "timestamp", "original"], ["org,example)/", "2018", "http://a"]], "CDX index"),
        (
            {"articles": [{"url": "h", "title": "t", "seendate": "2018", "sourcecountry": "S"}]},
            "list of GDELT",
        ),
        (
            [{"id": "a", "title": "One", "url": "h"}, {"id": "b", "title": "Two", "url": "h"}],
            "list of 2 records",
        ),
        (
            {
                "data": [
                    {"id": "1", "fields": {"title": "One"}},
                    {"id": "2", "fields": {"title": "T"}},
                ]
            },
            "list of 2 records",
        ),
    ],
)
def test_a_listing_in_json_is_refused_as_a_whole(made, content: object, what: str) -> None:
    assert messages(made("a.json", json.dumps(content))) == [f"is a {what}, {REFUSED}"]


def test_many_records_without_text_are_one_problem(made) -> None:
    content = "\n".join(json.dumps({"title": "One", "url": "h"}) for _ in range(3000))
    assert messages(made("a.jsonl", content)) == [f"is a list of 3,000 records, {REFUSED}"]


def test_records_without_text_among_others_are_each_reported(made) -> None:
    records = [{"title": "One"}, {"title": "Two"}, {"title": "Three", "text": "A text."}]
    assert messages(made("a.json", json.dumps(records))) == [
        "item 1 has no text: give it a `text`",
        "item 2 has no text: give it a `text`",
    ]


@pytest.mark.parametrize("text", ["20180127 was a day.", "a) 20180127", "@home {", "DATE\tX"])
def test_a_text_that_begins_in_a_similar_way_is_a_text(made, text: str) -> None:
    assert made("a.txt", text)[0].text == text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "GKGRECORDID,DocumentIdentifier,text\n1,https://a,The convoy arrived.\n"),
        ("a.csv", "url,seendate,sourcecountry,text\nh,20180127,Syria,The convoy arrived.\n"),
        ("a.json", '[{"urlkey": "a", "timestamp": "2018", "text": "The convoy arrived."}]'),
    ],
)
def test_a_list_to_which_the_texts_were_added_is_read(made, name: str, content: str) -> None:
    assert [each.text for each in made(name, content)] == ["The convoy arrived."]
