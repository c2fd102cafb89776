"""No regular expression of the package runs away, whatever its input is (`benchmarks/patterns.py`).

An input that lets a pattern take quadratic time reaches a ceiling of CPU time far above what any
other needs.
"""

import sys
from functools import cache

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")

patterns = pytest.importorskip("patterns", reason="it needs fork and limits of CPU time")
LENGTH = 200_000
CEILING = 10


@cache
def uses() -> list[patterns.Use]:
    return list(patterns.uses())


@pytest.mark.parametrize(
    ("pattern", "is_found"),
    [
        (r"\s*,", True),
        (r"(?<!\s)\s*,", False),
        (r"(?:a|b|ab)*c", True),
        (r"<!--.*?-->", True),
        (r"[ab]+c?", False),
        (r"x\s*y?\s*z", True),
    ],
)
def test_worst_inputs_are_found(pattern: str, is_found: bool) -> None:
    use = patterns.Use("a", patterns.re.compile(pattern), "search")
    assert bool(list(patterns.runaways([use], 100_000, 1))) == is_found


@pytest.mark.slow
def test_limits_are_those_of_patterns_of_the_package() -> None:
    names = {use.name for use in uses()}
    assert len(names) > 400
    assert {
        each for each in patterns.BOUNDED if not any(name.startswith(each) for name in names)
    } == set()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(20))
def test_no_pattern_runs_away(part: int) -> None:
    found = patterns.runaways(uses()[part::20], LENGTH, CEILING)
    assert {use.name: text for use, text in found} == {}
