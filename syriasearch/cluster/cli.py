"""The command `cluster`, and what it adds to `ingest`: plug-ins of `syriasearch.cli`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .. import OptionError
from ..cli.ingest import INGEST_RUNNER
from ..cli.options import db_option
from ..cli.output import plain

if TYPE_CHECKING:
    from .. import Cluster, ClusterStatus, IngestReport


INGEST_HELP = (
    "With --cluster, --db names a cluster file, such as db/syria.toml, which names the shards, and "
    "is created if it does not exist."
)
cluster_option = db_option(
    "The cluster's file.  [default: the archive's path, with .toml]",
    lambda context: str(Path(context.obj).with_suffix(".toml")),
)


def _cluster(file: str, address: str | None = None) -> Cluster:
    from .. import Cluster

    return Cluster(file, address=address)


@contextmanager
def warned() -> Iterator[None]:
    """Print warnings, one line each."""

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        click.echo(f"Warning: {plain(str(message))}", err=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        yield


def extend_ingest(command: click.Command) -> None:
    """Add the options `--cluster` and `--shards` to the command `ingest`."""
    ingest_here = command.callback
    assert ingest_here is not None
    index = 1 + [each.name for each in command.params].index("processes")
    command.params[index:index] = [
        click.Option(
            ["--cluster"],
            metavar="ADDRESS",
            help="Fill shards with a Ray cluster: host:port, or local for this machine.",
        ),
        click.Option(
            ["--shards"],
            type=int,
            metavar="N",
            help="The number of shards of a new cluster.  [default: 1]",
        ),
    ]
    command.help = f"{cleandoc(command.help or '')}\n{INGEST_HELP}"

    @click.pass_context
    def ingest(
        context: click.Context, /, cluster: str | None, shards: int | None, **options: Any
    ) -> None:
        def run(file: str, sources: tuple[str, ...], given: dict[str, Any]) -> IngestReport:
            of_one_machine = given.pop("dry_run"), given.pop("processes")
            if of_one_machine != (False, None):
                raise OptionError("--dry-run and --processes are for one machine: leave them out")
            with warned():
                return _cluster(file, cluster).ingest(*sources, shards=shards, **given)

        if cluster:
            if context.get_parameter_source("db") is ParameterSource.DEFAULT:
                options["db"] = str(Path(options["db"]).with_suffix(".toml"))
            context.meta[INGEST_RUNNER] = run
        elif shards is not None:
            raise OptionError("--shards needs --cluster: name the cluster's address, or local")
        ingest_here(**options)

    command.callback = ingest


@click.group()
def cluster() -> None:
    """Manage several archives (shards) that answer as one.

    `--db NAME.toml` searches a cluster as `--db NAME.db` searches an archive.
    """


@cluster.command()
@click.argument("archive", type=click.Path())
@click.option("--shards", type=int, required=True, metavar="N", help="The number of shards.")
@click.option(
    "--to",
    type=click.Path(),
    metavar="PATH",
    help="The cluster's file; shards go next to it.  [default: the archive's name, with .toml]",
)
def split(archive: str, shards: int, to: str | None) -> None:
    """Write the articles of ARCHIVE into shards, each an archive of its own.

    ARCHIVE stays as it is. An existing cluster is replaced: its file names the new shards when all
    are written, and the old ones may then be removed.
    """
    path = to or f"{archive.removesuffix('.db')}.toml"
    names = _cluster(path).split(archive, shards)
    click.echo(f"{plain(path)}: {', '.join(map(plain, names))}")


@cluster.command()
@click.argument("archive", type=click.Path())
@cluster_option
def merge(archive: str, db: str) -> None:
    """Write the articles of all shards into ARCHIVE, a new file."""
    articles = _cluster(db).merge(archive)
    click.echo(f"{plain(archive)}: {articles:,} articles")


@cluster.command()
@click.argument("shard")
@click.argument("path", type=click.Path())
@cluster_option
def move(shard: str, path: str, db: str) -> None:
    """Move SHARD, given by its name in the cluster's file, to PATH.

    Searches continue during the move. The old file stays, and may then be removed.
    """
    found = _cluster(db)
    found.move(shard, path)
    click.echo(f"{plain(shard)} is now {plain(path)}")
    if found.configuration().address != "local":
        click.echo("`syriasearch cluster start` has it held there; until then it is missing.")


@cluster.command()
@cluster_option
def start(db: str) -> None:
    """Start the processes that serve the shards, replicas on different machines, until `stop`.

    If some run already, what is new in the cluster's file is started, and what it no longer names
    is stopped.
    """
    with warned():
        _cluster(db).start()
    click.echo(f"{db}: started")


@cluster.command()
@cluster_option
def stop(db: str) -> None:
    """Stop the processes that serve the shards."""
    with warned():
        ended = _cluster(db).stop()
    click.echo(f"{db}: {ended} ended")


@cluster.command()
@cluster_option
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def status(context: click.Context, /, db: str, output: str) -> None:
    """Show what each shard holds, which machines there are, and which shards answer.

    The exit status is 1 if a shard cannot be read or does not answer, or if the shards do not
    belong together.
    """
    found = _cluster(db).status()
    if output == "json":
        import json

        click.echo(json.dumps(found.to_dict(), ensure_ascii=False))
    else:
        _print_status(found)
    context.exit(1 if found.missing or found.problem else 0)


def _print_status(found: ClusterStatus) -> None:
    if found.warning:
        click.echo(f"Warning: {plain(found.warning)}", err=True)
    for shard in found.shards:
        held = f"{shard.articles:,} articles, {shard.paragraphs:,} paragraphs, {shard.size:,} bytes"
        click.echo(f"{plain(shard.name)}: {plain(shard.problem or held)}")
    for node in found.nodes:
        click.echo(f"node {node.address} {node.id[:8]}  {plain(node.problem or 'is there')}")
    for each in found.replicas:
        where = f"{plain(each.shard)} replica {each.replica}"
        if each.node is None:
            click.echo(f"{where}  does not answer: `syriasearch cluster start` starts it")
        elif each.size is None:
            click.echo(f"{where}  has no file on {each.node}: bring it there")
        else:
            told = f"on {each.node}, process {each.pid}, {each.size / 1e6:,.1f} MB"
            click.echo(f"{where}  answers {told}")
    if found.problem:
        click.echo(plain(found.problem))
    if found.missing:
        click.echo(f"missing: {plain(', '.join(found.missing))}")
