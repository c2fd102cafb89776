"""How does bm25s make a page?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cache import Cache
from cases import Case
from rankers import stemmed

from .base import HITS, SNIPPET, Corpus, Engine, Shown


class BM25S(Engine):
    """bm25s: scores any of the words; it has neither phrases nor filters, and no snippets.

    Its snippets are made here: the surroundings of the first word of the query that `str.find`
    finds.
    """

    name = "bm25s"
    module = "bm25s"
    kinds = frozenset({"rare", "broad", "broad any", "arabic"})

    def open(self, corpus: Corpus, cache: Cache) -> None:
        """Load the index of the cache, and keep the texts in memory."""
        import bm25s

        def build(folder: Path) -> None:
            numbers: dict[str, int] = {}
            documents = [
                [numbers.setdefault(term, len(numbers)) for term in stemmed(document.whole)]
                for document in corpus.documents
            ]
            index = bm25s.BM25(method="lucene")
            index.index((documents, numbers), show_progress=False)
            index.save(str(folder), show_progress=False)

        folder = cache.get(f"{corpus.name}-bm25s", build)
        self._index: Any = bm25s.BM25.load(str(folder))
        self._documents = corpus.documents

    def page(self, case: Case) -> list[Shown]:
        """Score all documents and take the best."""
        terms = [
            term for word in case.words for term in stemmed(word) if term in self._index.vocab_dict
        ]
        if not terms:
            return []
        found, scores = self._index.retrieve([terms], k=HITS, show_progress=False)
        hits = []
        for number, score in zip(found[0], scores[0], strict=True):
            if score > 0:
                document = self._documents[number]
                hits.append(Shown(document.id, _window(document.whole, case.words)))
        return hits


def _window(text: str, words: tuple[str, ...]) -> str:
    lowered = text.lower()
    places = [place for word in words if (place := lowered.find(word)) >= 0]
    start = max(0, min(places, default=0) - SNIPPET // 2)
    return text[start : start + SNIPPET]
