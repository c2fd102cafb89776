"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, TypeVar

import click

from .completion import values_of
from .output import DEFAULT_DB

Command = TypeVar("Command", bound=Callable[..., Any])


def plug_ins(name: str) -> Iterator[Any]:
    """Load the entry points of the group `syriasearch.commands` with the name of a command.

    Under the name of a new command it is the command; under that of one of PluggableCommand, a
    function that adds options to it.
    """
    from importlib.metadata import entry_points

    for each in entry_points(group="syriasearch.commands", name=name):
        yield each.load()


class PluggableCommand(click.Command):
    """A command whose plug-ins are loaded when an option is given that it does not know."""

    _is_complete = False

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Parse the command line, with the options of plug-ins if it needs them."""
        known = {option for parameter in self.params for option in parameter.opts}
        given = {each.partition("=")[0] for each in args if each.startswith("--")}
        if given - known or context.resilient_parsing:
            self.complete()
        return super().parse_args(context, args)

    def format_help(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, which has the options of plug-ins too."""
        self.complete()
        super().format_help(context, formatter)

    def complete(self) -> None:
        """Add the options of plug-ins, once."""
        if not self._is_complete:
            self._is_complete = True
            for extend in plug_ins(self.name or ""):
                extend(self)


def _together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return a decorator that adds several options, in this order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def db_option(
    help: str, default: Callable[[click.Context], str | None]
) -> Callable[[Command], Command]:
    """Add the option that names an archive or a cluster, with what is used without it."""
    return click.option(
        "--db",
        type=click.Path(),
        metavar="PATH",
        callback=lambda context, parameter, path: path or default(context),
        help=help,
    )


archive_option = db_option(
    f"The archive; else $SYRIASEARCH_DB, or {DEFAULT_DB}.", lambda context: context.obj
)
"""The path of the archive; by default the one that was given to the whole command."""


def choice_option(
    name: str, choices: Iterable[str], default: str, help: str
) -> Callable[[Command], Command]:
    """Add an option that takes one of several values, which its help lists after a colon."""
    values = tuple(choices)
    return click.option(
        name,
        type=click.Choice(values),
        metavar=name.removeprefix("--").upper(),
        default=default,
        help=f"{help}: {listed(values, default)}.",
    )


def listed(values: Iterable[str], default: str | None = None) -> str:
    """Return values as a help text lists them, the default first.

    >>> listed(["day", "month", "auto"], "auto")
    'auto (the default), day or month'
    """
    others = [value for value in values if value != default]
    names = [f"{default} (the default)", *others] if default else others
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def count_option(name: str, default: int, help: str) -> Callable[[Command], Command]:
    """Add an option that takes a whole number."""
    return click.option(name, type=int, metavar="N", default=default, show_default=True, help=help)


def query_argument(*, required: bool = False) -> Callable[[Command], Command]:
    """Add the words of a query as one text; an unknown option is one, as -word may be."""

    def join(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> str:
        _check_words(words, context)
        return " ".join(words)

    return click.argument(
        "query", nargs=-1, required=required, type=click.UNPROCESSED, callback=join
    )


def _split_queries(
    context: click.Context, parameter: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the queries in words: one, but that what was in quotation marks is one of its own."""
    _check_words(words, context)
    runs = groupby(enumerate(words), key=lambda each: each[0] if " " in each[1].strip() else -1)
    return tuple(" ".join(word for _, word in run) for _, run in runs)


queries_argument = click.argument(
    "queries",
    nargs=-1,
    required=True,
    type=click.UNPROCESSED,
    callback=_split_queries,
    metavar="QUERY...",
)


def _check_words(words: Iterable[str], context: click.Context) -> None:
    """Raise NoSuchOption for a word that looks like an option."""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise _no_such_option(word.partition("=")[0], context)


def _no_such_option(name: str, context: click.Context) -> click.NoSuchOption:
    """Return the error for an option that there is not, with those that are spelt alike."""
    from difflib import get_close_matches

    names = (name for option in context.command.params for name in option.opts)
    meant = get_close_matches(name, [each for each in names if each.startswith("--")], n=1)
    return click.NoSuchOption(name, possibilities=meant, ctx=context)


article_options = _together(
    click.option(
        "--after",
        metavar="DATE",
        help="Published then or later: 2018-01-27, 2018-01 or 2018.",
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
        help="Naming that person, group or place; if repeated, all.",
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
"""The filters: conditions for an article besides answering a query."""
filter_options = _together(
    article_options,
    click.option(
        "--exact", is_flag=True, help="Words as they are typed, without forms and spellings."
    ),
)
"""The options that select articles."""
copies_option = click.option(
    "--all-copies", is_flag=True, help="Each copy of an article separately."
)


def narrowing_options(command: Command) -> Command:
    """Add the options that select articles, treat copies, and set the order."""
    from .. import Archive

    return _together(
        filter_options,
        copies_option,
        choice_option("--sort", Archive.SORTS, "relevance", "The order"),
        choice_option("--match", Archive.MATCHES, "auto", "Words that are needed"),
    )(command)


def format_option(formats: Iterable[str], default: str = "text") -> Callable[[Command], Command]:
    """Add the option that sets the output format."""
    names = tuple(formats)
    return click.option(
        "--format",
        "output",
        type=click.Choice(names),
        metavar="FORMAT",
        default=default,
        help=f"What to print: {listed(names, default)}.",
    )


def recognizer_option(default: str | None = None) -> Callable[[Command], Command]:
    """Add the option that sets the recognizer; without a default, the archive keeps it."""
    kept = "" if default else ", kept in the archive"
    return click.option(
        "--recognizer",
        default=default,
        show_default=True,
        metavar="NAME",
        help=f"What finds names{kept}: rules, gazetteer or spacy:NAME.",
    )


def columns_option(help: str) -> Callable[[Command], Command]:
    """Add the option that says which column has which field, as a mapping."""

    def read(
        context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
    ) -> dict[str, str]:
        pairs = [each.partition("=") for each in given]
        for each, (field, sign, column) in zip(given, pairs, strict=True):
            if not (field and sign and column):
                raise click.BadParameter(
                    f"{each!r} names no field and its column: write it as title=Headline",
                    param_hint="--map",
                )
        return {field.strip(): column for field, _, column in pairs}

    return click.option(
        "--map", "columns", multiple=True, metavar="FIELD=COLUMN", callback=read, help=help
    )


gazetteer_option = click.option(
    "--gazetteer",
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False),
    envvar="SYRIASEARCH_GAZETTEER",
    help="A CSV or YAML file of further names; may be repeated.",
)
gazetteer_options = _together(
    gazetteer_option,
    click.option("--no-gazetteer", is_flag=True, help="Forget the files given earlier."),
    recognizer_option(),
)
"""The options for names that an archive has in addition to the program's own."""
