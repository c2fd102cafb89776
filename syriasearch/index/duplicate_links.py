"""Near-duplicate detection, the write side: keeps `articles.duplicate_of` up to date.

Articles are ordered by day of publication, undated ones last, and within a day by id, that is, in
the order in which they were added. **An article is a copy of the first earlier original of which it
is a near-duplicate** (see `near_duplicates`), and an original if none exists. An article
with the same text as the first that has it is a copy of that or, if that is itself a copy, of its
original; if it is short and returned later, of the first original with the text of its own days.
So a copy always refers to an original, never to another copy; and the links depend on the articles
in the archive, not on when each was added, except for the order within a day.

At the end of a batch, articles that were added, changed or removed are examined again, in order,
together with those that may depend on them: the copies of articles that are no longer originals,
and later articles that share a band with a new original.

Of several articles with the same text the first represents all, and only it has rows in `bands`.
The id of such a row is `band << ARTICLE_BITS | article`, so that the rows of a band are one range
of ids. At most MAX_EXAMINED articles of a band are examined.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from ..store.sql import fetch_int
from .document import read_blocks, read_paragraphs
from .facts import names_of
from .minhash import Fingerprint, Signature, make_bands, make_fingerprint
from .near_duplicates import (
    ShingleSet,
    are_alike,
    are_same,
    comparable_terms,
    make_shingle_set,
    may_be_alike,
)

ARTICLE_BITS = 28
MAX_EXAMINED = 50
"""Maximum number of articles of a band that are examined."""
BATCH = 1000
_NEVER = "9999-99-99"
_MASK = (1 << ARTICLE_BITS) - 1
_IN_A_BAND = f"SELECT * FROM (SELECT id FROM bands WHERE id BETWEEN ? AND ? LIMIT {MAX_EXAMINED})"

Order = tuple[str, int]
"""An article's sort key: its day, as an ISO date, and its id."""


class _Known(NamedTuple):
    """The stored properties of an article on which duplicate detection relies."""

    order: Order
    digest: int
    signature: Signature
    bands: list[int]
    """The bands of the text, that of the whole text last."""

    @classmethod
    def of(cls, article: int, day: str | None, whole: int, signature: Signature) -> _Known:
        return cls((day or _NEVER, article), whole, signature, make_bands(whole, signature))

    @property
    def rows(self) -> list[int]:
        """The ids of its rows in `bands`, if it represents its text."""
        return [band << ARTICLE_BITS | self.order[1] for band in set(self.bands)]


class DuplicateLinks:
    """Maintenance of the duplicate links of one archive, inside its connection's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._pending: dict[int, tuple[str | None, Fingerprint]] = {}
        self._unsettled: set[int] = set()
        """Ids of articles whose links are not determined yet."""
        self._unrepresented: set[int] = set()
        """Digests of texts that lost their representative."""
        self._first: dict[int, int] = {}
        """The id of the article that represents a text, by the text's digest."""
        self._known: dict[int, _Known | None] = {}
        self._shingle_sets: dict[int, ShingleSet] = {}
        self._neighbours: dict[int, set[int]] = {}

    def add(self, article: int, day: str | None, signed: Fingerprint) -> None:
        """Record an article that was added, or replaced (`remove` it first).

        `day` is its day of publication as an ISO date, or None.
        """
        self._pending[article] = day, signed

    def remove(self, article: int) -> None:
        """Drop an article's signature and bands, before it is removed or replaced."""
        self._pending.pop(article, None)
        self._unsettled.discard(article)
        known = self._about(article)
        if known is None:
            return
        self._unsettled |= self._copies_of(article)
        if self._representative(known) == article:
            self._unrepresented.add(known.digest)
            self._first.pop(known.digest, None)
            self._delete_bands(known)
        self._connection.execute("DELETE FROM signatures WHERE id = ?", (article,))
        self._known[article] = None

    def clear(self) -> None:
        """Discard everything that was recorded and not written, and all caches."""
        self._pending.clear()
        self._unsettled.clear()
        self._unrepresented.clear()
        self._first.clear()
        self._known.clear()
        self._shingle_sets.clear()
        self._neighbours.clear()

    def is_complete(self) -> bool:
        """Return whether every article has a signature."""
        counts = [
            fetch_int(self._connection, f"SELECT count(*) FROM {table}")
            for table in ("articles", "signatures")
        ]
        return counts[0] == counts[1]

    def rebuild(self) -> None:
        """Recompute all signatures, bands and links, inside a transaction."""
        self.clear()
        for statement in (
            "DELETE FROM bands",
            "DELETE FROM signatures",
            "UPDATE articles SET duplicate_of = NULL WHERE duplicate_of IS NOT NULL",
        ):
            self._connection.execute(statement)
        articles = self._connection.execute(
            "SELECT id, published FROM articles ORDER BY published IS NULL, published, id"
        ).fetchall()
        for start in range(0, len(articles), BATCH):
            for article, day in articles[start : start + BATCH]:
                self.add(article, day, make_fingerprint(stored_words(self._connection, article)))
            self.flush()

    def flush(self) -> None:
        """Write the recorded changes, and update the links that depend on them."""
        if self._pending or self._unsettled or self._unrepresented:
            self._settle(self._choose_first(self._write_signatures()))
        self.clear()

    def _write_signatures(self) -> dict[int, list[int]]:
        """Write pending signatures; return the ids of the new articles by their texts' digests.

        Texts that lost their representative have an entry too, empty if no new article has them.
        """
        texts: dict[int, list[int]] = {whole: [] for whole in self._unrepresented}
        rows = []
        for article, (day, signed) in sorted(self._pending.items()):
            known = _Known.of(article, day, *signed)
            rows.append((article, known.digest, known.signature.astype("<u4").tobytes()))
            self._known[article] = known
            self._unsettled.add(article)
            texts.setdefault(known.digest, []).append(article)
        self._connection.executemany(
            "INSERT INTO signatures (id, digest, minima) VALUES (?, ?, ?)", rows
        )
        return texts

    def _choose_first(self, texts: dict[int, list[int]]) -> set[int]:
        """Make the first article of each text its representative; return articles that got one."""
        changed: set[int] = set()
        written: list[int] = []
        for whole, new in texts.items():
            before = None
            if whole not in self._unrepresented:
                before = self._representative(self._known_article(new[0]))
            same = self._with_text(whole) if before is None else {before, *new}
            if not same:
                continue
            first = self._first[whole] = min(same, key=self._order)
            if first == before:
                continue
            if before is not None:
                self._delete_bands(self._known_article(before))
            written += self._known_article(first).rows
            changed |= self._with_text(whole)
        # In the order of the rows, so that each page is written once.
        self._connection.executemany(
            "INSERT OR IGNORE INTO bands (id) VALUES (?)", ((row,) for row in sorted(written))
        )
        return changed

    def _settle(self, changed: set[int]) -> None:
        """Determine the links of unsettled articles and of those in `changed`, in order."""
        waiting = changed | self._unsettled
        self._fetch(waiting)
        heap = [(self._order(article), article) for article in waiting if self._about(article)]
        heapq.heapify(heap)
        while heap:
            _, article = heapq.heappop(heap)
            waiting.discard(article)
            before = self._original(article)
            original = self.find_original(article)
            if original != before:
                self._connection.execute(
                    "UPDATE articles SET duplicate_of = ? WHERE id = ?", (original, article)
                )
            if original == before and article not in self._unsettled:
                continue
            known, touched = self._known_article(article), set[int]()
            if original is None or self._representative(known) == article:
                touched |= self._with_text(known.digest)
            if original is None:
                touched |= self._possible_copies(article)
            elif before is None:
                touched |= self._copies_of(article)
            self._unsettled.discard(article)
            for each in touched - waiting:
                if self._order(each) > known.order:
                    waiting.add(each)
                    heapq.heappush(heap, (self._order(each), each))

    def find_original(self, article: int) -> int | None:
        """Return the original of an article, None if it is one.

        The links of all earlier articles must be settled.
        """
        known = self._known_article(article)
        first = self._representative(known)
        if first is not None and first != article:
            if self._are_same(first, article):
                return self._original(first) or first
            # A short text that returned: it is a copy of an article with it of the same days.
            same = sorted(self._with_text(known.digest), key=self._order)
            same = same[: same.index(article)]
            return next((each for each in same if self._is_original_of(each, article)), None)
        earlier = sorted(
            (self._order(each), each)
            for each in self._near(article)
            if self._order(each) < known.order
        )
        originals = (each for _, each in earlier if self._original(each) is None)
        return next((each for each in originals if self._are_alike(article, each)), None)

    def _is_original_of(self, one: int, article: int) -> bool:
        return self._original(one) is None and self._are_same(one, article)

    def _are_same(self, one: int, other: int) -> bool:
        """Return whether two articles with the same text are one article and its copy."""
        days = _days_between(self._order(one)[0], self._order(other)[0])
        return are_same(0, days) or are_same(self._shingle_set(one).words, days)

    def _representative(self, known: _Known) -> int | None:
        """Return the article that represents a text; None if that is not determined yet."""
        if known.digest not in self._first:
            for each in self._sharing(known.bands[-1:]):
                other = self._about(each)
                if other and other.digest == known.digest:
                    self._first[known.digest] = each
        return self._first.get(known.digest)

    def _possible_copies(self, article: int) -> set[int]:
        """Return later articles that share a band with an original and have no earlier original."""
        own = self._order(article)
        later = (each for each in self._near(article) if self._order(each) > own)
        originals = ((each, self._original(each)) for each in later)
        return {
            each for each, original in originals if original is None or self._order(original) > own
        }

    def _near(self, article: int) -> set[int]:
        """Return the articles that share a band with an article and have a different text."""
        if article not in self._neighbours:
            known = self._known_article(article)
            # All bands are written before the first link is determined.
            sharing = self._sharing(known.bands[:-1]) - {article} if known.signature.size else ()
            self._neighbours[article] = {
                each
                for each in sharing
                if (other := self._about(each)) and other.digest != known.digest
            }
        return self._neighbours[article]

    def _sharing(self, bands: Sequence[int]) -> set[int]:
        """Return the articles that share any of some bands, at most MAX_EXAMINED of each."""
        firsts = [band << ARTICLE_BITS for band in bands]
        ranges = [bound for first in firsts for bound in (first, first | _MASK)]
        rows = self._connection.execute(" UNION ALL ".join([_IN_A_BAND] * len(bands)), ranges)
        return {row & _MASK for (row,) in rows}

    def _are_alike(self, one: int, other: int) -> bool:
        first, second = self._known_article(one), self._known_article(other)
        return may_be_alike(first.signature, second.signature) and are_alike(
            self._shingle_set(one),
            self._shingle_set(other),
            _days_between(first.order[0], second.order[0]),
        )

    def _shingle_set(self, article: int) -> ShingleSet:
        if article not in self._shingle_sets:
            self._shingle_sets.update(self._make_shingle_sets([article]))
        return self._shingle_sets[article]

    def _fetch(self, articles: Iterable[int]) -> None:
        """Prefetch data for examining these articles; a no-op for a local archive."""

    def _make_shingle_sets(self, articles: Iterable[int]) -> dict[int, ShingleSet]:
        """Return the fingerprints of articles, by id."""
        return {each: stored_shingle_set(self._connection, each) for each in articles}

    def _about(self, article: int) -> _Known | None:
        """Return an article's stored properties; None if it does not exist or has no signature."""
        if article not in self._known:
            row = self._connection.execute(
                "SELECT published, digest, minima FROM articles"
                " JOIN signatures USING (id) WHERE id = ?",
                (article,),
            ).fetchone()
            self._known[article] = row and _Known.of(
                article, row[0], row[1], np.frombuffer(row[2], "<u4")
            )
        return self._known[article]

    def _known_article(self, article: int) -> _Known:
        known = self._about(article)
        assert known is not None
        return known

    def _order(self, article: int) -> Order:
        known = self._about(article)
        return known.order if known else (_NEVER, article)

    def _original(self, article: int) -> int | None:
        original = "SELECT duplicate_of FROM articles WHERE id = ?"
        return fetch_int(self._connection, original, (article,)) or None

    def _copies_of(self, article: int) -> set[int]:
        return self._select_known("SELECT id FROM articles WHERE duplicate_of = ?", article)

    def _with_text(self, whole: int) -> set[int]:
        """Return the ids of the articles with the same text, given its digest."""
        return self._select_known("SELECT id FROM signatures WHERE digest = ?", whole)

    def _select_known(self, sql: str, value: int) -> set[int]:
        return {each for (each,) in self._connection.execute(sql, (value,)) if self._about(each)}

    def _delete_bands(self, known: _Known) -> None:
        self._connection.executemany(
            "DELETE FROM bands WHERE id = ?", ((row,) for row in known.rows)
        )


def _days_between(one: str, other: str) -> int | None:
    try:
        return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    except ValueError:
        return None


def stored_words(connection: sqlite3.Connection, article: int) -> list[str]:
    """Return the terms by which a stored article is compared with others."""
    return comparable_terms((kind, text) for _, kind, text in read_blocks(connection, article))


def stored_shingle_set(connection: sqlite3.Connection, article: int) -> ShingleSet:
    """Return what of a stored article is compared with others."""
    blocks = [(kind, text) for _, kind, text in read_paragraphs(connection, article)]
    return make_shingle_set(stored_words(connection, article), names_of(blocks))
