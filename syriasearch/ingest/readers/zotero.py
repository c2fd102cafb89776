"""Reader of Zotero RDF: the items of a library, with their abstracts.

The snapshots of pages and the attached files are beside it, in `files/`, and read by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .base import Document, Problem, SourceFile, UnreadableError, read_whole
from .charset import head_text
from .field_mapping import Record, read_records

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CLAIM = re.compile(r"<rdf:RDF[\s>]")
_NAMESPACES = ("http://www.zotero.org/namespaces/export#", "http://purl.org/net/biblio#")
_ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE)\s", re.IGNORECASE)
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_NO_ITEMS = frozenset(("Attachment", "Memo", "Journal", "Series", "Collection", "Image"))
"""The elements that belong to items, or are lists of them."""


def claims(head: bytes) -> bool:
    """Return whether a file begins like an RDF export of Zotero."""
    text = head_text(head).lstrip("\ufeff")
    return _CLAIM.search(text) is not None and any(map(text.__contains__, _NAMESPACES))


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the items that have an abstract."""
    from xml.etree import ElementTree

    data = read_whole(file)
    # In UTF-16 every other byte of the keyword is zero.
    if _ENTITY.search(data.replace(b"\0", b"")):
        raise UnreadableError("defines entities of its own, which is not read: export it again")
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
        Record(number, f"item {number}", _values(item, resources))
        for number, item in enumerate(items, start=1)
        if _text(_child(item, "itemType")) != "attachment"
    )
    empty = "is a Zotero library without items: leave it out"
    yield from [] if failure and not items else read_records(records, file, empty=empty)
    if failure:
        yield failure


def _values(item: Element, resources: dict[str, Element]) -> dict[str, Any]:
    """Return the fields of an item; those that it does not have are left out."""
    container = _child(item, "isPartOf")
    source = _title_of(container, resources)
    publisher = _child(item, "publisher")
    values = {
        "id": item.get(f"{_RDF}about"),
        "title": _text(_child(item, "title")),
        "abstract": _text(_child(item, "abstract")),
        "author": [_person(each) for each in _all(_child(item, "authors"), "Person")],
        "source": source or _text(_first(publisher, "name")),
        "url": _text(_first(_child(item, "identifier", "URI"), "value")),
        "date": _text(_child(item, "date")),
        "lang": _text(_child(item, "language")),
    }
    return {name: value for name, value in values.items() if value}


def _title_of(container: Element | None, resources: dict[str, Element]) -> str | None:
    if container is None:
        return None
    held = resources.get(container.get(f"{_RDF}resource", ""), container)
    return _text(_first(held, "title"))


def _person(person: Element) -> dict[str, str | None]:
    given = _first(person, "givenName")
    given = _first(person, "givenname") if given is None else given
    return {"given": _text(given), "family": _text(_first(person, "surname"))}


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


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
