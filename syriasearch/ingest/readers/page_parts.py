"""The parts of a web page that are not its article: hidden ones, bars of archives, boxes of links.

They are known by their tag, their class, their style or their links. A part with most of the text
of the page, or with its headline, is never one of them, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from ...text.patterns import regex

_OTHER_TAGS = frozenset(
    "aside blockquote figcaption figure footer nav script select style template".split()
)
_ELSEWHERE = regex(
    r"(?:comments?|comment[-_](?:list|body|content|meta|date|item|thread|author|section|area|time)"
    r"|disqus|respond|reply|repl(?:y|ies)|footer|site-footer|page-footer|copyright|sidebar|widget"
    r"|related|recommended|trending|teasers?|popular|most-?(?:read|popular|viewed)|latest|ticker"
    r"|newsletter|promo|today|current-date|masthead|topbar|top-bar|breaking"
    r"|events?|deadlines?|calendar|agenda)"
    r"(?:[-_]\w+)?",
    re.IGNORECASE,
)
_OF_TODAY = regex(
    r"(?:masthead|today|current-date|topbar|top-bar|ticker|breaking)(?:[-_]\w+)?", re.IGNORECASE
)
"""The classes of what a site shows on all pages, such as the day."""
_OTHER_TYPE = regex(r"/(?:Video|Image|Media|Comment|Review|Person|Organization|Event)\w*$")

_OF_ARCHIVES = regex(r"wm-ipp[\w-]*|wm-capinfo|donato|[\w-]*google-cache-hdr")
"""The ids of what web archives add to a page."""

_HIDDEN_STYLE = regex(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_HIDDEN = frozenset(
    "sr-only visually-hidden visuallyhidden visually_hidden screen-reader-text screen-reader-only"
    " screenreader screenreader-only screen-reader a11y-hidden assistive-text show-for-sr"
    " element-invisible offscreen off-screen u-visually-hidden u-hidden-visually hidden-visually"
    " invisible is-hidden print-only only-print visible-print visible-print-block".split()
)
"""Classes of what only screen readers or printers show."""
_HIDDEN_IF_ALONE = frozenset(("hidden", "hide", "d-none"))
"""Classes of what is hidden, unless another class shows it on a larger screen."""
_LARGER = regex(r"(?:^|-)(?:sm|md|lg|x+l|2xl|desktop|tablet)(?:$|[-:])")

_BOILERPLATE = frozenset(
    "related recommended recommendation recommendations newsletter newsletters promo promos"
    " trending mostread sidebar disqus comments share sharing sharebar socials outbrain taboola"
    " advert adverts advertisement breadcrumb breadcrumbs signup consent cookies bio biography"
    " copyright placeholder poll cta popup modal donate donation".split()
)
"""Words in the classes of what is around an article."""
_CONTENT = regex(r"(?:article|entry|post|story)[-_]*(?:content|body|text)", re.IGNORECASE)
"""The class of the text of an article, whatever else it is called."""
_WORD = regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CARD = "h2 h3 h4 h5 h6 p div article section ul figure".split()
_HEADINGS = "h2 h3 h4 h5 h6".split()
_LINKED = 0.85
"""The part of a text from which on it is nothing but links."""
_LINK = 25
"""The minimum length of a link that is a paragraph of its own, in characters."""
_TEASER = 400
"""The maximum length of the announcement of another article, in characters."""
_HEADING = 80
"""The maximum length of the heading of a list of links, in characters."""
_SENTENCE = 80
"""The minimum length of a paragraph that is prose, in characters."""
_FINAL = (".", "!", "?", "؟", "…", "”", "»", '"', "。")
_LOSS = 0.4
"""The part of the prose of a page that boxes may have at most."""
_MOST = 0.8
_MUCH = 0.3
"""The parts of the text of a page that a hidden part, and another one, may have at most."""


def class_names(element: Any) -> str:
    """Return the classes and the id of an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def is_in_other_part(element: Any) -> bool:
    """Return whether an element is in a part of the page that is not its article."""
    return any(map(is_other_part, (element, *element.iterancestors())))


def is_other_part(element: Any) -> bool:
    """Return whether an element is a part of the page that is not its article."""
    tag = element.tag
    if tag in ("html", "head", "body", "main", "h1"):
        return False
    if tag in _OTHER_TAGS:
        return True
    names = class_names(element).split()
    is_other = bool(_OTHER_TYPE.search(element.get("itemtype") or "")) or (
        tag == "header"
        and not any(each.tag in ("article", "main") for each in element.iterancestors())
    )
    if not is_other and not (names and any(map(_ELSEWHERE.fullmatch, names))):
        return False
    return element.find(".//h1") is None


def remove_parts_of_archives(tree: Any) -> None:
    """Remove what a web archive has added to a page that it replays."""
    named = _found(tree, "//*[@id]")
    added = [each for each in named if _OF_ARCHIVES.fullmatch(each.get("id"))]
    by_id = {each.get("id"): each for each in named}
    if "HEADER" in by_id and "CONTENT" in by_id:  # archive.today
        added.append(by_id["HEADER"])
    _drop(added)


def show_shadow_roots(tree: Any) -> None:
    """Make templates that a browser shows into parts of the page, and remove all others."""
    templates = list(tree.iter("template"))
    for each in templates:
        if each.get("shadowrootmode") or each.get("shadowroot"):
            each.tag = "div"
    _drop([each for each in templates if each.tag == "template"])


def remove_hidden(tree: Any) -> None:
    """Remove what a browser does not show."""
    total = _length(tree)
    hidden = [each for each in _found(tree, _MAY_BE_HIDDEN) if _is_hidden(each)]
    _drop([each for each in hidden if _length(each) <= _MOST * total])


def _is_hidden(element: Any) -> bool:
    attributes = element.attrib
    if (
        not isinstance(element.tag, str)
        or element.tag in ("html", "head", "body")
        or not attributes
    ):
        return False
    if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
        return True
    if attributes.get("aria-hidden") == "true" or _HIDDEN_STYLE.search(attributes.get("style", "")):
        return True
    names = attributes.get("class", "").lower().split()
    return not _HIDDEN.isdisjoint(names) or (
        not _HIDDEN_IF_ALONE.isdisjoint(names) and not any(map(_LARGER.search, names))
    )


def keep_inline_text(tree: Any) -> None:
    """Make dates and insertions within a sentence into plain text, which else is left out."""
    marked = list(tree.iter("time", "ins"))
    for parent in {each.getparent() for each in marked}:
        if not f"{parent.text or ''}{''.join(child.tail or '' for child in parent)}".strip():
            continue
        for each in parent.iterchildren("time", "ins"):
            if "".join(each.itertext()).strip():
                each.tag = "span"
                each.attrib.clear()


def remove_boilerplate(tree: Any) -> None:
    """Remove boxes around and in an article: of links, of other articles, for subscribers."""
    total = _length(tree)
    headlines = _headlines(tree)
    boxes = _outermost([each for each in _found(tree, _BOXES) if _is_box(each)])
    lengths = [_length(each) for each in boxes]
    pairs = zip(boxes, lengths, strict=True)
    small = [each for each, length in pairs if length <= _MUCH * total and not _headlines(each)]
    _drop(_without_prose(small, tree))
    cards = [*filter(_is_linked_card, _found(tree, "//a[@href]")), *_cards(tree)]
    lists = [each for each in _found(tree, _LISTS) if _is_list_of_links(each)]
    for found, most in ((cards, headlines), (lists, 1)):
        small = [each for each in found if _length(each) <= _MUCH * total]
        chosen = _outermost([each for each in small if _headlines(each) < max(1, most)])
        chosen = _without_prose(chosen, tree)
        _drop([*chosen, *(heading for each in chosen for heading in _headings_of(each))])


def _without_prose(parts: list[Any], tree: Any) -> list[Any]:
    """Return the parts that may be removed: if they have most of the sentences, those without any.

    A part that is a link as a whole never has the text of the article.
    """
    own = [each for each in parts if each.tag != "a"]
    prose = {each: _prose(each) for each in own}
    if sum(prose.values()) <= _LOSS * _prose(tree):
        return parts
    return [each for each in parts if not prose.get(each)]


def _prose(element: Any) -> int:
    """Return the number of characters of the paragraphs of an element that are sentences."""
    texts = ("".join(each.itertext()).strip() for each in element.iter("p"))
    return sum(len(text) for text in texts if len(text) >= _SENTENCE and text.endswith(_FINAL))


def _headlines(element: Any) -> int:
    return sum(1 for _ in element.iter("h1"))


def _is_box(element: Any) -> bool:
    """Return whether a class of an element has a word for what is around articles."""
    names = class_names(element)
    if any(map(_OF_TODAY.fullmatch, names.split())):
        return True
    if _CONTENT.search(names):
        return False
    return not _BOILERPLATE.isdisjoint(word.lower() for word in _WORD.findall(names))


def _is_linked_card(link: Any) -> bool:
    """Return whether a link has a headline or a text in it: it announces another article."""
    return _leads_away(link) and next(link.iterdescendants(*_CARD), None) is not None


def _cards(tree: Any) -> Iterator[Any]:
    """Yield the boxes that announce another article, by a headline that is a link."""
    for heading in tree.iter(*_HEADINGS):
        if not _is_linked(heading):
            continue
        card = None
        for box in heading.iterancestors():
            is_last = next(islice(box.iter("h1", *_HEADINGS), 1, 2), None) is not None
            if is_last or box.tag in ("html", "body", "main") or _length(box) > _TEASER:
                break
            card = box if box.tag in ("div", "li", "article", "section") else card
        if card is not None:
            yield card


def _is_linked(heading: Any) -> bool:
    """Return whether a heading is nothing but a link to another page."""
    parent = heading.getparent()
    if parent is not None and parent.tag == "a":
        return _leads_away(parent)
    links = [link for link in heading.iter("a") if _leads_away(link)]
    return bool(links) and sum(map(_bare_length, links)) >= _LINKED * _bare_length(heading)


def _is_list_of_links(element: Any) -> bool:
    """Return whether an element is a list or a paragraph that has hardly anything but links."""
    tag = element.tag
    if tag == "p":
        links = [link for link in element.iter("a") if _leads_away(link)]
        text = _bare_length(element) if links else 0
        return text >= _LINK and sum(map(_bare_length, links)) >= _LINKED * text
    items = element.findall("li")
    links = [next(filter(_leads_away, item.iter("a")), None) for item in items]
    known = [link for link in links if link is not None]
    text = _bare_length(element) if len(known) > 1 and len(known) == len(items) else 0
    return 0 < text <= _TEASER * len(items) and sum(map(_bare_length, known)) >= 0.5 * text


def _bare_length(element: Any) -> int:
    return len("".join("".join(element.itertext()).split()))


def _leads_away(link: Any) -> bool:
    target = link.get("href") or ""
    return bool(target) and not target.startswith("#")


def _headings_of(element: Any) -> Iterator[Any]:
    """Yield the heading just before a list of links, if nothing else follows it."""
    before = element.getprevious()
    if before is None or (before.tail or "").strip():
        return
    text = "".join(before.itertext()).strip() if isinstance(before.tag, str) else ""
    if 0 < len(text) <= _HEADING and (
        before.tag in _HEADINGS or (before.tag == "p" and text.endswith(":"))
    ):
        yield before


def _outermost(elements: list[Any]) -> list[Any]:
    chosen = set(elements)
    return [each for each in elements if chosen.isdisjoint(each.iterancestors())]


_MAY_BE_HIDDEN = (
    "//*[@hidden or @aria-hidden='true' or contains(@style, 'none') or contains(@style, 'NONE')"
    " or contains(@style, 'hidden') or contains(@class, 'hid') or contains(@class, 'reader')"
    " or contains(@class, 'sr') or contains(@class, 'none') or contains(@class, 'screen')"
    " or contains(@class, 'print') or contains(@class, 'invisible')"
    " or contains(@class, 'assistive')]"
)
"""The path of the elements that may be hidden: it spares most of them a closer look."""
_BOXES = "//*[self::div or self::section or self::ul or self::ol or self::form][@class or @id]"
_LISTS = "//*[self::ul or self::ol or self::p][descendant::a]"
"""The paths of the elements that may be a box or a list of links."""


def _found(tree: Any, path: str) -> list[Any]:
    found: list[Any] = _path(path)(tree)
    return found


@cache
def _path(path: str) -> Callable[[Any], Any]:
    from lxml.etree import XPath

    compiled: Callable[[Any], Any] = XPath(path)
    return compiled


def _length(element: Any) -> int:
    """Return the number of characters of the text of an element, without scripts and menus."""
    length = _path("string-length(normalize-space(.))")
    left_out = _path(".//script | .//style | .//nav | .//head")(element)
    return int(length(element)) - sum(int(length(each)) for each in left_out)


def _drop(elements: list[Any]) -> None:
    """Remove elements, but not the text after them."""
    for each in elements:
        if each.getparent() is not None:
            each.drop_tree()
