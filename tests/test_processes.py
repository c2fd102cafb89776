"""What happens to an archive between processes: permissions, and those who read it."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from syriasearch import Archive


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A folder that every user may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        (path / "out").mkdir()
        yield path
        (path / "out").chmod(0o755)


@pytest.fixture
def as_nobody():
    """Run Python as a user whom permissions bind, as they do not bind root."""

    def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        # What is imported late must be there before: nobody may not read this Python.
        drop = (
            "import os, rapidfuzz.process, rapidfuzz.distance\n"
            "import syriasearch.ingest.run, syriasearch.ingest.archive_writer\n"
            "from syriasearch.entities.recognizer import default_recognizer\n"
            "from syriasearch.text.stem import stem\n"
            "default_recognizer(), stem('boycotted'), stem('معارضه')\n"
            "if os.getuid() == 0: os.setuid(65534)\n"
        )
        return subprocess.run(
            [sys.executable, "-c", drop + code, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )

    return run


INGEST = """
import sys
from syriasearch import Archive, SyriaSearchError
try:
    report = Archive(sys.argv[1]).ingest(*sys.argv[2:])
    print(report.added, report.failed, [(p.path, p.message) for p in report.problems])
except SyriaSearchError as error:
    print(type(error).__name__, error)
"""


def test_a_folder_that_cannot_be_read_is_a_problem(folder, open_path: Path, as_nobody) -> None:
    files = {"open/a.txt": "One.", "closed/b.txt": "Two.", "c.txt": "Three."}
    news = folder(files, name=open_path / "news")
    (news / "closed").chmod(0)
    (news / "c.txt").chmod(0)
    (open_path / "out").chmod(0o777)
    result = as_nobody(INGEST, open_path / "out" / "x.db", news)
    (news / "closed").chmod(0o755)
    assert result.stdout.startswith("1 2 "), result.stderr
    assert "('closed', 'cannot be read: Permission denied')" in result.stdout
    assert "('c.txt', 'cannot be read: Permission denied')" in result.stdout


def test_pruning_a_folder_that_cannot_be_read_removes_nothing(
    folder, open_path: Path, as_nobody
) -> None:
    news = folder({"a.txt": "One.", "b.txt": "Two."}, name=open_path / "news")
    path = open_path / "out" / "x.db"
    with Archive(path) as archive:
        archive.ingest(news)
    for each in (path, path.parent, path.with_name("metadata.json")):
        each.chmod(0o777)
    news.chmod(0)
    result = as_nobody(INGEST.replace("(*sys.argv[2:])", "(*sys.argv[2:], prune=True)"), path, news)
    news.chmod(0o755)
    assert result.stdout.startswith("0 1 [('.', 'cannot be read: "), result.stderr
    with Archive(path) as archive:
        assert archive.search("").total == 2


def test_a_read_only_folder_is_told_in_one_line(folder, open_path: Path, as_nobody) -> None:
    (open_path / "out").chmod(0o555)
    news = folder({"a.txt": "One."}, name=open_path / "news")
    result = as_nobody(INGEST, open_path / "out" / "x.db", news)
    assert result.stdout.startswith("ArchiveReadOnlyError the folder of "), result.stderr
    assert result.stdout.count("\n") == 1


def test_a_read_only_folder_serves_an_archive(folder, open_path: Path, as_nobody) -> None:
    path = open_path / "out" / "x.db"
    with Archive(path) as archive:
        archive.ingest(folder({"a.txt": "One."}))
    path.chmod(0o444)
    path.parent.chmod(0o555)
    code = "import sys\nfrom syriasearch import Archive\n"
    result = as_nobody(
        code + "print(Archive(sys.argv[1], readonly=True).search('one').total)", path
    )
    assert result.stdout == "1\n", result.stderr


@pytest.mark.slow
def test_an_ingest_gets_through_to_where_threads_read_without_pause(folder, tmp_path: Path) -> None:
    path = tmp_path / "read.db"
    files = {f"{each}.txt": f"Report {each}\n\nTalks went on in Sochi." for each in range(50)}
    with Archive(path) as archive:
        archive.ingest(folder(files))
    more = folder({"more.txt": "More\n\nTalks went on in Sochi."}, name="more")
    totals: set[int] = set()
    done = threading.Event()
    with Archive(path, readonly=True) as archive:

        def read() -> None:
            while not done.is_set():
                totals.add(archive.search("Sochi talks", facets=("source",)).total)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        code = (
            "import sys; from syriasearch import Archive;"
            "print(Archive(sys.argv[1]).ingest(sys.argv[2]).added)"
        )
        result = subprocess.run(
            [sys.executable, "-c", code, str(path), str(more)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        done.set()
        for reader in readers:
            reader.join()
        totals.add(archive.search("Sochi talks").total)
    assert (result.stdout, result.stderr) == ("1\n", "")
    assert totals == {50, 51}
