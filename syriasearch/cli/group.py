"""The group of all commands, and the options that several of them take."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

import click
from click_default_group import DefaultGroup

from .. import InternalError, QuerySyntaxError, SyriaSearchError, __version__
from .completion import values_of
from .output import DEFAULT_DB, default_archive, plain, warnings_as_notes

Command = TypeVar("Command", bound=Callable[..., Any])

FAULT = 70
"""The exit status for a fault of the program: EX_SOFTWARE of BSD's sysexits.h."""
FACETS = ("source", "author", "lang", "year", "month", "entity", "type")


def cluster_option(command: Command) -> Command:
    """Add the option that names the file of a cluster."""
    return click.option(
        "--db",
        type=click.Path(),
        metavar="PATH",
        help="The cluster's file.  [default: the archive's path, with .toml]",
    )(command)


def archive_option(command: Command) -> Command:
    """Add the option that names the archive; without it, the group's archive is used."""
    return click.option(
        "--db",
        type=click.Path(),
        metavar="PATH",
        help=f"The archive.  [default: $SYRIASEARCH_DB, or {DEFAULT_DB}]",
    )(command)


_FILTERS = (
    click.option(
        "--after",
        metavar="DATE",
        help="Published on that date or later: 2018-01-27, 2018-01 or 2018.",
    ),
    click.option("--before", metavar="DATE", help="Published before that date."),
    click.option(
        "--source",
        metavar="NAME",
        shell_complete=values_of("source"),
        help="Published by that source.",
    ),
    click.option(
        "--entity",
        metavar="NAME",
        multiple=True,
        shell_complete=values_of("entity"),
        help="Naming that person, group, place or event; if repeated, naming all of them.",
    ),
    click.option(
        "--lang",
        metavar="CODE",
        shell_complete=values_of("lang"),
        help="In that language, such as en or ar.",
    ),
    click.option(
        "--author", metavar="NAME", shell_complete=values_of("author"), help="By that author."
    ),
)
_EXACT = click.option(
    "--exact", is_flag=True, help="Words as they are typed: no forms, no spellings."
)
_COPIES = click.option(
    "--all-copies", is_flag=True, help="Count and show each copy of an article separately."
)
_ORDER = (
    click.option(
        "--sort",
        type=click.Choice(["relevance", "newest", "oldest"]),
        default="relevance",
        show_default=True,
        help="The order of the hits.",
    ),
    click.option(
        "--match",
        type=click.Choice(["auto", "all", "any"]),
        default="auto",
        show_default=True,
        help="Whether an article needs all words.",
    ),
)


def article_options(command: Command) -> Command:
    """Add the filters: conditions for an article besides answering a query."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def filter_options(command: Command) -> Command:
    """Add the options that select articles."""
    return article_options(_EXACT(command))


def copies_option(command: Command) -> Command:
    """Add the option to count copies of an article separately."""
    return _COPIES(command)


def narrowing_options(command: Command) -> Command:
    """Add the options that select articles, treat copies, and set the order."""
    for option in reversed(_ORDER):
        command = option(command)
    return filter_options(copies_option(command))


def format_option(formats: Iterable[str], default: str = "text") -> Callable[[Command], Command]:
    """Add the option that sets the output format."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(list(formats)),
        default=default,
        show_default=True,
        help="What to print.",
    )


def recognizer_option(default: str | None = None) -> Callable[[Command], Command]:
    """Add the option that sets the recognizer; without a default, the archive keeps it."""
    kept = "" if default else " Kept in the archive."
    return click.option(
        "--recognizer",
        default=default,
        show_default=True,
        metavar="rules|gazetteer|spacy:NAME",
        help=f"What finds names: the gazetteer with rules, alone, or with a spaCy pipeline.{kept}",
    )


def gazetteer_option(command: Command) -> Command:
    """Add the option that names a user's own gazetteers."""
    return click.option(
        "--gazetteer",
        multiple=True,
        metavar="FILE",
        type=click.Path(dir_okay=False),
        envvar="SYRIASEARCH_GAZETTEER",
        help="A CSV or YAML file of further entities and aliases; may be repeated.",
    )(command)


def gazetteer_options(command: Command) -> Command:
    """Add the options for names that an archive has in addition to the program's own."""
    forget = click.option(
        "--no-gazetteer", is_flag=True, help="Forget the files that were given earlier."
    )
    return gazetteer_option(forget(recognizer_option()(command)))


def given_names(options: dict[str, Any]) -> dict[str, Any]:
    """Return the value of these options for `Archive`: None keeps the earlier files."""
    files = [] if options["no_gazetteer"] else list(options["gazetteer"]) or None
    return {"gazetteer": files, "recognizer": options["recognizer"]}


class _Group(DefaultGroup):  # type: ignore[misc]
    """Treats anything that is not a command as a query, and prints errors in one line."""

    def invoke(self, context: click.Context) -> Any:
        try:
            with warnings_as_notes():
                return super().invoke(context)
        except QuerySyntaxError as error:
            shown = error.query[max(0, error.position - 60) : error.position + 10]
            click.echo(f"Error: {plain(error.message)}", err=True)
            click.echo(f"  {plain(shown)}\n  {' ' * min(error.position, 60)}^", err=True)
        except InternalError as error:
            click.echo(f"Error: {plain(str(error))}\n{error.details}".rstrip(), err=True)
            return context.exit(FAULT)
        except SyriaSearchError as error:
            click.echo(f"Error: {plain(str(error))}", err=True)
        except OSError as error:
            if error.errno in (None, errno.EPIPE) or error.filename is not None:
                # A closed pipe is for click to handle; an error of the output has no file name.
                raise
            click.echo(f"Error: the output cannot be written: {error.strerror}", err=True)
        return context.exit(2)


@click.group(
    cls=cast("type[click.Group]", _Group),
    default="search",
    context_settings={"max_content_width": 100},
    epilog='Anything that is not a command is a query: try `syriasearch "Sochi boycott"`.',
)
@click.version_option(__version__, prog_name="syriasearch")
@archive_option
@click.pass_context
def main(context: click.Context, db: str | None) -> None:
    """Search news on the Syrian conflict: who said what, where and when.

    \b
    syriasearch ingest seeds/                  make an archive of a folder of articles
    syriasearch "Sochi boycott"                search it
    syriasearch Jaafari --after 2018-01        a name, however it is spelt there
    syriasearch entity Jaafari                 who that is, and who is named together with him
    syriasearch show 2018-01-27-syrian         an article, by the beginning of its slug
    syriasearch '"constitutional committee" -Geneva' a phrase, and a word to exclude
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if os.environ.get("NO_COLOR"):
        context.color = False
    context.obj = db or default_archive()


def joined(context: click.Context, words: tuple[str, ...]) -> str:
    """Return a query's words as one text; unknown options are kept, as -word may be one."""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise click.NoSuchOption(word.partition("=")[0], ctx=context)
    return " ".join(words)
