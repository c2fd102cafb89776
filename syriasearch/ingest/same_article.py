"""Comparison of a document with the stored article that has its id.

Ids such as 1, 2, 3 are those of any table, and a table from a pipe has no name by which it could be
told from others. So a document is the stored article in another version only if it has something of
it but the id.
"""

from __future__ import annotations

from ..store.provenance import StoredArticle
from ..text.tokenize import terms
from .readers import Document

WIDTH = 3
"""The number of words in a sequence of which texts that are versions of one another share some."""
MIN_SHARED = 0.1
"""The share of the shorter text's sequences that are in the longer one of two versions."""
_HEAD = 20_000
"""The number of characters of a document that are compared."""


def is_same_article(document: Document, stored: StoredArticle) -> bool:
    """Return whether a document is a stored article, perhaps in another version.

    It is if both have the same address, the same title, or some text in common; and if its text
    is still to be extracted, as of pages in web archives, whose ids are addresses.
    """
    if document.pending or (document.url and document.url == stored.url):
        return True
    if document.title and terms(document.title) == terms(stored.title):
        return True
    one, other = (_sequences(text) for text in (document.text[:_HEAD], stored.text))
    return len(one & other) > MIN_SHARED * min(len(one), len(other))


def _sequences(text: str) -> set[tuple[str, ...]]:
    words = terms(text)
    return set(zip(*(words[start:] for start in range(min(WIDTH, len(words) or 1))), strict=False))
