"""A slice of the faults that `make faults` injects: each leaves an archive that is whole."""

import errno

import pytest
from faults.injector import Action, Fault, Kind
from faults.operations import OPERATIONS
from faults.points import Point, Server, points_of, slice_of

SIZE = 9
"""The number of points of an operation, about."""


@pytest.mark.parametrize("operation", [each.name for each in OPERATIONS])
def test_nothing_is_lost_by_a_fault(server: Server, operation: str) -> None:
    points = slice_of([*points_of(operation, server.prepare(operation))], SIZE)
    results = [server.attempt(point) for point in points]
    assert [(str(each.point.fault), each.wrong) for each in results if each.wrong] == []
    assert {each.outcome for each in results} <= {"done", "error", "killed", "missed"}


READS_FAIL = Fault(Kind.READ, 20, Action.FAIL, errno.EIO)


def test_a_read_error_is_told_as_one(server: Server) -> None:
    server.prepare("doctor")
    result = server.attempt(Point("doctor", READS_FAIL))
    assert result.outcome == "error"
    assert "disk" in str(result.error)


def test_a_full_disk_is_told_as_one(server: Server) -> None:
    server.prepare("update")
    full = Fault(Kind.WRITE, 30, Action.FAIL, errno.ENOSPC, later=Kind.WRITE)
    assert "no room to write" in str(server.attempt(Point("update", full)).error)
