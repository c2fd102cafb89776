"""Progress of long commands: a bar on a terminal, else a line each ten seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import click

from .exit_status import INTERRUPTED
from .output import counted, plain

INTERVAL_S = 10.0
"""The time between two lines, in seconds."""
Show = Callable[..., None]


@contextmanager
def progress_option(
    context: click.Context, label: str, done: str, *, in_bytes: bool
) -> Iterator[dict[str, Any]]:
    """Yield the option `progress`; Ctrl-C ends with a message.

    `label` says what is being done (`Ingesting`), `done` what has become of that (`stored`).
    """
    try:
        if sys.stderr.isatty():
            with _bar(label, in_bytes=in_bytes) as show:
                yield {"progress": show}
        else:
            yield {"progress": ProgressLines(label, in_bytes=in_bytes)}
    except KeyboardInterrupt:
        click.echo(f"Interrupted. What was {done} is kept; run again to go on.", err=True)
        context.exit(INTERRUPTED)


@contextmanager
def _bar(label: str, *, in_bytes: bool) -> Iterator[Show]:
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.TextColumn(label),
        rich.BarColumn(),
        rich.DownloadColumn() if in_bytes else rich.TaskProgressColumn(),
        rich.TextColumn("{task.fields[counts]}", markup=False),
        rich.TimeRemainingColumn(),
        rich.TextColumn("{task.fields[name]}", markup=False),
    )
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, name="", counts="")
        began = monotonic()

        def show(completed: int, total: int, name: str = "", *, articles: int = 0) -> None:
            counts = counted(articles, "article") if articles else ""
            if articles and completed >= total:
                # Nobody knows how many articles are still to come of what was read.
                total = 0
                counts += f", {_rate(articles, monotonic() - began)}"
            bar.tasks[0].total = total or None  # for `update`, None leaves it as it is
            bar.update(task, completed=completed, name=plain(name), counts=counts)

        yield show


class ProgressLines:
    """A callback that prints a line when ten seconds have passed since the last."""

    def __init__(
        self, label: str, *, in_bytes: bool, clock: Callable[[], float] | None = None
    ) -> None:
        self._label = label
        self._in_bytes = in_bytes
        self._clock = clock or monotonic
        self._began = self._printed = self._clock()

    def __call__(self, completed: int, total: int, name: str = "", *, articles: int = 0) -> None:
        """Print a line, if it is time."""
        now = self._clock()
        if now - self._printed < INTERVAL_S:
            return
        self._printed = now
        line = progress_line(
            completed, total, articles=articles, seconds=now - self._began, in_bytes=self._in_bytes
        )
        where = f" ({plain(name)})" if name else ""
        click.echo(f"{self._label}: {line}{where}", err=True)


def progress_line(
    completed: int, total: int, *, articles: int, seconds: float, in_bytes: bool
) -> str:
    """Return what has been read, and how long the rest takes, or how fast it goes.

    >>> progress_line(5_000_000, 20_000_000, articles=1200, seconds=40.0, in_bytes=True)
    '5.0 of 20.0 MB, 1,200 articles, about 2 min left'
    """
    if not in_bytes:
        parts = [f"{completed:,} of {counted(total, 'article')}"]
    else:
        of_total = f" of {total / 1e6:,.1f}" if total else ""
        parts = [f"{completed / 1e6:,.1f}{of_total} MB", counted(articles, "article")]
    if in_bytes and completed >= total:
        parts.append(_rate(articles, seconds))
    elif 0 < completed < total:
        parts.append(f"about {_duration(seconds * (total - completed) / completed)} left")
    return ", ".join(parts)


def _rate(articles: int, seconds: float) -> str:
    return f"{articles / max(seconds, 0.001):,.0f} a second"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
