"""How are shards held open on many machines, and asked in time?

A process for each replica of each shard, named after the cluster file. Ray starts it anew, on
another machine where its own has gone. What is asked is plain: a method's name and its arguments;
what comes back are the package's own dataclasses, made there from what SQLite answered.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from .._version import __version__
from ..archive import Archive
from ..errors import ArchiveError, OptionError, SyriaSearchError
from .configuration import Configuration
from .ray_cluster import NAMESPACE, PLACED

THREADS = 8
"""So many questions a replica answers at a time."""
HEDGE = 0.25
"""After this part of the time that there is, another replica is asked too."""
PAUSE_S = 0.02
"""So long is waited before what has just failed is asked again."""
_NOT_ASKED = {"close"}


class Outcome(NamedTuple):
    """What a shard has answered: a value, or the error of the package that it raised."""

    value: Any = None
    error: SyriaSearchError | None = None


Opener = Callable[[Path], Any]
"""Opens what answers for a shard; a function of a module."""


def open_archive(path: Path) -> Archive:
    """Open a shard to be read, and read what all searches read."""
    archive = Archive(path, readonly=True)
    archive.search("a", limit=1, passages=0)
    return archive


class ShardServer:
    """A shard that is held open. An actor."""

    def __init__(self, path: str, opener: Opener = open_archive) -> None:
        self._path = Path(path)
        self._opener = opener
        self._opened: Any = None
        # What stands in the way is told to who asks.
        with suppress(SyriaSearchError):
            self._opened = opener(self._path)

    def call(self, method: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Outcome:
        """Ask the shard something; what the package raises comes back as a value."""
        try:
            if self._opened is None:
                # Twice at the same time does no harm.
                self._opened = self._opener(self._path)
            if method.startswith("_") or method in _NOT_ASKED:
                raise OptionError(f"a shard is not asked to {method}")
            asked = getattr(self._opened, method, None)
            if not callable(asked):
                raise OptionError(f"a shard cannot {method}")
            return Outcome(asked(*arguments, **options))
        except SyriaSearchError as error:
            return Outcome(error=error)

    def describe(self) -> dict[str, Any]:
        """Return where this runs, and what of it can be told without a question."""
        import ray

        return {
            "node": ray.get_runtime_context().get_node_id(),
            "pid": os.getpid(),
            "version": __version__,
            "size": self._path.stat().st_size if self._path.exists() else None,
        }


def replica_name(configuration: Configuration, shard: int, replica: int) -> str:
    """Return what a replica of a shard is known by in the cluster."""
    place = os.fsencode(configuration.path.resolve())
    cluster = hashlib.blake2b(place, digest_size=8).hexdigest()
    return f"{cluster}/{shard}/{replica}"


def start(ray: Any, configuration: Configuration, opener: Opener = open_archive) -> None:
    """Start a process for each replica of each shard that has none, on machines in turn."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    nodes = sorted(node["NodeID"] for node in ray.nodes() if node["Alive"])
    for shard, file in enumerate(configuration.shards):
        for replica in range(configuration.replicas):
            # Gently: where that machine has gone, another will do.
            place = NodeAffinitySchedulingStrategy(nodes[(shard + replica) % len(nodes)], soft=True)
            ray.remote(ShardServer).options(
                name=replica_name(configuration, shard, replica),
                namespace=NAMESPACE,
                lifetime="detached",
                get_if_exists=True,
                num_cpus=0,
                memory=PLACED,
                max_concurrency=THREADS,
                max_restarts=-1,
                # Who asks knows how long there is time, and which other replica to ask.
                max_task_retries=0,
                scheduling_strategy=place,
            ).remote(str(file.path), opener)


def stop(ray: Any, configuration: Configuration) -> int:
    """End the processes of all replicas; return how many there were."""
    ended = 0
    for shard in range(len(configuration.shards)):
        for replica in range(configuration.replicas):
            with suppress(ValueError):
                ray.kill(_found(ray, configuration, shard, replica))
                ended += 1
    return ended


def _found(ray: Any, configuration: Configuration, shard: int, replica: int) -> Any:
    return ray.get_actor(replica_name(configuration, shard, replica), namespace=NAMESPACE)


class Answers(NamedTuple):
    """What shards have answered."""

    values: Mapping[int, Any]
    missing: tuple[int, ...]
    """The shards that have not answered in time."""


class Shards:
    """The shards of a cluster, to be asked. Safe to share between threads."""

    def __init__(self, ray: Any, configuration: Configuration) -> None:
        self._ray = ray
        self._configuration = configuration
        self._replicas: dict[tuple[int, int], Any] = {}
        self._turn = 0

    def ask(
        self,
        method: str,
        *arguments: Any,
        shards: Iterable[int] | None = None,
        timeout_s: float | None = None,
        **options: Any,
    ) -> Answers:
        """Ask shards the same, all where None are named, at the same time.

        Raises the error of the package that a shard raises; a shard that has not answered in time,
        by any of its replicas, is missing.
        """
        each = range(len(self._configuration.shards)) if shards is None else shards
        return self.ask_each(dict.fromkeys(each, (method, arguments, options)), timeout_s)

    def ask_each(
        self,
        calls: Mapping[int, tuple[str, tuple[Any, ...], dict[str, Any]]],
        timeout_s: float | None = None,
    ) -> Answers:
        """Ask each of some shards something of its own: a method, arguments and options."""
        seconds = self._configuration.timeout_s if timeout_s is None else timeout_s
        self._turn += 1
        asked = {shard: _Question(self, shard, call, self._turn) for shard, call in calls.items()}
        values: dict[int, Any] = {}
        now = time.monotonic()
        deadline, hedge = now + seconds, now + seconds * HEDGE
        while len(values) < len(asked) and now < deadline:
            waiting = {shard: each for shard, each in asked.items() if shard not in values}
            for each in waiting.values():
                each.keep_asked(now, late=now >= hedge)
            refs = {ref: shard for shard, each in waiting.items() for ref in each.refs}
            until = min(
                (hedge if now < hedge else deadline), *(e.next_at for e in waiting.values())
            )
            for ref in self._wait(list(refs), max(until - now, 0.001)):
                outcome = asked[refs[ref]].take(ref)
                if outcome is None:
                    continue
                if outcome.error is not None:
                    raise outcome.error
                values[refs[ref]] = outcome.value
            now = time.monotonic()
        return Answers(values, tuple(shard for shard in asked if shard not in values))

    def _wait(self, refs: list[Any], seconds: float) -> list[Any]:
        if not refs:
            time.sleep(min(seconds, PAUSE_S))
            return []
        ready, _ = self._ray.wait(refs, num_returns=1, timeout=seconds)
        done: list[Any] = ready
        return done

    def send(self, shard: int, replica: int, call: tuple[str, tuple[Any, ...], Any]) -> Any:
        """Ask a replica; return the reference to its outcome, None where there is none."""
        key = (shard, replica)
        try:
            if key not in self._replicas:
                self._replicas[key] = _found(self._ray, self._configuration, shard, replica)
            return self._replicas[key].call.remote(*call)
        except (ValueError, self._ray.exceptions.RayError):
            self._replicas.pop(key, None)
            return None

    def outcome(self, ref: Any) -> Outcome | None:
        """Return what a replica has answered, None where it could not.

        Raises ArchiveError for what should not have happened.
        """
        try:
            answered: Outcome = self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as error:
            raise ArchiveError(f"a shard cannot answer ({error.cause!r}): report it") from error
        except self._ray.exceptions.RayError:
            return None
        return answered

    def forget(self, shard: int, replica: int) -> None:
        """Look for a replica anew when it is asked next."""
        self._replicas.pop((shard, replica), None)

    @property
    def replicas(self) -> int:
        """How many replicas each shard has."""
        return self._configuration.replicas


class _Question:
    """What one shard is asked, by one replica or another."""

    def __init__(self, shards: Shards, shard: int, call: Any, turn: int) -> None:
        self.refs: dict[Any, int] = {}
        """Which replica is to answer each."""
        self.next_at = float("inf")
        """When it is asked again, where nobody is being asked."""
        self._shards = shards
        self._shard = shard
        self._call = call
        self._replica = turn
        self._hedged = False

    def keep_asked(self, now: float, *, late: bool) -> None:
        """Ask a replica if none is being asked, and another where the first is late."""
        hedges = late and not self._hedged and self._shards.replicas > 1
        self._hedged = self._hedged or hedges
        if (self.refs or (self.next_at != float("inf") and now < self.next_at)) and not hedges:
            return
        self._replica = (self._replica + 1) % self._shards.replicas
        ref = self._shards.send(self._shard, self._replica, self._call)
        self.next_at = float("inf") if ref is not None else now + PAUSE_S
        if ref is not None:
            self.refs[ref] = self._replica

    def take(self, ref: Any) -> Outcome | None:
        """Take what a replica has answered; where it could not, another is asked soon."""
        replica = self.refs.pop(ref)
        outcome = self._shards.outcome(ref)
        if outcome is None:
            self._shards.forget(self._shard, replica)
        if outcome is None and not self.refs:
            # At once where there is another.
            self.next_at = time.monotonic() + (PAUSE_S if self._shards.replicas == 1 else 0.001)
        return outcome
