"""How does tantivy make a page?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from cache import Cache
from cases import KINDS, Case
from rankers import english_analyzer

from .base import HITS, SNIPPET, Corpus, Engine, Shown, day_number


class Tantivy(Engine):
    """tantivy with articles as documents; only ten hits are looked for, not how many there are."""

    name = "tantivy"
    module = "tantivy"
    kinds = frozenset(KINDS)
    count: ClassVar[bool] = False

    def open(self, corpus: Corpus, cache: Cache) -> None:
        """Open the index of the cache."""
        import tantivy

        folder = cache.get(f"{corpus.name}-tantivy", partial(_build, corpus))
        index = tantivy.Index.open(str(folder))
        self._schema = index.schema
        self._searcher = index.searcher()
        self._analyze = english_analyzer().analyze

    def page(self, case: Case) -> list[Shown]:
        """Search, and cut snippets from the stored texts."""
        import tantivy

        query = self._query(case)
        found = self._searcher.search(query, HITS, count=self.count)
        if case.facets:
            terms = {name: {"terms": {"field": name, "size": 50}} for name in case.facets}
            self._searcher.aggregate(query, terms)
        generator = tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "text")
        generator.set_max_num_chars(SNIPPET)
        hits = []
        for _, address in found.hits:
            document = self._searcher.doc(address)
            snippet = generator.snippet_from_doc(document).to_html()
            hits.append(Shown(document["id"][0], snippet))
        return hits

    def _query(self, case: Case) -> Any:
        from tantivy import FieldType, Occur, Query

        schema = self._schema
        if case.operator == "prefix":
            query = Query.regex_query(schema, "text", f"{case.words[0]}.*")
        elif case.operator == "phrase":
            query = Query.phrase_query(schema, "text", self._terms(case))
        elif case.misspelt:
            query = Query.fuzzy_term_query(schema, "text", self._terms(case)[0], 1)
        else:
            occur = Occur.Should if case.operator == "any" else Occur.Must
            terms = self._terms(case)
            clauses = [(occur, Query.term_query(schema, "text", term)) for term in terms]
            query = Query.boolean_query(clauses)
        if case.after:
            day = day_number(case.after)
            span = Query.range_query(schema, "day", FieldType.Unsigned, lower_bound=day)
            query = Query.boolean_query(
                [(Occur.Must, query), (Occur.Must, Query.const_score_query(span, 0.0))]
            )
        if case.entity:
            named = Query.term_query(schema, "entity", case.entity)
            query = Query.boolean_query(
                [(Occur.Must, query), (Occur.Must, Query.const_score_query(named, 0.0))]
            )
        return query

    def _terms(self, case: Case) -> list[Any]:
        return [term for word in case.words for term in self._analyze(word)]


class CountingTantivy(Tantivy):
    """The same, and it tells how many articles there are, as its Python binding does by default."""

    name = "tantivy count"
    count = True


def _build(corpus: Corpus, folder: Path) -> None:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("source", tokenizer_name="raw", fast=True)
    builder.add_text_field("entity", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_unsigned_field("year", fast=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=500_000_000, num_threads=1)
    for document in corpus.documents:
        entry = tantivy.Document(id=document.id, text=document.whole, source=document.source)
        entry.add_unsigned("day", day_number(document.date))
        entry.add_unsigned("year", day_number(document.date[:4]))
        for slug in corpus.entities.get(document.id, ()):
            entry.add_text("entity", slug)
        writer.add_document(entry)
    writer.commit()
    writer.wait_merging_threads()
