"""What the docs say is so: every file, command, option, name and output in them."""

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT

import syriasearch
from syriasearch.cli import main
from syriasearch.cli.options import PluggableCommand

PAGES = [
    ROOT / "README.md",
    ROOT / "SECURITY.md",
    ROOT / "benchmarks" / "README.md",
    ROOT / "db" / "README.md",
    ROOT / "seeds" / "README.md",
    ROOT / "syriasearch" / "entities" / "data" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
LINKS = [
    (page, target)
    for page in PAGES
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text())
    if "://" not in target
]
COMMANDS = [
    (page, line.split("  #")[0].strip())
    for page in PAGES
    for line in re.findall(
        r"^(?:\$ | {4}| {7,8})?(syriasearch .*)$", page.read_text(), re.MULTILINE
    )
    if "[OPTIONS]" not in line and page.name != "tutorial.md"
]
SERVING = [line for _, line in COMMANDS if line.startswith("syriasearch serve")]
"""Commands that go on until they are told to end."""
WRITING = ROOT / "docs" / "corrections.md"
"""The page whose commands follow one another."""


def made_page(name: str) -> str:
    spec = importlib.util.spec_from_file_location("make", ROOT / "docs" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAGES[name]()


@pytest.mark.parametrize("name", ["command.md", "schema.md"])
def test_made_pages_are_made_anew(name: str) -> None:
    # Versions of click wrap their help at other places.
    written = (ROOT / "docs" / name).read_text().split()
    assert written == made_page(name).split(), "run python docs/make.py"


@pytest.mark.parametrize(("page", "target"), LINKS, ids=str)
def test_every_link_leads_somewhere(page: Path, target: str) -> None:
    assert (page.parent / target).exists()


def test_the_readme_opens_with_two_commands() -> None:
    commands = re.findall(r"^    (make \w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert commands == ["make try", "make test"]
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"try", "test"} <= set(targets)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("docs") / "syria.db"
    with syriasearch.Archive(path) as archive:
        archive.ingest(ROOT / "seeds")
    return path


def run(line: str, db: Path) -> str:
    arguments = shlex.split(line)[1:]
    result = CliRunner().invoke(main, arguments, env={"SYRIASEARCH_DB": str(db)})
    assert result.exit_code == 0, (line, result.stderr)
    return result.stdout


def test_the_commands_that_correct_follow_one_another(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "syria.db"
    copy.write_bytes(db.read_bytes())
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    (names,) = re.findall(r"^( {4}slug,type[\s\S]*?)\n\n", WRITING.read_text(), re.MULTILINE)
    (tmp_path / "names.csv").write_text(names.replace("    ", ""))
    monkeypatch.chdir(tmp_path)
    for page, line in COMMANDS:
        if page == WRITING:
            assert run(line, copy)
    assert run("syriasearch doctor", copy)


@pytest.mark.parametrize(
    ("page", "line"),
    [each for each in COMMANDS if each[0] != WRITING and each[1] not in SERVING],
    ids=str,
)
def test_every_command_runs_and_finds(
    page: Path, line: str, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    (tmp_path / "names.csv").write_text('name,birth\n"Jaafari, Bashar",1956\n')
    monkeypatch.chdir(tmp_path)
    assert run(line, db)


NAMED = sorted(
    {
        named
        for path in (ROOT / "syriasearch").rglob("*.py")
        for named in re.findall(r"`syriasearch ([^`\"]*)`", path.read_text())
    }
)


@pytest.mark.parametrize("named", NAMED)
def test_a_message_names_a_command_that_there_is(named: str) -> None:
    words = shlex.split(re.sub(r"^--db \S+ |\{[^{}]*\}", " x ", named).strip())
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group) and words and words[0] in command.list_commands(context):
        command = command.get_command(context, words.pop(0))
    if command is main:
        assert not words[0].islower() or words[0] == "x"
        command = main.get_command(context, "search")
    if isinstance(command, PluggableCommand):
        command.complete()
    options = {each for parameter in command.params for each in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


QUERIES = re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "queries.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_in_the_docs_finds_something_and_is_read_whole(query: str, db: Path) -> None:
    with syriasearch.Archive(db, readonly=True) as archive:
        page = archive.search(query, explain=True)
    assert page.total
    assert not any(line.startswith("left out") for line in page.explanation)


def test_the_output_in_the_readme_is_what_is_printed(db: Path) -> None:
    block = re.search(
        r"```\n\$ (syriasearch .*)\n([\s\S]*?)\n```", (ROOT / "README.md").read_text()
    )
    assert block is not None
    assert run(block[1], db).startswith(block[2])


def test_the_python_in_the_readme_runs(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n([\s\S]*?)```", (ROOT / "README.md").read_text())
    assert len(code.splitlines()) <= 10
    monkeypatch.chdir(ROOT)
    exec(compile(code.replace("db/syria.db", str(db)), "README.md", "exec"), {})
    output = capsys.readouterr().out
    assert "Syrian opposition to boycott Sochi congress" in output
    assert "['Sergei Lavrov', 'Staffan de Mistura', 'Sochi']" in output


def test_every_field_in_the_api_page_is_one() -> None:
    text = (ROOT / "docs" / "api.md").read_text()
    for name, body in re.findall(r"^### `(\w+)`\n([^#]*)", text, re.MULTILINE):
        thing = getattr(syriasearch, name)
        fields = getattr(thing, "__dataclass_fields__", None)
        if fields is not None:
            named = set(re.findall(r"`(\w+)(?:\([^`]*\))?`", body))
            methods = {each for each in named if callable(getattr(thing, each, None))}
            assert set(fields) <= named, name
            properties = {
                each for each in named if isinstance(getattr(thing, each, None), property)
            }
            assert named - methods - properties <= set(fields), name


def test_the_changelog_names_the_version() -> None:
    assert f"## {syriasearch.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_every_sample_stands_in_the_readme_of_the_samples() -> None:
    text = (ROOT / "seeds" / "README.md").read_text()
    for path in (ROOT / "seeds").iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in text
