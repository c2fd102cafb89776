"""What has a run done that writes an archive?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IngestProblem:
    """What a run could not read, or could not understand."""

    path: str
    message: str
    lost: bool
    """Whether an article is missing because of it; else it lacks only a part."""


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
