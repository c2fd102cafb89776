"""How long does `make test` take, from an empty environment, at one revision and at another?

    python benchmarks/suite.py OLD NEW

Each revision is cloned into a folder of its own, and the two run one after the other. A ratio below
1 says that NEW is quicker.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def seconds(revision: str, folder: Path) -> float:
    """Return the wall time of `make test` at a revision, whether it passes or not."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    subprocess.run(["git", "checkout", "--quiet", revision], cwd=clone, check=True)
    started = time.perf_counter()
    done = subprocess.run(["make", "test"], cwd=clone, capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    last = next(line for line in reversed(done.stdout.splitlines()) if " passed" in line)
    print(
        f"{revision}: {took:.0f} s, exit status {done.returncode}, {last.strip('= ')}", flush=True
    )
    return took


def main() -> None:
    """Time both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("old")
    parser.add_argument("new")
    options = parser.parse_args()
    times = []
    for revision in (options.old, options.new):
        with tempfile.TemporaryDirectory() as folder:
            times.append(seconds(revision, Path(folder)))
    print(f"ratio: {times[1] / times[0]:.2f}")


if __name__ == "__main__":
    main()
