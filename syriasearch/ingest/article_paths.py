"""The paths by which the articles of one file are known: the file's, and their anchors.

An id tells which article a document is, in a file or in a stream that has a name. A number need
not: lines are numbered anew when one is added above them, and the rows of two tables that come
through pipes are both numbered from 1. There a document is the article of its number only if it
looks like a version of it; the lines of a file are known by their content first, and keep the
number under which they came in.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cached_property
from itertools import count

from ..store.deleted_articles import DeletedArticles
from ..store.provenance import Provenance
from .blocks.plain_text import clean
from .found_files import FoundFile
from .readers import Document, Problem
from .readers.base import CLEANING, accepted_hashes, record_hash
from .versions import is_version


class ArticlePaths:
    """The paths of the articles of one file.

    An article of a stream has no place to be found at again: it is known by its id or else its
    address, or else by its content; and so is a second article of the same address. No article has
    the path of another: an anchor that is another one when it is cleaned, as decomposed letters
    are, is followed by a hash of what it was.

    `taken` are the paths of the articles that were read of the file before; `origins` and `deleted`
    tell of those that the archive has, or had.
    """

    def __init__(
        self,
        found: FoundFile,
        taken: Container[str],
        origins: Provenance,
        deleted: DeletedArticles,
        *,
        day_first: bool | None = None,
    ) -> None:
        self._found = found
        self._taken = taken
        self._origins = origins
        self._deleted = deleted
        self._day_first = day_first
        self._by_address: dict[str, str] = {}
        """The hash of the content of the first article of an address."""

    def of(self, item: Document | Problem) -> str:
        """Return the path of an article or a problem."""
        name, anchor = self._found.file.name, item.anchor
        if self._found.is_stream and isinstance(item, Document) and (not anchor or item.positional):
            return f"{name}#{clean(self._identity(item))}"
        path = f"{name}#{_cleaned(anchor)}" if anchor else name
        if isinstance(item, Problem):
            return path
        if item.positional and (known := self._known(item, path)):
            return known
        if not self._is_free(path, item):
            first = path if anchor else f"{path}#"
            others = (f"{first}~{number}" for number in count(2))
            path = next(free for free in others if self._is_free(free, item))
        return path

    def _known(self, document: Document, path: str) -> str | None:
        """Return the path of the article in the file with the same content, wherever it stood."""
        hashes = self._hashes(document)
        if self._origins.is_unchanged(self._found.root, path, hashes):
            return None if path in self._taken else path
        places = (self._stored.get(each) for each in hashes)
        known = next((each for each in places if each and each not in self._taken), None)
        in_same = known is not None and known.rpartition("#")[0] == path.rpartition("#")[0]
        return known if in_same else None

    @cached_property
    def _stored(self) -> dict[str, str]:
        """The paths of all articles of the file by their hashes, those of deleted ones included."""
        deleted = {content_hash: path for path, content_hash in self._gone.items()}
        return deleted | self._origins.by_hash(*self._found.key)

    @cached_property
    def _gone(self) -> dict[str, str]:
        """The hashes of the articles of the file that were deleted, by path."""
        return self._deleted.hashes(*self._found.key, CLEANING)

    def _is_free(self, path: str, document: Document) -> bool:
        """Return whether a path is not that of another article."""
        if path in self._taken:
            return False
        if not (document.positional or self._found.is_unnamed):
            return True
        hashes = self._hashes(document)
        stored = self._origins.stored(self._found.root, path)
        if stored is not None:
            return stored.content_hash in hashes or is_version(document, stored)
        return self._gone.get(path, hashes[0]) in hashes

    def _identity(self, document: Document) -> str:
        # The version of the cleaning does not count: it is the same article after an update.
        content = document.content_hash(cleaning=0)[:16]
        if not document.url:
            return content
        first = self._by_address.setdefault(document.url, content)
        return document.url if first == content else f"{document.url}~{content}"

    def _hashes(self, document: Document) -> list[str]:
        return accepted_hashes(document.content_hash(), self._day_first)


def _cleaned(anchor: str) -> str:
    """Return an anchor as it can be stored, so that no two are the same."""
    cleaned = clean(anchor)
    if cleaned == anchor:
        return anchor
    return f"{cleaned}~{record_hash(anchor.encode('utf-8', 'surrogatepass'))[:12]}"
