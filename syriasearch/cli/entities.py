"""Commands about people, groups and places."""

from __future__ import annotations

from typing import Any, cast

import click
from click.shell_completion import CompletionItem

from .. import AmbiguousEntityError, Archive, EntityNotFoundError
from .arguments import CommandGroup
from .completion import values_of
from .exit_status import ERROR, exit_with_status
from .options import (
    archive_option,
    article_options,
    choice_option,
    count_option,
    filter_options,
    format_option,
    listed,
    query_argument,
)
from .output import TABLE_FORMATS

_names = values_of("entity")
_type_option = click.option(
    "--type",
    multiple=True,
    type=click.Choice(Archive.ENTITY_TYPES),
    metavar="TYPE",
    help=f"Only {listed(Archive.ENTITY_TYPES)}; repeatable.",
)


class _EntityGroup(CommandGroup):
    """Treats anything that is not a command as a name, and completes it."""

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        commands: list[CompletionItem] = super().shell_complete(context, incomplete)
        return commands + _names(context, click.Argument(["name"]), incomplete)


@click.group(cls=cast("type[click.Group]", _EntityGroup), default="show")
def entity() -> None:
    """Show a person, group or place, or correct it.

    `syriasearch entity NAME` is `syriasearch entity show NAME`."""


@entity.command("show")
@click.argument("name", nargs=-1, required=True, shell_complete=_names)
@archive_option
@count_option("--limit", 5, "Latest articles to show.")
@count_option("--neighbours", 10, "Neighbours to list.")
@click.option("--why", is_flag=True, help="List why each spelling is taken for it.")
@article_options
@format_option(["text", "json"])
@click.pass_context
def show_entity(
    context: click.Context,
    /,
    name: tuple[str, ...],
    db: str,
    output: str,
    why: bool,
    **options: Any,
) -> None:
    """Show a profile of a person, organization, group, place or event.

    NAME is a name in any spelling, or a slug. The profile has its spellings in the archive and how
    often each occurs, its articles over time, the entities named together with it, and the latest
    passages. Neighbours are listed twice: those that most of its articles name, and those named
    together with it more often than by chance (Dunning's log-likelihood ratio). With --why it lists
    for each spelling why it is taken for this entity, and how often. The filters select the
    articles; --entity keeps those that name another entity, too. The exit status is 0 with
    articles, 1 without, 2 if no entity or more than one has the name.
    """
    from .output_entities import candidate_lines, print_profile

    with Archive(db, readonly=True) as archive:
        try:
            profile = archive.entity(" ".join(name), **options)
        except EntityNotFoundError as error:
            several = isinstance(error, AmbiguousEntityError)
            for line in candidate_lines(error.name, error.candidates, several=several):
                click.echo(line, err=True)
            context.exit(ERROR)
    print_profile(profile, " ".join(name), output, why=why)
    exit_with_status(profile.articles > 0)


@click.command(context_settings={"ignore_unknown_options": True})
@query_argument()
@archive_option
@click.option("--name", default="", metavar="WORDS", help="With these words in a name.")
@click.option("--initial", default="", metavar="LETTER", help="With this first letter.")
@_type_option
@count_option("--min-count", 1, "Named in at least this many articles.")
@choice_option(
    "--sort",
    Archive.ENTITY_SORTS,
    "articles",
    "The order",
)
@count_option("--limit", 50, "Entities to list.")
@click.option("--offset", type=int, metavar="N", default=0, help="Entities to skip.")
@filter_options
@format_option(["text", "json", "jsonl", *TABLE_FORMATS])
def entities(query: str, db: str, output: str, **options: Any) -> None:
    """List the people, groups and places named in articles.

    The articles are those that have all that QUERY asks; without it, all. --sort association shows
    what is peculiar to these articles: the entities named there more often than elsewhere. The exit
    status is 0 with entities, 1 without.
    """
    from .output_entities import print_entities

    with Archive(db, readonly=True) as archive:
        page = archive.entities(query, **options)
    print_entities(page, output, by_association=options["sort"] == "association")
    exit_with_status(page.total > 0)


@click.command(context_settings={"ignore_unknown_options": True})
@query_argument()
@archive_option
@_type_option
@count_option("--limit", 50, "Entities, at most 1,000.")
@count_option("--min-weight", 1, "Both named in at least this many articles.")
@choice_option(
    "--sort",
    Archive.EDGE_SORTS,
    "weight",
    "The order",
)
@count_option("--pairs", 25, "Pairs to print as text.")
@filter_options
@format_option(["text", "json", *TABLE_FORMATS, "graphml"])
def network(query: str, db: str, output: str, pairs: int, **options: Any) -> None:
    """Show who and what is named together in articles.

    The articles are those that have all that the query asks, or all articles without QUERY. The
    entities are those that most of them name, or with --sort association those that they name more
    often than other articles (Dunning's log-likelihood ratio). As text the strongest pairs are
    printed; json is for D3 and networkx, csv is a list of edges, graphml is for Gephi and
    Cytoscape. The exit status is 0 with entities, 1 without.
    """
    from .output_entities import print_network

    if pairs < 0:
        raise click.UsageError(f"pairs takes a whole number from 0 on, not {pairs}")
    with Archive(db, readonly=True) as archive:
        found = archive.network(query, **options)
    print_network(found, output, pairs)
    exit_with_status(bool(found.nodes))
