"""The exit statuses of the command: 0 for success, 1 for nothing found or something left to do."""

from __future__ import annotations

from typing import NoReturn

ERROR = 2
"""For options, a query or an archive that cannot be used, as click's own."""
FAULT = 70
"""For a fault of the program: EX_SOFTWARE of BSD's sysexits.h."""
INTERRUPTED = 130
"""For Ctrl-C: 128 and the number of the signal, as shells have it."""


def exit_with_status(is_success: bool) -> NoReturn:
    """End the command with status 0 if something was found or nothing is wrong, else 1."""
    import click  # not above: the entry point reads a status where click is missing

    click.get_current_context().exit(0 if is_success else 1)
