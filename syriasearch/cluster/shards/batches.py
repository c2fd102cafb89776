"""What is a shard's writer still to be asked, and what has it done?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any


class Batches:
    """What is to be stored in a shard, a batch at a time, in order."""

    def __init__(self) -> None:
        self.parts: list[Any] = []
        self.articles = 0
        self.characters = 0
        self.given = 0
        """How many articles were given to the writer in the whole run."""
        self.calls: deque[tuple[int, Callable[[], Any]]] = deque()
        """What the writer is to be asked, each with how many batches it stores: one, or none."""
        self.asked = 0
        """So many batches are to be stored in the whole run,"""
        self.done = 0
        """and so many are."""
        self.busy: Any = None
        self._storing = 0

    def call(self, make: Callable[[], Any], *, batches: int = 0) -> None:
        """Have the writer asked something, when it has answered what it was asked before."""
        self.calls.append((batches, make))
        self.asked += batches

    def send(self) -> None:
        """Ask the writer what comes next, if it asks nothing now."""
        if self.busy is None and self.calls:
            self._storing, make = self.calls.popleft()
            self.busy = make()

    def answered(self) -> int:
        """Take that the writer has done what it was asked; return how many batches it stored."""
        self.busy = None
        self.done += self._storing
        return self._storing


def later(method: Any, *arguments: Any) -> Callable[[], Any]:
    """Return what makes a call when it is its turn."""
    return lambda: method.remote(*arguments)
