"""How does an archive live in shards, on many machines?

It is split into them, merged and moved (`splits`, `unions`), or filled by a Ray cluster (`ingest`
and what it imports); `Cluster` is what a user has in hand.
"""

from .clusters import Cluster
from .status import ClusterStatus, NodeStatus, ReplicaStatus, ShardStatus

__all__ = ["Cluster", "ClusterStatus", "NodeStatus", "ReplicaStatus", "ShardStatus"]
