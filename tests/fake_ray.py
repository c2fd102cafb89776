"""What of Ray an ingest uses, in this process: calls are made at once, in order.

An actor may end at any call, before it or behind it, and is then made anew and asked again.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


class Ref:
    """What a call has given back."""

    def __init__(self, value: Any) -> None:
        self.value = value


class GoneError(Exception):
    """The process of a task has ended."""


class FakeRay:
    """Ray, as `ray` is."""

    def __init__(self, dies: Callable[[], bool] = lambda: False) -> None:
        """`dies` tells whether an actor ends now."""
        self.dies = dies
        self.actors: dict[str, _Actor] = {}
        self.exceptions = SimpleNamespace(
            RayError=GoneError, RayTaskError=type("RayTaskError", (GoneError,), {})
        )

    def is_initialized(self) -> bool:
        return True

    def nodes(self) -> list[Any]:
        return []

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 2.0}

    def get_actor(self, name: str) -> _Actor:
        return self.actors[name]

    def put(self, value: Any) -> Ref:
        return Ref(value)

    def get(self, refs: Any) -> Any:
        if isinstance(refs, list):
            return [self.get(each) for each in refs]
        if isinstance(refs.value, GoneError):
            raise refs.value
        return refs.value

    def wait(self, refs: list[Ref], num_returns: int) -> tuple[list[Ref], list[Ref]]:
        return refs[:num_returns], refs[num_returns:]

    def kill(self, actor: Any) -> None:
        actor.end()

    def remote(self, made: Any = None, **_: Any) -> Any:
        if made is None:
            return self.remote
        return _Made(self, made) if inspect.isclass(made) else _Task(self, made, 1)


class _Task:
    def __init__(self, ray: FakeRay, function: Callable[..., Any], returns: int) -> None:
        self._ray, self._function, self._returns = ray, function, returns

    def options(self, num_returns: int = 1, **_: Any) -> _Task:
        return _Task(self._ray, self._function, num_returns)

    def remote(self, *arguments: Any) -> Any:
        given = [each.value if isinstance(each, Ref) else each for each in arguments]
        if inspect.isgeneratorfunction(self._function):
            return map(Ref, self._function(*given))
        try:
            value = self._function(*given)
        except GoneError as gone:
            value = gone
        if self._returns == 1:
            return Ref(value)
        return [
            Ref(value if isinstance(value, GoneError) else value[at]) for at in range(self._returns)
        ]


class _Made:
    def __init__(self, ray: FakeRay, kind: type) -> None:
        self._ray, self._kind, self._name = ray, kind, ""

    def options(self, name: str = "", **_: Any) -> _Made:
        made = _Made(self._ray, self._kind)
        made._name = name
        return made

    def remote(self, *arguments: Any) -> _Actor:
        actor = _Actor(self._ray, lambda: self._kind(*arguments))
        self._ray.actors[self._name] = actor
        return actor


class _Actor:
    def __init__(self, ray: FakeRay, make: Callable[[], Any]) -> None:
        self._ray, self._make, self._made = ray, make, make()

    def end(self) -> None:
        """End the process: what it has open is closed."""
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

        return _Task(self._ray, call, 1)
