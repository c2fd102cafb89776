"""What the benchmarks' numbers are made of: documents, queries and measures, on made data."""

import json
import random
from collections import Counter
from math import log2
from pathlib import Path

import pytest

from annotated_news import read_annotated
from cases import KINDS, make_cases, spread
from copies import EDITS, edited, found, reports, weekly
from corpora import Document, read_documents, words
from entities import (
    Score,
    Sentence,
    as_sentence,
    found_in_article,
    ours,
    predicted,
    read_conll,
    score,
)
from query_sets import (
    choose_headlines,
    document_frequencies,
    load_judged,
    load_known_item,
    rarest_words,
)
from syriasearch.entities.recognizer import default_recognizer
from tables import table
from vocabulary import Vocabulary
from web_pages import Extracted, Page, are_authors_right, is_headline, recall_precision


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    documents = [
        {"id": "1", "title": "a wing .", "text": "a wing . it lifts ."},
        {"id": "2", "title": "a cone", "text": "a cone"},
        {"id": "3", "title": "", "text": ""},
        {"id": "4", "text": "no title here"},
    ]
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    (tmp_path / "docs.jsonl").write_text(lines)
    (tmp_path / "queries.jsonl").write_text('{"id": "7", "text": "wings"}\n')
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n7\t1\t4\n7\t2\t-1\n7\t4\t1\n")
    return tmp_path


def test_a_title_that_the_text_repeats_stands_once(judged: Path) -> None:
    documents = load_judged("tiny", judged).documents
    assert [(document.title, document.text) for document in documents] == [
        ("a wing .", "it lifts ."),
        ("a cone", "a cone"),
        ("", "no title here"),
    ]


def test_a_grade_below_nought_is_not_relevant(judged: Path) -> None:
    assert load_judged("tiny", judged).judgements == {"7": {"1": 1, "2": 0, "4": 1}}
    assert load_judged("tiny", judged).queries == {"7": "wings"}


ARTICLES = (
    Document("a", "Talks open in Sochi today", "The talks in Sochi opened. Nobody came."),
    Document("b", "Talks open in Geneva today", "The talks in Geneva opened."),
    Document("c", "Markets open late", "Markets opened late in Sochi and in Geneva today."),
    Document("d", "The talks: a view", "A view of talks."),
    Document("e", "the Talks – a View", "Another view of talks."),
)


def test_headlines_are_unique_and_of_four_words_and_the_same_each_time() -> None:
    chosen = choose_headlines(ARTICLES)
    assert {document.id for document in chosen} == {"a", "b"}
    assert chosen == choose_headlines(ARTICLES)
    assert len(choose_headlines(ARTICLES, count=1)) == 1


def test_the_three_rarest_words_are_of_the_corpus_and_follow_as_in_the_headline() -> None:
    frequencies = Counter({"talks": 4, "in": 3, "sochi": 2, "today": 1, "open": 9})
    assert rarest_words("Talks open in Sochi, unheard of, today", frequencies) == (
        "in",
        "sochi",
        "today",
    )
    assert rarest_words("Unheard of", frequencies) == ()
    assert rarest_words("today Today", frequencies) == ("today",)


def test_documents_are_counted_and_not_occurrences() -> None:
    frequencies = document_frequencies([Document("x", "", "war war"), Document("y", "", "War")])
    assert frequencies == {"war": 2}


def test_a_known_item_set_leaves_the_headlines_out_of_the_documents() -> None:
    headline, rarest = load_known_item("tiny", ARTICLES)
    assert {document.title for document in headline.documents} == {""}
    assert headline.queries["a"] == "Talks open in Sochi today"
    # Of the texts: today has 1, sochi 2, talks 4, in 3; open has none.
    assert rarest.queries["a"] == "in sochi today"
    assert rarest.judgements == {"a": {"a": 1}, "b": {"b": 1}}


def test_documents_are_read_from_lines_and_those_without_text_left_out(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text('{"id": 1, "text": "x", "date": null, "more": 2}\n\n{"id": 2, "text": " "}\n')
    assert list(read_documents(path)) == [Document("1", "", "x")]
    assert words("The U.S., again") == ["the", "u", "s", "again"]


def test_a_table_is_aligned() -> None:
    assert table(["engine", "ms"], [["one", "1.5"], ["another", "12.5"]]).splitlines() == [
        "| engine  |   ms |",
        "| ------- | ---: |",
        "| one     |  1.5 |",
        "| another | 12.5 |",
    ]


def test_things_are_chosen_evenly_with_both_ends() -> None:
    assert spread(range(10), 4) == [0, 3, 6, 9]
    assert spread("ab", 4) == ["a", "b"]


def test_every_class_has_queries_of_the_words_of_the_corpus() -> None:
    vocabulary = Vocabulary(
        english={"government": 90, "president": 80, "senator": 30, "election": 5, "elections": 4},
        arabic={"سوريا": 9, "الدول": 3},
        names={"white house": 5},
        days=["2018-01-27", "2018-02-01"],
        documents=100,
    )
    documents = [Document("a", "", "The senator asked for elections; an election.")]
    cases = make_cases(vocabulary, documents, ["syria"])
    first = {case.kind: case for case in reversed(cases)}
    assert set(first) == set(KINDS)
    assert first["rare"].words == ("senator",)
    assert first["broad"].words == ("government",)
    assert first["broad all"].words == ("government", "president")
    assert first["phrase"].words == ("white", "house")
    assert first["prefix"].words == ("electi",)
    assert (first["date"].after, first["entity"].entity) == ("2018-01-27", "syria")
    assert first["arabic"].words == ("الدول",)
    wrong = [case.words[0] for case in cases if case.misspelt]
    assert "senbtor" in wrong
    assert not set(wrong) & vocabulary.english.keys()


class TestMeasures:
    @pytest.fixture(autouse=True)
    def installed(self) -> None:
        for module in ("ir_measures", "scipy"):
            pytest.importorskip(module, reason="needs pip install '.[bench]'")

    def test_measures_are_those_counted_by_hand(self) -> None:
        from measures import measure

        judgements = {"q": {"a": 1, "b": 1, "c": 0}, "r": {"a": 1}, "unanswered": {"a": 1}}
        run = {"q": ["a", "c", "b"], "r": ["c", "a"]}
        found = measure(run, judgements, ("AP", "nDCG@10", "RR@100"))
        assert found["AP"].values == pytest.approx({"q": (1 + 2 / 3) / 2, "r": 1 / 2} | NOUGHT)
        assert found["RR@100"].values == pytest.approx({"q": 1, "r": 1 / 2} | NOUGHT)
        ideal = 1 + 1 / log2(3)
        assert found["nDCG@10"].values == pytest.approx(
            {"q": (1 + 1 / log2(4)) / ideal, "r": 1 / log2(3)} | NOUGHT
        )
        assert found["RR@100"].mean == pytest.approx(1.5 / 3)

    def test_a_hit_below_the_cut_counts_nought(self) -> None:
        from measures import measure

        run = {"q": [f"x{number}" for number in range(100)] + ["a"]}
        assert measure(run, {"q": {"a": 1}}, ["RR@100"])["RR@100"].mean == 0

    def test_a_p_value_is_that_of_a_paired_t_test(self) -> None:
        from measures import Measured, p_value

        one = Measured({"q": 1.0, "r": 2.0, "s": 3.0})
        other = Measured({"q": 0.0, "r": 1.5, "s": 1.5})
        # Differences 1, 0.5, 1.5: mean 1, deviation 0.5, t = 1 / (0.5 / √3) = 3.4641 with 2
        # degrees of freedom, where p = 1 - t / √(2 + t²).
        assert p_value(one, other) == pytest.approx(1 - 3.4641 / (2 + 12) ** 0.5, abs=1e-4)
        assert p_value(one, one) == 1.0


NOUGHT = {"unanswered": 0.0}


CONLL = (
    "The\tB-Organisation\nUN\tI-Organisation\nasked\tO\nForeign\tB-Person\nMinister\tI-Person\n"
    "Lavrov\tI-Person\n.\tO\n\nThey\tB-Organisation\nleft\tO\nal\tB-Location\n-\tI-Location\n"
    "Bab\tI-Location\n,\tO\nSyria\tB-Location\n’\tO\ns\tO\ntown\tO\n"
)


@pytest.fixture
def annotated(tmp_path: Path) -> list[Sentence]:
    path = tmp_path / "some.conll"
    path.write_text(CONLL, encoding="utf-8")
    return read_conll(path)


def test_tokens_are_put_together_as_a_person_would_write(annotated: list[Sentence]) -> None:
    assert [sentence.text for sentence in annotated] == [
        "The UN asked Foreign Minister Lavrov.",
        "They left al-Bab, Syria’s town",
    ]
    assert all(
        sentence.text[at : at + len(token)] == token
        for sentence in annotated
        for at, token in zip(sentence.starts, sentence.tokens, strict=True)
    )


def test_a_leading_article_is_no_part_of_what_is_annotated(annotated: list[Sentence]) -> None:
    assert annotated[0].gold == {(1, 2, "Organisation"), (3, 6, "Person")}


def test_names_alone_leave_out_what_has_no_capital(annotated: list[Sentence]) -> None:
    found = [predicted(ours(), sentence) for sentence in annotated]
    whole, names = score(annotated, found), score(annotated, found, names=True)
    assert (whole.gold, names.gold) == (5, 4)


def test_persons_may_be_read_with_their_titles(annotated: list[Sentence]) -> None:
    found = predicted(ours(), annotated[0], titles=True)
    assert found == {(1, 2, "Organisation"), (3, 6, "Person")}


def test_f_is_the_harmonic_mean() -> None:
    result = Score(right=1, found=2, gold=4)
    assert (result.precision, result.recall, round(result.f, 3)) == (0.5, 0.25, 0.333)
    assert Score(0, 0, 0).f == 0


def test_each_copy_is_an_edit_of_its_text() -> None:
    text = "\n\n".join(f"The {number} trucks left for the camp at {number}." for number in range(9))
    documents = [Document("a", "One", text), Document("b", "Two", text.replace("camp", "town"))]
    pairs = [pair for pair in edited(documents, random.Random(1)) if pair.one[0] == "one"]
    assert [pair.kind for pair in pairs] == [*EDITS]
    assert all(pair.copy and pair.one != pair.other for pair in pairs)


def test_market_reports_share_their_form_and_are_no_copies() -> None:
    (pair,) = reports(1, random.Random(1))
    assert pair.one[:4] == pair.other[:4] == ["the", "pound", "traded", "at"]
    assert found(pair) == (False, False)


def test_wires_of_one_headline_are_put_beside_each_other_where_weeks_lie_between() -> None:
    wires = [
        Document(day, "Rain", f"{day} " + "It rained. " * 30, f"1987-03-{day}")
        for day in ("01", "02", "20")
    ]
    assert [pair.days for pair in weekly(wires)] == [18]


@pytest.fixture
def annotated_news(tmp_path: Path) -> Path:
    article = {
        "id": "1",
        "title": "Assad spoke",
        "text": "Ryan Dillon left.\n\nAssads man, Dillon.",
    }
    (tmp_path / "news.jsonl").write_text(json.dumps(article) + "\n")
    rows = """\
# a comment
path,id,half,paragraph,surface,occurrence,type
news.jsonl,1,held out,2,,0,
news.jsonl,1,held out,0,Assad,1,Person
news.jsonl,1,held out,1,Ryan Dillon,1,Person
news.jsonl,1,held out,2,Assad,1,Unclear
"""
    (tmp_path / "annotated.csv").write_text(rows)
    return tmp_path


def test_annotated_articles_are_read_from_where_they_are(annotated_news: Path) -> None:
    (article,) = read_annotated(annotated_news, annotated_news / "annotated.csv")
    assert article.held_out
    assert [paragraph.text for paragraph in article.paragraphs] == [
        "Assad spoke",
        "Ryan Dillon left.",
        "Assads man, Dillon.",
    ]
    assert [paragraph.marks for paragraph in article.paragraphs] == [
        ((0, 5, "Person"),),
        ((0, 11, "Person"),),
        ((0, 5, "Unclear"),),
    ]


def test_what_is_unclear_is_neither_right_nor_wrong(annotated_news: Path) -> None:
    (article,) = read_annotated(annotated_news, annotated_news / "annotated.csv")
    sentences = [as_sentence(paragraph) for paragraph in article.paragraphs]
    found = found_in_article(default_recognizer(), article.paragraphs, sentences)
    assert sentences[2].gold == frozenset()
    assert (0, 1, "Person") not in found[2]
    assert found[1] == {(0, 2, "Person")}


PAGE = Page(
    "a", "held out", b"", "Talks go on", ("Ida Berg", "Omar Haddad"), "2018-01-27",
    "They talked for hours.", frozenset(("talks begin",)),
)  # fmt: skip


@pytest.mark.parametrize("author", ["Omar Haddad, Ida Berg", "Ida Berg and Omar Haddad"])
def test_authors_of_pages_are_compared_in_any_order(author: str) -> None:
    assert are_authors_right(PAGE, Extracted(author=author))
    assert not are_authors_right(PAGE, Extracted(author="Ida Berg"))


@pytest.mark.parametrize(
    ("title", "is_one"), [("Talks go on!", True), ("Talks begin", True), ("Talks | Wire", False)]
)
def test_a_headline_is_the_known_title_or_another_that_is_shown(title: str, is_one: bool) -> None:
    assert is_headline(PAGE, Extracted(title=title)) is is_one


def test_the_text_of_a_page_is_compared_word_by_word() -> None:
    assert recall_precision(PAGE, Extracted(text="They talked. Share this")) == (0.5, 0.5)
