"""Try a wheel on each Python from 3.10 to 3.14 that this machine has.

    python tools/pythons.py WHEEL SAMPLES

In a new environment and an empty folder it is installed, makes an archive of the samples, and finds
something in it. One line a Python says how that went, or that there is none; the exit status is 1
where one failed. `--lowest` prints the path of the lowest Python instead.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")


def find_python(version: str) -> str | None:
    """Return a Python of a version: on the path, or among those of pyenv and uv."""
    home = Path.home()
    candidates = [
        shutil.which(f"python{version}"),
        *sorted(map(str, (home / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))),
        *sorted(map(str, (home / ".local/share/uv/python").glob(f"*-{version}.*/bin/python"))),
    ]
    for candidate in filter(None, candidates):
        # A command of pyenv may be there for a version that is not in use.
        asked = [candidate, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return candidate
    return None


def steps(python: str, wheel: Path, samples: Path, folder: Path) -> Iterator[list[str]]:
    """Yield the commands that a version has to get through."""
    command = str(folder / "venv" / "bin" / "syriasearch")
    yield [python, "-m", "venv", str(folder / "venv")]
    yield [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    yield [command, "ingest", str(samples)]
    yield [command, "Sochi boycott"]


def try_wheel(python: str, wheel: Path, samples: Path) -> str | None:
    """Return what failed, None where nothing did."""
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    with tempfile.TemporaryDirectory() as folder:
        for step in steps(python, wheel, samples, Path(folder)):
            done = subprocess.run(
                step, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                return f"{' '.join(step)}: exit status {done.returncode}\n{done.stderr}"
    return None


def main() -> None:
    """Try a wheel, or print the path of the lowest Python."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("wheel", type=Path, nargs="?")
    parser.add_argument("samples", type=Path, nargs="?")
    parser.add_argument("--lowest", action="store_true", help="print the path of the lowest Python")
    options = parser.parse_args()
    found = {version: find_python(version) for version in VERSIONS}
    if options.lowest:
        print(next(filter(None, found.values()), sys.executable))
        return
    failed = False
    for version, python in found.items():
        if python is None:
            print(f"Python {version}: is not here")
            continue
        problem = try_wheel(python, options.wheel.resolve(), options.samples.resolve())
        print(f"Python {version}: {problem or 'installs, ingests and searches'}", flush=True)
        failed |= problem is not None
    sys.exit(failed)


if __name__ == "__main__":
    main()
