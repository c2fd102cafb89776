"""Charsets of texts, and their lines."""

import resource
from pathlib import Path

import pytest
from formats import BROKEN, documents, read, write

from syriasearch.ingest.readers import (
    Document,
    Problem,
)
from syriasearch.ingest.readers.base import MAX_ARTICLE_BYTES


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("قال المبعوث إن المحادثات انتهت", "cp1256"),
        ("المعارضة السورية", "cp1256"),
        ("وقف إطلاق النار في حلب", "cp1256"),
        ("Le président est à Genève, où les délégués étaient déjà réunis", "cp1252"),
        ("The “truce” — he said — ended", "cp1252"),
        ("The truce ended in Homs.", "utf-16"),
        ("The truce ended in Homs.", "utf-16-le"),
        ("قال المبعوث إن المحادثات انتهت", "utf-16-le"),
        ("قال المبعوث إن المحادثات انتهت", "utf-16-be"),
    ],
)
def test_the_encoding_of_a_short_text_is_recognized(made, text: str, encoding: str) -> None:
    assert documents(made("a.txt", text.encode(encoding)))[0].text == text


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("windows-1252.txt", "président"),
        ("windows-1256.txt", "المعارضة"),
        ("utf-16.txt", "ceasefire"),
    ],
)
def test_other_encodings_are_read(name: str, word: str) -> None:
    *notes, document = read(BROKEN / name)
    assert isinstance(document, Document)
    assert word in document.text
    # Where the encoding is a guess, the reader says so.
    assert [note.message[:36] for note in notes if isinstance(note, Problem)] == (
        [] if name == "utf-16.txt" else [f"is not UTF-8 and was read as cp{name[8:12]}:"]
    )


def test_stray_bytes_in_a_utf_8_text_are_told_and_shown(tmp_path: Path) -> None:
    data = "Le président est à Genève, où les délégués étaient déjà".encode() + b"\xff."
    note, document = read(write(tmp_path / "a.txt", data))
    assert isinstance(note, Problem)
    assert isinstance(document, Document)
    assert "has 1 bytes that are not UTF-8" in note.message
    assert document.text.endswith("déjà\ufffd.")


@pytest.mark.parametrize("name", ["large.txt", "large.jsonl"])
def test_a_line_of_200_mb_is_a_problem_and_no_flood_of_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        for _ in range(200):
            file.write(b"x" * 2**20)
        file.write(b'\n{"text": "The line behind it is read."}\n')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    items = read(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert isinstance(items[0], Problem)
    assert "the 32 MiB of one" in items[0].message
    assert grown * 1024 < 3 * MAX_ARTICLE_BYTES
    assert len(items) == (2 if name == "large.jsonl" else 1)
