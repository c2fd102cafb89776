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


REASONS = {
    None: None,
    "a place: it is the name of a city": 38,
    "short for Bashar al-Assad, named in full in the article": "QBashar al-Assad",
    "an event: the word ‘Battle’ in its name says so": "4Battle",
    "an event: a word in its name says so": 4,
    "Riad Hijab, whose title is before the family name": "[Riad Hijab",
    "a reason of a later version": "!a reason of a later version",
    "!{} 'it''s'": "!!{} 'it''s'",
    "short for {}, named in full in the article": "Q{}",
    "": "!",
}


@pytest.mark.parametrize(("reason", "why"), REASONS.items())
def test_a_reason_is_stored_in_short(reason: str | None, why: int | str | None) -> None:
    assert encode_reason(reason) == why
    assert evaluate(reason_sql(), why=why) == reason


@pytest.mark.parametrize(
    ("recognizer", "found_by"), [("gazetteer", 0), ("rules", 1), ("spacy:en", "spacy:en")]
)
def test_a_recognizer_is_stored_in_short(recognizer: str, found_by: int | str) -> None:
    assert encode_recognizer(recognizer) == found_by
    assert evaluate(recognizer_sql(), found_by=found_by) == recognizer


@pytest.mark.parametrize("why", [-1, 1000, 1.5, b"Q"])
def test_what_stands_for_no_phrase_is_no_reason(why: object) -> None:
    assert evaluate(reason_sql(), why=why) is None


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
    assert isinstance(why, int) or why[1:] == words
    assert evaluate(reason_sql(), why=why) == reason


@pytest.mark.parametrize("kind", ENTITY_TYPES)
@pytest.mark.parametrize("rule", [*reasons.BY_RULE, "another"])
def test_so_is_the_reason_of_a_rule_whose_word_is_unknown(rule: str, kind: str) -> None:
    why = encode_reason(reasons.rule_reason(rule, kind, "Zebra", 0, 5))
    assert isinstance(why, int) or why[0] != "!"


@pytest.mark.parametrize("kind", ENTITY_TYPES)
@pytest.mark.parametrize("rule", reasons.BY_ARABIC_RULE)
def test_so_is_that_of_a_rule_for_arabic(rule: str, kind: str) -> None:
    why = encode_reason(reasons.arabic_reason(rule, kind, "", "Zebra"))
    assert isinstance(why, int) or why[0] != "!"


@pytest.mark.parametrize("surface", ["Anders", "Anders Kurt Larsen", "Larsen Anders", "A Larsen"])
def test_so_is_that_of_a_name(surface: str) -> None:
    why = encode_reason(reasons.name_reason(surface, Entity("x", "Anders Larsen", "person")))
    assert isinstance(why, str)
    assert why[1:] == "Anders Larsen"


def test_the_phrases_are_those_of_the_schema_version() -> None:
    """Archives have the phrases in their schema: others need a migration, and a hash here."""
    assert hash_record(dict(phrases()._asdict())) == "372c8dcba9a11263888ea575bdff595bf913f6fe"
