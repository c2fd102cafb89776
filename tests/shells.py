"""Commands as a user types them: in bash, in an environment and a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from conftest import ROOT


def tracked(*under: str) -> set[str]:
    """Return the files that git has, or is about to have."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of git")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", *under], cwd=ROOT, check=True, capture_output=True
    )
    return {name for name in os.fsdecode(listed.stdout).split("\0") if (ROOT / name).is_file()}


def checkout_in(folder: Path) -> Path:
    """Copy the checkout into a folder, as a clone of it would be; return where it is."""
    copy = folder / "checkout"
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    return copy


def build(source: Path, target: Path, *options: str) -> Path:
    """Build a wheel or an sdist with what is installed here; return it."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", target, *options]
    subprocess.run([*command, source], check=True, capture_output=True, text=True)
    (made,) = target.iterdir()
    return made


class Shell:
    """A bash that stays, so that a command may change the folder or activate an environment."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.kill()
        self._process.communicate()

    def status(self, command: str) -> tuple[int, str]:
        """Run a command; return its exit status, and what it printed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\nprintf '\\n<end %s>\\n' $?\n")
        lines: list[str] = []
        for line in self._process.stdout:
            if line.startswith("<end "):
                return int(line[5:-2]), "".join(lines).removesuffix("\n")
            lines.append(line)
        raise AssertionError(f"the shell ended with {command}: {''.join(lines)}")

    def run(self, command: str) -> str:
        """Return what a command prints. It must succeed."""
        status, printed = self.status(command)
        assert status == 0, (command, printed)
        return printed

    def serve(self, command: str, page: str) -> str:
        """Run a command that serves, at a free port; return a page of it, and end it."""
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        process = int(self.run(f"{command} --port {port} >/dev/null 2>&1 & echo $!").split()[-1])
        try:
            for _ in range(600):
                with closing(socket.socket()) as there:
                    if not there.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.05)
            text: str = urlopen(f"http://127.0.0.1:{port}{page}").read().decode()
            return text
        finally:
            os.kill(process, signal.SIGINT)
            # A shell ignores it for what runs in the background.
            os.kill(process, signal.SIGTERM)
