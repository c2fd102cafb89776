"""The command that deletes articles, and undoes that."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from .. import Archive, OptionError
from .completion import values_of
from .exit_status import exit_with_status
from .options import archive_option, filter_options, format_option
from .output import counted, dim, hinted, plain, print_json

if TYPE_CHECKING:
    from .. import Deletion

SHOWN = 10
"""The maximum number of articles that are shown before the question."""


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...", shell_complete=values_of("slug"))
@archive_option
@click.option("--query", metavar="TEXT", help="Delete what this query finds, copies included.")
@filter_options
@click.option("--undo", is_flag=True, help="Restore what was deleted last, until the next ingest.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would be deleted, and do nothing.")
@format_option(["text", "json"])
def delete(
    slugs: tuple[str, ...],
    db: str,
    query: str | None,
    undo: bool,
    yes: bool,
    dry_run: bool,
    output: str,
    **filters: Any,
) -> None:
    """Delete articles, by slugs or by a query and filters.

    They are shown first, with a question on a terminal; elsewhere --yes is needed. What belongs to
    an article goes with it. Until the next ingest, --undo restores what was deleted last. The next
    ingest of an unchanged source leaves its deleted articles out, unless it has --restore. The exit
    status is 0 if articles were deleted or restored, 1 if there were none.
    """
    with Archive(db) as archive:
        if undo:
            if slugs or query is not None or dry_run or any(filters.values()):
                raise click.UsageError("--undo restores the last deletion: leave the rest out")
            _show(archive.undo_delete(), output, "restored")
            return
        found = archive.delete(slugs, query=query, dry_run=True, **filters)
        if not found.articles:
            _show(found, output, "deleted")
            exit_with_status(False)
        if dry_run:
            _show(found, output, "would be deleted", listed=True)
            return
        if not yes:
            _ask(found)
        done = archive.delete(article.slug for article in found.articles)
        _show(done, output, "deleted")
    if output == "text":
        what = "it" if len(done.articles) == 1 else "them"
        click.echo(hinted(f"`syriasearch delete --undo` restores {what} until the next ingest."))


def _ask(found: Deletion) -> None:
    """Show articles and ask whether to delete them; end the command if the answer is no."""
    _list(found, err=True)
    number = counted(len(found.articles), "article")
    if not sys.stdin.isatty():
        raise OptionError(f"{number} would be deleted: --yes does it without a question")
    if not click.confirm(f"Delete {number}?", err=True):
        click.echo("Nothing was deleted.", err=True)
        exit_with_status(False)


def _list(found: Deletion, *, err: bool = False) -> None:
    for article in found.articles[:SHOWN]:
        click.echo(f"{plain(article.title)}  {dim(article.slug)}", err=err)
    if len(found.articles) > SHOWN:
        click.echo(f"… and {len(found.articles) - SHOWN:,} more", err=err)


def _show(found: Deletion, output: str, done: str, *, listed: bool = False) -> None:
    if output == "json":
        print_json(found.to_dict())
        return
    if listed:
        _list(found)
    click.echo(f"{counted(len(found.articles), 'article')} {done}.")
