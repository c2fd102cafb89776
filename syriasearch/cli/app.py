"""The command with all of its subcommands."""

import atexit
import gc
import os

# Nothing here needs the threads that numpy's library starts when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from . import clusters, corrections, entities, mentions
from . import ingest as ingests
from . import saved_searches as saved
from . import search as commands
from . import serve as serving
from .group import main

__all__ = [
    "clusters",
    "commands",
    "corrections",
    "entities",
    "ingests",
    "main",
    "mentions",
    "saved",
    "serving",
]

# At exit everything goes with the process: the collector need not look through it once more.
atexit.register(gc.freeze)
