"""Records of known programs: interfaces of news, investigators' data, event tables, libraries."""

import csv
import json
from pathlib import Path

import pytest
from formats import documents, messages, write
from formats import read as read_file
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.readers import Problem, record_shapes

DATA = Path(record_shapes.__file__).parent / "data" / "record_shapes.csv"
TEXT = "The opposition will boycott the congress, it said on Saturday."
KINDS = {"article", "post", "listing", "other"}


def rows() -> list[dict[str, str]]:
    lines = DATA.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_each_shape_has_a_kind_and_keys_of_its_own() -> None:
    assert {row["kind"] for row in rows()} == KINDS
    keys = [row["keys"] for row in rows()]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_only_articles_have_fields() -> None:
    for row in rows():
        paths = any(row[field] for field in record_shapes.FIELDS)
        assert paths == (row["kind"] in ("article", "post"))
        assert None not in row


def read(made, content: object, name: str = "a.json"):
    (document,) = documents(
        made(name, content if isinstance(content, str) else json.dumps(content))
    )
    return document


NEWS_API = {
    "source": {"id": None, "name": "Sample Wire"},
    "author": "Nadia Karim",
    "title": "A boycott",
    "description": "In short.",
    "url": "https://example.org/1",
    "urlToImage": "https://example.org/1.jpg",
    "publishedAt": "2018-01-27T10:00:00Z",
    "content": TEXT,
}
EVENT_REGISTRY = {
    "uri": "e1",
    "lang": "eng",
    "date": "2018-01-27",
    "url": "https://example.org/1",
    "title": "A boycott",
    "body": TEXT,
    "source": {"uri": "example.org", "dataType": "news", "title": "Sample Wire"},
    "authors": [{"uri": "nadia", "name": "Nadia Karim", "type": "author"}],
}
MEDIA_CLOUD = {
    "stories_id": 7,
    "media_id": 1,
    "media_name": "Sample Wire",
    "title": "A boycott",
    "url": "https://example.org/1",
    "publish_date": "2018-01-27 10:00:00",
    "collect_date": "2019-01-01 10:00:00",
    "language": "en",
    "story_text": TEXT,
    "story_tags": [{"tag": "x"}],
    "story_sentences": [{"sentence": "One."}],
}
RELIEF_WEB = {
    "id": "11",
    "score": 1,
    "href": "https://api.example.org/v1/reports/11",
    "fields": {
        "title": "A boycott",
        "body": TEXT,
        "date": {"original": "2018-01-27T00:00:00+00:00", "created": "2018-02-01T00:00:00+00:00"},
        "source": [{"name": "Sample Wire", "shortname": "SW", "id": 1}],
        "language": [{"id": 267, "name": "English", "code": "en"}],
        "url": "https://example.org/node/11",
        "url_alias": "https://example.org/1",
        "country": [{"name": "Syria", "id": 226}],
    },
}
FOLLOW_THE_MONEY = {
    "id": "f1",
    "schema": "Article",
    "properties": {
        "title": ["A boycott"],
        "bodyText": [TEXT],
        "publishedAt": ["2018-01-27"],
        "processedAt": ["2024-01-01"],
        "author": ["Nadia Karim"],
        "publisher": ["Sample Wire"],
        "sourceUrl": ["https://example.org/1"],
        "language": ["eng"],
        "fileName": ["a.html"],
    },
}
CSL = {
    "id": "c1",
    "type": "article-newspaper",
    "title": "A boycott",
    "author": [{"family": "Karim", "given": "Nadia"}],
    "issued": {"date-parts": [["2018", 1, 27]]},
    "accessed": {"date-parts": [[2020, 1, 1]]},
    "container-title": "Sample Wire",
    "source": "A library",
    "abstract": TEXT,
    "URL": "https://example.org/1",
    "language": "en",
}
ZOTERO = {
    "key": "z1",
    "data": {
        "itemType": "newspaperArticle",
        "title": "A boycott",
        "creators": [
            {"creatorType": "contributor", "firstName": "Omar", "lastName": "Tahan"},
            {"creatorType": "author", "firstName": "Nadia", "lastName": "Karim"},
        ],
        "abstractNote": TEXT,
        "date": "2018-01-27",
        "publicationTitle": "Sample Wire",
        "url": "https://example.org/1",
        "tags": [{"tag": "x"}],
    },
}
RECORDS = {
    "NewsAPI": NEWS_API,
    "Event Registry": EVENT_REGISTRY,
    "Media Cloud": MEDIA_CLOUD,
    "ReliefWeb": RELIEF_WEB,
    "FollowTheMoney": FOLLOW_THE_MONEY,
    "CSL-JSON": CSL,
    "Zotero": ZOTERO,
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
@pytest.mark.parametrize(
    "wrap",
    [
        lambda record: record,
        lambda record: [record],
        lambda record: {"status": "ok", "totalResults": 1, "articles": [record]},
        lambda record: {"articles": {"results": [record], "pages": 1}},
        lambda record: {"took": 1, "links": {"self": {"href": "x"}}, "data": [record]},
        lambda record: json.dumps(record) + "\n" + json.dumps({**record, "id": "other"}),
    ],
)
def test_a_record_is_read_alone_and_in_a_list(made, record, wrap) -> None:
    content = wrap(record)
    name = "a.jsonl" if isinstance(content, str) else "a.json"
    text = content if isinstance(content, str) else json.dumps(content)
    found = documents(made(name, text))[0]
    assert (found.text, found.title, found.url, found.source) == (
        TEXT,
        "A boycott",
        "https://example.org/1",
        "Sample Wire",
    )
    assert found.date is not None
    assert found.date.startswith("2018-01-27")
    assert found.author in ("Nadia Karim", None)


@pytest.mark.parametrize(
    "name", [name for name in RECORDS if name not in ("Media Cloud", "ReliefWeb")]
)
def test_the_author_of_a_record(made, name: str) -> None:
    assert read(made, RECORDS[name]).author == "Nadia Karim"


@pytest.mark.parametrize(
    ("record", "anchor"),
    [
        (NEWS_API, "https://example.org/1"),
        (EVENT_REGISTRY, "e1"),
        (MEDIA_CLOUD, "7"),
        (RELIEF_WEB, "11"),
        (FOLLOW_THE_MONEY, "f1"),
        (CSL, "c1"),
    ],
)
def test_a_record_has_an_id_of_its_own(made, record, anchor: str) -> None:
    document = read(made, [record])
    assert (document.anchor, document.positional) == (anchor, False)


@pytest.mark.parametrize("mark", ["… [+1234 chars]", "... [1234 chars]", "… [+1,234 chars]\r\n"])
def test_a_text_that_is_cut_off_is_reported(made, mark: str) -> None:
    items = made("a.json", json.dumps({"articles": [{**NEWS_API, "content": TEXT + mark}]}))
    assert documents(items)[0].text == TEXT + mark[: mark.index("[")].rstrip()
    assert "has only the beginning of a text" in messages(items)[0]


@pytest.mark.parametrize("text", ["It was [+12 charges].", "[+12 chars] and more", "[a] [12]"])
def test_other_brackets_are_text(made, text: str) -> None:
    items = made("a.json", json.dumps([{"text": text}]))
    assert (items[0].text, messages(items)) == (text, [])


@pytest.mark.parametrize("fields", [{"title": "[Removed]"}, {"content": "[removed] "}])
def test_what_was_removed_is_passed_over(made, fields: dict[str, str]) -> None:
    removed = {**NEWS_API, **fields, "publishedAt": "1970-01-01T00:00:00Z"}
    note, document = made("a.json", json.dumps({"articles": [NEWS_API, removed]}))[::-1]
    assert document.title == "A boycott"
    assert (note.message, note.lost) == (
        "passed over what says only that an article was removed: 1",
        False,
    )


def test_a_table_of_pandas_with_records_in_cells(made, tmp_path: Path) -> None:
    row = {name: str(value) for name, value in NEWS_API.items()}
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, row)
        writer.writeheader()
        writer.writerow(row)
    (document,) = made("a.csv", (tmp_path / "a.csv").read_bytes())
    assert (document.source, document.url) == ("Sample Wire", "https://example.org/1")


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"date": {"created": "2018-02-01", "changed": "2020-01-01"}}, "date", "2018-02-01"),
        ({"date": {"changed": "2020-01-01"}}, "date", None),
        ({"source": [{"shortname": "SW"}]}, "source", "SW"),
        (
            {"source": [{"longname": "The Sample Wire", "shortname": "SW"}]},
            "source",
            "The Sample Wire",
        ),
        ({"source": [{"name": "One"}, {"name": "Two"}]}, "source", "One, Two"),
        ({"url_alias": None}, "url", "https://example.org/node/11"),
        ({"url_alias": None, "url": None}, "url", None),
        ({"language": [{"name": "Arabic", "code": "ar"}]}, "lang", "ar"),
        ({"body": None, "body-html": "<p>One.</p>"}, "text", "<p>One.</p>"),
        ({"headline": {"title": "Short", "summary": "s"}, "title": None}, "title", "Short"),
    ],
)
def test_a_report_of_reliefweb(made, fields: dict[str, object], name: str, value: object) -> None:
    report = {**RELIEF_WEB, "fields": {**RELIEF_WEB["fields"], **fields}}  # type: ignore[dict-item]
    assert getattr(read(made, report), name) == value


def entity(schema: str, **properties: list[str]) -> dict[str, object]:
    return {"id": schema, "schema": schema, "properties": properties}


@pytest.mark.parametrize(
    ("schema", "properties", "text"),
    [
        ("Document", {"bodyText": ["One.", "Two."]}, "One.\n\nTwo."),
        ("Pages", {"bodyText": ["One."], "indexText": ["Other."]}, "One."),
        ("HyperText", {"bodyHtml": ["<p>One.</p>"]}, "<p>One.</p>"),
        ("PlainText", {"indexText": ["One."]}, "One."),
        ("Email", {"bodyText": ["One."], "subject": ["A boycott"]}, "One."),
        ("Image", {"bodyText": ["One."]}, "One."),
    ],
)
def test_documents_of_followthemoney(made, schema, properties, text: str) -> None:
    assert read(made, entity(schema, **properties)).text == text


def test_other_entities_of_followthemoney_are_passed_over(made) -> None:
    entities = [
        FOLLOW_THE_MONEY,
        entity("Page", bodyText=[TEXT], index=["1"], document=["f1"]),
        entity("Mention", name=["Sochi"], document=["f1"]),
        entity("Person", name=["Nadia Karim"]),
        entity("Image", fileName=["a.jpg"]),
        entity("Folder", title=["All"]),
    ]
    (document,) = made("a.json", "\n".join(map(json.dumps, entities)))
    assert document.anchor == "f1"


def test_entities_without_documents_are_a_note(made) -> None:
    content = "\n".join(json.dumps(entity("Person", name=["A"])) for _ in range(3))
    (note,) = made("a.json", content)
    assert (note.message, note.lost) == (
        "has no documents, only 3 other entities: leave it out",
        False,
    )


def test_a_document_of_followthemoney_without_text_is_reported(made) -> None:
    entities = [FOLLOW_THE_MONEY, entity("Pages", title=["A"])]
    assert messages(made("a.json", "\n".join(map(json.dumps, entities)))) == [
        "line 2 has no text: give it a `text`"
    ]


ACLED = {
    "event_id_cnty": "SYR1",
    "event_date": "27 January 2018",
    "year": "2018",
    "sub_event_type": "Air/drone strike",
    "location": "Salqin",
    "source": "Sample Wire; Other",
    "notes": TEXT,
    "timestamp": "1564000000",
}


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_events_of_acled(made, upper: bool, delimiter: str, mark: str, end: str) -> None:
    names = delimiter.join(ACLED).upper() if upper else delimiter.join(ACLED)
    cells = delimiter.join(f'"{value}"' for value in ACLED.values())
    document = read(made, f"{mark}{names}{end}{cells}{end}", "acled.csv")
    assert (document.text, document.date, document.anchor, document.source, document.title) == (
        TEXT,
        "27 January 2018",
        "SYR1",
        "Sample Wire; Other",
        None,
    )


def test_events_of_acled_in_json(made) -> None:
    document = read(made, {"status": 200, "data": [{**ACLED, "event_date": "2018-01-27"}]})
    assert (document.text, document.date, document.anchor) == (TEXT, "2018-01-27", "SYR1")


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"issued": {"raw": "27 Jan 2018"}}, "date", "27 Jan 2018"),
        ({"issued": {"date-parts": [[2018, 1]]}}, "date", "2018-01"),
        ({"author": [{"literal": "A Ministry"}]}, "author", "A Ministry"),
        (
            {"author": [{"family": "Berg", "given": "Ida", "non-dropping-particle": "von"}]},
            "author",
            "Ida von Berg",
        ),
        (
            {"author": [{"family": "Tahan", "given": "Omar", "suffix": "Jr."}]},
            "author",
            "Omar Tahan Jr.",
        ),
        (
            {"author": [{"family": "Karim", "given": "Nadia"}, {"literal": "The Sample Agency"}]},
            "author",
            "Nadia Karim; The Sample Agency",
        ),
        (
            {"abstract": "<jats:p>One.</jats:p><jats:p>Two.</jats:p>"},
            "text",
            "<p>One.</p><p>Two.</p>",
        ),
        ({"title": "A <i>boycott</i> &amp; more"}, "title", "A boycott & more"),
        ({"abstract": None, "note": "“A passage.”"}, "text", "A passage."),
    ],
)
def test_an_item_of_csl(made, fields: dict[str, object], name: str, value: str) -> None:
    assert getattr(read(made, [{**CSL, **fields}]), name) == value


def test_a_note_that_quotes_nothing_is_no_text(made) -> None:
    assert messages(made("a.json", json.dumps([{**CSL, "abstract": None, "note": "ISSN: 1"}])))


@pytest.mark.parametrize("record", [NEWS_API, EVENT_REGISTRY, RELIEF_WEB, FOLLOW_THE_MONEY, CSL])
def test_a_list_that_is_cut_off_keeps_what_is_whole(made, record) -> None:
    content = json.dumps({"articles": [record, record, record]})
    items = made("a.json", content[: -len(json.dumps(record)) // 2])
    assert len(documents(items)) == 2
    assert "cannot be read" in messages(items)[-1]


def test_one_broken_record_of_a_hundred(made) -> None:
    lines = [json.dumps({**FOLLOW_THE_MONEY, "id": str(number)}) for number in range(100)]
    lines[50] = lines[50][:-9]
    items = made("a.jsonl", "\n".join(lines))
    assert (len(documents(items)), len(messages(items))) == (99, 1)


def test_what_the_command_prints_of_an_article_is_read_back(made) -> None:
    article = {
        "slug": "a",
        "title": "A boycott",
        "author": "Nadia Karim",
        "published": "2018-01-27",
    }
    shown = {"version": 1, "article": article, "paragraphs": [{"text": "One."}, {"text": "Two."}]}
    document = read(made, shown)
    assert (document.text, document.title, document.date) == (
        "One.\n\nTwo.",
        "A boycott",
        "2018-01-27",
    )


@pytest.mark.parametrize(
    ("record", "name", "value"),
    [
        (
            {"@type": "NewsArticle", "mainEntityOfPage": {"@id": "https://example.org/1"}},
            "url",
            "https://example.org/1",
        ),
        (
            {"created": {"date-parts": [[2019, 1, 1]]}, "issued": {"date-parts": [[2018, 1, 27]]}},
            "date",
            "2018-01-27",
        ),
        ({"created_utc": 1517011200.0}, "date", "1517011200"),
        ({"authors": "[]"}, "author", None),
        (
            {"account": {"display_name": "Nadia Karim"}, "visibility": "public", "content": TEXT},
            "author",
            "Nadia Karim",
        ),
    ],
)
def test_other_programs(made, record: dict[str, object], name: str, value: str | None) -> None:
    assert getattr(read(made, [{"text": TEXT, **record}]), name) == value


@pytest.mark.parametrize(
    "content",
    [
        {"data": {"articles": {"edges": [{"node": {"title": "One", "body": TEXT}}]}}},
        {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {"selftext": TEXT}}]}},
        {"@graph": [{"@type": "NewsArticle", "articleBody": TEXT}]},
        {"response": {"results": [{"fields": {"bodyText": TEXT}, "tags": [{"id": "x"}]}]}},
    ],
)
def test_records_of_other_programs_lie_deeper(made, content: object) -> None:
    assert read(made, content).text == TEXT


def test_a_text_that_is_not_free_is_none(made) -> None:
    record = {"title": "One", "content": "ONLY AVAILABLE IN PAID PLANS", "description": "In short."}
    assert read(made, [record]).text == "In short."


KEYS = """
id title text content author authors source url date created_at full_text id_str tweet noteTweet
core noteTweetId entities urls user retweeted_status note_tweet data includes users author_id
segments transcript events start duration end offsets segs tStartMs schema properties bodyText
columns articles results items date-parts issued year month given family name type blocks
paragraphs article version rank score passages event_id_cnty event_date notes urlkey timestamp
fields _source attributes creatorType comments note
""".split()
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(
        ["Article", "author", "text", "[Removed]", "1", "0:01", "['a'", "[+3 chars]", ""]
    )
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=30,
)


@given(json_values)
def test_no_json_raises(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    folder = tmp_path_factory.mktemp("values")
    for name in ("a.json", "a.jsonl"):
        items = read_file(write(folder / name, json.dumps(value)))
        assert items
        assert not [item for item in items if isinstance(item, Problem) and item.fault]


@pytest.mark.parametrize(
    "keys",
    [
        {"schema": "v1", "properties": {"section": "World"}},
        {"webpage_url": "https://example.org/1", "extractor": "own"},
        {"account": "a", "visibility": "public"},
        {"created_at": "2018-01-27", "retweet_count": 5},
        {"urlToImage": None, "publishedAt": "2018-01-27", "content": "A convoy…"},
        {"segments": [{"start": 0, "end": 5, "text": "Film"}]},
        {"transcript": [{"start": 0, "duration": 5, "text": "Film"}]},
    ],
)
def test_an_article_with_keys_of_other_records_is_an_article(made, keys) -> None:
    text = "A convoy with flour and medicine reached the town, after three days on the road."
    field = "content" if "account" in keys else "body" if "transcript" in keys else "text"
    (article,) = made("a.json", json.dumps([{"title": "Convoy", **keys, field: text}]))
    assert (article.title, article.text) == ("Convoy", text)
