"""Passages: the paragraphs of an article that are shown."""

import pytest

from syriasearch import Archive
from syriasearch.search import passages
from syriasearch.search.passages import AHEAD, MAX_PARAGRAPHS, RARE


@pytest.fixture(autouse=True, params=[0, RARE], ids=["words", "rare words"])
def _rare(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let words be rare or not, which changes no passage."""
    monkeypatch.setattr(passages, "RARE", request.param)


def article(paragraphs: int, found: dict[int, str]) -> str:
    texts = [found.get(each, f"Paragraph {each} is on Homs.") for each in range(paragraphs)]
    return "\n\n".join(["Report", *texts])


@pytest.mark.parametrize("paragraphs", [AHEAD - 2, AHEAD + 2, MAX_PARAGRAPHS, MAX_PARAGRAPHS + 30])
@pytest.mark.parametrize("where", [0, AHEAD - 3, -1])
def test_the_first_paragraph_with_all_words_is_shown_wherever_it_is(
    archive: Archive, folder, paragraphs: int, where: int
) -> None:
    text = "The market of Homs is open."
    archive.ingest(folder({"a.txt": article(paragraphs, {where % paragraphs: text})}))
    (hit,) = archive.search("market Homs", passages=1).hits
    assert [each.snippet.text for each in hit.passages] == [text]


@pytest.mark.parametrize("paragraphs", [AHEAD - 2, AHEAD + 2, MAX_PARAGRAPHS + 30])
def test_a_paragraph_that_is_spelt_otherwise_is_found(
    archive: Archive, folder, paragraphs: int
) -> None:
    text = "Al-Ja’afari’s de-escalation"
    archive.ingest(folder({"a.txt": article(paragraphs, {paragraphs - 1: text})}))
    (hit,) = archive.search("jaafari's", passages=3).hits
    assert [each.snippet.text for each in hit.passages] == [text]


def test_several_hits_have_passages_of_their_own(archive: Archive, folder) -> None:
    texts = {
        f"{each}.txt": article(3 * each + 1, {each: f"Market {each}."}) for each in range(1, 9)
    }
    archive.ingest(folder(texts))
    hits = archive.search("market", passages=1, all_copies=True).hits
    assert {(hit.article.path, hit.passages[0].snippet.text) for hit in hits} == {
        (f"{each}.txt", f"Market {each}.") for each in range(1, 9)
    }
