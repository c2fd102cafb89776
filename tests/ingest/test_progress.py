"""Progress: the bytes and articles of a run, told while one large file is read."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from syriasearch import Archive
from syriasearch.cli import main
from syriasearch.cli.progress import ProgressLines, progress_line
from syriasearch.ingest.progress import ProgressMeter

ARTICLES = 300
LINES = "".join(
    f'{{"id": {number}, "text": "Report number {number} from Homs.", "note": "{number:01000}"}}\n'
    for number in range(ARTICLES)
)

Call = tuple[int, int, str, int]


@pytest.fixture
def calls() -> list[Call]:
    return []


@pytest.fixture
def tell(calls: list[Call]) -> Callable[..., None]:
    def progress(done: int, total: int, name: str, *, articles: int) -> None:
        calls.append((done, total, name, articles))

    return progress


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syriasearch.ingest.progress.STEP_BYTES", 1000)


# Within a file


def test_bytes_and_articles_grow_within_a_file(
    archive: Archive, folder, tell: Callable[..., None], calls: list[Call]
) -> None:
    size = len(LINES)
    archive.ingest(folder({"a.jsonl": LINES}), progress=tell)
    assert calls[0] == (0, size, "a.jsonl", 0)
    assert calls[-1] == (size, size, "", ARTICLES)
    within = [done for done, *_ in calls if 0 < done < size]
    assert len(within) > 2 and within == sorted(within)
    articles = [each[3] for each in calls]
    assert articles == sorted(articles) and len(set(articles)) > 3


@pytest.mark.parametrize("kind", ["gz", "zip", "tar.gz"])
def test_packed_files_count_as_they_are_packed(
    archive: Archive, tmp_path: Path, tell: Callable[..., None], calls: list[Call], kind: str
) -> None:
    import tarfile

    path = tmp_path / f"a.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(LINES.encode()))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for number in range(5):
                packed.writestr(f"{number}.jsonl", LINES)
    else:
        with tarfile.open(path, "w:gz") as packed_tar:
            for number in range(5):
                info = tarfile.TarInfo(f"{number}.jsonl")
                info.size = len(LINES)
                packed_tar.addfile(info, io.BytesIO(LINES.encode()))
    size = path.stat().st_size
    archive.ingest(path, dry_run=True, progress=tell)
    assert {total for _, total, *_ in calls} == {size}
    done = [each[0] for each in calls]
    assert done == sorted(done) and done[-1] == size
    assert any(each > 0 for each in done[:-1])


def test_records_have_articles_and_no_total(
    archive: Archive, tell: Callable[..., None], calls: list[Call]
) -> None:
    records = ({"id": number, "text": f"Report {number}."} for number in range(250))
    archive.ingest(records, name="wire", progress=tell, dry_run=True)
    assert calls[0] == (0, 0, "wire", 0)
    assert [call[3] for call in calls[1:]] == [100, 200, 250]
    assert {total for _, total, *_ in calls} == {0}


def test_a_pipe_has_bytes_and_no_total(
    archive: Archive,
    tell: Callable[..., None],
    calls: list[Call],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LINES.encode())))
    archive.ingest("-", format="jsonl", progress=tell, dry_run=True)
    assert {total for _, total, *_ in calls[:-1]} == {0}
    assert calls[-1] == (len(LINES), len(LINES), "", ARTICLES)


def test_a_file_as_standard_input_has_a_total(
    archive: Archive,
    tmp_path: Path,
    tell: Callable[..., None],
    calls: list[Call],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINES)
    with path.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        archive.ingest("-", progress=tell, dry_run=True)
    assert {total for _, total, *_ in calls} == {len(LINES)}


def test_a_callback_of_three_is_told_no_articles(archive: Archive, folder) -> None:
    told: list[tuple] = []
    archive.ingest(folder({"a.jsonl": LINES}), progress=lambda *call: told.append(call))
    assert {len(call) for call in told} == {3}


def test_time_alone_is_a_reason_to_tell() -> None:
    told: list[tuple] = []
    clock = iter([0.0, 1.0, 2.5, 2.5]).__next__
    meter = ProgressMeter(lambda *call: told.append(call), 0, clock=clock)
    meter.begin("-", 0)
    meter.count_bytes(10)
    meter.count_bytes(10)
    assert told == [(0, 0, "-"), (20, 0, "-")]


# What is printed

MB = 1_000_000


@pytest.mark.parametrize(
    ("done", "total", "articles", "seconds", "in_bytes", "line"),
    [
        (5 * MB, 20 * MB, 1200, 40.0, True, "5.0 of 20.0 MB, 1,200 articles, about 2 min left"),
        (10 * MB, 20 * MB, 1, 30.0, True, "10.0 of 20.0 MB, 1 article, about 30 s left"),
        (MB, 2000 * MB, 7, 20.0, True, "1.0 of 2,000.0 MB, 7 articles, about 11.1 h left"),
        (0, 20 * MB, 0, 10.0, True, "0.0 of 20.0 MB, 0 articles"),
        (20 * MB, 20 * MB, 9, 3.0, True, "20.0 of 20.0 MB, 9 articles, 3 a second"),
        (3 * MB, 0, 1200, 10.0, True, "3.0 MB, 1,200 articles, 120 a second"),
        (500, 2000, 0, 60.0, False, "500 of 2,000 articles, about 3 min left"),
    ],
)
def test_a_line(
    *, done: int, total: int, articles: int, seconds: float, in_bytes: bool, line: str
) -> None:
    assert progress_line(done, total, articles=articles, seconds=seconds, in_bytes=in_bytes) == line


def test_a_line_each_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 4.0, 9.9, 10.0, 15.0, 20.0]).__next__
    show = ProgressLines("Ingesting", in_bytes=True, clock=clock)
    for number in range(1, 6):
        show(number * MB, 20 * MB, "a\x1b[31m.jsonl", articles=number)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "Ingesting: 3.0 of 20.0 MB, 3 articles, about 57 s left (a [31m.jsonl)",
        "Ingesting: 5.0 of 20.0 MB, 5 articles, about 60 s left (a [31m.jsonl)",
    ]


@pytest.fixture
def fast_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clock of which each look takes eleven seconds."""
    ticks = count(step=11)
    monkeypatch.setattr("syriasearch.cli.progress.monotonic", lambda: float(next(ticks)))
    return iter(())


@pytest.mark.usefixtures("fast_clock")
def test_the_command_prints_lines_without_a_terminal(archive: Archive, folder) -> None:
    news = folder({"a.jsonl": LINES})
    result = CliRunner().invoke(main, ["--db", str(archive.path), "ingest", str(news)])
    lines = [line for line in result.stderr.splitlines() if line.startswith("Ingesting: ")]
    assert len(lines) > 3
    assert all(line.endswith("left (a.jsonl)") for line in lines[2:-2])
    assert "Ingesting" not in result.stdout


@pytest.mark.usefixtures("fast_clock")
def test_the_command_prints_the_rate_of_a_pipe(archive: Archive) -> None:
    result = CliRunner().invoke(
        main, ["--db", str(archive.path), "ingest", "-", "--format", "jsonl"], input=LINES
    )
    assert "a second (-)" in result.stderr
    assert "left" not in result.stderr
