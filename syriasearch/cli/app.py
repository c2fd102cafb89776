"""The command `syriasearch`: the group of all commands, and how their errors are printed."""

from __future__ import annotations

import atexit
import errno
import gc
import io
import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, cast

import click

# Nothing here needs the threads that numpy's library starts when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from .. import InternalError, QuerySyntaxError, SyriaSearchError, __version__
from .arguments import CommandGroup, print_usage_error
from .exit_status import ERROR, FAULT
from .options import archive_option, plug_ins
from .output import default_archive, hinted, plain, warnings_as_notes

# At exit everything goes with the process: the collector need not look through it once more.
atexit.register(gc.freeze)


MODULES = {
    name: module
    for module, names in {
        "article": "show related cite",
        "completion": "completion",
        "corrections": "entity",  # and `entities`, to which it adds its commands
        "delete": "delete",
        "doctor": "doctor optimize",
        "entities": "entities network",
        "ingest": "ingest problems runs reindex",
        "mentions": "mentions",
        "saved_searches": "save new forget",
        "screen": "screen",
        "search": "search export timeline",
        "serve": "serve datasette-config",
    }.items()
    for name in names.split()
}
"""The commands by the modules that have them, each of which is imported when it is needed."""
_TYPED = {name: f"syriasearch {name}" for name in MODULES}
_TYPED |= {name: f"syriasearch entity {name}" for name in ("history", "undo")}
_COMMAND = re.compile(rf"`({'|'.join(_TYPED)})(?=[ `])")
_ANOTHER_FILE = re.compile(r"name another file|name the archive's file in it")
DEFAULT = "search"
PLUG_INS = ("cluster",)
"""The commands that are found through entry points, which takes some milliseconds."""


class _Group(CommandGroup):
    """Treats anything that is not a command as a query, and prints errors in one line."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *MODULES, *PLUG_INS})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.commands:
            for command in plug_ins(name) if name in PLUG_INS else _own(name):
                self.add_command(command)
        found: click.Command | None = super().get_command(context, name)
        return found

    def invoke(self, context: click.Context) -> Any:
        try:
            with warnings_as_notes():
                return super().invoke(context)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            print_usage_error(error)
        except QuerySyntaxError as error:
            shown = error.query[max(0, error.position - 60) : error.position + 10]
            click.echo(f"Error: {plain(error.message)}", err=True)
            click.echo(f"  {plain(shown)}\n  {' ' * min(error.position, 60)}^", err=True)
        except InternalError as error:
            click.echo(f"Error: {plain(str(error))}\n{error.details}".rstrip(), err=True)
            return context.exit(FAULT)
        except SyriaSearchError as error:
            click.echo(f"Error: {as_typed(plain(str(error)))}", err=True)
        except OSError as error:
            if error.errno in (None, errno.EPIPE) or error.filename is not None:
                # A closed pipe is for click to handle; an error of the output has no file name.
                raise
            click.echo(f"Error: the output cannot be written: {error.strerror}", err=True)
        return context.exit(ERROR)


def as_typed(message: str) -> str:
    """Return a message with the commands in it as they are typed: `runs` as `syriasearch runs`.

    What a command does has the same name in the API, and its path is given with --db.
    """
    message = _ANOTHER_FILE.sub(r"\g<0> with --db", message.replace("`ingest`", "`ingest FOLDER`"))
    return hinted(_COMMAND.sub(lambda found: f"`{_TYPED[found[1]]}", message))


def _own(name: str) -> Iterator[click.Command]:
    """Import a command; that of a name which is none is the default."""
    name = name if name in MODULES else DEFAULT
    module = import_module(f".{MODULES[name]}", __package__)
    yield getattr(module, name.replace("-", "_"))


@click.group(
    cls=cast("type[click.Group]", _Group),
    default=DEFAULT,
    context_settings={"max_content_width": 100},
    epilog='Anything that is not a command is a query: try `syriasearch "Sochi boycott"`.',
)
@click.version_option(__version__, prog_name="syriasearch")
@archive_option
@click.pass_context
def main(context: click.Context, db: str | None) -> None:
    """Search news on the Syrian conflict: who said what, where and when.

    \b
    syriasearch ingest seeds/            make an archive of a folder of articles
    syriasearch "Sochi boycott"          search it
    syriasearch Jaafari --after 2018-01  a name, however it is spelt there
    syriasearch '"safe zone" -Geneva'    a phrase, and a word to exclude
    syriasearch entity Jaafari           who that is, and who is named with him
    syriasearch show 2018-01-27-syrian   an article, by the beginning of its slug
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if os.environ.get("NO_COLOR"):
        context.color = False
    context.obj = db or default_archive()
