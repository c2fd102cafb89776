"""Status of a cluster: what its shards hold, which machines there are, and who answers."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from .. import __version__
from ..errors import ArchiveError
from ..index.reader import open_index
from ..store.sqlite_errors import translate_errors
from .configuration import LOCAL, Configuration, ShardFile
from .ray_connection import NAMESPACE, connected, insecurity
from .serving import replica_name
from .shard_files import check_files, opened

CLOCK_S = 2.0
"""The difference of clocks, in seconds, above which it is reported."""
ANSWERED_S = 10.0
"""How long a machine has to answer, in seconds; a process is started there."""


@dataclass(frozen=True, slots=True)
class ShardStatus:
    """What a shard of a cluster holds."""

    name: str
    articles: int
    paragraphs: int
    size: int
    """The size of its file, in bytes."""
    problem: str | None = None
    """Why it cannot be read."""


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """A machine of the cluster."""

    id: str
    address: str
    problem: str | None
    """Why it cannot be used."""


@dataclass(frozen=True, slots=True)
class ReplicaStatus:
    """A process that answers for a shard, or should."""

    shard: str
    replica: int
    node: str | None
    """The address of its machine, None if it does not answer."""
    pid: int | None
    size: int | None
    """The size of the shard's file there, in bytes; None if there is none."""

    @property
    def answers(self) -> bool:
        """Whether it can be asked."""
        return self.node is not None and self.size is not None


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """The status of a cluster."""

    address: str
    shards: tuple[ShardStatus, ...]
    nodes: tuple[NodeStatus, ...] = ()
    replicas: tuple[ReplicaStatus, ...] = ()
    problem: str | None = None
    """Why the shards cannot be searched together, although each can be read."""
    warning: str | None = None
    """Why others may use the cluster."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The shards that cannot be read, or that nobody answers for."""
        answering = {each.shard for each in self.replicas if each.answers}
        silent = {each.shard for each in self.replicas} - answering
        return tuple(e.name for e in self.shards if e.problem or e.name in silent)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "missing": list(self.missing)}


def describe_node() -> tuple[str, float]:
    """Return the version of the package on a machine, and its time. A task."""
    return __version__, time.time()


def read_status(configuration: Configuration) -> ClusterStatus:
    """Read the files of the shards, and ask all machines and replicas.

    Raises ArchiveError if the Ray cluster cannot be reached.
    """
    shards = tuple(map(_shard, configuration.shards))
    problem = None
    if not any(each.problem for each in shards):
        try:
            check_files(configuration.shards)
        except ArchiveError as error:
            problem = str(error)
    found = ClusterStatus(configuration.address, shards, problem=problem)
    if configuration.address == LOCAL:
        return found
    with connected(configuration.address, warns=False) as ray:
        return _asked(ray, configuration, found)


def _shard(shard: ShardFile) -> ShardStatus:
    try:
        with opened([shard]) as (there,), translate_errors(str(shard.path)):
            (paragraphs,) = there.connection.execute("SELECT count(*) FROM paragraphs").fetchone()
            articles = open_index(there.connection).total
        return ShardStatus(shard.name, articles, paragraphs, shard.path.stat().st_size)
    except (ArchiveError, OSError) as error:
        return ShardStatus(shard.name, 0, 0, 0, str(error))


def _asked(ray: Any, configuration: Configuration, found: ClusterStatus) -> ClusterStatus:
    """Ask all machines and replicas at the same time."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    nodes = {node["NodeID"]: node for node in ray.nodes()}
    describe = ray.remote(describe_node)
    asked = {}
    for key, node in nodes.items():
        if node["Alive"]:
            there = NodeAffinitySchedulingStrategy(key, soft=False)
            task = describe.options(num_cpus=0, max_retries=0, scheduling_strategy=there)
            asked[key] = task.remote()
    replicas = tuple(_replicas(ray, configuration, nodes))
    if asked:
        ray.wait(list(asked.values()), num_returns=len(asked), timeout=ANSWERED_S)
    machines = (
        NodeStatus(key, node["NodeManagerAddress"], _problem(ray, asked.get(key)))
        for key, node in nodes.items()
    )
    return replace(found, nodes=tuple(machines), replicas=replicas, warning=insecurity(ray))


def _problem(ray: Any, ref: Any) -> str | None:
    if ref is None:
        return "has gone"
    try:
        version, at = ray.get(ref, timeout=0)
    except ray.exceptions.GetTimeoutError:
        return f"has not answered in {ANSWERED_S:g} s"
    except ray.exceptions.RayError as error:
        if "No module named" in str(error):
            return "lacks the package: install it there"
        return f"cannot be used: {(str(error).splitlines() or [''])[0][:200]}"
    if version != __version__:
        return f"has version {version} of the package, and not {__version__}: install the same"
    off = at - time.time()
    # It has answered between then and now.
    if off > CLOCK_S or off < -CLOCK_S - ANSWERED_S:
        return f"has a clock that is off by {off:.0f} s: set it, for days to come are told by it"
    return None


def _replicas(ray: Any, configuration: Configuration, nodes: dict[str, Any]) -> list[ReplicaStatus]:
    asked: list[tuple[str, int, Any]] = []
    for shard, name in enumerate(configuration.names):
        for replica in range(configuration.replicas):
            try:
                actor = ray.get_actor(replica_name(configuration, shard, replica), NAMESPACE)
                asked.append((name, replica, actor.describe.remote()))
            except ValueError:
                asked.append((name, replica, None))
    refs = [ref for *_, ref in asked if ref is not None]
    if refs:
        ray.wait(refs, num_returns=len(refs), timeout=configuration.timeout_s)
    found = []
    for name, replica, ref in asked:
        answer: dict[str, Any] = {}
        with suppress(ray.exceptions.RayError):
            answer = ray.get(ref, timeout=0) if ref is not None else {}
        node = nodes.get(answer.get("node", ""), {}).get("NodeManagerAddress")
        found.append(ReplicaStatus(name, replica, node, answer.get("pid"), answer.get("size")))
    return found
