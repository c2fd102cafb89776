"""Which commands make a cluster of an archive, and an archive of a cluster?"""

from __future__ import annotations

import click

from .group import archive_option, main
from .output import plain


@main.group()
def cluster() -> None:
    """Several archives that answer as one: its shards.

    `--db NAME.toml` asks a cluster as `--db NAME.db` asks an archive.
    """


@cluster.command()
@click.argument("archive", type=click.Path())
@click.option("--shards", type=int, required=True, metavar="N", help="How many there are to be.")
@click.option(
    "--to",
    type=click.Path(),
    metavar="PATH",
    help="The cluster's file; shards stand beside it.  [default: the archive's name, with .toml]",
)
def split(archive: str, shards: int, to: str | None) -> None:
    """Write the articles of ARCHIVE into shards, each an archive of its own.

    ARCHIVE stays as it is. Where the cluster is there already, it is split anew: its file names the
    new shards when all are written, and the old ones may then be removed.
    """
    from .. import Shards

    path = to or f"{archive.removesuffix('.db')}.toml"
    names = Shards(path).split(archive, shards)
    click.echo(f"{plain(path)}: {', '.join(map(plain, names))}")


@cluster.command()
@click.argument("archive", type=click.Path())
@archive_option
@click.pass_context
def merge(context: click.Context, /, archive: str, db: str | None) -> None:
    """Write the articles of all shards into ARCHIVE, a new file."""
    from .. import Shards

    articles = Shards(db or context.obj).merge(archive)
    click.echo(f"{plain(archive)}: {articles:,} articles")


@cluster.command()
@click.argument("shard")
@click.argument("path", type=click.Path())
@archive_option
@click.pass_context
def move(context: click.Context, /, shard: str, path: str, db: str | None) -> None:
    """Bring SHARD, by its name in the cluster's file, to PATH.

    Searches go on meanwhile. The old file stays, and may then be removed.
    """
    from .. import Shards

    Shards(db or context.obj).move(shard, path)
    click.echo(f"{plain(shard)} is now {plain(path)}")


@cluster.command()
@archive_option
@click.pass_context
def status(context: click.Context, /, db: str | None) -> None:
    """Tell what each shard holds, or what stands in the way of reading it.

    The exit status is 1 where one cannot be read.
    """
    from .. import Shards

    found = Shards(db or context.obj).status()
    for each in found:
        held = f"{each.articles:,} articles, {each.paragraphs:,} paragraphs, {each.size:,} bytes"
        click.echo(f"{plain(each.name)}: {plain(each.problem) if each.problem else held}")
    context.exit(1 if any(each.problem for each in found) else 0)
