"""Which replicas of shards answer, where, and through which channels?

A replica that fails is not asked again before it has been found and has answered anew: a thread
looks for those that have failed, while the others are asked.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import NamedTuple

from .channels import Channel, Place, connect


class Replica(NamedTuple):
    """One of the processes that answer for a shard."""

    shard: int
    number: int


Find = Callable[[Collection[Replica], float], Mapping[Replica, Place]]
"""Tells where some replicas listen, those that are there, within so many seconds."""

REACHED_S = 1.0
"""So long a replica has to take a channel."""
LOOKED_S = 2.0
"""So long it is looked at a time for those that have failed,"""
PAUSE_S = 0.1
"""and so long it is waited before it is looked again."""


class Replicas:
    """The replicas of a cluster's shards. Safe to share between threads."""

    def __init__(self, find: Find, shards: int, replicas: int) -> None:
        self._find = find
        self._every = frozenset(
            Replica(shard, number) for shard in range(shards) for number in range(replicas)
        )
        self._places: dict[Replica, Place] = {}
        self._free: dict[Replica, list[Channel]] = {each: [] for each in self._every}
        self._gone_since = dict.fromkeys(range(shards), 0.0)
        self._turns = itertools.count()
        self._lock = threading.Lock()
        self._looking = False
        self._closed = threading.Event()

    def open(self, seconds: float) -> bool:
        """Look for all replicas; tell whether there is any."""
        self._found(self._find(self._every, seconds))
        for shard in self._gone_since.keys() - {each.shard for each in self._places}:
            self._gone_since[shard] = time.monotonic()
        if len(self._places) < len(self._every):
            self._look()
        return bool(self._places)

    def close(self) -> None:
        """Close all channels, and look for nothing more."""
        self._closed.set()
        with self._lock:
            self._places.clear()
            for channels in self._free.values():
                while channels:
                    channels.pop().close()

    def of(self, shard: int) -> list[Replica]:
        """Return the replicas of a shard that answer, the one whose turn it is first."""
        with self._lock:
            there = sorted(each for each in self._places if each.shard == shard)
        turn = next(self._turns) % len(there) if there else 0
        return there[turn:] + there[:turn]

    def gone_s(self, shard: int) -> float:
        """Tell for how long a shard has had no replica that answers; 0 where it has one."""
        since = self._gone_since[shard]
        return time.monotonic() - since if since else 0.0

    def channel(self, replica: Replica) -> tuple[Channel, bool]:
        """Return a channel to a replica, and whether it has been used. Raises OSError."""
        with self._lock:
            place, free = self._places.get(replica), self._free[replica]
            if place is not None and free:
                return free.pop(), True
        if place is None:
            raise ConnectionRefusedError(f"{replica} has failed")
        return connect(place, REACHED_S), False

    def give_back(self, replica: Replica, channel: Channel) -> None:
        """Keep a channel that owes no answer for who asks next."""
        with self._lock:
            if replica in self._places:
                self._free[replica].append(channel)
                return
        channel.close()

    def failed(self, replica: Replica) -> None:
        """Do not ask a replica any more before it has been found and has answered anew."""
        with self._lock:
            self._places.pop(replica, None)
            while self._free[replica]:
                self._free[replica].pop().close()
            if not any(each.shard == replica.shard for each in self._places):
                self._gone_since[replica.shard] = time.monotonic()
        self._look()

    def _found(self, places: Mapping[Replica, Place]) -> None:
        """Take up the replicas that have been found, those that take a channel."""
        for replica, place in places.items():
            with suppress(OSError):
                channel = connect(place, REACHED_S)
                with self._lock:
                    if self._closed.is_set():
                        channel.close()
                        return
                    self._places[replica] = place
                    self._free[replica].append(channel)
                    self._gone_since[replica.shard] = 0.0

    def _look(self) -> None:
        """Have a thread look for the replicas that have failed."""
        with self._lock:
            if self._looking or self._closed.is_set():
                return
            self._looking = True
        threading.Thread(target=self._keep_looking, daemon=True).start()

    def _keep_looking(self) -> None:
        while not self._closed.is_set():
            with self._lock:
                gone = self._every - self._places.keys()
                if not gone:
                    self._looking = False
                    return
            with suppress(Exception):  # what it looks with may have gone too
                self._found(self._find(gone, LOOKED_S))
            self._closed.wait(PAUSE_S)
