"""How do several archives answer as one?

A file describes which archives are the shards of a cluster (`configuration`), and where an article
goes (`placing`); `belonging` tells whether they are shards of one. They are opened in this process
(`local`), and the words of all of them are looked up together (`vocabulary`); or processes on many
machines hold them open (`serving`), which are reached through Ray (`ray_cluster`).
"""

from .belonging import check_together
from .configuration import Configuration, ShardFile
from .local import LocalShards

__all__ = ["Configuration", "LocalShards", "ShardFile", "check_together"]
