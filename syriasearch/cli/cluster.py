"""Which commands look after an archive of many shards?"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .group import archive_option, main
from .output import plain

if TYPE_CHECKING:
    from .. import Cluster, ClusterStatus, IngestReport


def cluster_file(context: click.Context, db: str | None) -> str:
    """Return the cluster file that is meant: beside the archive where no file is named."""
    return db or str(Path(context.obj).with_suffix(".toml"))


def _cluster(file: str, address: str | None = None) -> Cluster:
    from .. import Cluster

    return Cluster(file, address=address)


@contextmanager
def warned() -> Iterator[None]:
    """Tell warnings in one line each."""

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        click.echo(f"Warning: {plain(str(message))}", err=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        yield


def ingest_into(
    file: str, address: str, sources: tuple[str, ...], options: dict[str, Any]
) -> IngestReport:
    """Bring articles into the shards of a cluster."""
    with warned():
        return _cluster(file, address).ingest(*sources, **options)


@main.group()
def cluster() -> None:
    """Look after an archive of many shards, that `ingest --cluster` has made.

    --db names its cluster file, such as db/syria.toml.
    """


@cluster.command()
@archive_option
@click.pass_context
def start(context: click.Context, /, db: str | None) -> None:
    """Start what answers for the shards, replicas on different machines, until `stop`."""
    file = cluster_file(context, db)
    with warned():
        _cluster(file).start()
    click.echo(f"{file}: started")


@cluster.command()
@archive_option
@click.pass_context
def stop(context: click.Context, /, db: str | None) -> None:
    """End what answers for the shards."""
    file = cluster_file(context, db)
    with warned():
        ended = _cluster(file).stop()
    click.echo(f"{file}: {ended} ended")


@cluster.command()
@archive_option
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def status(context: click.Context, /, db: str | None, output: str) -> None:
    """Tell which machines there are, and which shards answer.

    The exit status is 0, or 1 where a shard does not answer.
    """
    found = _cluster(cluster_file(context, db)).status()
    if output == "json":
        import json

        click.echo(json.dumps(found.to_dict(), ensure_ascii=False))
    else:
        _print_status(found)
    context.exit(1 if found.missing else 0)


def _print_status(found: ClusterStatus) -> None:
    if found.warning:
        click.echo(f"Warning: {plain(found.warning)}", err=True)
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
    if found.missing:
        click.echo(f"missing: {plain(', '.join(found.missing))}")
