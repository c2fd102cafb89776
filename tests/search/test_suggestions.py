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
