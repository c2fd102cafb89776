"""The command `mentions`: the names in a text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from .. import Mention
from .group import format_option, gazetteer_option, main, recognizer_option
from .output import plain

COLUMNS = ("start", "end", "surface", "type", "slug", "name", "recognizer", "reason")


@main.command()
@click.argument("file", type=click.File("rb"))
@recognizer_option("rules")
@gazetteer_option
@format_option(["text", "json", "jsonl", "csv"])
@click.pass_context
def mentions(
    context: click.Context,
    /,
    file: Any,
    recognizer: str,
    gazetteer: tuple[str, ...],
    output: str,
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
    found = find_mentions(text, recognizer=recognizer, gazetteer=gazetteer)
    PRINTERS[output](found)
    if not found:
        click.echo("Nobody is named whom the recognizer knows.", err=True)
    context.exit(0 if found else 1)


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
        place = click.style(f"{mention.start}-{mention.end}", dim=True)
        surface = click.style(plain(mention.surface), bold=True)
        name = "" if entity.name == mention.surface else f" {plain(entity.name)}"
        reason = click.style(f" ({plain(mention.reason)})", dim=True) if mention.reason else ""
        click.echo(f"{place} {surface}: {entity.type}{name} [{entity.slug}]{reason}")


def _print_json(found: Sequence[Mention]) -> None:
    import json

    rows = [_row(mention) for mention in found]
    click.echo(json.dumps({"version": 1, "mentions": rows}, ensure_ascii=False, indent=2))


def _print_jsonl(found: Sequence[Mention]) -> None:
    import json

    for mention in found:
        click.echo(json.dumps(_row(mention), ensure_ascii=False))


def _print_csv(found: Sequence[Mention]) -> None:
    import csv

    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_row, found))


PRINTERS: dict[str, Callable[[Sequence[Mention]], None]] = {
    "text": _print_text,
    "json": _print_json,
    "jsonl": _print_jsonl,
    "csv": _print_csv,
}
