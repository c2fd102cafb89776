"""Output of pages and articles: on a terminal, in a pipe, as data."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from .. import ArchiveWarning

if TYPE_CHECKING:
    from .. import Entity, Hit, Page, Snippet

DEFAULT_DB = "db/syria.db"

_ANSI = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
_LINK = re.compile(r"\x1b\]8;;[^\x1b]*\x1b\\")
_BLOCKS = " ▏▎▍▌▋▊▉█"
_LINKING = (
    "VTE_VERSION KITTY_WINDOW_ID KONSOLE_VERSION WEZTERM_PANE WT_SESSION ITERM_SESSION_ID "
    "GHOSTTY_RESOURCES_DIR"
).split()
"""Variables that are set by terminals with links."""
TABLE_FORMATS = ("csv", "spreadsheet")
MAX_FACET_VALUES = 10
"""The number of values of a facet that are printed as text."""
EMPTY = (
    "The archive is empty: `syriasearch ingest FOLDER` fills it, and `syriasearch problems` lists "
    "what could not be read."
)


def export_formats() -> tuple[str, ...]:
    """Return the formats other than text of all hits; a page has JSON too."""
    from .. import Archive

    return tuple(name for name in Archive.EXPORT_FORMATS if name != "text")


def default_archive() -> str:
    """Return the path of the archive that a command asks without --db."""
    return os.environ.get("SYRIASEARCH_DB") or DEFAULT_DB


def hinted(text: str) -> str:
    """Return a text with --db added to the commands in it, if this command was given it."""
    context = click.get_current_context()
    path = context.params.get("db") or context.obj
    if path == default_archive():
        return text
    import shlex

    return text.replace("`syriasearch ", f"`syriasearch --db {shlex.quote(plain(str(path)))} ")


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts: 1 article, 2,000 articles."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def bold(text: str) -> str:
    """Return a text in bold."""
    return click.style(text, bold=True)


def dim(text: str) -> str:
    """Return a text dimmed."""
    return click.style(text, dim=True)


def found(page: Page) -> bool:
    """Tell whether a query has hits, on this page or another."""
    return bool(page.hits or page.total or page.partial_total)


def print_page(page: Page, output: str, *, cited: bool = False) -> None:
    """Print a page's hits on standard output, and messages on standard error.

    With `cited` the text has a reference under each hit.
    """
    show_page(page, output, cited=cited)
    for name in page.missing_shards:
        click.echo(
            f"{plain(name)} did not answer in time: what it holds is missing "
            "(`syriasearch cluster status` tells more).",
            err=True,
        )
    if not page.archive_total and not page.missing_shards:
        click.echo(hinted(EMPTY), err=True)
        return
    from .output_suggestions import print_notes

    print_notes(page)


def show_page(page: Page, output: str, *, cited: bool = False) -> None:
    """Print a page's hits on standard output."""
    if output == "text":
        print_lines(list(_text_lines(page, cited)))
    elif output == "json":
        print_json(page.to_dict())
    else:
        print_hits(page.hits, output, page.offset + 1)


def print_hits(hits: Iterable[Hit], output: str, first: int = 1) -> int:
    """Print hits as data, ranked from `first` on; return how many there were."""
    from .. import export

    printed = 0

    def counting() -> Iterator[Hit]:
        nonlocal printed
        for hit in hits:
            printed += 1
            yield hit

    for piece in export(counting(), output, first=first):
        click.echo(piece, nl=False)
    return printed


def print_json(body: object) -> None:
    """Print a body as indented JSON."""
    import json

    click.echo(json.dumps(body, ensure_ascii=False, indent=2))


def print_json_rows(rows: Iterable[object]) -> None:
    """Print rows as JSON, as `print_json` prints them, without keeping them."""
    import json
    from textwrap import indent

    click.echo('{\n  "version": 1,\n  "rows": [', nl=False)
    separator = ""
    for row in rows:
        body = indent(json.dumps(row, ensure_ascii=False, indent=2), "    ")
        click.echo(f"{separator}\n{body}", nl=False)
        separator = ","
    click.echo("\n  ]\n}" if separator else "]\n}")


def print_json_lines(bodies: Iterable[object]) -> None:
    """Print each body as JSON on a line."""
    import json

    for body in bodies:
        click.echo(json.dumps(body, ensure_ascii=False))


def print_table(columns: Iterable[str], rows: Iterable[Sequence[object]], output: str) -> None:
    """Print a header and rows as a format of TABLE_FORMATS."""
    from .. import export_table

    for line in export_table(
        rows, "spreadsheet" if output == "spreadsheet" else "csv", columns=columns
    ):
        click.echo(line, nl=False)


def terminal_width() -> int:
    """Return the width of the terminal in columns; 0 if there is none."""
    # A terminal that does not know its size reports 0.
    return min(_terminal_size().columns or 80, 110) if sys.stdout.isatty() else 0


def _terminal_size() -> os.terminal_size:
    import shutil

    return shutil.get_terminal_size()


def linked(text: str, url: str | None) -> str:
    """Return a text as a link to a URL, if the terminal is known to support links (OSC 8)."""
    if not (url and url.startswith(("http://", "https://")) and _follows_links()):
        return text
    address = quote(url, safe="%/:=&?~#+!$,;'@()*[]")
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"


def _follows_links() -> bool:
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced != "0"
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name) for name in _LINKING):
        return True
    if os.environ.get("TERM_PROGRAM") in ("vscode", "WezTerm", "iTerm.app", "ghostty"):
        return True
    return os.environ.get("TERM", "").startswith(("xterm-kitty", "alacritty", "foot"))


def bar(length: float) -> str:
    """Return a bar of a number of columns, to an eighth; above zero it has at least an eighth."""
    eighths = max(round(length * 8), 1 if length else 0)
    return _BLOCKS[8] * (eighths // 8) + _BLOCKS[eighths % 8].strip()


def snippet_text(snippet: Snippet, width: int) -> str:
    """Return a snippet on one line, highlighted on a terminal; its width is 0 if there is none."""
    coloured = width and not os.environ.get("NO_COLOR")
    return snippet.to_ansi() if coloured else snippet.to_text()


def print_lines(lines: list[str]) -> None:
    """Print lines, in the pager if they do not fit on the terminal."""
    if sys.stdout.isatty() and len(lines) >= (_terminal_size().lines or 24):
        # Older versions of `less` show a link's address as text.
        click.echo_via_pager(_LINK.sub("", "\n".join(lines)) + "\n")
    elif lines:
        click.echo("\n".join(lines))


def _text_lines(page: Page, cited: bool) -> Iterator[str]:
    width = terminal_width()
    for line in page.explanation:
        yield dim(line)
    if page.explanation:
        yield ""
    for rank, hit in enumerate(page.hits, start=page.offset + 1):
        yield from hit_lines(rank, hit, width)
        if cited:
            from .. import export

            (reference,) = export([hit], "text")
            yield from wrapped(plain(reference.strip()), "    ", width)
        yield ""
    for facet in page.facets:
        yield bold(facet.name)
        shown = facet.values[:MAX_FACET_VALUES]
        highest = max((value.count for value in shown), default=1)
        for value in shown:
            share = bar(value.count / highest * max(8, width // 5))
            line = f"  {value.count:6d}  {plain(value.label)}"
            if width and len(line) > width // 2:
                line = f"{line[: width // 2 - 1]}…"
            yield f"{line:<{width // 2}}  {dim(share)}" if width else line
        if len(facet.values) > len(shown):
            yield dim(f"          and {len(facet.values) - len(shown)} more, with --format json")
        yield ""
    if found(page):
        yield dim(_summary(page))


def _summary(page: Page) -> str:
    partial = f", {page.partial_total:,} with some of the words" if page.partial_total else ""
    return f"{counted(page.total, 'article')}{partial}, in {page.took_ms:.0f} ms"


def _times(frequency: float) -> str:
    """Return how often something occurs, where titles count more: once, 2.5 times."""
    return {"1": "once", "2": "twice"}.get(f"{frequency:g}", f"{frequency:g} times")


def _lack(hit: Hit) -> str:
    """Return what a partial hit lacks."""
    parts = ", ".join(plain(part) for part in hit.missing)
    return f"some of the words: without {parts}" if parts else "some of the words"


def hit_lines(rank: int, hit: Hit, width: int) -> Iterator[str]:
    """Return a hit as lines, wrapped to a width; 0 for none."""
    article = hit.article
    about = filter(None, (article.published, article.source, article.author, article.slug))
    partial = click.style(f" ({_lack(hit)})", fg="yellow") if hit.partial else ""
    indent = "    "
    title = linked(bold(plain(article.title)), article.url)
    yield f"{rank:>2}. {title}{partial}"
    yield indent + dim(plain(" · ".join(about)))
    for part in hit.explanation:
        yield (
            f"{indent}{part.score:8.3f}  {part.clause}: {_times(part.frequency)}, "
            f"in {counted(part.articles, 'article')} (idf {part.idf:.2f})"
        )
    if hit.explanation:
        yield f"{indent}{hit.score:8.3f}  altogether"
    if hit.copies:
        also = dim(plain(f"also in: {_sources(hit)}"))
        yield from wrapped(also, indent, width)
    for passage in hit.passages:
        yield from wrapped(snippet_text(passage.snippet, width), indent, width)
    if hit.entities:
        yield from entity_lines(hit.entities[:5], indent, width)


def entity_lines(entities: Iterable[Entity], indent: str, width: int) -> Iterator[str]:
    """Return the entities named in an article, with their mentions, as lines."""
    named = ", ".join(f"{entity.name} ({entity.mentions})" for entity in entities)
    yield from wrapped(dim(plain(f"Named: {named}")), indent, width)


def _sources(hit: Hit) -> str:
    """Return the sources of a hit's copies, each once; a copy without a source by its slug."""
    named = Counter(copy.source or copy.slug for copy in hit.copies)
    return ", ".join(name if count == 1 else f"{name} ({count})" for name, count in named.items())


def plain(text: str) -> str:
    """Return a text on one line, without control characters."""
    from .. import Snippet

    return Snippet(text).to_text()


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Print each of the package's warnings once, in one line."""
    printed: set[str] = set()

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if not issubclass(category, ArchiveWarning):
            show_other(message, category, *where, **more)
        elif str(message) not in printed:
            printed.add(str(message))
            click.echo(f"note: {plain(str(message))}", err=True)

    with warnings.catch_warnings():
        show_other = warnings.showwarning
        warnings.showwarning = show
        warnings.simplefilter("always", ArchiveWarning)
        yield


def wrapped(text: str, indent: str, width: int) -> Iterator[str]:
    """Wrap a text that may be coloured; a width of 0 leaves it on one line."""
    line = indent
    used = len(indent)
    for word in text.split(" "):
        length = len(_ANSI.sub("", word))
        if width and used + length > width and used > len(indent):
            yield line.rstrip(" ")
            line, used = indent, len(indent)
        line += word + " "
        used += length + 1
    yield line.rstrip(" ")
