"""Which articles a file holds."""

import json
import resource
from pathlib import Path

import pytest
from conftest import CORPORA
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.blocks.markdown import markdown_blocks
from syriasearch.ingest.readers import Document, Problem, SourceFile, all_readers
from syriasearch.ingest.readers.base import MAX_ARTICLE_BYTES
from syriasearch.ingest.readers.detect import read_items

BROKEN = CORPORA / "broken"


def read(path: Path) -> list[Document | Problem]:
    items: list[Document | Problem] = []
    for item in read_items(SourceFile(path, path.name)):
        items += item.complete() if isinstance(item, Document) else [item]
    return items


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_every_ending_has_one_reader() -> None:
    endings = [suffix for reader in all_readers() for suffix in reader.suffixes]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize(
    "piece",
    ["<!-- a -->", "<!-- a -->\n", "<!--", "<!-- a -- > ", "<!--->", "<?xml a?>", "<?xml ", " \n"],
)
def test_recognizing_a_format_ends_however_often_a_head_repeats_something(piece: str) -> None:
    # In time that grows with the number of ways to read it, this would not end.
    for reader in all_readers():
        assert reader.claims((piece * 2000).encode()) is False


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\ufeff",
        " \n",
        "<!-- a -->",
        "<!-- a > b --><!---->\n<!-- c -->",
        "<?xml version='1.0'?>\n",
    ],
)
def test_a_page_is_recognized_after_comments(before: str) -> None:
    claiming = [each for each in all_readers() if each.claims(f"{before}<!DOCTYPE html>".encode())]
    assert [each.name for each in claiming] == ["html"]


def test_front_matter_is_the_metadata() -> None:
    (document,) = read(CORPORA / "default" / "afrin.md")
    assert isinstance(document, Document)
    assert (document.title, document.date) == ("Afrin: a road reopens", "2018-03-05")
    assert (document.author, document.source) == ("Nadia Karim", "Sample Wire")
    assert (document.lang, document.url) == ("en", "https://example.org/afrin")
    assert document.text.lstrip().startswith("The road")


def test_a_text_file_may_have_front_matter_too(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path / "a.txt", "---\ntitle: One\n---\nText."))
    assert isinstance(document, Document)
    assert (document.title, document.text, document.markup) == ("One", "Text.", "plain")


def test_values_of_front_matter_stay_as_they_are_written(tmp_path: Path) -> None:
    text = "---\ntitle: 2254\nauthor: [A Name, B Name]\nlang: no\ndate: 2018-01-30\n---\nText."
    (document,) = read(write(tmp_path / "a.md", text))
    assert isinstance(document, Document)
    assert (document.title, document.author) == ("2254", "A Name, B Name")
    assert (document.lang, document.date) == ("no", "2018-01-30")


def test_broken_front_matter_is_read_line_by_line_and_told() -> None:
    problem, document = read(BROKEN / "front-matter.md")
    assert isinstance(problem, Problem)
    assert isinstance(document, Document)
    assert "not valid YAML (line 2)" in problem.message
    assert not problem.lost
    assert (document.title, document.date) == ("Ghouta: the siege ends", "2018-04-14")


def test_front_matter_without_an_end_is_told_and_kept_as_text() -> None:
    problem, document = read(BROKEN / "open-front-matter.md")
    assert isinstance(problem, Problem)
    assert isinstance(document, Document)
    assert "no closing `---`" in problem.message
    assert "Never closed" in document.text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("empty.txt", "holds no text"),
        ("blank.txt", "holds no text"),
        ("binary.txt", "is a binary file"),
    ],
)
def test_a_file_without_text_is_a_problem(name: str, message: str) -> None:
    (problem,) = read(BROKEN / name)
    assert isinstance(problem, Problem)
    assert message in problem.message
    assert problem.lost


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
        (["e\u0301", "\u00e9"], ["\u00e9", "\u00e9~2"]),
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


def test_a_bomb_of_yaml_aliases_does_not_go_off(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "---\n" + "\n".join(lines) + "\nauthor: *a11\ntitle: Homs\n---\nText."
    (document,) = read(write(tmp_path / "a.md", text))
    assert isinstance(document, Document)
    assert (document.title, document.author) == ("Homs", None)


def test_an_author_may_be_an_object_with_a_name(tmp_path: Path) -> None:
    line = {"text": "A text.", "author": [{"name": "A Name"}, "B Name"]}
    (document,) = read(write(tmp_path / "a.jsonl", json.dumps(line)))
    assert isinstance(document, Document)
    assert document.author == "A Name, B Name"


def test_json_lines_in_utf_16_are_read_where_a_mark_says_so(tmp_path: Path) -> None:
    data = '{"text": "One."}\n{"text": "Two."}\n'.encode("utf-16")
    documents = read(write(tmp_path / "a.jsonl", data))
    assert [document.text for document in documents] == ["One.", "Two."]


def test_a_line_without_an_id_is_named_by_its_number(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path / "a.jsonl", '\n{"text": "One."}\n'))
    assert document.anchor == "2"


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


@given(st.binary(max_size=300))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for name in ("a.txt", "a.md", "a.jsonl"):
        items = read(write(folder / name, data))
        assert items or not data.strip()


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
    if isinstance(text, list) and all(isinstance(each or "", str) for each in text):
        text = "\n\n".join(each or "" for each in text)  # its paragraphs
    assert isinstance(item, Document) == (isinstance(text, str) and bool(text.strip()))


def test_markdown_loses_its_marks_and_keeps_its_headings() -> None:
    text = (
        "## A *head*\n\nA **bold** [link](https://x.org) and `code`.\n\n- one\n- two\n\n> Quoted.\n"
    )
    assert [(block.kind, block.text) for block in markdown_blocks(text)] == [
        ("heading", "A head"),
        ("body", "A bold link and code."),
        ("body", "one"),
        ("body", "two"),
        ("body", "Quoted."),
    ]


def test_a_row_of_a_table_is_a_paragraph() -> None:
    table = "| date | place |\n|---|---|\n| 4 May | Astana |\n"
    assert [block.text for block in markdown_blocks(table)] == ["date · place", "4 May · Astana"]


def test_raw_html_in_markdown_is_text() -> None:
    assert "<script>" in markdown_blocks("<script>alert(1)</script>")[0].text
