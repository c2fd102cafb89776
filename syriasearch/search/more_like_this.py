"""More-like-this and query expansion: the plan that finds articles similar to a given one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from ..entities.names.name_lookup import NamedEntity
from ..index.postings import WEIGHTS
from ..text.stopwords import is_stop_word
from ..text.tokenize import terms
from .collection import Collection
from .query.clauses import Clause, Mentions, Plan, Terms, term_sequences
from .query.lexicon import Lexicon
from .scoring import idf

MAX_WORDS = 25
"""The maximum number of words that describe an article."""
MAX_NAMES = 8
"""The maximum number of entities that describe an article."""
FEEDBACK = 5
"""The number of best hits that a query is expanded from."""
EXPANSION_WORDS = 20
"""The maximum number of words that a query is expanded with."""
FEEDBACK_WEIGHT = 0.1
"""The maximum weight of a word that a query is expanded with."""
SATURATION = 1.2
"""The saturation of term frequency in the weight of a word or a name."""
MIN_SCORE_RATIO = 0.05
"""The share of an article's own score that another must reach to be related to it."""


def plan_from_article(collection: Collection, article: int, shard: int) -> Plan:
    """Return a plan with the words and entities that distinguish an article from others.

    `shard` is the index of its archive.
    """
    words = _words(collection, article, shard)[:MAX_WORDS]
    rows = collection.connections[shard].execute(
        "SELECT entities.id, slug, name, type, count(*) FROM paragraphs"
        " CROSS JOIN mentions ON mentions.paragraph_id = paragraphs.id"
        " CROSS JOIN entities ON entities.id = entity_id WHERE article_id = ? GROUP BY 1",
        (article,),
    )
    named = [(NamedEntity(*row), count) for *row, count in rows]
    statistics = collection.mention_statistics([entity.id for entity, _ in named])
    found = [
        _weighted(Clause(entity.name, Mentions((entity,))), count, each.doc_freq, collection)
        for (entity, count), each in zip(named, statistics, strict=True)
    ]
    names = sorted(found, key=lambda each: -each[0])[:MAX_NAMES]
    return Plan(tuple(clause for _, clause in (*words, *names)), (), everything=False)


def expand_query(
    collection: Collection, plan: Plan, articles: Iterable[tuple[int, int]]
) -> tuple[Clause, ...]:
    """Return optional clauses for words that the best hits share and the plan does not ask for.

    Each article is an id and the index of its archive. This is pseudo-relevance feedback with small
    weights: together, all these clauses count little compared with the query itself.
    """
    sequences = (run for clause in plan.clauses for run in term_sequences(clause.node))
    asked = {term for run in sequences for term in run.terms}
    values: defaultdict[Clause, float] = defaultdict(float)
    for article, shard in articles:
        for value, clause in _words(collection, article, shard):
            if isinstance(clause.node, Terms) and not asked.intersection(clause.node.terms):
                values[clause._replace(optional=True, weight=1.0)] += value
    best = sorted(values.items(), key=lambda each: -each[1])[:EXPANSION_WORDS]
    highest = best[0][1] if best else 1.0
    return tuple(
        clause._replace(weight=FEEDBACK_WEIGHT * value / highest) for clause, value in best
    )


def _words(collection: Collection, article: int, shard: int) -> list[tuple[float, Clause]]:
    """Return clauses for the words that distinguish an article from others, with their values."""
    counts: Counter[str] = Counter()
    for kind, text in collection.connections[shard].execute(
        "SELECT kind, text FROM paragraphs WHERE article_id = ?", (article,)
    ):
        for word in terms(text):
            if len(word) > 2 and not is_stop_word(word):
                counts[word] += WEIGHTS.get(kind, 1)
    classes = _classes(collection.lexicon, counts)
    frequencies = collection.document_frequencies([forms for forms, _ in classes])
    found = [
        _weighted(Clause(forms[0], Terms(forms)), count, articles, collection)
        for (forms, count), articles in zip(classes, frequencies, strict=True)
    ]
    return sorted(found, key=lambda each: -each[0])


def _classes(lexicon: Lexicon, counts: Counter[str]) -> list[tuple[tuple[str, ...], int]]:
    """Return the classes of the most common words, each with the total count of its words."""
    classes: list[tuple[tuple[str, ...], int]] = []
    seen: set[str] = set()
    for word, _ in counts.most_common(4 * MAX_WORDS):
        if word not in seen:
            forms = lexicon.word_class(word) or (word,)
            seen.update(forms)
            classes.append((forms, sum(counts[form] for form in forms)))
    return classes


def _weighted(
    clause: Clause, count: int, articles: int, collection: Collection
) -> tuple[float, Clause]:
    """Return the value of a clause, and the clause weighted by its frequency in the article.

    The value is idf times that weight, which is the frequency f saturated: f / (f + SATURATION).
    """
    weight = count / (count + SATURATION)
    # The forms of a word may be in more articles, added up, than there are: idf is negative then.
    value = max(idf(articles, collection.totals.articles), 0.0) if articles else 0.0
    return weight * value, clause._replace(weight=weight)
