"""Marks in texts of services: what they write at the end of a text, or in its place."""

from __future__ import annotations

from ...text.patterns import regex

_CUT = regex(r"\[\+?\s?(\d[\d,.]* char(?:acter)?s?)\]\s*$")
_LONGEST = 60
"""The maximum length of the mark of a text that is cut."""
_NOT_FREE = regex(r"\s*ONLY AVAILABLE IN [A-Z ]{3,40} PLANS?\s*")


def without_cut_mark(text: str) -> tuple[str, str]:
    """Return a text without the mark that it is cut, and how much of it is missing.

    >>> without_cut_mark("They said that talks would… [+1234 chars]")
    ('They said that talks would…', '1234 chars')
    """
    mark = _CUT.search(text, max(0, len(text) - _LONGEST))
    return (text[: mark.start()].rstrip(), mark[1]) if mark else (text, "")


def is_removed(text: str | None) -> bool:
    """Return whether a text or title says that the article was removed, as in NewsAPI."""
    return text is not None and text.strip().casefold() == "[removed]"


def is_not_free(text: str) -> bool:
    """Return whether a text says that the article must be paid for."""
    return _NOT_FREE.fullmatch(text) is not None


def quoted_passage(note: object) -> str | None:
    """Return the passage that a citation quotes in its note, None for another note.

    >>> quoted_passage("“The road is open.”")
    'The road is open.'
    """
    if isinstance(note, str) and note.startswith("“") and note.endswith("”"):
        return note[1:-1]
    return None
