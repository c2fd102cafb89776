"""How does an archive live on many machines? In shards, which Ray fills and serves."""

from .cluster import Cluster
from .configuration import Configuration
from .status import ClusterStatus, NodeStatus, ReplicaStatus

__all__ = ["Cluster", "ClusterStatus", "Configuration", "NodeStatus", "ReplicaStatus"]
