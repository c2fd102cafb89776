"""A slice of the power cuts of `make faults`: each leaves what was committed, and all of it."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from faults.points import Server
from faults.power_cuts import Recording

STEP = 7
"""Of so many states one is checked."""
Record = Callable[..., Recording]


@pytest.fixture(scope="module")
def record(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Return what an operation does to the files."""

    def make(operation: str, **options: bool) -> Recording:
        server.prepare(operation)
        log = server.record(operation)
        work: Path = tmp_path_factory.mktemp("cut") / "x.db"
        return Recording(log.with_name("start.db"), log, work, **options)

    return make


def wrong(recording: Recording, step: int = STEP) -> Iterator[tuple[int, str]]:
    for position, files in islice(recording.states(4), 0, None, step):
        found = recording.wrong(position, files)
        if found is not None:
            yield position, found


@pytest.mark.parametrize("operation", ["ingest", "corrections", "optimize"])
def test_nothing_is_lost_by_a_power_cut(record: Record, operation: str) -> None:
    recording = record(operation)
    assert len(recording.commits) > 2
    assert list(wrong(recording)) == []


def test_a_disk_that_does_not_sync_is_found_out(record: Record) -> None:
    assert next(wrong(record("saved search", synced=False), step=1))
