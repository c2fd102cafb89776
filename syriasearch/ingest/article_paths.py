"""The paths by which the articles of one file are known: the file's, and their anchors.

An id tells which article a document is, in a file or in a stream that has a name. A number need
not: lines get other numbers when one is added above them, and the rows of two tables that come
through pipes are both numbered from 1. There a document is known by its content first, wherever it
is, and keeps the number under which it came in. An edited one is the article whose content the
file no longer has, and of which it looks like a version.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property
from itertools import chain, count, islice, takewhile

from ..store.deleted_articles import DeletedArticles
from ..store.provenance import Provenance
from ..text.patterns import regex
from .blocks.plain_text import clean
from .found_files import FoundFile
from .readers import Document, Problem
from .readers.base import CLEANING, accepted_hashes, record_hash
from .versions import Version, are_versions, stored_version, version_of

MAX_COMPARED = 20
"""The maximum number of articles of which a document is looked at as an edited version."""
_COPY = regex(r"(?:~[\da-f]{1,16}){1,3}\Z")
"""What the path of a copy ends with: a hash, or the numbers that make it free."""


class ArticlePaths:
    """The paths of the articles of one file.

    An article of a stream has no place to be found at again: it is known by its id or else its
    address, or else by its content; and so is a second article of the same address. No article has
    the path of another: an anchor that is another one when it is cleaned, as decomposed letters
    are, is followed by a hash of what it was.

    `taken` are the paths of the articles that were read of the file before; `origins` and `deleted`
    tell of those that the archive has, or had. `reread` reads the file once more, to see what is
    still to come; nothing can be read again of a stream.
    """

    def __init__(
        self,
        found: FoundFile,
        taken: Container[str],
        origins: Provenance,
        deleted: DeletedArticles,
        reread: Callable[[], Iterable[object]],
        day_first: bool | None = None,
    ) -> None:
        self._found = found
        self._taken = taken
        self._origins = origins
        self._deleted = deleted
        self._reread = reread
        self._day_first = day_first
        self._versions: dict[str, Version | None] = {}
        """Those of the stored articles that were compared last, by path."""
        self._by_address: dict[str, str] = {}
        """The hash of the content of the first article of an address."""

    def of(self, item: Document | Problem) -> str:
        """Return the path of an article or a problem."""
        name, anchor = self._found.file.name, item.anchor
        if isinstance(item, Problem):
            return f"{name}#{_cleaned(anchor)}" if anchor else name
        if self._found.is_stream and (not anchor or item.positional):
            path = f"{name}#{clean(self._identity(item))}"
            return (item.url and self._known(item, f"{name}#{clean(item.url)}")) or path
        path = f"{name}#{_cleaned(anchor)}" if anchor else name
        if item.positional or self._found.is_unnamed:
            known = self._known(item, path) or self._edited(item, path)
            return known or next(each for each in _copies(path) if self._is_new(each))
        return next(each for each in _copies(path) if each not in self._taken)

    def _known(self, document: Document, path: str) -> str | None:
        """Return the path of the article in the file with the same content, wherever it stood."""
        hashes = self._hashes(document)
        if path not in self._taken and self._hash_of.get(path) in hashes:
            return path
        same = chain.from_iterable(self._stored.get(each, ()) for each in hashes)
        place = self._place(path)
        return next(
            (each for each in same if each not in self._taken and self._place(each) == place), None
        )

    def _edited(self, document: Document, path: str) -> str | None:
        """Return the path of the article of which a document is an edited version."""
        stored = takewhile(self._hash_of.__contains__, _copies(path))
        own = [each for each in stored if each not in self._taken and self._has_gone(each)]
        gone = self._gone.get(self._place(path), deque())
        while gone and gone[0] in self._taken:
            gone.popleft()
        others = (each for each in islice(gone, MAX_COMPARED) if each not in self._taken)
        if not own and not gone:
            return None
        new = version_of(document)
        return next((each for each in chain(own, others) if self._is_version(new, each)), None)

    def _place(self, path: str) -> str:
        """Return what the paths have in common among which one may be moved to another.

        They are those of one member of a container, or of one id in a stream.
        """
        return _COPY.sub("", path) if self._found.is_stream else path.rpartition("#")[0]

    def _is_version(self, new: Version, path: str) -> bool:
        if path not in self._versions:
            if len(self._versions) > 2 * MAX_COMPARED:
                self._versions.clear()
            stored = self._origins.stored(self._found.root, path)
            self._versions[path] = stored and stored_version(stored)
        version = self._versions[path]
        return version is not None and are_versions(new, version)

    def _is_new(self, path: str) -> bool:
        return path not in self._taken and path not in self._hash_of

    def _has_gone(self, path: str) -> bool:
        return self._hash_of[path] not in self._present

    @cached_property
    def _hash_of(self) -> dict[str, str]:
        """The hashes of all articles of the file by path, those of deleted ones included."""
        deleted = self._deleted.hashes(*self._found.key, CLEANING)
        return deleted | self._origins.hashes(*self._found.key)

    @cached_property
    def _stored(self) -> dict[str, list[str]]:
        """The paths of all articles of the file by hash."""
        paths: dict[str, list[str]] = {}
        for path, content_hash in self._hash_of.items():
            paths.setdefault(content_hash, []).append(path)
        return paths

    @cached_property
    def _present(self) -> set[str]:
        """The hashes of all articles that the file has now; of a stream nothing is known."""
        if self._found.is_stream:
            return set()
        documents = (each for each in self._reread() if isinstance(each, Document))
        return {content_hash for each in documents for content_hash in self._hashes(each)}

    @cached_property
    def _gone(self) -> dict[str, deque[str]]:
        """The paths of the articles that the file no longer has as they were, by their place."""
        gone: dict[str, deque[str]] = {}
        for path in self._hash_of:
            if path not in self._taken and self._has_gone(path):
                gone.setdefault(self._place(path), deque()).append(path)
        return gone

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


def _copies(path: str) -> Iterator[str]:
    """Yield a path, and those of further articles that would have it."""
    first = path if "#" in path else f"{path}#"
    return chain([path], (f"{first}~{number}" for number in count(2)))
