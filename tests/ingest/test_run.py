"""How files become an archive."""

import gzip
import io
import json
import os
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from conftest import CORPORA, ROOT, assert_sound, content, counts, needs_shared

from syriasearch import Archive, ArchiveReadOnlyError, EmptySourceError, OptionError, SourceError


def test_a_folder_becomes_an_archive(archive: Archive) -> None:
    report = archive.ingest(CORPORA / "default")
    assert counts(report) == {"added": 6}
    assert report.problems == ()
    assert_sound(archive.path)


def test_a_second_run_changes_nothing(archive: Archive) -> None:
    archive.ingest(CORPORA / "default")
    before = content(archive.path)
    assert counts(archive.ingest(CORPORA / "default")) == {"unchanged": 6}
    assert content(archive.path) == before


def test_metadata_and_what_the_text_tells(archive: Archive, sql) -> None:
    archive.ingest(CORPORA / "default")
    rows = sql(
        archive,
        "SELECT path, slug, title, author, source, published, lang FROM articles ORDER BY path",
    )
    assert rows == [
        (
            "afrin.md",
            "2018-03-05-afrin-a-road-reopens",
            "Afrin: a road reopens",
            "Nadia Karim",
            "Sample Wire",
            "2018-03-05",
            "en",
        ),
        (
            "arabic.md",
            "2018-03-06-bashar-al-jaafari-sochi",
            "الجعفري يتحدث عن سوتشي",
            None,
            "Sample Wire",
            "2018-03-06",
            "ar",
        ),
        (
            "caption.txt",
            "the-un-envoy-told-reporters-that-he-had-no-new-date-for-talks-and-that-nobody",
            "The UN envoy told reporters that he had no new date for talks and that nobody should "
            "expect one before the…",
            None,
            "AFP",
            None,
            "en",
        ),
        (
            "congress.txt",
            "2018-03-03-delegates-left-the-hall-in-sochi-after-one-day",
            "Delegates left the hall in Sochi after one day",
            "Nadia Karim",
            None,
            "2018-03-03",
            "en",
        ),
        (
            "wires.jsonl#w1",
            "2018-03-07-idlib-quiet-after-truce",
            "Idlib quiet after truce",
            "Omar Tahan",
            "Other Wire",
            "2018-03-07",
            "en",
        ),
        (
            "wires.jsonl#w2",
            "2018-03-08-astana-talks-end",
            "Astana talks end",
            None,
            "Other Wire",
            "2018-03-08",
            "en",
        ),
    ]


def test_paragraphs_have_their_kinds(archive: Archive, sql) -> None:
    archive.ingest(CORPORA / "default" / "congress.txt")
    assert [kind for (kind,) in sql(archive, "SELECT kind FROM paragraphs ORDER BY id")] == [
        "title",
        "byline",
        "body",
        "body",
        "body",  # it was glued to the one before
        "heading",
        "body",
    ]


def test_a_changed_file_replaces_its_article_under_the_same_slug(
    archive: Archive, folder, sql
) -> None:
    news = folder(
        {"a.txt": "Talks begin\n\nThe talks began in Homs, he said.", "b.txt": "Other text."}
    )
    archive.ingest(news)
    before = sql(archive, "SELECT id, slug FROM articles WHERE path = 'a.txt'")
    folder({"a.txt": "Talks end\n\nThe talks ended in Hama, he said."})
    assert counts(archive.ingest(news)) == {"updated": 1, "unchanged": 1}
    assert sql(archive, "SELECT id, slug FROM articles WHERE path = 'a.txt'") == before
    assert archive.search("began").total == 0
    assert archive.search("ended").hits[0].article.title == "Talks end"
    assert_sound(archive.path)


def test_articles_that_have_gone_stay_unless_pruned(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One in Homs.", "b.jsonl": '{"text": "Two."}\n{"text": "Three."}\n'})
    archive.ingest(news)
    (news / "a.txt").unlink()
    (news / "b.jsonl").write_text('{"text": "Two."}\n')
    assert counts(archive.ingest(news)) == {"unchanged": 1}
    assert counts(archive.ingest(news, prune=True)) == {"unchanged": 1, "removed": 2}
    assert_sound(archive.path)


def test_an_empty_folder_is_pruned_with_force_only(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One in Homs."})
    archive.ingest(news)
    (news / "a.txt").unlink()
    before = content(archive.path)
    with pytest.raises(EmptySourceError, match=r"1 article in the archive: .* add force") as caught:
        archive.ingest(news, prune=True)
    assert caught.value.folders == {str(news): 1}
    assert content(archive.path) == before
    assert counts(archive.ingest(news)) == {}
    assert counts(archive.ingest(news, prune=True, force=True)) == {"removed": 1}


def test_one_empty_folder_among_several_is_not_pruned(archive: Archive, folder) -> None:
    one, two = folder({"a.txt": "One."}, name="one"), folder({"b.txt": "Two."}, name="two")
    archive.ingest(one, two)
    (two / "b.txt").unlink()
    with pytest.raises(EmptySourceError, match="two has no files any more"):
        archive.ingest(one, two, prune=True)
    assert archive.search("").total == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_problem_elsewhere_leaves_an_empty_folder_protected(archive: Archive, folder) -> None:
    one, two = folder({"a.txt": "One."}, name="one"), folder({"b.txt": "Two."}, name="two")
    archive.ingest(one, two)
    (two / "b.txt").unlink()
    (one / "c.txt").symlink_to("nowhere")
    with pytest.raises(EmptySourceError, match="two has no files any more"):
        archive.ingest(one, two, prune=True)


def test_an_empty_folder_in_a_folder_is_not_pruned_if_it_was_a_source(
    archive: Archive, folder
) -> None:
    news = folder({"a.txt": "One.", "disk/b.txt": "Two."})
    archive.ingest(news / "disk")
    archive.ingest(news)
    (news / "disk" / "b.txt").unlink()
    with pytest.raises(EmptySourceError, match="disk has no files any more"):
        archive.ingest(news, prune=True)
    assert archive.search("").total == 2


@pytest.mark.parametrize("left", ["README", ".hidden", "image.png", "inner/image.png"])
def test_files_that_are_not_read_leave_a_folder_empty(archive: Archive, folder, left: str) -> None:
    news = folder({"a.txt": "One.", left: "no article"})
    archive.ingest(news)
    (news / "a.txt").unlink()
    with pytest.raises(EmptySourceError):
        archive.ingest(news, prune=True)


def test_a_folder_that_is_part_of_a_source_is_not_pruned_when_empty(
    archive: Archive, folder
) -> None:
    news = folder({"a.txt": "One.", "inner/b.txt": "Two."})
    archive.ingest(news)
    (news / "inner" / "b.txt").unlink()
    with pytest.raises(EmptySourceError, match="inner has no files any more"):
        archive.ingest(news / "inner", prune=True)
    assert counts(archive.ingest(news, prune=True)) == {"unchanged": 1, "removed": 1}


def test_a_folder_whose_files_were_all_replaced_is_pruned(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One.", "b.txt": "Two."})
    archive.ingest(news)
    (news / "a.txt").unlink()
    (news / "b.txt").unlink()
    folder({"c.txt": "Three."})
    assert counts(archive.ingest(news, prune=True)) == {"added": 1, "removed": 2}


def test_an_empty_folder_without_articles_is_no_error(archive: Archive, folder, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    news = folder({"a.txt": "One."})
    assert counts(archive.ingest(news, tmp_path / "empty", prune=True)) == {"added": 1}


def test_a_dry_run_is_refused_as_a_run_would_be(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One."})
    archive.ingest(news)
    (news / "a.txt").unlink()
    with pytest.raises(EmptySourceError):
        archive.ingest(news, prune=True, dry_run=True)
    assert archive.ingest(news, prune=True, force=True, dry_run=True).removed == 1


@pytest.mark.parametrize("prune", [False, True])
@pytest.mark.parametrize(
    ("old", "new"), [("a.txt", "b.txt"), ("a.txt", "sub/a.txt"), ("sub/a.txt", "a.txt")]
)
def test_a_renamed_file_keeps_its_article(
    archive: Archive, folder, old: str, new: str, prune: bool
) -> None:
    news = folder({old: "One in Homs.", "c.txt": "Two in Homs."})
    archive.ingest(news)
    before = {hit.article.id: hit.article.slug for hit in archive.search("Homs").hits}
    (news / new).parent.mkdir(exist_ok=True)
    (news / old).rename(news / new)
    would = archive.ingest(news, prune=prune, dry_run=True)
    report = archive.ingest(news, prune=prune)
    assert counts(would) == counts(report) == {"unchanged": 2}
    hits = archive.search("Homs").hits
    assert {hit.article.id: hit.article.slug for hit in hits} == before
    assert {hit.article.path for hit in hits} == {new, "c.txt"}
    assert counts(archive.ingest(news, prune=True)) == {"unchanged": 2}
    assert_sound(archive.path)


def test_a_copied_file_is_another_article(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One in Homs."})
    archive.ingest(news)
    (news / "b.txt").write_bytes((news / "a.txt").read_bytes())
    assert counts(archive.ingest(news)) == {"added": 1, "unchanged": 1}


def test_the_articles_of_a_renamed_file_keep_their_slugs(archive: Archive, folder) -> None:
    news = folder({"a.jsonl": '{"text": "One."}\n{"text": "One."}\n{"text": "Two."}\n'})
    archive.ingest(news)
    before = {hit.article.slug for hit in archive.search("", all_copies=True).hits}
    (news / "a.jsonl").rename(news / "b.jsonl")
    assert counts(archive.ingest(news, prune=True)) == {"unchanged": 3}
    assert {hit.article.slug for hit in archive.search("", all_copies=True).hits} == before


def test_pruning_a_file_leaves_its_neighbours(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One.", "b.txt": "Two."})
    archive.ingest(news)
    assert counts(archive.ingest(news / "a.txt", prune=True)) == {"unchanged": 1}


def test_pruning_keeps_what_cannot_be_read_now(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One.", "b.txt": "Two."})
    archive.ingest(news)
    (news / "a.txt").write_bytes(b"\x00\x01\x02\x03" * 50)
    assert counts(archive.ingest(news, prune=True)) == {"unchanged": 1, "failed": 1}
    assert archive.search("one").total == 1


def test_pruning_keeps_what_is_there_though_no_reader_reads_it(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One.", "b.asc": "Two."})
    archive.ingest(news, news / "b.asc")
    assert counts(archive.ingest(news, prune=True)) == {"unchanged": 1}


def test_pruning_one_of_two_folders_with_the_same_file_leaves_the_other(
    archive: Archive, folder
) -> None:
    one, two = folder({"a.txt": "Same."}, name="one"), folder({"a.txt": "Same."}, name="two")
    archive.ingest(one)
    archive.ingest(two)
    archive.ingest(one)
    (one / "a.txt").unlink()
    archive.ingest(one, prune=True, force=True)
    assert archive.search("same").total == 1


@pytest.mark.parametrize("first", ["", "inner", "inner/a.txt"])
@pytest.mark.parametrize("then", ["", "inner", "inner/a.txt"])
def test_a_file_is_the_same_article_whichever_way_it_is_reached(
    archive: Archive, folder, first: str, then: str
) -> None:
    news = folder({"inner/a.txt": "One."})
    assert counts(archive.ingest(news / first)) == {"added": 1}
    assert counts(archive.ingest(news / then)) == {"unchanged": 1}
    assert counts(archive.ingest(news / then, news / first)) == {"unchanged": 1}


@pytest.mark.parametrize("first", ["", "inner"])
@pytest.mark.parametrize("then", ["", "inner"])
def test_pruning_reaches_what_came_in_another_way(
    archive: Archive, folder, first: str, then: str
) -> None:
    news = folder({"inner/a.txt": "One.", "inner/b.txt": "Two."})
    archive.ingest(news / first)
    (news / "inner" / "a.txt").unlink()
    assert counts(archive.ingest(news / then, prune=True)) == {"unchanged": 1, "removed": 1}


def test_two_folders_may_hold_files_of_one_name(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "The first text."}, name="one"))
    report = archive.ingest(folder({"a.txt": "The second text."}, name="two"))
    assert counts(report) == {"added": 1}
    assert archive.search("text").total == 2


def test_a_folder_that_has_moved_is_the_same_folder(archive: Archive, folder, sql) -> None:
    news = folder({"a.txt": "One.", "b.txt": "Two."})
    archive.ingest(news)
    moved = news.rename(news.with_name("moved"))
    assert counts(archive.ingest(moved)) == {"unchanged": 2}
    (moved / "a.txt").write_text("Another one.")
    assert counts(archive.ingest(moved)) == {"unchanged": 1, "updated": 1}


def test_a_folder_is_the_same_from_everywhere(
    archive: Archive, folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = folder({"a.txt": "One."})
    archive.ingest(news)
    monkeypatch.chdir(news)
    assert counts(archive.ingest(".")) == {"unchanged": 1}
    assert counts(archive.ingest("a.txt")) == {"unchanged": 1}
    assert counts(archive.ingest("*.txt")) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("بشار الأسد في حلب", "2018-01-27-bashar-al-assad-aleppo"),
        ("حلب: 12 قتيلا و BBC", "2018-01-27-aleppo-12-bbc"),
        ("أخبار اليوم", "2018-01-27-article"),
        ("Ναι в Алеппо", "2018-01-27-nai-v-aleppo"),
    ],
)
def test_a_slug_has_known_names_for_arabic_ones_and_no_other_words(
    archive: Archive, folder, title: str, slug: str
) -> None:
    archive.ingest(folder({"a.md": f'---\ntitle: "{title}"\ndate: 2018-01-27\n---\n\nنص.\n'}))
    assert slug in archive


def test_slugs_of_equal_titles_are_numbered(archive: Archive, folder, sql) -> None:
    line = '{"title": "News", "date": "2018-01-01", "text": "The text is %d."}\n'
    archive.ingest(folder({"a.jsonl": "".join(line % number for number in range(3))}))
    assert [slug for (slug,) in sql(archive, "SELECT slug FROM articles ORDER BY id")] == [
        "2018-01-01-news",
        "2018-01-01-news-2",
        "2018-01-01-news-3",
    ]


def test_one_bad_file_never_stops_a_run(archive: Archive, sql) -> None:
    report = archive.ingest(CORPORA / "broken")
    lost = {problem.path for problem in report.problems if problem.lost}
    assert lost == {
        "binary.txt",
        "blank.txt",
        "empty.txt",
        "lines.jsonl#2",
        "lines.jsonl#3",
        "lines.jsonl#4",
    }
    assert counts(report) == {"added": 9, "failed": 6}
    assert sql(archive, "SELECT count(*) FROM ingest_problems WHERE lost")[0] == (6,)
    assert_sound(archive.path)


def test_an_impossible_date_is_null_and_told(archive: Archive, sql) -> None:
    report = archive.ingest(CORPORA / "broken" / "lines.jsonl")
    messages = [problem.message for problem in report.problems if problem.path.endswith("#date")]
    assert messages == ["the date '2018-02-31' was not understood: write it as 2018-01-27"]
    assert sql(archive, "SELECT published FROM articles WHERE path LIKE '%#date'") == [(None,)]


def test_every_run_is_recorded(archive: Archive, sql) -> None:
    archive.ingest(CORPORA / "default")
    archive.ingest(CORPORA / "default")
    rows = sql(archive, "SELECT added, unchanged, finished_at IS NOT NULL FROM ingest_runs")
    assert rows == [(6, 0, 1), (0, 6, 1)]


def test_a_missing_source_is_an_error_before_anything_is_done(archive: Archive) -> None:
    with pytest.raises(SourceError, match=r"there is no 'nowhere/': name a file or a folder"):
        archive.ingest(CORPORA / "default", "nowhere/")
    with pytest.raises(SourceError):
        archive.ingest("*.nothing")
    assert not archive.path.exists()


def test_files_that_no_reader_reads_are_counted(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One.", "b.dat": b"PK", "c.dat": b"PK", ".hidden.txt": "No."})
    report = archive.ingest(news)
    assert (report.added, report.skipped) == (1, {".dat": 2})


def test_a_file_that_is_named_is_read_whatever_its_ending(archive: Archive, folder) -> None:
    news = folder({"article.asc": "The text."})
    assert counts(archive.ingest(news / "article.asc")) == {"added": 1}


def test_links_to_folders_are_told_and_not_followed(archive: Archive, folder) -> None:
    news = folder({"inner/a.txt": "One."})
    (news / "inner" / "loop").symlink_to(news)
    (news / "b.txt").symlink_to(news / "inner" / "a.txt")  # the same file again
    report = archive.ingest(news)
    assert (report.added, report.skipped) == (1, {"links to folders": 1})


def test_a_pipe_in_a_folder_does_not_block_a_run(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One."})
    os.mkfifo(news / "b.txt")
    (news / "c.jsonl").symlink_to("/dev/zero")
    report = archive.ingest(news)
    assert counts(report) == {"added": 1, "failed": 2}
    assert {problem.message for problem in report.problems} == {"is no regular file: leave it out"}


def test_what_should_not_have_happened_is_a_problem_too(
    archive: Archive, folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("syriasearch.ingest.prepare.markdown_blocks", fail)
    report = archive.ingest(folder({"a.md": "One.", "b.txt": "Two."}))
    assert counts(report) == {"added": 1, "failed": 1}
    assert "(ZeroDivisionError: by zero)" in report.problems[0].message


@pytest.mark.parametrize("source", ["", "x" * 5000, "a\0b"])
def test_a_path_that_is_none_is_an_error_of_ours(archive: Archive, source: str) -> None:
    with pytest.raises(SourceError):
        archive.ingest(source)


def test_a_term_that_fts5_cuts_is_cut_alike(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "Homs " + "x" * 40_000 + " " + "\u0434" * 20_000}))
    assert_sound(archive.path)


def test_many_articles_of_one_title_have_slugs_of_their_own(archive: Archive, folder, sql) -> None:
    line = '{"title": "News", "text": "Number %d."}\n'
    archive.ingest(folder({"a.jsonl": "".join(line % number for number in range(1000))}))
    (found,) = sql(archive, "SELECT count(DISTINCT slug), max(length(slug)) FROM articles")
    assert found == (1000, len("news-1000"))


def test_a_file_name_that_is_no_utf_8(archive: Archive, folder, sql) -> None:
    archive.ingest(folder({os.fsdecode(b"caf\xe9.txt"): "One."}))
    assert sql(archive, "SELECT path FROM articles") == [("caf\\xe9.txt",)]


def test_an_archive_that_was_opened_to_read_cannot_be_filled(corpus_path: Path) -> None:
    with (
        Archive(corpus_path, readonly=True) as archive,
        pytest.raises(ArchiveReadOnlyError, match="was opened to read"),
    ):
        archive.ingest(CORPORA / "default")


def test_progress_is_told_in_bytes(archive: Archive, folder) -> None:
    calls: list[tuple[int, int, str]] = []
    news = folder({"a.txt": "One.", "b.txt": "Three."})
    archive.ingest(news, progress=lambda *call: calls.append(call))
    assert calls == [(0, 10, "a.txt"), (4, 10, "b.txt"), (10, 10, "")]


@needs_shared
def test_real_news_goes_in_whole(archive: Archive) -> None:
    report = archive.ingest(
        ROOT.parent / "shared" / "data" / "news" / "fa_kes.jsonl", ROOT.parent / "shared" / "seeds"
    )
    assert counts(report) == {"added": 480}
    assert_sound(archive.path)


@pytest.mark.parametrize("piece", ["A", "BEIRUT ", "U.S.", "كان.", "“", "Aaa.Bbb ", "[", "\n a"])
@pytest.mark.slow
def test_a_megabyte_of_anything_is_an_article(archive: Archive, folder, piece: str) -> None:
    text = "Homs. " + piece * (10**6 // len(piece))
    report = archive.ingest(folder({"a.txt": text, "b.md": text[:50_000]}))
    assert counts(report) == {"added": 2}
    assert archive.search("Homs", all_copies=True).total == 2


# Formats, and text as it is scraped

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>{0}</title></head><body><article><h1>{0}</h1>'
    "<p>The road to {0} was opened on Monday, and the first trucks have reached the town.</p>"
    "<p>Nobody knows for how long it will stay open, a driver said at the last checkpoint.</p>"
    "</article></body></html>"
)


@pytest.fixture
def given_on_stdin(monkeypatch: pytest.MonkeyPatch):
    def give(data: str) -> None:
        stream = io.TextIOWrapper(io.BytesIO(data.encode()))
        monkeypatch.setattr(sys, "stdin", stream)

    return give


def zip_of(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name, content in files.items():
            container.writestr(name, content)
    return out.getvalue()


def test_an_article_in_a_container_is_known_by_the_whole_path(archive, folder, sql) -> None:
    news = folder(
        {
            "a.zip": zip_of({"b/c.jsonl": '{"id": "x", "text": "One."}', "d.md": "Two."}),
            "e.json.gz": gzip.compress(b'[{"text": "Three."}]'),
            "f.html": PAGE.format("Homs"),
        }
    )
    assert counts(archive.ingest(news)) == {"added": 4}
    assert sql(archive, "SELECT path FROM articles ORDER BY path") == [
        ("a.zip#b/c.jsonl#x",),
        ("a.zip#d.md",),
        ("e.json.gz#1",),
        ("f.html",),
    ]
    assert counts(archive.ingest(news, prune=True)) == {"unchanged": 4}


def test_what_has_gone_from_a_container_is_pruned(archive, folder) -> None:
    news = folder({"a.zip": zip_of({"b.txt": "One.", "c.txt": "Two."})})
    archive.ingest(news)
    folder({"a.zip": zip_of({"b.txt": "One."})})
    assert counts(archive.ingest(news)) == {"unchanged": 1}
    assert counts(archive.ingest(news, prune=True)) == {"unchanged": 1, "removed": 1}


@pytest.mark.slow
def test_what_a_damaged_container_held_is_not_pruned(archive, folder) -> None:
    data = gzip.compress(b"".join(b'{"text": "Text %d."}\n' % n * 9 for n in range(3000)))
    news = folder({"a.jsonl.gz": data})
    archive.ingest(news)
    folder({"a.jsonl.gz": data[: len(data) // 2]})
    report = archive.ingest(news, prune=True)
    assert report.removed == 0
    assert "is damaged behind" in report.problems[-1].message


def test_an_unchanged_page_is_not_made_again(archive, folder, monkeypatch) -> None:
    news = folder({"a.html": PAGE.format("Homs")})
    archive.ingest(news)
    monkeypatch.setattr("syriasearch.ingest.readers.html.read_text", None)
    assert counts(archive.ingest(news)) == {"unchanged": 1}


def test_a_new_version_of_the_cleaning_takes_each_article_in_again_once(
    archive, folder, sql, monkeypatch
) -> None:
    news = folder({"a.txt": "One.", "b.html": PAGE.format("Homs")})
    archive.ingest(news)
    before = sql(archive, "SELECT id, slug FROM articles ORDER BY id")
    monkeypatch.setattr("syriasearch.ingest.readers.base.CLEANING", 999)
    assert counts(archive.ingest(news)) == {"updated": 2}
    assert counts(archive.ingest(news)) == {"unchanged": 2}
    assert sql(archive, "SELECT id, slug FROM articles ORDER BY id") == before


def test_columns_are_mapped(archive, folder, sql) -> None:
    news = folder({"a.csv": "Hed,Body copy,Day\nOne,A text.,3/4/2018\n"})
    columns = {"title": "Hed", "text": "Body copy", "date": "Day"}
    report = archive.ingest(news, columns=columns, dates="day-first")
    assert report.problems == ()
    assert sql(archive, "SELECT title, published, path FROM articles") == [
        ("One", "2018-04-03", "a.csv#2")
    ]


def test_a_date_of_two_months_is_told(archive, folder) -> None:
    report = archive.ingest(folder({"a.csv": "title,text,date\nOne,A text.,3/4/2018\n"}))
    assert [(problem.path, problem.lost) for problem in report.problems] == [("a.csv#2", False)]
    assert "may be of two months" in report.problems[0].message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "title,text,date\nOne,A text.,3/4/2018\n"),
        ("a.md", "---\ndate: 3/4/2018\n---\nA text."),
        ("a.txt", "Rebuilding plan\n3/4/2018\n\nThe talks went on for a second day.\n"),
    ],
)
def test_an_order_of_days_that_is_given_later_reaches_what_is_stored(
    archive, folder, sql, name: str, text: str
) -> None:
    news = folder({name: text, "b.txt": "Another text.\n"})
    days = []
    for dates in (None, "day-first", None, "month-first"):
        archive.ingest(news, dates=dates)
        days += sql(archive, "SELECT published FROM articles ORDER BY path LIMIT 1")
    assert days == [(None,), ("2018-04-03",), ("2018-04-03",), ("2018-03-04",)]
    assert counts(archive.ingest(news, dates="month-first")) == {"unchanged": 2}


def test_a_date_that_is_still_to_come_is_null_and_told(archive, folder, sql) -> None:
    report = archive.ingest(folder({"a.md": "---\ndate: 2091-01-01\n---\nA text."}))
    assert report.problems[0].message == "the date 2091-01-01 is still to come: mend it"
    assert sql(archive, "SELECT published FROM articles") == [(None,)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "word"}, "there is no format 'word': take one of .*warc, pdf,"),
        ({"columns": {"headline": "Hed"}}, "there is no field 'headline' to map: take id, title"),
        ({"dates": "american"}, "dates are day-first or month-first"),
    ],
)
def test_an_option_that_cannot_be_used_is_an_error(archive, folder, options, message) -> None:
    with pytest.raises(OptionError, match=message):
        archive.ingest(folder({"a.txt": "One."}), **options)


def test_a_file_is_read_as_it_is_told_to_be(archive, folder, sql) -> None:
    news = folder({"a.dump": PAGE.format("Homs").removeprefix("<!DOCTYPE html>")[6:]})
    archive.ingest(news / "a.dump", format="html")
    assert sql(archive, "SELECT title FROM articles") == [("Homs",)]


def test_standard_input_is_read(archive, given_on_stdin, sql) -> None:
    given_on_stdin('{"id": "x", "text": "One."}\n{"text": "Two."}\n')
    assert counts(archive.ingest("-", format="jsonl")) == {"added": 2}
    ((first,), (other,)) = sql(archive, "SELECT path FROM articles ORDER BY id")
    assert first == "-#x"
    assert len(other) == len("-#") + 16


def test_what_came_on_standard_input_is_known_again_wherever_it_stands(
    archive, given_on_stdin
) -> None:
    given_on_stdin('{"text": "One."}\n')
    archive.ingest("-", format="jsonl")
    given_on_stdin('{"text": "Two."}\n{"text": "One."}\n')
    assert counts(archive.ingest("-", format="jsonl", prune=True)) == {"added": 1, "unchanged": 1}


TABLE = "id,title,text\n1,Talks end,The talks ended in Homs on Monday.\n"


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (TABLE, {"unchanged": 1}),
        (TABLE.replace("Monday", "Tuesday"), {"updated": 1}),
        (TABLE.replace("Talks end", "No result"), {"updated": 1}),
        (TABLE.replace("The talks ended in Homs on Monday", "Nobody came"), {"updated": 1}),
        ("id,title,text\n1,Aleppo,A siege went on for weeks.\n", {"added": 1}),
        ("id,text\n1,A siege went on for weeks.\n", {"added": 1}),
        ("id,text\n1,Homs.\n", {"added": 1}),
    ],
)
def test_a_row_on_standard_input_replaces_no_other_article_of_its_number(
    archive, given_on_stdin, second: str, expected: dict[str, int]
) -> None:
    given_on_stdin(TABLE)
    archive.ingest("-", format="csv")
    for counted in (expected, {"unchanged": 1}):
        given_on_stdin(second)
        assert counts(archive.ingest("-", format="csv")) == counted
    assert_sound(archive.path)


def test_an_address_tells_that_a_row_is_the_article_of_its_number(archive, given_on_stdin) -> None:
    for text in ("The talks ended in Homs.", "A siege went on for weeks."):
        given_on_stdin(f"id,url,text\n1,https://a.example/1,{text}\n")
        archive.ingest("-", format="csv")
    assert len(archive) == 1


def test_text_on_standard_input_needs_no_format(archive, given_on_stdin) -> None:
    given_on_stdin("Talks end\n\nThe talks ended in Homs, he said.")
    assert counts(archive.ingest("-")) == {"added": 1}


def test_lines_of_a_site_are_left_out_of_scraped_text_and_told(archive, folder, sql) -> None:
    line = '{"id": "x", "text": "The talks ended.\\n\\nShare this article\\n\\nNobody spoke."}\n'
    report = archive.ingest(
        folder({"a.jsonl": line, "b.txt": "One.\n\nShare this article\n\nTwo."})
    )
    assert [(each.path, each.message, each.lost) for each in report.problems] == [
        ("a.jsonl#x", "removed page furniture: 'Share this article'", False)
    ]
    kept = sql(archive, "SELECT count(*) FROM paragraphs WHERE text LIKE 'Share%'")
    assert kept == [(1,)]  # in the file that somebody has written


def test_garbled_text_is_mended_and_told(archive, folder) -> None:
    garbled = "المحادثات انتهت في جنيف".encode().decode("latin-1")
    report = archive.ingest(folder({"a.txt": f"Talks\n\n{garbled}"}))
    assert "garbled" in report.problems[0].message
    assert archive.search("المحادثات").total == 1


def test_one_block_is_cut_into_passages(archive, folder, sql) -> None:
    archive.ingest(folder({"a.jsonl": '{"text": "%s"}' % ("The talks in Homs went on. " * 150)}))
    (longest,) = sql(archive, "SELECT max(length(text)) FROM paragraphs")[0]
    assert longest < 1000
    assert_sound(archive.path)


def test_what_is_html_is_found_by_its_words_alone(archive, folder) -> None:
    archive.ingest(folder({"a.json": '{"content": "<p class=x>The talks</p><p>ended.</p>"}'}))
    assert archive.search("talks").total == 1
    assert archive.search("class").total == 0


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("By Layla Haddad", "Layla Haddad"),
        ("BY: Layla Haddad", "Layla Haddad"),
        ("بقلم: ليلى حداد", "ليلى حداد"),
        ("Byron Little", "Byron Little"),
        ("By", None),
    ],
)
def test_an_author_is_a_name_and_no_byline(tmp_path, byline: str, author: str | None) -> None:
    line = json.dumps({"text": "A text.", "byline": byline}) + "\n"
    (tmp_path / "a.jsonl").write_text(line)
    with Archive(tmp_path / "a.db") as archive:
        archive.ingest(tmp_path / "a.jsonl")
        assert archive.search("text").hits[0].article.author == author


def test_names_do_not_make_the_text_index_write_before_its_batch_ends(tmp_path: Path) -> None:
    names = "Adam Brian Carl David Edward Frank George Henry Isaac James Kevin Louis".split()
    news = tmp_path / "news"
    news.mkdir()
    for number, name in enumerate(names):
        text = f"Statement {number}\n\nColonel {name} Hamilton spoke in Damascus.\n"
        (news / f"{number}.txt").write_text(text, encoding="utf-8")
    with Archive(tmp_path / "x.db") as archive:
        archive.ingest(news)
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        segments = connection.execute("SELECT count(DISTINCT segid) FROM paragraphs_fts_idx")
        assert segments.fetchone() == (1,)


def test_of_many_problems_in_a_file_the_first_hundred_are_reported_and_the_others_counted(
    archive: Archive, tmp_path: Path
) -> None:
    lines = ["no object"] * 250 + ['{"id": "good", "text": "Talks in Geneva."}']
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(lines))
    report = archive.ingest(file)
    assert counts(report) == {"added": 1, "failed": 101}
    assert report.problems[-1].message == "has 150 more problems like these: look at it"
    assert archive.ingest(file).problems == report.problems


def test_notes_on_many_articles_hide_no_problem_and_are_none(archive: Archive, tmp_path) -> None:
    cut = {"text": "The talks ended in Homs on Monday… [+120 chars]"}
    lines = [json.dumps(cut | {"id": number}) for number in range(150)]
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join([*lines, "no object"]))
    report = archive.ingest(file)
    assert counts(report) == {"added": 150, "failed": 1}
    told = [each.message for each in report.problems if each.path == "a.jsonl#151" or each.lost]
    assert told == ["line 151 is not valid JSON (Expecting value): mend or remove it"]
    assert report.problems[-1].message == "has 50 more notes like these: look at it"
