"""Commands that show an archive in Datasette."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from .. import OptionError
from .options import archive_option
from .output import plain


@click.command()
@click.argument("archives", nargs=-1, metavar="[ARCHIVE]...", type=click.Path())
@archive_option
@click.option("--port", type=int, default=8001, show_default=True, help="0 takes any free port.")
@click.option("--open", "open_browser", is_flag=True, help="Open the search page in a browser.")
def serve(archives: tuple[str, ...], db: str, port: int, open_browser: bool) -> None:
    """Show archives in a browser, on this machine only.

    Prints the address of the search page; Ctrl-C ends it. Without ARCHIVE, the one that --db or
    SYRIASEARCH_DB names is shown. Datasette shows them, with all tables described and with
    ready-made queries; `pip install 'datasette>=0.65.1'` installs it. Nothing is written, and an
    ingest may run at the same time.
    """
    if find_spec("datasette") is None:
        raise OptionError("Datasette is not installed: pip install 'datasette>=0.65.1'")
    from ..datasette_plugin.server import serve as run

    def announce(address: str) -> None:
        click.echo(f"{address} shows {plain(', '.join(shown))}. Ctrl-C ends it.")

    shown = archives or (db,)
    try:
        run(shown, port=port, open_browser=open_browser, ready=announce)
    except KeyboardInterrupt:
        click.echo("Ended.", err=True)


@click.command("datasette-config")
@click.argument("archives", nargs=-1, metavar="[ARCHIVE]...", type=click.Path())
@archive_option
@click.option(
    "--directory",
    type=click.Path(),
    metavar="DIR",
    help="Where to write them.  [default: the archive's folder]",
)
def datasette_config(archives: tuple[str, ...], db: str, directory: str | None) -> None:
    """Write files that configure Datasette as `serve` does.

    \b
    metadata.json     titles, labels, facets, and queries of Datasette 0.65
    settings.json     limits, for Datasette 0.65
    datasette.yaml    queries and limits, for Datasette 1.0

    A file that you wrote or edited is not replaced: with --directory all are written elsewhere, to
    copy from. `datasette DIR` reads them if they are next to the archive.
    """
    from .. import DatasetteConfig

    chosen = archives or (db,)
    for path in DatasetteConfig(*chosen).write(directory or Path(chosen[0]).parent):
        click.echo(plain(str(path)))
