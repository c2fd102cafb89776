"""One article: its paragraphs, the mentions in them, and the ranges that answer a query."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..models.article import Article, ArticleText, Paragraph, Snippet
from ..models.entity import Mention
from ..store import articles
from ..store.values import RowCheck
from ..text.tokenize import terms
from .mentions import read_mentions
from .query.clauses import Clause, Disjunction, Plan, TermSequence, loosened, mentioned_entities
from .query.parser import parse, passage_of
from .query.planner import make_plan
from .snippets import Highlighter, highlight_ranges, make_snippet

if TYPE_CHECKING:
    from .collection import Collection

ARTICLE_COLUMNS = "id, slug, title, author, source, url, published, lang, path"
ARTICLE_ROWS = RowCheck("articles", ARTICLE_COLUMNS.split(", "))
_PARAGRAPHS = RowCheck("paragraphs", ("id", "position", "kind", "text"))
_SLUGS = RowCheck("articles", ("#", "published", "slug"))


def read_article(collection: Collection, slug: str, query: str) -> ArticleText:
    """Return a whole article, with the ranges of its paragraphs that answer a query.

    A slug may be shortened as long as only one article's slug begins with it. Raises
    ArticleNotFoundError, and QuerySyntaxError for a query that cannot be used.
    """
    article, shard = find_article(collection, slug)
    connection = collection.connections[shard]
    clauses = _plan(collection, query).shown
    found = connection.execute(
        "SELECT id, position, kind, text FROM paragraphs WHERE article_id = ? ORDER BY position",
        (article.id,),
    )
    rows = [(row[0], row[1], row[2], row[3]) for row in _PARAGRAPHS.rows(found)]
    named_in = _mentions(connection, article.id)
    paragraphs = _highlighted(rows, named_in, clauses)
    if not any(each.highlights for each in paragraphs):
        loose = [clause._replace(node=loosened(clause.node)) for clause in clauses]
        paragraphs = _highlighted(rows, named_in, loose)
    return ArticleText(article, paragraphs)


def _highlighted(
    rows: Iterable[tuple[int, int, str, str]],
    named_in: Mapping[int, Sequence[Mention]],
    clauses: Sequence[Clause],
) -> tuple[Paragraph, ...]:
    """Return paragraphs, from their rows, with the ranges that match clauses of a query."""
    highlighter = Highlighter([clause for clause in clauses if not clause.optional])
    asked = {entity.slug for clause in clauses for entity in mentioned_entities(clause.node)}
    paragraphs = []
    for paragraph_id, position, kind, text in rows:
        mentions = tuple(named_in.get(paragraph_id, ()))
        named = [(each.start, each.end, 0) for each in mentions if each.entity.slug in asked]
        highlights = highlight_ranges(highlighter.spans(text, named))
        paragraphs.append(Paragraph(paragraph_id, position, kind, text, highlights, mentions))
    return tuple(paragraphs)


def _plan(collection: Collection, query: str) -> Plan:
    from .more_like_this import plan_from_text

    text = passage_of(query)
    if text is None:
        return make_plan(parse(query), collection.lexicon)
    return plan_from_text(collection, text)


def make_highlighter(collection: Collection, query: str) -> Callable[[str], Snippet]:
    """Return a function that makes a snippet of any text, with the parts that answer a query.

    No mentions are recorded for such a text, so entities are found by their aliases. Raises
    QuerySyntaxError for a query that cannot be used.
    """
    lexicon = collection.lexicon
    clauses = [each for each in _plan(collection, query).shown if not each.optional]
    for index, clause in enumerate(clauses):
        entities = mentioned_entities(clause.node)
        aliases = {alias for entity in entities for alias in lexicon.aliases(entity.id)}
        sequences = {TermSequence(tuple(terms(alias))) for alias in aliases}
        if sequences:
            clauses[index] = clause._replace(node=Disjunction((clause.node, *sequences)))
    highlighter, weights = Highlighter(clauses), [1.0] * len(clauses)
    return lambda text: make_snippet(text, highlighter.spans(text), weights)


def find_article(collection: Collection, slug: str) -> tuple[Article, int]:
    """Return an article and the index of its archive, by its slug or a unique prefix of it.

    Raises ArticleNotFoundError.
    """
    number, shard = articles.find_article(collection.connections, slug)
    row = collection.connections[shard].execute(
        f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (number,)
    )
    return Article(*ARTICLE_ROWS.row(row.fetchone())), shard


def read_slugs(collection: Collection) -> list[str]:
    """Return the slugs of all articles, the oldest first, and those without a date last."""
    rows = (
        row
        for connection in collection.connections
        for row in _SLUGS.rows(
            connection.execute("SELECT published IS NULL, published, slug FROM articles")
        )
    )
    return [slug for *_, slug in sorted(rows, key=lambda row: (row[0], row[1] or "", row[2]))]


def read_articles(collection: Collection, ids: Iterable[int]) -> tuple[Article, ...]:
    """Return articles, by their ids, in order."""
    wanted = json.dumps(sorted(ids))
    select = (
        f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        " ORDER BY id"
    )
    rows = [row for each in collection.connections for row in each.execute(select, (wanted,))]
    return tuple(Article(*row) for row in ARTICLE_ROWS.rows(rows))


def _mentions(connection: sqlite3.Connection, article_id: int) -> dict[int, list[Mention]]:
    """Return the mentions in an article, sorted by offset, keyed by paragraph id."""
    within = "paragraph_id IN (SELECT id FROM paragraphs WHERE article_id = ?)"
    found: dict[int, list[Mention]] = {}
    for paragraph_id, mention in read_mentions(connection, within, (article_id,)):
        found.setdefault(paragraph_id, []).append(mention)
    return found
