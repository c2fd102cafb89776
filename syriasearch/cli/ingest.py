"""Commands that fill an archive, and report on it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from .. import Archive, EmptySourceError
from .exit_status import FAULT, exit_with_status
from .options import PluggableCommand, archive_option, columns_option, gazetteer_options
from .output import counted, hinted, plain, print_json_lines
from .progress import progress_option

if TYPE_CHECKING:
    from .. import IngestProblem, IngestReport, IngestRun

IngestRunner = Callable[[str, tuple[str, ...], dict[str, Any]], "IngestReport"]
"""What ingests: it takes a path, sources, and the options of `Archive.ingest`."""
INGEST_RUNNER = "syriasearch.ingest_runner"
"""The key in `click.Context.meta` under which a plug-in puts another than this module's."""
_GIVEN = ("prune", "force", "retry", "restore", "dry_run", "processes", "format", "dates")
SHOWN = 50
"""The maximum number of printed problems of a run that each cost an article."""
SHOWN_OF_A_KIND = 3
"""The maximum number of printed problems of each kind that cost no article."""


@click.command(cls=PluggableCommand)
@click.argument("sources", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@archive_option
@click.option("--prune", is_flag=True, help="Remove articles whose file is gone.")
@click.option("--force", is_flag=True, help="Prune folders without any file, too.")
@click.option(
    "--retry", is_flag=True, help="Read only files that failed before, wholly or in part."
)
@click.option("--restore", is_flag=True, help="Also bring back articles that were deleted.")
@click.option("--dry-run", is_flag=True, help="Report what would be done, and do nothing.")
@click.option("--format", metavar="NAME", help="The format of named files, or of standard input.")
@columns_option("A column or key, as title=Headline; repeatable.")
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    metavar="ORDER",
    help="Of dates such as 3/4/2018: day-first or month-first.",
)
@click.option("--processes", type=int, metavar="N", help="Worker processes that prepare articles.")
@gazetteer_options
@click.pass_context
def ingest(
    context: click.Context,
    /,
    sources: tuple[str, ...],
    db: str,
    columns: dict[str, str],
    **options: Any,
) -> None:
    """Bring files, folders or standard input into the archive.

    PATH is a file, a folder, a glob, or - for standard input; s3://bucket/folder is a bucket, with
    `pip install 'boto3>=1.34'`.

    \b
    text, markdown, html      one article per file
    json, jsonl, csv, tsv     one article per object, line or row
    mail, telegram            one article per message of a mailbox or a chat
    wordpress, blogger        one article per published post
    nexis, factiva …          one article per document of a press database
    ris, bibtex               one article per record with an abstract
    subtitles                 one article per film
    docx, odt, rtf, epub      one article per file, export or chapter
    xlsx, ods                 one article per row of each sheet
    feed, warc, pdf           RSS and Atom, web archives, PDF with a text layer
    .gz .bz2 .xz .zst .zip .tar .wacz   any of these inside

    Formats are recognized by content. Unchanged articles are skipped, changed ones replaced; what
    cannot be read is listed. The exit status is 0, 1 if an article
    failed, or 70 for a fault of the program. A gazetteer is kept in the archive; `syriasearch
    reindex --entities` finds its names in unchanged articles.
    """
    given = {name: options[name] for name in _GIVEN}
    given |= {"columns": columns, **_names(options)}
    runner: IngestRunner = context.meta.get(INGEST_RUNNER, _ingest_here)

    def run(**more: bool) -> IngestReport:
        with progress_option(context, "Ingesting", "stored", in_bytes=True) as progress:
            return runner(db, sources, {**given, **more, **progress})

    try:
        report = run()
    except EmptySourceError as error:
        question = f"{plain(error.reason)}. Remove them?"
        if options["dry_run"] or not (sys.stdin.isatty() and click.confirm(question, err=True)):
            raise
        report = run(force=True)
    _print_report(report, db, sources, dry_run=options["dry_run"])
    if report.fault:
        click.echo(f"Error: {plain(report.fault)}", err=True)
        context.exit(FAULT)
    exit_with_status(not report.failed)


def _names(options: dict[str, Any]) -> dict[str, Any]:
    """Return the names that an archive gets, for `Archive`: None keeps the earlier files."""
    files = [] if options["no_gazetteer"] else list(options["gazetteer"]) or None
    return {"gazetteer": files, "recognizer": options["recognizer"]}


def _ingest_here(path: str, sources: tuple[str, ...], options: dict[str, Any]) -> IngestReport:
    with Archive(path) as archive:
        return archive.ingest(*sources, **options)


def _print_report(
    report: IngestReport, path: str, given: tuple[str, ...], *, dry_run: bool
) -> None:
    lost = [problem for problem in report.problems if problem.lost]
    for problem in lost[:SHOWN]:
        click.echo(f"not ingested: {plain(str(problem))}", err=True)
    if len(lost) > SHOWN:
        where = "" if dry_run else "; `syriasearch problems` lists all"
        click.echo(hinted(f"not ingested: {len(lost) - SHOWN:,} more{where}"), err=True)
    for kind, alike in _by_kind(problem for problem in report.problems if not problem.lost):
        if len(alike) > SHOWN_OF_A_KIND:
            click.echo(f"note: {len(alike):,} articles: {plain(kind)}", err=True)
        else:
            for problem in alike:
                click.echo(f"note: {plain(str(problem))}", err=True)
    if report.skipped:
        files = ", ".join(f"{count} {what}" for what, count in sorted(report.skipped.items()))
        click.echo(f"passed over: {plain(files)} (name a file to have it read)", err=True)
    if report.deleted:
        number = counted(report.deleted, "article")
        were, them = ("was", "it") if report.deleted == 1 else ("were", "them")
        click.echo(
            f"left out: {number} that {were} deleted (--restore brings {them} back)", err=True
        )
    summary = f"{path}: {_counts(report)} in {report.took_s:.1f} s"
    click.echo(f"{summary} (a dry run: nothing was written)" if dry_run else summary)
    if lost and not dry_run and not report.fault:
        next_step = "`syriasearch problems` lists what failed and why"
        if "-" not in given:  # what came from a pipe is not there to be read again
            sources = shlex.join(map(plain, given))
            next_step += (
                f"; once it is mended, `syriasearch ingest --retry {sources}` reads that alone"
            )
        click.echo(hinted(f"{next_step}."), err=True)


def _by_kind(problems: Iterable[IngestProblem]) -> list[tuple[str, list[IngestProblem]]]:
    """Return problems by kind (the message without particulars), the most common kind first."""
    kinds: dict[str, list[IngestProblem]] = {}
    for problem in problems:
        kinds.setdefault(problem.kind, []).append(problem)
    return sorted(kinds.items(), key=lambda each: -len(each[1]))


def _counts(run: IngestReport | IngestRun) -> str:
    counts = f"{run.added} added, {run.updated} updated, {run.unchanged} unchanged"
    removed = f", {run.removed} removed" if run.removed else ""
    return f"{counts}{removed}, {run.failed} failed"


@click.command()
@archive_option
@click.option("--run", type=int, metavar="ID", help="Problems of that run (`syriasearch runs`).")
@click.option("--all", "every", is_flag=True, help="Each problem, not a few of each kind.")
@click.option("--format", "output", type=click.Choice(["text", "jsonl"]), default="text")
def problems(db: str, run: int | None, every: bool, output: str) -> None:
    """List what could not be read, and what to do about it.

    By default these are the problems that remain: those of each file when it was last read. The
    exit status is 0 if no article is missing, else 1.
    """
    with Archive(db) as archive:
        found = archive.problems(run=run)
    lost = [problem for problem in found if problem.lost]
    if output == "jsonl":
        print_json_lines(each.to_dict() for each in found)
        exit_with_status(not lost)
    if not found:
        click.echo("No problems.")
    notes = [problem for problem in found if not problem.lost]
    for label, some in (("Not ingested", lost), ("Notes", notes)):
        if some:
            click.echo(f"{label}: {len(some):,}")
        for kind, alike in _by_kind(some):
            click.echo(f"  {len(alike):,} × {plain(kind)}")
            for problem in alike if every else alike[:SHOWN_OF_A_KIND]:
                click.echo(f"    {plain(str(problem))}")
            if not every and len(alike) > SHOWN_OF_A_KIND:
                click.echo(f"    … and {len(alike) - SHOWN_OF_A_KIND:,} more (--all)")
    exit_with_status(not lost)


@click.command()
@archive_option
@click.option(
    "--limit",
    type=int,
    default=20,
    show_default=True,
    metavar="N",
    help="The number of runs to list.",
)
@click.option("--format", "output", type=click.Choice(["text", "jsonl"]), default="text")
def runs(db: str, limit: int, output: str) -> None:
    """List what each ingest did, the latest first."""
    with Archive(db) as archive:
        found = archive.runs(limit=limit)
    if output == "jsonl":
        print_json_lines(each.to_dict() for each in found)
        return
    for run in found:
        took = "did not finish" if run.took_s is None else f"{run.took_s:.0f} s"
        names = " ".join(map(plain, run.sources))
        click.echo(f"{run.id}  {run.started_at}  {took}  {_counts(run)}  {names}")


@click.command()
@archive_option
@click.option("--entities", is_flag=True, help="Recognize all names again.")
@gazetteer_options
@click.pass_context
def reindex(context: click.Context, /, db: str, entities: bool, **options: Any) -> None:
    """Recognize the names in all articles again.

    They are read from the archive's own text. This is for names that were added later, by a newer
    version of this program or a gazetteer. Only articles whose entities change are written. It may
    be interrupted; run it again to continue.
    """
    if not entities:
        raise click.UsageError(
            "say what: --entities recognizes all names again; `syriasearch optimize` writes the "
            "other indexes again"
        )
    with (
        progress_option(context, "Recognizing", "done", in_bytes=False) as progress,
        Archive(db) as archive,
    ):
        report = archive.reindex(**_names(options), **progress)
    click.echo(
        f"{db}: {report.read} articles read, {report.changed} changed in {report.took_s:.1f} s"
    )
