"""Commands that correct entities."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from .. import Archive
from .completion import values_of
from .entities import entity
from .options import Command, archive_option, format_option, listed
from .output import dim, hinted, plain, print_json

if TYPE_CHECKING:
    from .. import Correction


def _subject(name: str = "entity", metavar: str = "ENTITY") -> Callable[[Command], Command]:
    return click.argument(name, metavar=metavar, shell_complete=values_of("entity"))


def _report(correction: Correction) -> None:
    click.echo(f"{correction.id}: {plain(str(correction))}")
    if correction.scope is not None and correction.scope.articles[1:]:
        click.echo(f"So too in its copies: {', '.join(correction.scope.articles[1:])}")
    click.echo(hinted(f"`syriasearch entity undo {correction.id}` takes it back."), err=True)


@entity.command()
@_subject()
@_subject("into", "INTO")
@archive_option
def merge(entity: str, into: str, db: str) -> None:
    """Merge ENTITY into INTO: its mentions count for INTO.

    Each is a slug, or a name in any spelling.
    """
    with Archive(db) as archive:
        _report(archive.corrections.merge(entity, into))


def _among_options(command: Command) -> Command:
    """Add the options that say which mentions a command is about."""
    for option in (
        click.option(
            "--occurrence", type=int, metavar="N", help="Only that of the spelling in its text."
        ),
        click.option(
            "--source",
            metavar="NAME",
            shell_complete=values_of("source"),
            help="Only in the articles of this source.",
        ),
        click.option(
            "--article",
            metavar="SLUG",
            shell_complete=values_of("slug"),
            help="Only in this article and its copies.",
        ),
    ):
        command = option(command)
    return command


_type_option = click.option(
    "--type",
    type=click.Choice(Archive.ENTITY_TYPES),
    metavar="TYPE",
    help=f"Make a new entity: {listed(Archive.ENTITY_TYPES)}.",
)


@entity.command()
@_subject()
@click.argument("spellings", nargs=-1, metavar="[SPELLING]...")
@click.option("--to", required=True, metavar="NAME", help="The entity they belong to.")
@_type_option
@_among_options
@archive_option
def split(entity: str, spellings: tuple[str, ...], db: str, **options: Any) -> None:
    """Give the mentions of ENTITY with one of these spellings to another entity.

    That is an existing entity, or, with --type, a new one. With --article no SPELLING means all.
    """
    with Archive(db) as archive:
        _report(archive.corrections.split(entity, *spellings, **options))


@entity.command("not")
@_subject()
@click.argument("spellings", nargs=-1, metavar="[SPELLING]...")
@_among_options
@click.option("--is", "to", metavar="NAME", help="Whose they are, instead of nobody's.")
@_type_option
@archive_option
def is_not(entity: str, spellings: tuple[str, ...], db: str, **options: Any) -> None:
    """Say that names in an article, or a SPELLING in a source, are not ENTITY.

    Without SPELLING all of an article's mentions are meant; --occurrence 2 is the second time that
    the text has the SPELLING, as `syriasearch show --format json` numbers each mention.
    """
    with Archive(db) as archive:
        _report(archive.corrections.is_not(entity, *spellings, **options))


@entity.command()
@_subject()
@click.argument("name")
@archive_option
def rename(entity: str, name: str, db: str) -> None:
    """Rename ENTITY; it is found by both names."""
    with Archive(db) as archive:
        _report(archive.corrections.rename(entity, name))


@entity.command()
@_subject()
@archive_option
def hide(entity: str, db: str) -> None:
    """Hide ENTITY: it has no mentions, and no name finds it."""
    with Archive(db) as archive:
        _report(archive.corrections.hide(entity))


@entity.command()
@_subject()
@click.argument("name")
@archive_option
def alias(entity: str, name: str, db: str) -> None:
    """Add a name to ENTITY: every occurrence of it is a mention."""
    with Archive(db) as archive:
        _report(archive.corrections.add_alias(entity, name))


@entity.command()
@click.argument("id", required=False, type=int)
@archive_option
def undo(id: int | None, db: str) -> None:
    """Undo a correction, as if it had never been made.

    ID is its number in the history; without it, the latest is undone.
    """
    with Archive(db) as archive:
        undone = archive.corrections.undo(id)
    click.echo(f"Undone: {undone.id}: {plain(str(undone))}")


@entity.command()
@archive_option
@format_option(["text", "json"])
def history(db: str, output: str) -> None:
    """List all corrections in order, including those that were undone."""
    with Archive(db, readonly=True) as archive:
        corrections = archive.corrections.history()
        unsure = {each.id for each in archive.corrections.unsure()}
    if output == "json":
        print_json([each.to_dict() for each in corrections])
        return
    for each in corrections:
        line = f"{each.id:3}  {each.made_at[:10]}  {plain(str(each))}"
        if each.undone_at:
            line = dim(f"{line} (undone {each.undone_at[:10]})")
        elif each.id in unsure:
            line += " (the article was edited there: none spelt so counts in it)"
        click.echo(line)
    if not corrections:
        click.echo("No corrections.", err=True)
