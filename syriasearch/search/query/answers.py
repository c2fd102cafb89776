"""Answers about words and names that are remembered as long as an archive is not changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Concatenate, ParamSpec, TypeVar

MAX_ANSWERS = 40_000
"""The maximum number of answers that are remembered for a connection: some megabytes."""


P = ParamSpec("P")
Answer = TypeVar("Answer")


def remembered(
    method: Callable[Concatenate[Any, P], Answer],
) -> Callable[Concatenate[Any, P], Answer]:
    """Return a method that remembers, in `self.answers`, what another returns.

    That depends on nothing but the arguments and the archive, and is not changed afterwards. All
    arguments can be keys.
    """
    name = method.__qualname__

    def ask(self: Any, /, *arguments: P.args, **options: P.kwargs) -> Answer:
        answers: dict[Hashable, Any] = self.answers
        key = (name, arguments, *options.items())
        if key not in answers:
            found = method(self, *arguments, **options)
            if len(answers) >= MAX_ANSWERS:
                answers.clear()
            answers[key] = found
            return found
        known: Answer = answers[key]
        return known

    ask.__name__, ask.__doc__ = method.__name__, method.__doc__
    return ask
