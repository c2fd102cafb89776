"""Reader of Zotero RDF: the items of a library, with their abstracts.

The snapshots of pages and the attached files are next to it, in `files/`, and read by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...text.patterns import regex
from .base import Document, Problem, SourceFile, read_whole, refuse_entities
from .charset import head_text
from .field_mapping import Record, read_records
from .xml_records import local_name as _name

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CLAIM = regex(r"<rdf:RDF[\s>]")
_NAMESPACES = ("http://www.zotero.org/namespaces/export#", "http://purl.org/net/biblio#")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_CONTAINERS = frozenset(
    "Newspaper Periodical Journal Website Blog Forum Book CourtReporter".split()
)
"""The kinds of publications that an item may be in."""
_NO_ITEMS = frozenset("Attachment Memo Newspaper Periodical Journal Series Part Collection".split())
"""The elements that belong to items, or are lists of them."""
_MAX_PARTS = 4


def claims(head: bytes) -> bool:
    """Return whether a file begins like an RDF export of Zotero."""
    text = head_text(head)
    return _CLAIM.search(text) is not None and any(map(text.__contains__, _NAMESPACES))


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the items that have an abstract."""
    from xml.etree import ElementTree

    data = read_whole(file)
    refuse_entities(data)
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    items: list[Element] = []
    resources: dict[str, Element] = {}
    failure: Problem | None = None
    depth = 0
    try:
        parser.feed(data)
        for event, element in parser.read_events():
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 1:
                resources[element.get(f"{_RDF}about", "")] = element
                if _name(element) not in _NO_ITEMS:
                    items.append(element)
        parser.close()
    except ElementTree.ParseError as error:
        failure = Problem(f"is not valid XML ({error}), and was read up to there: export it again")
    records = (
        _record(number, item, resources, file)
        for number, item in enumerate(items, start=1)
        if _text(_child(item, "itemType")) != "attachment"
    )
    empty = "is a Zotero library without items: leave it out"
    yield from [] if failure and not items else read_records(records, file, empty=empty)
    if failure:
        yield failure


def _record(
    number: int, item: Element, resources: dict[str, Element], file: SourceFile
) -> Record | Problem:
    """Return the record of an item, and for one whose text is in a file next to it a note."""
    values = _values(item, resources)
    if "abstract" not in values:
        for name in _attached_files(item, resources):
            if file.path.with_name(name.split("/")[0]).is_dir() and ".." not in name:
                message = f"item {number} has its text in {name}: ingest that folder"
                return Problem(message, str(number), lost=False)
    return Record(number, f"item {number}", values)


def _values(item: Element, resources: dict[str, Element]) -> dict[str, Any]:
    """Return the fields of an item; those that it does not have are left out."""
    about = item.get(f"{_RDF}about", "")
    publisher = _child(item, "publisher")
    url = _text(_first(_child(item, "identifier", "URI"), "value"))
    values = {
        "id": about,
        "title": _text(_child(item, "title")),
        "abstract": _text(_child(item, "abstract")),
        "author": [_person(each) for each in _all(_child(item, "authors"), "Person")],
        "source": _container(item, resources) or _text(_first(publisher, "name")),
        "url": url or (about if about.startswith(("http://", "https://")) else None),
        "date": _text(_child(item, "date")),
        "lang": _text(_child(item, "language")),
    }
    return {name: value for name, value in values.items() if value}


def _container(item: Element, resources: dict[str, Element]) -> str | None:
    """Return the title of what an item is published in; a section is between them."""
    parts = [item]
    for _ in range(_MAX_PARTS):
        held = [held for part in parts for held in part if _name(held) == "isPartOf"]
        parts = [
            part
            for each in held
            for part in (*each, resources.get(each.get(f"{_RDF}resource", "")))
            if part is not None
        ]
        for part in parts:
            title = _text(_child(part, "title"))
            if _name(part) in _CONTAINERS and title:
                return title
    return None


def _attached_files(item: Element, resources: dict[str, Element]) -> Iterator[str]:
    for link in item:
        held = resources.get(link.get(f"{_RDF}resource", "")) if _name(link) == "link" else None
        for resource in _all(held, "resource"):
            yield resource.get(f"{_RDF}resource", "")


def _person(person: Element) -> dict[str, str | None]:
    given = _first(person, "givenName")
    given = _first(person, "givenname") if given is None else given
    return {"given": _text(given), "family": _text(_first(person, "surname"))}


def _child(element: Element, name: str, holding: str = "") -> Element | None:
    """Return the first child with a local name, and with a descendant if that is given."""
    for child in element:
        if _name(child) == name and (not holding or _first(child, holding) is not None):
            return child
    return None


def _all(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [each for each in element.iter() if _name(each) == name]


def _first(element: Element | None, name: str) -> Element | None:
    return next(iter(_all(element, name)), None)


def _text(element: Element | None) -> str | None:
    return None if element is None else " ".join("".join(element.itertext()).split()) or None
