"""What the readers of press databases have in common: labels of fields, and how a part is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ...text.word_lists import read_word_lists
from .base import Problem

_SPACES = re.compile(r"[\s\xa0]+")
BLANK_LINE = re.compile(r"\n[ \t]*\n")


@cache
def labels(database: str) -> dict[str, str]:
    """Return the field of each label of a database, as `label_key` writes labels."""
    lists = read_word_lists(Path(__file__).parent / "data" / "press_labels.txt")
    fields: dict[str, str] = {}
    for name, names in lists.items():
        of, _, field = name.partition(" ")
        if of == database:
            for label in names:
                fields.setdefault(label_key(label), field)
    return fields


def label_key(label: str) -> str:
    """Return a label in lower case without spaces, which some exports lose."""
    return _SPACES.sub("", label).casefold()


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def paragraphs(blocks: Iterable[str]) -> str:
    """Return the text of an article."""
    return "\n\n".join(filter(None, map(one_line, blocks)))


def without_text(number: int, anchor: str) -> Problem:
    """Return the problem of an article of which an export holds no more than the title."""
    return Problem(f"article {number} has no text: it may have to be downloaded", anchor)


def summary_note(number: int, anchor: str) -> Problem:
    """Return the note for an article of which only a summary is there."""
    return Problem(
        f"article {number} has no text, only a summary: that was taken", anchor, lost=False
    )
