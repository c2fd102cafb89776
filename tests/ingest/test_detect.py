"""Format detection, by content and by suffix."""

import pytest
from formats import PAGE, RSS, documents, messages

from syriasearch import Archive


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


def test_other_xml_and_office_documents_are_no_text(made) -> None:
    assert "is XML" in messages(made("a.xml", "<?xml version='1.0'?><note>No.</note>"))[0]
    office = b"PK\x03\x04" + bytes(22) + b"\x13\0\0\0[Content_Types].xml" + bytes(50)
    assert "is a damaged .docx file" in messages(made("a.docx", office))[0]


@pytest.mark.parametrize("name", ["telegram", "nexis", "factiva", "zotero", "pages"])
def test_a_format_that_a_file_is_not_in_is_a_problem(archive: Archive, folder, name: str) -> None:
    path = folder({"a.txt": "Talks end\n\nThe talks in Geneva ended."}) / "a.txt"
    report = archive.ingest(path, format=name)
    (problem,) = report.problems
    assert (report.added, report.failed, problem.lost) == (0, 1, True)


def test_an_export_without_texts_stays_a_note(archive: Archive, folder) -> None:
    text = '{"name": "A", "type": "private_group", "id": 7, "messages": []}'
    path = folder({"a.json": text}) / "a.json"
    (problem,) = archive.ingest(path, format="telegram").problems
    assert (problem.message, problem.lost) == (
        "is a Telegram export without texts: leave it out",
        False,
    )
