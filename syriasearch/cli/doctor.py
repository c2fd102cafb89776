"""Commands that look after an archive: check, repair, optimize."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import click

from .. import Archive
from .exit_status import exit_with_status
from .options import archive_option
from .output import plain


@contextmanager
def _without_collector() -> Iterator[None]:
    """Turn off the garbage collector, which would look through millions of rows again and again."""
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


@click.command()
@archive_option
@click.option("--repair", is_flag=True, help="Repair what can be rebuilt, and check again.")
def doctor(db: str, *, repair: bool) -> None:
    """Check that the archive agrees with its text.

    The whole archive is read, and without --repair nothing is changed. Each problem is a line that
    says what to do. The exit status is 0 if the archive is sound, or sound again, else 1.
    """
    with _without_collector(), Archive(db) as archive:
        if repair:
            report = archive.repair()
            for message in report.mended:
                click.echo(f"mended: {plain(message)}")
            problems = report.left
        else:
            problems = archive.check()
    for problem in problems:
        click.echo(plain(problem))
    if not problems:
        click.echo(f"{db} is sound.")
    exit_with_status(not problems)


@click.command()
@archive_option
def optimize(db: str) -> None:
    """Rewrite the indexes and the file for faster searches."""
    with Archive(db) as archive:
        archive.optimize()
