"""The profile of an entity."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from conftest import named, slugs
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import (
    AmbiguousEntityError,
    Archive,
    EntityNotFoundError,
    OptionError,
    SyriaSearchError,
)


def change(archive: Archive, statement: str) -> None:
    """Change the tables, and write the postings again."""
    with closing(sqlite3.connect(archive.path)) as connection, connection:
        connection.execute(statement)
    archive.optimize()


@pytest.mark.parametrize(
    "name", ["bashar-al-jaafari", "Jaafari", "al-Ja'afari", "  BASHAR JAAFARI ", "الجعفري"]
)
def test_an_entity_is_known_by_its_slug_and_by_its_name_in_any_spelling(
    corpus: Archive, name: str
) -> None:
    profile = corpus.entity(name)
    assert profile.entity.name == "Bashar al-Jaafari"
    assert (profile.articles, profile.mentions) == (2, 4)


def test_a_profile_tells_how_an_entity_is_spelt(samples: Archive) -> None:
    spelt = [(each.text, each.mentions) for each in samples.entity("Jaafari").spellings]
    assert spelt[:3] == [("Bashar al-Jaafari", 5), ("Ja’afari", 4), ("بشار الجعفري", 3)]
    assert sum(count for _, count in spelt) == samples.entity("Jaafari").mentions


def test_case_and_apostrophes_make_no_other_spelling(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "A\n\nJa’afari and Jaafari met JAAFARI and al-Jaafari."}))
    spelt = [(each.text, each.mentions) for each in archive.entity("Jaafari").spellings]
    assert spelt == [("JAAFARI", 3), ("al-Jaafari", 1)]


def test_a_profile_has_the_aliases(corpus: Archive) -> None:
    aliases = corpus.entity("Jaafari").entity.aliases
    assert "بشار الجعفري" in aliases
    assert "Bashar al-Jaafari" not in aliases


def test_a_profile_counts_articles_over_time(corpus: Archive) -> None:
    timeline = corpus.entity("Jaafari").timeline
    assert timeline.by == "day"
    assert [(bucket.start, *bucket.counts) for bucket in timeline.buckets] == [
        ("2018-03-03", 1),
        ("2018-03-04", 0),
        ("2018-03-05", 0),
        ("2018-03-06", 1),
    ]


@pytest.mark.parametrize(
    ("last", "by"),
    [
        ("2018-01-24", "day"),
        ("2018-03-01", "week"),
        ("2019-06-01", "month"),
        ("2025-01-01", "year"),
    ],
)
def test_a_profile_has_few_bars(archive: Archive, folder, last: str, by: str) -> None:
    archive.ingest(
        folder(
            {
                "a.md": "---\ntitle: A\ndate: 2018-01-01\n---\n\nHoms.",
                "b.md": f"---\ntitle: B\ndate: {last}\n---\n\nHoms.",
            }
        )
    )
    assert archive.entity("Homs").timeline.by == by


def test_the_latest_passages_come_first_with_the_mention_highlighted(corpus: Archive) -> None:
    profile = corpus.entity("Jaafari", limit=2)
    assert [hit.article.published for hit in profile.latest] == ["2018-03-06", "2018-03-03"]
    snippet = profile.latest[1].passages[0].snippet
    (start, end) = snippet.highlights[0]
    assert snippet.text[start:end] in ("Bashar al-Ja’afari", "Jaafari")


def test_neighbours_are_counted_as_the_tables_have_it(samples: Archive) -> None:
    places = named(samples)
    me = places["bashar-al-jaafari"]
    neighbours = samples.entity("Jaafari", neighbours=1000).neighbours
    expected = {
        slug: tuple(len(me[unit] & place[unit]) for unit in ("articles", "paragraphs"))
        for slug, place in places.items()
        if slug != "bashar-al-jaafari" and me["articles"] & place["articles"]
    }
    assert {each.entity.slug: (each.articles, each.paragraphs) for each in neighbours} == expected
    counts = [each.articles for each in neighbours]
    assert counts == sorted(counts, reverse=True)


def test_who_is_everywhere_is_no_associate(archive: Archive, folder) -> None:
    files = {f"a{n}.txt": f"A{n}\n\nHoms and Moscow, and Geneva." for n in range(8)}
    files |= {f"b{n}.txt": f"B{n}\n\nMoscow, and Ankara." for n in range(8)}
    archive.ingest(folder(files))
    profile = archive.entity("Homs")
    assert slugs(profile.neighbours) == ["geneva", "moscow"]
    assert slugs(profile.associates) == ["geneva"]


def test_few_articles_make_no_associate(archive: Archive, folder) -> None:
    files = {f"a{n}.txt": f"A{n}\n\nHoms and Geneva." for n in range(2)}
    files |= {f"b{n}.txt": f"B{n}\n\nMoscow." for n in range(50)}
    archive.ingest(folder(files))
    assert archive.entity("Homs").associates == ()


def test_a_name_that_two_have_does_not_put_them_side_by_side(archive: Archive, folder) -> None:
    archive.ingest(
        folder(
            {
                "a.txt": "A\n\nThe SNC met.",
                "b.txt": "B\n\nThe Syrian National Council and the Syrian National Coalition met.",
            }
        )
    )
    (coalition,) = (
        each
        for each in archive.entity("syrian-national-council").neighbours
        if each.entity.slug == "syrian-national-coalition"
    )
    assert (coalition.articles, coalition.paragraphs) == (1, 1)
    edges = archive.network().edges
    assert [
        (edge.weight, edge.paragraphs)
        for edge in edges
        if {edge.source, edge.target} == {"syrian-national-council", "syrian-national-coalition"}
    ] == [(1, 1)]


def test_filters_narrow_a_profile(corpus: Archive) -> None:
    profile = corpus.entity("Jaafari", lang="ar")
    assert (profile.articles, profile.mentions) == (1, 2)
    assert [each.text for each in profile.spellings] == ["الجعفري", "بشار الجعفري"]
    assert slugs(profile.neighbours) == ["sochi", "syrian-congress-on-national-dialogue"]


def test_what_came_before_and_after_is_told(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "A\n\nHoms, Idlib and Afrin."}))
    change(archive, "UPDATE entities SET follows = 'homs', since = '2016' WHERE slug = 'idlib'")
    later = archive.entity("Idlib")
    assert later.follows is not None
    assert (later.follows.slug, later.entity.since) == ("homs", "2016")
    assert [each.slug for each in archive.entity("Homs").followed_by] == ["idlib"]


def test_several_who_have_a_name_are_told_apart(samples: Archive) -> None:
    with pytest.raises(AmbiguousEntityError, match="ask for one by its slug") as caught:
        samples.entity("SNC")
    assert slugs(caught.value.candidates) == [
        "syrian-negotiations-commission",
        "syrian-national-coalition",
        "syrian-national-council",
    ]
    assert [each.articles for each in caught.value.candidates] == [6, 1, 1]


def test_the_only_one_that_is_named_is_meant(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "A\n\nZahran Alloush and Mohammad Alloush."}))
    zahran = "(SELECT id FROM entities WHERE slug = 'zahran-alloush')"
    change(archive, f"UPDATE mentions SET entity_id = {zahran}")
    profile = archive.entity("Alloush")
    assert profile.entity.slug == "zahran-alloush"
    assert slugs(profile.namesakes) == ["mohammad-alloush"]


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("Jaatari", ["bashar-al-jaafari"]),
        ("de Mist", ["staffan-de-mistura"]),
        ("Zeppelin", []),
        ("?!", []),
        ("\ud800", []),
    ],
)
def test_a_name_that_nobody_has(corpus: Archive, name: str, candidates: list[str]) -> None:
    with pytest.raises(EntityNotFoundError, match="there is no entity") as caught:
        corpus.entity(name)
    assert slugs(caught.value.candidates) == candidates


def test_an_entity_that_is_named_nowhere_has_an_empty_profile(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "A\n\nHoms and Idlib."}))
    change(archive, "DELETE FROM mentions")
    profile = archive.entity("homs")
    assert (profile.articles, profile.mentions) == (0, 0)
    assert (profile.spellings, profile.latest, profile.neighbours) == ((), (), ())


def test_a_hidden_mention_counts_nowhere(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "A\n\nHoms and Idlib.", "b.txt": "B\n\nHoms."}))
    last = "(SELECT max(paragraph_id) FROM mentions)"
    change(archive, f"UPDATE mentions SET entity_id = NULL WHERE paragraph_id = {last}")
    assert (archive.entity("Homs").articles, archive.entity("Homs").mentions) == (1, 1)
    assert {each.entity.slug: each.mentions for each in archive.entities().entities}["homs"] == 1
    assert archive.search("A", facets=["entity"]).hits[0].entities


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda archive: archive.entity(""), "name takes a name or a slug"),
        (lambda archive: archive.entity("   "), "name takes a name or a slug"),
        (lambda archive: archive.entity(3), "name takes a text"),
        (lambda archive: archive.entity("Sochi", limit=-1), "limit takes a whole number"),
        (lambda archive: archive.entity("Sochi", neighbours=-1), "neighbours takes a whole number"),
        (lambda archive: archive.entity("Sochi", after="soon"), "after takes a day"),
        (lambda archive: archive.entity("Sochi", colour="red"), "there is no option 'colour'"),
    ],
)
def test_an_option_that_cannot_be_used(
    corpus: Archive, call: Callable[[Archive], object], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        call(corpus)


def test_an_empty_archive_names_nobody(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "A\n\nNothing."}))
    assert archive.entities().entities == ()
    assert archive.network().nodes == ()
    with pytest.raises(EntityNotFoundError):
        archive.entity("Homs")


def test_json_has_the_keys_of_version_1(corpus: Archive) -> None:
    network = corpus.network("Sochi").to_dict()
    assert list(network)[:4] == ["version", "query", "articles", "took_ms"]
    assert list(network["nodes"][0]) == ["id", "slug", "name", "type", "articles", "mentions"]
    assert list(network["links"][0]) == [
        "source",
        "target",
        "weight",
        "paragraphs",
        "association",
    ]
    assert list(corpus.entities("Sochi").to_dict()["entities"][0]) == [
        "slug",
        "name",
        "type",
        "articles",
        "mentions",
        "association",
    ]
    assert set(corpus.entity("Sochi").to_dict()) == {
        "version",
        "entity",
        "articles",
        "mentions",
        "follows",
        "followed_by",
        "namesakes",
        "by_spelling",
        "spellings",
        "timeline",
        "neighbours",
        "associates",
        "latest",
        "took_ms",
    }


@given(st.text(max_size=30))
def test_any_name_is_answered_or_told(corpus: Archive, name: str) -> None:
    try:
        assert corpus.entity(name).entity.slug
    except SyriaSearchError as error:
        assert "\n" not in str(error)
