"""Commands for saved searches."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from .. import Archive, SyriaSearchError
from .completion import saved_names
from .exit_status import exit_with_status
from .options import (
    archive_option,
    copies_option,
    count_option,
    filter_options,
    format_option,
    query_argument,
)
from .output import EMPTY, counted, export_formats, found, hinted, plain, show_page


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@query_argument(required=True)
@archive_option
@filter_options
@copies_option
def save(name: str, query: str, db: str, **options: Any) -> None:
    """Keep a search under a name.

    `syriasearch new NAME` shows its new hits.
    """
    with Archive(db) as archive:
        saved = archive.save(name, query, **options)
        page = archive.search(saved.query, limit=0, match="all", **options)
    import shlex

    quoted = shlex.quote(plain(saved.name))
    articles = counted(page.total, "article")
    click.echo(hinted(f"{articles} so far; `syriasearch new {quoted}` shows what is new."))
    if not page.archive_total:
        click.echo(hinted(EMPTY), err=True)


@click.command()
@click.argument("name", required=False, shell_complete=saved_names)
@archive_option
@click.option("--keep", is_flag=True, help="Show them again the next time.")
@click.option("--limit", type=int, metavar="N", help="The maximum number of hits.  [default: all]")
@count_option("--passages", 3, "Passages per hit.")
@click.option(
    "--atom", type=click.Path(dir_okay=False), help="Also write the latest 100 as an Atom feed."
)
@format_option(["text", "json", *export_formats()])
@click.pass_context
def new(
    context: click.Context,
    /,
    name: str | None,
    db: str,
    atom: str | None,
    output: str,
    **options: Any,
) -> None:
    """Show what is new for a saved search, the newest first.

    These are the hits that it has not shown yet. Without NAME, count them for every saved search.
    The exit status is 0 if something is new, 1 if nothing is, 2 if a search fails.
    """
    if name is None:
        if atom is not None or output != "text" or options["keep"] or options["limit"] is not None:
            raise click.UsageError("these options need the NAME of a saved search")
        context.exit(_count_new(db))
    with Archive(db, readonly=bool(options["keep"])) as archive:
        page = archive.new(name, **options)
        if found(page) or output != "text":
            show_page(page, output)
        if not found(page):
            click.echo("Nothing new.", err=True)
        if atom is not None:
            _write_whole(Path(atom), archive.feed(name))
    exit_with_status(page.total > 0)


def _count_new(path: str) -> int:
    """Print the number of new hits of each saved search; return the exit status."""
    status = 1
    with Archive(path, readonly=True) as archive:
        for saved in archive.saved():
            label = f"{plain(saved.name)}: {plain(saved.query)}"
            try:
                count = archive.new(saved.name, limit=0, keep=True).total
            except SyriaSearchError as error:
                click.echo(f"Error: {label}: {error}", err=True)
                status = 2
            else:
                click.echo(f"{count:6,} new  {label}")
                status = 0 if count and status == 1 else status
    return status


def _write_whole(path: Path, data: bytes) -> None:
    """Replace a file in one step, so that readers find the old or the new one; write to pipes."""
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        draft = path.with_name(f".{os.getpid()}.tmp")
        try:
            draft.write_bytes(data)
            draft.replace(path)
        finally:
            with suppress(OSError):
                draft.unlink()
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from error


@click.command()
@click.argument("name", shell_complete=saved_names)
@archive_option
def forget(name: str, db: str) -> None:
    """Delete a saved search.

    The record of what it has shown goes with it.
    """
    with Archive(db) as archive:
        archive.forget(name)
    click.echo(f"Deleted the saved search {plain(name)}; its articles stay.")
