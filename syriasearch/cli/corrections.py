"""Commands that correct entities, and recognize names again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from .. import Archive
from .completion import values_of
from .entities import entity as group
from .group import Command, archive_option, format_option, gazetteer_options, given_names, main
from .output import hinted, plain

if TYPE_CHECKING:
    from .. import Correction, ReindexReport

TYPES = ("person", "organization", "group", "place", "event")


def _subject(name: str = "entity", metavar: str = "ENTITY") -> Callable[[Command], Command]:
    return click.argument(name, metavar=metavar, shell_complete=values_of("entity"))


def _tell(made: Correction) -> None:
    click.echo(f"{made.id}: {plain(str(made))}")
    click.echo(hinted(f"`syriasearch entity undo {made.id}` takes it back."), err=True)


@group.command()
@_subject()
@_subject("into", "INTO")
@archive_option
@click.pass_context
def merge(context: click.Context, /, entity: str, into: str, db: str | None) -> None:
    """Merge ENTITY into INTO: its mentions count for INTO.

    Each is a slug, or a name in any spelling.
    """
    with Archive(db or context.obj) as archive:
        _tell(archive.corrections.merge(entity, into))


@group.command()
@_subject()
@click.argument("spellings", nargs=-1, required=True, metavar="SPELLING...")
@click.option("--to", required=True, metavar="NAME", help="The entity they belong to.")
@click.option("--type", type=click.Choice(TYPES), help="Make a new entity of that type.")
@archive_option
@click.pass_context
def split(
    context: click.Context,
    /,
    entity: str,
    spellings: tuple[str, ...],
    to: str,
    type: str | None,
    db: str | None,
) -> None:
    """Give the mentions of ENTITY with one of these spellings to another entity.

    That is an existing entity, or, with --type, a new one.
    """
    with Archive(db or context.obj) as archive:
        _tell(archive.corrections.split(entity, *spellings, to=to, type=type))


@group.command()
@_subject()
@click.argument("name")
@archive_option
@click.pass_context
def rename(context: click.Context, /, entity: str, name: str, db: str | None) -> None:
    """Rename ENTITY; it is found by both names."""
    with Archive(db or context.obj) as archive:
        _tell(archive.corrections.rename(entity, name))


@group.command()
@_subject()
@archive_option
@click.pass_context
def hide(context: click.Context, /, entity: str, db: str | None) -> None:
    """Hide ENTITY: it has no mentions, and no name finds it."""
    with Archive(db or context.obj) as archive:
        _tell(archive.corrections.hide(entity))


@group.command()
@_subject()
@click.argument("name")
@archive_option
@click.pass_context
def alias(context: click.Context, /, entity: str, name: str, db: str | None) -> None:
    """Add a name to ENTITY: every occurrence of it is a mention."""
    with Archive(db or context.obj) as archive:
        _tell(archive.corrections.add_alias(entity, name))


@group.command()
@click.argument("id", required=False, type=int)
@archive_option
@click.pass_context
def undo(context: click.Context, /, id: int | None, db: str | None) -> None:
    """Undo a correction, as if it had never been made.

    ID is its number in the history; without it, the latest is undone.
    """
    with Archive(db or context.obj) as archive:
        undone = archive.corrections.undo(id)
    click.echo(f"Undone: {undone.id}: {plain(str(undone))}")


@group.command()
@archive_option
@format_option(["text", "json"])
@click.pass_context
def history(context: click.Context, /, db: str | None, output: str) -> None:
    """List all corrections in order, including those that were undone."""
    with Archive(db or context.obj, readonly=True) as archive:
        made = archive.corrections.history()
    if output == "json":
        import json

        click.echo(json.dumps([each.to_dict() for each in made], ensure_ascii=False, indent=2))
        return
    for each in made:
        line = f"{each.id:3}  {each.made_at[:10]}  {plain(str(each))}"
        if each.undone_at:
            line = click.style(f"{line} (undone {each.undone_at[:10]})", dim=True)
        click.echo(line)
    if not made:
        click.echo("No corrections.", err=True)


@main.command()
@archive_option
@click.option("--entities", is_flag=True, help="Recognize all names again.")
@gazetteer_options
@click.pass_context
def reindex(context: click.Context, /, db: str | None, entities: bool, **options: Any) -> None:
    """Recognize names in all articles again, from the archive's own text.

    This is for names that were added later, by a newer version of this program or a gazetteer.
    Only articles whose entities change are written. It may be interrupted; run it again to
    continue.
    """
    if not entities:
        raise click.UsageError(
            "say what: --entities recognizes all names anew; `syriasearch optimize` writes the "
            "other indexes anew"
        )
    path = db or context.obj
    try:
        with Archive(path) as archive:
            report = _with_progress(archive, given_names(options))
    except KeyboardInterrupt:
        click.echo("Interrupted. What was done is kept; run again to go on.", err=True)
        context.exit(130)
    click.echo(
        f"{path}: {report.read} articles read, {report.changed} changed in {report.took_s:.1f} s"
    )


def _with_progress(archive: Archive, given: dict[str, Any]) -> ReindexReport:
    if not sys.stderr.isatty():
        return archive.reindex(**given)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Recognizing", total=None)
        return archive.reindex(
            **given,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
