"""Results and arguments as Python has them: sequences, rows, dates, articles for slugs."""

import asyncio
from datetime import date, datetime

import pytest

from syriasearch import (
    Archive,
    ArticleNotFoundError,
    OptionError,
    Snippet,
    SyriaSearchError,
    cite,
    export,
)


def test_a_page_is_a_sequence_of_its_hits(corpus: Archive) -> None:
    page = corpus.search("Sochi", limit=2)
    assert len(page) == 2
    assert list(page) == list(page.hits)
    assert (page[0], page[-1], page[:1]) == (page.hits[0], page.hits[1], page.hits[:1])
    assert page.hits[1] in page
    assert page
    assert not corpus.search("xyzzy")


def test_a_list_of_entities_is_a_sequence(corpus: Archive) -> None:
    page = corpus.entities("Sochi")
    assert [each.entity for each in page] == [each.entity for each in page.entities]


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("search('Sochi', limit=2)", "<Page of 'Sochi': 2 hits of 3>"),
        ("entities('Sochi', limit=1)", "<EntityPage of 'Sochi': 1 entities of "),
        ("timeline('Sochi')", "<Timeline of 'Sochi': "),
        ("network('Sochi')", "<Network of 'Sochi': "),
        ("entity('Jaafari')", "<EntityProfile of 'bashar-al-jaafari': 2 articles>"),
        ("search('Sochi')[0]", "<Hit 2018-"),
        ("article(corpus.search('Sochi')[0])", "<ArticleText "),
    ],
)
def test_a_result_is_shown_on_a_line(corpus: Archive, call: str, shown: str) -> None:
    text = repr(eval(f"corpus.{call}", {"corpus": corpus}))
    assert text.startswith(shown)
    assert "\n" not in text
    assert len(text) < 100


@pytest.mark.parametrize(
    "call",
    [
        *("search('Sochi')", "search('Sochi')[0]", "search('Sochi')[0].passages[0].snippet"),
        *("timeline('Sochi')", "network('Sochi')", "entity('Jaafari')", "entities('Sochi')"),
    ],
)
def test_a_notebook_shows_a_result_as_html(corpus: Archive, call: str) -> None:
    html = eval(f"corpus.{call}", {"corpus": corpus})._repr_html_()
    assert html.startswith("<")
    assert "<script" not in html


def test_html_is_escaped(tmp_path) -> None:
    record = {"title": "<script>x</script>", "text": "Talk <b>.", "url": "javascript:x"}
    with Archive(tmp_path / "x.db") as archive:
        archive.ingest([record])
        html = archive.search("talk")._repr_html_()
    assert "<script>" not in html
    assert "javascript" not in html


def test_a_snippet_is_its_text() -> None:
    snippet = Snippet("Talks\nin Sochi", ((9, 14),), cut_after=True)
    assert str(snippet) == snippet.to_text() == "Talks in Sochi…"


def test_rows_are_flat(corpus: Archive) -> None:
    rows = corpus.search("Sochi", limit=1, offset=1).to_rows()
    assert [row["rank"] for row in rows] == [2]
    assert all(not isinstance(value, (list, dict)) for value in rows[0].values())


def test_the_rows_of_a_timeline_have_a_column_for_each_query(corpus: Archive) -> None:
    rows = corpus.timeline("Sochi", "Astana", by="month").to_rows()
    assert list(rows[0]) == ["month", "Sochi", "Astana"]


def test_tables_of_pandas(corpus: Archive) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = corpus.search("Sochi").to_frame()
    assert frame["published"].dt.year.tolist() == [2018, 2018, 2018]
    assert corpus.timeline("Sochi", by="month").to_frame()["month"].dt.month.tolist()[0] > 0
    assert len(corpus.network("Sochi").to_frame()) == len(corpus.network("Sochi").edges)
    assert "name" in corpus.entities("Sochi").to_frame()
    assert len(corpus.search("xyzzy").to_frame()) == 0


def test_the_date_of_an_article_is_a_date(corpus: Archive) -> None:
    article = corpus.search("Sochi")[0].article
    assert article.date is not None
    assert article.date.isoformat() == article.published


def test_an_archive_is_a_mapping_of_slugs_to_articles(corpus: Archive) -> None:
    slugs = list(corpus)
    assert len(slugs) == len(corpus)
    assert corpus[slugs[0]].article.slug == slugs[0]
    assert slugs[0] in corpus
    assert "nothing" not in corpus
    assert 5 not in corpus
    with pytest.raises(ArticleNotFoundError):
        corpus["nothing"]


def test_an_empty_archive_is_true(tmp_path) -> None:
    with Archive(tmp_path / "x.db") as archive:
        archive.ingest([{"text": "Talk."}])
        archive.delete(query="talk")
        assert len(archive) == 0
        assert archive


@pytest.mark.parametrize("day", [date(2018, 3, 5), datetime(2018, 3, 5, 12), "2018-03-05"])
def test_a_date_is_a_day(corpus: Archive, day: object) -> None:
    expected = corpus.search("", after="2018-03-05").total
    assert corpus.search("", after=day).total == expected > 0


@pytest.mark.parametrize("name", ["source", "lang", "author"])
def test_a_filter_takes_several_values_of_which_an_article_has_one(
    corpus: Archive, name: str
) -> None:
    values = [each.value for each in corpus.values(name)][:2]
    totals = [corpus.search("", **{name: each}).total for each in values]
    assert corpus.search("", **{name: values}).total >= max(totals)
    assert corpus.search("", **{name: values[:1]}).total == totals[0]
    assert corpus.search("", **{name: [values[0], "nobody"]}).total == totals[0]


def test_an_article_or_a_hit_is_taken_for_its_slug(corpus: Archive) -> None:
    hit = corpus.search("Sochi")[0]
    for each in (hit, hit.article, corpus.article(hit.article.slug), hit.article.slug):
        assert corpus.article(each).article == hit.article
        assert len(corpus.related(each)) == len(corpus.related(hit.article.slug))


def test_an_entity_is_taken_for_its_name(corpus: Archive) -> None:
    profile = corpus.entity("Jaafari")
    for each in (profile, profile.entity, profile.entity.slug):
        assert corpus.entity(each).entity == profile.entity
        assert corpus.search("", entity=[each]).total == profile.articles


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        ("search(5)", "query"),
        ("search('x', after=2018)", "after"),
        ("search('x', before=['2018'])", "before"),
        ("search('x', source=5)", "source"),
        ("search('x', source=[5])", "source"),
        ("search('x', limit='10')", "limit"),
        ("search('x', limit=True)", "limit"),
        ("search('x', facets=5)", "facets"),
        ("search('x', sort='date')", "sort"),
        ("search('x', exact='yes')", "exact"),
        ("search('x', recent=1)", "recent"),
        ("hits('x', all_copies='no')", "all_copies"),
        ("search('x', explain=None)", "explain"),
        ("article(None)", "slug"),
        ("article('x', query=5)", "query"),
        ("related(5)", "slug"),
        ("like(5)", "text"),
        ("entity(5)", "name"),
        ("entity('Jaafari', neighbours=-1)", "neighbours"),
        ("entities(type='robot')", "type"),
        ("entities(name=5)", "name"),
        ("network(limit=5000)", "limit"),
        ("timeline(5)", "query"),
        ("timeline('x', by='decade')", "by"),
        ("values('colour')", "colour"),
        ("values('source', 5)", "beginning"),
        ("highlighter(5)", "query"),
        ("new(5)", "name"),
        ("save('x', 5)", "query"),
        ("forget(5)", "name"),
        ("feed('x', limit='x')", "limit"),
        ("runs(limit=None)", "limit"),
        ("problems(run='x')", "run"),
        ("within('x')", "seconds"),
        ("screen(['x'], columns=5)", "columns"),
        ("survey('x', colour=1)", "colour"),
    ],
)
def test_a_wrong_argument_is_named(corpus: Archive, call: str, argument: str) -> None:
    with pytest.raises(OptionError, match=rf"\b{argument}\b") as caught:
        eval(f"corpus.{call}", {"corpus": corpus})
    assert "`syriasearch" not in str(caught.value)
    assert "--" not in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        *("article('nothing')", "entity('Nobody At All')", "new('nothing')", "problems(run=999)"),
        *("corrections.undo(999)", "forget('nothing')"),
    ],
)
def test_what_there_is_not_is_told_in_words_of_python(corpus_copy: Archive, call: str) -> None:
    with pytest.raises(SyriaSearchError) as caught:
        eval(f"archive.{call}", {"archive": corpus_copy})
    assert "syriasearch" not in str(caught.value)
    assert "--" not in str(caught.value)


@pytest.fixture
def corpus_copy(corpus_path, tmp_path):
    path = tmp_path / "copy.db"
    path.write_bytes(corpus_path.read_bytes())
    with Archive(path) as archive:
        yield archive


@pytest.mark.parametrize(
    "call",
    [
        *(lambda: Archive(5), lambda: Archive("x.db", readonly="yes"), lambda: cite(5)),
        *(lambda: export(5, "csv"), lambda: list(export([5], "csv"))),
    ],
)
def test_what_a_function_cannot_use_is_an_error_of_the_tree(call) -> None:
    with pytest.raises(OptionError, match=r"takes|5"):
        call()


def test_a_hit_is_cited_as_its_article(corpus: Archive) -> None:
    hit = corpus.search("Sochi")[0]
    assert cite(hit) == cite(hit.article) == cite(corpus[hit.article.slug])
    with pytest.raises(OptionError, match="quote takes a text, not 5"):
        cite(hit, quote=5)


def test_searches_run_beside_an_event_loop(corpus: Archive) -> None:
    async def both() -> list[int]:
        pages = await asyncio.gather(
            asyncio.to_thread(corpus.search, "Sochi"), asyncio.to_thread(corpus.search, "Astana")
        )
        return [page.total for page in pages]

    assert asyncio.run(both()) == [corpus.search("Sochi").total, corpus.search("Astana").total]
