"""Targets of fuzzing: their first inputs, and all that was found."""

from itertools import islice
from pathlib import Path

import pytest
from fuzz.targets import TARGETS, BrokenPromiseError

CASES = sorted((Path(__file__).parent / "cases").glob("*/*"))
MOST = 12
"""The number of first inputs of a target that are tried."""


@pytest.mark.parametrize("name", TARGETS)
def test_first_inputs_keep_the_promises(name: str) -> None:
    target = TARGETS[name]
    for seed in islice(target.seeds(), MOST):
        target.run(seed)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_keeps_the_promises(case: Path) -> None:
    TARGETS[case.parent.name].run(case.read_bytes())


def test_a_fault_of_a_reader_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyError("title")

    monkeypatch.setattr("syriasearch.ingest.readers.text.decode", fails)
    with pytest.raises((BrokenPromiseError, KeyError), match="title"):
        TARGETS["readers"].run(b"\x00" + b"A title\n\nA text.")
