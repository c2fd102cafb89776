"""What comes first: words side by side, articles with all words, names in capitals."""

import pytest

from syriasearch import Archive
from syriasearch.search.query.side_by_side import MAX_TERMS

SIDE_BY_SIDE = {
    "said": "Talks\n\nThe envoys left. Nothing was settled, they said. Assad must go, they wrote.",
    "apart": "Assad\n\nAssad must see that they go. Assad will go. Assad must know: must he go?",
    "other": "Markets\n\nThe market was open all day, and the shops were too.",
}


def titles(archive: Archive, query: str, **options) -> list[str]:
    return [hit.article.title for hit in archive.search(query, **options).hits]


@pytest.mark.parametrize(
    "query",
    [
        "Assad must go",
        "assad must go",
        "ASSAD MUST GO",
        "Assad must go.",
        "Assad must go lang:en",
        "must go",
    ],
)
def test_words_as_typed_side_by_side_come_first(archive: Archive, folder, query: str) -> None:
    archive.ingest(folder({f"{name}.txt": text for name, text in SIDE_BY_SIDE.items()}))
    assert titles(archive, query)[0] == "Talks"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("army of conquest", "Conquest"),
        ("conquest of the army", "The other"),
        ("the army of conquest", "Conquest"),
        ("army the", "None"),
    ],
)
def test_stop_words_count_between_words_as_typed(
    archive: Archive, folder, query: str, first: str
) -> None:
    filler = " The town was quiet, and its market was open."
    archive.ingest(
        folder(
            {
                "a.txt": f"Conquest\n\nIn the town the army of conquest met.{filler}",
                "b.txt": f"The other\n\nIn the town the conquest of the army failed.{filler}",
                "c.txt": f"None\n\nThe army the town knew met no conquest here.{filler}",
            }
        )
    )
    assert titles(archive, query)[0] == first


def test_a_phrase_finds_nothing_by_itself_and_is_part_of_the_score(
    archive: Archive, folder
) -> None:
    archive.ingest(folder({f"{name}.txt": text for name, text in SIDE_BY_SIDE.items()}))
    page = archive.search("Assad must go", explain=True)
    assert page.total == 2
    assert page.explanation[-1] == 'side by side Assad must go: "assad must go"'
    for hit in page.hits:
        assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score)


@pytest.mark.parametrize(
    "query",
    ["market", '"market day"', "market OR town", "", '""', "the", "market -town", "title:market"],
)
def test_queries_without_words_in_a_row_have_no_phrase(
    archive: Archive, folder, query: str
) -> None:
    archive.ingest(folder({"a.txt": "Market day\n\nThe market of the town is open."}))
    page = archive.search(query, explain=True)
    assert not any(line.startswith("side by side") for line in page.explanation)


@pytest.mark.parametrize("count", [MAX_TERMS, MAX_TERMS + 1, 60])
def test_a_pasted_text_is_no_phrase(archive: Archive, folder, count: int) -> None:
    archive.ingest(folder({"a.txt": "Market day\n\nThe market of the town is open."}))
    page = archive.search(" ".join(["market", "town"] * count)[: count * 7], explain=True)
    assert page.hits


def test_the_words_of_a_name_are_no_phrase(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "Talks\n\nBashar al-Assad met Walid al-Muallem in Homs."}))
    page = archive.search("Bashar al-Assad source:none", explain=True)
    assert not any(line.startswith("side by side") for line in page.explanation)


FAR = "An opening about Sochi.\n\n" + "The town was quiet and its market open all that day. " * 800


@pytest.mark.parametrize(
    ("query", "last"),
    [("Sochi boycott", "Chronicle"), ("boycott Sochi", "Chronicle"), ("Sochi boycott x", "")],
)
def test_an_article_with_words_far_apart_comes_after_strong_partial_ones(
    archive: Archive, folder, query: str, last: str
) -> None:
    files = {"far.txt": f"Chronicle\n\n{FAR}\n\nOne boycott was called."}
    for each in range(6):
        day = f"The games of Sochi. Sochi prepares for visitors of year {each}."
        files[f"{each}.txt"] = f"Sochi {each}\n\n{day}\n\nThe hall of Sochi was full by noon."
    for each in range(40):
        files[f"day{each}.txt"] = f"Day {each}\n\nThe market of town {each} was open until noon."
    files["near.txt"] = "Lawyers\n\nThe lawyers spoke of a boycott of the games in Sochi."
    archive.ingest(folder(files))
    found = titles(archive, query, all_copies=True)
    assert found[0] == "Lawyers"
    if last:
        assert found[-1] == last


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("WHO", "Health"),
        ("the WHO spoke", "Health"),
        ("WHO report", "Health"),
        ("report WHO", "Health"),
        ("who", "Masks"),
        ("Who", "Masks"),
        ("WHO SPOKE", "Masks"),
    ],
)
def test_an_acronym_in_capitals_is_not_the_word(
    archive: Archive, folder, query: str, first: str
) -> None:
    files = {
        "health.txt": "Health\n\nDoctors spoke in Damascus. A report of the WHO came later.",
        "masks.txt": "Masks\n\nWho spoke? Who knows who they are, and who is who? A report: who!",
    }
    for each in range(4):
        files[f"{each}.txt"] = f"Day {each}\n\nThe town was quiet, and its market {each} open."
    archive.ingest(folder(files))
    assert titles(archive, query)[0] == first


def test_an_acronym_that_no_article_names_is_the_word(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "Masks\n\nNobody knew who they were."}))
    assert titles(archive, "WHO") == ["Masks"]


@pytest.mark.parametrize("query", ["WHO", "the WHO"])
def test_an_acronym_finds_no_article_that_only_has_the_word(
    archive: Archive, folder, query: str
) -> None:
    archive.ingest(
        folder(
            {
                "a.txt": "Masks\n\nNobody knew who they were.",
                "b.txt": "Health\n\nA report of the WHO came later.",
            }
        )
    )
    assert titles(archive, query, match="all") == ["Health"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Turkey", "Ankara"),
        ("Turkey market", "Ankara"),
        ("the market Turkey", "Ankara"),
        ("turkey", "Dinner"),
        ("TURKEY", "Dinner"),
        ("turkey market", "Dinner"),
    ],
)
def test_a_name_with_a_capital_is_not_the_noun(
    archive: Archive, folder, query: str, first: str
) -> None:
    files = {
        "a.txt": "Dinner\n\nA turkey is a bird. The turkey of the market is a turkey for dinner.",
        "b.txt": "Ankara\n\nThe envoys came from Turkey. They spoke, and the market was open.",
    }
    for each in range(20):
        files[f"{each}.txt"] = f"Day {each}\n\nThe town was quiet, and its road {each} open."
    archive.ingest(folder(files))
    page = archive.search(query, explain=True)
    assert page.hits[0].article.title == first
    assert page.total == 2
    assert any(line.startswith("as a name") for line in page.explanation) == (first == "Ankara")
