"""The part of Ray that filling a cluster uses, in this process: calls are made at once, in order.

An actor may end at any call, before or after it; another is then started and asked again.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


class Ref:
    """A reference to what a call has returned."""

    def __init__(self, value: Any) -> None:
        self.value = value


class GoneError(Exception):
    """The process of a task has ended."""


class FakeRay:
    """The module `ray`."""

    def __init__(self, dies: Callable[[], bool] = lambda: False) -> None:
        """`dies` returns whether an actor ends now."""
        self.dies = dies
        self.exceptions = SimpleNamespace(
            RayError=GoneError, RayTaskError=type("RayTaskError", (GoneError,), {})
        )

    def nodes(self) -> list[Any]:
        return []

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 2.0}

    def put(self, value: Any) -> Ref:
        return Ref(value)

    def get(self, refs: Any) -> Any:
        if isinstance(refs, list):
            return [self.get(each) for each in refs]
        if isinstance(refs.value, GoneError):
            raise refs.value
        return refs.value

    def kill(self, actor: Any) -> None:
        actor.end()

    def remote(self, made: Any) -> Any:
        return _ActorClass(self, made) if inspect.isclass(made) else _Task(made, 1)


class _Task:
    def __init__(self, function: Callable[..., Any], returns: int) -> None:
        self._function, self._returns = function, returns

    def options(self, num_returns: int = 1, **_: Any) -> _Task:
        return _Task(self._function, num_returns)

    def remote(self, *arguments: Any) -> Any:
        given = [each.value if isinstance(each, Ref) else each for each in arguments]
        try:
            value = self._function(*given)
        except GoneError as gone:
            value = gone
        if self._returns == 1:
            return Ref(value)
        return [
            Ref(value if isinstance(value, GoneError) else value[number])
            for number in range(self._returns)
        ]


class _ActorClass:
    def __init__(self, ray: FakeRay, kind: type) -> None:
        self._ray, self._kind = ray, kind

    def options(self, **_: Any) -> _ActorClass:
        return self

    def remote(self, *arguments: Any) -> _Actor:
        return _Actor(self._ray, lambda: self._kind(*arguments))


class _Actor:
    def __init__(self, ray: FakeRay, make: Callable[[], Any]) -> None:
        self._ray, self._make, self._made = ray, make, make()

    def end(self) -> None:
        """End the process, which closes what it has open."""
        self._made.close()

    def restart(self) -> None:
        """End the process, and start another."""
        self.end()
        self._made = self._make()

    def __getattr__(self, name: str) -> _Task:
        def call(*arguments: Any) -> Any:
            if self._ray.dies():
                self.restart()
            value = getattr(self._made, name)(*arguments)
            if self._ray.dies():
                self.restart()
                value = getattr(self._made, name)(*arguments)
            return value

        return _Task(call, 1)
