"""What a stranger installs: the wheel and the sdist hold the package as git has it."""

import hashlib
import os
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from shells import build, checkout_in, tracked

import syriasearch

pytest.importorskip("build", reason="build, which makes the wheel, is not installed")

INSTALLED = Path(syriasearch.__file__).parent


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, as a clone of it would be."""
    return checkout_in(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(checkout, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(checkout, tmp_path_factory.mktemp("sdist"), "--sdist")


def contents(wheel: Path) -> dict[str, str]:
    """Return the files of a wheel, each with a digest of what it holds."""
    with zipfile.ZipFile(wheel) as opened:
        return {
            name: hashlib.sha256(opened.read(name)).hexdigest()
            for name in opened.namelist()
            if not name.endswith("/")
        }


def test_the_package_under_test_is_the_installed_wheel_and_not_the_checkout() -> None:
    if INSTALLED == ROOT / "syriasearch" and not os.environ.get("CI"):
        pytest.skip("the checkout is installed editable")
    assert INSTALLED.parent == Path(sysconfig.get_path("purelib"))
    assert ROOT not in map(Path, sys.path)


def test_the_installed_package_is_what_git_has() -> None:
    if INSTALLED == ROOT / "syriasearch":
        pytest.skip("the checkout is installed editable")
    there = {
        f"syriasearch/{path.relative_to(INSTALLED).as_posix()}"
        for path in INSTALLED.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert there == tracked("syriasearch")


def test_the_wheel_holds_what_git_has_and_its_metadata(wheel: Path) -> None:
    names = set(contents(wheel))
    metadata = {name for name in names if name.startswith("syriasearch-")}
    assert {name.rpartition("/")[2] for name in metadata} == {
        "METADATA",
        "WHEEL",
        "entry_points.txt",
        "LICENSE",
        "RECORD",
    }
    assert names - metadata == tracked("syriasearch")


def test_the_sdist_holds_what_git_has(sdist: Path) -> None:
    with tarfile.open(sdist) as opened:
        names = {member.name.partition("/")[2] for member in opened.getmembers() if member.isfile()}
    # Hatchling always writes the first of these.
    assert names - {"PKG-INFO"} == tracked()


def test_the_sdist_builds_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as opened:
        opened.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    again = build(source, tmp_path / "wheel", "--wheel")
    assert contents(again) == contents(wheel)


def test_building_leaves_nothing_behind(checkout: Path, wheel: Path, sdist: Path) -> None:
    there = {
        path.relative_to(checkout).as_posix() for path in checkout.rglob("*") if path.is_file()
    }
    assert there == tracked()
