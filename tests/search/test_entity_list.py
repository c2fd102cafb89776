"""The list of the entities that articles name."""

from collections.abc import Callable

import pytest
from conftest import named, slugs

from syriasearch import (
    Archive,
    OptionError,
    QuerySyntaxError,
)
from syriasearch.index import reader
from syriasearch.text.arabic import name_key


def test_entities_are_counted_as_the_tables_have_it(samples: Archive) -> None:
    page = samples.entities(limit=1000)
    counted = {each.entity.slug: each.articles for each in page.entities}
    assert counted == {slug: len(places["articles"]) for slug, places in named(samples).items()}
    assert (page.total, page.articles) == (len(counted), 21)


@pytest.mark.parametrize("kept", [0, reader.KEPT])
def test_counts_do_not_depend_on_what_is_kept_of_a_snapshot(
    samples: Archive, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(reader, "KEPT", kept)
    places = {slug: len(each["articles"]) for slug, each in named(samples).items()}
    with Archive(samples.path) as again:
        for _ in range(2):
            (facet,) = again.search("", facets=["entity"], all_copies=True).facets
            assert facet.values
            assert all(each.count == places[each.value] for each in facet.values)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"limit": 2}, ["sochi", "bashar-al-jaafari"]),
        ({"limit": 2, "offset": 1}, ["bashar-al-jaafari", "turkey"]),
        ({"type": "person"}, ["bashar-al-jaafari", "staffan-de-mistura"]),
        ({"type": ["event", "person"], "min_count": 2}, ["bashar-al-jaafari"]),
        ({"min_count": 2}, ["sochi", "bashar-al-jaafari", "turkey"]),
        ({"min_count": 4}, []),
        ({"name": "Ja'afari"}, ["bashar-al-jaafari"]),
        ({"name": "mist"}, ["staffan-de-mistura"]),
        ({"name": "istura"}, []),
        ({"name": "?!"}, []),
        ({"initial": "J"}, []),
        ({"initial": "b", "sort": "name"}, ["bashar-al-jaafari"]),
        ({"initial": "س", "type": "place"}, ["sochi"]),
        ({"initial": "سوت"}, ["sochi"]),
        ({"initial": "'"}, []),
        ({"lang": "ar", "type": "place"}, ["sochi"]),
        ({"entity": "afrin"}, ["afrin", "azaz"]),
        ({"sort": "name", "limit": 2}, ["afrin", "astana"]),
        ({"sort": "mentions", "limit": 2}, ["sochi", "bashar-al-jaafari"]),
        ({"after": "2030"}, []),
        ({"limit": 0}, []),
    ],
)
def test_entities_are_narrowed_and_sorted(
    corpus: Archive, options: dict[str, object], found: list[str]
) -> None:
    assert slugs(corpus.entities(**options).entities) == found


def test_entities_are_those_of_the_articles_that_a_query_finds(corpus: Archive) -> None:
    page = corpus.entities("maps")
    assert (slugs(page.entities), page.articles) == (["afrin", "azaz"], 1)


def test_an_article_with_some_of_the_words_does_not_count(corpus: Archive) -> None:
    assert corpus.entities("maps zeppelin").articles == 0


def test_what_is_peculiar_to_a_query_comes_first(samples: Archive) -> None:
    page = samples.entities("boycott", sort="association", limit=1000)
    told = [each.association for each in page.entities]
    assert told == sorted(told, reverse=True)
    assert {each.association for each in samples.entities().entities} == {None}


def test_names_with_a_letter_come_in_their_own_order(samples: Archive) -> None:
    names = [each.entity.name for each in samples.entities(initial="S", sort="name")]
    keys = [name_key(name) for name in names]
    assert keys == sorted(keys)
    assert all(key.startswith("s") for key in keys)
    assert "Sochi" in names


def test_names_in_arabic_script_are_those_that_are_known(corpus: Archive) -> None:
    sochi = corpus.entity("sochi").entity
    assert corpus.arabic_names([sochi, "nobody"]) == {"sochi": "سوتشي"}


@pytest.mark.parametrize(
    ("initial", "name"), [("", "الولايات المتحدة"), ("أ", "أميركا"), ("ظ", "الولايات المتحدة")]
)
def test_a_name_in_arabic_script_begins_as_asked(samples: Archive, initial: str, name: str) -> None:
    assert samples.arabic_names(["united-states"], initial=initial) == {"united-states": name}


def test_pages_follow_each_other(samples: Archive) -> None:
    whole = samples.entities(limit=1000).entities
    pages = [samples.entities(limit=30, offset=at).entities for at in range(0, 120, 30)]
    assert tuple(each for page in pages for each in page) == whole


def test_an_article_may_name_somebody_more_often_than_a_byte_holds(
    archive: Archive, folder
) -> None:
    archive.ingest(folder({"a.txt": "A\n\n" + "Homs. " * 300}))
    assert [each.mentions for each in archive.entities().entities] == [300]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda archive: archive.entities(type="animal"), "type takes person, organization"),
        (lambda archive: archive.entities(type=3), "type takes person, organization"),
        (lambda archive: archive.entities(sort="size"), "sort takes articles, mentions"),
        (lambda archive: archive.entities(min_count=-1), "min_count takes a whole number"),
        (lambda archive: archive.entities(limit=-1), "limit takes a whole number"),
        (lambda archive: archive.entities(name=None), "name takes a text"),
    ],
)
def test_an_option_that_cannot_be_used(
    corpus: Archive, call: Callable[[Archive], object], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        call(corpus)


def test_a_query_that_cannot_be_read(corpus: Archive) -> None:
    with pytest.raises(QuerySyntaxError):
        corpus.entities("x" * 10_001)
