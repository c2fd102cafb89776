"""Upkeep: the part of `Archive` that fills an archive, and keeps it sound."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Literal

from .errors import ArchiveError, OptionError
from .handle import Handle
from .models.options import check_count
from .search.collection import Source, opened

if TYPE_CHECKING:
    from .entities.recognition_settings import GazetteerFiles
    from .ingest.dry_run import Rehearsal
    from .ingest.run import Progress
    from .models.report import IngestProblem, IngestReport, IngestRun, ReindexReport, RepairReport


class Upkeep(Handle):
    """The methods that ingest, reindex, check and repair."""

    def ingest(
        self,
        *sources: str | os.PathLike[str],
        gazetteer: GazetteerFiles = None,
        recognizer: str | None = None,
        prune: bool = False,
        retry: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
        processes: int | None = None,
        format: str | None = None,
        columns: Mapping[str, str] | None = None,
        dates: Literal["day-first", "month-first"] | None = None,
    ) -> IngestReport:
        """Ingest files and folders into the archive, and create it if there is none.

        What is unchanged is skipped, a changed document replaces its article under the same slug,
        and one bad file never stops the run: see the report's `problems`. `gazetteer` are CSV or
        YAML files with names to find in addition to the package's own. The archive keeps their
        content, also for later runs, in place of earlier files; without it those are used, and
        with an empty list none. `recognizer` finds names, and is kept in the same way: "rules"
        (the gazetteer, and other names by rules), "gazetteer", or "spacy:NAME". `prune` removes
        articles that are no longer in these folders and files. `retry` reads only the files that
        could not be read completely before. With `dry_run` nothing is written, and the report says
        what a run would do. `progress` is called with the bytes read, the bytes to read and the
        name of a file. `processes` is the number of worker processes that prepare articles; if it
        is None and there is much to read, as many as there are other processors.

        A source is a path, a glob, standard input (`-`), or a folder of a bucket
        (`s3://bucket/folder`), for which boto3 is needed. The format is recognized by a file's
        content; `format` ("html", "csv", "jsonl" …) sets it for files that are named, and for
        standard input. `columns` says which column of a table, or key of an object, has which
        field: {"title": "Headline"}. `dates` is "day-first" or "month-first", for dates such as
        3/4/2018.

        Raises SourceError for a source that does not exist, OptionError for an option that cannot
        be used, GazetteerError and RecognizerError likewise, ArchiveError for an archive that
        cannot be written; what was stored before an error stays stored.
        """
        from .entities.recognition_settings import told
        from .ingest.run import ingest
        from .ingest.sources import find_sources, make_reading

        if processes is not None:
            check_count("processes", processes)
        if self._cluster is not None:
            if dry_run or processes is not None:
                raise OptionError("dry_run and processes are for one archive: leave them out")
            self._check_writable()
            from .cluster.shards import Cluster

            return Cluster(self.path).ingest(
                *sources,
                gazetteer=gazetteer,
                recognizer=recognizer,
                prune=prune,
                retry=retry,
                progress=progress,
                format=format,
                columns=columns,
                dates=dates,
            )
        given = make_reading(format=format, columns=columns, dates=dates)
        files = find_sources(sources)
        if retry and "-" in files:
            raise OptionError("what came on standard input cannot be retried: give it anew")
        names = told(gazetteer, recognizer)
        with self._rehearsal() if dry_run else self._stores(log=True) as stores:
            return ingest(
                stores[0],
                files,
                told=names,
                prune=prune,
                retry=retry,
                progress=progress,
                processes=0 if dry_run else processes,
                reading=given,
            )

    @contextmanager
    def _rehearsal(self) -> Iterator[tuple[Rehearsal]]:
        from .ingest.dry_run import Rehearsal

        with closing(Rehearsal(self.path)) as rehearsal:
            yield (rehearsal,)

    def runs(self, *, limit: int = 20) -> tuple[IngestRun, ...]:
        """Return what the latest ingests did, the latest first. Raises ArchiveError."""
        check_count("limit", limit)
        return self._ask(_runs, limit)

    def problems(self, *, run: int | None = None) -> tuple[IngestProblem, ...]:
        """Return what could not be read completely: the problems that remain, or those of a run.

        Raises OptionError if there is no such run, and ArchiveError.
        """
        return self._ask(_problems, run)

    def reindex(
        self,
        *,
        gazetteer: GazetteerFiles = None,
        recognizer: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> ReindexReport:
        """Recognize names in all articles again, from stored text, with new names and corrections.

        `gazetteer` and `recognizer` are those of `ingest`. Articles whose entities change are
        written, a batch at a time; if it is interrupted, another call continues. `progress` is
        called with the articles read and the articles to read.

        Raises GazetteerError, RecognizerError, and ArchiveError for an archive that cannot be read
        or written.
        """
        from .entities.recognition_settings import told
        from .ingest.reindex import reindex

        names = told(gazetteer, recognizer)
        self._answer(lambda _: None)  # the archive must exist
        with self._stores(log=True) as stores:
            return reindex(stores, names, progress=progress)

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with the archive, one line each; nothing if it is sound.

        Each line says what to do. Everything is read and nothing is written, but the archive must
        be open for writing. Raises ArchiveError.
        """
        from .doctor.repair import find

        self._check_writable()
        if self._cluster is None:
            return tuple(map(str, find(self.path)))
        return tuple(f"{path.name}: {each}" for path in self._paths for each in find(path))

    def repair(self) -> RepairReport:
        """Repair what can be rebuilt from what the archive holds, and report what is left.

        Indexes, words, postings and copies are made again from the text, wrong mentions are
        recognized again, corrections are applied, and rows that belong to nothing are removed. Each
        step is a transaction: one that is interrupted makes nothing worse, and another call
        continues. Raises ArchiveError, for a cluster too.
        """
        from .doctor.repair import repair

        self._check_writable()
        if self._cluster is not None:
            raise ArchiveError(
                f"{self.path}: a shard is mended for itself, by `syriasearch --db SHARD doctor "
                "--repair`; `syriasearch cluster merge` then brings all together"
            )
        return repair(self.path)

    def optimize(self) -> None:
        """Rewrite the postings, and the whole file without gaps, so that searches read less.

        Raises ArchiveError.
        """
        self._answer(lambda _: None)  # the archive must exist
        with self._stores(log=False) as stores:
            for store in stores:
                store.optimize()


def _runs(source: Source, limit: int) -> tuple[IngestRun, ...]:
    from .store.ingest_runs import read_runs

    with opened(source) as collection:
        return read_runs(collection.connections, limit)


def _problems(source: Source, run: int | None) -> tuple[IngestProblem, ...]:
    from .store.ingest_runs import read_problems

    with opened(source) as collection:
        return read_problems(collection.connections, run)
