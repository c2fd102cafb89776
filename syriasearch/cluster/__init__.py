"""How do several archives answer as one?

A file describes which archives are the shards of a cluster (`configuration`); they are opened in
this process (`local`), and the words of all of them are looked up together (`vocabulary`).
"""

from .configuration import Configuration, ShardFile, read_configuration, write_configuration
from .local import Cluster, check_together

__all__ = [
    "Cluster",
    "Configuration",
    "ShardFile",
    "check_together",
    "read_configuration",
    "write_configuration",
]
