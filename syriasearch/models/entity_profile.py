"""Results about entities: lists, profiles and networks, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .article import JSON_VERSION, identify, select_fields, xml_text
from .entity import Entity
from .listed import Listed, html_table, make_frame
from .page import Hit
from .timeline import Timeline

_DESCRIPTION = ("description", "wikidata", "latitude", "longitude", "since", "until")
_SHOWN = 25
"""The number of edges that a notebook shows."""
_GRAPHML_KEYS = (
    ("node", "label", "string"),
    ("node", "type", "string"),
    ("node", "articles", "int"),
    ("node", "mentions", "int"),
    ("edge", "weight", "int"),
    ("edge", "paragraphs", "int"),
    ("edge", "association", "double"),
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling of an entity's name, and the number of its mentions."""

    text: str
    """The most frequent form; case, accents and apostrophes do not make another spelling."""
    mentions: int
    reasons: tuple[tuple[str, int], ...] = ()
    """Why it is taken for the entity (`Mention.why`), and how often; the most frequent first."""

    def to_dict(self) -> dict[str, Any]:
        """Return the spelling in JSON version 1."""
        reasons = [{"why": why, "mentions": mentions} for why, mentions in self.reasons]
        return select_fields(self, "text", "mentions") | {"reasons": reasons}


@dataclass(frozen=True, slots=True)
class EntityCount:
    """An entity, and the number of its mentions in the articles of a request."""

    entity: Entity
    articles: int
    mentions: int
    association: float | None = None
    """How much more often it is named than in the whole archive, as a log-likelihood ratio.

    It is negative for less often, and None if the request did not select articles.
    """

    def to_dict(self) -> dict[str, Any]:
        """Return the counts in JSON version 1."""
        result = identify(self.entity) | select_fields(self, "articles", "mentions")
        if self.association is not None:
            result["association"] = round(self.association, 3)
        return result


@dataclass(frozen=True, slots=True, repr=False)
class EntityPage(Listed[EntityCount]):
    """The entities that articles name, from `offset` on: a sequence of them."""

    query: str
    entities: tuple[EntityCount, ...]
    total: int
    """The number of entities on all pages."""
    articles: int
    """The number of articles in the request."""
    offset: int = 0
    took_ms: float = 0.0

    @property
    def _listed(self) -> tuple[EntityCount, ...]:
        return self.entities

    def __repr__(self) -> str:
        return f"<EntityPage of {self.query!r}: {len(self.entities)} entities of {self.total}>"

    def _repr_html_(self) -> str:
        return html_table(self.to_rows())

    def to_rows(self) -> list[dict[str, Any]]:
        """Return a row for each entity, with its counts."""
        return [each.to_dict() for each in self.entities]

    def to_frame(self) -> Any:
        """Return the rows as a table of pandas. Raises OptionError if that is not installed."""
        return make_frame(self.to_rows(), dates="")

    def to_dict(self) -> dict[str, Any]:
        """Return the page in JSON version 1."""
        return {
            "version": JSON_VERSION,
            **select_fields(self, "query", "total", "articles"),
            "took_ms": round(self.took_ms, 3),
            "entities": [each.to_dict() for each in self.entities],
        }


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity that is named together with another."""

    entity: Entity
    articles: int
    """The number of articles that name both."""
    paragraphs: int
    """The number of paragraphs that name both."""
    association: float
    """How much more often than by chance one article names both, as a log-likelihood ratio."""

    def to_dict(self) -> dict[str, Any]:
        """Return the neighbour in JSON version 1."""
        return {
            **identify(self.entity),
            **select_fields(self, "articles", "paragraphs"),
            "association": round(self.association, 3),
        }


@dataclass(frozen=True, slots=True, repr=False)
class EntityProfile:
    """All that an archive has on an entity."""

    entity: Entity
    """The entity with all its aliases."""
    articles: int
    mentions: int
    spellings: tuple[Spelling, ...]
    """The spellings of its name in the articles, the most frequent first."""
    timeline: Timeline
    """The numbers of these articles over time, by date of publication."""
    neighbours: tuple[Neighbour, ...]
    """The entities that most of these articles name as well."""
    associates: tuple[Neighbour, ...]
    """The entities named with it more often than by chance, the most strongly associated first."""
    latest: tuple[Hit, ...]
    """The newest of the articles, each with the passage that names it best."""
    follows: Entity | None = None
    """The entity it was before."""
    followed_by: tuple[Entity, ...] = ()
    """The entities it became."""
    namesakes: tuple[EntityCount, ...] = ()
    """Other entities with the requested name."""
    by_spelling: bool = False
    """Whether the requested name is none of its names, but spelt almost like one."""
    took_ms: float = 0.0

    def __repr__(self) -> str:
        return f"<EntityProfile of {self.entity.slug!r}: {self.articles} articles>"

    def _repr_html_(self) -> str:
        from .page_html import profile_html

        return profile_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the profile in JSON version 1."""
        timeline = self.timeline
        return {
            "version": JSON_VERSION,
            "entity": {
                **identify(self.entity),
                **select_fields(self.entity, *_DESCRIPTION),
                "aliases": list(self.entity.aliases),
            },
            **select_fields(self, "articles", "mentions"),
            "follows": self.follows and identify(self.follows),
            "followed_by": [identify(each) for each in self.followed_by],
            "namesakes": [each.to_dict() for each in self.namesakes],
            "by_spelling": self.by_spelling,
            "spellings": [each.to_dict() for each in self.spellings],
            "timeline": {
                "by": timeline.by,
                "buckets": [
                    {"start": bucket.start, "articles": bucket.counts[0]}
                    for bucket in timeline.buckets
                ],
                "undated": timeline.undated[0],
            },
            "neighbours": [each.to_dict() for each in self.neighbours],
            "associates": [each.to_dict() for each in self.associates],
            "latest": [hit.to_dict(rank) for rank, hit in enumerate(self.latest, start=1)],
            "took_ms": round(self.took_ms, 3),
        }


@dataclass(frozen=True, slots=True)
class Edge:
    """Two entities that are named in the same articles."""

    source: str
    """The slug of one end; an edge has no direction."""
    target: str
    weight: int
    """The number of articles that name both."""
    paragraphs: int
    """The number of paragraphs that name both."""
    association: float
    """How much more often than by chance these articles name both, as a log-likelihood ratio."""

    def to_dict(self) -> dict[str, Any]:
        """Return the edge in JSON version 1."""
        return {
            **select_fields(self, "source", "target", "weight", "paragraphs"),
            "association": round(self.association, 3),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Network:
    """The entities named together in the articles that match a whole query."""

    query: str
    articles: int
    """The number of these articles."""
    nodes: tuple[EntityCount, ...]
    """The entities that most of the articles name."""
    edges: tuple[Edge, ...]
    """The edges, the strongest first."""
    took_ms: float = field(default=0.0, compare=False)

    def __repr__(self) -> str:
        counts = f"{len(self.nodes)} entities, {len(self.edges)} pairs"
        return f"<Network of {self.query!r}: {counts}>"

    def _repr_html_(self) -> str:
        return html_table(self.to_rows()[:_SHOWN])

    def to_rows(self) -> list[dict[str, Any]]:
        """Return a row for each edge, with the names of its ends."""
        names = {node.entity.slug: node.entity.name for node in self.nodes}
        return [
            {"from": names[edge.source], "to": names[edge.target]} | edge.to_dict()
            for edge in self.edges
        ]

    def to_frame(self) -> Any:
        """Return the rows as a table of pandas. Raises OptionError if that is not installed."""
        return make_frame(self.to_rows(), dates="")

    def to_dict(self) -> dict[str, Any]:
        """Return the network in JSON version 1, which networkx and D3 read as a graph."""
        nodes = ({"id": node.entity.slug} | node.to_dict() for node in self.nodes)
        return {
            "version": JSON_VERSION,
            **select_fields(self, "query", "articles"),
            "took_ms": round(self.took_ms, 3),
            "directed": False,
            "multigraph": False,
            "nodes": list(nodes),
            "links": [edge.to_dict() for edge in self.edges],
        }

    def to_graphml(self) -> str:
        """Return the network as GraphML, which Gephi, Cytoscape, yEd and networkx read.

        Nodes have slugs as ids; edges have a `weight`, as these programs call it.
        """
        from xml.etree import ElementTree

        root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
        for kind, name, data_type in _GRAPHML_KEYS:
            about = {"for": kind, "attr.name": name, "attr.type": data_type}
            ElementTree.SubElement(root, "key", {"id": name, **about})
        graph = ElementTree.SubElement(root, "graph", id="network", edgedefault="undirected")

        def add(kind: str, attributes: dict[str, str], data: dict[str, Any]) -> None:
            cleaned = {name: xml_text(value) for name, value in attributes.items()}
            element = ElementTree.SubElement(graph, kind, cleaned)
            for key, value in data.items():
                ElementTree.SubElement(element, "data", key=key).text = xml_text(str(value))

        for node in self.nodes:
            label = {"label": node.entity.name, "type": node.entity.type}
            counts = select_fields(node, "articles", "mentions")
            add("node", {"id": node.entity.slug}, label | counts)
        for edge in self.edges:
            data = edge.to_dict()
            add("edge", {"source": data.pop("source"), "target": data.pop("target")}, data)
        ElementTree.indent(root)
        text = ElementTree.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'
