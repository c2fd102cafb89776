"""An event asked for by name: its mentions, or its place and its other words."""

import json

import pytest

from syriasearch import Archive
from syriasearch.entities.gazetteer import WEAK, default_gazetteer
from syriasearch.search.query.event_names import EventPart, telling_parts
from syriasearch.text.stopwords import is_stop_word
from syriasearch.text.tokenize import terms

EVENTS = [entity for entity in default_gazetteer().entities if entity.type == "event"]
NEWS = {
    "attack": "The Ghouta chemical attack was denied.",
    "apart": "Ghouta was shelled.\n\nDoctors treated victims of a chemical.",
    "place": "Ghouta was shelled, it was an attack.",
    "sheikhoun": "Khan Sheikhoun was hit.\n\nIt was a chemical attack.",
    "douma": "An attack came.\n\nIt was in Douma.",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("news")
    for name, text in NEWS.items():
        (folder / f"{name}.txt").write_text(f"Report\n\n{text}", encoding="utf-8")
    archive = Archive(folder / "x.db")
    archive.ingest(folder)
    return archive


def paths(archive: Archive, query: str) -> list[str]:
    page = archive.search(query, match="all")
    assert page.total == len(page.hits)
    return [(hit.article.path or "").removesuffix(".txt") for hit in page.hits]


def test_mentions_come_before_words_apart(archive: Archive) -> None:
    assert paths(archive, "Ghouta chemical attack") == ["attack", "apart"]


@pytest.mark.parametrize(
    "query", ["Ghouta chemical attack", "Guta chemical attack", "the Ghouta chemical attack"]
)
def test_a_name_finds_what_its_place_and_its_other_words_find(archive: Archive, query: str) -> None:
    assert set(paths(archive, query)) >= set(paths(archive, "Ghouta chemical"))


def test_the_kind_of_an_event_is_asked_for_if_nothing_else_tells(archive: Archive) -> None:
    (archive.path.parent / "later.txt").write_text(
        "---\ntitle: x\ndate: 2018-04-10\n---\n\nThe Douma attack was denied.", encoding="utf-8"
    )
    archive.ingest(archive.path.parent)
    assert paths(archive, "Douma attack") == ["later", "douma"]


def test_an_entity_as_a_filter_is_its_mentions(archive: Archive) -> None:
    assert archive.search("", entity="ghouta-chemical-attack").total == 1


def test_words_apart_are_shown_where_nothing_else_is(archive: Archive) -> None:
    shown = {
        hit.article.path: sorted(
            passage.snippet.text[start:end]
            for passage in hit.passages
            for start, end in passage.snippet.highlights
        )
        for hit in archive.search("Ghouta chemical attack").hits
    }
    assert shown == {
        "attack.txt": ["Ghouta chemical attack"],
        "apart.txt": ["Ghouta", "chemical"],
    }


def test_an_article_shows_words_apart_only_without_the_name(archive: Archive) -> None:
    highlights = {}
    for hit in archive.search("Ghouta chemical attack").hits:
        article = archive.article(hit.article.slug, query="Ghouta chemical attack")
        highlights[hit.article.path] = [
            paragraph.text[start:end]
            for paragraph in article.paragraphs
            for start, end in paragraph.highlights
        ]
    assert highlights == {
        "attack.txt": ["Ghouta chemical attack"],
        "apart.txt": ["Ghouta", "chemical"],
    }


def test_an_explanation_says_how_a_name_was_read(archive: Archive) -> None:
    (line,) = archive.search("Ghouta chemical attack", explain=True).explanation
    assert line.startswith("Ghouta chemical attack: Ghouta chemical attack (event) | ")
    assert "the words apart (" in line


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        ([("ghouta", True), ("chemical", False), ("attack", False)], [0, 1]),
        ([("ghouta", True), ("attack", False)], [0, 1]),
        ([("turkish", False), ("offensive", False), ("afrin", True)], [0, 1, 2]),
        ([("vienna", True), ("talks", False), ("of", False), ("2015", False)], [0, 1, 3]),
        ([("geneva", True), ("ii", False), ("conference", False)], [0, 1, 2]),
        ([("operation", False), ("olive", False), ("branch", False)], [1, 2]),
        ([("of", False), ("the", False)], [0, 1]),
        ([("هجوم", False), ("الغوطه", True), ("الكيماوي", False)], [1, 2]),
    ],
)
def test_the_kind_of_an_event_is_left_out_if_the_rest_tells(
    parts: list[tuple[str, bool]], kept: list[int]
) -> None:
    assert telling_parts([EventPart([word], is_name) for word, is_name in parts]) == kept


def _words(name: str) -> list[str]:
    return [word for word in terms(name) if not is_stop_word(word)]


@pytest.fixture(scope="module")
def all_events(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive with an article on each event, and one with its words, each in a paragraph."""
    folder = tmp_path_factory.mktemp("events")
    with (folder / "news.jsonl").open("w", encoding="utf-8") as file:
        for number, event in enumerate(EVENTS):
            since = (event.since or "") + "-01-01"[len(event.since or "") - 4 :]
            apart = "\n\n".join(f"They said {word} again." for word in reversed(_words(event.name)))
            articles = [
                {"title": "On it", "text": f"He spoke about the {event.name}.", "date": since},
                {"title": "Not on it", "text": apart, "date": since},
            ]
            for copy, article in enumerate(articles):
                article["id"] = f"{number}-{copy}"
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
    archive = Archive(folder / "x.db")
    archive.ingest(folder / "news.jsonl")
    return archive


def test_every_event_is_found_by_its_name_and_by_its_words_apart(all_events: Archive) -> None:
    missed = []
    for number, event in enumerate(EVENTS):
        found = {
            (hit.article.path or "").rpartition("#")[2].rpartition("/")[2]
            for hit in all_events.search(event.name, match="all", limit=200).hits
        }
        missed += [
            (event.name, each)
            for each in (f"{number}-0", f"{number}-1")
            if not any(path.endswith(each) for path in found)
        ]
    assert missed == []


def test_no_name_of_an_event_finds_less_than_its_words(all_events: Archive) -> None:
    fewer = []
    for event in EVENTS:
        for alias in (event.name, *event.aliases):
            name = alias.removeprefix(WEAK)
            words = _words(name)
            if " " not in name or len(words) < 2:
                continue
            total = all_events.search(name, limit=1, match="all").total
            by_words = all_events.search(" ".join(reversed(words)), limit=1, match="all").total
            if total < by_words:
                fewer.append((name, total, by_words))
    assert fewer == []
