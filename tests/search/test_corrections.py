"""Which words are searched for in place of a misspelt one, and which are left alone."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from syriasearch import Archive
from syriasearch.cli import main
from syriasearch.text.typing_cost import confused_letters, typing_cost

SENTENCES = (
    "The opposition and the government spoke of humanitarian aid, of sanctions and of an election."
    " Airstrikes hit the hospital; the ceasefire failed. Chemical weapons were found there.",
    "قالت المعارضة إن الحكومة رفضت الاجتماع وإن المفاوضات والمحادثات توقفت بعد القصف.",
)
CERTAIN = {
    "oppositoin": "opposition",
    "opossition": "opposition",
    "oppossition": "opposition",
    "govermment": "government",
    "governmnet": "government",
    "humanitarain": "humanitarian",
    "humaniterian": "humanitarian",
    "sanctoins": "sanctions",
    "sanctiions": "sanctions",
    "airstirkes": "airstrikes",
    "hosptial": "hospital",
    "ceasfire": "ceasefire",
    "chemcial": "chemical",
    "المفاوظات": "المفاوضات",
}
"""Misspelt words, each with the only one that is meant."""
LEFT_ALONE = (
    "Oppositoin",  # with a capital it may be a name
    '"oppositoin"',
    "-oppositoin",
    "opposer",
    "governments",  # a form of the word
    "electric",  # an English word
    "bombng",  # no article has the word that is meant
    "selction",  # of election or of selection
    "hospitalx",  # the last letter may be an ending
    "xhospital",  # the first one is seldom wrong
    "hosxxtal",
    "ospital2",
    "sanctоins",  # with a Cyrillic letter
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which a dozen articles have the same words."""
    folder = tmp_path_factory.mktemp("corrections")
    for number in range(12):
        for language, sentence in zip(("en", "ar"), SENTENCES, strict=True):
            text = f"Report {number} of {language}\n\nOn day {number}: {sentence}\n"
            (folder / f"{language}-{number}.txt").write_text(text)
    (folder / "slip.txt").write_text("A slip\n\nThe chemicla plant of Mr Sanctos was closed.\n")
    path = folder / "news.db"
    with Archive(path) as archive:
        archive.ingest(*sorted(folder.glob("*.txt")))
    return path


@pytest.fixture(scope="module")
def archive(path: Path):
    with Archive(path, readonly=True) as archive:
        yield archive


def corrections(archive: Archive, query: str) -> list[tuple[str, str]]:
    return [(each.word, each.correction) for each in archive.search(query).read_as]


@pytest.mark.parametrize(("typed", "meant"), CERTAIN.items())
def test_a_certain_correction_is_searched_for(archive: Archive, typed: str, meant: str) -> None:
    assert corrections(archive, typed) == [(typed, meant)]
    page = archive.search(typed, all_copies=True)
    assert page.total == archive.search(meant, all_copies=True).total > 0
    assert (page.unknown, page.suggestions) == ((), ())


@pytest.mark.parametrize("query", LEFT_ALONE)
def test_what_is_not_certain_is_left_alone(archive: Archive, query: str) -> None:
    assert corrections(archive, query) == []


def test_the_word_itself_can_be_searched_for(archive: Archive) -> None:
    (read,) = archive.search("oppositoin aid").read_as
    assert (read.query, read.articles, read.entities) == ('"oppositoin" aid', 0, ())
    assert archive.search(read.query).read_as == ()


def test_json_has_the_correction(archive: Archive) -> None:
    (read,) = archive.search("oppositoin").to_dict()["read_as"]
    assert read == {
        "word": "oppositoin",
        "entities": [],
        "query": '"oppositoin"',
        "articles": 0,
        "correction": "opposition",
    }


def test_with_exact_nothing_is_corrected(archive: Archive) -> None:
    assert archive.search("oppositoin", exact=True).read_as == ()


def test_four_words_are_corrected_and_no_more_are_offered_than_two(archive: Archive) -> None:
    page = archive.search(" ".join([*CERTAIN, "elecshun", "aidd", "weaponz"] * 2))
    assert (len({each.word for each in page.read_as}), len(page.suggestions)) == (4, 2)


def test_the_command_tells_it(path: Path) -> None:
    result = CliRunner().invoke(main, ["oppositoin", "--limit", "1", "--db", str(path)])
    assert result.stderr == (
        "Showing 'opposition' for 'oppositoin'; search for the word itself, in no article:"
        f" `syriasearch --db {path} --limit 1 '\"oppositoin\"'`\n"
    )


@pytest.mark.parametrize(
    ("query", "word", "suggestion"),
    [
        ("oppo sition", "oppo sition", "opposition"),
        ("teh", "teh", "the"),
        ("adi", "adi", "aid"),
        ("elecsion", "elecsion", "election"),
        ("Hopsital", "Hopsital", "hospital"),
        ("hosxital", "hosxital", "hospital"),
        ("لامفاوضات", "لامفاوضات", "المفاوضات"),
        ("القضف", "القضف", "القصف"),
    ],
)
def test_the_most_probable_is_offered_first(
    archive: Archive, query: str, word: str, suggestion: str
) -> None:
    page = archive.search(query)
    read = [(each.word, each.correction) for each in page.read_as]
    assert [*read, *((each.word, each.suggestion) for each in page.suggestions)][:1] == [
        (word, suggestion)
    ]


@pytest.mark.parametrize(
    "query", ["x" * 9000, "ا" * 9000, "م" + "x" * 9, "!?!", "oppo" * 12, "Дамаск", "ﺳﻮﺭﻳﺎ", "۱۲۳۴x"]
)
def test_other_input_has_no_correction(archive: Archive, query: str) -> None:
    assert corrections(archive, query) == []


@pytest.mark.parametrize(
    ("typed", "nearer", "farther"),
    [
        ("oposition", "opposition", "position"),
        ("bombign", "bombing", "bombin"),
        ("leibanon", "lebanon", "libanon2"),
        ("ceacefire", "ceasefire", "ceapefire"),
        ("goverment", "government", "garment"),
        ("tge", "the", "toe"),
        ("lenght", "length", "lengot"),
        ("المعارظه", "المعارضه", "المعارله"),
        ("لاقدس", "القدس", "مقدس"),
        ("مسطفى", "مصطفى", "ممطفى"),
    ],
)
def test_common_slips_cost_less(typed: str, nearer: str, farther: str) -> None:
    assert 0 < typing_cost(typed, nearer) < typing_cost(typed, farther)


def test_a_word_costs_nothing_for_itself() -> None:
    assert typing_cost("aleppo", "aleppo") == 0


def test_letters_are_confused_in_both_directions() -> None:
    costs = confused_letters()
    assert all(costs[other, one] <= 1 for one, other in costs)
