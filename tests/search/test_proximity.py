"""Proximity of words in a text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from syriasearch import Archive
from syriasearch.search import matching
from syriasearch.search.proximity import ProximityMatcher
from syriasearch.search.query.clauses import Proximity, TermSequence
from syriasearch.search.query.parser import parse
from syriasearch.search.query.syntax import Near
from syriasearch.text.normalize import fold
from syriasearch.text.sentences import sentences
from syriasearch.text.tokenize import terms


def sequences(text: str) -> tuple[TermSequence, ...]:
    return tuple(TermSequence(tuple(each.split())) for each in text.split("|"))


@pytest.mark.parametrize(
    ("operator", "items", "text", "matches"),
    [
        ("w/2", ("talks", "sochi"), "Sochi was host of talks.", False),
        ("w/3", ("talks", "sochi"), "Sochi was host of talks.", True),
        ("pre/3", ("talks", "sochi"), "Sochi was host of talks.", False),
        ("pre/3", ("sochi", "talks"), "Sochi was host of talks.", True),
        ("w/0", ("de mistura", "said"), "De Mistura said so.", True),
        ("w/0", ("de mistura", "said"), "De facto, Mistura said so.", False),
        ("w/5", ("jaafari", "sochi"), "Al-Ja’afari’s visit to Sochi", True),
        ("w/5", ("boycott", "boycott"), "a boycott", False),  # one word is not near itself
        ("w/1", ("talks|host", "of"), "Sochi was host of talks.", True),
        ("w/1", ("a", "b", "c"), "A x B y C", True),
        ("w/1", ("a", "b", "c"), "A x B y z C", False),
        ("w/s", ("sochi", "talks"), "They left Sochi. Talks went on.", False),
        ("w/s", ("sochi", "talks"), "They left Sochi, talks went on.", True),
        ("w/p", ("sochi", "talks"), "They left Sochi. Talks went on.", True),
        ("pre/p", ("talks", "sochi"), "They left Sochi. Talks went on.", False),
    ],
)
def test_words_are_near_each_other(
    operator: str, items: tuple[str, ...], text: str, matches: bool
) -> None:
    near = parse(f"a {operator} b").root
    assert isinstance(near, Near)
    node = Proximity(tuple(map(sequences, items)), near.operator)
    assert ProximityMatcher(node).matches([text]) == [matches]


@pytest.mark.parametrize(
    ("operator", "text", "matches"),
    [
        ("pre/2", "The U.S. forces said so.", True),
        ("pre/2", "Said the U.S. to forces.", False),
        ("pre/0", "US’s said", False),
        ("pre/1", "“US” – he said", True),
        ("pre/1", "bus said", False),  # no word ends so
        ("pre/1", "us saidst", False),
    ],
)
def test_the_folded_text_tells_the_same_in_one_pass(
    operator: str, text: str, matches: bool
) -> None:
    near = parse(f"a {operator} b").root
    assert isinstance(near, Near)
    matcher = ProximityMatcher(Proximity((sequences("us"), sequences("said|says")), near.operator))
    assert matcher.reads_folded
    assert matcher.match_folded([fold(text)]) == matcher.match_analysed([text]) == [matches]


@pytest.mark.parametrize(
    "text",
    [
        *("It was said. “The U.S. – they” – left.", "U.S. officials said so"),
        *("It’s the US, said he", "The US’s sa'id 'so'", "They've 'said' it"),
    ],
)
def test_a_sentence_without_a_word_is_left_as_one_that_is_folded(text: str) -> None:
    near = parse("a w/s b").root
    assert isinstance(near, Near)
    matcher = ProximityMatcher(Proximity((sequences("us"), sequences("said")), near.operator))
    folded = any({"us", "said"} <= set(terms(text[start:end])) for start, end in sentences(text))
    assert matcher.match_analysed([text]) == [folded]


@pytest.mark.parametrize("operator", ["w/s", "pre/s", "w/5", "pre/5", "w/p"])
def test_a_long_paragraph_is_read_once_however_often_it_has_the_words(operator: str) -> None:
    near = parse(f"a {operator} b").root
    assert isinstance(near, Near)
    node = Proximity((sequences("alpha"), sequences("beta")), near.operator)
    apart = " ".join(["beta gamma"] * 30_000 + ["delta"] * 10 + ["alpha gamma"] * 30_000)
    assert ProximityMatcher(node).matches([apart]) == [operator in ("w/s", "w/p")]


@pytest.mark.parametrize("query", ["the pre/3 said", "the pre/s said"])
def test_all_paragraphs_of_an_article_are_read_until_one_matches(
    query: str, archive: Archive, folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MANY", 1)
    wrong = ["He said the man left."] * 9
    found = "\n\n".join([*wrong, "The man said so.", *wrong])
    archive.ingest(folder({"found.txt": found, "other.txt": "\n\n".join(wrong * 3)}))
    assert [hit.article.path for hit in archive.search(query).hits] == ["found.txt"]
