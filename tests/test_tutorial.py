"""The tutorial, typed along: its commands in an empty folder, and what they are said to print."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from conftest import ROOT

pytest.importorskip("datasette", reason="Datasette is not installed")

TEXT = (ROOT / "docs" / "tutorial.md").read_text()
FORMS = {".html", ".txt"}
"""The forms of the files that the tutorial makes."""
INSTALLING = ("python3 -m venv ", ". .venv/", "pip install ")
"""What begins so is done for the tests already."""
SERVING = {
    "syriasearch serve": "/syria/ranked_search?q=Sochi",
    "datasette shared/": "/syria/articles",
}
"""What goes on until it is told to end, and a page to ask it for."""


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


@contextmanager
def started(command: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Run a command that serves, at a free port; yield its address, and end it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [*shlex.split(command), "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            for _ in range(600):
                with closing(socket.socket()) as there:
                    if process.poll() is not None or not there.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@pytest.mark.slow
def test_each_command_of_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    commands = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("SYRIASEARCH_DB", None)
    for command, printed in STEPS:
        if command.startswith(INSTALLING):
            continue
        if command in SERVING:
            with started(command, tmp_path, environment) as address:
                try:
                    assert "Sochi" in urlopen(address + SERVING[command]).read().decode()
                except URLError as error:
                    pytest.fail(f"{command}: {error}")
            continue
        result = subprocess.run(
            ["bash", "-ec", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, (command, result.stderr)
        lines = result.stdout.splitlines()
        assert [line[: len(each)] for line, each in zip(lines, printed, strict=False)] == printed
    assert set(SERVING) <= {step.command for step in STEPS}


def test_the_name_in_three_spellings_is_found_three_times() -> None:
    made = [step.command for step in STEPS if step.command.startswith("cat > news/")][:3]
    names = ("al-Jaafari", "Ja'afari", "الجعفري")
    assert all(name in command for name, command in zip(names, made, strict=True))


def test_the_files_it_makes_are_of_forms_that_are_read() -> None:
    made = {Path(name).suffix for name in re.findall(r"cat > (news/\S+)", TEXT)}
    assert made == FORMS


def test_what_it_installs_is_an_extra_of_the_package() -> None:
    (named,) = set(re.findall(r"syriasearch\[(\w+)\]", TEXT))
    assert f"\n{named} = [" in (ROOT / "pyproject.toml").read_text()
