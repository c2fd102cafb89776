"""Commands that search, and those that show, cite and check what is stored."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from .. import Archive
from .completion import SHELLS, script, values_of
from .group import (
    FACETS,
    archive_option,
    article_options,
    copies_option,
    filter_options,
    format_option,
    joined,
    main,
    narrowing_options,
)
from .output import EXPORTS, FORMATS, found, plain, print_article, print_page, print_plain


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True, type=click.UNPROCESSED)
@archive_option
@click.option("--limit", type=int, default=10, show_default=True, help="Hits on a page.")
@click.option("--offset", type=int, default=0, help="Hits to skip.")
@narrowing_options
@click.option(
    "--facet",
    "facets",
    multiple=True,
    metavar="NAME",
    shell_complete=lambda context, parameter, text: [
        CompletionItem(name) for name in FACETS if name.startswith(text)
    ],
    help=f"Count the hits by {', '.join(FACETS[:-1])} or {FACETS[-1]}; may be repeated.",
)
@click.option("--passages", type=int, default=3, show_default=True, help="Passages per hit.")
@click.option("--recent", is_flag=True, help="Favour newer articles.")
@click.option("--expand", is_flag=True, help="Also search for what the first hits have in common.")
@click.option("--cite", is_flag=True, help="Print a reference under each hit.")
@format_option(["text", *FORMATS])
@click.option(
    "--explain", is_flag=True, help="Show how the query was read and how scores are made."
)
@click.pass_context
def search(
    context: click.Context,
    /,
    query: tuple[str, ...],
    db: str | None,
    output: str,
    cite: bool,
    **options: Any,
) -> None:
    """Find articles, ranked, with their best passages.

    Words are found in all their forms (boycott, boycotted) and names in all their spellings
    (Jaafari, al-Ja'afari, الجعفري). The exit status is 0 with hits, 1 without.

    \b
    Sochi boycott            both words, anywhere in an article
    "people's congress"      exactly these words; escalat* any word with that beginning
    Geneva OR Astana         one of them; (Geneva OR Astana) -Sochi without that word
    Assad w/5 Putin          near each other: w/5 pre/5 w/s w/p, or "two words"~5
    title:Sochi person:Jaafari source:AFP lang:ar author:Lucas place:Idlib org:UN
    after:2017-11 before:2018-02 date:2017-10..2018-01
    """
    with Archive(db or context.obj, readonly=True) as archive:
        page = archive.search(joined(context, query), **options)
        print_page(page, output, cited=cite)
    context.exit(0 if found(page) else 1)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True, type=click.UNPROCESSED)
@archive_option
@narrowing_options
@click.option("--passages", type=int, default=1, show_default=True, help="Passages per hit.")
@format_option(EXPORTS, default="jsonl")
@click.pass_context
def export(
    context: click.Context, /, query: tuple[str, ...], db: str | None, output: str, **options: Any
) -> None:
    """Print all hits of a query, one after the other, without limit.

    They are the hits of a search with the same options. The exit status is 0 with hits, 1 without.
    """
    from .exports import export as print_hits

    with Archive(db or context.obj, readonly=True) as archive:
        printed = print_hits(archive.hits(joined(context, query), **options), output)
    context.exit(0 if printed else 1)


@main.command()
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@archive_option
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month", "year", "auto"]),
    default="month",
    show_default=True,
    help="The span of a bar; auto is the finest that gives at most 60.",
)
@filter_options
@copies_option
@format_option(["text", "json", "csv", "svg"])
@click.pass_context
def timeline(
    context: click.Context, /, queries: tuple[str, ...], db: str | None, output: str, **options: Any
) -> None:
    """Count the articles that have all that a query asks over time.

    Each QUERY is one query, so put several words in quotation marks: `syriasearch timeline "Sochi
    boycott" Astana` draws two on one axis. The exit status is 0 with articles, 1 without.
    """
    from .output_timeline import print_timeline

    with Archive(db or context.obj, readonly=True) as archive:
        counted = archive.timeline(*queries, **options)
    print_timeline(counted, output)
    some = bool(counted.buckets or any(counted.undated))
    if not some:
        click.echo("No article answers.", err=True)
    context.exit(0 if some else 1)


@main.command()
@click.argument("slug", shell_complete=values_of("slug"))
@archive_option
@click.option("--query", default="", metavar="QUERY", help="What to highlight.")
@format_option(["text", "json"])
@click.pass_context
def show(context: click.Context, /, slug: str, db: str | None, query: str, output: str) -> None:
    """Show an article: its whole text, and the entities named in it.

    SLUG is the article's slug, as a search with --format json shows it; its beginning is enough if
    no other slug begins with it.
    """
    with Archive(db or context.obj, readonly=True) as archive:
        print_article(archive.article(slug, query=query), output)


@main.command()
@click.argument("slug", shell_complete=values_of("slug"))
@archive_option
@click.option("--limit", type=int, default=10, show_default=True, help="Articles to list.")
@article_options
@copies_option
@click.option("--passages", type=int, default=1, show_default=True, help="Passages per article.")
@format_option(["text", *FORMATS])
@click.pass_context
def related(
    context: click.Context, /, slug: str, db: str | None, output: str, **options: Any
) -> None:
    """List articles on the same subject as a given one, the most similar first.

    SLUG is an article's slug, or its beginning. The exit status is 0 with articles, 1 without.
    """
    with Archive(db or context.obj, readonly=True) as archive:
        page = archive.related(slug, **options)
        print_page(page, output)
    context.exit(0 if found(page) else 1)


@main.command("cite")
@click.argument("slug", shell_complete=values_of("slug"))
@archive_option
@click.option(
    "--style",
    type=click.Choice(["text", "bibtex", "csl", "ris"]),
    default="text",
    show_default=True,
    help="A plain reference, or an entry for a reference manager.",
)
@click.option(
    "--query", default="", metavar="QUERY", help="Quote the passage that answers it best."
)
@click.pass_context
def cite_command(
    context: click.Context, /, slug: str, db: str | None, style: str, query: str
) -> None:
    """Cite an article: plainly, or in BibTeX, CSL-JSON or RIS."""
    from .. import cite

    with Archive(db or context.obj, readonly=True) as archive:
        text = archive.article(slug, query=query)
    best = max(text.paragraphs[1:], key=lambda each: len(each.highlights), default=None)
    quote = best.text if best and best.highlights else None
    print_plain(cite(text.article, style, quote=quote))


@main.command()
@archive_option
@click.option("--repair", is_flag=True, help="Repair what can be rebuilt, and check again.")
@click.pass_context
def doctor(context: click.Context, /, db: str | None, *, repair: bool) -> None:
    """Check that everything in the archive agrees with its text.

    The whole archive is read, and without --repair nothing is changed. Each problem is a line that
    says what to do. The exit status is 0 if the archive is sound, or sound again, else 1.
    """
    path = db or context.obj
    with Archive(path) as archive:
        if repair:
            report = archive.repair()
            for message in report.mended:
                click.echo(f"mended: {plain(message)}")
            problems = report.left
        else:
            problems = archive.check()
    for problem in problems:
        click.echo(plain(problem))
    if not problems:
        click.echo(f"{path} is sound.")
    context.exit(1 if problems else 0)


@main.command()
@archive_option
@click.pass_context
def optimize(context: click.Context, /, db: str | None) -> None:
    """Rewrite indexes, and the file without gaps, so that searches read less."""
    with Archive(db or context.obj) as archive:
        archive.optimize()


@main.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what a shell needs to complete commands, options, sources, names and slugs.

    \b
    bash    syriasearch completion bash >> ~/.bashrc
    zsh     syriasearch completion zsh >> ~/.zshrc
    fish    syriasearch completion fish > ~/.config/fish/completions/syriasearch.fish
    """
    click.echo(script(shell))
