"""Unchanged files are passed over, what failed is read again when asked, a dry run does nothing."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import counts

from syriasearch import Archive, OptionError
from syriasearch.cli import main
from syriasearch.ingest.readers import detect


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read."""
    names: list[str] = []
    read = detect.read_items

    def tell(file, **options):
        names.append(file.name)
        return read(file, **options)

    monkeypatch.setattr("syriasearch.ingest.run.read_items", tell)
    return names


def age(*files: Path) -> None:
    """Make files older than what may change again at the same time."""
    for file in files:
        status = file.stat()
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns - 10**10))


def test_a_file_of_the_same_size_and_time_is_not_opened(archive: Archive, folder, opened) -> None:
    news = folder({"a.txt": "One in Homs.", "b.jsonl": '{"text": "Two."}\n{"text": "Three."}\n'})
    age(*news.iterdir())
    archive.ingest(news)
    opened.clear()
    assert counts(archive.ingest(news)) == {"unchanged": 3}
    assert opened == []


def test_a_file_that_was_only_touched_is_not_read(archive: Archive, folder, opened) -> None:
    news = folder({"a.txt": "One in Homs."})
    age(news / "a.txt")
    archive.ingest(news)
    age(news / "a.txt")
    opened.clear()
    assert counts(archive.ingest(news)) == {"unchanged": 1}
    assert opened == []


def test_the_time_of_a_file_that_was_touched_is_kept(archive: Archive, folder, sql) -> None:
    news = folder({"a.txt": "One in Homs."})
    age(news / "a.txt")
    archive.ingest(news)
    age(news / "a.txt")
    archive.ingest(news)
    modified = (news / "a.txt").stat().st_mtime_ns
    assert sql(archive, "SELECT modified FROM files") == [(modified,)]


def test_a_change_of_the_same_length_at_the_same_moment_is_seen(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One in Homs."})
    archive.ingest(news)
    status = (news / "a.txt").stat()
    (news / "a.txt").write_text("Two in Homs.")
    os.utime(news / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(archive.ingest(news)) == {"updated": 1}


def test_a_line_that_is_added_is_one_article(archive: Archive, folder) -> None:
    news = folder({"b.jsonl": '{"id": 1, "text": "Two."}\n'})
    archive.ingest(news)
    with (news / "b.jsonl").open("a") as file:
        file.write('{"id": 2, "text": "Three."}\n')
    assert counts(archive.ingest(news)) == {"unchanged": 1, "added": 1}


def test_how_a_file_is_read_counts_too(archive: Archive, folder) -> None:
    news = folder({"a.csv": "Headline,Kicker,Text\nHoms,Aleppo,One.\n"})
    archive.ingest(news)
    assert counts(archive.ingest(news)) == {"unchanged": 1}
    assert counts(archive.ingest(news, columns={"title": "Kicker"})) == {"updated": 1}


def test_an_article_that_somebody_has_removed_comes_in_again(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One in Homs.", "b.txt": "Two."})
    archive.ingest(news)
    with archive._batch() as (store,):
        root = next(iter(store.origins.roots()))
        store.remove(root, ["a.txt"])
    assert counts(archive.ingest(news)) == {"unchanged": 1, "added": 1}


def test_what_could_not_be_read_is_told_again_and_not_read(archive, folder, opened) -> None:
    news = folder({"a.jsonl": '{"text": "Two."}\n{"text": \n'})
    first = archive.ingest(news)
    opened.clear()
    second = archive.ingest(news)
    assert opened == []
    assert second.problems == first.problems
    assert counts(second) == {"unchanged": 1, "failed": 1}


def test_retry_reads_only_what_failed(archive: Archive, folder, opened) -> None:
    news = folder({"a.txt": "One.", "b.jsonl": '{"text": "Two."}\n{"text": \n'})
    archive.ingest(news)
    (news / "b.jsonl").write_text('{"text": "Two."}\n{"text": "Three."}\n')
    (news / "a.txt").write_text("Another one.")
    (news / "c.txt").write_text("New.")
    opened.clear()
    assert counts(archive.ingest(news, retry=True)) == {"unchanged": 1, "added": 1}
    assert opened == ["b.jsonl"]


def test_what_was_mended_is_retried_no_more(archive: Archive, folder, opened) -> None:
    news = folder({"b.jsonl": '{"text": \n'})
    archive.ingest(news)
    (news / "b.jsonl").write_text('{"text": "Two."}\n')
    archive.ingest(news, retry=True)
    opened.clear()
    archive.ingest(news, retry=True)
    assert opened == []


def test_retrying_removes_nothing_that_is_there(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One.", "b.jsonl": '{"text": \n'})
    archive.ingest(news)
    assert counts(archive.ingest(news, retry=True, prune=True)) == {"failed": 1}


def dump(path: Path) -> bytes:
    return path.read_bytes()


def test_a_dry_run_tells_and_does_nothing(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One.", "b.txt": "Two.", "c.txt": "Three."})
    archive.ingest(news)
    before = dump(archive.path)
    (news / "a.txt").write_text("Another one.")
    (news / "b.txt").unlink()
    (news / "d.jsonl").write_text('{"text": "Four."}\n{"text": \n')
    would = archive.ingest(news, prune=True, dry_run=True)
    assert dump(archive.path) == before
    assert counts(would) == counts(archive.ingest(news, prune=True))


def test_a_dry_run_counts_once_what_more_than_one_place_lacks(archive: Archive, folder) -> None:
    news = folder({"a.jsonl": '{"text": "One."}\n{"text": "Two."}\n', "b.txt": "Three."})
    archive.ingest(news)
    (news / "a.jsonl").write_text('{"text": "One."}\n')
    assert archive.ingest(news, prune=True, dry_run=True).removed == 1


def test_a_dry_run_makes_no_archive(tmp_path: Path, folder) -> None:
    news = folder({"a.txt": "One.", "b.jsonl": "nothing"})
    with Archive(tmp_path / "deep" / "new.db") as archive:
        assert counts(archive.ingest(news, dry_run=True)) == {"added": 1, "failed": 1}
    assert not (tmp_path / "deep").exists()


def test_a_dry_run_of_an_archive_that_was_opened_to_read(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One."})
    archive.ingest(news)
    with Archive(archive.path, readonly=True) as closed:
        assert counts(closed.ingest(news, dry_run=True)) == {"unchanged": 1}


def test_files_of_a_folder_that_has_moved_are_known_there(archive: Archive, folder, sql) -> None:
    news = folder({"a.txt": "One."})
    archive.ingest(news)
    news.rename(news.with_name("moved"))
    archive.ingest(news.with_name("moved"))
    assert sql(archive, "SELECT count(*) FROM files") == [(1,)]


def test_problems_of_a_folder_that_has_moved_are_told_once(archive: Archive, folder) -> None:
    news = folder({"a.jsonl": "nothing\n"})
    archive.ingest(news)
    news.rename(news.with_name("moved"))
    archive.ingest(news.with_name("moved"))
    assert [problem.path for problem in archive.problems()] == ["a.jsonl#1"]


def test_standard_input_cannot_be_retried(archive: Archive) -> None:
    with pytest.raises(OptionError, match="cannot be retried"):
        archive.ingest("-", retry=True)


def test_what_has_gone_is_forgotten_with_its_file(archive: Archive, folder, sql) -> None:
    news = folder({"a.txt": "One.", "b.txt": "Two."})
    archive.ingest(news)
    (news / "a.txt").unlink()
    archive.ingest(news, prune=True)
    assert sql(archive, "SELECT path FROM files") == [("b.txt",)]


# Problems and runs


def test_problems_that_still_stand(archive: Archive, folder) -> None:
    news = folder({"a.jsonl": "nothing\n", "b.jsonl": "nothing\n"})
    archive.ingest(news)
    (news / "a.jsonl").write_text('{"text": "One."}\n')
    archive.ingest(news)
    assert [problem.path for problem in archive.problems()] == ["b.jsonl#1"]
    assert [problem.path for problem in archive.problems(run=1)] == ["a.jsonl#1", "b.jsonl#1"]


def test_a_run_over_another_folder_leaves_problems_standing(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.jsonl": "nothing\n"}, name="one"))
    archive.ingest(folder({"b.txt": "Two."}, name="two"))
    assert [problem.path for problem in archive.problems()] == ["a.jsonl#1"]


def test_a_run_that_is_not_there(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "One."}))
    with pytest.raises(OptionError, match="there is no run 7: `runs` lists them"):
        archive.problems(run=7)


def test_runs_are_told_the_latest_first(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One."})
    archive.ingest(news)
    archive.ingest(news)
    assert [(run.id, run.added, run.unchanged) for run in archive.runs()] == [(2, 0, 1), (1, 1, 0)]
    assert [run.id for run in archive.runs(limit=1)] == [2]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("is a PDF: install pypdf to read it", "is a PDF: install pypdf to read it"),
        ("the date '2030-01-01' is still to come", "the date … is still to come"),
        (
            "left out what is the site's: 'a', 'b', 'c' and 1,200 more",
            "left out what is the site's: …",
        ),
        ("has 700 pages, of which 500 were read", "has N pages, of which N were read"),
    ],
)
def test_problems_of_one_kind_say_the_same(message: str, kind: str) -> None:
    from syriasearch import IngestProblem

    assert IngestProblem("a.txt", message, lost=False).kind == kind


def run(archive: Archive, *arguments: str):
    return CliRunner().invoke(main, [*arguments, "--db", str(archive.path)])


def test_the_command_lists_problems_by_kind(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.jsonl": "nothing\n" * 5}))
    result = run(archive, "problems")
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == "Not ingested: 5"
    assert "… and 2 more (--all)" in result.output
    assert "a.jsonl#5" in run(archive, "problems", "--all").output


def test_no_problems(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "One."}))
    result = run(archive, "problems")
    assert (result.exit_code, result.output) == (0, "No problems.\n")


def test_the_command_lists_runs(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "One."}))
    assert "1 added, 0 updated, 0 unchanged, 0 failed" in run(archive, "runs").output


def test_the_command_says_that_a_dry_run_wrote_nothing(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One."})
    result = run(archive, "ingest", str(news), "--dry-run")
    assert "1 added" in result.output
    assert "nothing was written" in result.output
    assert not archive.path.exists()


def test_notes_of_one_kind_are_told_in_one_line(archive: Archive, folder) -> None:
    news = folder({f"{n}.txt": f"---\ndate: 209{n}-01-01\n---\nText." for n in range(5)})
    result = run(archive, "ingest", str(news))
    assert result.stderr.count("note: ") == 1
    assert "note: 5 articles: the date N is still to come" in result.stderr
