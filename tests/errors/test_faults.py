"""Faults of the program: reported as its own, in one line, with the traceback in a file."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import CORPORA

import syriasearch
from syriasearch import Archive, InternalError
from syriasearch.cli import main
from syriasearch.errors.faults import EXTRAS, Fault, import_extra, is_installation, unmet
from syriasearch.ingest import prepare_tasks
from syriasearch.ingest.readers import text as text_files

PACKAGE = Path(syriasearch.__file__).parent
NAMED = re.compile(r"the traceback is in (\S+syriasearch-fault-\w+\.txt)")


def traceback_of(line: str) -> str:
    """Return what stands in the file that a line names."""
    named = NAMED.search(line)
    assert named is not None, line
    return Path(named[1]).read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have documents whose path has a word meet an exception as they are made ready."""

    def fail(word: str, error: Exception) -> None:
        make = prepare_tasks.prepare_in_stages

        def made(document, root, path, *arguments, **options):
            if word in path:
                raise error
            return make(document, root, path, *arguments, **options)

        monkeypatch.setattr(prepare_tasks, "prepare_in_stages", made)

    return fail


def write_articles(folder: Callable[..., Path], *names: str) -> Path:
    return folder({f"{name}.txt": f"{name}\n\nTalks in Sochi, {name}.\n" for name in names})


# One odd document


def test_an_odd_document_does_not_stop_a_run(archive: Archive, folder, failing) -> None:
    failing("odd", KeyError("title"))
    report = archive.ingest(write_articles(folder, "a", "odd", "z"))
    assert (report.added, report.failed) == (2, 1)


def test_its_problem_says_that_the_file_is_not_to_blame(archive: Archive, folder, failing) -> None:
    failing("odd", KeyError("title"))
    (problem,) = archive.ingest(write_articles(folder, "a", "odd")).problems
    assert str(problem) == (
        "odd.txt: a fault in syriasearch, not in this file (KeyError: 'title'): report it"
    )


def test_the_report_names_a_file_with_the_traceback(archive: Archive, folder, failing) -> None:
    failing("odd", KeyError("title"))
    line = archive.ingest(write_articles(folder, "a", "odd")).fault
    assert line is not None
    assert line.startswith(
        "a fault in syriasearch (KeyError: 'title' in ingest/prepare_tasks.py, line "
    )
    written = traceback_of(line)
    assert "while reading odd.txt\nTraceback (most recent call last):" in written
    assert written.endswith("KeyError: 'title'\n")
    assert f"syriasearch {syriasearch.__version__}" in written


def test_a_run_without_faults_reports_none(archive: Archive, folder) -> None:
    assert archive.ingest(write_articles(folder, "a")).fault is None


def test_the_command_has_an_exit_status_for_faults(tmp_path: Path, folder, failing) -> None:
    failing("odd", KeyError("title"))
    news = write_articles(folder, "a", "odd")
    result = CliRunner().invoke(main, ["ingest", str(news), "--db", str(tmp_path / "x.db")])
    assert result.exit_code == 70
    assert "x.db: 1 added, 0 updated, 0 unchanged, 1 failed" in result.output
    assert result.stderr.splitlines()[-1].startswith("Error: a fault in syriasearch (KeyError: ")


def test_the_next_run_reads_it_again(archive: Archive, folder, monkeypatch) -> None:
    news = write_articles(folder, "a", "b")
    with monkeypatch.context() as patch:
        patch.setattr(prepare_tasks, "prepare_in_stages", lambda *_, **__: {}["title"])
        assert archive.ingest(news).failed == 2
    assert archive.ingest(news).added == 2
    assert archive.problems() == ()


def test_what_a_reader_raises_is_a_fault(archive: Archive, folder, monkeypatch) -> None:
    monkeypatch.setattr(text_files, "decode", lambda _: {}["deep inside"])
    (problem,) = archive.ingest(write_articles(folder, "a")).problems
    assert "a fault in syriasearch, not in this file (KeyError: 'deep inside')" in problem.message


# The same in the first documents


def test_what_all_of_the_first_documents_meet_ends_the_run(archive, folder, failing) -> None:
    failing("odd", KeyError("title"))
    news = write_articles(folder, "odd1", "odd2", "odd3", "z")
    with pytest.raises(InternalError, match="the run has ended, and what was stored is kept"):
        archive.ingest(news)
    assert [problem.path for problem in archive.problems()] == ["odd1.txt", "odd2.txt", "odd3.txt"]


def test_what_others_do_not_meet_ends_nothing(archive: Archive, folder, failing) -> None:
    failing("odd", KeyError("title"))
    report = archive.ingest(write_articles(folder, "a", "odd1", "odd2", "odd3", "odd4", "z"))
    assert (report.added, report.failed) == (2, 4)


def test_different_faults_end_nothing(archive: Archive, folder, monkeypatch) -> None:
    errors = iter([KeyError("a"), ValueError("b"), TypeError("c"), KeyError("d")])

    def fail(*_: object, **__: object) -> None:
        raise next(errors)

    monkeypatch.setattr(prepare_tasks, "prepare_in_stages", fail)
    assert archive.ingest(write_articles(folder, *"abcd")).failed == 4


def test_a_missing_package_ends_the_run_at_once(archive: Archive, folder, failing) -> None:
    failing("odd", ModuleNotFoundError("No module named 'lxml'", name="lxml"))
    with pytest.raises(InternalError) as raised:
        archive.ingest(write_articles(folder, "a", "odd", "z"))
    assert str(raised.value).startswith(
        "a package that syriasearch needs is missing or broken "
        "(ModuleNotFoundError: No module named 'lxml'): "
    )
    assert archive.search("talks").total == 1


# What is a fault of the installation


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ModuleNotFoundError("No module named 'x'"), True),
        (ImportError("cannot import name 'x'"), True),
        (FileNotFoundError(2, "No such file", str(PACKAGE / "data" / "x.txt")), True),
        (PermissionError(13, "Permission denied", os.__file__), True),
        (FileNotFoundError(2, "No such file", "/news/a.txt"), False),
        (OSError(5, "Input/output error"), False),
        (KeyError("x"), False),
    ],
    ids=repr,
)
def test_a_missing_module_or_file_of_a_package_is_one(error: Exception, expected: bool) -> None:
    assert is_installation(error) is expected


@pytest.mark.parametrize("statement", ["raise OSError('libx.so: cannot open')", "{}['x']", "1 +"])
def test_so_is_whatever_an_import_raises(statement: str, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "spacy.py").write_text(statement)
    monkeypatch.delitem(sys.modules, "spacy", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises((OSError, KeyError, SyntaxError)) as raised:
        import_extra("spacy", "spaCy is not installed")
    assert is_installation(raised.value)


def test_so_is_what_was_raised_because_of_one() -> None:
    error = RuntimeError("no parser")
    error.__cause__ = ImportError("lxml.etree")
    assert is_installation(error)


@pytest.mark.parametrize(
    ("required", "there", "expected"),
    [
        ("click>=8.1", "8.1.7", []),
        ("click>=8.1", "8.1", []),
        ("click>=8.1", "10.0", []),
        ("click>=8.1", "8.0.4", ["click>=8.1"]),
        ("numpy>=1.24", "2.0rc1", []),
        ("numpy>=1.24", None, ["numpy>=1.24"]),  # its metadata is broken
        ("datasette>=0.65; extra == 'web'", "0.1", []),
    ],
)
def test_what_is_too_old_is_named(
    required: str, there: str | None, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.requires", lambda _: [required])
    monkeypatch.setattr("importlib.metadata.version", lambda _: there)
    assert [*unmet()] == expected


def test_everything_that_is_required_is_installed() -> None:
    assert [*unmet()] == []


def test_a_fault_is_placed_in_the_innermost_line_of_the_package() -> None:
    try:
        syriasearch.fold(None)  # type: ignore[arg-type]
    except Exception as error:
        assert re.fullmatch(r"text/normalize.py, line \d+", Fault.of(error).place)


def test_where_no_file_can_be_written_that_is_said(
    archive: Archive, folder, failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    failing("a", KeyError("title"))
    line = archive.ingest(write_articles(folder, "a")).fault
    assert line is not None
    assert line.endswith("report it; its traceback cannot be written")


def test_a_report_may_hold_what_is_no_text(archive: Archive, folder, failing) -> None:
    failing("odd", KeyError("\udcff"))
    line = archive.ingest(write_articles(folder, "a", "odd")).fault
    assert line is not None
    assert "KeyError: '\\udcff'" in traceback_of(line)


def test_a_report_is_for_its_owner_alone(archive: Archive, folder, failing) -> None:
    failing("odd", KeyError("title"))
    named = NAMED.search(archive.ingest(write_articles(folder, "a", "odd")).fault or "")
    assert named is not None
    assert Path(named[1]).stat().st_mode & 0o777 == 0o600


def test_a_run_does_not_begin_where_a_package_is_too_old(archive, folder, monkeypatch) -> None:
    monkeypatch.setattr("importlib.metadata.requires", lambda _: ["trafilatura>=2.1"])
    monkeypatch.setattr("importlib.metadata.version", lambda _: "1.6.0")
    with pytest.raises(InternalError, match=r"or too old: pip install 'trafilatura>=2\.1'"):
        archive.ingest(write_articles(folder, "a"))


# Extras


@pytest.mark.parametrize("module", EXTRAS)
def test_an_extra_that_is_not_installed_is_told_with_what_to_install(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(syriasearch.OptionError) as raised:
        import_extra(module, "that is needed")
    assert str(raised.value) == f"that is needed: pip install '{EXTRAS[module]}'"


def test_an_extra_that_is_broken_is_a_fault(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "spacy.py").write_text("import nothing_of_the_kind")
    monkeypatch.delitem(sys.modules, "spacy", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="nothing_of_the_kind"):
        import_extra("spacy", "spaCy is not installed")


# Broken installations, in processes of their own


@pytest.fixture
def installation(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A copy of the package to break; run its command."""
    site = tmp_path / "site"
    shutil.copytree(PACKAGE, site / "syriasearch", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tmp").mkdir()

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "syriasearch.cli", "--db", tmp_path / "x.db", *arguments],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(site),
                "TMPDIR": str(tmp_path / "tmp"),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    run.site = site  # type: ignore[attr-defined]
    return run


DATA = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.rglob("data/*")
    if path.is_file() and path.suffix != ".md" and "cluster" not in path.parts
)
"""The data files but for those of clusters, which need Ray."""


READ_BY = {
    "doctor/data/row_checks.sql": ["doctor"],
    "store/data/known_columns.txt": ["doctor"],
    "ingest/readers/data/list_names.txt": ["ingest", str(CORPORA / "formats" / "newsapi")],
    "ingest/readers/data/value_names.txt": ["ingest", str(CORPORA / "formats" / "event-registry")],
    "entities/names/data/costs.txt": ["search", "Sergei Lavrow"],
    "ingest/readers/data/nexis_labels.txt": ["ingest", str(CORPORA / "formats" / "rtf")],
    "ingest/readers/data/press_labels.txt": ["ingest", str(CORPORA / "formats" / "proquest")],
    "ingest/readers/data/press_months.txt": ["ingest", str(CORPORA / "formats" / "europresse")],
    "ingest/readers/data/wordpress.txt": ["ingest", str(CORPORA / "formats" / "wordpress")],
    "ingest/readers/data/page_hosts.txt": ["ingest", str(CORPORA / "formats" / "page")],
    "ingest/readers/data/title_sections.txt": ["ingest", str(CORPORA / "formats" / "page")],
    "text/data/confused_letters.txt": ["search", "governmnet"],
    "text/data/number_words.txt": ["ingest", str(CORPORA / "copies")],
    "text/data/stop_words.txt": ["search", "the camp"],
    "text/data/tex_commands.csv": ["ingest", str(CORPORA / "formats" / "bibtex")],
}
"""What reads a data file that an ingest does not need."""


def add_plain_column(archive: Path) -> None:
    """Make a table of an archive other than this version creates it: such tables are compared."""
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("ALTER TABLE articles ADD COLUMN note TEXT")


@pytest.mark.parametrize("name", DATA)
def test_a_data_file_that_is_missing_is_no_fault_of_an_article(installation, name: str) -> None:
    ingest = ["ingest", str(CORPORA / "default")]
    if name in READ_BY:
        installation(*ingest)
    if name == "store/data/known_columns.txt":
        add_plain_column(installation.site.parent / "x.db")
    (installation.site / "syriasearch" / name).unlink()
    result = installation(*READ_BY.get(name, ingest))
    assert result.returncode == 70
    (line,) = [each for each in result.stderr.splitlines() if each.startswith("Error: ")]
    assert "a package that syriasearch needs is missing or broken (FileNotFoundError: " in line
    assert Path(name).name in traceback_of(line)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("module", ["click", "numpy", "rapidfuzz", "Stemmer"])
@pytest.mark.parametrize(
    "content", ["raise ImportError('broken')", "import nothing_like_it", "raise OSError('libx.so')"]
)
def test_a_dependency_that_is_broken_is_told_in_a_line(
    installation, corpus_path: Path, module: str, content: str
) -> None:
    (installation.site / f"{module}.py").write_text(content)
    result = installation("search", "--db", str(corpus_path), "Jafari boycotting")
    assert result.returncode == 70
    assert result.stderr.startswith("Error: a package that syriasearch needs is missing or broken")
    assert f"{module}.py" in traceback_of(result.stderr)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("module", ["lxml", "trafilatura"])
@pytest.mark.parametrize("error", ["ImportError", "OSError", "KeyError"])
def test_a_reader_whose_library_is_broken_ends_the_run(
    installation, folder, module: str, error: str
) -> None:
    (installation.site / f"{module}.py").write_text(f"raise {error}('broken')")
    pages = {f"{name}.html": "<!DOCTYPE html><html><p>Talks in Sochi.</html>" for name in "bcd"}
    result = installation("ingest", str(folder({"a.txt": "Talks in Sochi.", **pages})))
    assert result.returncode == 70
    assert f"missing or broken ({error}: " in result.stderr
    assert "the run has ended, and what was stored is kept" in result.stderr
    assert installation("Sochi").stdout.startswith(" 1. Talks in Sochi")


def test_a_fault_of_a_command_is_told_in_a_line(installation, corpus_path: Path) -> None:
    searching = installation.site / "syriasearch" / "search" / "searcher.py"
    searching.write_text(
        searching.read_text() + "\n\ndef search(*_, **__):\n    return {}['title']\n"
    )
    result = installation("search", "--db", str(corpus_path), "Sochi")
    assert result.returncode == 70
    fault = "(KeyError: 'title' in search/searcher.py, line "
    assert result.stderr.startswith(f"Error: a fault in syriasearch {fault}")
    assert result.stderr.count("\n") == 1
    assert "Traceback" in traceback_of(result.stderr)


def test_without_a_place_for_it_the_traceback_is_printed(installation, corpus_path) -> None:
    (installation.site / "numpy.py").write_text("raise ImportError('broken')")
    code = (
        "import tempfile; tempfile.tempdir = '/nowhere';"
        "from syriasearch.cli.__main__ import main; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "Sochi", "--db", str(corpus_path)],
        env={**os.environ, "PYTHONPATH": str(installation.site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 70
    assert "its traceback cannot be written\n" in result.stderr
    assert "Traceback (most recent call last)" in result.stderr
