"""Inputs that reach new code, found by atheris: `make fuzz`.

    python -m fuzz [TARGET …] [--seconds 3600] [--corpus FOLDER]

Each target runs for a time. What it finds is a file in the folder `found`, with the traceback in
another; the same place in the program is reported once. An input that takes too long or too much
memory ends the process of libFuzzer, which is started again. Mend it, and put the file into
`tests/fuzz/cases/TARGET`. The exit status is 1 if something was found.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

SECONDS = 3600
SLOW = 60
"""The number of seconds that an input may take."""
MEGABYTES = 3000


def main() -> None:
    """Fuzz one target after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("target", nargs="*")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--corpus", type=Path, default=Path(".fuzz"))
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        _inside(options.target[0], options.corpus, options.seconds)
        return
    found = 0
    for name in options.target or ("parser", "readers", "snippets", "archive"):
        found += _fuzz(name, options.corpus.resolve() / name, options.seconds)
    sys.exit(bool(found))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _fuzz(name: str, corpus: Path, seconds: int) -> int:
    """Fuzz a target until the time is up; return the number of what it found."""
    for each in ("inputs", "found"):
        (corpus / each).mkdir(parents=True, exist_ok=True)
    before = {*(corpus / "found").iterdir()}
    end = time.monotonic() + seconds
    runs = coverage = 0
    while (left := int(end - time.monotonic())) > 0:
        command = [sys.executable, "-m", "fuzz", name, "--inside", "--corpus", str(corpus)]
        done = subprocess.run(
            [*command, "--seconds", str(left)], capture_output=True, text=True, check=False
        )
        counted = re.findall(r"^#(\d+)\s.*?cov: (\d+)", done.stderr, re.MULTILINE)
        if not counted:
            sys.exit(done.stderr[-2000:])
        runs += int(counted[-1][0])
        coverage = max(coverage, int(counted[-1][1]))
    new = {*(corpus / "found").iterdir()} - before
    inputs = sum(1 for _ in (corpus / "inputs").iterdir())
    problems = sorted(each for each in new if each.suffix != ".txt")
    say(f"{name}: {runs:,} runs, {inputs:,} inputs, {coverage:,} places, {len(problems)} found")
    for each in problems:
        say(f"  {each}")
    return len(problems)


def _inside(name: str, corpus: Path, seconds: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["syriasearch"]):
        from fuzz.targets import TARGETS
    target = TARGETS[name]
    # What is made once is no part of the time of an input.
    target.run(next(target.seeds()))
    for seed in target.seeds():
        (corpus / "inputs" / hashlib.sha256(seed).hexdigest()[:20]).write_bytes(seed)
    arguments = [
        sys.argv[0],
        str(corpus / "inputs"),
        f"-max_total_time={seconds}",
        f"-timeout={SLOW}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-report_slow_units={SLOW}",
        "-max_len=20000",
        f"-artifact_prefix={corpus / 'found'}{os.sep}",
    ]
    atheris.Setup(arguments, _reporting(target.run, corpus / "found"))
    atheris.Fuzz()


def _reporting(run: Callable[[bytes], None], found: Path) -> Callable[[bytes], None]:
    """Return a function that keeps what raises an exception, each place once, and goes on."""

    def report(data: bytes) -> None:
        try:
            run(data)
        except BaseException as error:
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            key = f"{type(error).__name__} {[(each.name, each.lineno) for each in frames]}"
            if not frames or frames[-1].name == "raises":
                key += str(error)[:40]
            place = found / f"crash-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
            if not place.exists():
                place.write_bytes(data)
                place.with_suffix(".txt").write_text(traceback.format_exc(), "utf-8", "replace")

    return report


if __name__ == "__main__":
    main()
