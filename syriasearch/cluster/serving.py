"""The replicas of a cluster's shards: started, stopped, found, and watched for failures."""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
import time
import uuid
import warnings
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from .configuration import Configuration
from .ray_connection import NAMESPACE, PLACED
from .shard_files import check_files
from .shard_server import MAX_CALLS, Reply, ShardServer

STARTED_S = 60.0
"""How long replicas may take to start, in seconds."""
PAUSE_S = 0.1
"""The time between two attempts to find a replica that has failed, in seconds."""


class Replica(NamedTuple):
    """One of the processes that hold a shard open."""

    shard: str
    """The name of the shard."""
    number: int


def _digest(path: Path) -> str:
    return hashlib.blake2b(os.fsencode(path.resolve()), digest_size=8).hexdigest()


def replica_name(configuration: Configuration, shard: int, replica: int) -> str:
    """Return the name of a replica in the Ray cluster."""
    file = configuration.shards[shard].path
    return f"{_digest(configuration.path)}/{_digest(file)}/{replica}"


def _all_replicas(configuration: Configuration) -> dict[Replica, str]:
    """Return the names of all replicas that the cluster's file asks for."""
    return {
        Replica(name, number): replica_name(configuration, shard, number)
        for shard, name in enumerate(configuration.names)
        for number in range(configuration.replicas)
    }


def start(ray: Any, configuration: Configuration) -> None:
    """Start an actor for each replica that has none, on machines in turn.

    Those that the file does not name any more are stopped when the others have started. Raises
    ArchiveError for shards that cannot be read or are not consistent.
    """
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    check_files(configuration.shards)
    nodes = sorted(node["NodeID"] for node in ray.nodes() if node["Alive"])
    names = _all_replicas(configuration)
    started = {}
    files = {each.name: (shard, each) for shard, each in enumerate(configuration.shards)}
    for replica, name in names.items():
        shard, file = files[replica.shard]
        node = nodes[(shard + replica.number) % len(nodes)]
        # If that machine is gone, another will do.
        place = NodeAffinitySchedulingStrategy(node, soft=True)
        actor = (
            ray.remote(ShardServer)
            .options(
                name=name,
                namespace=NAMESPACE,
                lifetime="detached",
                get_if_exists=True,
                num_cpus=0,
                memory=PLACED,
                max_concurrency=MAX_CALLS,
                max_restarts=-1,
                # The client knows how much time is left.
                max_task_retries=0,
                scheduling_strategy=place,
            )
            .remote(file.name, str(file.path))
        )
        started[actor.ready.remote()] = file.name
    ready, waiting = ray.wait([*started], num_returns=len(started), timeout=STARTED_S)
    problems = {started[ref]: f"no answer in {STARTED_S:g} s" for ref in waiting}
    for ref in ready:
        try:
            ray.get(ref)
        except ray.exceptions.RayError as error:
            lines = str(error).strip().splitlines() or [repr(error)]
            problems[started[ref]] = lines[-1][:200]
    if problems:
        listed = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
        warnings.warn(
            f"not every replica has started ({listed}): `syriasearch cluster status` tells more",
            stacklevel=3,
        )
    _kill(ray, _running(ray, configuration) - set(names.values()))


def stop(ray: Any, configuration: Configuration) -> int:
    """Stop all replicas; return how many there were."""
    return _kill(ray, _running(ray, configuration))


def _running(ray: Any, configuration: Configuration) -> set[str]:
    """Return the names of all replicas of a cluster, including those it no longer asks for."""
    prefix = f"{_digest(configuration.path)}/"
    actors = ray.util.list_named_actors(all_namespaces=True)
    return {
        actor["name"]
        for actor in actors
        if actor["namespace"] == NAMESPACE and actor["name"].startswith(prefix)
    }


def _kill(ray: Any, names: Collection[str]) -> int:
    killed = 0
    for name in names:
        with suppress(ValueError):
            ray.kill(ray.get_actor(name, namespace=NAMESPACE))
            killed += 1
    return killed


class Replicas:
    """The replicas that answer, as this process knows. Safe to share between threads.

    One that has failed is not asked again before it has been found and has answered a probe.
    """

    def __init__(self, ray: Any, configuration: Configuration) -> None:
        self.ray = ray
        self.id = uuid.uuid4().hex
        """The name of this client."""
        self._names = _all_replicas(configuration)
        self._actors: dict[Replica, Any] = {}
        """The replicas that answer, as handles of Ray."""
        self._away_since = dict.fromkeys(configuration.names, time.monotonic())
        """When each shard had a replica last, for those that have none."""
        self._probes: dict[Replica, tuple[Any, Any] | None] = dict.fromkeys(self._names)
        """The handle of each replica that does not answer, and a call that it has not answered."""
        self._probed_at = 0.0
        self._turns = itertools.count()
        self._lock = threading.Lock()

    def wait_for_all(self, seconds: float) -> bool:
        """Wait until all replicas that have been started answer; return whether any does."""
        self.probe()
        probes = [each[1] for each in self._probes.values() if each is not None]
        if probes:
            self.ray.wait(probes, num_returns=len(probes), timeout=seconds)
            self.probe()
        return bool(self._actors)

    def of(self, shard: str) -> list[tuple[Replica, Any]]:
        """Return the replicas of a shard that answer, with their handles, each first in turn."""
        if self._probes and time.monotonic() - self._probed_at > PAUSE_S:
            self.probe()
        with self._lock:
            found = sorted(
                (each for each in self._actors.items() if each[0].shard == shard),
                key=lambda each: each[0],
            )
        turn = next(self._turns) % len(found) if found else 0
        return found[turn:] + found[:turn]

    def gone_s(self, shard: str) -> float:
        """Return for how long a shard has had no replica that answers."""
        since = self._away_since.get(shard)
        return 0.0 if since is None else time.monotonic() - since

    def failed(self, replica: Replica) -> None:
        """Do not ask a replica again before it has answered a probe."""
        with self._lock:
            if self._actors.pop(replica, None) is not None:
                self._probes[replica] = None
                if not any(each.shard == replica.shard for each in self._actors):
                    self._away_since[replica.shard] = time.monotonic()

    def replies(self, refs: Mapping[int, Any], seconds: float) -> dict[int, Reply]:
        """Return the replies that come within a number of seconds."""
        until = time.monotonic() + seconds
        try:
            values = self.ray.get([*refs.values()], timeout=seconds)
            return dict(zip(refs, values, strict=True))
        except self.ray.exceptions.RayError:
            replies = {}
            # Some have failed: the others have the rest of the time.
            left_s = max(until - time.monotonic(), 0)
            self.ray.wait([*refs.values()], num_returns=len(refs), timeout=left_s)
            for index, ref in refs.items():
                with suppress(self.ray.exceptions.RayError):
                    replies[index] = self.ray.get(ref, timeout=0)
            return replies

    def probe(self) -> None:
        """Look for the replicas that do not answer, without waiting for them."""
        with self._lock:
            self._probed_at = time.monotonic()
            for replica, probe in [*self._probes.items()]:
                if probe is None:
                    with suppress(ValueError):
                        actor = self.ray.get_actor(self._names[replica], namespace=NAMESPACE)
                        self._probes[replica] = actor, actor.ready.remote()
                elif self.ray.wait([probe[1]], timeout=0)[0]:
                    self._probes[replica] = None
                    with suppress(self.ray.exceptions.RayError):
                        self.ray.get(probe[1])
                        self._actors[replica] = probe[0]
                        del self._probes[replica]
                        self._away_since.pop(replica.shard, None)
