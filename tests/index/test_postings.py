"""The postings of an archive are what its text says, whatever has happened to it."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Archive, ArchiveError
from syriasearch.index.document import count_terms, make_document
from syriasearch.index.postings import MAX_FREQUENCY, WORD, Postings, merged, read_segments
from syriasearch.index.reader import IndexReader
from syriasearch.index.segment_writer import FAN, SegmentWriter
from syriasearch.index.vocabulary_writer import VocabularyWriter
from syriasearch.search import matching

Folder = Callable[..., Path]


def articles(numbers: range, text: str = "Talks went on in Sochi.") -> dict[str, str]:
    return {f"{each}.txt": f"Report {each}\n\n{text} Word{each}." for each in numbers}


def segments(path: Path) -> list[int]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT length(articles) / 4 FROM segments ORDER BY id").fetchall()
    connection.close()
    return [size for (size,) in rows]


@pytest.fixture
def ten(archive: Archive, folder: Folder) -> Archive:
    archive.ingest(folder(articles(range(10))))
    return archive


def test_what_was_added_is_sound(ten: Archive) -> None:
    assert ten.check() == ()
    assert ten.search("Sochi").total == 10


def test_an_update_costs_the_one_article(ten: Archive, folder: Folder) -> None:
    ten.ingest(folder({"3.txt": "Report 3\n\nIt rained in Homs."}))
    assert segments(ten.path) == [10, 1]
    assert ten.check() == ()
    assert (ten.search("Sochi").total, ten.search("Homs").total) == (9, 1)
    assert ten.search("Word3").total == 0


def test_what_is_removed_is_not_found(ten: Archive, folder: Folder) -> None:
    (folder({}) / "3.txt").unlink()
    ten.ingest(folder({}), prune=True)
    assert ten.check() == ()
    assert ten.search("Sochi").total == 9


def test_a_segment_of_which_most_has_gone_is_written_anew(ten: Archive, folder: Folder) -> None:
    ten.ingest(folder(articles(range(6), "It rained in Homs.")))
    assert ten.check() == ()
    assert sum(segments(ten.path)) == 10


def test_segments_merge_as_they_grow(archive: Archive, folder: Folder) -> None:
    for number in range(3 * FAN):
        archive.ingest(folder(articles(range(number, number + 1))))
    assert len(segments(archive.path)) <= 6
    assert archive.check() == ()
    assert archive.search("Sochi").total == 3 * FAN


def test_a_word_of_which_all_articles_went_and_another_in_its_place(
    archive: Archive, folder: Folder
) -> None:
    archive.ingest(folder({"a.txt": "Aaa\n\nOnlyhere.", "b.txt": "Bbb\n\nTalks."}))
    archive.ingest(folder({"a.txt": "Aaa\n\nElsewhere."}))
    assert archive.check() == ()
    assert (archive.search("onlyhere").total, archive.search("elsewhere").total) == (0, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM segments",
        "DELETE FROM segments; DELETE FROM postings",
        "UPDATE segments SET articles = x'00'",
    ],
)
def test_postings_that_are_not_those_of_all_articles_are_written_anew_by_the_next_run(
    ten: Archive, folder: Folder, statement: str
) -> None:
    spoil(ten.path, statement)
    ten.ingest(folder({"more.txt": "More\n\nTalks went on in Sochi."}))
    assert ten.check() == ()


def test_postings_that_are_read_together_are_those_of_each(ten: Archive, folder: Folder) -> None:
    ten.ingest(folder({"3.txt": "Report 3\n\nIt rained in Homs."}))
    with closing(sqlite3.connect(ten.path)) as connection:
        index, alone = (IndexReader(connection, read_segments(connection)) for _ in range(2))
        index.read_ahead(WORD, [(1, 2), (3, 1), range(4, 1000)])
        for number in range(1, 1000):
            found, expected = index.get(WORD, number), alone.get(WORD, number)
            assert found.articles.tolist() == expected.articles.tolist()
            assert found.counts.tolist() == expected.counts.tolist()


def test_a_long_query_finds_what_a_short_one_does(
    ten: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one = ten.search("Sochi talks report word3", match="any")
    monkeypatch.setattr(matching, "MANY_CLASSES", 0)
    with Archive(ten.path, readonly=True) as again:
        together = again.search("Sochi talks report word3", match="any")
    assert [hit.score for hit in together.hits] == [hit.score for hit in one_by_one.hits]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE postings SET data = substr(data, 1, length(data) - 3)",
        "UPDATE postings SET data = x''",
        "UPDATE postings SET terms = terms + 1",
        "UPDATE postings SET terms = 'many'",
        "UPDATE postings SET data = zeroblob(length(data))",
        "UPDATE segments SET lengths = x'00'",
        "UPDATE segments SET deleted = x'ffffffff'",
    ],
)
def test_torn_postings_are_told_and_mended(ten: Archive, statement: str) -> None:
    spoil(ten.path, statement)
    with (
        Archive(ten.path, readonly=True) as archive,
        pytest.raises(ArchiveError, match="are damaged: `syriasearch optimize` writes them again"),
    ):
        archive.search("Sochi")
    with Archive(ten.path) as archive:
        assert archive.check() != ()
        archive.optimize()
        assert archive.check() == ()
        assert archive.search("Sochi").total == 10


def test_a_wrong_number_is_found(ten: Archive) -> None:
    spoil(
        ten.path,
        "UPDATE postings SET data = CAST(substr(data, 1, length(data) - 1) || x'21' AS BLOB)",
    )
    (problem,) = ten.check()
    assert problem.startswith("1 articles have other postings than their mentions, such as report-")


def spoil(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(statement)
    connection.close()


def test_what_does_not_fit_is_cut(archive: Archive, folder: Folder) -> None:
    archive.ingest(folder({"a.txt": "Many\n\n" + "talks " * 1000}))
    assert archive.check() == ()
    (part,) = archive.search("talks", explain=True).hits[0].explanation
    assert part.frequency == MAX_FREQUENCY


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "remove", "merge", "optimize"]),
            st.integers(1, 12),
            st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 300), max_size=4),
        ),
        max_size=30,
    )
)
def test_any_run_of_changes_leaves_what_was_last_written(
    changes: list[tuple[str, int, dict[str, int]]],
) -> None:
    from syriasearch.store.creation import empty_archive

    connection = empty_archive()
    writer = SegmentWriter(connection)
    ids = {word: number for number, word in enumerate("abcdef", start=1)}
    there: dict[int, Counter[str]] = {}
    for what, article, words in changes:
        if what == "add":
            if article in there:
                writer.remove(article)
            run = [word for word, count in words.items() for _ in range(count)]
            digest = count_terms([("caption", " ".join(run))])
            entry = make_document(article, None, article * 100, digest, ())
            there[article] = entry.words
            writer.add(entry)
        elif what == "remove" and there.pop(article, None) is not None:
            writer.remove(article)
        elif what == "merge":
            writer.flush(lambda _: ids)
            writer.settle()
        elif what == "optimize":
            writer.flush(lambda _: ids)
            writer.optimize()
    writer.flush(lambda _: ids)
    index = IndexReader(connection, read_segments(connection))
    assert index.articles.tolist() == sorted(there)
    for word, number in ids.items():
        found = index.get(WORD, number)
        expected = {
            article: min(words[word], MAX_FREQUENCY)
            for article, words in sorted(there.items())
            if words[word]
        }
        assert dict(zip(found.articles.tolist(), found.counts.tolist(), strict=True)) == expected
    connection.close()


@given(st.lists(st.dictionaries(st.integers(1, 40), st.integers(1, 9), max_size=20), max_size=5))
def test_merged_postings_are_sums(parts: list[dict[int, int]]) -> None:
    found = merged(
        [
            Postings(
                np.array(sorted(part), np.int32),
                np.array([part[each] for each in sorted(part)], np.float32),
            )
            for part in parts
        ],
        41,
    )
    expected: Counter[int] = Counter()
    for part in parts:
        expected.update(part)
    assert found.articles.tolist() == sorted(expected)
    assert dict(zip(found.articles.tolist(), found.counts.tolist(), strict=True)) == expected


LESS = "PRAGMA foreign_keys = ON; DELETE FROM articles WHERE id = 3"
MORE = (
    "INSERT INTO articles (id, slug, title, path, root, content_hash, word_count, added_at,"
    " updated_at) VALUES (99, 'zz', 'zz', 'p', 'r', 'h', 0, '', '')"
)
OTHERS = {
    "no postings": ("DELETE FROM segments; DELETE FROM postings", 10),
    "an article less": (LESS, 9),
    "an article more": (MORE, 10),
    "other articles in the same number": (f"{LESS}; {MORE}", 9),
}
REBUILDS: dict[str, Callable[[Archive, Path], object]] = {
    "optimize": lambda archive, more: archive.optimize(),
    "ingest": lambda archive, more: archive.ingest(more),
    "doctor --repair": lambda archive, more: archive.repair(),
}


@pytest.mark.parametrize("rebuild", REBUILDS)
@pytest.mark.parametrize(("sql", "total"), OTHERS.values(), ids=OTHERS)
def test_postings_that_are_not_of_the_articles_are_refused_and_rebuilt(
    ten: Archive, folder: Folder, sql: str, total: int, rebuild: str
) -> None:
    spoil(ten.path, sql)
    with (
        Archive(ten.path, readonly=True) as archive,
        pytest.raises(ArchiveError, match=r"postings of .* are damaged: `syriasearch optimize`"),
    ):
        archive.search("Sochi")
    REBUILDS[rebuild](ten, folder({"x.txt": "It rained in Homs."}, "more"))
    assert ten.search("Sochi").total == total


def test_what_another_program_wrote_is_told_and_mended(ten: Archive) -> None:
    spoil(
        ten.path,
        "UPDATE paragraphs SET text = 'Talks went on in Sochi. Entirely.' WHERE id = 2;"
        " UPDATE articles SET published = 'garbage' WHERE id = 5",
    )
    assert {problem.split(":")[0].split(" ", 1)[1].split(",")[0] for problem in ten.check()} == {
        "articles have a date that is none",
        "words are not counted as they stand in the text",
        "articles have another signature than their text",
        "articles have other postings than their text",
    }
    report = ten.repair()
    assert len(report.mended) >= 3
    assert report.left == ten.check()
    assert [line.split(":")[0] for line in report.left] == ["1 articles have a date that is none"]
    assert ten.search("entirely").total == 1


def test_a_word_that_another_process_has_renumbered_is_counted_where_it_is_now() -> None:
    name = "file:renumbered?mode=memory&cache=shared"
    with (
        closing(sqlite3.connect(name, uri=True, isolation_level=None)) as here,
        closing(sqlite3.connect(name, uri=True, isolation_level=None)) as there,
    ):
        here.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, word UNIQUE, stem, count)")
        here.execute("CREATE TABLE settings (id INTEGER PRIMARY KEY, name UNIQUE, value)")
        vocabulary = VocabularyWriter(here)
        vocabulary.refresh()
        vocabulary.add(Counter(truce=1))
        vocabulary.flush()
        there.execute("UPDATE words SET id = 7")
        vocabulary.refresh()
        vocabulary.add(Counter(truce=2, talks=1))
        vocabulary.flush()
        rows = here.execute("SELECT id, word, count FROM words ORDER BY id").fetchall()
    assert rows == [(7, "truce", 3), (8, "talks", 1)]
