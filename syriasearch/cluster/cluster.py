"""An archive in shards, and the Ray cluster that runs them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import ArchiveNotFoundError, OptionError
from .configuration import (
    LOCAL,
    Configuration,
    check_new,
    new_configuration,
    read_configuration,
    write_configuration,
)
from .ray_connection import connected
from .shard_files import locked

if TYPE_CHECKING:
    from ..archive.backend import Source
    from ..entities.recognition_settings import GazetteerFiles
    from ..ingest.progress import Progress
    from ..models.report import IngestReport
    from .status import ClusterStatus


class Cluster:
    """An archive in shards, described by a cluster file, and the Ray cluster that runs them.

    `address` is that of the Ray cluster, `host:port` or "local" (this machine, for the time of a
    call); None for the one in the file. The file is made by the first `ingest`, and nothing is
    read or written before a method needs it.
    """

    def __init__(self, path: str | os.PathLike[str], *, address: str | None = None) -> None:
        self.path = Path(os.fsdecode(path))
        self._address = address

    def configuration(self) -> Configuration:
        """Return the content of the cluster file. Raises ArchiveError."""
        found = read_configuration(self.path)
        return replace(found, address=self._address) if self._address else found

    def ingest(
        self,
        *sources: Source,
        name: str | None = None,
        shards: int | None = None,
        gazetteer: GazetteerFiles = None,
        recognizer: str | None = None,
        prune: bool = False,
        force: bool = False,
        retry: bool = False,
        restore: bool = False,
        progress: Progress | None = None,
        format: str | None = None,
        columns: Mapping[str, str] | None = None,
        dates: Literal["day-first", "month-first"] | None = None,
    ) -> IngestReport:
        """Ingest files and folders into the shards, on all machines of the cluster.

        `shards` is their number, if the cluster file is still to be made; the other options are
        those of `Archive.ingest`, and so are the report and what is stored; standard input and
        records cannot be shared out. If a machine fails,
        others do again what it had not done. Raises what `Archive.ingest` raises, and ArchiveError
        for a cluster that cannot be used.
        """
        from ..entities.recognition_settings import make_options
        from ..ingest.sources import find_sources, make_read_options
        from .filling.run import ingest

        reading = make_read_options(format=format, columns=columns, dates=dates)
        files = find_sources(sources, name=name)
        options = make_options(gazetteer, recognizer)
        self._configuration_to_fill(shards)
        with locked(self.path, seconds=0):
            configuration = self._configuration_to_fill(shards)
            with connected(configuration.address) as ray:
                if not self.path.exists():
                    write_configuration(configuration)
                return ingest(
                    ray,
                    [shard.path.absolute() for shard in configuration.shards],
                    self.path.absolute().with_suffix(".catalogue"),
                    files,
                    options=options,
                    prune=prune,
                    force=force,
                    retry=retry,
                    restore=restore,
                    progress=progress,
                    reading=reading,
                )

    def _configuration_to_fill(self, shards: int | None) -> Configuration:
        if self.path.exists():
            configuration = self.configuration()
            if shards is not None and shards != len(configuration.shards):
                raise OptionError(
                    f"{self.path} has {len(configuration.shards)} shards, not {shards}: "
                    "leave their number out, or merge them and split that archive anew"
                )
            gone = [shard.name for shard in configuration.shards if not shard.path.exists()]
            if gone and shards is None:
                raise ArchiveNotFoundError(
                    f"the shard {gone[0]} of {self.path} is not there: bring it back, or have it "
                    f"filled anew with --shards {len(configuration.shards)}"
                )
            return configuration
        configuration = new_configuration(self.path, self._address or LOCAL, shards or 1)
        taken = [shard.path for shard in configuration.shards if os.path.lexists(shard.path)]
        if taken:
            raise OptionError(
                f"{taken[0]} is there already, and {self.path} is not: bring that back, or name "
                "another file"
            )
        return configuration

    def split(self, archive: str | os.PathLike[str], shards: int) -> tuple[str, ...]:
        """Write the articles of an archive into a number of shards; return the names of these.

        They are next to the cluster file, which is written last. An existing file is changed to
        name the new shards; the old ones stay, for readers that have them open. Raises OptionError
        and ArchiveError.
        """
        from .split_merge.split import split

        check_new(self.path, shards)
        with locked(self.path):
            return split(Path(os.fsdecode(archive)), self.path, shards).names

    def merge(self, archive: str | os.PathLike[str]) -> int:
        """Write all articles into one new archive; return their number.

        Articles of one cluster keep their ids and slugs. Archives that were filled separately
        become one too, and may then be split again. Raises OptionError and ArchiveError.
        """
        from .split_merge.merge import merge

        self.configuration()
        with locked(self.path):
            return merge(self.path, Path(os.fsdecode(archive)))

    def move(self, name: str, target: str | os.PathLike[str]) -> None:
        """Move a shard. Its old file stays, for readers that have it open.

        Raises OptionError and ArchiveError.
        """
        from .split_merge.split import move

        self.configuration()
        with locked(self.path):
            move(self.path, name, Path(os.fsdecode(target)))

    def start(self) -> None:
        """Start the processes that serve the shards, until `stop`.

        Raises ArchiveError, and OptionError for a cluster on this machine alone.
        """
        from .serving import start

        configuration = self._at_an_address()
        with connected(configuration.address) as ray:
            start(ray, configuration)

    def stop(self) -> int:
        """Stop the processes that serve the shards; return their number.

        Raises what `start` raises.
        """
        from .serving import stop

        configuration = self._at_an_address()
        with connected(configuration.address) as ray:
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
        """Return what each shard holds, which machines there are, and which shards answer.

        Raises ArchiveError if the Ray cluster cannot be reached.
        """
        from .status import read_status

        return read_status(self.configuration())
