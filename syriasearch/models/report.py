"""Reports of runs that write an archive."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from .article import JSON_VERSION, Article

_PARTICULAR = re.compile(r"""(?<!\w)(['"]).*?\1(?!\w)""")
_SOME = re.compile(r"…(?:, …)+(?: and \d[\d,]* more)?|… and \d[\d,]* more")
_NUMBER = re.compile(r"\d[\d,.-]*")


@dataclass(frozen=True, slots=True)
class IngestProblem:
    """Something that a run could not read or understand."""

    path: str
    message: str
    lost: bool
    """Whether an article is missing because of it; otherwise only a part of one is."""

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.path}: {self.message}"

    @property
    def kind(self) -> str:
        """The message without names, numbers and quoted text, to group similar problems."""
        return _NUMBER.sub("N", _SOME.sub("…", _PARTICULAR.sub("…", self.message)))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class IngestRun:
    """The archive's record of a run; times are in UTC, ISO 8601."""

    id: int
    started_at: str
    finished_at: str | None
    """None if it was interrupted, or has not ended yet."""
    sources: tuple[str, ...]
    """The sources as they were named."""
    program: str
    added: int
    updated: int
    unchanged: int
    removed: int
    failed: int

    @property
    def took_s(self) -> float | None:
        """The duration in seconds; None if it has not finished."""
        if self.finished_at is None:
            return None
        began, ended = map(datetime.fromisoformat, (self.started_at, self.finished_at))
        return (ended - began).total_seconds()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "took_s": self.took_s}


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The results of a run."""

    added: int
    updated: int
    unchanged: int
    removed: int
    failed: int
    problems: tuple[IngestProblem, ...]
    skipped: dict[str, int]
    """The number of files that no reader reads, by suffix, and of links to folders."""
    took_s: float
    deleted: int = 0
    """The number of articles that were left out, as they were deleted and have not changed."""
    fault: str | None = None
    """A line about a fault of the program that some documents met, and where its traceback is."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """The articles that were deleted, or restored, together."""

    articles: tuple[Article, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it in JSON version 1."""
        articles = [article.to_dict() for article in self.articles]
        return {"version": JSON_VERSION, "total": len(articles), "articles": articles}


@dataclass(frozen=True, slots=True)
class RepairReport:
    """The results of a repair, one line for each kind of damage."""

    mended: tuple[str, ...]
    left: tuple[str, ...]
    """The damage that is left, each line with what to do about it."""


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """The results of recognizing all articles again."""

    read: int
    """The number of articles that were read."""
    changed: int
    """The number of these in which other names were found than before."""
    took_s: float
