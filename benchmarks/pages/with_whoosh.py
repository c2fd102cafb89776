"""How does Whoosh make a page?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from cache import Cache
from cases import KINDS, Case

from .base import HITS, Corpus, Engine, Shown, day_number

SHARE = 10


class Whoosh(Engine):
    """Whoosh (Reloaded) on a tenth of the documents: it is pure Python, and slow to index."""

    name = f"whoosh 1/{SHARE}"
    module = "whoosh"
    kinds = frozenset(KINDS)

    def open(self, corpus: Corpus, cache: Cache) -> None:
        """Open the index of the cache."""
        from whoosh import index

        folder = cache.get(f"{corpus.name}-whoosh", partial(_build, corpus))
        self._searcher = index.open_dir(str(folder)).searcher()
        self._analyzer = self._searcher.schema["text"].analyzer

    def page(self, case: Case) -> list[Shown]:
        """Search, and let it highlight its stored texts."""
        from whoosh import query

        narrow = [query.Term("entity", case.entity)] if case.entity else []
        if case.after:
            narrow.append(query.NumericRange("day", day_number(case.after), None))
        grouped = {"groupedby": list(case.facets)} if case.facets else {}
        results = self._searcher.search(
            self._query(case),
            limit=HITS,
            filter=query.And(narrow) if narrow else None,
            **grouped,
        )
        for facet in case.facets:
            results.groups(facet)
        return [Shown(hit["id"], hit.highlights("text", top=1)) for hit in results[:HITS]]

    def _query(self, case: Case) -> Any:
        from whoosh import query

        terms = [token.text for word in case.words for token in self._analyzer(word, mode="query")]
        if case.operator == "prefix":
            return query.Prefix("text", case.words[0])
        if case.operator == "phrase":
            return query.Phrase("text", terms)
        if case.misspelt:
            return query.FuzzyTerm("text", terms[0])
        clauses = [query.Term("text", term) for term in terms]
        return query.Or(clauses) if case.operator == "any" else query.And(clauses)


def _build(corpus: Corpus, folder: Path) -> None:
    from whoosh import analysis, fields, index

    schema = fields.Schema(
        id=fields.ID(stored=True),
        text=fields.TEXT(stored=True, analyzer=analysis.StemmingAnalyzer(stoplist=None)),
        source=fields.ID(sortable=True),
        year=fields.ID(sortable=True),
        day=fields.NUMERIC(),
        entity=fields.KEYWORD(),
    )
    writer = index.create_in(str(folder), schema).writer(limitmb=512)
    for document in corpus.documents[::SHARE]:
        writer.add_document(
            id=document.id,
            text=document.whole,
            source=document.source,
            year=document.date[:4],
            day=day_number(document.date),
            entity=" ".join(corpus.entities.get(document.id, ())),
        )
    writer.commit(optimize=True)
