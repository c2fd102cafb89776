"""The text of a web page: its paragraphs and headings, as plain HTML.

`trafilatura` finds the main text. For a page with little text it returns all of it as one
paragraph: there the paragraphs of the element that holds the article are read instead.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from html import escape
from typing import Any

from ...text.patterns import regex
from ...text.tokenize import terms
from ..blocks.html import html_blocks
from .page_parts import class_names, is_in_other_part, is_other_part

_SHORT = 250
"""The length of a text below which trafilatura returns whatever it finds, in characters."""
_PARAGRAPH = 80
"""The minimum length of a paragraph that is missed, in characters."""
_REPEATED = 25
"""The minimum length of a paragraph that is dropped where it is repeated, in characters."""
_TIMES = 3
"""The number of times from which on a paragraph is repeated."""
_MISSED = 0.2
"""The part of a text from which on it is completed: less may be a box in the article."""
_FINAL = (".", "!", "?", "؟", "…", "”", "»", '"', ":", "。")
_CONTAINERS = (
    ".//*[contains(concat(' ', @itemprop, ' '), ' articleBody ')]",
    ".//article",
    ".//*[@role='article']",
    ".//main",
    ".//*[@role='main']",
)
_CONTENT_CLASS = regex(
    r"(?:entry|post|article|story|news|single|page|main)[-_]?(?:content|body|text|inner)?"
    r"|(?:content|body|text)[-_]?(?:article|post|main|body)?|entry",
    re.IGNORECASE,
)
_LEAD_CLASS = regex(
    r"(?:^|[-_\s])(?:standfirst|lead|lede|dek|deck|intro(?:duction)?|summary|subtitle|sub-?head(?:line)?"
    r"|excerpt|kicker-text|teaser-text|vorspann|chapeau|entradilla|spot)(?:$|[-_\s])",
    re.IGNORECASE,
)
_CAMEL = regex(r"(?<=[a-z])(?=[A-Z])")
_LEAD = (40, 700)
"""The minimum and maximum length of a standfirst, in characters."""


def read_text(tree: Any, url: str | None, description: str | None) -> str:
    """Return the text of the article of a parsed page, which is changed by it."""
    lead = next(_leads(tree, description), "")
    short = _contained(tree)
    found = _extracted(tree, url)
    blocks = _without_repetitions(_blocks_of(found) if found is not None else [])
    length = sum(len(text) for _, text in blocks)
    own = sum(len(text) for _, text in short)
    is_one = sum(tag == "p" for tag, _ in blocks) <= 1
    if (length < _SHORT or (is_one and length < 4 * _SHORT)) and 2 * own >= length:
        blocks = short
    else:
        blocks = _completed(blocks, short)
        blocks = [*_missing(lead, blocks), *blocks]
    return "\n".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for tag, text in blocks)


def _extracted(tree: Any, url: str | None) -> Any:
    """Return the element in which trafilatura has put what it finds; None if it finds nothing."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = bare_extraction(tree, url=url, include_comments=False)
    return getattr(found, "body", None)


def _blocks_of(body: Any) -> list[tuple[str, str]]:
    """Return the extracted paragraphs and headings, each as a tag and a text."""
    blocks: list[tuple[str, str]] = []

    def add(tag: str, text: str) -> None:
        if text := " ".join(text.split()):
            blocks.append((tag, text))

    pending = [body]
    while pending:
        element = pending.pop()
        if element.tag == "head":
            add("h2", "".join(element.itertext()))
        elif element.tag in ("p", "item", "code", "cell") and not _lays_out(element):
            for line in "".join(_with_breaks(element)).split("\n"):
                add("p", line)
        elif element.tag == "row" and not any(map(_lays_out, element)):
            cells = ["".join(cell.itertext()).strip() for cell in element]
            add("p", " · ".join(filter(None, cells)))
        elif len(element):
            add("p", element.text or "")
            pending.extend(reversed(element))
        else:
            add("p", "".join(element.itertext()))
        if element is not body and element.tail and element.tail.strip():
            add("p", element.tail)
    return blocks


def _lays_out(element: Any) -> bool:
    """Return whether a table cell holds a part of the page, as in old layouts, and not a value."""
    return element.tag == "cell" and any(
        inner.tag in ("p", "head", "list", "row") for inner in element.iterdescendants()
    )


def _with_breaks(element: Any) -> Iterator[str]:
    for inner in element.iter():
        if inner.tag == "lb":
            yield "\n"
        yield inner.text or ""
        if inner is not element:
            yield inner.tail or ""


def _without_repetitions(blocks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return blocks, of those that are repeated again and again only the first."""
    counts = Counter(blocks)
    seen: set[tuple[str, str]] = set()
    kept = []
    for block in blocks:
        is_repeated = counts[block] >= _TIMES and len(block[1]) >= _REPEATED
        if not (is_repeated and block in seen):
            kept.append(block)
        seen.add(block)
    return kept


def _contained(tree: Any) -> list[tuple[str, str]]:
    """Return the blocks of the element that holds the article, without the parts around it."""
    from lxml.etree import tostring

    container = _container(tree)
    if container is None:
        return []
    copied = deepcopy(container)
    copied.tail = None
    for each in list(copied.iter()):
        is_part = isinstance(each.tag, str) and each is not copied and is_other_part(each)
        if is_part and each.tag != "blockquote" and each.getparent() is not None:
            each.drop_tree()
    blocks = html_blocks(tostring(copied, encoding="unicode"))
    tags = {"heading": "h2", "caption": "figcaption"}
    return [(tags.get(block.kind, "p"), block.text) for block in blocks]


def _container(tree: Any) -> Any:
    """Return the smallest element that holds the article of a page, with its headline if it can."""
    body = tree.find("body")
    for path in _CONTAINERS:
        found = [each for each in tree.xpath(path) if _size(each) and not is_in_other_part(each)]
        if found:
            return max(found, key=lambda each: (each.find(".//h1") is not None, _size(each)))
    if body is None:
        return None
    marked = [
        each
        for each in body.iter("div", "section", "td")
        if any(map(_CONTENT_CLASS.fullmatch, class_names(each).split()))
    ]
    return next((each for each in marked if 2 * _size(each) > _size(body)), body)


def _size(element: Any) -> int:
    """Return the length of the paragraphs of an element, or else of its text."""
    paragraphs = sum(len("".join(each.itertext()).strip()) for each in element.iter("p"))
    return paragraphs or len("".join(element.itertext()).strip())


def _completed(blocks: list[tuple[str, str]], own: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the blocks that were found, with the paragraphs of the article left out among them."""
    found = {text for _, text in blocks}
    others = sum(len(text) for tag, text in own if text not in found and _is_paragraph(tag, text))
    if others < _MISSED * sum(map(len, found)):
        return blocks
    known = {_key(text): number for number, (_, text) in enumerate(blocks)}
    whole = f" {' '.join(' '.join(key) for key in known)} "
    last = max((at for at, (_, text) in enumerate(own) if _key(text) in known), default=-1)
    added: dict[int, list[tuple[str, str]]] = {}
    position = 0
    for tag, text in own[: last + 1]:
        key = _key(text)
        if key in known:
            position = known[key] + 1
        elif _is_paragraph(tag, text) and f" {' '.join(key)} " not in whole:
            added.setdefault(position, []).append((tag, text))
    missed = sum(len(text) for each in added.values() for _, text in each)
    if missed < _MISSED * len(whole):
        return blocks
    return [
        block
        for number in range(len(blocks) + 1)
        for block in (*added.get(number, ()), *blocks[number : number + 1])
    ]


def _is_paragraph(tag: str, text: str) -> bool:
    return tag == "p" and len(text) >= _PARAGRAPH and text.endswith(_FINAL)


def _leads(tree: Any, description: str | None) -> Iterator[str]:
    """Yield the standfirsts of a page: marked as such, or equal to its description."""
    own = _key(description) if description else ()
    for element in tree.iter("p", "h2", "h3", "h4", "div", "span"):
        names = f"{element.get('class') or ''} {element.get('data-testid') or ''}"
        is_marked = bool(names.strip() and _LEAD_CLASS.search(_CAMEL.sub("-", names)))
        if not is_marked and (not own or element.tag in ("div", "span")):
            continue
        text = " ".join("".join(element.itertext()).split())
        if not _LEAD[0] <= len(text) <= _LEAD[1]:
            continue
        is_own = abs(len(text) - len(description or "")) < len(text) / 5 and _key(text) == own
        if (is_marked or is_own) and not is_in_other_part(element):
            yield text


def _missing(lead: str, blocks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return a standfirst if the text has not got it."""
    texts = " ".join(text for _, text in blocks)
    if not lead or lead in texts or f" {' '.join(_key(lead))} " in f" {' '.join(_key(texts))} ":
        return []
    return [("p", lead)]


def _key(text: str) -> tuple[str, ...]:
    return tuple(terms(text))
