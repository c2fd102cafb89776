"""Everything that writes and reads one archive, at once (`make soak` does so for longer)."""

from pathlib import Path

import pytest
from faults.soak import MAX_WAIT, soak

SECONDS = 20


@pytest.mark.slow
def test_everything_at_once(tmp_path: Path) -> None:
    found = soak(tmp_path, SECONDS)
    assert found.wrong == []
    assert all(found.calls.values())
    assert found.longest_wait < MAX_WAIT
