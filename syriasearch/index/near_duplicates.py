"""Which articles are copies of another? The write side: how `articles.duplicate_of` is kept true.

Articles stand in order of publication, undated ones last; of those of one day the one that was
added first comes first. **An article is a copy of the first original before it that it is alike**
(`shingles` says when), and an original where there is none; with the same text as one before, it is
what that one is. So a copy always names an original, never a copy; and what is a copy of what
follows from the articles that are there, not from when each came, but for the order within a day.

What is added, changed or removed is looked at again at the end of its batch, in order, and with it
what may depend on it: the copies of what is no original any more, and what comes after a new
original and shares a band with it.

Of articles with the same text the first stands for all, and it alone has rows in `bands`. The id of
such a row is `band << ARTICLE_BITS | article`, so that one range of ids holds those of a band. Of
CROWD articles that share a band no more are looked at.
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
    Print,
    Signature,
    Signed,
    are_alike,
    compared,
    make_bands,
    make_print,
    may_be_alike,
    sign,
)

ARTICLE_BITS = 28
CROWD = 50
AT_A_TIME = 1000
_NEVER = "9999-99-99"
_MASK = (1 << ARTICLE_BITS) - 1
_IN_A_BAND = f"SELECT * FROM (SELECT id FROM bands WHERE id BETWEEN ? AND ? LIMIT {CROWD})"

Order = tuple[str, int]
"""Where an article stands: its day and its id."""


class _Known(NamedTuple):
    """What is known of an article that is there."""

    order: Order
    digest: int
    signature: Signature
    bands: list[int]
    """The last is that of the whole text."""

    @classmethod
    def of(cls, article: int, day: str | None, whole: int, signature: Signature) -> _Known:
        return cls((day or _NEVER, article), whole, signature, make_bands(whole, signature))

    @property
    def rows(self) -> list[int]:
        """The ids of its rows in `bands`, where it stands for its text."""
        return [band << ARTICLE_BITS | self.order[1] for band in set(self.bands)]


class Copies:
    """Keeps the links of one archive true, through one connection, inside its transactions.

    Without `links` it is left to others to tell what is a copy, and only what they need is kept.
    """

    def __init__(self, connection: sqlite3.Connection, *, links: bool = True) -> None:
        self._connection = connection
        self._links = links
        self._pending: dict[int, tuple[str | None, Signed]] = {}
        self._unsettled: set[int] = set()
        """Articles of which it is not known what they are."""
        self._bereft: set[int] = set()
        """Digests of texts for which nothing stands any more."""
        self._first: dict[int, int] = {}
        """Which article stands for a text, by its digest."""
        self._known: dict[int, _Known | None] = {}
        self._prints: dict[int, Print] = {}
        self._neighbours: dict[int, set[int]] = {}

    def add(self, article: int, day: str | None, signed: Signed) -> None:
        """Note an article that was added, or replaced (`remove` it first)."""
        self._pending[article] = day, signed

    def remove(self, article: int) -> None:
        """Forget an article, before it is removed or replaced."""
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
        """Forget what was noted and not written."""
        self._pending.clear()
        self._unsettled.clear()
        self._bereft.clear()
        self._first.clear()
        self._known.clear()
        self._prints.clear()
        self._neighbours.clear()

    def is_complete(self) -> bool:
        """Tell whether every article has a signature."""
        counts = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM signatures)"
        articles, signatures = self._connection.execute(counts).fetchone()
        return bool(articles == signatures)

    def rebuild(self) -> None:
        """Find all copies anew, inside a transaction."""
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
                self.add(article, day, sign(stored_words(self._connection, article)))
            self.flush()

    def flush(self) -> None:
        """Write what was noted, and settle what depends on it."""
        if self._pending or self._unsettled or self._bereft:
            again = self._choose_first(self._write_signatures())
            if self._links:
                self._settle(again)
        self.clear()

    def _write_signatures(self) -> dict[int, list[int]]:
        """Write what was noted; return by the digest of each text what has it now."""
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
        """Let the first of the same text stand for all; return those for which it is a new one."""
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
        # In order, so that each page is written once.
        self._connection.executemany(
            "INSERT OR IGNORE INTO bands (id) VALUES (?)", ((row,) for row in sorted(written))
        )
        return again

    def _settle(self, again: set[int]) -> None:
        """Link what is unsettled, and what must be looked at again, in order."""
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
        """Return the original of an article; what is before it is settled."""
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
        """Return the article that stands for a text; None where that is not known yet."""
        if known.digest not in self._first:
            for each in self._sharing(known.bands[-1:]):
                other = self._about(each)
                if other and other.digest == known.digest:
                    self._first[known.digest] = each
        return self._first.get(known.digest)

    def _that_may_follow(self, article: int) -> set[int]:
        """Return what comes after an original and may be its copy, and not of one before it."""
        own = self._order(article)
        found = set()
        for each in self._near(article):
            original = self._original(each)
            if self._order(each) > own and (original is None or self._order(original) > own):
                found.add(each)
        return found

    def _near(self, article: int) -> set[int]:
        """Return what shares a band with an article and is not the same text."""
        if article not in self._neighbours:
            known = self._there(article)
            # Bands are written before anything is settled.
            sharing = self._sharing(known.bands[:-1]) - {article} if known.signature.size else ()
            found = self._neighbours[article] = set()
            for each in sharing:
                other = self._about(each)
                if other and other.digest != known.digest:
                    found.add(each)
        return self._neighbours[article]

    def _sharing(self, bands: Sequence[int]) -> set[int]:
        """Return what has a row in any of some bands, the first CROWD of each."""
        firsts = [band << ARTICLE_BITS for band in bands]
        ranges = [bound for first in firsts for bound in (first, first | _MASK)]
        rows = self._connection.execute(" UNION ALL ".join([_IN_A_BAND] * len(bands)), ranges)
        return {row & _MASK for (row,) in rows}

    def _are_alike(self, one: int, other: int) -> bool:
        first, second = self._there(one), self._there(other)
        return may_be_alike(first.signature, second.signature) and are_alike(
            self._print(one), self._print(other), _days_between(first.order[0], second.order[0])
        )

    def _print(self, article: int) -> Print:
        if article not in self._prints:
            self._prints.update(self._made([article]))
        return self._prints[article]

    def _fetch(self, articles: Iterable[int]) -> None:
        """Fetch what may be needed to look at articles, where it is far away: here it is not."""

    def _made(self, articles: Iterable[int]) -> dict[int, Print]:
        """Return what of articles is compared with others."""
        return {each: make_print(stored_words(self._connection, each)) for each in articles}

    def _about(self, article: int) -> _Known | None:
        """Return what is known of an article; None where it is not there, or has no signature."""
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
        """Return the articles with the same text, by its digest."""
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
    """Return the words by which an article is compared, as it stands in the archive."""
    rows = connection.execute(
        "SELECT kind, text FROM paragraphs WHERE article_id = ? ORDER BY position", (article,)
    )
    return compared((kind, fold(text)) for kind, text in rows)
