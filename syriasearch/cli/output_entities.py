"""Output of entities: a profile, a list, a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from .output import (
    TABLE_FORMATS,
    bold,
    counted,
    dim,
    hit_lines,
    plain,
    print_json,
    print_json_lines,
    print_lines,
    print_table,
    terminal_width,
    wrapped,
)
from .output_timeline import bar_lines

if TYPE_CHECKING:
    from .. import EntityCount, EntityPage, EntityProfile, Neighbour, Network

_BARS = 40
_LABEL = 10
_MAX_SPELLINGS = 12
_MAX_ALIASES = 12
_MAX_REASONS = 5
_ENTITY = ("slug", "name", "type", "articles", "mentions", "association")
_EDGE = ("source", "target", "weight", "paragraphs", "association")


def print_profile(profile: EntityProfile, asked: str, output: str, *, why: bool = False) -> None:
    """Print the profile of an entity that was asked for by a name.

    With `why` the text has the reasons of its spellings.
    """
    if profile.by_spelling:
        click.echo(f"Showing {plain(profile.entity.name)} for {plain(asked)!r}.", err=True)
    if output == "json":
        print_json(profile.to_dict())
    else:
        print_lines(list(_profile_lines(profile, why)))


def _profile_lines(profile: EntityProfile, why: bool) -> Iterator[str]:
    width = terminal_width()
    entity = profile.entity
    yield bold(plain(entity.name)) + dim(plain(f" · {entity.type} · {entity.slug}"))
    if entity.description:
        yield from wrapped(plain(entity.description), "", width)
    mentions, articles = counted(profile.mentions, "mention"), counted(profile.articles, "article")
    yield f"{mentions} in {articles}"
    about = list(_about(profile))
    if about:
        yield ""
        for label, text in about:
            lines = list(wrapped(plain(text), " " * (_LABEL + 1), width))
            yield dim(f"{label:<{_LABEL}}") + lines[0][_LABEL:]
            yield from lines[1:]
    if why and profile.spellings:
        yield from ("", bold("Why these spellings"))
        yield from _why_lines(profile, width)
    if profile.timeline.buckets or any(profile.timeline.undated):
        yield from ("", bold("Articles over time"))
        highest = max((sum(bucket.counts) for bucket in profile.timeline.buckets), default=0)
        yield from bar_lines(profile.timeline, min(_BARS, 4 * highest, max(10, (width or 80) - 22)))
    together = "Together more often than by chance"
    yield from _neighbour_lines(together, profile.associates, associated=True)
    yield from _neighbour_lines("Most often in the same articles", profile.neighbours)
    if profile.latest:
        yield from ("", bold("Latest"))
        for rank, hit in enumerate(profile.latest, start=1):
            yield from hit_lines(rank, replace(hit, entities=()), width)


def _about(profile: EntityProfile) -> Iterator[tuple[str, str]]:
    """Yield the lines of a profile that have a label, with their labels."""
    from .. import fold

    entity = profile.entity
    if profile.namesakes:
        others = (f"{each.entity.name} ({each.entity.slug})" for each in profile.namesakes)
        yield "not", "; ".join(others)
    spellings = [f"{each.text} {each.mentions:,}" for each in profile.spellings]
    if spellings:
        yield "spelt", _some(spellings, _MAX_SPELLINGS)
    used = {fold(each.text).casefold() for each in profile.spellings}
    unused = [alias for alias in entity.aliases if fold(alias).casefold() not in used]
    if unused:
        yield "also", _some(unused, _MAX_ALIASES)
    times = [f"since {entity.since}"] if entity.since else []
    times += [f"until {entity.until}"] if entity.until else []
    if entity.since and entity.since == entity.until:
        times = [entity.since]
    if times:
        yield "when", ", ".join(times)
    if profile.follows:
        yield "before", f"{profile.follows.name} ({profile.follows.slug})"
    if profile.followed_by:
        yield "later", "; ".join(f"{each.name} ({each.slug})" for each in profile.followed_by)
    if entity.latitude is not None and entity.longitude is not None:
        yield "where", f"{entity.latitude:.4f}, {entity.longitude:.4f}"
    if entity.wikidata:
        yield "wikidata", f"https://www.wikidata.org/wiki/{entity.wikidata}"


def _why_lines(profile: EntityProfile, width: int) -> Iterator[str]:
    """Yield the reasons of each spelling, with the number of mentions that each has."""
    for spelling in profile.spellings:
        yield f"  {plain(spelling.text)}"
        for reason, mentions in spelling.reasons[:_MAX_REASONS]:
            yield from wrapped(dim(plain(f"{mentions:6,}  {reason}")), "  ", width)
        others = sum(mentions for _, mentions in spelling.reasons[_MAX_REASONS:])
        if others:
            yield dim(f"  {others:6,}  for other reasons")


def _some(texts: Sequence[str], limit: int) -> str:
    more = [f"and {len(texts) - limit} more"] if len(texts) > limit else []
    return ", ".join([*texts[:limit], *more])


def _neighbour_lines(
    heading: str, neighbours: Sequence[Neighbour], *, associated: bool = False
) -> Iterator[str]:
    if not neighbours:
        return
    names = [plain(f"{each.entity.name} ({each.entity.type})") for each in neighbours]
    column = max(map(len, (heading, *names)))
    yield ""
    yield bold(f"{heading:<{column}}") + dim(
        "  articles  paragraphs" + ("  association" if associated else "")
    )
    for name, each in zip(names, neighbours, strict=True):
        association = f"  {each.association:11,.1f}" if associated else ""
        yield f"{name:<{column}}  {each.articles:8,}  {each.paragraphs:10,}{association}"


def candidate_lines(
    name: str, candidates: Sequence[EntityCount], *, several: bool
) -> Iterator[str]:
    """Return the message for a name that no entity has, or several have."""
    shown = plain(name)
    if several:
        yield f"Error: {counted(len(candidates), 'entity', 'entities')} are named {shown!r}:"
    else:
        yield f"Error: there is no entity {shown!r} in the archive."
        if not candidates:
            yield "`syriasearch entities` lists all, with --name WORD those that have it in a name."
            return
        yield "Did you mean:"
    column = max(len(each.entity.slug) for each in candidates)
    names = [each.entity.name for each in candidates]
    for each in candidates:
        about = f"{each.entity.name} ({each.entity.type}), {counted(each.articles, 'article')}"
        if each.entity.description and names.count(each.entity.name) > 1:
            about += f": {each.entity.description}"
        yield plain(f"  {each.entity.slug:<{column}}  {about}")
    if several:
        yield f"Ask for one by its slug: `syriasearch entity {candidates[0].entity.slug}`."


def print_entities(page: EntityPage, output: str, *, by_association: bool = False) -> None:
    """Print a list of entities on standard output."""
    if output == "json":
        print_json(page.to_dict())
    elif output == "jsonl":
        print_json_lines(each.to_dict() for each in page.entities)
    elif output in TABLE_FORMATS:
        rows = (each.to_dict() for each in page.entities)
        print_table(_ENTITY, ([row.get(column, "") for column in _ENTITY] for row in rows), output)
    else:
        print_lines(list(_entity_lines(page, by_association)))
    if not page.articles:
        click.echo(_no_article(page.query), err=True)
    elif not page.total:
        click.echo("No entity is named there.", err=True)


def _no_article(query: str) -> str:
    return f"No article matches {plain(query)!r}." if query else "No article matches these filters."


def _entity_lines(page: EntityPage, by_association: bool) -> Iterator[str]:
    if page.entities:
        heading = "articles  mentions" + ("  association" if by_association else "")
        yield dim(heading)
    for each in page.entities:
        counts = f"{each.articles:8,}  {each.mentions:8,}"
        if by_association:
            counts += f"  {each.association or 0:11,.1f}"
        about = dim(plain(f" · {each.entity.type} · {each.entity.slug}"))
        yield f"{counts}  {plain(each.entity.name)}{about}"
    if page.total:
        some = f"{len(page.entities):,} of " if len(page.entities) < page.total else ""
        entities = counted(page.total, "entity", "entities")
        articles = counted(page.articles, "article")
        yield f"{some}{entities} in {articles}, in {page.took_ms:.0f} ms"


def print_network(network: Network, output: str, pairs: int) -> None:
    """Print a network on standard output; as text, at most a number of pairs."""
    if output == "json":
        print_json(network.to_dict())
    elif output == "graphml":
        click.echo(network.to_graphml())
    elif output in TABLE_FORMATS:
        names = {node.entity.slug: node.entity.name for node in network.nodes}
        print_table(
            (*_EDGE, "source_name", "target_name"),
            (
                (*map(edge.to_dict().get, _EDGE), names[edge.source], names[edge.target])
                for edge in network.edges
            ),
            output,
        )
    else:
        print_lines(list(_network_lines(network, pairs)))
    if not network.articles:
        click.echo(_no_article(network.query), err=True)
    elif not network.nodes:
        click.echo("No entity is named there.", err=True)


def _network_lines(network: Network, pairs: int) -> Iterator[str]:
    names = {node.entity.slug: node.entity.name for node in network.nodes}
    shown = network.edges[:pairs]
    if shown:
        yield dim("articles  paragraphs  association")
    for edge in shown:
        counts = f"{edge.weight:8,}  {edge.paragraphs:10,}  {edge.association:11,.1f}"
        yield f"{counts}  {plain(names[edge.source])} – {plain(names[edge.target])}"
    if network.nodes:
        some = f"{len(shown):,} of " if len(shown) < len(network.edges) else ""
        pairs_of = f"{some}{counted(len(network.edges), 'pair')} of"
        entities = counted(len(network.nodes), "entity", "entities")
        articles = counted(network.articles, "article")
        yield f"{pairs_of} {entities} in {articles}, in {network.took_ms:.0f} ms"
