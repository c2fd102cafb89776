"""Commands about one article: show it, cite it, find related ones."""

from __future__ import annotations

from typing import Any

import click

from .. import Archive
from .completion import values_of
from .exit_status import exit_with_status
from .options import (
    archive_option,
    article_options,
    choice_option,
    copies_option,
    count_option,
    format_option,
)
from .output import export_formats, found, plain, print_page
from .output_article import print_article

_slug_argument = click.argument("slug", shell_complete=values_of("slug"))


@click.command()
@_slug_argument
@archive_option
@click.option("--query", default="", metavar="QUERY", help="What to highlight.")
@click.option("--why", is_flag=True, help="List each name, whose it is taken for, and why.")
@format_option(["text", "json"])
def show(slug: str, db: str, query: str, output: str, why: bool) -> None:
    """Show an article with its whole text and its names.

    SLUG is the article's slug, as a search with --format json shows it; its beginning is enough if
    no other slug begins with it. With --why the names of each paragraph follow it, each with whose
    it is taken for, and the reason; JSON has these for each mention anyway.
    """
    with Archive(db, readonly=True) as archive:
        print_article(archive.article(slug, query=query), output, why=why)


@click.command()
@_slug_argument
@archive_option
@count_option("--limit", 10, "Articles to list.")
@article_options
@copies_option
@count_option("--passages", 1, "Passages per article.")
@format_option(["text", "json", *export_formats()])
def related(slug: str, db: str, output: str, **options: Any) -> None:
    """List articles on the same subject as a given one.

    The most similar come first. SLUG is an article's slug, or its beginning. The exit status is 0
    with articles, 1 without.
    """
    with Archive(db, readonly=True) as archive:
        page = archive.related(slug, **options)
        print_page(page, output)
    exit_with_status(found(page))


@click.command()
@_slug_argument
@archive_option
@choice_option(
    "--style",
    Archive.CITATION_STYLES,
    "text",
    "A plain reference, or an entry for a reference manager",
)
@click.option(
    "--query", default="", metavar="QUERY", help="Quote the passage that answers it best."
)
def cite(slug: str, db: str, style: str, query: str) -> None:
    """Cite an article: plainly, or in BibTeX, CSL-JSON or RIS."""
    from .. import cite as make_citation

    with Archive(db, readonly=True) as archive:
        text = archive.article(slug, query=query)
    best = max(text.paragraphs[1:], key=lambda each: len(each.highlights), default=None)
    quote = best.text if best and best.highlights else None
    for line in make_citation(text.article, style, quote=quote).splitlines():
        click.echo(plain(line))
