"""What can a user do with an archive of many shards, where Ray runs them?"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...errors import ArchiveNotFoundError, OptionError
from ..alone import alone
from ..configuration import (
    LOCAL,
    Configuration,
    check_new,
    new_configuration,
    read_configuration,
    write_configuration,
)
from ..ray_cluster import connected, insecurity

if TYPE_CHECKING:
    from ...entities.recognition_settings import GazetteerFiles
    from ...ingest.run import Progress
    from ...models.report import IngestReport
    from .status import ClusterStatus


class Cluster:
    """An archive in shards, told of by a cluster file, and the Ray cluster that runs them.

    `address` is where that is, `host:port` or "local" (this machine, as long as it is asked); None
    for what the file says. Nothing is touched before it is needed, and the file is made by the
    first `ingest`.
    """

    def __init__(self, path: str | os.PathLike[str], *, address: str | None = None) -> None:
        self.path = Path(os.fsdecode(path))
        self._address = address

    def configuration(self) -> Configuration:
        """Return what the cluster file says. Raises ArchiveError."""
        found = read_configuration(self.path)
        return replace(found, address=self._address) if self._address else found

    def ingest(
        self,
        *sources: str | os.PathLike[str],
        shards: int | None = None,
        gazetteer: GazetteerFiles = None,
        recognizer: str | None = None,
        prune: bool = False,
        retry: bool = False,
        progress: Progress | None = None,
        format: str | None = None,
        columns: Mapping[str, str] | None = None,
        dates: Literal["day-first", "month-first"] | None = None,
    ) -> IngestReport:
        """Bring files and folders into the shards, on all machines of the cluster.

        `shards` is how many there are to be, where the cluster file is still to be made; the other
        options are those of `Archive.ingest`, and so are the report and the rows that are stored.
        Where a machine ends meanwhile, others do again what it had not done. Raises what
        `Archive.ingest` raises, and ArchiveError for a cluster that cannot be used.
        """
        from ...entities.recognition_settings import make_options
        from ...ingest.sources import find_sources, make_read_options
        from .ingest import ingest

        given = make_read_options(format=format, columns=columns, dates=dates)
        files = find_sources(sources)
        names = make_options(gazetteer, recognizer)
        self._to_fill(shards)
        with alone(self.path, 0):
            configuration = self._to_fill(shards)
            with self._connected(configuration.address) as ray:
                if not self.path.exists():
                    write_configuration(configuration)
                return ingest(
                    ray,
                    [each.path.absolute() for each in configuration.shards],
                    self.path.absolute().with_suffix(".copies"),
                    files,
                    options=names,
                    prune=prune,
                    retry=retry,
                    progress=progress,
                    reading=given,
                )

    def _to_fill(self, shards: int | None) -> Configuration:
        if self.path.exists():
            configuration = self.configuration()
            if shards is not None and shards != len(configuration.shards):
                raise OptionError(
                    f"{self.path} has {len(configuration.shards)} shards, not {shards}: "
                    "leave their number out, or merge them and split that archive anew"
                )
            gone = [each.name for each in configuration.shards if not each.path.exists()]
            if gone and shards is None:
                raise ArchiveNotFoundError(
                    f"the shard {gone[0]} of {self.path} is not there: bring it back, or have it "
                    f"filled anew with --shards {len(configuration.shards)}"
                )
            return configuration
        configuration = new_configuration(self.path, self._address or LOCAL, shards or 1)
        there = [each.path for each in configuration.shards if os.path.lexists(each.path)]
        if there:
            raise OptionError(
                f"{there[0]} is there already, and {self.path} is not: bring that back, or name "
                "another file"
            )
        return configuration

    def split(self, archive: str | os.PathLike[str], shards: int) -> tuple[str, ...]:
        """Write the articles of an archive into so many shards; return the names of these.

        They stand beside the cluster's file, which is written last. Where it is there already, it
        is changed to name the new shards, and the old ones stay for those who read them still.
        Raises OptionError and ArchiveError.
        """
        from .splits import split

        check_new(self.path, shards)
        with alone(self.path):
            make_options = split(Path(os.fsdecode(archive)), self.path, shards)
        return tuple(each.name for each in make_options.shards)

    def merge(self, archive: str | os.PathLike[str]) -> int:
        """Write all articles into one new archive; return how many there are.

        Of shards that were split from an archive and not written since, it is row for row that one.
        Those that were filled each for itself become one too, and may then be split anew. Raises
        OptionError and ArchiveError.
        """
        from .splits import merge

        self.configuration()
        with alone(self.path):
            return merge(self.path, Path(os.fsdecode(archive)))

    def move(self, name: str, target: str | os.PathLike[str]) -> None:
        """Bring a shard to another place. Its old file stays, for those who read it still.

        Raises OptionError and ArchiveError.
        """
        from .splits import move

        self.configuration()
        with alone(self.path):
            move(self.path, name, Path(os.fsdecode(target)))

    def start(self) -> None:
        """Start what answers for the shards, and stays when this ends.

        Raises ArchiveError, OptionError for a cluster on this machine alone.
        """
        from ..serving import start

        configuration = self._at_an_address()
        with self._connected(configuration.address) as ray:
            start(ray, configuration)

    def stop(self) -> int:
        """End what answers for the shards; return how many processes there were.

        Raises what `start` raises.
        """
        from ..serving import stop

        configuration = self._at_an_address()
        with self._connected(configuration.address) as ray:
            return stop(ray, configuration)

    def _at_an_address(self) -> Configuration:
        configuration = self.configuration()
        if configuration.address == LOCAL:
            raise OptionError(
                f'{self.path} has the address "local", where who asks opens the shards: write the '
                "host:port of a Ray cluster into it to have others hold them"
            )
        return configuration

    def status(self) -> ClusterStatus:
        """Tell what each shard holds, which machines there are, and which shards answer.

        Raises ArchiveError where the Ray cluster cannot be reached.
        """
        from .status import read_status

        return read_status(self.configuration())

    @staticmethod
    @contextmanager
    def _connected(address: str) -> Iterator[Any]:
        with connected(address) as ray:
            warning = insecurity(ray)
            if warning:
                warnings.warn(warning, stacklevel=4)
            yield ray
