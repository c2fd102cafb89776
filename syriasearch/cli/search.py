"""Commands that search: a page of hits, all hits, counts over time."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from .. import Archive
from .exit_status import exit_with_status
from .options import (
    archive_option,
    choice_option,
    copies_option,
    count_option,
    filter_options,
    format_option,
    listed,
    narrowing_options,
    queries_argument,
    query_argument,
)
from .output import TABLE_FORMATS, export_formats, found, plain, print_hits, print_page

FACETS = Archive.FACETS


@click.command(context_settings={"ignore_unknown_options": True})
@query_argument(required=True)
@archive_option
@count_option("--limit", 10, "Hits on a page.")
@click.option("--offset", type=int, metavar="N", default=0, help="Hits to skip.")
@narrowing_options
@click.option(
    "--facet",
    "facets",
    multiple=True,
    metavar="NAME",
    shell_complete=lambda context, parameter, text: [
        CompletionItem(name) for name in FACETS if name.startswith(text)
    ],
    help=f"Count hits by {listed(FACETS)}; repeatable.",
)
@count_option("--passages", 3, "Passages per hit.")
@click.option("--recent", is_flag=True, help="Favour newer articles.")
@click.option("--expand", is_flag=True, help="Also search for what the first hits share.")
@click.option("--cite", is_flag=True, help="Print a reference under each hit.")
@format_option(["text", "json", *export_formats()])
@click.option("--explain", is_flag=True, help="Show how the query was read, and the scores.")
def search(query: str, db: str, output: str, cite: bool, **options: Any) -> None:
    """Find articles, ranked, with their best passages.

    Words are found in all their forms, names in all their spellings. The exit status is 0 with
    hits, 1 without.

    \b
    Sochi boycott            both words, anywhere in an article
    "people's congress"      exactly these words; escalat* any that begins so
    Geneva OR Astana         one of them; (Geneva OR Astana) -Sochi without it
    Assad w/5 Putin          near each other: w/5 pre/5 w/s w/p, or "two words"~5
    title:Sochi person:Jaafari source:AFP lang:ar author:Lucas place:Idlib org:UN
    after:2017-11 before:2018-02 date:2017-10..2018-01
    like: any text           articles like a text, with no syntax in it
    """
    with Archive(db, readonly=True) as archive:
        page = archive.search(query, **options)
        print_page(page, output, cited=cite)
    exit_with_status(found(page))


@click.command(context_settings={"ignore_unknown_options": True})
@query_argument(required=True)
@archive_option
@narrowing_options
@count_option("--passages", 1, "Passages per hit.")
@format_option(export_formats(), default="jsonl")
def export(query: str, db: str, output: str, **options: Any) -> None:
    """Print all hits of a query, without limit.

    They are the hits of a search with the same options, one after the other. In csv, cells that
    begin with = + - @ have an apostrophe before them, so that no spreadsheet calculates them;
    spreadsheet is the same with the mark by which Excel knows its letters. The exit status is 0
    with hits, 1 without.
    """
    with Archive(db, readonly=True) as archive:
        printed = print_hits(archive.hits(query, **options), output)
    if not printed:
        click.echo(f"No article matches {plain(query)!r}.", err=True)
    exit_with_status(printed > 0)


@click.command(context_settings={"ignore_unknown_options": True})
@queries_argument
@archive_option
@click.option("--and", "others", multiple=True, metavar="QUERY", help="Another query to compare.")
@choice_option("--by", Archive.SPANS, "auto", "The span of a bar")
@filter_options
@copies_option
@format_option(["text", "json", *TABLE_FORMATS, "svg"])
def timeline(
    queries: tuple[str, ...], others: tuple[str, ...], db: str, output: str, **options: Any
) -> None:
    """Count the articles of a query over time.

    They are those that have all that it asks. Several queries are drawn on one axis: `syriasearch
    timeline Sochi --and Astana`. Words in quotation marks are a query of their own, too:
    `syriasearch timeline "Sochi boycott" Astana`. The span auto is the finest that gives at most 60
    bars. The exit status is 0 with articles, 1 without.
    """
    from .output_timeline import print_timeline

    if option := next((each for each in others if each.startswith("--")), None):
        raise click.UsageError(f"--and takes another query, and not the option {option}")
    queries += others
    with Archive(db, readonly=True) as archive:
        counts = archive.timeline(*queries, **options)
    print_timeline(counts, output)
    has_articles = bool(counts.buckets or any(counts.undated))
    if not has_articles:
        click.echo("No article matches.", err=True)
    exit_with_status(has_articles)
