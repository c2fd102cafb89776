"""The command `screen`: who on a list of names is in the archive."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING

import click

from .. import Archive
from .exit_status import exit_with_status
from .options import archive_option, columns_option, format_option
from .output import TABLE_FORMATS, plain, print_json_lines, print_json_rows, print_table

if TYPE_CHECKING:
    from .. import Screening, ScreeningMatch

MATCH_COLUMNS = (
    "match", "type", "written", "alias", "certainty", "score", "articles", "article", "published",
    "source", "url", "passage", "note",
)  # fmt: skip
CERTAINTY = {
    "name": "by this name",
    "spelling": "in another spelling",
    "similar": "perhaps: a name like it",
    "words": "the words, side by side",
}


@click.command()
@click.argument("names", type=click.Path(dir_okay=False, allow_dash=True))
@archive_option
@columns_option("Which column has the name, aliases, type or birth, as name=Nom.")
@click.option("--limit", type=int, default=3, show_default=True, help="Matches for each name.")
@format_option(["text", "json", "jsonl", *TABLE_FORMATS])
def screen(names: str, db: str, columns: dict[str, str], limit: int, output: str) -> None:
    """Look up a list of names in the archive.

    NAMES is a CSV file in UTF-8, or `-` for standard input, with a column `name`, and perhaps
    `aliases` (separated by | or ;), `type` and `birth`; other columns are passed on. Each name
    comes with who it may be in the archive, by which spelling, how sure that is, what speaks
    against it, in how many articles, and the best passage with its article. Nothing is merged or
    stored. The exit status is 0 with matches, 1 without.
    """
    found = False

    def counted(rows: Iterator[Screening]) -> Iterator[Screening]:
        nonlocal found
        for row in rows:
            found = found or bool(row.matches)
            yield row

    with Archive(db, readonly=True) as archive:
        listed: str | IO[bytes] = sys.stdin.buffer if names == "-" else names
        rows = counted(archive.screen(listed, columns=columns, limit=limit))
        if output == "json":
            print_json_rows(row.to_dict() for row in rows)
        elif output == "jsonl":
            print_json_lines(row.to_dict() for row in rows)
        elif output in TABLE_FORMATS:
            _print_table(rows, output)
        else:
            _print_text(rows)
    exit_with_status(found)


def _print_table(rows: Iterator[Screening], output: str) -> None:
    """Print a line for each match, and one for each name without any."""
    first = next(rows, None)
    given = tuple(first.values) if first else ()

    def lines(row: Screening) -> Iterator[Sequence[object]]:
        values = [row.row, *(row.values.get(each, "") for each in given)]
        for match in row.matches:
            yield [*values, *_cells(match)]
        if not row.matches:
            yield [*values, *[""] * len(MATCH_COLUMNS)]

    def all_lines() -> Iterator[Sequence[object]]:
        if first:
            yield from lines(first)
        for row in rows:
            yield from lines(row)

    print_table(("row", *given, *MATCH_COLUMNS), all_lines(), output)


def _cells(match: ScreeningMatch) -> Iterable[object]:
    entity, article = match.entity, match.article
    yield from (entity.slug, entity.type) if entity else ("", "")
    yield from (match.written, match.alias, match.certainty, f"{match.score:.2f}", match.articles)
    if article:
        yield from (article.slug, article.published, article.source, article.url)
    else:
        yield from [""] * 4
    yield match.passage.to_text() if match.passage else ""
    yield match.note


def _shown(match: ScreeningMatch) -> str:
    """Return the entity of a match, with who it is as far as that is known."""
    entity = match.entity
    if entity is None:
        return f"“{plain(match.alias)}”"
    about = f", {plain(entity.description)}" if entity.description else ""
    return f"{plain(entity.name)}{about} [{entity.slug}]"


def _print_text(rows: Iterator[Screening]) -> None:
    names = found = 0
    for row in rows:
        names += 1
        if not row.matches:
            continue
        found += 1
        click.secho(f"{row.row}. {plain(row.name)}", bold=True)
        for match in row.matches:
            name = _shown(match)
            spelt = f" ({plain(match.alias)})" if match.certainty in ("spelling", "similar") else ""
            note = f"; {plain(match.note)}" if match.note else ""
            many = "article" if match.articles == 1 else "articles"
            click.echo(
                f"   {name}{spelt}: {CERTAINTY[match.certainty]}, {match.articles} {many}{note}"
            )
            if match.article:
                address = plain(match.article.url or "")
                day = match.article.published or "undated"
                click.secho(f"   {day} {match.article.slug} {address}".rstrip(), dim=True)
            if match.passage:
                click.echo(f"   {match.passage.to_text()}")
        click.echo()
    click.echo(f"{found} of {names} names are in the archive.", err=True)
