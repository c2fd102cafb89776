"""How does what processes of a cluster tell each other become bytes?

By pickle, which takes its time for frozen dataclasses, field by field in Python: a hit has some
dozens of them. Here each is packed as its class and its fields, at once.
"""

from __future__ import annotations

import copyreg
import pickle
from dataclasses import fields
from operator import attrgetter
from typing import Any

from ..models.article import Article, Snippet
from ..models.entity import Entity
from ..models.page import Hit, Passage, ScorePart
from ..search.query.request import SearchRequest


def _register(kind: type) -> None:
    read = attrgetter(*(each.name for each in fields(kind)))

    def reduce(value: Any) -> tuple[type, tuple[Any, ...]]:
        return kind, read(value)

    copyreg.pickle(kind, reduce)


for _kind in (Article, Entity, Hit, Passage, ScorePart, Snippet, SearchRequest):
    _register(_kind)


def pack(message: Any) -> bytes:
    """Return a message as bytes."""
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def unpack(packed: bytes) -> Any:
    """Return the message of some bytes, which are from one who has the key."""
    return pickle.loads(packed)
