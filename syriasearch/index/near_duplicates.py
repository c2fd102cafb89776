"""Near-duplicate detection, the write side: keeps `articles.duplicate_of` up to date.

Articles are ordered by day of publication, undated ones last, and within a day by id, that is, in
the order in which they were added. **An article is a copy of the first earlier original of which it
is a near-duplicate** (see `minhash` for the criterion), and an original if none exists. An article
with the same text as an earlier one is a copy of it or, if that is itself a copy, of its original.
So a copy always refers to an original, never to another copy; and the links depend on the articles
in the archive, not on when each was added, except for the order within a day.

At the end of a batch, articles that were added, changed or removed are examined again, in order,
together with those that may depend on them: the copies of articles that are no longer originals,
and later articles that share a band with a new original.

Of several articles with the same text the first represents all, and only it has rows in `bands`.
The id of such a row is `band << ARTICLE_BITS | article`, so that the rows of a band are one range
of ids. At most CROWD articles of a band are examined.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from ..text.normalize import fold
from .minhash import (
    Fingerprint,
    ShingleSet,
    Signature,
    are_alike,
    comparable_terms,
    make_bands,
    make_fingerprint,
    make_shingle_set,
    may_be_alike,
)

ARTICLE_BITS = 28
CROWD = 50
AT_A_TIME = 1000
_NEVER = "9999-99-99"
_MASK = (1 << ARTICLE_BITS) - 1
_IN_A_BAND = f"SELECT * FROM (SELECT id FROM bands WHERE id BETWEEN ? AND ? LIMIT {CROWD})"

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
    """Maintenance of the duplicate links of one archive, inside its connection's transactions.

    Without `links` no links are written, only the signatures and bands by which another process
    finds the copies.
    """

    def __init__(self, connection: sqlite3.Connection, *, links: bool = True) -> None:
        self._connection = connection
        self._links = links
        self._pending: dict[int, tuple[str | None, Fingerprint]] = {}
        self._unsettled: set[int] = set()
        """Ids of articles whose links are not determined yet."""
        self._bereft: set[int] = set()
        """Digests of texts that lost their representative."""
        self._first: dict[int, int] = {}
        """The id of the article that represents a text, by the text's digest."""
        self._known: dict[int, _Known | None] = {}
        self._prints: dict[int, ShingleSet] = {}
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
        if self._standing_for(known) == article:
            self._bereft.add(known.digest)
            self._first.pop(known.digest, None)
            self._withdraw(known)
        self._connection.execute("DELETE FROM signatures WHERE id = ?", (article,))
        self._known[article] = None

    def clear(self) -> None:
        """Discard everything that was recorded and not written, and all caches."""
        self._pending.clear()
        self._unsettled.clear()
        self._bereft.clear()
        self._first.clear()
        self._known.clear()
        self._prints.clear()
        self._neighbours.clear()

    def is_complete(self) -> bool:
        """Return whether every article has a signature."""
        counts = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM signatures)"
        articles, signatures = self._connection.execute(counts).fetchone()
        return bool(articles == signatures)

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
        for at in range(0, len(articles), AT_A_TIME):
            for article, day in articles[at : at + AT_A_TIME]:
                self.add(article, day, make_fingerprint(stored_words(self._connection, article)))
            self.flush()

    def flush(self) -> None:
        """Write the recorded changes, and update the links that depend on them."""
        if self._pending or self._unsettled or self._bereft:
            again = self._choose_first(self._write_signatures())
            if self._links:
                self._settle(again)
        self.clear()

    def _write_signatures(self) -> dict[int, list[int]]:
        """Write pending signatures; return the ids of the new articles by their texts' digests.

        Texts that lost their representative have an entry too, empty if no new article has them.
        """
        texts: dict[int, list[int]] = {whole: [] for whole in self._bereft}
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
        again: set[int] = set()
        written: list[int] = []
        for whole, come in texts.items():
            bereft = whole in self._bereft
            before = None if bereft else self._standing_for(self._there(come[0]))
            same = self._same(whole) if before is None else {before, *come}
            if not same:
                continue
            first = self._first[whole] = min(same, key=self._order)
            if first == before:
                continue
            if before is not None:
                self._withdraw(self._there(before))
            written += self._there(first).rows
            again |= self._same(whole)
        # In the order of the rows, so that each page is written once.
        self._connection.executemany(
            "INSERT OR IGNORE INTO bands (id) VALUES (?)", ((row,) for row in sorted(written))
        )
        return again

    def _settle(self, again: set[int]) -> None:
        """Determine the links of unsettled articles and of those in `again`, in order."""
        waiting = again | self._unsettled
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
            known, touched = self._there(article), set[int]()
            if self._standing_for(known) == article:
                touched |= self._same(known.digest)
            if original is None:
                touched |= self._that_may_follow(article)
            elif before is None:
                touched |= self._copies_of(article)
            self._unsettled.discard(article)
            own = known.order
            for each in touched - waiting:
                if self._order(each) > own:
                    waiting.add(each)
                    heapq.heappush(heap, (self._order(each), each))

    def find_original(self, article: int) -> int | None:
        """Return the original of an article, None if it is one.

        The links of all earlier articles must be settled.
        """
        known = self._there(article)
        first = self._standing_for(known)
        if first is not None and first != article:
            return self._original(first) or first
        earlier = sorted(
            (self._order(each), each)
            for each in self._near(article)
            if self._order(each) < known.order
        )
        for _, each in earlier:
            if self._original(each) is None and self._are_alike(article, each):
                return each
        return None

    def _standing_for(self, known: _Known) -> int | None:
        """Return the article that represents a text; None if that is not determined yet."""
        if known.digest not in self._first:
            for each in self._sharing(known.bands[-1:]):
                other = self._about(each)
                if other and other.digest == known.digest:
                    self._first[known.digest] = each
        return self._first.get(known.digest)

    def _that_may_follow(self, article: int) -> set[int]:
        """Return later articles that share a band with an original and have no earlier original."""
        own = self._order(article)
        found = set()
        for each in self._near(article):
            original = self._original(each)
            if self._order(each) > own and (original is None or self._order(original) > own):
                found.add(each)
        return found

    def _near(self, article: int) -> set[int]:
        """Return the articles that share a band with an article and have a different text."""
        if article not in self._neighbours:
            known = self._there(article)
            # All bands are written before the first link is determined.
            sharing = self._sharing(known.bands[:-1]) - {article} if known.signature.size else ()
            found = self._neighbours[article] = set()
            for each in sharing:
                other = self._about(each)
                if other and other.digest != known.digest:
                    found.add(each)
        return self._neighbours[article]

    def _sharing(self, bands: Sequence[int]) -> set[int]:
        """Return the articles that have a row in any of some bands, the first CROWD of each."""
        firsts = [band << ARTICLE_BITS for band in bands]
        ranges = [bound for first in firsts for bound in (first, first | _MASK)]
        rows = self._connection.execute(" UNION ALL ".join([_IN_A_BAND] * len(bands)), ranges)
        return {row & _MASK for (row,) in rows}

    def _are_alike(self, one: int, other: int) -> bool:
        first, second = self._there(one), self._there(other)
        return may_be_alike(first.signature, second.signature) and are_alike(
            self._print(one), self._print(other), _days_between(first.order[0], second.order[0])
        )

    def _print(self, article: int) -> ShingleSet:
        if article not in self._prints:
            self._prints.update(self._made([article]))
        return self._prints[article]

    def _fetch(self, articles: Iterable[int]) -> None:
        """Prefetch data for examining these articles; a no-op for a local archive."""

    def _made(self, articles: Iterable[int]) -> dict[int, ShingleSet]:
        """Return the fingerprints of articles, by id."""
        return {each: make_shingle_set(stored_words(self._connection, each)) for each in articles}

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

    def _there(self, article: int) -> _Known:
        known = self._about(article)
        assert known is not None
        return known

    def _order(self, article: int) -> Order:
        known = self._about(article)
        return known.order if known else (_NEVER, article)

    def _original(self, article: int) -> int | None:
        (original,) = self._connection.execute(
            "SELECT duplicate_of FROM articles WHERE id = ?", (article,)
        ).fetchone()
        return None if original is None else int(original)

    def _copies_of(self, article: int) -> set[int]:
        return self._there_of("SELECT id FROM articles WHERE duplicate_of = ?", article)

    def _same(self, whole: int) -> set[int]:
        """Return the ids of the articles with the same text, given its digest."""
        return self._there_of("SELECT id FROM signatures WHERE digest = ?", whole)

    def _there_of(self, sql: str, value: int) -> set[int]:
        return {each for (each,) in self._connection.execute(sql, (value,)) if self._about(each)}

    def _withdraw(self, known: _Known) -> None:
        self._connection.executemany(
            "DELETE FROM bands WHERE id = ?", ((row,) for row in known.rows)
        )


def _days_between(one: str, other: str) -> int | None:
    try:
        return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    except ValueError:
        return None


def stored_words(connection: sqlite3.Connection, article: int) -> list[str]:
    """Return the terms by which a stored article is compared (`minhash.comparable_terms`)."""
    rows = connection.execute(
        "SELECT kind, text FROM paragraphs WHERE article_id = ? ORDER BY position", (article,)
    )
    return comparable_terms((kind, fold(text)) for kind, text in rows)
