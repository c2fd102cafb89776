"""A reader of another package: ten lines and an entry point, installed as any package is."""

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "tests" / "packages" / "dispatches"
SAMPLE = PACKAGE / "sample.dispatches"
CODE = (PACKAGE / "dispatches.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the package into a folder of its own, and return that."""
    folder = tmp_path_factory.mktemp("package")
    source = shutil.copytree(PACKAGE, folder / "source")
    target = folder / "target"
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    command = [sys.executable, "-m", "pip", "install", *options, "--target", target, source]
    subprocess.run([*map(str, command)], check=True, capture_output=True)
    return target


class Run:
    """The command, with the package on its path and an archive of its own."""

    def __init__(self, target: Path, db: Path) -> None:
        self._path = os.pathsep.join([str(target), str(ROOT)])
        self._db = str(db)

    def __call__(self, *arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "syriasearch.cli", "--db", self._db, *arguments]
        environment = {**os.environ, "PYTHONPATH": self._path}
        return subprocess.run(command, input=input, capture_output=True, env=environment)

    def articles(self) -> list[dict]:
        out = self("search", "--format", "json", "--sort", "oldest", "").stdout
        return [hit["article"] for hit in json.loads(out)["hits"]]


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    return Run(installed, tmp_path / "x.db")


def test_its_articles_are_read(run: Run) -> None:
    result = run("ingest", str(SAMPLE))
    assert (result.returncode, b"2 added" in result.stdout) == (0, True)
    first, second = run.articles()
    assert (first["title"], first["published"], first["source"], first["path"]) == (
        "Opposition will stay away from Sochi",
        "2018-01-27",
        "Example Wire",
        "sample.dispatches#41",
    )
    assert (second["title"], second["lang"]) == ("قافلة تصل إلى درعا", "ar")


def test_it_comes_with_all_that_other_formats_have(run: Run, tmp_path: Path) -> None:
    data = SAMPLE.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        container.writestr("2018/any name", data)
    (tmp_path / "a.zip").write_bytes(packed.getvalue())
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(data))
    assert b"4 added" in run("ingest", str(tmp_path / "a.zip"), str(tmp_path / "b.txt.gz")).stdout
    assert b"2 added" in run("ingest", "-", "--format", "dispatches", input=data).stdout
    assert b"2 unchanged" in run("ingest", "-", input=data).stdout


def test_one_more_dispatch_adds_one_article(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "wire.dispatches"
    path.write_bytes(SAMPLE.read_bytes())
    run("ingest", str(path))
    with path.open("a") as stream:
        stream.write("%% 43 | 2018-01-29 | Example Wire\nRain in Idlib\nIt rained in Idlib.\n")
    assert b"1 added, 0 updated, 2 unchanged" in run("ingest", str(path)).stdout


def test_its_faults_are_its_own(run: Run, installed: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(installed, tmp_path / "broken")
    code = CODE.replace('.decode("utf-8", "replace")', '.decode("no such charset")')
    (broken / "dispatches.py").write_text(code, encoding="utf-8")
    result = Run(broken, tmp_path / "y.db")("ingest", str(SAMPLE))
    assert b"a fault in the reader dispatches (LookupError" in result.stderr
    assert b"report it to its authors" in result.stderr


def test_it_is_listed_among_the_formats(run: Run) -> None:
    result = run("ingest", str(SAMPLE), "--format", "nothing")
    assert result.returncode == 2 and b"take one of dispatches, " in result.stderr


def test_a_reader_has_ten_lines() -> None:
    reader = CODE[CODE.index("class ") :]
    assert sum(bool(line.strip()) for line in reader.splitlines()) <= 10


def test_the_api_page_shows_it() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    shown = re.sub(r"(?m)^    ", "", page)
    assert CODE[CODE.index("import re") :] in shown
