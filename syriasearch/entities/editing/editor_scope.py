"""Resolution of the mentions that an edit refers to: of an article, a source, or one mention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ...errors import OptionError
from ...store.articles import find_article
from ...text.tokenize import joined_terms
from .correction_scope import ArticleContents, CorrectionScope, Occurrence, find_occurrences
from .corrections import Correction
from .editor_lookup import SHOWN, EditorLookup

_NUMBERS = 12
"""Maximum number of occurrences that an error message lists."""


class Among(NamedTuple):
    """Where the mentions are that an edit refers to, as a user says it; everywhere by default."""

    article: str | None = None
    """The slug of an article, or its beginning."""
    source: str | None = None
    """The name of a source."""
    occurrence: int | None = None
    """The number of the mention among the occurrences of its spelling in the article, from 1."""


class _Surface(NamedTuple):
    """A mention of an entity in an article."""

    text: str
    position: int
    start: int


def find_scope(
    lookup: EditorLookup, slug: str, spellings: Sequence[str], among: Among
) -> CorrectionScope:
    """Return the scope of a split of the entity `slug`.

    Raises OptionError if no mention of the entity is there, and ArticleNotFoundError.
    """
    if among.article is not None and among.source is not None:
        raise OptionError("an article has one source: give the article or the source")
    if among.article is None and among.occurrence is not None:
        raise OptionError("an occurrence is counted in an article: give the article")
    if among.article is not None:
        if among.occurrence is not None and len(spellings) != 1:
            raise OptionError("an occurrence is that of a spelling: give one spelling")
        return _in_article(lookup, slug, spellings, among.article, among.occurrence)
    assert among.source is not None
    return _of_source(lookup, slug, spellings, among.source)


def _in_article(
    lookup: EditorLookup, slug: str, spellings: Sequence[str], article: str, occurrence: int | None
) -> CorrectionScope:
    connections = [indexer.connection for indexer in lookup.indexers]
    number, shard = find_article(connections, article)
    connection = connections[shard]
    contents = ArticleContents(connection, number)
    found = [
        _Surface(*row)
        for row in connection.execute(
            "SELECT surface, position, start FROM paragraphs"
            " CROSS JOIN mentions ON paragraph_id = paragraphs.id"
            " CROSS JOIN entities ON entities.id = entity_id"
            " WHERE article_id = ? AND slug = ? ORDER BY position, start",
            (number, slug),
        )
    ]
    if not found:
        hint = _said_before(lookup, slug, contents.slug)
        raise OptionError(f"{contents.slug} does not name {slug}{hint}")
    counts = Counter(each.text for each in found)
    for spelling in spellings:
        if joined_terms(spelling) not in map(joined_terms, counts):
            hint = _said_before(lookup, slug, contents.slug, spelling)
            raise _never_spelt(f"in {contents.slug}", slug, spelling, counts, hint)
    copies = _copies(lookup, number)
    scope = CorrectionScope(
        articles=(contents.slug, *(each.slug for each in copies)),
        texts=tuple(dict.fromkeys(each.key for each in (contents, *copies))),
    )
    if occurrence is None:
        return scope
    hint = _said_before(lookup, slug, contents.slug, spellings[0], occurrence)
    place = _place(slug, contents, found, spellings[0], occurrence, hint)
    return CorrectionScope(
        scope.articles,
        scope.texts,
        occurrence=occurrence,
        before=place.before,
        after=place.after,
    )


def _place(
    slug: str,
    contents: ArticleContents,
    found: Sequence[_Surface],
    spelling: str,
    occurrence: int,
    hint: str,
) -> Occurrence:
    """Return the occurrence of a spelling with a number, if it is a mention of the entity."""
    places = list(find_occurrences(contents.texts, spelling))
    starts = {(each.position, each.start): each.number for each in places}
    named = {
        starts[each.position, each.start]
        for each in found
        if each.text == spelling and (each.position, each.start) in starts
    }
    counts = Counter(each.text for each in found)
    if not named:
        raise _never_spelt(f"in {contents.slug}", slug, spelling, counts)
    if occurrence not in named:
        numbers = ", ".join(map(str, sorted(named)[:_NUMBERS]))
        numbers += f" and {len(named) - _NUMBERS:,} more" if len(named) > _NUMBERS else ""
        raise OptionError(
            f"occurrence {occurrence} of {spelling!r} in {contents.slug} is no mention of {slug}"
            f"{hint}: of its {len(places)} occurrences those are: {numbers}"
        )
    return places[occurrence - 1]


def _of_source(
    lookup: EditorLookup, slug: str, spellings: Sequence[str], source: str
) -> CorrectionScope:
    if not spellings:
        raise OptionError("a source needs a spelling: that which it uses for somebody else")
    counts: Counter[str] = Counter()
    known = False
    for indexer in lookup.indexers:
        rows = indexer.connection.execute(
            "SELECT surface, count(*) FROM mentions"
            " CROSS JOIN paragraphs ON paragraphs.id = paragraph_id"
            " CROSS JOIN articles ON articles.id = article_id"
            " WHERE entity_id = ? AND source = ? GROUP BY 1",
            (indexer.entities.id_of(slug), source),
        )
        counts.update(dict(rows.fetchall()))
        of_source = "SELECT 1 FROM articles WHERE source = ? LIMIT 1"
        known |= bool(indexer.connection.execute(of_source, (source,)).fetchall())
    if not known:
        raise OptionError(f"no article has the source {source!r}" + _similar(lookup, source))
    if not counts:
        raise OptionError(
            f"no article of {source} names {slug}" + _said_before(lookup, slug, source)
        )
    for spelling in spellings:
        if joined_terms(spelling) not in map(joined_terms, counts):
            hint = _said_before(lookup, slug, source, spelling)
            raise _never_spelt(f"in articles of {source}", slug, spelling, counts, hint)
    return CorrectionScope(source=source)


def _copies(lookup: EditorLookup, article: int) -> list[ArticleContents]:
    """Return the other articles among an original and its copies, of which an article is one."""
    found: dict[int, ArticleContents] = {}
    originals = "SELECT ifnull(duplicate_of, id) FROM articles WHERE id = ?"
    rows = (each.connection.execute(originals, (article,)).fetchone() for each in lookup.indexers)
    original = next(row[0] for row in rows if row)
    for indexer in lookup.indexers:
        group = "SELECT id FROM articles WHERE (id = ? OR duplicate_of = ?) AND id != ?"
        for (number,) in indexer.connection.execute(group, (original, original, article)):
            found[number] = ArticleContents(indexer.connection, number)
    return [contents for _, contents in sorted(found.items())]


def _never_spelt(
    where: str, slug: str, spelling: str, counts: Counter[str], hint: str = ""
) -> OptionError:
    shown = ", ".join(surface for surface, _ in counts.most_common(SHOWN))
    return OptionError(f"{slug} is never spelt {spelling!r} {where}{hint}, but {shown}")


def _said_before(
    lookup: EditorLookup,
    slug: str,
    place: str,
    spelling: str | None = None,
    occurrence: int | None = None,
) -> str:
    """Return a hint at the latest correction that says already that an entity is not there.

    `place` is the slug of an article, or a source.
    """

    def says_so(split: Correction) -> bool:
        scope = split.scope
        assert scope is not None
        return (
            split.entity == slug
            and place in (*scope.articles, scope.source)
            and (spelling is None or not split.spellings or spelling in split.spellings)
            and (occurrence is None or scope.occurrence in (None, occurrence))
        )

    found = [each for each in lookup.in_force.scoped if says_so(each)]
    return f", since correction {found[-1].id}" if found else ""


def _similar(lookup: EditorLookup, source: str) -> str:
    """Return a hint at sources that are written like a given one."""
    from difflib import get_close_matches

    rows = (
        row
        for indexer in lookup.indexers
        for row in indexer.connection.execute("SELECT DISTINCT source FROM articles")
    )
    names = {name.casefold(): name for (name,) in rows if name}
    near = get_close_matches(source.casefold(), names, n=3)
    return f"; did you mean {', '.join(names[each] for each in near)}?" if near else ""
