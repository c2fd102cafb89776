"""Each command that a document or a message tells people to run, typed as it is written there.

It runs in an empty environment that has the wheel, in a folder with the samples, and not in the
checkout: but for what installs the program from there.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT
from shells import Shell, build, checkout_in

from syriasearch.errors.faults import EXTRAS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = ROOT / "syriasearch"
PAGES = [
    ROOT / "README.md",
    *(ROOT / name / "README.md" for name in ("db", "seeds", "benchmarks")),
    *sorted(path for path in (ROOT / "docs").glob("*.md") if path.name != "tutorial.md"),
]
PROGRAMS = "syriasearch|pip|python|python3|make|datasette|echo|cat|ray"
SERVING = {
    "syriasearch serve": "/syria/ranked_search?q=Sochi",
    "syriasearch serve --open": "/syria/-/search?q=Sochi",
    "datasette db/": "/syria/articles",
    "datasette db/syria.db": "/syria/-/search?q=Sochi",
}
"""Commands that go on until they are ended, and a page to ask of each."""
ELSEWHERE = {
    "make try": "what .ci/run begins with",
    "make test": "what .ci/run goes on with, and what this test is a part of",
    "make test-all": "what this test is a part of",
    "make lint": "what .ci/run ends with",
    "pip install xapian-bindings-binary": "a peer that benchmarks are run without, too",
    "python docs/pictures.py": "takes pictures in a browser, as test_browser.py does",
    "datasette syria.db --metadata metadata.json --config datasette.yaml": "shows 1.0 the files",
}
"""What is not run here, and why."""
STORY = "<!DOCTYPE html><html><title>A story</title><body><p>Talks went on.</p></body></html>"


class Command(NamedTuple):
    page: str
    line: str


def commands(page: Path) -> Iterator[Command]:
    """Yield the commands that stand on lines of their own, and those in the text."""
    name = page.relative_to(ROOT).as_posix()
    text = page.read_text()
    for line in re.findall(rf"^(?:\$ | {{4}})?((?:{PROGRAMS}) .*)$", text, re.MULTILINE):
        if "[OPTIONS]" not in line:
            yield Command(name, re.split(r"\s+#", line)[0].strip())
    for line in re.findall(rf"`((?:{PROGRAMS}) [^`\n]*)`", text):
        # One with a word in capitals has to be filled in, and others need a bucket or machines.
        if not re.search(r"\b[A-Z]{3,}\b|://|\d:\d|…|^ray|^make|cluster start|one\.db", line):
            yield Command(name, line)


ALL = list(dict.fromkeys(command for page in PAGES for command in commands(page)))
HINTS = sorted(
    {
        hint
        for path in PACKAGE.rglob("*.py")
        for hint in re.findall(r"pip install '[^'{]+'", path.read_text())
    }.union(f"pip install '{each}'" for each in EXTRAS.values())
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout."""
    return build(ROOT, tmp_path_factory.mktemp("dist"), "--wheel")


@pytest.fixture(scope="module")
def shell(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell in a folder with the samples, in a new environment that has the wheel alone."""
    folder = tmp_path_factory.mktemp("commands")
    checkout_in(folder)
    (folder / "work").mkdir()
    (folder / "work" / "seeds").symlink_to(folder / "checkout" / "seeds")
    (folder / "work" / "story.html").write_text(STORY)
    page = (ROOT / "docs" / "corrections.md").read_text()
    (names,) = re.findall(r"^( {4}slug,type[\s\S]*?)\n\n", page, re.MULTILINE)
    (folder / "work" / "names.csv").write_text(names.replace("    ", ""))
    environment = {**os.environ, "HOME": str(folder), "PIP_QUIET": "1", "BROWSER": "true"}
    environment.pop("SYRIASEARCH_DB", None)
    with Shell(folder / "work", environment) as made:
        made.run("python3 -m venv ../venv")
        made.run(". ../venv/bin/activate")
        status, printed = made.status(f"pip install {wheel}")
        if status:
            pytest.skip(f"pip can install nothing here: {printed}")
        made.run("syriasearch ingest seeds/")
        yield made


def run(shell: Shell, line: str) -> None:
    if line in SERVING:
        assert "Sochi" in shell.serve(line, SERVING[line])
    elif line.startswith("python "):
        # A benchmark takes minutes; that it takes these options is what is tried.
        script = line.split()[1]
        if script.startswith("benchmarks/"):
            options = " ".join(each.replace("ARCHIVE", "db/syria.db") for each in line.split()[2:])
            shell.run(f"cd ../checkout && python {script} {options} --help >/dev/null; cd ../work")
        else:
            shell.run(f"cd ../checkout && {line}; cd ../work")
    elif re.match(r"pip install .*\.(\[|$)", line) or line == "pip install .":
        shell.run(f"cd ../checkout && {line}; cd ../work")
    else:
        status, printed = shell.status(line)
        # A command may be named without what it takes, and find nothing, which is status 1 too.
        nothing = ("Missing argument", "Nothing new.", "0 of 1 names are in the archive.")
        assert not status or any(each in printed for each in nothing), printed


@pytest.mark.slow
@pytest.mark.parametrize("hint", HINTS)
def test_a_hint_on_an_extra_installs_it(shell: Shell, hint: str) -> None:
    shell.run(hint)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [each for each in ALL if each.line not in ELSEWHERE], ids=lambda each: " ".join(each)
)
def test_a_command_of_a_page_does_its_work(shell: Shell, command: Command) -> None:
    run(shell, command.line)


@pytest.mark.parametrize("hint", HINTS)
def test_a_hint_names_what_an_extra_requires(hint: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    required = {each.split(";")[0].strip() for name in extras for each in extras[name]}
    assert hint.removeprefix("pip install ").strip("'") in required
