"""Shared parts of the readers of press databases: labels of fields, texts and problems."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ...text.patterns import regex
from .base import Problem, word_lists

_SPACES = regex(r"[\s\xa0]+")
BLANK_LINE = regex(r"\n[ \t]*\n")


@cache
def labels(database: str) -> dict[str, str]:
    """Return the field of each label of a database, as `label_key` writes labels."""
    fields: dict[str, str] = {}
    for name, names in word_lists("press_labels").items():
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
