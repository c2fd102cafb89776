"""The command's entry point: `syriasearch`, and `python -m syriasearch`."""

import sys


def main() -> None:
    """Run the command; report whatever else it raises as a fault of the program."""
    try:
        from .cli import main as command

        command(prog_name="syriasearch")
    except Exception as error:
        from .faults import Fault, FaultLog

        faults = FaultLog()
        faults.note(Fault.of(error))
        reported = faults.error()
        sys.stderr.write(f"Error: {reported}\n")
        if reported.report is None:
            raise
        sys.exit(70)  # as cli.group.FAULT


if __name__ == "__main__":
    main()
