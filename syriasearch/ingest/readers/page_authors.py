"""The authors of a web page: in its JSON-LD, its head and the markup of its bylines.

The first place that names a person counts, else the first that names a body, which may be the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any

from ...text.authors import is_body, is_outlet
from ...text.normalize import fold
from ...text.patterns import regex
from ..blocks.bylines import has_name_case, parse_byline
from ..blocks.cleaning import is_site_line
from .character_references import page_line
from .json_ld import Object
from .nulls import is_null_author
from .page_parts import class_names, is_in_other_part
from .titles import SiteNames

MAX_AUTHORS = 500
"""The maximum number of authors that are read."""
_MAX_BYLINE = 300
"""The maximum length of the text of an element that is a byline, in characters."""
_MOST_MARKED = 1000
"""The maximum number of elements marked as bylines that are looked at."""
_MAX_WORDS = 10
"""The maximum number of words of a name that the page marks as one."""

_METAS = (
    "byl",
    "author",
    "authors",
    "article:author",
    "og:article:author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
)
_BYLINE_CLASS = regex(
    r"(?:^|[\s_-])(?:by-?line|byl|author-?names?|authors?|writer|contributors?|journalist|reporter"
    r"|autor(?:en)?|auteurs?|yazar|(?:submitted|posted|written)-by)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BYLINE_LIKE = regex(r"(?:aut[he]?|writ|contrib|journal|report|yazar)|by", re.IGNORECASE)
_MARKS = ("class", "id", "data-component", "data-testid")
_CAMEL = regex(r"(?<=[a-z])(?=[A-Z])")
_NOT_OF_BYLINES = regex(r"share|quote|bio|avatar|image|caption|social|follow", re.IGNORECASE)
_ADDRESS = regex(r"https?:|www\.|/|[\w.+-]+@[\w.-]+$", re.IGNORECASE)
_FOREIGN_BY = regex(
    r"(?i:von|par|por|door|av|af|(?:autor(?:in|en)?|auteurs?|yazar)\s*:)\s+(?=[^\W\d_a-z])"
)
"""`By` in other languages, which is one only at the beginning of a marked byline."""
_NO_SPACES = regex("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2,}")
"""Letters of scripts that write names without spaces."""
_ROLE = regex(r"(?:(?<!\s)\s+)?(?:기자|特派員|記者|记者)$")
"""A reporter's role after the name."""
_AUTHOR_PAGE = regex(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|yazar(?:lar)?|reporters?|journalists?|writers?"
    r"|staff|contributors?|profiles?)/[^/?#]",
    re.IGNORECASE,
)
"""The address of a page about an author."""
_LABELS = frozenset(
    "author authors writer autor autorin autorin/autor auteur yazar الكاتب الكاتبة كاتب المؤلف"
    " الكاتب/ة".split()
)
_NO_LETTER = regex(r"[\W_]+")


def read_authors(
    tree: Any, metas: dict[str, list[str]], articles: list[Object], site: SiteNames
) -> tuple[str, ...]:
    """Return the authors of a parsed page, as it writes their names."""
    bodies: list[str] = []
    stated = (_names(metas.get(name, []), site, stated=True) for name in _METAS)
    marked = (_names(texts, site) for texts in _bylines(tree))
    named = list(_named_in_json(articles))
    persons = {name for name, is_person in named if is_person}
    own = _without_site([name for name, _ in named], site)
    for found in chain([own], stated, marked):
        if any((name in persons or _is_person(name)) and not site.have(name) for name in found):
            return tuple(found[:MAX_AUTHORS])
        bodies = bodies or found
    return tuple(bodies[:MAX_AUTHORS])


def _is_person(name: str) -> bool:
    return not is_body(name) and (" " in name or bool(_NO_SPACES.search(name)))


def _named_in_json(articles: list[Object]) -> Iterator[tuple[str, bool]]:
    """Yield the names of the authors of the first article that has any, and which are persons."""
    for article in articles:
        value = article.get("author") or article.get("creator")
        items = value if isinstance(value, list) else [value]
        found = [
            (name, is_person)
            for item in items[:MAX_AUTHORS]
            for name, is_person in _json_names(item)
            if not is_null_author(name) and not _ADDRESS.match(name)
        ]
        if found:
            yield from found
            return


def _json_names(value: object) -> Iterator[tuple[str, bool]]:
    """Yield the names in an author of JSON-LD, and whether each is certainly a person's."""
    if isinstance(value, dict):
        parts = (value.get("givenName"), value.get("familyName"))
        joined = " ".join(part for part in parts if isinstance(part, str))
        name = value.get("name") or value.get("legalName") or joined
        is_person = value.get("@type") == "Person"
        for each in name if isinstance(name, list) else [name]:
            line = page_line(each)
            names = [line] if _is_whole(line) else parse_byline(line)[0]
            for one in names:
                yield one, is_person and not is_outlet(one) and not is_body(one)
    elif isinstance(value, str):
        for one in parse_byline(page_line(value))[0]:
            yield one, False


def _is_whole(name: str) -> bool:
    """Return whether a name that the page marks as one is no list, and has nothing around it."""
    words = name.split()
    names, is_cut = parse_byline(name)
    return 0 < len(words) <= _MAX_WORDS and not is_cut and (len(names) < 2 or "," not in name)


def _bylines(tree: Any) -> Iterator[list[str]]:
    """Yield the texts of elements that are marked as bylines, the clearest mark first."""
    by_mark: list[dict[str, list[str]]] = [{}, {}, {}, {}, {}]
    looked_at = 0
    for element in _marked()(tree):
        mark = _mark(element)
        if mark is None or len(by_mark[mark[0]].get(mark[1], ())) >= MAX_AUTHORS:
            continue
        looked_at += 1
        if looked_at > _MOST_MARKED:
            break
        if _is_elsewhere(element):
            continue
        text = page_line(" ".join(element.xpath(".//text()[not(ancestor::time)]")))
        if 2 < len(text) <= _MAX_BYLINE:
            by_mark[mark[0]].setdefault(mark[1], []).append(_FOREIGN_BY.sub("", text, count=1))
    by_mark[-1]["labelled"] = list(_labelled(tree))
    for groups in by_mark:
        yield from groups.values()


@cache
def _marked() -> Any:
    """Return the compiled path of the elements that have any mark."""
    from lxml.etree import XPath

    return XPath(
        "//body//*[@class or @id or @itemprop or @rel or @data-testid or @href] | //author"
    )


def _mark(element: Any) -> tuple[int, str] | None:
    """Return how clearly an element is marked as a byline, from 0, and the mark."""
    if element.tag == "author" or "author" in (element.get("itemprop") or "").split():
        return 0, "itemprop"
    if "author" in (element.get("rel") or "").split():
        return 1, "rel"
    name = " ".join(filter(None, map(element.get, _MARKS)))
    if _BYLINE_LIKE.search(name) and _BYLINE_CLASS.search(_CAMEL.sub("-", name)):
        return 2, name
    if element.tag == "a" and _AUTHOR_PAGE.search(element.get("href") or ""):
        return 3, "href"
    return None


def _labelled(tree: Any) -> Iterator[str]:
    """Yield the texts that are labelled as the author in a list of what there is to say."""
    for element in tree.iter("strong", "b", "dt"):
        label = "".join(element.itertext()).strip(" :\n\t\r").casefold()
        if label not in _LABELS or is_in_other_part(element):
            continue
        following = element.getnext() if element.tag == "dt" else None
        text = element.tail if following is None else "".join(following.itertext())
        yield page_line(text)


def _is_elsewhere(element: Any) -> bool:
    return is_in_other_part(element) or any(
        _NOT_OF_BYLINES.search(class_names(each))
        for each in (element, *element.iterancestors())
        if each.tag not in ("html", "body")
    )


def _names(texts: Iterable[str], site: SiteNames, *, stated: bool = False) -> list[str]:
    """Return the names in bylines: no addresses, no accounts, and the site only if alone.

    A single word may be one only if the page states it as the author, or in a script that writes
    whole names as such.
    """
    names: list[str] = []
    for text in texts:
        if _ADDRESS.match(text):
            continue
        for written in parse_byline(text)[0]:
            name = _ROLE.sub("", written)
            is_single = " " not in name and (stated or bool(_NO_SPACES.fullmatch(name)))
            if _is_name(name) or (is_single and _may_be_single(name)):
                names.append(name)
    return _without_site(names, site)


def _may_be_single(name: str) -> bool:
    return (
        1 < len(name) <= 20
        and not is_null_author(name)
        and not any(map(str.isdigit, name))
        and not name[:1].islower()
        and not is_site_line(name)
    )


def _without_site(names: Iterable[str], site: SiteNames) -> list[str]:
    """Return names without repetitions, and the site's only if there is no other.

    `Sophie-Foster` repeats `Sophie Foster`: it is the name in an address.
    """
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(_NO_LETTER.sub("", fold(name).casefold()) or name, name)
    others = [name for name in by_key.values() if not site.have(name)]
    return others or list(by_key.values())


def _is_name(name: str) -> bool:
    if is_null_author(name) or any(map(str.isdigit, name)) or is_site_line(name):
        return False
    return has_name_case(name) and (is_body(name) or 1 < len(name.split()) < 8)
