"""Work in stages, of which several go through each stage together."""

from __future__ import annotations

import pytest

from syriasearch.text.stages import Stages, complete, complete_together


def work(name: str, stages: int, log: list[str]) -> Stages[str]:
    for stage in range(stages):
        log.append(f"{name}{stage}")
        yield
    return name


def test_work_alone_returns_its_result() -> None:
    assert complete(work("a", 2, [])) == "a"


def test_works_go_through_each_stage_together() -> None:
    log: list[str] = []
    complete_together([work("a", 2, log), work("b", 2, log)])
    assert log == ["a0", "b0", "a1", "b1"]


def test_results_have_the_order_of_the_works_however_many_stages_each_has() -> None:
    works = [work(name, stages, []) for name, stages in (("a", 3), ("b", 0), ("c", 1))]
    assert complete_together(works) == ["a", "b", "c"]


def test_no_works_have_no_results() -> None:
    assert complete_together([]) == []


def test_an_error_of_one_ends_all() -> None:
    def fail() -> Stages[str]:
        yield
        raise KeyError("x")

    with pytest.raises(KeyError):
        complete_together([work("a", 2, []), fail()])
