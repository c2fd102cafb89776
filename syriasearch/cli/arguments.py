"""Arguments as people type them: -h, abbreviated and misspelt options, and errors in plain lines.

-h is no option of the commands: a query may exclude a word, and click reads -hama as -h -a -m -a.
"""

from __future__ import annotations

from typing import NoReturn

import click
from click_default_group import DefaultGroup

from .options import PluggableCommand
from .output import plain, print_lines


class CommandGroup(DefaultGroup):  # type: ignore[misc]
    """A group with a default command, whose commands take abbreviated options."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the name of a command, the command, and its arguments as it parses them."""
        if args[0] == "-h":
            show_help(context)
        name, command, rest = super().resolve_command(context, args)
        if command and not context.resilient_parsing:
            below = click.Context(command, parent=context, info_name=command.name)
            rest = complete_options(command, rest, below)
            _page_help(command, below)
        return name, command, rest

    def get_help_option(self, context: click.Context) -> click.Option | None:
        """Return the option --help, which shows the help by the screen."""
        option: click.Option | None = super().get_help_option(context)
        if option:
            option.callback = _if_asked
        return option


def _page_help(command: click.Command, context: click.Context) -> None:
    """Let the option --help of a command show the help by the screen."""
    option = command.get_help_option(context)
    if option:
        option.callback = _if_asked


def _if_asked(context: click.Context, parameter: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        show_help(context)


def show_help(context: click.Context) -> NoReturn:
    """Print the help of a command, in the pager if it does not fit on the terminal, and end."""
    print_lines(context.get_help().splitlines())
    context.exit()


def complete_options(command: click.Command, args: list[str], context: click.Context) -> list[str]:
    """Return arguments with abbreviated long options written out, and --help for -h.

    Raises UsageError for an abbreviation of several options.
    """
    if isinstance(command, CommandGroup):
        return args
    if isinstance(command, click.Group):
        return ["--help" if arg == "-h" else arg for arg in args]
    names = {arg.partition("=")[0] for arg in args if arg.startswith("--")}
    if isinstance(command, PluggableCommand) and not names <= _options(command).keys():
        command.complete()
    known = _options(command)
    completed: list[str] = []
    is_value = False
    for at, arg in enumerate(args):
        if is_value or not arg.startswith("-"):
            is_value = False
        elif arg == "--":
            return completed + args[at:]
        elif arg == "-h":
            arg = "--help"
        elif arg.startswith("--"):
            name, sign, value = arg.partition("=")
            name = _complete(name, known, context)
            arg = name + sign + value
            is_value = not sign and name in known and not known[name].is_flag
        completed.append(arg)
    return completed


def _options(command: click.Command) -> dict[str, click.Option]:
    """Return the options of a command by each of their names."""
    return {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }


def _complete(name: str, known: dict[str, click.Option], context: click.Context) -> str:
    if name in known or name == "--help":
        return name
    meant = [option for option in (*known, "--help") if option.startswith(name)]
    if len(meant) > 1:
        raise click.UsageError(f"{name} may be {' or '.join(sorted(meant))}.", ctx=context)
    return meant[0] if meant else name


def print_usage_error(error: click.UsageError) -> None:
    """Print a wrong command line in one line, and how to get help in another."""
    click.echo(f"Error: {plain(error.format_message())}", err=True)
    if error.ctx is not None:
        click.echo(f"See `{error.ctx.command_path} --help`.", err=True)
