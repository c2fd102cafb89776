"""JSON lines: an article on each line."""

import json
from pathlib import Path

import pytest
from formats import BROKEN, read, write

from syriasearch.ingest.readers import (
    Document,
    Problem,
)


def test_lines_of_json_are_read_one_by_one() -> None:
    items = read(BROKEN / "lines.jsonl")
    documents = {item.anchor: item for item in items if isinstance(item, Document)}
    problems = [item.message for item in items if isinstance(item, Problem)]
    assert list(documents) == ["good", "surrogate", "good~2", "date"]
    assert problems == [
        "line 2 is not valid JSON (Invalid control character at): mend or remove it",
        "line 3 is not a JSON object: put one article a line",
        "line 4 has no text: give it a `text`",
    ]


@pytest.mark.parametrize(
    ("ids", "anchors"),
    [
        (["x", "x", "x~2"], ["x", "x~2", "x~2~2"]),
        ([2, None], ["2", "2~2"]),  # the second line's number is another's id
        (["e\u0301", "\u00e9"], ["e\u0301", "\u00e9"]),  # a path has a hash of the first
        ([["no", "id"], " "], ["1", "2"]),
    ],
)
def test_no_two_articles_of_a_file_have_one_name(
    tmp_path: Path, ids: list[object], anchors: list[str]
) -> None:
    lines = [json.dumps({"id": each, "text": "A text."}) for each in ids]
    documents = read(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert [document.anchor for document in documents] == anchors


@pytest.mark.slow
def test_a_hundred_thousand_articles_may_have_one_name(tmp_path: Path) -> None:
    items = read(write(tmp_path / "a.jsonl", '{"id": "x", "text": "A text."}\n' * 100_000))
    assert items[-1].anchor == "x~100000"


def test_json_lines_in_utf_16_are_read_where_a_mark_says_so(tmp_path: Path) -> None:
    data = '{"text": "One."}\n{"text": "Two."}\n'.encode("utf-16")
    documents = read(write(tmp_path / "a.jsonl", data))
    assert [document.text for document in documents] == ["One.", "Two."]


def test_a_line_without_an_id_is_named_by_its_number(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path / "a.jsonl", '\n{"text": "One."}\n'))
    assert document.anchor == "2"
