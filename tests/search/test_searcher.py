"""Searching the corpus in corpora/default."""

import html
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import titles
from hypothesis import given, settings
from hypothesis import strategies as st

from syriasearch import (
    Archive,
    ArchiveNotFoundError,
    OptionError,
    QuerySyntaxError,
    TimeLimitError,
)

CONGRESS = "Delegates left the hall in Sochi after one day"
CAPTION = (
    "The UN envoy told reporters that he had no new date for talks and that nobody should "
    "expect one before the…"
)
ARABIC = "الجعفري يتحدث عن سوتشي"
AFRIN, IDLIB, ASTANA = "Afrin: a road reopens", "Idlib quiet after truce", "Astana talks end"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("boycott", {CONGRESS, CAPTION}),  # boycotted there, boycott here
        ("boycotting", {CONGRESS, CAPTION}),
        ("معارضة", {ARABIC}),  # المعارضـــة and مُعارضةً there
        ("المعارضة", {ARABIC}),
        ("Jaafari", {CONGRESS, ARABIC}),
        ("Ja'afari", {CONGRESS, ARABIC}),
        ("Ja’afari", {CONGRESS, ARABIC}),
        ("al-Jaafari", {CONGRESS, ARABIC}),
        ("الجعفري", {CONGRESS, ARABIC}),
        ("Bashar al-Jaafari", {CONGRESS, ARABIC}),
        ("Sochi Turkey", {ASTANA}),
        ("Sochi", {CONGRESS, ARABIC, ASTANA}),  # سوتشي too: a place has a name in Arabic
        ("Sochi -boycotted -الجعفري", {ASTANA}),
        ("hall dinner", {CONGRESS}),  # in two paragraphs
        ('"ushers carried them out"', {CONGRESS}),
        ('"usher carried them out"', set()),  # quotation marks switch forms off
        ('"Jaafari smiled"', {CONGRESS}),
        ('"boycott helps"', {CAPTION}),
        ("Turkey's patrols", {IDLIB}),
        ("zeppelin", set()),
        ("zeppelin OR Afrin", {AFRIN}),
        ("(Afrin OR Idlib) -fuel", {IDLIB}),
        ("Sochi -(boycotted OR الجعفري)", {ASTANA}),
        ("quie*", {IDLIB}),
        ("road w/3 Afrin", {AFRIN}),  # road from Azaz to Afrin
        ("opened w/2 Azaz", set()),
        ("opened w/3 Azaz", {AFRIN}),
        ("opened pre/3 Azaz", set()),  # in the other order
        ("Azaz pre/3 opened", {AFRIN}),
        ("hall w/s dinner", set()),  # in two sentences of one paragraph
        ("hall w/p dinner", {CONGRESS}),
        ("hall w/p boycotted", set()),
        ("Jaafari w/3 cameras", {CONGRESS}),
        ("Jaafari's w/3 cameras", {CONGRESS}),
        ('"chairs opposition"~2', {CONGRESS}),
        ('"chair opposition"~2', set()),
        ("title:Astana", {ASTANA}),
        ("source:other", {IDLIB, ASTANA}),
        ('source:"sample wire" lang:en', {AFRIN}),
        ("author:karim", {CONGRESS, AFRIN}),
        ("author:kar*", {CONGRESS, AFRIN}),
        ("person:Ja'afari", {CONGRESS, ARABIC}),
        ("place:Ja'afari", set()),
        ("-person:Jaafari Sochi", {ASTANA}),
        ("after:2018-03-07", {IDLIB, ASTANA}),
        ("before:2018-03-05", {CONGRESS}),
        ("date:2018-03-05..2018-03-06", {AFRIN, ARABIC}),
        ("date:2018-03 Sochi", {CONGRESS, ARABIC, ASTANA}),
        ("date:2017", set()),
        ("(source:other Turkey) OR fuel", {IDLIB, ASTANA, AFRIN}),
        ("(", set()),
        ("-zeppelin", {CONGRESS, CAPTION, ARABIC, AFRIN, IDLIB, ASTANA}),
        ("", {CONGRESS, CAPTION, ARABIC, AFRIN, IDLIB, ASTANA}),
    ],
)
def test_a_query_finds_the_articles_that_have_all_of_it(
    corpus: Archive, query: str, found: set[str]
) -> None:
    page = corpus.search(query, match="all")
    assert set(titles(page)) == found
    assert page.total == len(found)


@pytest.mark.parametrize(
    ("query", "found"),
    [("boycott", {CAPTION}), ("Ja'afari", {CONGRESS}), ("الجعفري", {ARABIC}), ("معارضة", {ARABIC})],
)
def test_exact_is_exact(corpus: Archive, query: str, found: set[str]) -> None:
    page = corpus.search(query, exact=True)
    assert set(titles(page)) == found


def test_partial_hits_pass_the_fields_too(corpus: Archive) -> None:
    page = corpus.search("source:other Sochi zeppelin")
    assert [(hit.article.title, hit.partial) for hit in page.hits] == [(ASTANA, True)]


def test_words_of_a_name_that_only_stand_about_are_a_partial_hit(archive: Archive, folder) -> None:
    news = {
        "a.txt": "The Security Council met in New York on Monday.",
        "b.txt": "The council said that security was poor in Homs.",
    }
    archive.ingest(folder(news))
    hits = archive.search("Security Council").hits
    assert [(hit.article.path, hit.partial) for hit in hits] == [("a.txt", False), ("b.txt", True)]


def test_the_best_passage_of_a_long_article_is_found(archive: Archive, folder) -> None:
    paragraphs = ["The war went on, and the war was long."] * 150 + ["The war met a zebra."]
    archive.ingest(folder({"a.txt": "\n\n".join(paragraphs)}))
    passages = archive.search("the war zebra").hits[0].passages
    assert passages[0].snippet.text == "The war met a zebra."


def test_a_query_tells_what_was_left_out(corpus: Archive) -> None:
    page = corpus.search("(Afrin OR", explain=True)
    assert page.explanation[:2] == ("read as: Afrin", "left out: ( OR")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"after": "2018-03-07"}, {IDLIB, ASTANA}),
        ({"before": "2018-03-07"}, {CONGRESS, AFRIN, ARABIC}),
        ({"after": "2018-03-05", "before": "2018-03-07"}, {AFRIN, ARABIC}),
        ({"after": "2018", "before": "2019"}, {CONGRESS, AFRIN, ARABIC, IDLIB, ASTANA}),
        ({"after": "2018-04"}, set()),
        ({"source": "other wire"}, {IDLIB, ASTANA}),
        ({"lang": "ar"}, {ARABIC}),
        ({"entity": "turkey"}, {IDLIB, ASTANA}),
        ({"entity": "Ja'afari"}, {CONGRESS, ARABIC}),
        ({"entity": "Nobody"}, set()),
    ],
)
def test_filters_narrow(corpus: Archive, options: dict[str, str], found: set[str]) -> None:
    page = corpus.search("", **options)
    assert set(titles(page)) == found
    assert page.total == len(found)


def test_pages_follow_each_other(corpus: Archive) -> None:
    every = titles(corpus.search("talks Sochi road"))
    pages = [
        title
        for offset in range(0, 8, 2)
        for title in titles(corpus.search("talks Sochi road", limit=2, offset=offset))
    ]
    assert pages == every
    assert corpus.search("Sochi", limit=0).total == 3
    assert corpus.search("Sochi", offset=10**9).hits == ()


@pytest.mark.parametrize(
    ("sort", "days"),
    [
        ("newest", ["2018-03-08", "2018-03-06", "2018-03-03"]),
        ("oldest", ["2018-03-03", "2018-03-06", "2018-03-08"]),
    ],
)
def test_hits_can_be_sorted_by_date(corpus: Archive, sort: str, days: list[str]) -> None:
    assert [hit.article.published for hit in corpus.search("Sochi", sort=sort).hits] == days


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_undated_articles_come_last(corpus: Archive, sort: str) -> None:
    assert corpus.search("", sort=sort).hits[-1].article.published is None


def test_passages_are_those_that_answer_best(corpus: Archive) -> None:
    hit = corpus.search("boycotted party seats").hits[0]
    assert hit.passages[0].snippet.text.startswith("Others boycotted the meeting")
    assert [
        hit.passages[0].snippet.text[slice(*span)] for span in hit.passages[0].snippet.highlights
    ] == [
        "boycotted",
        "party",
        "seats",
    ]


def test_a_mention_is_highlighted_as_it_is_spelt_there(corpus: Archive) -> None:
    by_title = {hit.article.title: hit for hit in corpus.search("Jaafari").hits}
    assert "<mark>Bashar al-Ja’afari</mark>" in by_title[CONGRESS].passages[0].snippet.to_html()
    assert "<mark>بشار الجعفري</mark>" in by_title[ARABIC].passages[0].snippet.to_html()


def test_an_article_that_only_its_title_answers_shows_its_lede(corpus: Archive) -> None:
    (hit,) = corpus.search("reopens").hits
    assert hit.passages[0].snippet.text == "The road from Azaz to Afrin was opened on Monday."
    assert hit.passages[0].snippet.highlights == ()


@pytest.mark.parametrize(("passages", "count"), [(0, 0), (1, 1), (2, 2)])
def test_so_many_passages_as_are_asked_for(corpus: Archive, passages: int, count: int) -> None:
    assert len(corpus.search("Sochi boycotted", passages=passages).hits[0].passages) == count


def test_a_hit_tells_who_is_named_in_it(corpus: Archive) -> None:
    hit = corpus.search("Delegates hall").hits[0]
    named = {entity.slug: entity.mentions for entity in hit.entities}
    assert named["bashar-al-jaafari"] == 2
    assert named["sochi"] == 2  # in the title, which is made from the lede, and in the lede


def test_facets_count_all_hits(corpus: Archive) -> None:
    names = ("source", "author", "lang", "year", "month", "entity", "type")
    facets = {
        facet.name: {value.value: value.count for value in facet.values}
        for facet in corpus.search("Sochi", limit=1, facets=names).facets
    }
    assert facets["source"] == {"Sample Wire": 1, "Other Wire": 1}
    assert facets["author"] == {"Nadia Karim": 1}
    assert facets["lang"] == {"en": 2, "ar": 1}
    assert (facets["year"], facets["month"]) == ({"2018": 3}, {"2018-03": 3})
    assert facets["entity"]["sochi"] == 3
    assert facets["type"]["person"] == 2


def test_a_word_that_finds_nothing_is_answered_with_its_neighbours(corpus: Archive) -> None:
    (suggestion,) = corpus.search("boycot").suggestions
    assert (suggestion.word, suggestion.suggestion, suggestion.articles) == ("boycot", "boycott", 2)


def test_a_query_is_explained(corpus: Archive) -> None:
    page = corpus.search("Afrin -road", explain=True)
    assert page.explanation == ("Afrin: Afrin (place) | afrin", "not road: road")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": -1}, "limit takes a whole number from 0 on, not -1"),
        ({"limit": "3"}, "limit takes a whole number from 0 on, not '3'"),
        ({"limit": True}, "limit takes a whole number from 0 on, not True"),
        ({"offset": 10**30}, "offset takes a whole number"),
        ({"passages": 1.5}, "passages takes a whole number"),
        ({"sort": "best"}, "sort takes relevance, newest, oldest, not 'best'"),
        ({"match": "some"}, "match takes auto, all, any, not 'some'"),
        ({"facets": ["colour"]}, "there is no facet 'colour': choose among source, author"),
        ({"after": "lastweekish"}, "after takes a day, a month or a year"),
        ({"before": 2018}, "before takes a date, or a text such as .* not 2018"),
        ({"source": 5}, "source takes a text, not 5"),
        ({"facets": None}, "facets takes names, not None"),
        ({"facets": [5]}, "facets takes names, not "),
    ],
)
def test_an_option_that_cannot_be_used_says_why(
    corpus: Archive, options: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        corpus.search("Sochi", **options)  # type: ignore[arg-type]


def test_a_query_that_is_no_text_says_so(corpus: Archive) -> None:
    with pytest.raises(OptionError, match="query takes a text, not 5"):
        corpus.search(5)  # type: ignore[arg-type]


@given(text=st.text(max_size=80))
def test_no_text_raises_anything_but_a_syntax_error(corpus: Archive, text: str) -> None:
    try:
        page = corpus.search(text, facets=("source",), explain=True)
    except QuerySyntaxError:
        return
    for hit in page.hits:
        for passage in hit.passages:
            assert "<" not in passage.snippet.to_html().replace("<mark>", "").replace("</mark>", "")
            assert html.unescape(passage.snippet.to_html())


@given(
    text=st.lists(
        st.sampled_from(["Sochi", "boycott", "-", '"', "the", "الجعفري", "U.S.", "al-", "*", "OR"]),
        max_size=6,
    ).map(" ".join),
    match=st.sampled_from(["auto", "all", "any"]),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
)
@settings(max_examples=50)
def test_hits_and_totals_agree(corpus: Archive, text: str, match: str, sort: str) -> None:
    page = corpus.search(text, match=match, sort=sort, limit=100)  # type: ignore[arg-type]
    assert sum(not hit.partial for hit in page.hits) == page.total
    assert sum(hit.partial for hit in page.hits) == page.partial_total
    assert len({hit.article.id for hit in page.hits}) == len(page.hits)


def test_all_hits_come_one_by_one(corpus: Archive) -> None:
    found = [hit.article.title for hit in corpus.hits("talks Sochi road")]
    assert found == titles(corpus.search("talks Sochi road", limit=100))


def test_a_search_may_come_between_two_hits(corpus: Archive) -> None:
    hits = corpus.hits("Sochi")
    first = next(hits)
    assert corpus.search("Sochi").hits[0].article == first.article
    assert len(list(hits)) == 2


def test_what_is_wrong_is_told_before_the_first_hit(corpus: Archive, archive: Archive) -> None:
    with pytest.raises(OptionError):
        corpus.hits("Sochi", sort="best")  # type: ignore[arg-type]
    with pytest.raises(ArchiveNotFoundError):
        archive.hits("Sochi")


def test_threads_share_an_archive(corpus: Archive) -> None:
    expected = titles(corpus.search("Sochi boycott"))
    wrong: list[object] = []

    def look() -> None:
        for _ in range(20):
            found = titles(corpus.search("Sochi boycott"))
            if found != expected:
                wrong.append(found)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_connections_of_threads_that_have_ended_are_closed(corpus_path: Path) -> None:
    with Archive(corpus_path, readonly=True) as archive:
        for _ in range(20):
            thread = threading.Thread(target=archive.search, args=("Sochi",))
            thread.start()
            thread.join()
        assert len(archive._backend._pool._connections) <= 2


@pytest.mark.slow
def test_readers_go_on_during_an_ingest(archive: Archive, folder) -> None:
    line = '{"text": "Homs was quiet on day %d."}\n'
    archive.ingest(folder({"a.jsonl": line % 0}))
    news = folder({"b.jsonl": "".join(line % number for number in range(1, 1500))}, name="more")
    done = threading.Event()
    totals: list[int] = []

    def look() -> None:
        while not done.is_set():
            totals.append(archive.search("quiet", limit=1).total)

    thread = threading.Thread(target=look)
    thread.start()
    archive.ingest(news)
    done.set()
    thread.join()
    assert totals == sorted(totals)
    assert archive.search("quiet").total == 1500


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"entity": "turkey"}, {IDLIB, ASTANA}),
        ({"entity": ["turkey", "Astana"]}, {IDLIB}),
        ({"entity": ("turkey", "sochi")}, {ASTANA}),
        ({"entity": ["turkey", "afrin"]}, set()),
        ({"entity": []}, {CONGRESS, CAPTION, ARABIC, AFRIN, IDLIB, ASTANA}),
        ({"author": "omar tahan"}, {IDLIB}),
        ({"author": "Omar"}, set()),
    ],
)
def test_narrowed_to_an_author_and_to_several_entities(
    corpus: Archive, narrowed: dict[str, object], found: set[str]
) -> None:
    assert set(titles(corpus.search("", **narrowed))) == found  # type: ignore[arg-type]


def test_what_narrows_to_nothing_is_told_one_by_one(corpus: Archive) -> None:
    page = corpus.search("road", entity=["turkey", "afrin", "Xyzzy"], author="Nobody")
    assert page.unknown == ("author:Nobody", "entity:Xyzzy")
    page = corpus.search("road", entity=["turkey", "afrin"])
    assert {(each.word, each.articles) for each in page.suggestions} == {
        ("entity:turkey", 1),
        ("entity:afrin", 1),
    }


@pytest.mark.parametrize("entity", [5, [5], ["astana", None]])
def test_an_entity_is_a_text_or_several(corpus: Archive, entity: object) -> None:
    with pytest.raises(OptionError, match="entity takes a text"):
        corpus.search("", entity=entity)  # type: ignore[arg-type]


def test_a_saved_search_keeps_several_entities(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "Astana and Sochi.", "b.txt": "Astana.", "c.txt": "Sochi."}))
    archive.save("both", "", entity=["astana", "sochi"], author="Nobody")
    assert archive.saved()[0].options == {"entity": ["astana", "sochi"], "author": "Nobody"}
    archive.save("two", "", entity=["astana", "sochi"])
    assert archive.new("two").total == 0
    archive.ingest(folder({"d.txt": "Sochi and Astana.", "e.txt": "Sochi again."}, "more"))
    assert archive.new("two").total == 1


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8, 13, 21, 34, 55])
def test_what_takes_longer_than_it_may_is_stopped(
    corpus: Archive, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr("syriasearch.store.connection.STEPS", steps)
    whole = corpus.search("Sochi", facets=["entity", "type", "source"])
    with corpus.within(0), pytest.raises(TimeLimitError, match="takes too long"):
        corpus.search("Sochi")
    with corpus.within(60):
        page = corpus.search("Sochi", facets=["entity", "type", "source"])
    assert replace(page, took_ms=0) == replace(whole, took_ms=0)


@pytest.mark.parametrize("times", [*range(0, 300, 7), *range(90, 110)])
def test_what_was_stopped_anywhere_leaves_nothing_behind(
    corpus_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    looks = iter([0.0] * times)
    with Archive(corpus_path, readonly=True) as archive:
        facets = ["entity", "type", "source"]
        expected = archive.search("Sochi", facets=facets)
    with Archive(corpus_path, readonly=True) as archive:
        with monkeypatch.context() as patched:
            patched.setattr("syriasearch.store.connection.STEPS", 5)
            patched.setattr(
                "syriasearch.store.connection.time.thread_time", lambda: next(looks, 9.0)
            )
            with archive.within(5), suppress(TimeLimitError):
                archive.search("Sochi", facets=facets)
        page = archive.search("Sochi", facets=facets)
    assert replace(page, took_ms=0) == replace(expected, took_ms=0)
