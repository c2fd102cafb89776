"""The tutorial, typed along: its commands in a shell, and what they are said to print."""

import os
import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT
from shells import Shell, checkout_in

TEXT = (ROOT / "docs" / "tutorial.md").read_text()
FORMS = {".html", ".txt"}
"""The forms of the files that the tutorial makes."""
SERVING = {
    "syriasearch serve": "/syria/ranked_search?q=Sochi",
    "datasette shared/": "/syria/articles",
}
"""Commands that go on until they are ended, and a page to ask of each."""


class Step(NamedTuple):
    """A command, with the beginnings of lines that it prints, in order."""

    command: str
    printed: list[str]


def steps() -> Iterator[Step]:
    for kind, body in re.findall(r"```(sh|console)\n([\s\S]*?)```", TEXT):
        lines = iter(body.splitlines())
        step: Step | None = None
        for line in lines:
            if kind == "console" and not line.startswith("$ "):
                assert step is not None
                step.printed.append(line)
                continue
            if step:
                yield step
            command = line.removeprefix("$ ")
            if command.endswith("<<'END'"):
                command = "\n".join([command, *takewhile("END".__ne__, lines), "END\n"])
            step = Step(command, [])
        if step:
            yield step


STEPS = list(steps())


@pytest.mark.slow
def test_each_command_of_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "PIP_QUIET": "1"}
    environment.pop("SYRIASEARCH_DB", None)
    with Shell(checkout_in(tmp_path), environment) as shell:
        for command, printed in STEPS:
            if command in SERVING:
                assert "Sochi" in shell.serve(command, SERVING[command])
                continue
            lines = shell.run(command).splitlines()
            begun = [line[: len(each)] for line, each in zip(lines, printed, strict=False)]
            assert begun == printed, command
    assert set(SERVING) <= {step.command for step in STEPS}


def test_the_name_in_three_spellings_is_found_three_times() -> None:
    made = [step.command for step in STEPS if step.command.startswith("cat > news/")][:3]
    names = ("al-Jaafari", "Ja'afari", "الجعفري")
    assert all(name in command for name, command in zip(names, made, strict=True))


def test_the_files_it_makes_are_of_forms_that_are_read() -> None:
    made = {Path(name).suffix for name in re.findall(r"cat > (news/\S+)", TEXT)}
    assert made == FORMS


def test_what_it_installs_is_an_extra_of_the_package() -> None:
    (install,) = [step.command for step in STEPS if step.command.startswith("pip install ")]
    (named,) = re.findall(r"^\.\[(\w+)\]$", shlex.split(install)[-1])
    assert f"\n{named} = [" in (ROOT / "pyproject.toml").read_text()
