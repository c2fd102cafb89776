"""What do so many paragraphs need, on how many shards, and what does that cost at given prices?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from growth import Law

HOUR, GIB = 3600.0, 2.0**30


@dataclass(frozen=True)
class Prices:
    """What is paid, in any currency."""

    processor_hour: float
    disk_month: float
    """For a GiB."""
    memory_month: float
    """For a GiB."""
    hours: float = 730.0
    """In a month."""


@dataclass(frozen=True)
class Service:
    """What is to be served, and how."""

    rate: float
    """Queries a second."""
    replicas: int
    threads: int
    """That search, in each replica of a shard."""
    used: float
    """Which share of a processor may be busy, so that queries need not wait long."""
    cached: float
    """Which share of the files is to stay in memory."""


@dataclass(frozen=True)
class Need:
    """What so many paragraphs need."""

    shards: int
    ingest_hours: float
    """Of processors, writers and what is beside them."""
    writer_hours: float
    """Of the writer of one shard: at least so long takes an ingest on any number of machines."""
    disk: float
    memory: float
    processors: float

    def ingest_price(self, prices: Prices) -> float:
        """Return what filling all shards once costs; replicas are copied."""
        return self.ingest_hours * prices.processor_hour

    def month_price(self, prices: Prices) -> float:
        """Return what serving costs a month."""
        return (
            self.processors * prices.hours * prices.processor_hour
            + self.disk / GIB * prices.disk_month
            + self.memory / GIB * prices.memory_month
        )


def need(
    total: float,
    shard: float,
    laws: Mapping[str, Law],
    query: Mapping[str, float],
    service: Service,
) -> Need:
    """Return what a total of paragraphs needs, on shards of at most so many.

    `query` tells which kinds of queries are asked how often. Each asks every shard, one replica.
    """
    shards = max(1, ceil(total / shard))
    each = total / shards
    often = sum(query.values())
    work = sum(share * laws[kind].at(each) for kind, share in query.items()) / often / 1000
    disk = shards * service.replicas * laws["file"].at(each)
    arrays = shards * service.replicas * service.threads * laws["a thread"].at(each)
    processes = shards * service.replicas * laws["a process"].at(1)
    return Need(
        shards=shards,
        ingest_hours=shards * (laws["writer"].at(each) + laws["beside"].at(each)) / HOUR,
        writer_hours=laws["writer"].at(each) / HOUR,
        disk=disk,
        memory=arrays + processes + disk * service.cached,
        processors=service.rate * shards * work / service.used,
    )
