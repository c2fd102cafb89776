"""Which commands tell of people, groups and places?"""

from __future__ import annotations

from typing import Any, cast

import click
from click.shell_completion import CompletionItem
from click_default_group import DefaultGroup

from .. import AmbiguousEntityError, Archive, EntityNotFoundError
from .completion import values_of
from .group import (
    archive_option,
    article_options,
    filter_options,
    format_option,
    joined,
    main,
)

PAGES = ("text", "json", "jsonl", "csv")
NETWORKS = ("text", "json", "csv", "graphml")
TYPES = ("person", "organization", "group", "place", "event")
_names = values_of("entity")
_type_option = click.option(
    "--type",
    multiple=True,
    type=click.Choice(TYPES),
    help="Only these; may be repeated.",
)


class _EntityGroup(DefaultGroup):  # type: ignore[misc]
    """Takes what is no command as a name, and completes it."""

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        commands: list[CompletionItem] = super().shell_complete(context, incomplete)
        return commands + _names(context, click.Argument(["name"]), incomplete)


@main.group(cls=cast("type[click.Group]", _EntityGroup), default="show")
def entity() -> None:
    """Tell who somebody is: `syriasearch entity NAME` is `syriasearch entity show NAME`."""


@entity.command("show")
@click.argument("name", nargs=-1, required=True, shell_complete=_names)
@archive_option
@click.option("--limit", type=int, default=5, show_default=True, help="Latest articles to show.")
@click.option(
    "--neighbours", type=int, default=10, show_default=True, help="Names beside it to list."
)
@article_options
@format_option(["text", "json"])
@click.pass_context
def show_entity(
    context: click.Context, /, name: tuple[str, ...], db: str | None, output: str, **options: Any
) -> None:
    """Tell who a person, organization, group, place or event is, and where it is named.

    NAME is a name in any spelling, or a slug: how it is spelt in the archive and how often, the
    articles over time, who is named beside it, and the latest passages. Names are listed twice:
    those in most of its articles, and those beside it more often than chance would have it
    (Dunning's log-likelihood ratio). The filters say in which articles; --entity leaves those that
    name another, too. The exit status is 0 with articles, 1 without, 2 where nobody or more than
    one has the name.
    """
    from .output_entities import candidate_lines, print_profile

    with Archive(db or context.obj, readonly=True) as archive:
        try:
            profile = archive.entity(" ".join(name), **options)
        except EntityNotFoundError as error:
            several = isinstance(error, AmbiguousEntityError)
            for line in candidate_lines(error.name, error.candidates, several=several):
                click.echo(line, err=True)
            context.exit(2)
    print_profile(profile, output)
    context.exit(0 if profile.articles else 1)


@main.command("entities", context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@archive_option
@click.option("--name", default="", metavar="WORDS", help="With these words in a name.")
@_type_option
@click.option(
    "--min-count", type=int, default=1, show_default=True, help="Named in so many articles."
)
@click.option(
    "--sort",
    type=click.Choice(["articles", "mentions", "association", "name"]),
    default="articles",
    show_default=True,
    help="By association: named more often than in the archive as a whole.",
)
@click.option("--limit", type=int, default=50, show_default=True, help="Entities to list.")
@click.option("--offset", type=int, default=0, help="Entities to leave out first.")
@filter_options
@format_option(PAGES)
@click.pass_context
def entities_command(
    context: click.Context, /, query: tuple[str, ...], db: str | None, output: str, **options: Any
) -> None:
    """List who is named in the articles that have all that a query asks.

    Without QUERY it is all articles. --sort association tells what is peculiar to them: who is
    named there more often than elsewhere. The exit status is 0 with entities, 1 without.
    """
    from .output_entities import print_entities

    with Archive(db or context.obj, readonly=True) as archive:
        page = archive.entities(joined(context, query), **options)
    print_entities(page, output, by_association=options["sort"] == "association")
    context.exit(0 if page.total else 1)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@archive_option
@_type_option
@click.option("--limit", type=int, default=50, show_default=True, help="Entities, at most 1,000.")
@click.option(
    "--min-weight", type=int, default=1, show_default=True, help="Both in so many articles."
)
@click.option(
    "--sort",
    type=click.Choice(["weight", "association"]),
    default="weight",
    show_default=True,
    help="By association: what chance explains least first.",
)
@click.option("--pairs", type=int, default=25, show_default=True, help="Pairs to print as text.")
@filter_options
@format_option(NETWORKS)
@click.pass_context
def network(
    context: click.Context,
    /,
    query: tuple[str, ...],
    db: str | None,
    output: str,
    pairs: int,
    **options: Any,
) -> None:
    """Tell who is named beside whom in the articles that have all that a query asks.

    The entities are those that most of the articles name. As text it prints the strongest pairs;
    json is what D3 and networkx take, csv a list of edges, graphml is for Gephi and Cytoscape. The
    exit status is 0 with entities, 1 without.
    """
    from .output_entities import print_network

    if pairs < 0:
        raise click.UsageError(f"pairs takes a whole number from 0 on, not {pairs}")
    with Archive(db or context.obj, readonly=True) as archive:
        found = archive.network(joined(context, query), **options)
    print_network(found, output, pairs)
    context.exit(0 if found.nodes else 1)
