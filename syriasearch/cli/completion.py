"""Completion on the command line, and the command that installs it in a shell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
)

from .. import SyriaSearchError
from .output import default_archive, plain

if TYPE_CHECKING:
    from .. import Archive

_SPECIAL = re.compile(r"[^\w@%+=:,./-]")

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


class _Bash(BashComplete):
    """Escapes the characters that bash would interpret, and keeps the escapes."""

    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' line
    COMPREPLY=()
    while read -r line; do
        case "$line" in
            plain,*) COMPREPLY+=("${line#plain,}") ;;
            dir,*) compopt -o dirnames ;;
            file,*) compopt -o default ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \\
        %(complete_var)s=bash_complete "$1")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def format_completion(self, item: CompletionItem) -> str:
        quoted = CompletionItem(_SPECIAL.sub(r"\\\g<0>", item.value), type=item.type)
        return super().format_completion(quoted)


add_completion_class(_Bash)


def values_of(kind: str) -> Completer:
    """Return a function that offers the archive's values of a kind (`Archive.values`)."""

    def complete(
        context: click.Context, parameter: click.Parameter, beginning: str
    ) -> list[CompletionItem]:
        return [
            _item(each.value, each.label if each.label != each.value else "")
            for archive in _archives(context)
            for each in archive.values(kind, beginning)
            if plain(each.value) == each.value
        ]

    return complete


def saved_names(
    context: click.Context, parameter: click.Parameter, beginning: str
) -> list[CompletionItem]:
    """Offer the names of saved searches."""
    return [
        _item(saved.name, saved.query)
        for archive in _archives(context)
        for saved in archive.saved()
        if saved.name.startswith(beginning) and plain(saved.name) == saved.name
    ]


def _item(value: str, about: str) -> CompletionItem:
    """Return a completion item; values that cannot be typed on one line are left out before."""
    return CompletionItem(value, help=plain(about) or None)


def _archives(context: click.Context) -> Iterator[Archive]:
    """Yield the archive that the command line names, or nothing if there is none."""
    from .. import Archive

    path = next(filter(None, _named(context)), None) or default_archive()
    try:
        with Archive(path, readonly=True) as archive:
            yield archive
    except SyriaSearchError:
        return


def _named(context: click.Context | None) -> Iterator[str | None]:
    """Yield the archives given to a command, and to the groups that it belongs to."""
    while context:
        yield context.params.get("db")
        context = context.parent


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what completes commands and names in a shell.

    \b
    bash syriasearch completion bash >> ~/.bashrc
    zsh  syriasearch completion zsh >> ~/.zshrc
    fish syriasearch completion fish > ~/.config/fish/completions/syriasearch.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    # click's own function for this starts bash, to ask for its version.
    made = kind(click.Command("syriasearch"), {}, "syriasearch", "_SYRIASEARCH_COMPLETE")
    click.echo(made.source_template % made.source_vars())
