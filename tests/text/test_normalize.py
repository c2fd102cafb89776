"""When two spellings are the same word, and where a word stands."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syriasearch.store.creation import empty_archive
from syriasearch.store.folds import fold_columns
from syriasearch.store.schema import TOKENIZER
from syriasearch.text.arabic import name_key, without_articles
from syriasearch.text.normalize import APOSTROPHES, LETTERS, MARKS, fold, fold_aligned
from syriasearch.text.tokenize import terms, tokenize

# Text as scrapes have it: Latin and Arabic letters, all that folding touches, and anything else.
SPECIAL = MARKS + APOSTROPHES + "".join(LETTERS) + "sS aé\u0301.,-\n\u200b٬ﷲﬁﻻ٣۴\u0654\u0655"
COMMON = "ABsdqu 0179.,'’-ابلوفمه"
any_text = st.text(
    st.one_of(
        st.sampled_from(SPECIAL),
        st.sampled_from(COMMON),
        st.characters(exclude_categories=("Cs",), exclude_characters="\0"),
    )
)


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    """An archive's table of paragraphs, and an index of texts."""
    connection = empty_archive()
    connection.execute(f'CREATE VIRTUAL TABLE fts USING fts5(x, tokenize="{TOKENIZER}")')
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(fts, instance)")
    return connection


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ja’afari", "Jaafari"),  # U+2019, as typesetters write it
        ("Ja'afari", "Jaafari"),  # U+0027, as keyboards do
        ("Jaʿfari", "Jafari"),  # U+02BF, ayn in scholarly transcription
        ("Jaʻfari", "Jafari"),  # U+02BB, ayn as Wikipedia often has it
        ("Raʾs", "Ras"),  # U+02BE, hamza
        ("Syria’s war", "Syria’s war"),  # the tokenizer parts a possessive
        ("الْجَعْفَرِيّ", "الجعفري"),  # U+064B to U+0652, vowel signs
        ("سوتشـــي", "سوتشي"),  # U+0640, tatweel
        ("أحمد إدلب آل ٱلله", "احمد ادلب ال الله"),  # alef with hamza, madda, wasla
        ("مصطفى حماة", "مصطفي حماه"),  # alef maksura, teh marbuta
        ("\u200fسوريا\u200e", "سوريا"),  # U+200E and U+200F, direction marks
        ("co\u00adoperation", "cooperation"),  # U+00AD, soft hyphen
        ("de-escalation", "de-escalation"),  # hyphens are the tokenizer's business
    ],
)
def test_fold_takes_away_what_spellings_vary_in(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(any_text)
@example("’\u200fs")
@example("''s ’’S")
def test_the_folded_column_is_the_fold(database: sqlite3.Connection, text: str) -> None:
    row = (text, *fold_columns(text, fold(text)))
    database.execute("DELETE FROM paragraphs")
    database.execute(
        "INSERT INTO paragraphs (id, article_id, position, kind, text, normalized, replacements)"
        " VALUES (1, 1, 1, 'body', ?, ?, ?)",
        row,
    )
    assert database.execute("SELECT folded FROM paragraphs").fetchone()[0] == fold(text)


@given(any_text)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text)
def test_folding_with_offsets_is_the_same_fold(text: str) -> None:
    assert fold_aligned(text).text == fold(text)


@given(any_text)
def test_terms_are_those_of_fts5(database: sqlite3.Connection, text: str) -> None:
    database.execute("DELETE FROM fts")
    database.execute("INSERT INTO fts(rowid, x) VALUES (1, ?)", (fold(text),))
    indexed = [row[0] for row in database.execute("SELECT term FROM terms ORDER BY offset")]
    assert terms(text) == indexed


@given(any_text)
def test_tokens_have_the_terms_and_stand_in_order(text: str) -> None:
    tokens = list(tokenize(text))
    assert [token.term for token in tokens] == terms(text)
    ends = [0]
    for token in tokens:
        assert ends[-1] <= token.start < token.end <= len(text)
        ends.append(token.end)


@given(any_text)
def test_a_token_cut_out_of_its_text_is_the_same_term(text: str) -> None:
    for token in tokenize(text):
        assert terms(text[token.start : token.end])[:1] == [token.term]


def test_a_token_ends_behind_its_vowel_signs() -> None:
    text = "قال الْجَعْفَرِيّ"
    token = list(tokenize(text))[1]
    assert text[token.start : token.end] == "الْجَعْفَرِيّ"


def test_a_possessive_is_a_token_of_its_own() -> None:
    assert terms("Moscow’s Syria's") == ["moscow", "s", "syria", "s"]


def test_accents_do_not_tell_words_apart() -> None:
    assert terms("Le Président Cavuşoğlu") == ["le", "president", "cavusoglu"]


@pytest.mark.parametrize(
    "name",
    ["Jaafari", "Ja'afari", "Ja’afari", "al-Jaafari", "Al-Ja’afari", "el Jaafari", "JAAFARI"],
)
def test_spellings_of_a_name_share_a_key(name: str) -> None:
    assert name_key(name) == "jaafari"


def test_an_arabic_name_with_and_without_its_article_share_a_key() -> None:
    assert name_key("الجعفري") == name_key("جعفري") == name_key("الجَعْفَرِي")


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["as", "suwayda"], ["suwayda"]),  # assimilated: s before s
        (["as", "we", "know"], ["as", "we", "know"]),
        (["deir", "ez", "zor"], ["deir", "ez", "zor"]),
        (["al"], ["al"]),  # an article of nothing
    ],
)
def test_articles_go_only_where_they_are_articles(words: list[str], kept: list[str]) -> None:
    assert without_articles(words) == kept
