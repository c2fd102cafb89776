"""Whose turn is it to work?

Threads of Python take turns anyway, but change in the midst of what each does: one that has asked
SQLite for a row waits up to five milliseconds until another lets it go on, for each row. So they
work one after the other, and rest while they wait for others.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_S = 0.05
"""Who has waited so long for one that works goes on beside it."""


class Turns:
    """Lets threads work one after the other, where none of them takes long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextmanager
    def work(self) -> Iterator[Turn]:
        """Work when it is one's turn, or has been waited for long enough."""
        turn = Turn(self._lock)
        turn.take()
        try:
            yield turn
        finally:
            turn.give()


class Turn:
    """The turn of one thread."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._has = False

    def take(self) -> None:
        """Wait for one's turn."""
        self._has = self._has or self._lock.acquire(timeout=LONGEST_S)

    def give(self) -> None:
        """Let others work."""
        if self._has:
            self._has = False
            self._lock.release()
