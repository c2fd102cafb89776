"""Faults of the program itself, as opposed to invalid input.

A reader reports a defect of a file as a problem of that file. Any other exception is a fault: of
this package, of a package that it needs, or of their installation. It is reported in one line that
names a file with the traceback, and never as a problem of the file that was being read.
"""

from __future__ import annotations

import platform
import re
import sqlite3
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from . import InternalError, OptionError, SyriaSearchError

PACKAGE = Path(__file__).parent.parent
EXTRAS = {
    "boto3": "boto3>=1.34",
    "datasette": "datasette>=0.65.1",
    "pypdf": "pypdf[crypto]>=5.1",
    "ray": "ray>=2.52",
    "spacy": "spacy>=3.7",
    "tomli": "tomli>=2.0",
}
"""The requirement to install for each optional module."""
SUBJECTS = 20
"""Maximum number of documents that the report lists for each kind of fault."""
_INSTALLED = tuple(
    Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
_REQUIREMENT = re.compile(r"([\w.-]+)\s*>=\s*([\d.]+)")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class Fault:
    """An unexpected exception, as data that one process can send to another."""

    error: str
    """The exception, on one line of at most 200 characters: `KeyError: 'title'`."""
    place: str
    """The innermost line of this package in the traceback: `readers/fields.py, line 12`."""
    traceback: str
    """The formatted traceback."""
    is_installation: bool
    """Whether a package is missing or broken, so that nothing else can succeed either."""

    @classmethod
    def of(cls, error: BaseException) -> Fault:
        """Return an exception as a fault."""
        own = [
            f"{Path(frame.filename).relative_to(PACKAGE).as_posix()}, line {frame.lineno}"
            for frame in traceback.extract_tb(error.__traceback__)
            if _is_own(frame)
        ]
        line = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        whole = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        return cls(line, own[-1] if own else "", whole, is_installation(error))

    @property
    def kind(self) -> tuple[str, str]:
        """The exception's class and place, which identify occurrences of the same fault."""
        return self.error.partition(":")[0], self.place


def _is_own(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(PACKAGE)


def is_installation(error: BaseException | None) -> bool:
    """Return whether an exception means that a package, or a file of one, is missing or broken.

    That is so if it, or an exception that caused it, is an ImportError, was raised while a module
    was imported, or names a file of an installed package.
    """
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        last = max((index for index, frame in enumerate(frames) if _is_own(frame)), default=0)
        if isinstance(error, ImportError) or any(map(_imports, frames[last + 1 :])):
            return True
        if isinstance(error, OSError) and isinstance(error.filename, str):
            path = Path(error.filename)
            if any(path.is_relative_to(folder) for folder in (PACKAGE, *_INSTALLED)):
                return True
        error = error.__cause__
    return False


def _imports(frame: traceback.FrameSummary) -> bool:
    return frame.name == "<module>" or frame.filename.startswith("<frozen importlib")


def unmet() -> Iterator[str]:
    """Yield the requirements of the package that are not installed, or only in an older version."""
    try:
        from importlib.metadata import requires, version  # a tenth of what a search imports

        required = requires("syriasearch") or []
    except (ImportError, OSError):
        return  # nothing is known of it
    for requirement in required:
        found = _REQUIREMENT.fullmatch(requirement)
        if found is None:
            continue  # an extra, or not for every Python
        installed: str | None = None
        with suppress(ImportError):
            # The version is None if the package's metadata is broken.
            installed = version(found[1])
        if installed is None or _numbers(installed) < _numbers(found[2]):
            yield requirement


def check_requirements() -> None:
    """Raise InternalError if a required package is missing or too old."""
    missing = [*unmet()]
    if missing:
        raise InternalError(
            f"a package that syriasearch needs is missing or too old: {_remedy(missing)}"
        )


def _remedy(missing: list[str]) -> str:
    return " ".join(["pip install", *(f"'{each}'" for each in missing)])


def _numbers(text: str) -> list[int]:
    found = _NUMBERS.match(text)
    return [int(each) for each in found[0].split(".")] if found else []


class FaultLog:
    """A log of faults, by kind, each with the documents that were being read."""

    def __init__(self) -> None:
        self._faults: dict[tuple[str, str], tuple[Fault, list[str]]] = {}

    def __len__(self) -> int:
        return sum(len(subjects) for _, subjects in self._faults.values())

    def note(self, fault: Fault, subject: str = "") -> int:
        """Add a fault; return the number of its occurrences, or 0 if other kinds occurred too."""
        _, subjects = self._faults.setdefault(fault.kind, (fault, []))
        subjects.append(subject)
        return len(subjects) if len(self._faults) == 1 else 0

    def error(self, consequence: str = "") -> InternalError:
        """Write the tracebacks into a file; return an error that names the file in one line."""
        missing = [*unmet()]
        text = "\n".join(self._report(missing))
        report = _write(text)
        where = f"the traceback is in {report}" if report else "its traceback cannot be written"
        first = next(iter(self._faults.values()))[0]
        fault = next((each for each, _ in self._faults.values() if each.is_installation), first)
        if fault.is_installation or missing:
            remedy = _remedy(missing) if missing else "install it again"
            message = f"a package that syriasearch needs is missing or broken ({fault.error}): "
            message += f"{remedy}; {where}"
        else:
            message = f"a fault in syriasearch ({fault.error} in {fault.place}): report it; {where}"
        return InternalError(message + consequence, report, text if report is None else "")

    def _report(self, missing: list[str]) -> Iterator[str]:
        own = sys.modules["syriasearch"]
        yield f"syriasearch {getattr(own, '__version__', '')} in {PACKAGE}"
        yield f"Python {sys.version} on {platform.platform()}, SQLite {sqlite3.sqlite_version}"
        yield from (f"required, and not installed: {each}" for each in missing)
        for fault, subjects in self._faults.values():
            yield ""
            yield from (f"while reading {subject}" for subject in subjects[:SUBJECTS] if subject)
            yield fault.traceback


def _write(text: str) -> str | None:
    """Write a report to a new file readable by its owner only; return its path, None on failure."""
    try:
        from tempfile import mkstemp

        number, path = mkstemp(prefix="syriasearch-fault-", suffix=".txt")
    except (ImportError, OSError):
        return None
    try:
        with open(number, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
            file.write(text)
    except OSError:
        Path(path).unlink()
        return None
    return path


def import_extra(module: str, purpose: str, error: type[SyriaSearchError] = OptionError) -> Any:
    """Import and return an optional module, one of EXTRAS.

    Raises `error`, with `purpose` and the package to install, if the module is not installed. A
    broken module raises ImportError as usual.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        raise error(f"{purpose}: pip install '{EXTRAS[module]}'") from missing
