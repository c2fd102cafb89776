"""Text and Markdown files, with and without front matter."""

from pathlib import Path

import pytest
from conftest import CORPORA
from formats import BROKEN, read, write

from syriasearch.ingest.readers import Document, Problem


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


def test_a_bomb_of_yaml_aliases_does_not_go_off(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "---\n" + "\n".join(lines) + "\nauthor: *a11\ntitle: Homs\n---\nText."
    (document,) = read(write(tmp_path / "a.md", text))
    assert isinstance(document, Document)
    assert (document.title, document.author) == ("Homs", None)


def test_a_long_front_matter_is_read_line_by_line(tmp_path: Path) -> None:
    text = "---\ntitle: One\ntags:\n" + "- a\n" * 20_000 + "---\nText."
    problem, document = read(write(tmp_path / "a.md", text))
    assert problem == Problem(
        "the front matter has over 64 KiB, read line by line: shorten it", lost=False
    )
    assert isinstance(document, Document)
    assert (document.title, document.text) == ("One", "Text.")
