"""Articles that are made ready in processes beside the writer."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import assert_sound, content

from syriasearch import Archive, IngestReport, OptionError
from syriasearch.entities.recognition_settings import KnownNames, LazyRecognizer
from syriasearch.entities.recognizer import default_recognizer
from syriasearch.ingest import workers as module
from syriasearch.ingest.document_limits import Limits
from syriasearch.ingest.garbage import collecting_rarely
from syriasearch.ingest.prepare_tasks import (
    CHUNK,
    PrepareTask,
    chunks,
    prepare,
    prepare_chunk,
)
from syriasearch.ingest.readers import Document, Problem
from syriasearch.ingest.workers import AHEAD, WorkerPool, make_pool

NAMES = KnownNames("rules", (), (), ())


def known() -> LazyRecognizer:
    return LazyRecognizer(NAMES, default_recognizer)


def tasks(count: int) -> list[PrepareTask]:
    return [
        PrepareTask(Document(f"Report {each}\n\nLavrov in Sochi."), ("root", "file"), str(each))
        for each in range(count)
    ]


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    with closing(WorkerPool(2)) as made:
        yield made


def test_documents_come_back_in_their_order(pool: WorkerPool) -> None:
    many = tasks(5 * CHUNK + 3)
    assert [each.path for each in pool.prepare_all(many, known)] == [each.path for each in many]


def test_what_processes_make_is_what_is_made_here(pool: WorkerPool) -> None:
    some = tasks(3)
    with closing(WorkerPool(0)) as here:
        assert [*pool.prepare_all(some, known)] == [*here.prepare_all(some, known)]


def test_a_process_imports_nothing_from_the_folder_that_a_user_is_in(
    pool: WorkerPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slugify.py").write_text("open('imported', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each])
    assert len([*pool.prepare_all(tasks(1), known)]) == 1
    assert not (tmp_path / "imported").exists()


def test_only_so_much_is_read_ahead(pool: WorkerPool) -> None:
    read = 0

    def endless() -> Iterator[PrepareTask]:
        nonlocal read
        for task in tasks(1) * 100_000:
            read += 1
            yield task

    next(pool.prepare_all(endless(), known))
    assert read <= (2 * AHEAD + 2) * CHUNK


def test_no_process_outlives_a_pool_that_is_closed_at_work() -> None:
    pool = WorkerPool(2)
    next(pool.prepare_all(tasks(20 * CHUNK), known))
    pool.close()
    assert [worker._process for worker in pool._workers] == [None] * len(pool._workers)


def test_what_a_process_leaves_undone_is_done_here(pool: WorkerPool) -> None:
    done = pool.prepare_all(tasks(10 * CHUNK), known)
    first = next(done)
    for worker in pool._workers:
        assert worker._process is not None
        os.kill(worker._process.pid, signal.SIGKILL)
    assert [first.path, *(each.path for each in done)] == [str(each) for each in range(10 * CHUNK)]


def test_where_no_process_can_be_started_all_is_done_here(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert [each.path for each in pool.prepare_all(tasks(3), known)] == ["0", "1", "2"]


def spins() -> Iterator[Document]:
    while True:
        pass
    yield Document("")


def allocates() -> Iterator[Document]:
    yield Document(f"Report\n\n{len(bytearray(2**30))}")


def is_killed() -> Iterator[Document]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield Document("")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process are those of Linux")
@pytest.mark.parametrize(
    ("extract", "message"),
    [
        (spins, "takes more than 2 s: split it, or leave it out"),
        (allocates, "needs too much memory: split it, or leave it out"),
        (is_killed, "has ended the program that read it (SIGKILL): leave it out"),
    ],
)
def test_a_document_over_its_limits_is_a_problem_and_the_others_come_in(
    extract: Callable[[], Iterator[Document]], message: str
) -> None:
    odd = PrepareTask(Document("", pending=extract), ("root", "file"), "odd")
    some = tasks(5)
    with closing(WorkerPool(1, limits=Limits(2, 0, 2**29))) as pool:
        results = [*pool.prepare_all([*some[:3], odd, *some[3:]], known)]
    assert [each.path for each in results] == ["0", "1", "2", "odd", "3", "4"]
    assert [each.path for each in results if each.article is None] == ["odd"]
    assert results[3].problems == [Problem(message)]


def test_a_larger_document_has_more_time() -> None:
    assert Limits().seconds_for(32 * 2**20) > 10 * Limits().seconds_for(0)


def test_processes_end_with_the_work(pool: WorkerPool) -> None:
    list(pool.prepare_all(tasks(3), known))
    processes = [worker._process for worker in pool._workers]
    pool.close()
    assert all(process and process.poll() is not None for process in processes)


def test_other_names_are_taken_when_they_change(pool: WorkerPool) -> None:
    rows = '[["mine line 1", {"name": "Report", "type": "event"}]]'
    other = KnownNames("gazetteer", (("mine.csv", rows),), (), ())
    for names in (NAMES, other, NAMES):
        (result,) = pool.prepare_all(
            tasks(1), lambda names=names: LazyRecognizer(names, names.recognizer)
        )
        assert result.article is not None
        found = [mention.entity.slug for mention in result.article.mentions[0]]
        assert (result.names, found) == (names, ["report"] if names == other else [])


@pytest.mark.slow
def test_an_archive_is_the_same_however_many_processes(
    folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{each}.txt": f"Report {each}\n\nHassan Zorb went to Sochi." for each in range(40)}
    reports: list[IngestReport] = []
    for processes in (0, 1, 3):
        with Archive(tmp_path / f"{processes}.db") as archive:
            reports.append(archive.ingest(folder({**files, "bad.txt": ""}), processes=processes))
        assert_sound(tmp_path / f"{processes}.db")
        assert content(tmp_path / f"{processes}.db") == content(tmp_path / "0.db")
    assert len({(report.added, report.failed, report.problems) for report in reports}) == 1


def test_little_is_read_without_processes(
    archive: Archive, folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module._Worker, "__init__", lambda self: pytest.fail("it was started"))
    assert archive.ingest(folder({"a.txt": "Talks\n\nIn Sochi."})).added == 1


@pytest.mark.parametrize(
    ("processors", "megabytes", "open_ended", "processes"),
    [
        (1, 9, False, 0),
        (2, 2, False, 0),
        (2, 4, False, 1),
        (2, 9, False, 2),
        (4, 9, False, 3),
        (1, 0, True, 0),
        (4, 0, True, 4),
    ],
)
def test_each_of_several_processors_has_a_process_if_there_is_enough_to_read(
    monkeypatch: pytest.MonkeyPatch,
    processors: int,
    megabytes: int,
    open_ended: bool,
    processes: int,
) -> None:
    made: list[int] = []
    monkeypatch.setattr(module, "WorkerPool", lambda number, after=0: made.append(number))
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    make_pool(None, megabytes * 1_000_000, open_ended=open_ended)
    assert made == [processes]


def test_garbage_is_collected_as_often_after_a_run_as_before() -> None:
    before = gc.get_threshold()
    with collecting_rarely(), collecting_rarely():
        assert gc.get_threshold() > before
    assert gc.get_threshold() == before


def test_a_collector_that_is_turned_off_stays_so() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with collecting_rarely():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)


@pytest.mark.parametrize("processes", [-1, "2", 1.5])
def test_a_number_of_processes_that_is_none_is_told(archive: Archive, processes: object) -> None:
    with pytest.raises(OptionError, match="processes takes a whole number"):
        archive.ingest("seeds", processes=processes)  # type: ignore[arg-type]


def test_tasks_before_an_error_are_a_chunk() -> None:
    def broken() -> Iterator[PrepareTask]:
        yield from tasks(2)
        raise OptionError("the source has gone")

    done = chunks(broken(), CHUNK)
    assert [each.path for each in next(done)] == ["0", "1"]
    with pytest.raises(OptionError):
        next(done)


def test_tasks_together_have_the_results_of_each_alone() -> None:
    some = tasks(3)
    assert list(prepare_chunk(some, known())) == [prepare(task, known()) for task in some]
