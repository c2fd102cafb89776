"""Metadata of a web page: the title and authors of its article, and the names of the site.

It is read from the head, from the page's own JSON-LD and from what the page shows. Values stay as
they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ...text.patterns import regex
from .character_references import page_line
from .json_ld import ARTICLE, Object, has_type, own_objects, read_objects, title_key
from .nulls import is_null
from .page_address import host_of, is_foreign_host, own_addresses
from .page_authors import read_authors
from .page_parts import is_in_other_part
from .titles import SiteNames, headline

_TITLES = ("headline", "og:title", "twitter:title", "dc.title", "citation_title", "parsely-title")
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_PUBLISHERS = ("publisher", "dc.publisher", "article:publisher", "citation_journal_title")
_SECTIONS = ("article:section", "og:article:section", "parsely-section", "section", "category")
_SITE = regex(r"(?:WebSite|NewsMediaOrganization|Organization)$")
_CUT = regex(r"(?:(?<!\s)\s+)?(?:(?<!\.)\.{2,}|…)\s*$")
_ADDRESS = regex(r"://|^www\.|/|\s@")
_MAX_HEADLINE = 100
"""The length from which a headline in JSON-LD may have been cut: Google allows 110 characters."""
_MOST_TITLES = 20
"""The maximum number of headings, titles and values of one name that are compared."""
_MAX_NAME = 80
"""The maximum length of the name of a site, in characters."""


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The metadata of a page, as far as it states any."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    site: SiteNames = field(default_factory=SiteNames)
    source: str | None = None
    """The name of the site, or its host."""
    description: str | None = None


@dataclass(frozen=True, slots=True)
class _Stated:
    """The statements of a page about itself, by their places."""

    metas: dict[str, list[str]]
    objects: list[Object]
    articles: list[Object]
    """The articles in JSON-LD that are the page's own."""
    shown: list[str]
    """The texts of its headings of the first level."""
    titles: list[str]

    @classmethod
    def of(cls, tree: Any, urls: list[str]) -> _Stated:
        metas = _metas(tree)
        objects = read_objects(tree)
        headings = islice(tree.iter("h1"), _MOST_TITLES)
        shown = [_text(each) for each in headings if not is_in_other_part(each)]
        titles = [_text(each) for each in islice(tree.iterfind(".//head/title"), _MOST_TITLES)]
        known = [*metas.get("og:title", ()), *shown, *titles]
        return cls(metas, objects, own_objects(objects, ARTICLE, urls, known), shown, titles)

    def all_of(self, names: tuple[str, ...]) -> list[str]:
        """Return the values of the meta elements of some names."""
        return [value for name in names for value in self.metas.get(name, ())[:_MOST_TITLES]]


def read_metadata(tree: Any, url: str | None = None) -> PageMetadata:
    """Return the metadata of a parsed page."""
    urls = [*([url] if url else ()), *own_addresses(tree)]
    stated = _Stated.of(tree, urls)
    names = [name for name in _names(stated) if "/" not in name]
    names += stated.metas.get("twitter:site", [])
    ends = [each for each in stated.shown for title in stated.titles if _is_end(each, title)]
    sections = stated.all_of(_SECTIONS)
    sections += [str(each.get("articleSection") or "") for each in stated.articles]
    site = SiteNames.of([*names, *ends], next(iter(urls), None), sections)
    title = _title(stated, site)
    authors = read_authors(tree, stated.metas, stated.articles, site)
    description = next(iter(stated.all_of(("og:description", "description"))), None)
    return PageMetadata(title, authors, site, _source(stated, title, urls), description)


def _names(stated: _Stated) -> Iterator[str]:
    """Yield the names of the site and its publisher, the most likely first."""
    yield from stated.all_of(_SITES)
    publishers = [each.get("publisher") for each in stated.articles]
    sites = [each for each in stated.objects if has_type(each, _SITE)]
    for each in (*publishers, *sites):
        value = each[0] if isinstance(each, list) and each else each
        name = value.get("name") or value.get("legalName") if isinstance(value, dict) else value
        if isinstance(name, str):
            yield page_line(name)
    yield from stated.all_of(_PUBLISHERS)


def _source(stated: _Stated, title: str | None, urls: list[str]) -> str | None:
    """Return the name of the site: as the page states it, as its title shows it, or its host.

    An account or an address of a network is none, nor is a web archive.
    """
    hosts = [host for host in map(host_of, urls) if host and not is_foreign_host(host)]
    for each in _names(stated):
        name = each.lstrip("@").strip()
        is_address = bool(_ADDRESS.search(name)) or is_foreign_host(name.lower())
        if 0 < len(name) <= _MAX_NAME and not (is_address or is_null(name) or name == title):
            return name
    return next(iter(hosts), None)


def _title(stated: _Stated, site: SiteNames) -> str | None:
    """Return the headline, without the name of the site.

    The one that is shown comes first if it is stated too, then that of the page's own JSON-LD. What
    is stated only for networks and search engines is often another one.
    """
    named = [page_line(each.get("headline")) for each in stated.articles[:_MOST_TITLES]]
    metas = stated.all_of(_TITLES)
    shown = [each for each in stated.shown if each and not site.have(each)]
    others = [*metas, *named, *stated.titles]
    bare = {title_key(headline(each, site, shown=shown, colon=True)) for each in others}
    likely = [each for each in shown if title_key(each) in bare or _is_start(each, others)][:1]
    lone = shown if len(shown) == 1 else []
    candidates = [*likely, *named[:1], *metas, *lone, *stated.titles[:1], *shown]
    # A stated title is shown too if another one is longer only by what is around it.
    parts = [each for each in metas if any(each != one and each in one for one in candidates)]
    clear = [headline(each, site, colon=True) for each in (*shown, *named, *parts) if each]
    for candidate in candidates:
        title = headline(candidate, site, shown=clear, colon=True)
        if title and not site.have(title) and not is_null(title):
            wholes = [headline(each, site, shown=clear, colon=True) for each in (*shown, *metas)]
            longer = (
                whole
                for number, whole in enumerate(wholes)
                if _is_cut_from(title, whole) or (number < len(shown) and _continues(whole, title))
            )
            return next(longer, title)
    return None


def _is_start(shown: str, titles: list[str]) -> bool:
    """Return whether several titles begin with a shown headline, each with more after it."""
    starts = [title for title in titles if title.startswith(shown) and title != shown]
    return len(starts) > 1 and len({title[len(shown) :] for title in starts}) > 1


def _is_end(name: str, title: str) -> bool:
    """Return whether a title ends with a name of a few words, after a longer headline."""
    rest = title.removesuffix(name)
    words = len(name.split())
    return bool(name) and rest != title and words <= 4 and len(rest.split()) > words + 1


def _continues(shown: str, title: str) -> bool:
    """Return whether a shown headline is the title and a clause after a dash or colon."""
    return bool(re.match(r"\s*[:–—|]\s|\s+-\s", shown.removeprefix(title)))


def _is_cut_from(title: str, whole: str) -> bool:
    """Return whether a title is the beginning of a longer one, cut because of its length."""
    bare = _CUT.sub("", title)
    is_cut = bare != title or len(title) >= _MAX_HEADLINE
    return is_cut and len(whole) > len(title) and whole.startswith(bare)


def _metas(tree: Any) -> dict[str, list[str]]:
    """Return the contents of the page's meta elements by their names in lower case."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = page_line(element.get("content"))
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _text(element: Any) -> str:
    return page_line("".join(element.itertext()))
