"""How long does a query wait that asks all shards, by their number, their replicas and the load?

Queries come by chance (Poisson). Each asks one replica of every shard, the one with least to do,
and is answered when the slowest shard has answered. A replica does one thing at a time, in order.
With a second request (hedging), a shard that has not answered after a delay is asked at another
replica too, and the first answer counts.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

Draw = Callable[[], float]
"""How long a shard works on one query, each time anew."""
Queries = Callable[[Random], Draw]
"""Makes a query: what it costs is alike on all shards."""

_ARRIVES, _WAITED, _DONE = range(3)
WARM_UP = 0.1
"""Such a share of the queries, the first, is not counted."""


@dataclass(frozen=True)
class Setting:
    """How a query is asked."""

    shards: int
    replicas: int = 1
    rate: float = 1.0
    """Queries that come in a unit of time."""
    hedge: float | None = None
    """After so long another replica is asked, too; None for never."""
    withdrawn: bool = True
    """Whether a request that waits is given up when another replica has answered."""


@dataclass(frozen=True)
class Outcome:
    """What became of queries."""

    latencies: np.ndarray  # type: ignore[type-arg]
    requests: int
    """How many were worked on, of all shards."""
    busy: float
    """Which share of the time a replica worked, on average."""

    def quantile(self, share: float) -> float:
        """Return the least time in which such a share of the queries was answered."""
        return float(np.quantile(self.latencies, share, method="inverted_cdf"))

    def within(self, limit: float) -> float:
        """Return which share of the queries was answered in time."""
        return float((self.latencies <= limit).mean())


class _Cluster:
    """Replicas and what waits for them."""

    def __init__(self, setting: Setting, random: Random) -> None:
        self.setting = setting
        self.random = random
        shards, replicas = setting.shards, setting.replicas
        self.waiting = [[deque[int]() for _ in range(replicas)] for _ in range(shards)]
        self.load = [[0] * replicas for _ in range(shards)]
        self.events: list[tuple[float, int, int, int, int, int]] = []
        self.draws: list[Draw] = []
        self.answered: set[tuple[int, int]] = set()
        self.requests = 0
        self.worked = 0.0
        self._number = 0

    def push(self, when: float, what: int, query: int, shard: int = 0, replica: int = 0) -> None:
        self._number += 1
        heapq.heappush(self.events, (when, self._number, what, query, shard, replica))

    def send(self, now: float, query: int, shard: int, without: int = -1) -> int:
        """Ask the replica of a shard that has least to do; return which."""
        load = self.load[shard]
        least = min(each for at, each in enumerate(load) if at != without)
        idle = [at for at, each in enumerate(load) if each == least and at != without]
        replica = idle[0] if len(idle) == 1 else self.random.choice(idle)
        load[replica] += 1
        if load[replica] == 1:
            self._start(now, query, shard, replica)
        else:
            self.waiting[shard][replica].append(query)
        return replica

    def next(self, now: float, shard: int, replica: int) -> None:
        """Let a replica that is done go on with what waits."""
        load, queue = self.load[shard], self.waiting[shard][replica]
        load[replica] -= 1
        while queue:
            query = queue.popleft()
            if self.setting.withdrawn and (query, shard) in self.answered:
                load[replica] -= 1
                continue
            self._start(now, query, shard, replica)
            return

    def _start(self, now: float, query: int, shard: int, replica: int) -> None:
        took = self.draws[query]()
        self.requests += 1
        self.worked += took
        self.push(now + took, _DONE, query, shard, replica)


def simulate(queries: Queries, setting: Setting, *, number: int = 2000, seed: int = 1) -> Outcome:
    """Let so many queries come, and see how long each waits."""
    random = Random(seed)
    cluster = _Cluster(setting, random)
    arrived: list[float] = []
    now = 0.0
    for query in range(number):
        now += random.expovariate(setting.rate)
        arrived.append(now)
        cluster.draws.append(queries(random))
        cluster.push(now, _ARRIVES, query)
    left = [setting.shards] * number
    took = np.zeros(number)
    hedged = setting.hedge is not None and setting.replicas > 1
    while cluster.events:
        now, _, what, query, shard, replica = heapq.heappop(cluster.events)
        if what == _ARRIVES:
            for each in range(setting.shards):
                first = cluster.send(now, query, each)
                if hedged:
                    assert setting.hedge is not None
                    cluster.push(now + setting.hedge, _WAITED, query, each, first)
        elif what == _WAITED:
            if (query, shard) not in cluster.answered:
                cluster.send(now, query, shard, without=replica)
        else:
            if (query, shard) not in cluster.answered:
                cluster.answered.add((query, shard))
                left[query] -= 1
                if not left[query]:
                    took[query] = now - arrived[query]
            cluster.next(now, shard, replica)
    replicas = setting.shards * setting.replicas
    return Outcome(took[int(number * WARM_UP) :], cluster.requests, cluster.worked / now / replicas)


def empirical(
    times: Sequence[tuple[float, Sequence[Sequence[float]]]],
    *,
    stall: tuple[float, float] = (0.0, 0.0),
) -> Queries:
    """Return queries that cost what was measured.

    `times` are the kinds: how often each is asked, and of each of its queries the times measured;
    a query of chance is chosen for all shards, and one of its times for each. `stall` is how likely
    a replica pauses in a request, and how long.
    """
    weights = [weight for weight, _ in times]
    likely, pause = stall

    def make(random: Random) -> Draw:
        ((_, kind),) = random.choices(times, weights)
        measured = random.choice(kind)

        def draw() -> float:
            return random.choice(measured) + (pause if random.random() < likely else 0.0)

        return draw

    return make


def mean(times: Sequence[tuple[float, Sequence[Sequence[float]]]]) -> float:
    """Return what a query of such kinds costs a shard on average."""
    total = sum(weight for weight, _ in times)
    return (
        sum(weight * float(np.mean([np.mean(each) for each in kind])) for weight, kind in times)
        / total
    )
