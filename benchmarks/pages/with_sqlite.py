"""How do syriasearch, and FTS5 as SQLite has it, make a page?"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cache import Cache, article_id
from cases import KINDS, Case
from syriasearch import Archive

from .base import HITS, Corpus, Engine, Shown, day_number, paragraphs


class SyriaSearch(Engine):
    """This package, by its public API; the best passage of each hit."""

    name = "syriasearch"
    module = "syriasearch"
    kinds = frozenset(KINDS)

    def open(self, corpus: Corpus, cache: Cache) -> None:
        """Open the archive."""
        self._archive = Archive(corpus.archive, readonly=True)

    def page(self, case: Case) -> list[Shown]:
        """Search; of a misspelt word, suggestions are the answer."""
        page = self._archive.search(
            to_query(case),
            limit=HITS,
            passages=1,
            after=case.after or None,
            entity=case.entity or None,
            facets=case.facets,
        )
        if case.misspelt and not page.hits:
            return [Shown(each.word, each.suggestion) for each in page.suggestions]
        return [
            Shown(
                article_id(hit.article.path or ""),
                hit.passages[0].snippet.to_html() if hit.passages else "",
            )
            for hit in page.hits
        ]


def to_query(case: Case) -> str:
    """Return the query of a case, as syriasearch reads it."""
    if case.operator == "any":
        return " OR ".join(case.words)
    if case.operator == "phrase":
        return f'"{" ".join(case.words)}"'
    if case.operator == "prefix":
        return f"{case.words[0]}*"
    return " ".join(case.words)


class FTS5(Engine):
    """SQLite's own ranking over a table of paragraphs, each a hit, with `snippet()`."""

    name = "fts5"
    module = "sqlite3"
    kinds = frozenset(KINDS) - {"entity", "misspelt"}

    def open(self, corpus: Corpus, cache: Cache) -> None:
        """Open the database of the cache."""

        def build(folder: Path) -> None:
            connection = sqlite3.connect(folder / "paragraphs.db")
            with connection:
                connection.execute(
                    "CREATE TABLE articles(id INTEGER PRIMARY KEY, name, source, day INTEGER)"
                )
                connection.execute("CREATE TABLE paragraphs(id INTEGER PRIMARY KEY, article, text)")
                connection.execute(
                    "CREATE VIRTUAL TABLE found USING fts5(text, content=paragraphs,"
                    " content_rowid=id, tokenize='porter unicode61 remove_diacritics 2')"
                )
                for number, document in enumerate(corpus.documents):
                    row = (number, document.id, document.source, day_number(document.date))
                    connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?)", row)
                    connection.executemany(
                        "INSERT INTO paragraphs(article, text) VALUES (?, ?)",
                        ((number, text) for text in paragraphs(document)),
                    )
                connection.execute("INSERT INTO found(found) VALUES ('rebuild')")
                connection.execute("INSERT INTO found(found) VALUES ('optimize')")
            connection.execute("ANALYZE")
            connection.close()

        path = cache.get(f"{corpus.name}-fts5", build) / "paragraphs.db"
        self._connection = sqlite3.connect(path)

    def page(self, case: Case) -> list[Shown]:
        """Search paragraphs, and count facets over the articles that they are of."""
        match = _to_match(case)
        joined = (
            " JOIN paragraphs ON paragraphs.id = found.rowid JOIN articles ON articles.id = article"
        )
        after = " AND day >= ?" if case.after else ""
        parameters = [match, *([day_number(case.after)] if case.after else [])]
        rows = self._connection.execute(
            "SELECT found.rowid, snippet(found, 0, '<b>', '</b>', '…', 40)"
            f" FROM found{joined if after else ''} WHERE found MATCH ?{after}"
            f" ORDER BY rank LIMIT {HITS}",
            parameters,
        )
        hits = [Shown(str(number), snippet) for number, snippet in rows]
        for facet in case.facets:
            value = "source" if facet == "source" else "day / 10000"
            self._connection.execute(
                f"SELECT {value}, count(DISTINCT article) FROM found{joined}"
                " WHERE found MATCH ? GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
                [match],
            ).fetchall()
        return hits


def _to_match(case: Case) -> str:
    quoted = [f'"{word}"' for word in case.words]
    if case.operator == "any":
        return " OR ".join(quoted)
    if case.operator == "phrase":
        return f'"{" ".join(case.words)}"'
    if case.operator == "prefix":
        return f"{quoted[0]}*"
    return " ".join(quoted)
