"""A run that fills a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from ...entities.recognition_settings import RecognitionOptions
from ...errors import ArchiveError, OptionError
from ...ingest import run
from ...ingest.found_files import STDIN, Match
from ...ingest.progress import Progress
from ...ingest.records import RecordSet
from ...ingest.sources import ReadOptions
from ...models.report import IngestReport
from .catalogue import Catalogue
from .prepare_pool import PreparePool


def ingest(
    ray: Any,
    paths: Sequence[Path],
    catalogue: Path,
    sources: Mapping[str, Sequence[Match]],
    *,
    options: RecognitionOptions,
    prune: bool,
    force: bool,
    retry: bool,
    restore: bool,
    progress: Progress | None,
    reading: ReadOptions,
) -> IngestReport:
    """Ingest files and folders into shards; the options are those of `ingest.run.ingest`.

    All machines of the cluster must see the folder of the shards under the same path; what they
    read themselves, pages and PDFs, they must see too. Raises OptionError for what cannot be
    distributed, and what `ingest.run.ingest` raises.
    """
    if any(STDIN in matches for matches in sources.values()):
        raise OptionError("standard input cannot be shared out to a cluster: put it into a file")
    if any(isinstance(match, RecordSet) for matches in sources.values() for match in matches):
        raise OptionError("records cannot be shared out to a cluster: write them into a file")
    try:
        with closing(Catalogue(ray, catalogue, paths)) as store:
            return run.ingest(
                store,
                sources,
                options=options,
                prune=prune,
                force=force,
                retry=retry,
                restore=restore,
                progress=progress,
                reading=reading,
                pool=PreparePool(ray, len(paths)),
                batches=len(paths),
            )
    except ray.exceptions.RayTaskError as error:
        cause = error.cause if isinstance(error.cause, Exception) else None
        raise cause or _stopped(error) from error
    except ray.exceptions.RayError as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise _stopped(lines[0][:200]) from error


def _stopped(reason: object) -> ArchiveError:
    return ArchiveError(f"the cluster cannot go on ({reason}): run it again")
