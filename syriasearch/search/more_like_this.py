"""More-like-this and query expansion: the plan that finds articles similar to an article or a text.

The words that distinguish it are chosen by their frequency in it and their rarity in the archive;
so are the names, which are found in any spelling that an alias has. A text is read as text: nothing
in it is syntax. Addresses are left out, and hashtags and account names are read as their words.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from ..entities.names.name_lookup import NamedEntity
from ..index.postings import WEIGHTS
from ..text.arabic import name_key
from ..text.patterns import regex
from ..text.stopwords import is_stop_word
from ..text.tokenize import terms
from .collection import Collection
from .query.clauses import Clause, Mentions, Plan, Terms, term_sequences
from .query.lexicon import Lexicon
from .scoring import idf

MAX_WORDS = 60
"""The maximum number of words that describe an article or a text."""
MAX_NAMES = 12
"""The maximum number of entities that describe an article or a text."""
MAX_ALIAS_WORDS = 4
"""The maximum number of words in a name that is looked for in a text."""
MAX_NAME_WORDS = 2000
"""The number of words at the beginning of a text in which names are looked for."""
MIN_MISSPELT = 5
"""The minimum length of a word of a text that is replaced by a similar one if it is unknown."""
MAX_MISSPELT = 6
"""The maximum number of unknown words of a text that are replaced."""
FEEDBACK = 5
"""The number of best hits that a query is expanded from."""
EXPANSION_WORDS = 20
"""The maximum number of words that a query is expanded with."""
FEEDBACK_WEIGHT = 0.1
"""The maximum weight of a word that a query is expanded with."""
SATURATION = 8.0
"""The saturation of term frequency in the weight of a word or a name: the weight is nearly in
proportion to the frequency f, f / (f + SATURATION)."""
NAME_WEIGHT = 0.5
"""The weight of a name, compared with a word: its words are among the words already."""
MIN_SCORE_RATIO = 0.01
"""The share of an article's own score, or of the best hit of a text, that a hit must reach."""

_ADDRESS = regex(r"(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S+", re.IGNORECASE)
_TAG = regex(r"[#@](\w+)")
_TAG_PART = regex(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-zA-Z])(?=[0-9])|_+")


def plan_from_article(collection: Collection, article: int, shard: int) -> Plan:
    """Return a plan with the words and entities that distinguish an article from others.

    `shard` is the index of its archive.
    """
    connection = collection.connections[shard]
    rows = connection.execute(
        "SELECT entities.id, slug, name, type, count(*) FROM paragraphs"
        " CROSS JOIN mentions ON mentions.paragraph_id = paragraphs.id"
        " CROSS JOIN entities ON entities.id = entity_id WHERE article_id = ? GROUP BY 1",
        (article,),
    )
    named = [(NamedEntity(*row), count) for *row, count in rows]
    return _plan(collection, _words(collection, _article_terms(connection, article)), named)


def plan_from_text(collection: Collection, text: str) -> Plan:
    """Return a plan with the words and the names that distinguish a text from the articles."""
    text = plain_words(text)
    words = _words(collection, _spelt(collection, Counter(filter(_is_telling, terms(text)))))
    return _plan(collection, words, _named(collection.names, text))


def plain_words(text: str) -> str:
    """Return a text without addresses, and with the words of its hashtags and account names."""
    text = _ADDRESS.sub(" ", text)
    return _TAG.sub(lambda tag: f" {_TAG_PART.sub(' ', tag[1])} ", text)


def _plan(
    collection: Collection,
    words: Sequence[tuple[float, Clause]],
    named: Sequence[tuple[NamedEntity, int]],
) -> Plan:
    statistics = collection.mention_statistics([entity.id for entity, _ in named])
    found = [
        _weighted(Clause(entity.name, Mentions((entity,))), count, each.doc_freq, collection)
        for (entity, count), each in zip(named, statistics, strict=True)
    ]
    names = sorted(found, key=lambda each: -each[0])[:MAX_NAMES]
    best = (*words[:MAX_WORDS], *names)
    return Plan(tuple(clause for value, clause in best if value), (), everything=False)


def _named(names: sqlite3.Connection, text: str) -> list[tuple[NamedEntity, int]]:
    """Return the entities whose aliases occur in a text, with the numbers of occurrences.

    Of names that overlap the longest counts. A single word that is not capitalized is no name,
    unless its script has no capitals.
    """
    written = [each.strip(".,;:!?()[]{}\"'“”‘’«»،؛؟") for each in text.split()[:MAX_NAME_WORDS]]
    keys = {
        (start, end): key
        for start in range(len(written))
        for end in range(start + 1, min(start + MAX_ALIAS_WORDS, len(written)) + 1)
        if (end > start + 1 or not written[start][:1].islower())
        and (key := name_key(" ".join(written[start:end])))
    }
    bearers = _bearers(names, sorted(set(keys.values())))
    counts: Counter[NamedEntity] = Counter()
    taken: set[int] = set()
    for (start, end), key in sorted(keys.items(), key=lambda each: each[0][0] - each[0][1]):
        entities = bearers.get(key, ())
        # A name of many says little about which of them is meant.
        if len(entities) == 1 and taken.isdisjoint(range(start, end)):
            counts.update(entities)
            taken.update(range(start, end))
    return list(counts.items())


def _bearers(names: sqlite3.Connection, keys: Sequence[str]) -> dict[str, set[NamedEntity]]:
    """Return the entities with aliases that have these keys, by key."""
    found: defaultdict[str, set[NamedEntity]] = defaultdict(set)
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        for key, *row in names.execute(
            "SELECT key, entities.id, slug, name, type FROM aliases"
            " JOIN entities ON entities.id = entity_id"
            f" WHERE key IN ({', '.join('?' * len(some))})",
            some,
        ):
            found[key].add(NamedEntity(*row))
    return found


def _spelt(collection: Collection, counts: Counter[str]) -> Counter[str]:
    """Return counts of words with the unknown ones replaced by the words most similar to them."""
    known = collection.lexicon.words.counts(counts)
    replaced: Counter[str] = Counter()
    unknown = 0
    for word, count in counts.items():
        similar: Sequence[str] = ()
        if word not in known and len(word) >= MIN_MISSPELT and word.isalpha():
            unknown += 1
            if unknown <= MAX_MISSPELT and not collection.lexicon.word_class(word):
                similar = collection.lexicon.words.similar(word, 1)
        replaced[similar[0] if similar else word] += count
    return replaced


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
        counts = _article_terms(collection.connections[shard], article)
        for value, clause in _words(collection, counts):
            if isinstance(clause.node, Terms) and not asked.intersection(clause.node.terms):
                values[clause._replace(optional=True, weight=1.0)] += value
    best = sorted(values.items(), key=lambda each: -each[1])[:EXPANSION_WORDS]
    highest = best[0][1] if best else 1.0
    return tuple(
        clause._replace(weight=FEEDBACK_WEIGHT * value / highest) for clause, value in best
    )


def _is_telling(word: str) -> bool:
    return len(word) > 2 and not is_stop_word(word)


def _article_terms(connection: sqlite3.Connection, article: int) -> Counter[str]:
    """Return the weighted frequencies of the words of an article that are no stop words."""
    counts: Counter[str] = Counter()
    for kind, text in connection.execute(
        "SELECT kind, text FROM paragraphs WHERE article_id = ?", (article,)
    ):
        for word in filter(_is_telling, terms(text)):
            counts[word] += WEIGHTS.get(kind, 1)
    return counts


def _words(collection: Collection, counts: Counter[str]) -> list[tuple[float, Clause]]:
    """Return clauses for the words that distinguish a text from others, with their values."""
    known = collection.lexicon.words.counts(counts)
    total = collection.totals.articles

    def rough_value(word: str) -> float:
        # Occurrences in the archive take the place of articles, whose number is not known yet.
        return counts[word] / (counts[word] + SATURATION) * idf(min(known[word], total), total)

    best = sorted((word for word in counts if word in known), key=lambda word: -rough_value(word))
    classes = _classes(collection.lexicon, counts, best[: 2 * MAX_WORDS])
    frequencies = collection.document_frequencies([forms for forms, _ in classes])
    found = [
        _weighted(Clause(forms[0], Terms(forms)), count, articles, collection)
        for (forms, count), articles in zip(classes, frequencies, strict=True)
    ]
    return sorted(found, key=lambda each: -each[0])


def _classes(
    lexicon: Lexicon, counts: Counter[str], words: Iterable[str]
) -> list[tuple[tuple[str, ...], int]]:
    """Return the classes of some words, each with the total count of its words."""
    classes: list[tuple[tuple[str, ...], int]] = []
    seen: set[str] = set()
    for word in words:
        if word not in seen:
            forms = lexicon.word_class(word) or (word,)
            seen.update(forms)
            classes.append((forms, sum(counts[form] for form in forms)))
    return classes


def _weighted(
    clause: Clause, count: int, articles: int, collection: Collection
) -> tuple[float, Clause]:
    """Return the value of a clause, and the clause weighted by its frequency in the article.

    The value is idf times that weight, which is the frequency saturated.
    """
    factor = NAME_WEIGHT if isinstance(clause.node, Mentions) else 1.0
    weight = factor * count / (count + SATURATION)
    # The forms of a word may be in more articles, added up, than there are: idf is negative then.
    value = max(idf(articles, collection.totals.articles), 0.0) if articles else 0.0
    return weight * value, clause._replace(weight=weight)
