"""Who answers for the shards of a cluster, and where?

An actor of Ray holds a shard open; Ray starts it, starts it anew elsewhere where its machine ends,
and tells where it is. What it is asked comes through channels of its own: each call by way of Ray
costs a millisecond, and a search of four shards is twelve.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Collection
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import SyriaSearchError
from ..index.reader import open_index
from ..search.collection import snapshot
from .belonging import check_together
from .channels import Listener, Place
from .configuration import Configuration, ShardFile
from .opening import open_shard
from .ray_cluster import NAMESPACE, PLACED
from .replicas import Replica
from .sessions import HeldShard

WARM = 2
"""So many connections a replica opens before it is asked."""
STARTED_S = 60.0
"""So long it is waited for replicas to start."""


class ShardServer:
    """A shard that is held open. An actor."""

    def __init__(self, name: str, path: str) -> None:
        import ray

        held = HeldShard(ShardFile(name, Path(path)))
        # What stands in the way is told to who asks.
        with suppress(SyriaSearchError):
            held.warm(WARM)
        self._path = Path(path)
        host: str = ray.util.get_node_ip_address()  # type: ignore[no-untyped-call]
        self._listener = Listener(host, held.serve)

    def where(self) -> Place:
        """Return where it listens, and the key that who asks has to have."""
        return self._listener.place

    def describe(self) -> dict[str, Any]:
        """Return where this runs, and what of it can be told without a question."""
        import ray

        return {
            "node": ray.get_runtime_context().get_node_id(),
            "pid": os.getpid(),
            "version": __version__,
            "size": self._path.stat().st_size if self._path.exists() else None,
        }


def _digest(path: Path) -> str:
    return hashlib.blake2b(os.fsencode(path.resolve()), digest_size=8).hexdigest()


def replica_name(configuration: Configuration, shard: int, replica: int) -> str:
    """Return what a replica of a shard is known by in the cluster."""
    file = configuration.shards[shard].path
    return f"{_digest(configuration.path)}/{_digest(file)}/{replica}"


def start(ray: Any, configuration: Configuration) -> None:
    """Start a process for each replica of each shard that has none, on machines in turn.

    Those of shards that the file does not name any more are ended when the others are there. Raises
    ArchiveError for shards that cannot be read, or do not belong together.
    """
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    _check(configuration)
    nodes = sorted(node["NodeID"] for node in ray.nodes() if node["Alive"])
    asked = {}
    for shard, file in enumerate(configuration.shards):
        for replica in range(configuration.replicas):
            # Gently: where that machine has gone, another will do.
            place = NodeAffinitySchedulingStrategy(nodes[(shard + replica) % len(nodes)], soft=True)
            actor = (
                ray.remote(ShardServer)
                .options(
                    name=replica_name(configuration, shard, replica),
                    namespace=NAMESPACE,
                    lifetime="detached",
                    get_if_exists=True,
                    num_cpus=0,
                    memory=PLACED,
                    max_restarts=-1,
                    # Who asks knows how long there is time.
                    max_task_retries=0,
                    scheduling_strategy=place,
                )
                .remote(file.name, str(file.path))
            )
            asked[actor.where.remote()] = file.name
    ready, waiting = ray.wait([*asked], num_returns=len(asked), timeout=STARTED_S)
    problems = {asked[ref]: f"no answer in {STARTED_S:g} s" for ref in waiting}
    for ref in ready:
        try:
            ray.get(ref)
        except ray.exceptions.RayError as error:
            lines = str(error).strip().splitlines() or [repr(error)]
            problems[asked[ref]] = lines[-1][:200]
    if problems:
        told = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
        warnings.warn(
            f"not every replica has started ({told}): `syriasearch cluster status` tells more",
            stacklevel=3,
        )
    named = _names(configuration)
    _end(ray, [each for each in _running(ray, configuration) if each not in named])


def _check(configuration: Configuration) -> None:
    """Raise ArchiveError for shards that cannot be read, or do not belong together."""
    with ExitStack() as stack:
        connections = [
            stack.enter_context(closing(open_shard(each).connection))
            for each in configuration.shards
        ]
        stack.enter_context(snapshot(connections))
        articles = [open_index(each).live for each in connections]
        check_together(configuration.shards, connections, articles)


def stop(ray: Any, configuration: Configuration) -> int:
    """End the processes of all replicas; return how many there were."""
    return _end(ray, _running(ray, configuration))


def _names(configuration: Configuration) -> set[str]:
    shards, replicas = range(len(configuration.shards)), range(configuration.replicas)
    return {replica_name(configuration, one, other) for one in shards for other in replicas}


def _running(ray: Any, configuration: Configuration) -> list[str]:
    """Return the names of all that answer for a cluster, or have been made to."""
    beginning = f"{_digest(configuration.path)}/"
    named = ray.util.list_named_actors(all_namespaces=True)
    return [
        each["name"]
        for each in named
        if each["namespace"] == NAMESPACE and each["name"].startswith(beginning)
    ]


def _end(ray: Any, names: Collection[str]) -> int:
    ended = 0
    for name in names:
        with suppress(ValueError):
            ray.kill(ray.get_actor(name, namespace=NAMESPACE))
            ended += 1
    return ended


class RayFinder:
    """Finds by Ray where the replicas of a cluster listen."""

    def __init__(self, ray: Any, configuration: Configuration) -> None:
        self._ray = ray
        self._configuration = configuration

    def find(self, replicas: Collection[Replica], seconds: float) -> dict[Replica, Place]:
        """Return where some replicas listen, those that tell it within so many seconds."""
        asked: dict[Any, Replica] = {}
        for each in replicas:
            name = replica_name(self._configuration, *each)
            with suppress(ValueError):
                actor = self._ray.get_actor(name, namespace=NAMESPACE)
                asked[actor.where.remote()] = each
        if not asked:
            return {}
        ready, _ = self._ray.wait([*asked], num_returns=len(asked), timeout=seconds)
        found: dict[Replica, Place] = {}
        for ref in ready:
            with suppress(self._ray.exceptions.RayError):
                found[asked[ref]] = self._ray.get(ref)
        return found
