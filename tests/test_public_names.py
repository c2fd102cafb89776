"""What the façade offers is what the docs say it offers."""

import re
import subprocess
import sys

import pytest
from conftest import ROOT

import syriasearch


def documented() -> set[str]:
    text = (ROOT / "docs" / "api.md").read_text()
    return set(re.findall(r"^#+ `(\w+)", text, re.MULTILINE))


def test_public_names_are_the_documented_ones() -> None:
    assert set(syriasearch.__all__) - {"__version__"} == documented()


def test_all_is_sorted_and_complete() -> None:
    assert syriasearch.__all__ == sorted(syriasearch.__all__)
    assert all(hasattr(syriasearch, name) for name in syriasearch.__all__)


def test_public_names_are_listed_before_they_are_imported() -> None:
    code = "import syriasearch; print(set(syriasearch.__all__) - set(dir(syriasearch)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "set()\n"


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        syriasearch.nothing  # noqa: B018


def test_every_public_object_has_a_docstring() -> None:
    for name in syriasearch.__all__:
        if name != "__version__":
            assert getattr(syriasearch, name).__doc__, name


def test_every_error_is_in_the_one_tree() -> None:
    for name in syriasearch.__all__:
        thing = getattr(syriasearch, name)
        if (
            isinstance(thing, type)
            and issubclass(thing, Exception)
            and not issubclass(thing, Warning)
        ):
            assert issubclass(thing, syriasearch.SyriaSearchError)


def test_the_error_tree_is_drawn_whole() -> None:
    drawn = set(re.findall(r"\w+Error", syriasearch.errors.__doc__ or ""))
    defined = {name for name in dir(syriasearch.errors) if name.endswith("Error")}
    assert drawn == defined
