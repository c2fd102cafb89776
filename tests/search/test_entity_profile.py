"""What one can ask about who is named: who it is, who there is, and who stands beside whom."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from syriasearch import (
    AmbiguousEntityError,
    Archive,
    Edge,
    Entity,
    EntityCount,
    EntityNotFoundError,
    Network,
    OptionError,
    QuerySyntaxError,
    SyriaSearchError,
)
from syriasearch.entities.cooccurrence import cooccurrence, log_likelihood

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def slugs(counts) -> list[str]:
    return [each.entity.slug for each in counts]


def named(archive: Archive) -> dict[str, dict[str, set[int]]]:
    """Return the articles and the paragraphs that name each entity, from the tables."""
    found: dict[str, dict[str, set[int]]] = {}
    with closing(sqlite3.connect(archive.path)) as connection:
        for slug, article, paragraph in connection.execute(
            "SELECT slug, article_id, paragraph_id FROM mentions"
            " JOIN entities ON entities.id = entity_id"
            " JOIN paragraphs ON paragraphs.id = paragraph_id"
        ):
            places = found.setdefault(slug, {"articles": set(), "paragraphs": set()})
            places["articles"].add(article)
            places["paragraphs"].add(paragraph)
    return found


def change(archive: Archive, statement: str) -> None:
    """Change the tables, and write the postings again."""
    with closing(sqlite3.connect(archive.path)) as connection, connection:
        connection.execute(statement)
    archive.optimize()


# Who is this?


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
        (lambda archive: archive.entities(type="animal"), "type takes person, organization"),
        (lambda archive: archive.entities(type=3), "type takes person, organization"),
        (lambda archive: archive.entities(sort="size"), "sort takes articles, mentions"),
        (lambda archive: archive.entities(min_count=-1), "min_count takes a whole number"),
        (lambda archive: archive.entities(limit=-1), "limit takes a whole number"),
        (lambda archive: archive.entities(name=None), "name takes a text"),
        (lambda archive: archive.network(type=["place", ""]), "type takes person, organization"),
        (lambda archive: archive.network(limit=1001), "limit takes at most 1,000 entities"),
        (lambda archive: archive.network(min_weight=1.5), "min_weight takes a whole number"),
        (lambda archive: archive.network(sort="size"), "sort takes weight, association"),
    ],
)
def test_an_option_that_cannot_be_used(
    corpus: Archive, call: Callable[[Archive], object], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        call(corpus)


@pytest.mark.parametrize("ask", ["entities", "network"])
def test_a_query_that_cannot_be_read(corpus: Archive, ask: str) -> None:
    with pytest.raises(QuerySyntaxError):
        getattr(corpus, ask)("x" * 10_001)


# Who is there?


def test_entities_are_counted_as_the_tables_have_it(samples: Archive) -> None:
    page = samples.entities(limit=1000)
    counted = {each.entity.slug: each.articles for each in page.entities}
    assert counted == {slug: len(places["articles"]) for slug, places in named(samples).items()}
    assert (page.total, page.articles) == (len(counted), 21)


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


def test_pages_follow_each_other(samples: Archive) -> None:
    whole = samples.entities(limit=1000).entities
    pages = [samples.entities(limit=30, offset=at).entities for at in range(0, 120, 30)]
    assert tuple(each for page in pages for each in page) == whole


def test_an_article_may_name_somebody_more_often_than_a_byte_holds(
    archive: Archive, folder
) -> None:
    archive.ingest(folder({"a.txt": "A\n\n" + "Homs. " * 300}))
    assert [each.mentions for each in archive.entities().entities] == [300]


# Who beside whom?


def test_a_network_is_what_the_tables_have(samples: Archive) -> None:
    network = samples.network(limit=1000)
    places = named(samples)
    assert {node.entity.slug for node in network.nodes} == set(places)
    shared = {(edge.source, edge.target): (edge.weight, edge.paragraphs) for edge in network.edges}
    namesakes = {"syrian-negotiations-commission", "syrian-national-coalition"}
    namesakes |= {"syrian-national-council", "high-negotiations-committee"}
    namesakes |= {"vienna-talks-of-2015", "vienna-talks-of-january-2018"}
    for one, two in combinations(sorted(places), 2):
        counts = tuple(len(places[one][u] & places[two][u]) for u in ("articles", "paragraphs"))
        if not {one, two} <= namesakes:
            assert shared.get((one, two), (0, 0)) == counts


@pytest.mark.parametrize(
    ("options", "edges"),
    [
        ({"min_weight": 2}, [("bashar-al-jaafari", "sochi", 2, 2)]),
        ({"limit": 2}, [("bashar-al-jaafari", "sochi", 2, 2)]),
        ({"type": "person"}, []),
        ({"source": "Sample Wire", "type": "place"}, [("afrin", "azaz", 1, 1)]),
        ({"limit": 0}, []),
    ],
)
def test_a_network_is_narrowed(
    corpus: Archive, options: dict[str, object], edges: list[tuple[object, ...]]
) -> None:
    found = corpus.network(**options).edges
    assert [(each.source, each.target, each.weight, each.paragraphs) for each in found] == edges


def test_edges_come_in_order(samples: Archive) -> None:
    edges = samples.network("Sochi").edges
    keys = [(-each.weight, -each.paragraphs, each.source, each.target) for each in edges]
    assert keys == sorted(keys)
    told = [each.association for each in samples.network("Sochi", sort="association").edges]
    assert told == sorted(told, reverse=True)


def test_a_network_of_nothing_is_empty(corpus: Archive) -> None:
    network = corpus.network("zeppelin")
    assert (network.articles, network.nodes, network.edges) == (0, (), ())


def test_an_empty_archive_names_nobody(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "A\n\nNothing."}))
    assert archive.entities().entities == ()
    assert archive.network().nodes == ()
    with pytest.raises(EntityNotFoundError):
        archive.entity("Homs")


def test_graphml_is_read_back(samples: Archive) -> None:
    network = samples.network("Sochi", limit=5)
    root = ElementTree.fromstring(network.to_graphml())
    keys = {each.get("id") for each in root.iter(f"{GRAPHML}key")}
    graph = root.find(f"{GRAPHML}graph")
    assert graph is not None
    nodes = [each.get("id") for each in graph.iter(f"{GRAPHML}node")]
    edges = [(each.get("source"), each.get("target")) for each in graph.iter(f"{GRAPHML}edge")]
    assert nodes == slugs(network.nodes)
    assert edges == [(edge.source, edge.target) for edge in network.edges]
    assert {each.get("key") for each in root.iter(f"{GRAPHML}data")} == keys


def test_graphml_holds_any_name() -> None:
    names = ["<\"&'>", "a\x1b[31m\x00\ufffe\ud800", "الجعفري"]
    nodes = tuple(EntityCount(Entity(f"{n}&", name, "place"), 1, 1) for n, name in enumerate(names))
    network = Network("", 1, nodes, (Edge("0&", "1&", 1, 1, 0.5),))
    root = ElementTree.fromstring(network.to_graphml())
    labels = [each.text for each in root.iter(f"{GRAPHML}data") if each.get("key") == "label"]
    assert labels == [names[0], "a [31m   ", names[2]]


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
        "spellings",
        "timeline",
        "neighbours",
        "associates",
        "latest",
        "took_ms",
    }


# How it is counted


@given(st.tuples(*[st.integers(0, 50)] * 4).filter(lambda cells: all(map(sum, _margins(cells)))))
def test_the_measure_is_the_likelihood_ratio_of_the_table(cells: tuple[int, ...]) -> None:
    both, first, second, neither = cells
    table = np.array([[both, first], [second, neither]])
    result = chi2_contingency(table, correction=False, lambda_="log-likelihood")
    told = float(log_likelihood(both, both + first, both + second, sum(cells)))
    assert abs(told) == pytest.approx(max(result.statistic, 0), abs=1e-6)
    assert told >= 0 or both < result.expected_freq[0, 0]


def _margins(cells: tuple[int, ...]) -> list[tuple[int, int]]:
    both, first, second, neither = cells
    return [(both, first), (second, neither), (both, second), (first, neither)]


def test_what_is_everywhere_or_nowhere_tells_nothing() -> None:
    assert log_likelihood([5, 0, 0], [5, 0, 0], [10, 3, 0], [10, 10, 0]).tolist() == [0, 0, 0]


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 4))))
def test_who_stands_together_is_counted_pair_by_pair(pairs: set[tuple[int, int]]) -> None:
    rows = sorted(pairs, key=lambda pair: (pair[1], pair[0]))
    groups = np.array([group for group, _ in rows], np.int64)
    members = np.array([member for _, member in rows], np.int64)
    expected: Counter[tuple[int, int]] = Counter()
    for group in range(7):
        inside = [member for member in range(5) if (group, member) in pairs]
        expected.update((one, two) for one in inside for two in inside)
    counts = cooccurrence(groups, members, 5)
    assert {place: int(counts[place]) for place in np.ndindex(5, 5) if counts[place]} == expected


@given(st.text(max_size=30))
def test_any_name_is_answered_or_told(corpus: Archive, name: str) -> None:
    try:
        assert corpus.entity(name).entity.slug
    except SyriaSearchError as error:
        assert "\n" not in str(error)
