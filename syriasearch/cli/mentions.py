"""The command `mentions`: the names in a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from .exit_status import exit_with_status
from .options import format_option, gazetteer_option, recognizer_option
from .output import TABLE_FORMATS, bold, dim, plain, print_json, print_json_lines, print_table

if TYPE_CHECKING:
    from .. import Mention


COLUMNS = ("start", "end", "surface", "type", "slug", "name", "recognizer", "reason")


@click.command()
@click.argument("file", type=click.File("rb"))
@recognizer_option("rules")
@gazetteer_option
@click.option("--published", metavar="DAY", help="The day of the text, such as 2018-01-27.")
@format_option(["text", "json", "jsonl", *TABLE_FORMATS])
def mentions(
    file: Any, recognizer: str, gazetteer: tuple[str, ...], published: str | None, output: str
) -> None:
    """List the names in a text, without an archive.

    FILE is a plain text in UTF-8, or `-` for standard input. Each name comes with its place
    (offsets in characters), its type, the entity's slug and name, and, if the name alone does not
    say, why that entity is meant. The exit status is 0 with names, 1 without.
    """
    from .. import find_mentions

    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file.name} is not UTF-8 text: {error.reason}") from error
    found = find_mentions(text, recognizer=recognizer, gazetteer=gazetteer, published=published)
    rows = [_row(mention) for mention in found]
    if output == "json":
        print_json({"version": 1, "mentions": rows})
    elif output == "jsonl":
        print_json_lines(rows)
    elif output in TABLE_FORMATS:
        print_table(COLUMNS, ([*row.values()] for row in rows), output)
    else:
        _print_text(found)
    if not found:
        click.echo("No names found.", err=True)
    exit_with_status(bool(found))


def _row(mention: Mention) -> dict[str, Any]:
    entity = mention.entity
    values = (
        mention.start,
        mention.end,
        mention.surface,
        entity.type,
        entity.slug,
        entity.name,
        mention.recognizer,
        mention.reason,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _print_text(found: Sequence[Mention]) -> None:
    for mention in found:
        entity = mention.entity
        place = dim(f"{mention.start}-{mention.end}")
        surface = bold(plain(mention.surface))
        name = "" if entity.name == mention.surface else f" {plain(entity.name)}"
        reason = dim(f" ({plain(mention.reason)})") if mention.reason else ""
        click.echo(f"{place} {surface}: {entity.type}{name} [{entity.slug}]{reason}")
