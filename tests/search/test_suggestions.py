"""Suggestions where little is found."""

import pytest

from syriasearch import Archive


def offered(archive: Archive, query: str, **options: str) -> list[tuple[str, str]]:
    page = archive.search(query, **options)
    return [(each.word, each.suggestion) for each in page.suggestions]


@pytest.mark.parametrize(
    ("query", "suggestions"),
    [
        ("boycot", [("boycot", "boycott")]),
        ("Sochki", [("Sochki", "Sochi")]),
        ("Jaatari", [("Jaatari", "Bashar al-Jaafari")]),
        ("person:Jaatari", [("person:Jaatari", 'person:"Bashar al-Jaafari"')]),
        ("place:Sochki", [("place:Sochki", "place:Sochi")]),
        ("Jaaffari", []),  # a spelling of it, and so the name itself
        ("source:Simple", [("source:Simple", 'source:"Sample Wire"')]),
        ("(Sochki OR boycot)", [("Sochki", "Sochi"), ("boycot", "boycott")]),
        ("Sochi -boycot", []),
        ('"boycot"', []),
    ],
)
def test_what_is_spelt_alike_is_offered(
    corpus: Archive, query: str, suggestions: list[tuple[str, str]]
) -> None:
    assert offered(corpus, query) == suggestions


def test_a_suggestion_tells_how_many_articles_it_finds(corpus: Archive) -> None:
    for suggestion in corpus.search("Jaatari boycot source:Simple").suggestions:
        assert suggestion.articles == corpus.search(suggestion.suggestion).total > 0


def test_a_name_comes_with_its_entity(corpus: Archive) -> None:
    (suggestion,) = corpus.search("Jaatari").suggestions
    assert corpus.search("talks", entity=suggestion.entity).total


@pytest.mark.parametrize(
    ("query", "options", "unknown"),
    [
        ("Sochi zeppelin", {}, ("zeppelin",)),
        ('Sochi "green talks"', {}, ('"green talks"',)),
        ("source:nobody Sochi", {}, ("source:nobody",)),
        ("Sochi", {"source": "nobody", "lang": "xx"}, ("source:nobody", "lang:xx")),
        ("Sochi", {"entity": "No One"}, ('entity:"No One"',)),
        ("Sochi w/3 zeppelin", {}, ("zeppelin",)),
        ("Sochi -zeppelin", {}, ()),
        ("Sochi", {"after": "2030"}, ()),
    ],
)
def test_what_finds_nothing_is_named(
    corpus: Archive, query: str, options: dict[str, str], unknown: tuple[str, ...]
) -> None:
    assert corpus.search(query, **options).unknown == unknown


def test_a_filter_that_leaves_nothing_is_named_with_what_there_is_without_it(
    corpus: Archive,
) -> None:
    assert offered(corpus, "Sochi", after="2030") == [("after:2030", "")]
    (suggestion,) = corpus.search("Sochi", after="2030").suggestions
    assert suggestion.articles == corpus.search("Sochi").total


def test_a_rare_word_is_answered_with_a_much_commoner_one(archive: Archive, folder) -> None:
    files = {f"{number}.txt": f"Report {number}\n\nThe ceasefire held." for number in range(20)}
    files["slip.txt"] = "A slip of the pen\n\nThe ceasfire held."
    archive.ingest(folder(files))
    page = archive.search("ceasfire")
    assert page.total == 1
    assert [(each.suggestion, each.articles) for each in page.suggestions] == [("ceasefire", 20)]


def test_at_most_two_are_offered(corpus: Archive) -> None:
    assert len(offered(corpus, "Jaatari boycot Sochki source:Simple author:Nobody lang:xx")) <= 2


@pytest.mark.parametrize(
    ("query", "options", "word", "query_without"),
    [
        ('"boycott Sochi talks"', {}, '"boycott Sochi talks"', "boycott Sochi talks"),
        ("“boycott Sochi talks”", {}, "“boycott Sochi talks”", "boycott Sochi talks"),
        ("«boycott Sochi»", {}, "«boycott Sochi»", "boycott Sochi"),
        ('"boycott Sochi" talks', {}, '"boycott Sochi"', "boycott Sochi talks"),
        ('"boycott Sochi" -zeppelin', {}, '"boycott Sochi"', "boycott Sochi -zeppelin"),
        ('("boycott Sochi" OR zeppelin)', {}, '"boycott Sochi"', "(boycott Sochi OR zeppelin)"),
        ("Sochi source:nobody", {}, "source:nobody", "Sochi"),
        ('source:"no body" Sochi', {}, 'source:"no body"', "Sochi"),
        ("Sochi after:2030", {}, "after:2030", "Sochi"),
        ("Sochi person:Nobody", {}, "person:Nobody", "Sochi"),
        ("Sochi", {"after": "2030"}, "after:2030", ""),
        ("Sochi", {"after": "2030", "lang": "xx"}, "after:2030 lang:xx", "Sochi"),
        ("Sochi after:2030", {"lang": "xx"}, "lang:xx Sochi after:2030", "Sochi"),
    ],
)
def test_an_empty_answer_tells_what_is_without_its_limits(
    corpus: Archive, query: str, options: dict[str, str], word: str, query_without: str
) -> None:
    page = corpus.search(query, **options)
    assert page.total == 0
    (found,) = [each for each in page.suggestions if each.word == word]
    assert (found.query, found.articles > 0) == (query_without, True)


def test_what_is_without_quotation_marks_is_what_a_search_for_it_finds(corpus: Archive) -> None:
    (suggestion,) = corpus.search('"boycott Sochi"').suggestions
    assert suggestion.is_unquoted
    assert corpus.search(suggestion.query).total == suggestion.articles


@pytest.mark.parametrize("query", ['"boycott"', 'title:"no such title"', '"a b"~5', '-"Sochi"'])
def test_other_marks_stay(corpus: Archive, query: str) -> None:
    assert not any(each.is_unquoted for each in corpus.search(query).suggestions)


def test_a_suggestion_has_the_whole_query_with_it(corpus: Archive) -> None:
    (suggestion,) = corpus.search("boycot -zeppelin").suggestions
    assert suggestion.query == "boycott -zeppelin"


@pytest.mark.parametrize(
    ("query", "missing", "of_first"),
    [
        ("Sochi boycott", (), ()),
        ("Sochi zeppelin", (), ("zeppelin",)),
        ("boycott zeppelin", (), ("zeppelin",)),
        ("zeppelin", (), None),
    ],
)
def test_hits_say_what_they_lack(
    corpus: Archive, query: str, missing: tuple[str, ...], of_first: tuple[str, ...] | None
) -> None:
    page = corpus.search(query)
    assert page.missing == missing
    assert (page.hits[0].missing if page.hits else None) == of_first


SIEGE = "There were talks on the siege of Homs. "


def test_what_all_hits_lack_is_named_unless_no_article_has_it(archive: Archive, folder) -> None:
    days = "Monday", "Tuesday", "Friday"
    texts = {f"{day}.txt": f"Talks\n\nHoms, {day}: {SIEGE * 3}" for day in days}
    archive.ingest(folder({**texts, "other.txt": f"Aleppo\n\nA convoy {'came to Aleppo ' * 30}"}))
    page = archive.search("siege Homs talks convoy zeppelin", limit=len(days))
    assert page.hits[0].missing == ("convoy", "zeppelin")
    assert (page.missing, page.unknown) == (("convoy",), ("zeppelin",))
    assert page.to_dict()["missing"] == ["convoy"]
    assert page.to_dict()["hits"][0]["missing"] == ["convoy", "zeppelin"]
