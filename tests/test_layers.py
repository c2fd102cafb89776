"""Who may import whom: the table in docs/architecture.md, held."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "syriasearch"
ROWS = {
    module: int(row)
    for row, module in re.findall(
        r"^\| (\d+) \| `(\w+)` \|", (ROOT / "docs" / "architecture.md").read_text(), re.MULTILINE
    )
}
FILES = sorted(path for path in PACKAGE.rglob("*.py"))
ONLY_IN = {
    "boto3": {"buckets"},
    "botocore": {"buckets"},
    "click": {"cli"},
    "click_default_group": {"cli"},
    "rich": {"cli"},
    "datasette": {"datasette_plugin"},
    "uvicorn": {"datasette_plugin"},
    "sqlite_utils": {"migrations"},
    "ftfy": {"cleaning"},
    "feedparser": {"readers"},
    "lxml": {"readers"},
    "pypdf": {"readers"},
    "ray": {"cluster", "shards"},
    "trafilatura": {"readers"},
    "warcio": {"readers"},
    "zstandard": {"readers"},
}


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> set[str]:
    """Return what a file imports: `.text` for a module of the package, `click` for another's."""
    found: set[str] = set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.level == depth:
            name = (node.module or "").split(".")[0]
            found |= {f".{name}"} if name else {".__init__"}
    return found


def test_every_module_stands_in_the_table() -> None:
    assert set(ROWS) == {module_of(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_rows_above(path: Path) -> None:
    module = module_of(path)
    for name in imports(path):
        if name.startswith(".") and name[1:] != module:
            assert ROWS[name[1:]] < ROWS[module], f"{module} imports {name[1:]}"


@pytest.mark.parametrize("module", ["cli", "datasette_plugin"])
def test_the_command_and_the_plugin_import_only_the_facade(module: str) -> None:
    for path in (PACKAGE / module).rglob("*.py"):
        more = {"serving.py": {".datasette_plugin"}, "__main__.py": {".faults"}}.get(
            path.name, set()
        )
        allowed = {".__init__"} | more
        assert {name for name in imports(path) if name.startswith(".")} <= allowed


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    users = {module_of(path) for path in FILES if library in imports(path)}
    assert users <= ONLY_IN[library]


def test_ingest_knows_nothing_of_ranking() -> None:
    assert not {".ranking", ".search", ".plan", ".passages"} & imports(PACKAGE / "ingest.py")


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
        "trafilatura",
        "lxml",
        "ftfy",
        "feedparser",
        "warcio",
        "zstandard",
        "pypdf",
    }
    assert not loaded & heavy
    assert not {name for name in loaded if name.startswith("syriasearch.readers")}
    assert "syriasearch.store" not in loaded


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
    libraries = {"trafilatura", "lxml", "ftfy", "feedparser", "warcio", "zstandard", "pypdf"}
    assert not set(result.stdout.split()) & libraries


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
        "citations",
        "exports",
        "reports",
        "saved",
        "timelines",
        "profiles",
        "cli.charts",
        "cli.exports",
    }
    loaded = set(result.stderr.split())
    assert "syriasearch.search" in loaded
    assert not loaded & {"csv", "json", "rich", *(f"syriasearch.{each}" for each in package)}


def test_modules_are_of_a_readable_size() -> None:
    long = {str(path): len(path.read_text().splitlines()) for path in FILES}
    assert {path: lines for path, lines in long.items() if lines > 400} == {}
