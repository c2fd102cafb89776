"""Transcripts in JSON: what is said in a film is one text."""

import json

import pytest
from formats import documents, messages


def spoken(made, content: object, name: str = "a.json"):
    text = content if isinstance(content, str) else json.dumps(content)
    (document,) = made(name, text)
    return document


@pytest.mark.parametrize(
    "content",
    [
        [
            {"text": "The convoy", "start": 0.5, "duration": 2.0},
            {"text": "arrived &amp; left.", "start": 2.4, "duration": 2},
            {"text": "Two more\nfollowed.", "start": 9.0, "duration": 2},
        ],
        {
            "text": " The convoy arrived & left. Two more followed.",
            "segments": [
                {"id": 0, "start": 0.0, "end": 2.0, "text": " The convoy", "tokens": [1, 2]},
                {"id": 1, "start": 2.0, "end": 4.0, "text": " arrived & left."},
                {"id": 2, "start": 9.0, "end": 12.0, "text": " Two more followed."},
            ],
            "language": "en",
        },
        {
            "wireMagic": "pb3",
            "events": [
                {"tStartMs": 0, "dDurationMs": 9000, "id": 1},
                {
                    "tStartMs": 0,
                    "dDurationMs": 2000,
                    "segs": [{"utf8": "The"}, {"utf8": " convoy"}],
                },
                {"tStartMs": 2000, "dDurationMs": 1, "aAppend": 1, "segs": [{"utf8": "\n"}]},
                {"tStartMs": 2000, "dDurationMs": 900, "segs": [{"utf8": "arrived & left."}]},
                {"tStartMs": 9000, "dDurationMs": 900, "segs": [{"utf8": "Two more followed."}]},
            ],
        },
        {
            "result": {"language": "en"},
            "transcription": [
                {"offsets": {"from": 0, "to": 3000}, "text": " The convoy arrived & left."},
                {"offsets": {"from": 9000, "to": 9900}, "text": " Two more followed."},
            ],
        },
        {
            "video_id": "x1",
            "language_code": "en",
            "snippets": [
                {"text": "The convoy arrived & left.", "start": 0, "duration": 3},
                {"text": "Two more followed.", "start": 9, "duration": 3},
            ],
        },
        [
            {"text": "The convoy arrived & left.", "offset": 0, "duration": 3000},
            {"text": "Two more followed.", "offset": 9000, "duration": 3000},
        ],
        [
            {"text": "The convoy arrived & left.", "start": "00:00:00.000", "end": "00:00:03.000"},
            {"text": "Two more followed.", "start": "00:00:09,000", "end": "00:00:12,000"},
        ],
        [
            {"text": "The convoy arrived & left.", "start": 1, "duration": 1},
            {"text": "The convoy arrived & left.", "start": 2, "duration": 1},
            {"text": "Two more followed.", "start": 9, "duration": 1},
        ],
    ],
)
def test_a_transcript_is_one_text_with_a_paragraph_where_nobody_speaks(made, content) -> None:
    assert spoken(made, content).text == "The convoy arrived & left.\n\nTwo more followed."


def test_a_transcript_keeps_its_other_fields(made) -> None:
    pieces = [{"text": "وصلت القافلة", "start": 0, "end": 2}]
    document = spoken(made, {"title": "A speech", "language": "ar", "segments": pieces, "id": "x1"})
    assert (document.title, document.lang, document.anchor) == ("A speech", "ar", "x1")


def test_transcripts_on_lines_are_an_article_each(made) -> None:
    lines = [
        {"title": title, "transcript": [{"text": title, "start": 0, "duration": 1}]}
        for title in ("One", "Two")
    ]
    found = documents(made("a.jsonl", "\n".join(map(json.dumps, lines))))
    assert [document.text for document in found] == ["One", "Two"]


def test_articles_with_times_are_no_transcript(made) -> None:
    items = [{"title": "One", "text": "A text.", "start": 1, "duration": 1}] * 2
    assert len(documents(made("a.json", json.dumps(items)))) == 2


def test_the_metadata_of_a_video_is_an_article_of_its_description(made) -> None:
    video = {
        "id": "x1",
        "title": "A speech",
        "formats": [{"format_id": "1", "url": "https://example.org/f"}] * 9,
        "description": "The envoy speaks in Geneva.",
        "channel": "Sample TV",
        "upload_date": "20180127",
        "timestamp": 1600000000,
        "webpage_url": "https://example.org/watch?v=x1",
        "extractor": "youtube",
        "language": "en",
    }
    items = made("a.info.json", json.dumps(video))
    (document,) = documents(items)
    assert (document.text, document.title, document.source, document.date, document.url) == (
        "The envoy speaks in Geneva.",
        "A speech",
        "Sample TV",
        "20180127",
        "https://example.org/watch?v=x1",
    )
    assert "only a summary" in messages(items)[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", ",text,start,duration\n0,The convoy,0.5,2\n1,arrived.,2.4,2\n2,It left.,9,1\n"),
        (
            "a.tsv",
            "start\tend\ttext\n500\t2400\tThe convoy\n2400\t4000\tarrived.\n9000\t9900\tIt left.\n",
        ),
        (
            "a.csv",
            "start,end,text\n00:00:00,00:00:02,The convoy arrived.\n00:00:09,00:00:10,It left.\n",
        ),
        (
            "a.jsonl",
            '{"text": "The convoy arrived.", "start": 0, "end": 2}\n'
            '{"text": "It left.", "start": 9, "end": 10}\n',
        ),
    ],
)
def test_a_transcript_in_rows(made, name: str, content: str) -> None:
    assert spoken(made, content, name).text == "The convoy arrived.\n\nIt left."


def test_pieces_of_several_films_are_not_one_text(made) -> None:
    content = "video_id,text,start,duration\nx1,One.,0,1\nx2,Two.,0,1\n"
    assert len(documents(made("a.csv", content))) == 2


def test_a_row_of_a_transcript_without_times_is_not_lost(made) -> None:
    items = made("a.csv", "text,start,duration\nOne.,0,1\nTwo.,,\n")
    assert sorted(document.text for document in documents(items)) == ["One.", "Two."]
