"""The address of a web page: the page's own, not that of an archive that has kept it.

The Wayback Machine and others like it replay a page under their own address, which ends with the
original's; saved by a browser, a page names its address in a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...text.patterns import regex
from .base import word_lists

MAX_ADDRESS = 2000
"""The maximum length of an address, in characters."""
_WAYBACK = r"web\.archive\.org/(?:web/)?(?:\d{1,14}\*?(?:[a-z]{2}_)?|\*)/"
_TODAY = r"archive\.(?:today|is|ph|li|vn|md|fo)/(?:\d[\d.-]{3,20}/|o/\w{1,20}/)"
_OTHERS = r"[\w.-]{1,100}/(?:[\w.-]{1,40}/){0,4}\d{14}(?:[a-z]{2}_)?/(?=https?:/)"
_REPLAYED = regex(rf"(?:https?:)?//(?:{_WAYBACK}|{_TODAY}|{_OTHERS})", re.IGNORECASE)
_RELATIVE = regex(r"/(?:web/)?\d{14}(?:[a-z]{2}_)?/(?=https?:/)")
"""The beginning of a replayed address, with the archive's name and without."""
_HOST = regex(r"(?:https?:)?//(?:[^/@\s]{0,100}@)?([\w.-]{1,253})(?:[:/?#]|$)", re.IGNORECASE)
_FRONT = regex(r"(?:https?:)?//[^/?#\s]+/?(?:#.*)?", re.IGNORECASE)
_SAVED = (
    regex(r"<!-- saved from url=\(\d{1,6}\)(https?://[^\s<>]{1,2000}) -->"),
    regex(
        r"<!--\s{0,20}(?:Page saved with|Archive processed by)\s+SingleFile\s[^>]{0,300}?"
        r"\burl:\s{0,20}(https?://[^\s<>]{1,2000})"
    ),
    regex(r"""__wm\.wombat\(\s{0,9}["'](https?://[^"'\s<>]{1,2000})"""),
    regex(r"<!-- Mirrored from ([\w.-]{1,253}/[^\s<>]{0,2000}) by HTTrack "),
)
"""Addresses that browsers, their extensions and the Wayback Machine write into a saved page."""
_COMMENTED_HEAD = 20_000
"""The length of the beginning of a page that may have it, in characters."""


def original_address(url: str) -> str:
    """Return an address without that of the web archive before it.

    >>> original_address("https://web.archive.org/web/20180127000000id_/http://example.org/a")
    'http://example.org/a'
    """
    found = _REPLAYED.match(url) or _RELATIVE.match(url)
    if not found:
        return url
    rest = re.sub(r"^(https?):/(?=[^/])", r"\1://", url[found.end() :], flags=re.IGNORECASE)
    return rest if re.match(r"https?://", rest, re.IGNORECASE) else f"http://{rest}"


def own_addresses(tree: Any) -> list[str]:
    """Return the addresses that a page gives as its own, without those of archives."""
    return [original_address(url) for url in _stated(tree) if url]


def _stated(tree: Any) -> Iterator[str]:
    for link in tree.iterfind(".//link[@rel='canonical']"):
        yield (link.get("href") or "")[:MAX_ADDRESS].strip()
    for meta in tree.iterfind(".//meta[@property='og:url']"):
        yield (meta.get("content") or "")[:MAX_ADDRESS].strip()


def saved_address(page: str) -> str | None:
    """Return the address that a browser has written into a page it saved."""
    for pattern in _SAVED:
        if found := pattern.search(page, 0, _COMMENTED_HEAD):
            address = original_address(found[1])
            return address if address.startswith("http") else f"http://{address}"
    return None


def choose_address(url: str | None, saved: str | None, stated: list[str]) -> str | None:
    """Return the address of a page: where it was fetched, or else what it says itself.

    The front page of a site, which some pages give as their own, counts only if there is no other.
    """
    if url:
        return original_address(url)
    known = [each for each in (*stated, saved or "") if re.match(r"https?://", each, re.I)]
    kept = [each for each in known if not is_kept(each)]
    return next((each for each in kept if not is_front(each)), next(iter(kept), None))


def host_of(url: str) -> str:
    """Return the host of an address without `www.`, or nothing."""
    found = _HOST.match(url)
    return found[1].lower().removeprefix("www.") if found else ""


def is_kept(url: str) -> bool:
    """Return whether an address is of a web archive, so that it does not say whose the page is."""
    return _is_of(host_of(url), word_lists("page_hosts")["archives"])


def is_foreign_host(host: str) -> bool:
    """Return whether a host is a web archive or a social network, and so no publisher."""
    return any(_is_of(host, domains) for domains in word_lists("page_hosts").values())


def _is_of(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def is_front(url: str) -> bool:
    """Return whether an address is the front page of a site."""
    return _FRONT.fullmatch(url.strip()) is not None


def bare_address(url: str) -> str:
    """Return an address without what may differ in it: the scheme, the query and the anchor."""
    url = original_address(url[:MAX_ADDRESS].strip())
    return re.sub(r"^https?://(?:www\.)?|[?#].*", "", url).rstrip("/").lower()
