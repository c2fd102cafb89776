"""Scopes of corrections: the articles, sources and places in a text for which a split holds.

An article is recognized by its slug or by its text, so a correction also holds for copies with the
same text, and for an article that was removed and added again. A single mention is recognized by
the words around it, so that paragraphs may move and the rest of the article may be edited. If the
words around it have changed too, it is unsure which mention is meant: then every mention with this
spelling in the article counts for nobody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ...models.article import starts_of
from ...text.tokenize import terms

CONTEXT = 6
"""Number of words before and after a mention by which it is recognized."""
_REACH = 300
"""Number of characters before and after a mention in which these words are looked for."""
MIN_ALIKE = 0.5
"""Minimum similarity of the words around a mention to those around the corrected one."""


@dataclass(frozen=True, slots=True)
class CorrectionScope:
    """The part of an archive for which a split holds: articles, a source, or a single mention."""

    articles: tuple[str, ...] = ()
    """The slugs of an article and of its copies at that time, the article first."""
    texts: tuple[str, ...] = ()
    """A key of the text of each, by which later copies with the same text are recognized."""
    source: str | None = None
    """The source whose articles are meant."""
    occurrence: int | None = None
    """The number of the mention among the occurrences of its spelling in the article, from 1."""
    before: tuple[str, ...] = ()
    """The words before the mention."""
    after: tuple[str, ...] = ()
    """The words after the mention."""

    def to_dict(self) -> dict[str, Any]:
        """Return the scope as a dictionary for JSON, without what it does not restrict."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value
        }


def read_scope(values: dict[str, Any]) -> CorrectionScope:
    """Return the scope that `to_dict` made a dictionary of; other keys are ignored."""
    articles, texts, before, after = (
        tuple(values.get(name, ())) for name in ("articles", "texts", "before", "after")
    )
    return CorrectionScope(
        articles, texts, values.get("source"), values.get("occurrence"), before, after
    )


class Occurrence(NamedTuple):
    """An occurrence of a spelling in an article's text."""

    number: int
    """Its number in the article, from 1."""
    position: int
    """The position of its paragraph."""
    start: int
    end: int
    before: tuple[str, ...]
    after: tuple[str, ...]


def find_occurrences(texts: Sequence[str], spelling: str) -> Iterator[Occurrence]:
    """Yield the occurrences of a spelling in the paragraphs of an article, in order.

    Letters must be the same, and an occurrence may be a part of a longer word or name.
    """
    number = 0
    for position, text in enumerate(texts):
        for start in starts_of(spelling, text):
            number += 1
            end = start + len(spelling)
            before = terms(text[max(0, start - _REACH) : start])[-CONTEXT:]
            after = terms(text[end : end + _REACH])[:CONTEXT]
            yield Occurrence(number, position, start, end, tuple(before), tuple(after))


def locate(
    scope: CorrectionScope, spelling: str, texts: Sequence[str]
) -> tuple[Occurrence, ...] | None:
    """Return the occurrences in an article that a correction of one mention means, None if unsure.

    Those with the most similar words around them are meant. If they are several, it is the one with
    the number of the scope, if it is among them, else all of them.
    """
    best, found = MIN_ALIKE, list[Occurrence]()
    for each in find_occurrences(texts, spelling):
        likeness = _similarity(scope, each)
        if likeness > best:
            best, found = likeness, []
        if likeness == best:
            found.append(each)
    if not found:
        return None
    return tuple(each for each in found if each.number == scope.occurrence) or tuple(found)


def _similarity(scope: CorrectionScope, occurrence: Occurrence) -> float:
    """Return how similar the words around two mentions are, from 0 to 1."""
    sides = ((scope.before, occurrence.before), (scope.after, occurrence.after))
    if all(one == other for one, other in sides):
        return 1.0
    from difflib import SequenceMatcher

    matchers = [SequenceMatcher(None, one, other, autojunk=False) for one, other in sides]
    same = sum(block.size for each in matchers for block in each.get_matching_blocks())
    return 2 * same / sum(len(one) + len(other) for one, other in sides)


class ArticleContents:
    """What of a stored article tells whether a scope includes it, read when it is needed."""

    def __init__(self, connection: sqlite3.Connection, article: int) -> None:
        self._connection = connection
        self._id = article
        row = connection.execute(
            "SELECT slug, source, word_count FROM articles WHERE id = ?", (article,)
        ).fetchone()
        self.slug: str = row[0]
        self.source: str | None = row[1]
        self._words: int = row[2]

    @cached_property
    def texts(self) -> list[str]:
        """The texts of its paragraphs, in order."""
        rows = self._connection.execute(
            "SELECT text FROM paragraphs WHERE article_id = ? ORDER BY position", (self._id,)
        )
        return [text for (text,) in rows]

    @cached_property
    def key(self) -> str:
        """The key of its text: the number of its words, and a hash of them."""
        # A search that looks up corrections does not need these.
        from ...index.document import read_blocks
        from ...index.minhash import digest
        from ...index.near_duplicates import comparable_terms

        blocks = read_blocks(self._connection, self._id)
        found = digest(comparable_terms((kind, folded) for _, kind, folded in blocks))
        return f"{self._words}-{found}"

    def is_in(self, scope: CorrectionScope) -> bool:
        """Return whether a scope includes the article."""
        if scope.source is not None:
            return bool(self.source == scope.source)
        if self.slug in scope.articles:
            return True
        # The text is hashed only if its length fits.
        prefix = f"{self._words}-"
        return any(key.startswith(prefix) for key in scope.texts) and self.key in scope.texts


def articles_in(connection: sqlite3.Connection, scope: CorrectionScope) -> list[int]:
    """Return the ids of the articles that a scope includes by slug, and maybe by text."""
    found: set[int] = set()
    for slug in scope.articles:
        rows = connection.execute("SELECT id FROM articles WHERE slug = ?", (slug,))
        found.update(number for (number,) in rows)
    for key in scope.texts:
        hashed = int(key.partition("-")[2])
        rows = connection.execute("SELECT id FROM signatures WHERE digest = ?", (hashed,))
        found.update(number for (number,) in rows)
    return sorted(found)
