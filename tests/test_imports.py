"""Which libraries are imported where, and what a command loads."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "syriasearch"
FILES = sorted(path for path in PACKAGE.rglob("*.py"))
ONLY_IN = {
    "boto3": {"ingest"},
    "botocore": {"ingest"},
    "click": {"cli", "cluster"},
    "click_default_group": {"cli"},
    "rich": {"cli"},
    "datasette": {"datasette_plugin"},
    "uvicorn": {"datasette_plugin"},
    "pandas": set(),
    "polars": set(),
    "pyarrow": {"ingest"},
    "sqlite_utils": {"store"},
    "ftfy": {"ingest"},
    "feedparser": {"ingest"},
    "lxml": {"ingest"},
    "pypdf": {"ingest"},
    "ray": {"cluster"},
    "trafilatura": {"ingest"},
    "warcio": {"ingest"},
    "backports": {"ingest"},
    "brotli": {"ingest"},
}
"""Which packages may import each library. Who imports whom within the package is in the contracts
of pyproject.toml, which `make lint` checks."""


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> set[str]:
    """Return the libraries that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    users = {module_of(path) for path in FILES if library in imports(path)}
    assert users <= ONLY_IN[library]


OF_FORMATS = {
    *("trafilatura", "lxml", "ftfy", "feedparser", "warcio", "backports.zstd", "brotli", "pypdf")
}
"""Libraries that read formats, imported when a file needs them."""


def test_a_search_imports_no_writer_no_reader_and_no_gazetteer_builder(corpus_path: Path) -> None:
    code = (
        "import sys; from syriasearch import Archive;"
        f"Archive({str(corpus_path)!r}).search('Sochi boycott'); print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    heavy = {
        "sqlite_utils",
        "rich",
        "click",
        "yaml",
        "markdown_it",
        "slugify",
        "simplemma",
        "tempfile",
        *OF_FORMATS,
    }
    assert not loaded & heavy
    assert not {name for name in loaded if name.startswith("syriasearch.ingest.readers")}
    assert not loaded & {"syriasearch.ingest.archive_writer", "syriasearch.text.user_cache"}


def test_an_ingest_imports_no_library_of_a_format_that_it_does_not_meet(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.")
    code = (
        "import sys; from syriasearch import Archive;"
        f"Archive({str(tmp_path / 'x.db')!r}).ingest({str(tmp_path / 'a.txt')!r});"
        "print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not set(result.stdout.split()) & OF_FORMATS


def test_a_process_that_prepares_articles_imports_no_reader() -> None:
    code = "import sys, syriasearch.ingest.workers; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    package = "syriasearch.ingest.readers."
    loaded = {name for name in result.stdout.split() if name.startswith(package)}
    assert loaded == {f"{package}{name}" for name in ("base", "nulls", "titles")}


def test_the_command_imports_only_what_a_search_needs(corpus_path: Path) -> None:
    code = (
        "import sys; from syriasearch.cli import main;"
        f"main(['--db', {str(corpus_path)!r}, 'Sochi boycott'], standalone_mode=False);"
        "print(*sys.modules, file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    package = {
        "exporters",
        "models.report",
        "models.entity_profile",
        "models.timeline",
        "store.saved_searches",
        "cli.output_timeline",
    }
    loaded = set(result.stderr.split())
    assert "syriasearch.search.searcher" in loaded
    assert not loaded & {"csv", "rich", *(f"syriasearch.{each}" for each in package)}


def test_modules_are_of_a_readable_size() -> None:
    long = {str(path): len(path.read_text().splitlines()) for path in FILES}
    # The one object that users open has a method for all that they do, with its documentation.
    long.pop(str(PACKAGE / "archive" / "archive.py"))
    assert {path: lines for path, lines in long.items() if lines > 400} == {}
