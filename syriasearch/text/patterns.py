"""Patterns: regular expressions that are compiled when they are first used.

There are hundreds in the package, of which a search needs a dozen: to compile all of them takes as
long as the search.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any, AnyStr, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


class LazyPattern:
    """A compiled pattern as soon as one of its methods is called."""

    # A slot is read as fast as a method of a compiled pattern, an attribute of __getattr__ is not.
    __slots__ = ("_flags", "pattern", *_METHODS)

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags
        for name in _METHODS:
            setattr(self, name, partial(self._call, name))

    def compile(self) -> re.Pattern[Any]:
        """Return the compiled pattern."""
        return re.compile(self.pattern, self._flags)

    def _call(self, name: str, *arguments: Any, **options: Any) -> Any:
        compiled = self.compile()
        for each in _METHODS:
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)(*arguments, **options)


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern that is compiled when one of its methods is first called."""
    return cast("re.Pattern[AnyStr]", LazyPattern(pattern, flags))
