"""In which shard does an article stand?"""

from __future__ import annotations

import hashlib


def shard_of(path: str, shards: int) -> int:
    """Return the number of the shard, of so many, that an article of this path belongs to.

    The path under its root alone decides, without the root: the same folder gives the same shards
    on every machine, and an article whose folder has moved is looked for where it stands.
    """
    digest = hashlib.blake2b(path.encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards
