"""Versions of an article: is a document an edited version of a stored article?"""

from __future__ import annotations

from typing import NamedTuple

from ..store.provenance import StoredArticle
from ..text.tokenize import terms
from .readers import Document

WIDTH = 3
"""The number of words in a sequence of which two versions of a text share some."""
MIN_SHARED = 0.5
"""The share of the shorter version's sequences that are in the longer one."""
MIN_SEQUENCES = 3
"""The minimum number of sequences of a text that tells."""
_HEAD = 20_000
"""The number of characters of a document that are compared."""


class Version(NamedTuple):
    """What tells whether two texts are versions of one article."""

    url: str | None
    title: list[str]
    """The terms of the title."""
    sequences: set[tuple[str, ...]] | None
    """Those of the text; None if it is not at hand.

    It may still have to be extracted, as of pages in web archives, or be stored elsewhere.
    """
    has_id: bool = False
    """Whether it has an id, and not only a number, so that its title tells, too."""


def version_of(document: Document) -> Version:
    """Return what tells of a document."""
    sequences = None if document.pending else _sequences(document.text[:_HEAD])
    title = terms(document.title or "")
    return Version(document.url, title, sequences, not document.positional)


def stored_version(article: StoredArticle) -> Version:
    """Return what tells of a stored article."""
    sequences = None if article.text is None else _sequences(article.text)
    return Version(article.url, terms(article.title), sequences)


def are_versions(new: Version, stored: Version) -> bool:
    """Return whether a document looks like a version of a stored article.

    Versions have the same address, or half of the shorter text in common. The title tells too where
    there is an id, or the texts are too short to tell. What cannot be compared is a version.
    """
    if new.sequences is None or stored.sequences is None or (new.url and new.url == stored.url):
        return True
    has_title = bool(new.title) and new.title == stored.title
    if has_title and new.has_id:
        return True
    fewer = min(len(new.sequences), len(stored.sequences))
    shared = len(new.sequences & stored.sequences)
    return shared >= max(1, MIN_SHARED * fewer) or (has_title and fewer < MIN_SEQUENCES)


def _sequences(text: str) -> set[tuple[str, ...]]:
    words = terms(text)
    return set(zip(*(words[start:] for start in range(WIDTH)), strict=False)) or {tuple(words)}
