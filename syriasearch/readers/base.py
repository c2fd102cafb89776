"""What does a reader get, and what does it hand over?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MAX_ARTICLE_BYTES = 32 * 1024 * 1024
"""No article is larger: a longer file or line is a problem, not a flood of memory."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read."""

    path: Path
    """Where it lies."""
    name: str
    """Its path under the folder that is ingested, with `/`."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article as its file has it: nothing of it is checked or made up."""

    text: str
    markup: str = "plain"
    """plain or markdown."""
    title: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    date: str | None = None
    """As it is written."""
    lang: str | None = None
    anchor: str | None = None
    """What names it in a file of many: its id, or else its line number."""

    def content_hash(self) -> str:
        """Return what changes when anything but the place of the document changes."""
        fields = [self.text, self.markup, self.title, self.author, self.source, self.url]
        content = json.dumps([*fields, self.date, self.lang])
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, in one line that says what to do."""

    message: str
    anchor: str | None = None
    lost: bool = True
    """Whether an article is missing because of it; else it lacks only a part."""


class Reader(Protocol):
    """Reads the articles of one format."""

    name: str
    suffixes: tuple[str, ...]

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield what a file holds, in order; raises OSError only where it cannot be opened."""
        ...
