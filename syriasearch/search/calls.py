"""Calls to the shares of a search, for all archives at the same time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Call(NamedTuple):
    """A call to a share: the name of a method, and its arguments."""

    method: str
    arguments: tuple[Any, ...] = ()


def call(method: str, *arguments: Any) -> Call:
    """Return a call."""
    return Call(method, arguments)


class ShardSearchers(ABC):
    """The shares of a search, one for each archive, numbered from 0."""

    def __init__(self, number: int) -> None:
        self.number = number

    @abstractmethod
    def ask(self, calls: Mapping[int, Sequence[Call]]) -> dict[int, list[Any]]:
        """Make the calls to each share in order; return the results of each, in order."""

    def all(self, *calls: Call) -> list[list[Any]]:
        """Make the same calls to all shares; return for each call the results of all."""
        answers = self.ask(dict.fromkeys(range(self.number), calls))
        return [[answers[place][at] for place in range(self.number)] for at in range(len(calls))]

    def each(self, method: str, *arguments: Any) -> list[Any]:
        """Make one call to all shares; return the result of each."""
        (answers,) = self.all(call(method, *arguments))
        return answers

    def one(self, place: int, method: str, *arguments: Any) -> Any:
        """Make one call to one share."""
        return self.ask({place: (call(method, *arguments),)})[place][0]
