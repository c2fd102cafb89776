"""The engines that are timed."""

from .base import HITS, Corpus, Engine, Shown, read_entities
from .with_bm25s import BM25S
from .with_sqlite import FTS5, SyriaSearch
from .with_tantivy import CountingTantivy, Tantivy
from .with_whoosh import Whoosh
from .with_xapian import Xapian

ENGINES: tuple[type[Engine], ...] = (
    SyriaSearch,
    FTS5,
    Tantivy,
    CountingTantivy,
    BM25S,
    Xapian,
    Whoosh,
)

__all__ = ["ENGINES", "FTS5", "HITS", "Corpus", "Engine", "Shown", "SyriaSearch", "Tantivy",
           "read_entities"]  # fmt: skip
