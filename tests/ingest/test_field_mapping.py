"""The names of fields in other programs' files."""

from collections import Counter
from pathlib import Path

import pytest

from syriasearch.ingest.readers import field_mapping
from syriasearch.ingest.readers.field_mapping import FIELDS, field_names, field_of
from syriasearch.text.word_lists import read_word_lists

DATA = Path(field_mapping.__file__).parent / "data" / "field_names.txt"


def test_no_name_is_that_of_two_fields() -> None:
    names = Counter(name for others in read_word_lists(DATA).values() for name in others)
    assert [name for name, count in names.items() if count > 1] == []


def test_each_name_is_that_of_a_field_of_an_article() -> None:
    assert {field for field, _ in field_names().values()} == {*FIELDS, "summary"}


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("Published At", "date"),
        ("article_title", "title"),
        ("المصدر", "source"),
        ("_id", "id"),
        ("tags", None),
    ],
)
def test_a_key_names_a_field_however_it_is_written(key: str, field: str | None) -> None:
    assert field_of(key) == field
