"""Word lists in data files."""

from collections import Counter
from pathlib import Path

import pytest

from syriasearch.text.dates import parse_day
from syriasearch.text.stopwords import is_stop_word
from syriasearch.text.word_lists import DATA, SortedLines, read_word_lists


def test_a_section_has_the_words_up_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# Words.\n[one]\na b\nc_d\n# More.\n[two]\ne\n")
    assert read_word_lists(path) == {"one": ["a", "b", "c d"], "two": ["e"]}


@pytest.mark.parametrize("path", sorted(DATA.glob("*.txt")), ids=lambda path: path.name)
def test_no_word_of_a_file_occurs_twice(path: Path) -> None:
    counts = Counter(word for words in read_word_lists(path).values() for word in words)
    assert [word for word, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("key", ["", "a", "ab", "abc", "b", "é", "كي", "كيف"])
def test_a_line_is_found_by_its_key(key: str) -> None:
    keys = ("a", "abc", "b", "é", "كيف", "ى")
    lines = SortedLines(SortedLines.join({each: f"{each}\tand more" for each in keys}))
    assert lines.get(key) == (f"{key}\tand more" if key in keys else "")


def test_of_no_lines_none_is_found() -> None:
    assert SortedLines(b"").get("a") == ""
    assert not list(SortedLines(b"").items())


def test_every_month_has_names_and_every_name_a_month() -> None:
    months = read_word_lists(DATA / "months.txt")
    assert list(months) == [str(number) for number in range(1, 13)]
    for number, names in months.items():
        assert {parse_day(f"27 {name} 2018") for name in names} == {parse_day(f"2018-{number}-27")}


def test_stop_words_are_english_and_arabic() -> None:
    assert is_stop_word("the")
    assert is_stop_word("من")
    assert not is_stop_word("syria")
