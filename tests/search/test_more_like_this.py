"""More like this."""

import pytest
from conftest import titles

from syriasearch import Archive, ArticleNotFoundError


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
