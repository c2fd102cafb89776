"""What a web page says of its article: titles, authors and the names of the site.

It is read from the head, from JSON-LD and from the markup of bylines, as it is written there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any

from ...text.authors import is_body
from ..blocks.bylines import has_name_case, parse_byline
from .character_references import decode_repeated
from .nulls import is_null, is_null_author
from .titles import SiteNames, headline

MAX_AUTHORS = 500
"""The maximum number of authors that are read."""
_MAX_BYLINE = 300
"""The maximum length of the text of an element that is a byline, in characters."""
_LEVELS = 3
"""The depth to which objects of JSON-LD are searched for articles."""

_TITLES = ("og:title", "twitter:title", "headline", "dc.title", "citation_title", "parsely-title")
_AUTHORS = (
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
_SITES = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "publisher",
    "dc.publisher",
    "article:publisher",
    "citation_journal_title",
    "twitter:site",
)
_NESTS = ("@graph", "mainEntity")
_ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|Report|LiveBlogPosting)$")
_SITE = re.compile(r"(?:WebSite|NewsMediaOrganization|Organization)$")
_COMMENTED = re.compile(
    r"^\W*<!(?:--|\[CDATA\[)(?:\s*\*/)?|(?://|/\*)?\s*(?:--|\]\])>(?:\s*\*/)?\s*$"
)
_LAST_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|byl|author-?names?|authors?|writer|contributors?|journalist|reporter"
    r"|(?:submitted|posted|written)-by)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BYLINE_LIKE = re.compile(r"(?:auth|writ|contrib|journal|report)|by", re.IGNORECASE)
_MARKS = ("class", "id", "data-component", "data-testid")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|recommend|most-?read|footer|nav|promo|teaser|share|quote|disqus|bio"
    r"|avatar|image|caption",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The metadata of a page, as far as it states any."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    site: SiteNames = field(default_factory=SiteNames)


def read_metadata(tree: Any, url: str | None = None) -> PageMetadata:
    """Return the metadata of a parsed page."""
    metas = _metas(tree)
    objects = list(json_objects(tree))
    articles = [each for each in objects if _has_type(each, _ARTICLE)]
    own_url = url or next(iter(metas.get("og:url", ())), None) or _canonical(tree)
    names = [value for name in _SITES for value in metas.get(name, ())]
    names += [_name(each.get("publisher")) or "" for each in articles]
    names += [_name(each) or "" for each in objects if _has_type(each, _SITE)]
    shown = [_text(each) for each in tree.iter("h1")]
    stated = [value for name in _TITLES for value in metas.get(name, ())]
    headlines = [_line(each.get("headline")) for each in articles]
    titles = [_text(each) for each in tree.iterfind(".//head/title")]
    names += [each for each in shown for title in titles if _is_end(each, title)]
    site = SiteNames.of((name for name in names if "/" not in name), own_url)
    lone = shown if len(list(filter(None, shown))) == 1 else []
    candidates = [*stated, *headlines[:1], *lone, *titles[:1], *shown]
    # A stated title is shown too if another one is longer only by what is around it.
    parts = [each for each in stated if any(each != one and each in one for one in candidates)]
    clear = [*shown, *headlines, *parts]
    title = _title(candidates, site, clear)
    return PageMetadata(title, tuple(_authors(tree, metas, articles, site))[:MAX_AUTHORS], site)


def _title(candidates: list[str], site: SiteNames, shown: list[str]) -> str | None:
    """Return the first candidate that is more than the name of the site, without that name."""
    shown = [headline(each, site, colon=True) for each in shown if each and not site.have(each)]
    for candidate in candidates:
        title = headline(candidate, site, shown=shown, colon=True)
        if title and not site.have(title) and not is_null(title):
            return next((each for each in shown if _continues(each, title)), title)
    return None


def _is_end(name: str, title: str) -> bool:
    """Return whether a title ends with a name of a few words, after a longer headline."""
    rest = title.removesuffix(name)
    words = len(name.split())
    return bool(name) and rest != title and words <= 4 and len(rest.split()) > words + 1


def _continues(shown: str, title: str) -> bool:
    """Return whether a shown headline is the title and a clause after a dash or colon."""
    return bool(re.match(r"\s*[:–—|]\s|\s+-\s", shown.removeprefix(title)))


def _metas(tree: Any) -> dict[str, list[str]]:
    """Return the contents of the page's meta elements by their names in lower case."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = _line(element.get("content"))
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _canonical(tree: Any) -> str | None:
    for element in tree.iterfind(".//head/link[@rel='canonical']"):
        return str(element.get("href") or "")
    return None


def _line(value: object) -> str:
    return " ".join(decode_repeated(value).split()) if isinstance(value, str) else ""


def _text(element: Any) -> str:
    return _line("".join(element.itertext()))


def json_objects(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a page's JSON-LD, those that others are about or contain in a graph."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            text = _COMMENTED.sub("", script.text or "")
            value = json.loads(_LAST_COMMA.sub("", text), strict=False)
        except (ValueError, RecursionError):
            continue
        level = [value]
        for _ in range(_LEVELS):
            found = [
                item for each in level for item in (each if isinstance(each, list) else [each])
            ]
            objects = [each for each in found if isinstance(each, dict)]
            yield from objects
            level = [
                each[key] for each in objects for key in ("@graph", "mainEntity") if key in each
            ]


def _has_type(item: dict[str, Any], pattern: re.Pattern[str]) -> bool:
    types = item.get("@type")
    each = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and pattern.search(name) for name in each)


def _name(value: object) -> str | None:
    """Return the name of a person or an organization in JSON-LD."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        parts = (value.get("givenName"), value.get("familyName"))
        joined = " ".join(part for part in parts if isinstance(part, str))
        value = value.get("name") or value.get("legalName") or joined
        return _name(value) if isinstance(value, (dict, list)) else _line(value) or None
    return _line(value) or None


def _authors(
    tree: Any, metas: dict[str, list[str]], articles: list[dict[str, Any]], site: SiteNames
) -> list[str]:
    """Return the authors in the place that names persons, else in the first that names a body."""
    bodies: list[str] = []
    stated = (metas.get(name, []) for name in _AUTHORS)
    for names in chain([_named_in_json(articles)], stated, _bylines(tree)):
        found = _names(names, site)
        if any(not is_body(name) and not site.have(name) for name in found):
            return found
        bodies = bodies or found
    return bodies


def _named_in_json(articles: list[dict[str, Any]]) -> list[str]:
    for article in articles:
        value = article.get("author") or article.get("creator")
        items = value if isinstance(value, list) else [value]
        if names := [name for name in map(_name, items[:MAX_AUTHORS]) if name]:
            return names
    return []


def _bylines(tree: Any) -> Iterator[list[str]]:
    """Yield the texts of elements that are marked as bylines, the clearest mark first."""
    by_mark: list[dict[str, list[str]]] = [{}, {}, {}]
    for element in _marked()(tree):
        mark = _mark(element)
        if mark is None or any(map(_is_elsewhere, (element, *element.iterancestors()))):
            continue
        text = _line(" ".join(element.xpath(".//text()[not(ancestor::time)]")))
        if 2 < len(text) <= _MAX_BYLINE:
            by_mark[mark[0]].setdefault(mark[1], []).append(text)
    for groups in by_mark:
        yield from groups.values()


@cache
def _marked() -> Any:
    """Return the compiled path of the elements that have any mark."""
    from lxml.etree import XPath

    return XPath("//body//*[@class or @id or @itemprop or @rel or @data-testid] | //author")


def _mark(element: Any) -> tuple[int, str] | None:
    """Return how clearly an element is marked as a byline, from 0, and the mark."""
    if element.tag == "author" or "author" in (element.get("itemprop") or "").split():
        return 0, "itemprop"
    if "author" in (element.get("rel") or "").split():
        return 1, "rel"
    name = " ".join(filter(None, map(element.get, _MARKS)))
    if not _BYLINE_LIKE.search(name):
        return None
    return (2, name) if _BYLINE_CLASS.search(_CAMEL.sub("-", name)) else None


def _is_elsewhere(element: Any) -> bool:
    if element.tag in ("aside", "footer", "nav", "figure", "figcaption"):
        return True
    if element.tag in ("body", "html"):
        return False
    return bool(_ELSEWHERE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _names(texts: Iterable[str], site: SiteNames) -> list[str]:
    """Return the names in bylines: no addresses, no accounts, and the site only if alone."""
    names: list[str] = []
    for text in texts:
        if re.match(r"https?:|www\.|/", text):
            continue
        for name in parse_byline(text)[0]:
            if _is_name(name) and name not in names:
                names.append(name)
    others = [name for name in names if not site.have(name)]
    return others or names


def _is_name(name: str) -> bool:
    if is_null_author(name) or any(map(str.isdigit, name)):
        return False
    return has_name_case(name) and (is_body(name) or 1 < len(name.split()) < 8)
