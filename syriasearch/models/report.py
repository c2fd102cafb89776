"""What has a run done that writes an archive?"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

_PARTICULAR = re.compile(r"""(?<!\w)(['"]).*?\1(?!\w)""")
_SOME = re.compile(r"…(?:, …)+(?: and \d[\d,]* more)?|… and \d[\d,]* more")
_NUMBER = re.compile(r"\d[\d,.-]*")


@dataclass(frozen=True, slots=True)
class IngestProblem:
    """What a run could not read, or could not understand."""

    path: str
    message: str
    lost: bool
    """Whether an article is missing because of it; else it lacks only a part."""

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.path}: {self.message}"

    @property
    def kind(self) -> str:
        """What the message says, but for names, numbers and what is quoted."""
        return _NUMBER.sub("N", _SOME.sub("…", _PARTICULAR.sub("…", self.message)))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class IngestRun:
    """What the archive keeps of a run; times are in UTC."""

    id: int
    started_at: str
    finished_at: str | None
    """None where it was interrupted, or has not ended yet."""
    sources: tuple[str, ...]
    """As they were named."""
    program: str
    added: int
    updated: int
    unchanged: int
    removed: int
    failed: int

    @property
    def took_s(self) -> float | None:
        """How long it took, None where it has not finished."""
        if self.finished_at is None:
            return None
        began, ended = map(datetime.fromisoformat, (self.started_at, self.finished_at))
        return (ended - began).total_seconds()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "took_s": self.took_s}


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a run has done."""

    added: int
    updated: int
    unchanged: int
    removed: int
    failed: int
    problems: tuple[IngestProblem, ...]
    skipped: dict[str, int]
    """How many files were passed over, by ending, as nothing reads it; and links to folders."""
    took_s: float
    fault: str | None = None
    """Which fault of the program some documents met, and where its traceback is: a line."""


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair has done: lines, each of what was or is wrong."""

    mended: tuple[str, ...]
    left: tuple[str, ...]
    """Each with what to do."""


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What recognizing all articles anew has done."""

    read: int
    """How many articles were read."""
    changed: int
    """In how many of them other names are found than before."""
    took_s: float
