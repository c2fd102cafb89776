"""Plans: what the index is asked to answer a query."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import QuerySyntaxError
from syriasearch.search.query.clauses import (
    AnySequence,
    Clause,
    Conjunction,
    Disjunction,
    Mentions,
    Plan,
    Terms,
    TermSequence,
    to_match,
)
from syriasearch.search.query.lexicon import Lexicon
from syriasearch.search.query.parser import parse
from syriasearch.search.query.planner import make_plan
from syriasearch.search.query.syntax import Word
from syriasearch.store.connection import open_reader


@pytest.fixture(scope="module")
def lexicon(corpus_path: Path) -> Iterator[Lexicon]:
    connection = open_reader(corpus_path)
    yield Lexicon(connection)
    connection.close()


def clauses(lexicon: Lexicon, text: str) -> tuple[Clause, ...]:
    return tuple(each for each in make_plan(parse(text), lexicon).clauses if not each.bonus)


def test_a_word_finds_the_forms_that_the_archive_has(lexicon: Lexicon) -> None:
    (clause,) = clauses(lexicon, "boycotting")
    assert isinstance(clause.node, Terms)
    assert set(clause.node.terms) == {"boycott", "boycotted"}


def test_an_arabic_word_finds_its_forms_with_and_without_the_article(lexicon: Lexicon) -> None:
    (clause,) = clauses(lexicon, "معارضة")
    assert isinstance(clause.node, Terms)
    assert set(clause.node.terms) == {"المعارضه", "معارضه"}


def test_a_word_that_the_archive_lacks_is_asked_as_it_is(lexicon: Lexicon) -> None:
    plan = make_plan(parse("zeppelin"), lexicon)
    assert (plan.clauses[0].node, plan.unknown) == (Terms(("zeppelin",)), (Word("zeppelin"),))


@pytest.mark.parametrize("name", ["Jaafari", "Ja'afari", "al-Ja’afari", "الجعفري", "Jaafari's"])
def test_a_name_finds_mentions_however_spelt_there(lexicon: Lexicon, name: str) -> None:
    (clause,) = clauses(lexicon, name)
    assert isinstance(clause.node, Disjunction)
    assert isinstance(clause.node.nodes[0], Mentions)
    assert [entity.slug for entity in clause.node.nodes[0].entities] == ["bashar-al-jaafari"]


def test_the_longest_run_of_words_that_is_a_name_is_one_clause(lexicon: Lexicon) -> None:
    name, word = clauses(lexicon, "Staffan de Mistura spring")
    assert (name.label, word.label) == ("Staffan de Mistura", "spring")
    assert isinstance(name.node, Disjunction)
    assert name.node.nodes[1] == TermSequence(("staffan", "de", "mistura"))  # or just these words
    assert isinstance(
        name.weak, Conjunction
    )  # with all of them somewhere it is partly what is asked


@pytest.mark.parametrize("name", ["Ja's", "Sochi's", "Geneva’s"])
def test_an_apostrophe_before_s_is_a_possessives_or_a_names(lexicon: Lexicon, name: str) -> None:
    (clause,) = clauses(lexicon, name)
    assert isinstance(clause.node, Terms if name == "Ja's" else Disjunction)


@pytest.mark.parametrize("text", ["Putin ™’s", "™'s"])
def test_of_a_sign_with_a_possessive_only_the_s_is_a_term(lexicon: Lexicon, text: str) -> None:
    *_, clause = clauses(lexicon, text)
    assert clause.node == Terms(("s",))


def test_a_phrase_is_its_words_and_nothing_else(lexicon: Lexicon) -> None:
    (clause,) = clauses(lexicon, '"Jaafari boycotted"')
    assert clause.node == TermSequence(("jaafari", "boycotted"))


def test_a_word_of_several_terms_is_a_run(lexicon: Lexicon) -> None:
    (clause,) = clauses(lexicon, "S-400")
    assert clause.node == TermSequence(("s", "400"))


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("the siege of Homs", [True, False, True, False]),
        ("WHO in Homs", [False, True, False]),  # typed in capitals it is a name
        ("THE SIEGE", [True, False]),  # unless all is
        ("of the", [False, False]),  # unless nothing else is asked
    ],
)
def test_articles_may_lack_stop_words(lexicon: Lexicon, text: str, stops: list[bool]) -> None:
    assert [clause.optional for clause in clauses(lexicon, text)] == stops


def test_what_is_asked_twice_is_asked_once(lexicon: Lexicon) -> None:
    assert len(clauses(lexicon, "boycott boycott")) == 1


def test_an_or_has_a_node_for_each(lexicon: Lexicon) -> None:
    (clause,) = clauses(lexicon, "zeppelin OR -road")
    assert isinstance(clause.node, Disjunction)
    assert clause.node.nodes[0] == Terms(("zeppelin",))
    assert clause.node.nodes[1] == Conjunction((), (Terms(("road",)),))


def test_a_prefix_is_the_words_that_begin_so(lexicon: Lexicon) -> None:
    (clause,) = clauses(lexicon, "boyc*")
    assert isinstance(clause.node, Terms)
    assert set(clause.node.terms) == {"boycott", "boycotted"}


def test_a_prefix_of_too_many_words_is_an_error(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syriasearch.search.query.planner.MAX_PREFIX_WORDS", 3)
    with pytest.raises(QuerySyntaxError, match="more than 3 words begin with 'a': type more") as e:
        clauses(lexicon, "Homs a*")
    assert e.value.position == 5


def test_exact_words_are_runs(lexicon: Lexicon) -> None:
    plan = make_plan(parse("Jaafari boycott"), lexicon, exact=True)
    assert [clause.node for clause in plan.clauses] == [
        TermSequence(("jaafari",)),
        TermSequence(("boycott",)),
    ]


def test_hyphenated_words_are_found_joined_too(lexicon: Lexicon) -> None:
    (clause,) = clauses(lexicon, "re-opens")
    written = TermSequence(("re", "opens"))
    other = AnySequence((TermSequence(("re", "opened")),))
    assert clause.node == Disjunction((written, Terms(("reopens",)), other))


@pytest.mark.parametrize("text", ["(", '"', "...", '""', "- ( )"])
def test_a_query_without_a_letter_or_digit_has_no_clause(lexicon: Lexicon, text: str) -> None:
    assert make_plan(parse(text), lexicon) == Plan((), (), everything=False)


def test_a_phrase_is_bounded(lexicon: Lexicon) -> None:
    with pytest.raises(QuerySyntaxError, match="a phrase has at most 100 words") as caught:
        make_plan(parse('Homs "' + "the " * 101 + '"'), lexicon)
    assert caught.value.position == 5


def test_a_query_of_nothing_asks_for_everything(lexicon: Lexicon) -> None:
    assert make_plan(parse("  "), lexicon).everything


@given(text=st.text(max_size=60))
def test_fts5_takes_every_match_string(corpus_path: Path, text: str) -> None:
    connection = open_reader(corpus_path)
    for clause in make_plan(parse(text), Lexicon(connection)).clauses:
        match = to_match(clause.node)
        if match:
            connection.execute(
                "SELECT count(*) FROM paragraphs_fts WHERE paragraphs_fts MATCH ?", (match,)
            )
    connection.close()


def test_a_clause_tells_how_it_was_understood(lexicon: Lexicon) -> None:
    lines = [clause.describe() for clause in clauses(lexicon, 'Afrin the "two words" -fuel')]
    assert lines == [
        "Afrin: Afrin (place) | afrin",
        "optional the: the",
        '"two words": "two words"',
        "not fuel: fuel",
    ]
