"""How does each engine rank the documents of a set?

Every engine but syriasearch indexes one field, title and text together, and is asked for any of the
query's words. Each is taken as it comes: the defaults of its BM25, no stop words.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, ClassVar, Literal

import Stemmer

from cache import Cache, article_id
from corpora import Document, words
from syriasearch import Archive

_stem: Callable[[str], str] = lru_cache(maxsize=2**20)(Stemmer.Stemmer("english").stemWord)


def stemmed(text: str) -> list[str]:
    """Cut a text into words, each as Snowball's English stemmer leaves it."""
    return [_stem(word) for word in words(text)]


def english_analyzer() -> Any:
    """Return what tantivy's `en_stem` does, for the words of a query."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(40))
    return builder.filter(Filter.lowercase()).filter(Filter.stemmer("english")).build()


class Ranker(ABC):
    """An engine with an index of some documents."""

    name: ClassVar[str]
    module: ClassVar[str]
    """What must be installed."""

    @abstractmethod
    def index(self, documents: Sequence[Document], name: str, cache: Cache) -> None:
        """Take in documents that are known by a name."""

    @abstractmethod
    def rank(self, query: str, limit: int) -> list[str]:
        """Return the ids of the documents that answer a query, the best first."""

    @classmethod
    def installed(cls) -> bool:
        """Tell whether the engine can be used here."""
        return find_spec(cls.module) is not None


class SyriaSearch(Ranker):
    """This package: titles are titles, and the query is read as it is written."""

    name = "syriasearch"
    module = "syriasearch"
    match: ClassVar[Literal["auto", "any"]] = "auto"

    def index(self, documents: Sequence[Document], name: str, cache: Cache) -> None:
        """Open the archive of the cache; of a set without titles, ids are the titles."""
        if not any(document.title for document in documents) and name not in _UNTITLED:
            documents = [
                Document(document.id, document.id, document.text) for document in documents
            ]
        self._archive = Archive(cache.archive(name, documents), readonly=True)

    def rank(self, query: str, limit: int, **options: Any) -> list[str]:
        """Ask for hits without passages."""
        page = self._archive.search(
            query, limit=limit, match=self.match, passages=0, all_copies=True, **options
        )
        return [article_id(hit.article.path or "") for hit in page.hits]


_UNTITLED = frozenset({"vaswani"})
"""Sets whose documents never had a title: syriasearch takes their opening for one, as it does."""


class SyriaSearchAny(SyriaSearch):
    """The same, but an article with all words does not come before others."""

    name = "syriasearch any"
    match = "any"


class FTS5(Ranker):
    """SQLite's own `ORDER BY rank`, with its stemmer."""

    name = "fts5 porter"
    module = "sqlite3"
    tokenizer: ClassVar[str] = "porter unicode61 remove_diacritics 2"

    def index(self, documents: Sequence[Document], name: str, cache: Cache) -> None:
        """Fill a table in memory."""
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            f"CREATE VIRTUAL TABLE docs USING fts5(id UNINDEXED, text, tokenize='{self.tokenizer}')"
        )
        self._connection.executemany(
            "INSERT INTO docs VALUES (?, ?)",
            ((document.id, " ".join(self.words(document.whole))) for document in documents),
        )

    def rank(self, query: str, limit: int) -> list[str]:
        """Ask for any of the words."""
        match = " OR ".join(f'"{word}"' for word in self.words(query))
        if not match:
            return []
        rows = self._connection.execute(
            "SELECT id FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT ?", (match, limit)
        )
        return [row[0] for row in rows]

    def words(self, text: str) -> list[str]:
        """Return the words that go into the table."""
        return words(text)


class FTS5Snowball(FTS5):
    """The same over words that Snowball's stemmer has stemmed before."""

    name = "fts5 snowball"
    tokenizer = "unicode61 remove_diacritics 2"

    def words(self, text: str) -> list[str]:
        """Return stems."""
        return stemmed(text)


class BM25S(Ranker):
    """bm25s with Lucene's formula."""

    name = "bm25s"
    module = "bm25s"

    def index(self, documents: Sequence[Document], name: str, cache: Cache) -> None:
        """Index stems."""
        import bm25s

        self._ids = [document.id for document in documents]
        self._index = bm25s.BM25(method="lucene")
        self._index.index([stemmed(document.whole) for document in documents], show_progress=False)

    def rank(self, query: str, limit: int) -> list[str]:
        """Return what scores above nought."""
        terms = [term for term in stemmed(query) if term in self._index.vocab_dict]
        if not terms:
            return []
        found, scores = self._index.retrieve(
            [terms], k=min(limit, len(self._ids)), show_progress=False
        )
        pairs = zip(found[0], scores[0], strict=True)
        return [self._ids[number] for number, score in pairs if score > 0]


class Tantivy(Ranker):
    """tantivy with its English stemmer."""

    name = "tantivy"
    module = "tantivy"

    def index(self, documents: Sequence[Document], name: str, cache: Cache) -> None:
        """Index in memory, in one thread."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name="en_stem")
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(num_threads=1)
        for document in documents:
            writer.add_document(tantivy.Document(id=document.id, text=document.whole))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        self._analyze = english_analyzer().analyze

    def rank(self, query: str, limit: int) -> list[str]:
        """Ask for any of the words, as terms: tantivy's query language reads more into a text."""
        import tantivy

        terms: list[tuple[Any, Any]] = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", term))
            for word in words(query)
            for term in self._analyze(word)
        ]
        if not terms:
            return []
        hits = self._searcher.search(tantivy.Query.boolean_query(terms), limit, count=False).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]


class Xapian(Ranker):
    """Xapian with its English stemmer and its own BM25."""

    name = "xapian"
    module = "xapian"

    def index(self, documents: Sequence[Document], name: str, cache: Cache) -> None:
        """Index the stems of the same words in memory."""
        import xapian

        self._stemmer = xapian.Stem("english")
        self._database = xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)
        for document in documents:
            entry = xapian.Document()
            entry.set_data(document.id)
            for term, count in Counter(self._terms(document.whole)).items():
                entry.add_term(term, count)
            self._database.add_document(entry)

    def rank(self, query: str, limit: int) -> list[str]:
        """Ask for any of the words."""
        import xapian

        enquire = xapian.Enquire(self._database)
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, self._terms(query)))
        return [match.document.get_data().decode() for match in enquire.get_mset(0, limit)]

    def _terms(self, text: str) -> list[str]:
        # Terms of more than 245 bytes cannot be.
        return [self._stemmer(word).decode() for word in words(text) if len(word) <= 60]


RANKERS: tuple[type[Ranker], ...] = (
    SyriaSearch,
    SyriaSearchAny,
    FTS5,
    FTS5Snowball,
    BM25S,
    Tantivy,
    Xapian,
)
OURS = frozenset({SyriaSearch.name, SyriaSearchAny.name})
