"""Arrays of all articles and of a few give the same scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.index.postings import NONE, Ids, Postings, strongest
from syriasearch.search.article_arrays import AllArticles, FewArticles
from syriasearch.search.collapse import ScoredDocs
from syriasearch.search.top_docs import may_be_first

SIZE = 41
COUNTS = st.dictionaries(st.integers(1, SIZE - 1), st.integers(1, 9), max_size=20)


def postings(counts: dict[int, int]) -> Postings:
    articles = sorted(counts)
    return Postings(
        np.array(articles, np.int32), np.array([counts[each] for each in articles], np.float32)
    )


def dense(counts: dict[int, int]) -> Postings:
    values = np.zeros(SIZE, np.float32)
    values[list(counts)] = list(counts.values())
    return Postings(None, None, values)


@given(COUNTS)
def test_both_forms_of_postings_are_the_same(counts: dict[int, int]) -> None:
    one, other = postings(counts), dense(counts)
    assert one.articles.tolist() == other.articles.tolist()
    assert one.counts.tolist() == other.counts.tolist()
    assert one.dense(SIZE).tolist() == other.dense(SIZE).tolist()
    assert (one.size, one.total) == (other.size, other.total)
    assert [one.has(each) for each in range(SIZE)] == [other.has(each) for each in range(SIZE)]


@given(COUNTS, st.lists(st.integers(1, SIZE - 1), unique=True))
def test_a_few_articles_have_what_all_have_of_them(counts: dict[int, int], ids: list[int]) -> None:
    chosen: Ids = np.array(sorted(ids), np.int32)
    few, every = FewArticles(chosen), AllArticles(SIZE)
    found = postings(counts)
    assert few.counts(found).tolist() == every.counts(found)[chosen].tolist()
    assert few.has(found).tolist() == every.has(found)[chosen].tolist()
    assert few.ids(few.places(found.articles)).tolist() == sorted(set(counts) & set(ids))


@given(COUNTS, COUNTS)
def test_the_strongest_of_two_is_the_same_in_both_forms(
    one: dict[int, int], other: dict[int, int]
) -> None:
    found = strongest([dense(one), dense(other)], SIZE)
    expected = {each: max(one.get(each, 0), other.get(each, 0)) for each in one | other}
    assert dict(zip(found.articles.tolist(), found.counts.tolist(), strict=True)) == expected


def test_no_postings_belong_to_archives_of_any_size() -> None:
    assert [len(NONE.dense(size)) for size in (3, 5, 3)] == [3, 5, 3]


@given(st.lists(st.integers(0, 5), max_size=2000), st.integers(1, 12))
def test_the_highest_values_are_among_those_that_may_be(values: list[int], limit: int) -> None:
    scores = np.array(values, np.float32)
    chosen = may_be_first(scores, limit)
    assert sorted(scores[chosen], reverse=True)[:limit] == sorted(values, reverse=True)[:limit]
    assert chosen.tolist() == sorted(chosen.tolist())


@pytest.mark.parametrize("few", [True, False])
def test_hits_are_joined_in_order_of_their_ids(few: bool) -> None:
    arrays = FewArticles(np.array([2, 5, 7], np.int32)) if few else AllArticles(SIZE)
    ids = arrays.ids(arrays.places(np.array([5, 7], np.int32)))
    docs = ScoredDocs(ids, np.array([1, 2], np.float32), np.zeros(2, np.bool_))
    first = docs.only(np.array([False, True]))
    assert ScoredDocs.joined([first, docs.only(np.array([0]))]).articles.tolist() == [5, 7]
