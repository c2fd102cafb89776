"""Which commands and options are there?"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

import click
from click_default_group import DefaultGroup

from .. import Archive, IngestReport, QuerySyntaxError, SyriaSearchError, __version__, cite
from .charts import CHARTS, print_timeline
from .output import EXPORTS, FORMATS, found, plain, print_article, print_page, print_plain

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_DB = "db/syria.db"
FACETS = ("source", "author", "lang", "year", "month", "entity", "type")


def archive_option(command: Command) -> Command:
    """Add the option that names the archive; without it, the group's is taken."""
    return click.option(
        "--db",
        metavar="PATH",
        help=f"The archive.  [default: $SYRIASEARCH_DB, or {DEFAULT_DB}]",
    )(command)


_FILTERS = (
    click.option(
        "--after", metavar="DATE", help="Published then or later: 2018-01-27, 2018-01 or 2018."
    ),
    click.option("--before", metavar="DATE", help="Published before then."),
    click.option("--source", metavar="NAME", help="Published by that source."),
    click.option("--entity", metavar="NAME", help="Naming that person, group, place or event."),
    click.option("--lang", metavar="CODE", help="In that language, such as en or ar."),
    click.option("--exact", is_flag=True, help="Words as they are typed: no forms, no spellings."),
)
_ORDER = (
    click.option(
        "--sort",
        type=click.Choice(["relevance", "newest", "oldest"]),
        default="relevance",
        show_default=True,
        help="The order of the hits.",
    ),
    click.option(
        "--match",
        type=click.Choice(["auto", "all", "any"]),
        default="auto",
        show_default=True,
        help="Whether an article needs all words.",
    ),
)


def filter_options(command: Command) -> Command:
    """Add the options that say which articles are meant."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def narrowing_options(command: Command) -> Command:
    """Add the options that say which articles are meant, and in which order."""
    for option in reversed(_ORDER):
        command = option(command)
    return filter_options(command)


def format_option(formats: Iterable[str], default: str = "text") -> Callable[[Command], Command]:
    """Add the option that says in which form to print."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(list(formats)),
        default=default,
        show_default=True,
        help="What to print.",
    )


class _Group(DefaultGroup):  # type: ignore[misc]
    """Takes what is no command as a query, and tells errors in one line."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except QuerySyntaxError as error:
            shown = error.query[max(0, error.position - 60) : error.position + 10]
            click.echo(f"Error: {error.message}", err=True)
            click.echo(f"  {shown}\n  {' ' * min(error.position, 60)}^", err=True)
        except SyriaSearchError as error:
            click.echo(f"Error: {error}", err=True)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # the reader of a pipe has seen enough, as click knows
            click.echo(f"Error: the output cannot be written: {error.strerror}", err=True)
        return context.exit(2)


@click.group(
    cls=cast("type[click.Group]", _Group),
    default="search",
    context_settings={"max_content_width": 100},
    epilog='What is no command is a query: `syriasearch "Sochi boycott"` searches for it.',
)
@click.version_option(__version__, prog_name="syriasearch")
@archive_option
@click.pass_context
def main(context: click.Context, db: str | None) -> None:
    """Search news on the Syrian conflict: who said what, where and when.

    \b
    syriasearch ingest seeds/                  make an archive of a folder of articles
    syriasearch "Sochi boycott"                search it
    syriasearch Jaafari --after 2018-01        a name, however it is spelt there
    syriasearch show 2018-01-27-syrian         an article, by the beginning of its slug
    syriasearch '"constitutional committee" -Geneva' a phrase, and what not to have
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if os.environ.get("NO_COLOR"):
        context.color = False
    context.obj = db or os.environ.get("SYRIASEARCH_DB") or DEFAULT_DB


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True, type=click.UNPROCESSED)
@archive_option
@click.option("--limit", type=int, default=10, show_default=True, help="Hits on a page.")
@click.option("--offset", type=int, default=0, help="Hits to leave out first.")
@narrowing_options
@click.option(
    "--facet",
    "facets",
    multiple=True,
    metavar="NAME",
    help=f"Count the hits by {', '.join(FACETS[:-1])} or {FACETS[-1]}; may be repeated.",
)
@click.option("--passages", type=int, default=3, show_default=True, help="Passages of a hit.")
@click.option("--cite", is_flag=True, help="Print a reference under each hit.")
@format_option(["text", *FORMATS])
@click.option("--explain", is_flag=True, help="Tell how the query was read and a score is made.")
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
    "people's congress"      exactly these words; escalat* any word that begins so
    Geneva OR Astana         one of them; (Geneva OR Astana) -Sochi without that word
    Assad w/5 Putin          near each other: w/5 pre/5 w/s w/p, or "two words"~5
    title:Sochi person:Jaafari source:AFP lang:ar author:Lucas place:Idlib org:UN
    after:2017-11 before:2018-02 date:2017-10..2018-01
    """
    with Archive(db or context.obj, readonly=True) as archive:
        page = archive.search(_joined(context, query), **options)
        print_page(page, output, cited=cite)
    context.exit(0 if found(page) else 1)


def _joined(context: click.Context, words: tuple[str, ...]) -> str:
    """Return a query's words as one text; unknown options come through so that -word can be one."""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise click.NoSuchOption(word.partition("=")[0], ctx=context)
    return " ".join(words)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True, type=click.UNPROCESSED)
@archive_option
@narrowing_options
@click.option("--passages", type=int, default=1, show_default=True, help="Passages of a hit.")
@format_option(EXPORTS, default="jsonl")
@click.pass_context
def export(
    context: click.Context, /, query: tuple[str, ...], db: str | None, output: str, **options: Any
) -> None:
    """Print all hits of a query, however many, one after the other.

    They are those of a search with the same options. The exit status is 0 with hits, 1 without.
    """
    with Archive(db or context.obj, readonly=True) as archive:
        printed = EXPORTS[output](archive.hits(_joined(context, query), **options))
    context.exit(0 if printed else 1)


@main.command()
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@archive_option
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month", "year"]),
    default="month",
    show_default=True,
    help="The span of a bar.",
)
@filter_options
@format_option(CHARTS)
@click.pass_context
def timeline(
    context: click.Context, /, queries: tuple[str, ...], db: str | None, output: str, **options: Any
) -> None:
    """Count articles over time, those that have all a query asks.

    Each QUERY is one, so put several words in quotation marks: `syriasearch timeline "Sochi
    boycott" Astana` draws two over one axis. The exit status is 0 with articles, 1 without.
    """
    with Archive(db or context.obj, readonly=True) as archive:
        counted = archive.timeline(*queries, **options)
    print_timeline(counted, output)
    context.exit(0 if counted.buckets or any(counted.undated) else 1)


@main.command()
@click.argument("slug")
@archive_option
@click.option("--query", default="", metavar="QUERY", help="What to highlight.")
@format_option(["text", "json"])
@click.pass_context
def show(context: click.Context, /, slug: str, db: str | None, query: str, output: str) -> None:
    """Show an article: its whole text, and who is named in it.

    SLUG is the article's, as a search with --format json tells it; its beginning is enough where
    no other article's begins so.
    """
    with Archive(db or context.obj, readonly=True) as archive:
        print_article(archive.article(slug, query=query), output)


@main.command("cite")
@click.argument("slug")
@archive_option
@click.option(
    "--style",
    type=click.Choice(["text", "bibtex", "csl", "ris"]),
    default="text",
    show_default=True,
    help="A plain reference, or an entry for a reference manager.",
)
@click.option("--query", default="", metavar="QUERY", help="Quote what answers it best.")
@click.pass_context
def cite_command(
    context: click.Context, /, slug: str, db: str | None, style: str, query: str
) -> None:
    """Cite an article: plainly, or in BibTeX, CSL-JSON or RIS."""
    with Archive(db or context.obj, readonly=True) as archive:
        text = archive.article(slug, query=query)
    best = max(text.paragraphs[1:], key=lambda each: len(each.highlights), default=None)
    quote = best.text if best and best.highlights else None
    print_plain(cite(text.article, style, quote=quote))


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="PATH...")
@archive_option
@click.option("--prune", is_flag=True, help="Remove articles that have gone from there.")
@click.pass_context
def ingest(context: click.Context, sources: tuple[str, ...], db: str | None, prune: bool) -> None:
    """Bring articles into the archive: .txt, .md and .jsonl files, folders of them, globs.

    Unchanged articles are passed over, changed ones replaced. What could not be read is told,
    and stands in the table ingest_problems. The exit status is 0, or 1 where an article failed.
    """
    path = db or context.obj
    try:
        with Archive(path) as archive:
            report = _ingest_with_progress(archive, sources, prune)
    except KeyboardInterrupt:
        click.echo("Interrupted. What was stored is kept; run again to go on.", err=True)
        context.exit(130)
    _print_report(report, path)
    context.exit(1 if report.failed else 0)


def _ingest_with_progress(archive: Archive, sources: tuple[str, ...], prune: bool) -> IngestReport:
    if not sys.stderr.isatty():
        return archive.ingest(*sources, prune=prune)
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Ingesting"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, name="")

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, name=name)

        return archive.ingest(*sources, prune=prune, progress=show)


def _print_report(report: IngestReport, path: str) -> None:
    for problem in report.problems:
        label = "not ingested" if problem.lost else "note"
        click.echo(f"{label}: {plain(problem.path)}: {plain(problem.message)}", err=True)
    if report.skipped:
        files = ", ".join(f"{count} {what}" for what, count in sorted(report.skipped.items()))
        click.echo(f"passed over: {plain(files)} (name a file to have it read)", err=True)
    counts = [
        f"{report.added} added",
        f"{report.updated} updated",
        f"{report.unchanged} unchanged",
        *([f"{report.removed} removed"] if report.removed else []),
        f"{report.failed} failed",
    ]
    click.echo(f"{path}: {', '.join(counts)} in {report.took_s:.1f} s")
