"""How recognizers and reasons of mentions are stored."""

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils.utils import hash_record

from syriasearch.entities import reasons
from syriasearch.models.entity import ENTITY_TYPES, Entity
from syriasearch.store.mention_codes import (
    encode_reason,
    encode_recognizer,
    phrases,
    reason_sql,
    recognizer_sql,
)


def evaluate(sql: str, **values: object) -> object:
    """Return the value of an expression over columns with these values."""
    columns = ", ".join(f"? AS {name}" for name in values)
    with closing(sqlite3.connect(":memory:")) as connection:
        rows = connection.execute(f"SELECT {sql} FROM (SELECT {columns})", [*values.values()])
        (value,) = rows.fetchone()
        return value


WRITTEN = [
    "a reason of a later version",
    "!{} 'it''s'",
    "short for {}, named in full in the article",
    "",
]


@pytest.mark.parametrize("reason", WRITTEN)
def test_any_reason_can_be_stored(reason: str) -> None:
    assert evaluate(reason_sql(), why=encode_reason(reason)) == reason


def test_no_reason_is_stored_as_none() -> None:
    assert encode_reason(None) is None
    assert evaluate(reason_sql(), why=None) is None


@pytest.mark.parametrize(
    ("recognizer", "found_by"), [("gazetteer", ""), ("rules", "-"), ("spacy:en", "spacy:en")]
)
def test_a_recognizer_is_stored_in_short(recognizer: str, found_by: str) -> None:
    assert encode_recognizer(recognizer) == found_by
    assert evaluate(recognizer_sql(), found_by=found_by) == recognizer


PHRASES = {
    name: phrase
    for name, phrase in vars(reasons).items()
    if name.isupper() and isinstance(phrase, str)
} | {
    f"{name}, {place}": phrase
    for place, some in (("Latin", reasons.BY_RULE), ("Arabic", reasons.BY_ARABIC_RULE))
    for name, phrase in some.items()
}


@pytest.mark.parametrize("kind", ["a person", "an organization", "a group", "a place", "an event"])
@pytest.mark.parametrize("phrase", PHRASES.values(), ids=PHRASES)
def test_every_reason_of_the_program_is_one_of_the_phrases(phrase: str, kind: str) -> None:
    words = "Zebra"
    reason = phrase.format(kind=kind, cue=f"‘{words}’", name=words, names=words, count=words)
    why = encode_reason(reason)
    assert why
    assert why[1:] == (words if "{" in phrase.replace("{kind}", "") else "")
    assert evaluate(reason_sql(), why=why) == reason


@pytest.mark.parametrize("kind", ENTITY_TYPES)
@pytest.mark.parametrize("rule", [*reasons.BY_RULE, "another"])
def test_so_is_the_reason_of_a_rule_whose_word_is_unknown(rule: str, kind: str) -> None:
    why = encode_reason(reasons.rule_reason(rule, kind, "Zebra", 0, 5))
    assert why
    assert why[0] != "!"


@pytest.mark.parametrize("kind", ENTITY_TYPES)
@pytest.mark.parametrize("rule", reasons.BY_ARABIC_RULE)
def test_so_is_that_of_a_rule_for_arabic(rule: str, kind: str) -> None:
    why = encode_reason(reasons.arabic_reason(rule, kind, "", "Zebra"))
    assert why
    assert why[0] != "!"


@pytest.mark.parametrize("surface", ["Anders", "Anders Kurt Larsen", "Larsen Anders", "A Larsen"])
def test_so_is_that_of_a_name(surface: str) -> None:
    why = encode_reason(reasons.name_reason(surface, Entity("x", "Anders Larsen", "person")))
    assert why
    assert why[1:] == "Anders Larsen"


def test_the_phrases_are_those_of_the_schema_version() -> None:
    """Archives have the phrases in their schema: others need a migration, and a hash here."""
    assert hash_record(phrases()) == "2a2ce8dea558ff3bd8d5c36b3a3146d6adada325"
