"""Queries with an answer that is known: in the samples, and in the seed articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, needs_shared

from syriasearch import Archive


def test_the_best_answer_to_the_query_this_program_is_named_after(samples: Archive) -> None:
    page = samples.search("Sochi boycott")
    assert page.hits[0].article.title == "Syrian opposition to boycott Sochi congress"
    assert page.total >= 5


@pytest.fixture(scope="module")
def shared_seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive(tmp_path_factory.mktemp("seeds") / "seeds.db") as archive:
        archive.ingest(ROOT.parent / "shared" / "seeds")
        yield archive


@needs_shared
@pytest.mark.parametrize("name", ["Jaafari", "Ja'afari", "Ja’afari", "al-Jaafari", "الجعفري"])
def test_a_name_finds_the_same_articles_however_it_is_typed(
    shared_seeds: Archive, name: str
) -> None:
    paths = sorted(hit.article.path for hit in shared_seeds.search(name).hits)
    assert paths == ["000_f3073299ce1460fb.txt", "003_b007b64835766e1b.txt"]


@needs_shared
def test_the_seed_articles_tell_what_they_can(shared_seeds: Archive) -> None:
    known = {
        Path(hit.article.path).name[:3]: (
            hit.article.author,
            hit.article.published,
            hit.article.source,
        )
        for hit in shared_seeds.search("").hits
    }
    assert known == {"000": ("Scott Lucas", "2017-11-01", None), "003": (None, None, "AFP")}


@needs_shared
@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("Sochi boycott", "003"),
        ("Scott Lucas", "000"),
        ("Ahmad Ramadan", "000"),
        ("black humor", "003"),
        ("de-escalation zones", "000"),
        ("resolution 2254", "003"),
        ("Afrin canton", "000"),
    ],
)
def test_known_answers_in_the_seed_articles(
    shared_seeds: Archive, query: str, article: str
) -> None:
    assert shared_seeds.search(query).hits[0].article.path.startswith(article)
