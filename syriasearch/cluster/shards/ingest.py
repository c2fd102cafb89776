"""How do files become an archive of many shards?

Readers read partitions of the input, makers make its documents ready, a writer for each shard
stores them: tasks and actors of Ray, which makes anew what was lost with a process or a machine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from ...entities.recognition_settings import RecognitionOptions
from ...errors import ArchiveError, OptionError
from ...ingest.run import Progress
from ...ingest.sources import STDIN, Match, ReadOptions, folders_of, known_folders, written
from ...models.report import IngestReport
from ...store.connection import open_reader
from ...store.provenance import Provenance
from .crew import Crew
from .running import Run
from .tasks import start_writers


def ingest(
    ray: Any,
    paths: Sequence[Path],
    ledger: Path,
    sources: Mapping[str, Sequence[Match]],
    *,
    options: RecognitionOptions = RecognitionOptions(),  # noqa: B008 (it is a tuple)
    prune: bool = False,
    retry: bool = False,
    progress: Progress | None = None,
    reading: ReadOptions = ReadOptions(),  # noqa: B008 (it is frozen)
) -> IngestReport:
    """Bring files and folders into shards; the options are those of `ingest.ingest`.

    `ledger` is the file that keeps what is needed of all articles to find copies. All machines of
    the cluster must see the input, and the folder of the shards, under the same paths. Raises
    OptionError for what cannot be shared out, and what `ingest.ingest` raises.
    """
    started = time.perf_counter()
    matches = [match for each in sources.values() for match in each]
    if STDIN in matches:
        raise OptionError("standard input cannot be shared out to a cluster: put it into a file")
    folders = folders_of(matches) | known_folders(_asked_before(paths))
    writers, linker = start_writers(ray, paths, ledger, folders)
    try:
        run = Run(ray, Crew(ray, writers, linker), list(map(written, sources)), matches, reading)
        run.begin(options, retry=retry, prune=prune)
        run.work(progress)
        if prune:
            run.prune()
        counts = run.finish()
    except ray.exceptions.RayTaskError as error:
        raise _plain(error) from error
    except ray.exceptions.RayError as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise ArchiveError(f"the cluster cannot go on ({lines[0][:200]}): run it again") from error
    finally:
        for actor in (linker, *writers):
            ray.kill(actor)
    if progress:
        progress(run.total, run.total, "")
    return IngestReport(
        added=counts["added"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        removed=counts["removed"],
        failed=counts["failed"],
        problems=tuple(run.problems),
        skipped=dict(run.found.skipped),
        took_s=time.perf_counter() - started,
        fault=str(run.faults.error()) if run.faults else None,
    )


def _asked_before(shards: Sequence[Path]) -> Iterator[str]:
    """Yield what earlier runs were asked to read."""
    for path in shards:
        if path.exists():
            with closing(open_reader(path)) as connection:
                yield from Provenance(connection, str(path)).sources()


def _plain(error: Any) -> Exception:
    """Return the error that a task has raised."""
    cause = error.cause if isinstance(error.cause, Exception) else None
    return cause or ArchiveError(f"the cluster cannot go on ({error}): run it again")
