"""Versions of an article: is a document one of the article that is stored under its number?"""

from __future__ import annotations

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


def is_version(document: Document, stored: StoredArticle) -> bool:
    """Return whether a document looks like a version of a stored article.

    Versions have the same address, or half of the shorter text in common. The title tells too where
    the number is an id, or the texts are too short to tell. What cannot be compared is a version: a
    text that is still to be extracted, as of pages in web archives, or that is stored elsewhere.
    """
    if stored.text is None or document.pending or (document.url and document.url == stored.url):
        return True
    has_title = bool(document.title) and terms(document.title or "") == terms(stored.title)
    if has_title and not document.positional:
        return True
    one, other = (_sequences(text) for text in (document.text[:_HEAD], stored.text))
    fewer = min(len(one), len(other))
    return len(one & other) >= max(1, MIN_SHARED * fewer) or (has_title and fewer < MIN_SEQUENCES)


def _sequences(text: str) -> set[tuple[str, ...]]:
    words = terms(text)
    return set(zip(*(words[start:] for start in range(WIDTH)), strict=False)) or {tuple(words)}
