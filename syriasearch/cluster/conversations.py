"""How is one question asked of many shards, each of which may fail while it is asked?

Each shard is asked through one of its replicas, which keeps what it has found so far in a session.
Where that one fails, or is late, another is asked all over again what has been asked so far: it
finds the same, if it holds the same articles.
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import SyriaSearchError
from .channels import Channel
from .opening import ChangedShardError
from .packing import pack
from .replicas import Replica, Replicas
from .sessions import Begin, Call, Message, Reply

HEDGE = 0.25
"""After this part of the time that there is, another replica is asked too."""
PAUSE_S = 0.02
"""So long is waited before it is looked again for a replica."""
SENT_S = 2.0
"""What has begun to come or to go takes no longer than this without a pause."""
IDLE_S = 5.0
"""A session that is not asked for so long has ended: its snapshot binds the archive's log."""


class SilentShardsError(Exception):
    """Shards have not answered in time."""

    def __init__(self, shards: Iterable[int], *, working: bool) -> None:
        self.shards = tuple(shards)
        self.working = working
        """Whether they are at work still, as far as is known."""
        super().__init__(self.shards)


class Patience(NamedTuple):
    """How long a conversation may take."""

    seconds: float
    idle_s: float = IDLE_S
    whole: bool = True
    """Whether the seconds are for all of it, and not for each time that something is asked."""


class Conversation:
    """What one question asks of the shards, in one session of each."""

    def __init__(self, replicas: Replicas, shards: Sequence[int], patience: Patience) -> None:
        self.shards = tuple(shards)
        self._patience = patience
        self._deadline = time.monotonic() + patience.seconds
        self._lines = {shard: _Line(replicas, shard, patience) for shard in shards}

    def tokens(self) -> list[bytes]:
        """Return what each shard is known by, as its session sees it."""
        silent = {shard: () for shard, line in self._lines.items() if not line.token}
        if silent:
            self.ask(silent)
        return [line.token for line in self._lines.values()]

    def ask(self, calls: Mapping[int, Sequence[Call]]) -> dict[int, list[Any]]:
        """Ask shards, all at the same time; return what each has answered to each call.

        Raises SilentShardsError, ChangedShardError, and what a shard raises.
        """
        now = time.monotonic()
        if not self._patience.whole:
            self._deadline = now + self._patience.seconds
        hedged_at = now + (self._deadline - now) * HEDGE
        lines = {shard: self._lines[shard] for shard in calls}
        packed = _Packed()
        for shard, some in calls.items():
            lines[shard].ask(some, self._deadline, packed)
        while waiting := [line for line in lines.values() if line.reply is None]:
            now = time.monotonic()
            silent = waiting if now >= self._deadline else [e for e in waiting if e.is_hopeless()]
            if silent:
                working = all(line.works() for line in silent)
                raise SilentShardsError((line.shard for line in silent), working=working)
            until = hedged_at if now < hedged_at else self._deadline
            for line in waiting:
                until = line.keep_asked(now, until, late=now >= hedged_at)
            _take(waiting, until - now)
        return {shard: line.answers() for shard, line in lines.items()}

    def close(self) -> None:
        """Have done; sessions end by themselves, or when their channels are used anew."""
        for line in self._lines.values():
            line.close()


class _Packed:
    """The messages of one moment, as bytes: the same for many shards is packed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], bytes] = {}

    def of(self, message: Message) -> bytes:
        """Return a message as bytes."""
        key = (message.begin, message.answered, *map(id, message.calls))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = pack(message)
        return found


def _take(lines: Sequence[_Line], seconds: float) -> None:
    """Take what is answered first, or nothing within so many seconds."""
    polled = select.poll()
    of = {}
    for line in lines:
        for channel in line.asked:
            of[channel.fileno()] = line, channel
            polled.register(channel, select.POLLIN)
    for file, _ in polled.poll(max(seconds * 1000, 1)):
        line, channel = of[file]
        if line.reply is None:
            line.take(channel)


class _Line:
    """What one shard is asked, by one replica or another."""

    def __init__(self, replicas: Replicas, shard: int, patience: Patience) -> None:
        self.shard = shard
        self.token = b""
        self.reply: Reply | None = None
        self.asked: dict[Channel, Replica] = {}
        """Which replica is to answer through which channel."""
        self._replicas = replicas
        self._patience = patience
        self._calls: list[Call] = []
        """All that has been asked."""
        self._new = 0
        """How much of it has not been answered."""
        self._own: tuple[Channel, Replica] | None = None
        """Where the session is."""
        self._tried: set[Replica] = set()
        self._deadline = 0.0
        self._packed = _Packed()

    def ask(self, calls: Sequence[Call], deadline: float, packed: _Packed) -> None:
        """Ask something more."""
        self._packed = packed
        self._calls += calls
        self._new, self._deadline = len(calls), deadline
        self.reply = None
        self._tried.clear()
        if self._own is None:
            return
        channel, replica = self._own
        self._own = None
        self._tried.add(replica)
        if not self._send(channel, replica, Message(None, calls, len(calls))):
            self._replicas.failed(replica)

    def keep_asked(self, now: float, until: float, *, late: bool) -> float:
        """Ask a replica if none is being asked, and another where the first is late.

        Return when it is to be looked after again.
        """
        if self.asked and not (late and len(self.asked) == 1):
            return until
        for replica in self._replicas.of(self.shard):
            if replica not in self._tried and self._begin(replica, now):
                return until
        if self.asked:
            return until
        # Each has been tried: it may have come back meanwhile.
        self._tried.clear()
        return min(until, now + PAUSE_S)

    def is_hopeless(self) -> bool:
        """Tell whether there has been no replica for longer than one has to answer."""
        return not self.asked and self._replicas.gone_s(self.shard) > self._patience.seconds

    def works(self) -> bool:
        """Tell whether a replica is at work, as far as is known."""
        return bool(self._replicas.of(self.shard))

    def take(self, channel: Channel) -> None:
        """Take what a replica has answered; where it could not, another is asked soon."""
        replica = self.asked.pop(channel)
        try:
            reply = channel.receive(SENT_S)
        except (OSError, EOFError):
            channel.close()
            self._replicas.failed(replica)
            return
        if reply.lost:
            # It has ended, or begun anew: the same replica will do.
            self._tried.discard(replica)
            self._replicas.give_back(replica, channel)
            return
        if reply.late and self.asked:
            self._replicas.give_back(replica, channel)
            return
        for other, late in self.asked.items():
            # It owes an answer; its replica is asked again when it takes a channel.
            other.close()
            self._replicas.failed(late)
        self.asked.clear()
        self._own = channel, replica
        self.reply = reply

    def answers(self) -> list[Any]:
        """Return what has been answered. Raises what the shard has raised."""
        reply = self.reply or Reply()
        if reply.late:
            raise SilentShardsError([self.shard], working=True)
        if reply.error is not None:
            error: SyriaSearchError = reply.error
            raise error
        if self.token and reply.token != self.token:
            raise ChangedShardError(self.shard)
        self.token = reply.token
        return list(reply.values)

    def close(self) -> None:
        """Keep the channel for the next who asks; one that owes an answer is closed.

        So is that of a session which would be there for long.
        """
        if self._own is not None:
            channel, replica = self._own
            self._own = None
            if self._patience.idle_s > IDLE_S:
                channel.close()
            else:
                self._replicas.give_back(replica, channel)
        for channel in self.asked:
            channel.close()
        self.asked.clear()

    def _begin(self, replica: Replica, now: float) -> bool:
        """Ask a replica all that has been asked so far; tell whether it could be sent."""
        self._tried.add(replica)
        # Rounded, so that all shards are told the same: that is packed once.
        works = max(round(self._deadline - now, 2), 0.01) if self._patience.whole else None
        message = Message(Begin(works, self._patience.idle_s), self._calls, self._new)
        used = True
        while used:
            try:
                channel, used = self._replicas.channel(replica)
            except (OSError, EOFError):
                break
            if self._send(channel, replica, message):
                return True
        self._replicas.failed(replica)
        return False

    def _send(self, channel: Channel, replica: Replica, message: Message) -> bool:
        try:
            channel.send_packed(self._packed.of(message), SENT_S)
        except OSError:
            channel.close()
            return False
        self.asked[channel] = replica
        return True
