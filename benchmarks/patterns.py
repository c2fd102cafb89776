"""Does any pattern of the package run away, whatever its input is?

    python benchmarks/patterns.py [NAME …] [--length CHARACTERS]

Each regular expression of the package gets inputs that are made of itself: an example of what it
begins with, then each of its repeated parts again and again, with an end that fits nothing. CPU
time is measured, in a process of its own that is ended at a ceiling. A pattern that takes
quadratic time needs minutes for an input of the length, any other a few milliseconds. Lines are
printed for what reaches the ceiling; the exit status is 1 if there are any.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import pkgutil
import re
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from syriasearch.text.patterns import LazyPattern

if sys.version_info >= (3, 11):
    from re import _constants as codes
    from re import _parser as parsing
else:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import sre_constants as codes
        import sre_parse as parsing

LENGTH = 200_000
CEILING = 2
"""The number of seconds of CPU time that an input may take: a thousand times what it needs."""
SEARCHES = ("search", "sub", "subn", "finditer", "findall", "split")
PIECES = (
    "a",
    "A",
    "1",
    "ا",
    " ",
    "\n",
    "\t",
    "a ",
    "a\n",
    " \n",
    "<",
    "<a",
    "\\",
    '"',
    ".",
    "-",
    "[",
)
"""Pieces that every pattern gets besides its own."""
PAIRED = 12
"""The number of repeated parts that are tried in pairs."""
BOUNDED = {
    # the words before a name: 20 to 50 characters
    "syriasearch.entities.arabic.homographs._PREVIOUS": 50,
    "syriasearch.entities.event_dates._BEFORE": 50,
    "syriasearch.entities.namesakes.arabic._PREVIOUS": 50,
    "syriasearch.entities.namesakes.name_words._WORD": 50,
    "syriasearch.entities.namesakes.surnames._TITLE": 50,
    "syriasearch.entities.rules.capitalized._TAIL": 50,
    "syriasearch.entities.rules.repeats._NAME_BEFORE": 50,
    "syriasearch.entities.rules.repeats:": 50,
    "syriasearch.entities.rules.rule_finder._IN_ADDRESS": 50,
    # lines, of a length that their modules limit
    "syriasearch.ingest.blocks.bylines": 2000,
    "syriasearch.ingest.blocks.cleaning._site_lines": 600,
    "syriasearch.ingest.blocks.date_lines": 200,
    # files of the package itself
    "syriasearch.doctor.check_rows._CHECK": 10_000,
    "syriasearch.store.schema": 10_000,
}
"""The number of characters that patterns with such names get at most."""
_NOTHING = "\x07"


class Use(NamedTuple):
    """A pattern, and the method with which it is used."""

    name: str
    pattern: re.Pattern[str] | re.Pattern[bytes]
    method: str


def uses() -> Iterator[Use]:
    """Yield all patterns of the package with their methods, each once."""
    import syriasearch

    seen = set()
    for module in pkgutil.walk_packages(syriasearch.__path__, "syriasearch."):
        if module.name.endswith("__main__"):
            continue
        try:
            found = importlib.import_module(module.name)
        except ImportError:
            continue  # of an extra that is not installed
        for use in (*_of_objects(found), *_of_calls(found)):
            key = (use.pattern.pattern, use.pattern.flags, use.method)
            if key not in seen:
                seen.add(key)
                yield use


def _of_objects(module: Any) -> Iterator[Use]:
    """Yield the patterns that are values of a module, or are returned by its cached functions."""
    methods = _methods(module)
    for name, value in vars(module).items():
        if hasattr(value, "cache_info"):
            returned = getattr(value, "__annotations__", {}).get("return", "")
            if "Pattern" not in str(returned) or value.__wrapped__.__code__.co_argcount:
                continue
            value = value()
        for pattern in _patterns(value):
            for method in methods.get(name, {"search"}):
                yield Use(f"{module.__name__}.{name}", pattern, method)


def _of_calls(module: Any) -> Iterator[Use]:
    """Yield the patterns that are constants in calls such as `re.sub(r"…", …)`."""
    for node in ast.walk(_tree(module)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in (*SEARCHES, "match", "fullmatch")
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str | bytes)
        ):
            flags = re.MULTILINE if "MULTILINE" in ast.dump(node) else 0
            pattern = re.compile(node.args[0].value, flags)
            yield Use(f"{module.__name__}:{node.lineno}", pattern, node.func.attr)


def _tree(module: Any) -> ast.AST:
    return ast.parse(Path(module.__file__).read_text("utf-8"))


def _methods(module: Any) -> dict[str, set[str]]:
    """Return the methods with which names of a module are used, where all uses are such calls."""
    calls: dict[str, set[str]] = {}
    other: set[str] = set()
    within: set[int] = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Attribute):
            # A pattern, what a function returns, or one of a table.
            of = node.value
            of = of.func if isinstance(of, ast.Call) else of
            of = of.value if isinstance(of, ast.Subscript) else of
            of = of.func if isinstance(of, ast.Call) else of
            if isinstance(of, ast.Name):
                within.add(id(of))
                if node.attr in (*SEARCHES, "match", "fullmatch"):
                    calls.setdefault(of.id, set()).add(node.attr)
        elif (
            isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in within
        ):
            other.add(node.id)
    return {
        name: {"search" if method in SEARCHES else method for method in methods}
        for name, methods in calls.items()
        if name not in other
    }


def _patterns(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, LazyPattern):
        yield value.compile()
    elif depth > 3 or isinstance(value, type):
        return
    elif isinstance(value, dict):
        for each in (*value, *value.values()):
            yield from _patterns(each, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _patterns(each, depth + 1)
    elif type(value).__module__.startswith("syriasearch"):
        for each in getattr(value, "__dict__", {}).values():
            yield from _patterns(each, depth + 1)
        for slot in getattr(type(value), "__slots__", ()):
            yield from _patterns(getattr(value, slot, None), depth + 1)


def inputs(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Yield inputs of a length that may be the worst for a pattern."""
    text = pattern.pattern
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    units: dict[tuple[str, str], None] = {}
    whole = _walk(parsing.parse(text, pattern.flags & ~re.DEBUG), "", units)
    pieces = {unit: None for _, unit in units if unit}
    for piece in (*pieces, *PIECES):
        yield piece * (length // len(piece))
        yield piece * (length // len(piece)) + _NOTHING
    for before, unit in units:
        if unit:
            repeated = unit * (length // len(unit))
            yield before + repeated
            yield before + repeated + _NOTHING
        if before:
            yield before * (length // len(before)) + _NOTHING
    paired = list(pieces)[:PAIRED]
    for one in paired:
        for other in paired:
            if one != other:
                pair = one + other
                yield pair * (length // len(pair)) + _NOTHING
    if whole:
        yield whole * (length // len(whole))


def _walk(parsed: Any, before: str, units: dict[tuple[str, str], None]) -> str:
    """Return an example of a parsed pattern, and collect its repeated parts."""
    example = ""
    for code, argument in parsed:
        example += _example(code, argument, before + example, units)
    return example


def _example(code: Any, argument: Any, before: str, units: dict[tuple[str, str], None]) -> str:
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT) or code is getattr(
        codes, "POSSESSIVE_REPEAT", None
    ):
        least, most, inner = argument
        example = _walk(inner, before, units)
        if most > 8:
            for unit in (example, *_alternatives(inner)):
                units[before[-200:], unit] = None
        return example * min(max(least, 1), 50)
    if code is codes.SUBPATTERN:
        return _walk(argument[3], before, units)
    if code is getattr(codes, "ATOMIC_GROUP", None):
        return _walk(argument, before, units)
    if code is codes.BRANCH:
        first, *_ = [_walk(branch, before, units) for branch in argument[1]]
        return first
    if code is codes.ASSERT and argument[0] > 0:
        _walk(argument[1], before, units)
        return ""
    return _letter(code, argument)


def _alternatives(parsed: Any) -> Iterator[str]:
    """Yield other examples of what is repeated: each branch, each member of a set."""
    if len(parsed) == 1:
        code, argument = parsed[0]
        if code is codes.IN:
            yield from (_member(each, each_argument) for each, each_argument in argument)
        elif code is codes.BRANCH:
            yield from (_walk(branch, "", {}) for branch in argument[1])
        elif code is codes.SUBPATTERN:
            yield from _alternatives(argument[3])


def _letter(code: Any, argument: Any) -> str:
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if code is codes.ANY:
        return "a"
    if code is codes.IN:
        if argument and argument[0][0] is codes.NEGATE:
            whole = re.compile("[^" + "".join(_member_source(*each) for each in argument[1:]) + "]")
            return next((each for each in "a1 \n<.\"'-ا" if whole.match(each)), "")
        return _member(*argument[0])
    return ""


_CATEGORIES = {
    "CATEGORY_DIGIT": ("1", r"\d"),
    "CATEGORY_NOT_DIGIT": ("a", r"\D"),
    "CATEGORY_SPACE": (" ", r"\s"),
    "CATEGORY_NOT_SPACE": ("a", r"\S"),
    "CATEGORY_WORD": ("a", r"\w"),
    "CATEGORY_NOT_WORD": (" ", r"\W"),
}


def _member(code: Any, argument: Any) -> str:
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.RANGE:
        return chr(argument[0])
    if code is codes.CATEGORY:
        return _CATEGORIES[str(argument)][0]
    return ""


def _member_source(code: Any, argument: Any) -> str:
    if code is codes.LITERAL:
        return re.escape(chr(argument))
    if code is codes.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    return _CATEGORIES[str(argument)][1]


def runaways(
    patterns: Iterable[Use], length: int = LENGTH, ceiling: int = CEILING
) -> Iterator[tuple[Use, str]]:
    """Yield the patterns that reach the ceiling, and the first input that lets them."""
    for use in patterns:
        most = min(
            (most for name, most in BOUNDED.items() if use.name.startswith(name)), default=length
        )
        text = _first_over(use, min(length, most), ceiling)
        if text is not None:
            yield use, text


def _first_over(use: Use, length: int, ceiling: int) -> str | None:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        run = _runner(use)
        for text in inputs(use.pattern, length):
            os.write(write, f"{text[:60]!r} … {text[-20:]!r}\n".encode())
            signal.setitimer(signal.ITIMER_PROF, ceiling)
            run(text)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        last = pipe.read().rstrip("\n").rpartition("\n")[2]
    _, status = os.waitpid(child, 0)
    return last if status else None


def _runner(use: Use) -> Callable[[str], object]:
    is_bytes = isinstance(use.pattern.pattern, bytes)
    pattern: Any = use.pattern

    def run(text: str) -> None:
        given: Any = text.encode("utf-8") if is_bytes else text
        if use.method in ("match", "fullmatch"):
            getattr(pattern, use.method)(given)
        else:
            for _ in pattern.finditer(given):
                pass

    return run


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("name", nargs="*")
    parser.add_argument("--length", type=int, default=LENGTH)
    parser.add_argument("--ceiling", type=int, default=CEILING)
    options = parser.parse_args()
    wrong = count = 0
    for use in uses():
        if options.name and not any(each in use.name for each in options.name):
            continue
        count += 1
        for _, text in runaways([use], options.length, options.ceiling):
            wrong += 1
            print(f"{use.name} {use.method}: {use.pattern.pattern[:100]!r}\n    {text}", flush=True)
    print(f"{count} patterns, {wrong} run away")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
