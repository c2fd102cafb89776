"""Processes in which faults happen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.injector import build, fast_folder, why_not
from faults.points import Server, servers


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A process that was started with the injector."""
    if why_not():
        pytest.skip(why_not())
    with (
        tempfile.TemporaryDirectory(dir=fast_folder()) as name,
        servers(Path(name), build(Path(name)), 1) as (started,),
    ):
        yield started
