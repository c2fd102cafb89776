"""The locks of packages have each that pyproject.toml names, in a version that it allows."""

import re
import sys

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = {
    "test": (*PROJECT["dependencies"], *EXTRAS["test"]),
    "all": (*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)),
}


def locked(lock: str) -> dict[str, list[str]]:
    text = (ROOT / "locks" / f"{lock}.txt").read_text("utf-8")
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.+]+)", text, re.MULTILINE):
        versions.setdefault(canonicalize_name(name), []).append(version)
    return versions


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_allowed_versions_of_all_that_the_project_names(lock: str) -> None:
    versions = locked(lock)
    needed = [Requirement(each) for each in LOCKS[lock]]
    assert [
        str(each)
        for each in needed
        if not any(map(each.specifier.contains, versions.get(canonicalize_name(each.name), ())))
    ] == [], "run make locks"


@pytest.mark.parametrize("lock", LOCKS)
def test_each_package_of_a_lock_has_hashes(lock: str) -> None:
    text = (ROOT / "locks" / f"{lock}.txt").read_text("utf-8")
    packages = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    assert [each for each in packages if each.strip() and "--hash=sha256:" not in each] == []


def test_versions_are_the_same_in_both_locks() -> None:
    everything = locked("all")
    assert {
        name: versions
        for name, versions in locked("test").items()
        if not set(versions) <= set(everything.get(name, ()))
    } == {}
