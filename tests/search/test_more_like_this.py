"""More like this."""

import pytest
from conftest import titles

from syriasearch import Archive, ArticleNotFoundError, QuerySyntaxError


def test_what_is_about_the_same_comes_first_and_the_article_itself_never(samples: Archive) -> None:
    slug = next(hit.article.slug for hit in samples.search("Vienna boycott").hits)
    page = samples.related(slug, limit=5)
    assert slug not in {hit.article.slug for hit in page.hits}
    assert any("Sochi" in title for title in titles(page)[:3])
    assert all(hit.score > 0 and not hit.partial for hit in page.hits)


def test_filters_narrow_what_is_related(samples: Archive) -> None:
    slug = samples.search("Sochi").hits[0].article.slug
    assert all(hit.article.lang == "ar" for hit in samples.related(slug, lang="ar", limit=50).hits)


def test_an_article_that_there_is_not(corpus: Archive) -> None:
    with pytest.raises(ArticleNotFoundError):
        corpus.related("nothing")


def test_an_article_alone_has_none_related(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "Alone\n\nTalks went on."}))
    page = archive.related("alone")
    assert (page.total, page.hits) == (0, ())


# Like a text


TOPICS = {
    "dam.txt": "Engineers repair the dam\n\nThey repaired turbines of the Tishrin dam on a river.",
    "bread.txt": "Bakeries close\n\nBakeries in Aleppo closed because flour and diesel ran short.",
    "camp.txt": "Rain floods a camp\n\nTents of the camp near Atmeh were flooded after heavy rain.",
}


@pytest.fixture
def topics(archive: Archive, folder) -> Archive:
    archive.ingest(folder(TOPICS))
    return archive


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("turbines of a dam were repaired", "Engineers repair the dam"),
        ("No flour, no diesel: the bakeries!", "Bakeries close"),
        ("#FloodedTents after the rain https://example.org/bakeries/dam", "Rain floods a camp"),
        ("flooded tents @CampAtmeh", "Rain floods a camp"),
        ("bakereis closed", "Bakeries close"),
        ('title:"nothing" -flour OR (bakeries', "Bakeries close"),
        ("NOT dam", "Engineers repair the dam"),
        ("source:nobody turbines*", "Engineers repair the dam"),
        ("like: like: rain", "Rain floods a camp"),
        (TOPICS["bread.txt"], "Bakeries close"),
    ],
)
def test_a_text_finds_what_is_like_it(topics: Archive, text: str, first: str) -> None:
    page = topics.like(text)
    assert titles(page)[0] == first
    assert not any(hit.partial for hit in page.hits)
    assert titles(topics.search(f"like: {text}")) == titles(page)


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_text_that_is_empty_is_an_error(topics: Archive, text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="like: takes a text"):
        topics.like(text)


def test_a_text_of_a_megabyte_is_answered(topics: Archive) -> None:
    assert titles(topics.like("turbines and other words " * 40_000))[0] == TOPICS["dam.txt"][:24]


@pytest.mark.parametrize("text", ["zzzz qqqq", "the of and", "!!! ...", "https://example.org/dam"])
def test_a_text_without_a_word_of_the_archive_finds_nothing(topics: Archive, text: str) -> None:
    assert topics.like(text).total == 0
