"""Which articles are about the same? What a query would have to ask to find them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from ..entities.names.fuzzy_lookup import NamedEntity
from ..index.postings import WEIGHTS
from ..text.normalize import terms
from ..text.stopwords import is_stop_word
from .collection import Collection
from .query.clauses import Mentions, Terms, runs_of
from .query.lexicon import Lexicon
from .query.planner import Clause, Plan

MAX_WORDS = 25
MAX_NAMES = 8
"""An article is known by so many of its words and of the names in it."""
FEEDBACK = 5
EXPANDED = 20
GENTLE = 0.1
"""So many of the best hits lend a query so many of their words, each with this weight at most."""
LEAST = 0.05
"""What answers these so much less than the article itself is not related."""


def plan_like(collection: Collection, article: int, place: int) -> Plan:
    """Return a plan that asks for the words and names that tell an article from others.

    It stands in the archive of that place.
    """
    words = _words(collection, article, place)[:MAX_WORDS]
    rows = collection.connections[place].execute(
        "SELECT entities.id, slug, name, type, count(*) FROM paragraphs"
        " CROSS JOIN mentions ON mentions.paragraph_id = paragraphs.id"
        " CROSS JOIN entities ON entities.id = entity_id WHERE article_id = ? GROUP BY 1",
        (article,),
    )
    found: list[tuple[float, Clause]] = []
    named = rows.fetchall()
    spreads = collection.namings([row[0] for row in named])
    for (number, slug, name, kind, count), spread in zip(named, spreads, strict=True):
        node = Mentions((NamedEntity(number, slug, name, kind),))
        found.append(_clause(Clause(name, node), count, spread.articles, collection))
    names = sorted(found, key=lambda each: -each[0])[:MAX_NAMES]
    return Plan(tuple(clause for _, clause in (*words, *names)), (), everything=False)


def more_words(
    collection: Collection, plan: Plan, articles: Iterable[tuple[int, int]]
) -> tuple[Clause, ...]:
    """Return optional clauses for the words that the best hits share and a plan does not ask for.

    Articles are told with the places of the archives that have them. Pseudo-relevance feedback,
    gently: all of them together count little beside what was asked.
    """
    asked = {term for clause in plan.clauses for run in runs_of(clause.node) for term in run.terms}
    told: defaultdict[Clause, float] = defaultdict(float)
    for article, place in articles:
        for value, clause in _words(collection, article, place):
            if isinstance(clause.node, Terms) and not asked.intersection(clause.node.terms):
                told[clause._replace(optional=True, weight=1.0)] += value
    best = sorted(told.items(), key=lambda each: -each[1])[:EXPANDED]
    highest = best[0][1] if best else 1.0
    return tuple(clause._replace(weight=GENTLE * value / highest) for clause, value in best)


def _words(collection: Collection, article: int, place: int) -> list[tuple[float, Clause]]:
    """Return clauses for the words that tell an article from others, with how much each tells."""
    counts: Counter[str] = Counter()
    for kind, text in collection.connections[place].execute(
        "SELECT kind, text FROM paragraphs WHERE article_id = ?", (article,)
    ):
        for word in terms(text):
            if len(word) > 2 and not is_stop_word(word):
                counts[word] += WEIGHTS.get(kind, 1)
    classes = _classes(collection.lexicon, counts)
    having = collection.having_words([forms for forms, _ in classes])
    found = [
        _clause(Clause(forms[0], Terms(forms)), count, articles, collection)
        for (forms, count), articles in zip(classes, having, strict=True)
    ]
    return sorted(found, key=lambda each: -each[0])


def _classes(lexicon: Lexicon, counts: Counter[str]) -> list[tuple[tuple[str, ...], int]]:
    """Return the classes of the commonest words, each with how often any of its words stands."""
    classes: list[tuple[tuple[str, ...], int]] = []
    seen: set[str] = set()
    for word, _ in counts.most_common(4 * MAX_WORDS):
        if word not in seen:
            forms = lexicon.word_class(word) or (word,)
            seen.update(forms)
            classes.append((forms, sum(counts[form] for form in forms)))
    return classes


def _clause(
    clause: Clause, count: int, articles: int, collection: Collection
) -> tuple[float, Clause]:
    """Return what a clause tells, and the clause as weighty as the article has it often."""
    weight = count / (count + 1.2)
    total = collection.totals.articles
    idf = math.log(1 + (total - articles + 0.5) / (articles + 0.5)) if articles else 0.0
    return weight * max(idf, 0.0), Clause(clause.label, clause.node, weight=weight)
