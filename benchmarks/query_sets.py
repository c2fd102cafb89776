"""Which queries are asked of which documents, and which answers are right?

A judged set has queries with judgements by hand. A known-item set asks for articles by their
headlines, which no engine has seen: the article is the one right answer.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpora import Document, read_documents, read_lines, words

Queries = dict[str, str]
"""The text of each query, by its id."""
Judgements = dict[str, dict[str, int]]
"""Whether each judged document is relevant, 1 or 0, by query and document id."""

HEADLINES = 600
LEAST_WORDS = 4
RAREST = 3
SEED = 20180127

JUDGED = {"cranfield": "ir/cranfield", "vaswani": "ir/vaswani_npl"}
KNOWN_ITEM = {
    "allsides": "news/allsides_mideast.jsonl",
    "reuters": "scale/reuters21578.jsonl.xz",
}


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Documents, and one kind of queries that are asked of them."""

    name: str
    documents: tuple[Document, ...]
    queries: Queries
    judgements: Judgements
    measures: tuple[str, ...]
    """As ir_measures writes them; the first is the one that differences are tested on."""
    depth: int
    """So many hits of an engine are looked at."""


def load(name: str, data: Path) -> list[QuerySet]:
    """Load the sets of one name: one that is judged, or two that look for known items."""
    if name in JUDGED:
        return [load_judged(name, data / JUDGED[name])]
    return load_known_item(name, tuple(read_documents(data / KNOWN_ITEM[name])))


def load_judged(name: str, folder: Path) -> QuerySet:
    """Load documents, queries and judgements of a folder."""
    documents = tuple(
        Document(values["id"], title, without_title(title, values["text"].strip()))
        for values in read_lines(folder / "docs.jsonl")
        for title in [(values.get("title") or "").strip()]
        if title or values["text"].strip()
    )
    queries = {values["id"]: values["text"] for values in read_lines(folder / "queries.jsonl")}
    judgements = read_judgements(folder / "qrels.tsv")
    return QuerySet(name, documents, queries, judgements, ("AP", "nDCG@10"), 1000)


def read_judgements(path: Path) -> Judgements:
    """Read a file of query, document and grade; what has a grade above zero is relevant.

    How relevant is not asked: whether Cranfield's 1 is the best of its grades or the worst is told
    both ways.
    """
    judgements: Judgements = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            grades = judgements.setdefault(row["query-id"], {})
            grades[row["corpus-id"]] = int(int(row["score"]) > 0)
    return judgements


def without_title(title: str, text: str) -> str:
    """Return a text without the title that it repeats at its start, unless it is nothing else."""
    return text.removeprefix(title).strip() or text


def load_known_item(name: str, documents: Sequence[Document]) -> list[QuerySet]:
    """Make two sets of a file of articles: whole headlines, and the three rarest words of each."""
    chosen = choose_headlines(documents)
    untitled = tuple(replace(document, title="") for document in documents)
    frequencies = document_frequencies(untitled)
    headlines = {document.id: document.title for document in chosen}
    rarest = {id_: " ".join(rarest_words(text, frequencies)) for id_, text in headlines.items()}
    judgements = {document.id: {document.id: 1} for document in chosen}
    return [
        QuerySet(f"{name}, {kind}", untitled, queries, judgements, ("RR@100",), 100)
        for kind, queries in (("headline", headlines), ("three rarest words", rarest))
    ]


def choose_headlines(documents: Sequence[Document], count: int = HEADLINES) -> list[Document]:
    """Choose documents with a headline of some words that no other has, the same each time."""
    plain = [" ".join(words(document.title)) for document in documents]
    copies = Counter(plain)
    fit = [
        document
        for document, title in zip(documents, plain, strict=True)
        if copies[title] == 1 and len(title.split()) >= LEAST_WORDS
    ]
    return random.Random(SEED).sample(fit, min(count, len(fit)))


def document_frequencies(documents: Sequence[Document]) -> Counter[str]:
    """Count in how many documents each word stands."""
    return Counter(word for document in documents for word in set(words(document.whole)))


def rarest_words(
    headline: str, frequencies: Mapping[str, int], count: int = RAREST
) -> tuple[str, ...]:
    """Return a headline's rarest words among those that some document has, as they follow there."""
    known = [word for word in dict.fromkeys(words(headline)) if frequencies.get(word, 0)]
    rarest = set(sorted(known, key=lambda word: frequencies[word])[:count])
    return tuple(word for word in known if word in rarest)
