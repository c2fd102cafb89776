"""How are the shares of a search asked, those of all archives at the same time?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Call(NamedTuple):
    """Something that a share is asked: what, and with what."""

    method: str
    arguments: tuple[Any, ...] = ()


def call(method: str, *arguments: Any) -> Call:
    """Return what asks for something."""
    return Call(method, arguments)


class Shares(ABC):
    """The shares of a search, one of each archive; they are known by their places."""

    def __init__(self, number: int) -> None:
        self.number = number

    @abstractmethod
    def ask(self, calls: Mapping[int, Sequence[Call]]) -> dict[int, list[Any]]:
        """Ask some shares, each one thing after the other; return what each answers, in order."""

    def all(self, *calls: Call) -> list[list[Any]]:
        """Ask all shares the same; return for each call what all of them answer."""
        answers = self.ask(dict.fromkeys(range(self.number), calls))
        return [[answers[place][at] for place in range(self.number)] for at in range(len(calls))]

    def each(self, method: str, *arguments: Any) -> list[Any]:
        """Ask all shares one thing; return what each answers."""
        (answers,) = self.all(call(method, *arguments))
        return answers

    def one(self, place: int, method: str, *arguments: Any) -> Any:
        """Ask one share one thing."""
        return self.ask({place: (call(method, *arguments),)})[place][0]
