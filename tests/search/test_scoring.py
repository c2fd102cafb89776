"""Scores, compared with an oracle that counts by hand."""

import math
from collections import Counter

import pytest

from syriasearch import Archive
from syriasearch.index.postings import LEAD
from syriasearch.text.tokenize import terms

TEXTS = {
    "one": ("Homs", "Homs is quiet. The market of Homs is open."),
    "two": ("Hama", "Hama is far from Homs, and so is the market."),
    "three": ("Idlib", "Nothing is said here of the other towns. " * 8 + "Homs."),
    "four": ("Daraa", "Market day in Daraa."),
}
WEIGHTS = (4, 1)


@pytest.fixture
def small(archive: Archive, folder) -> Archive:
    archive.ingest(
        folder(
            {
                f"{name}.md": f"---\ntitle: {title}\n---\n{text}"
                for name, (title, text) in TEXTS.items()
            }
        )
    )
    return archive


def oracle(*words: str) -> dict[str, float]:
    """The score as its formula stands in ranking.py, over the words of TEXTS."""
    counts = {}
    lengths = {}
    for title, text in TEXTS.values():
        pieces = (terms(title), terms(text))
        counts[title] = Counter()
        for weight, piece in zip(WEIGHTS, pieces, strict=True):
            for term in piece:
                counts[title][term] += weight
        counts[title].update(pieces[1][:LEAD])
        lengths[title] = counts[title].total()
    average = sum(lengths.values()) / len(lengths)
    scores: Counter[str] = Counter()
    for word in words:
        having = [title for title in counts if counts[title][word]]
        idf = math.log(1 + (len(counts) - len(having) + 0.5) / (len(having) + 0.5))
        repetition = math.log2(1 + (sum(each[word] for each in counts.values()) + 1) / len(having))
        for title in having:
            tf = counts[title][word]
            scores[title] += (
                idf * repetition * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * lengths[title] / average))
            )
    return dict(scores)


@pytest.mark.parametrize("words", [("homs",), ("market",), ("homs", "market"), ("quiet", "far")])
def test_scores_are_those_of_the_formula(small: Archive, words: tuple[str, ...]) -> None:
    page = small.search(" ".join(words), match="any")
    found = {hit.article.title: hit.score for hit in page.hits}
    assert found == pytest.approx(oracle(*words))


def test_the_parts_of_a_score_add_up(small: Archive) -> None:
    for hit in small.search("the market of Homs", explain=True).hits:
        assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score)


def test_a_stop_word_weighs_a_quarter(small: Archive) -> None:
    def part(query: str) -> float:
        hits = small.search(query, explain=True).hits
        hama = next(hit for hit in hits if hit.article.title == "Hama")
        return next(each.score for each in hama.explanation if each.clause == "is")

    assert part("is Hama") == pytest.approx(part("is") / 4)


def test_a_word_in_a_title_counts_four_times(small: Archive) -> None:
    part = small.search("Daraa", explain=True).hits[0].explanation[0]
    assert (part.frequency, part.articles) == (4 + 1 + 1, 1)  # title, text, lead


def test_articles_with_all_of_few_words_come_first(small: Archive) -> None:
    page = small.search("quiet market")
    assert [(hit.article.title, hit.partial) for hit in page.hits] == [
        ("Homs", False),
        ("Daraa", True),
        ("Hama", True),
    ]
    assert (page.total, page.partial_total) == (1, 2)


def test_longer_queries_are_ranked_by_score_alone(small: Archive) -> None:
    page = small.search("homs market quiet open")
    scores = [hit.score for hit in page.hits]
    assert scores == sorted(scores, reverse=True)


def test_a_stop_word_alone_makes_no_hit(small: Archive) -> None:
    assert small.search("the zeppelin").hits == ()


def test_of_equal_scores_the_newer_comes_first(archive: Archive, folder) -> None:
    text = "---\ntitle: News\ndate: 20%d-01-01\n---\nThe market is open."
    archive.ingest(folder({f"{year}.md": text % year for year in (17, 19, 18)}))
    page = archive.search("market", all_copies=True)
    days = [hit.article.published for hit in page.hits]
    assert days == ["2019-01-01", "2018-01-01", "2017-01-01"]


def test_a_title_made_of_the_beginning_does_not_count_twice(archive: Archive, folder) -> None:
    opening = "Delegates left the hall in Sochi after one day of talks"
    archive.ingest(folder({"a.txt": f"{opening}. Nothing was signed.\n\nThe hall was empty."}))
    (part,) = archive.search("delegates", explain=True).hits[0].explanation
    assert part.frequency == 1 + 1  # text, lead


def test_the_recent_are_favoured_where_it_is_asked(archive: Archive, folder) -> None:
    text = "---\ntitle: News of %s\ndate: %s\n---\nThe market is open.%s"
    archive.ingest(
        folder(
            {
                "old.md": text % ("old", "2015-01-01", " The market!"),
                "new.md": text % ("new", "2018-01-01", ""),
            }
        )
    )
    plain = archive.search("market")
    recent = archive.search("market", recent=True, explain=True)
    assert [hit.article.published for hit in plain.hits] == ["2015-01-01", "2018-01-01"]
    assert [hit.article.published for hit in recent.hits] == ["2018-01-01", "2015-01-01"]
    assert recent.hits[0].score == pytest.approx(2 * plain.hits[1].score)
    for hit in recent.hits:
        assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score)


def test_an_expanded_query_asks_for_what_the_first_hits_have_too(archive: Archive, folder) -> None:
    files = {f"{each}.txt": f"Day {each}\n\nThe congress in Sochi: delegates." for each in range(5)}
    files["c.txt"] = "Lawyers\n\nThe congress met, and its lawyers left."
    files["d.txt"] = "Others\n\nThe congress met, and its delegates left."
    archive.ingest(folder(files))

    def last(expand: bool) -> str:
        page = archive.search("congress Sochi", expand=expand, explain=True)
        assert (page.total, page.partial_total) == (5, 2)
        assert any(line.startswith("optional") for line in page.explanation) == expand
        return page.hits[-1].article.title

    assert (last(expand=False), last(expand=True)) == ("Others", "Lawyers")
