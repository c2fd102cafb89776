"""The command's entry point: `syriasearch`, and `python -m syriasearch.cli`."""

import gc
import os
import sys
from pathlib import Path

from .exit_status import FAULT


def main() -> None:
    """Run the command; report any exception that it does not handle as a fault of the program."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            # It was closed: there is no input, and output is discarded.
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 (it stays open)
    # What is imported stays: the collector, which finds nothing in it, looks less often.
    gc.set_threshold(50_000, 20, 100)
    try:
        from .app import main as command

        command(prog_name="syriasearch")
    except Exception as error:
        from ..errors.faults import Fault, FaultLog

        faults = FaultLog()
        faults.note(Fault.of(error))
        reported = faults.error()
        sys.stderr.write(f"Error: {reported}\n{reported.details}")
        sys.exit(FAULT)


if __name__ == "__main__":
    main()
