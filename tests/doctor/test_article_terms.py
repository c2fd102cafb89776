"""What a check finds in an article's text is what an ingest has stored of it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

import numpy as np
import pytest

from syriasearch.doctor.article_terms import (
    ArticleTerms,
    WordSums,
    mixed,
    terms_of_articles,
)
from syriasearch.doctor.term_hashes import Words, find_terms
from syriasearch.index.document import count_terms, make_document
from syriasearch.index.minhash import make_fingerprint
from syriasearch.index.near_duplicates import comparable_terms
from syriasearch.index.segment_writer import postings_of
from syriasearch.store.creation import empty_archive
from syriasearch.text.normalize import fold
from syriasearch.text.tokenize import folded_terms

Article = Sequence[tuple[str, str]]
"""The kind and text of paragraphs."""

STORY = "The convoy of 1,200 trucks reached Syria’s north, the U.S. envoy said on Monday. " * 3
ARTICLES: dict[str, Article] = {
    "plain": [("title", "A convoy"), ("body", STORY)],
    "title from the text": [("title", " ".join(STORY.split()[:7])), ("body", STORY)],
    "short title from the text": [("title", "The convoy"), ("body", STORY)],
    "only a title": [("title", "The convoy of many trucks reached it")],
    "two titles": [("title", "The convoy is there"), ("title", "It is there"), ("body", STORY)],
    "kinds": [
        ("title", "Envoy"),
        ("byline", "By Mona Haddad"),
        ("body", "Short."),
        ("heading", "The north"),
        ("body", STORY),
        ("body", STORY),
        ("caption", "A truck"),
        ("byline", "Mona Haddad is a reporter"),
    ],
    "byline alone": [("byline", "Mona Haddad")],
    "Arabic": [
        ("title", "قافلة في إدلب"),
        ("body", "وصلت القافلة إلى مدينة إدلب في الشمال. " * 12),
    ],
    "marks": [("title", "Cafe\u0301s"), ("body", "\u0301 Ha\u0323lab na\u0308\u0301h " * 20)],
    "a word 300 times": [("title", "Gas gas"), ("body", "gas " * 300 + "masks")],
    "long words": [("title", "Long"), ("body", f"{'ab' * 9000} {'ق' * 20000} end. " * 2)],
    "many words": [("title", "Numbers"), ("body", " ".join(f"w{n}" for n in range(9000)))],
    "empty paragraphs": [("title", ""), ("body", ""), ("body", "A word"), ("body", "")],
    "no letters": [("title", "…"), ("body", "— ‘ ’ —")],
}


@pytest.fixture
def archive() -> Iterator[sqlite3.Connection]:
    """An archive with the words of all articles but `masks` and `envoy`."""
    words = {
        term
        for article in ARTICLES.values()
        for _, text in article
        for term in folded_terms(fold(text))
    } - {"masks", "envoy"}
    with closing(empty_archive()) as connection:
        connection.executemany(
            "INSERT INTO words (word, stem, count) VALUES (?, '', 1)", [(w,) for w in sorted(words)]
        )
        yield connection


def as_indexed(article: Article, connection: sqlite3.Connection) -> ArticleTerms:
    """Return the same as an ingest counts it."""
    ids = dict(connection.execute("SELECT word, id FROM words")) | {"masks": 0, "envoy": 0}
    blocks = [(kind, fold(text)) for kind, text in article]
    terms = count_terms(blocks)
    document = make_document(1, None, 0, terms, ())
    keys, _, counts = postings_of([document], ids)
    return ArticleTerms(
        True,
        10,
        sum(terms.counts.values()),
        document.length,
        int((mixed(keys) * counts.astype(np.uint64)).sum()),
        make_fingerprint(comparable_terms(blocks)),
    )


def stored(article: Article) -> list[tuple[int, str, str, str]]:
    return [(10 + n, kind, text, fold(text)) for n, (kind, text) in enumerate(article)]


def assert_same(one: ArticleTerms, other: ArticleTerms) -> None:
    assert one[:-1] == other[:-1]
    assert one.fingerprint.digest == other.fingerprint.digest
    assert np.array_equal(one.fingerprint.signature, other.fingerprint.signature)


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_has_the_terms_that_an_ingest_counts(
    archive: sqlite3.Connection, name: str
) -> None:
    article = ARTICLES[name]
    (found,) = terms_of_articles([stored(article)], WordSums(Words(archive)))
    assert_same(found, as_indexed(article, archive))


def test_articles_that_are_counted_together_have_the_same_terms(
    archive: sqlite3.Connection,
) -> None:
    found = terms_of_articles(
        [stored(article) for article in ARTICLES.values()], WordSums(Words(archive))
    )
    for each, article in zip(found, ARTICLES.values(), strict=True):
        assert_same(each, as_indexed(article, archive))


def test_text_that_is_not_folded_is_seen(archive: sqlite3.Connection) -> None:
    paragraphs = [(1, "body", "Syria’s U.S. envoy", "Syria’s U.S. envoy")]
    (found,) = terms_of_articles([paragraphs], WordSums(Words(archive)))
    assert not found.is_folded


def test_words_that_share_a_slot_are_told_apart() -> None:
    with closing(empty_archive()) as connection:
        words = [f"{first}{last}" for first in "abcdefghij" for last in range(300)]
        connection.executemany(
            "INSERT INTO words (word, stem, count) VALUES (?, '', 1)", [(word,) for word in words]
        )
        known = Words(connection)
    numbers = known.numbers(find_terms(" ".join([*words, "unknown"])).hashes)
    assert len(set(numbers.tolist())) == len(words) + 1
