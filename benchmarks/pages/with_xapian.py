"""How does Xapian make a page?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from cache import Cache
from cases import KINDS, Case

from .base import HITS, SNIPPET, Corpus, Engine, Shown, day_number

_DAY, _SOURCE, _YEAR = range(3)
_ENTITY = "XE"


class Xapian(Engine):
    """Xapian with articles as documents; `mset.snippet`, and its own spelling corrections."""

    name = "xapian"
    module = "xapian"
    kinds = frozenset(KINDS)

    def open(self, corpus: Corpus, cache: Cache) -> None:
        """Open the database of the cache."""
        import xapian

        folder = cache.get(f"{corpus.name}-xapian", partial(_build, corpus))
        self._database = xapian.Database(str(folder / "database"))
        self._documents = self._database.get_doccount()
        self._stemmer = xapian.Stem("english")
        self._parser = xapian.QueryParser()
        self._parser.set_database(self._database)
        self._parser.set_stemmer(self._stemmer)
        self._parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)

    def page(self, case: Case) -> list[Shown]:
        """Search, and cut snippets from the stored texts."""
        import xapian

        enquire = xapian.Enquire(self._database)
        enquire.set_query(self._query(case))
        spies = [xapian.ValueCountMatchSpy(slot) for slot in (_SOURCE, _YEAR) if case.facets]
        for spy in spies:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, HITS, self._documents if spies else 0)
        for spy in spies:
            for value in spy.top_values(50):
                str(value.term)
        hits = []
        for match in found:
            name, _, text = match.document.get_data().decode().partition("\n")
            snippet = found.snippet(text, SNIPPET, self._stemmer)
            hits.append(Shown(name, snippet.decode()))
        return hits

    def _query(self, case: Case) -> Any:
        import xapian

        parser = self._parser
        parser.set_default_op(xapian.Query.OP_OR if case.operator == "any" else xapian.Query.OP_AND)
        text, flags = " ".join(case.words), 0
        if case.operator == "phrase":
            text, flags = f'"{text}"', xapian.QueryParser.FLAG_PHRASE
        elif case.operator == "prefix":
            text, flags = f"{text}*", xapian.QueryParser.FLAG_WILDCARD
        elif case.misspelt:
            flags = xapian.QueryParser.FLAG_SPELLING_CORRECTION
        query = parser.parse_query(text, flags)
        if case.misspelt and (corrected := parser.get_corrected_query_string()):
            query = parser.parse_query(corrected, 0)
        if case.after:
            day = xapian.sortable_serialise(day_number(case.after))
            span = xapian.Query(xapian.Query.OP_VALUE_GE, _DAY, day)
            query = xapian.Query(xapian.Query.OP_FILTER, query, span)
        if case.entity:
            named = xapian.Query(_ENTITY + case.entity)
            query = xapian.Query(xapian.Query.OP_FILTER, query, named)
        return query


def _build(corpus: Corpus, folder: Path) -> None:
    import xapian

    place = str(folder / "database")
    database = xapian.WritableDatabase(place, xapian.DB_CREATE_OR_OPEN)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("english"))
    generator.set_database(database)
    generator.set_flags(xapian.TermGenerator.FLAG_SPELLING)
    for document in corpus.documents:
        entry = xapian.Document()
        generator.set_document(entry)
        generator.index_text(document.whole)
        entry.set_data(f"{document.id}\n{document.whole}")
        entry.add_value(_DAY, xapian.sortable_serialise(day_number(document.date)))
        entry.add_value(_SOURCE, document.source)
        entry.add_value(_YEAR, document.date[:4])
        for slug in corpus.entities.get(document.id, ()):
            entry.add_boolean_term(_ENTITY + slug)
        database.add_document(entry)
    database.commit()
    database.close()
