"""The date of publication of a web page, as the page states it.

Statements for programs count before what is shown: the article's own JSON-LD, the head, then the
markup. Dates of updates, and those of comments, videos, other articles and the site never count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from ...text.dates import is_ambiguous, parse_day
from ...text.tokenize import terms
from ..blocks.date_lines import LINE_LENGTH, last_label, read_date_line
from .page_metadata import json_objects

_STATED = 20
"""The maximum number of dates of a page that are examined."""
_PARAGRAPH = 150
"""The length from which a text is a paragraph of the article, in characters."""

_ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting)$")
_PAGE = re.compile(r"(?:\w*Page|CreativeWork)$")
_PUBLISHED_METAS = frozenset(
    "article:published_time og:article:published_time og:published_time article.published"
    " article:published article:publish_time og:pubdate datepublished date_published date-published"
    " pubdate publishdate publish-date publish_date published-date published_date published_time"
    " published_at publication_date publication-date publicationdate originalpublicationdate"
    " parsely-pub-date sailthru.date dc.date.issued dc.issued dcterms.issued dcterms.date.issued"
    " dcterms.created dc.created dc.date.created citation_publication_date citation_online_date"
    " cxenseparse:recs:publishtime displaydate article_date_original ptime".split()
)
_OTHER_METAS = frozenset("date dc.date dcterms.date citation_date article:created_time".split())
_MARKED = re.compile(
    r"(?:^|[:\s])(?:datepublished|dc:issued|dc:created|dc:date dc:created)$", re.IGNORECASE
)
"""The property that microdata and RDFa give the date of publication."""
_DATE = "((?:19|20)\\d\\d){0}(0[1-9]|1[0-2]){0}(0[1-9]|[12]\\d|3[01])"
_URL_DATE = re.compile(rf"/{_DATE.format('/')}(?=[/.?]|$)|/{_DATE.format('-?')}(?=[/_-]|$)")

_SKIPPED = frozenset(
    "aside blockquote figcaption figure footer head nav script select style template".split()
)
_ELSEWHERE = re.compile(
    r"(?:comments?|comment[-_](?:list|body|content|meta|date|item|thread|author|section|area|time)"
    r"|disqus|respond|reply|repl(?:y|ies)|footer|site-footer|page-footer|copyright|sidebar|widget"
    r"|related|recommended|trending|teasers?|popular|most-?(?:read|popular|viewed)|latest|ticker"
    r"|newsletter|promo|today|current-date|masthead|topbar|top-bar|breaking)"
    r"(?:[-_]\w+)?",
    re.IGNORECASE,
)
"""The classes of the parts of a page that are not its article."""
_OTHER_TYPE = re.compile(r"/(?:Video|Image|Media|Comment|Review|Person|Organization|Event)\w*$")
_PUBLISHED_CLASS = re.compile(r"publi(?:sh|c)|pub-?date|posted|entry-date|created", re.IGNORECASE)
_UPDATED_CLASS = re.compile(r"updat|modif|edited", re.IGNORECASE)
_DATE_CLASS = re.compile(r"date|time|stamp|byline|meta(?![a-z])|تاريخ", re.IGNORECASE)


def page_date(tree: Any, url: str | None = None) -> str | None:
    """Return the date of publication that a parsed page states, as it is written; None if none.

    The first that is a day counts. One that may be of two months stays as it is written, unless
    a later one is of the same day.
    """
    urls = list(filter(None, (url, *_own_urls(tree))))
    sources: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: _in_json(tree, urls, _ARTICLE),
        lambda: _in_metas(tree, _PUBLISHED_METAS),
        lambda: _marked_up(tree),
        lambda: _in_metas(tree, _OTHER_METAS),
        lambda: _in_json(tree, urls, _PAGE),
        lambda: _shown(tree),
        lambda: (
            "-".join(filter(None, found.groups())) for found in map(_URL_DATE.search, urls) if found
        ),
    )
    unclear: str | None = None
    for source in sources:
        for written in islice(filter(None, source()), _STATED):
            day = parse_day(written)
            if day and unclear and is_ambiguous(unclear):
                readings = (parse_day(unclear, day_first=first) for first in (True, False))
                return day.isoformat() if day in readings else unclear
            if day:
                return day.isoformat()
            if unclear is None and any(map(str.isdigit, written)):
                unclear = written
    return unclear


def _own_urls(tree: Any) -> Iterator[str]:
    for link in tree.iterfind(".//link[@rel='canonical']"):
        yield link.get("href") or ""
    for meta in tree.iterfind(".//meta[@property='og:url']"):
        yield meta.get("content") or ""


def _in_json(tree: Any, urls: list[str], wanted: re.Pattern[str]) -> list[str]:
    """Return the dates of the objects of a type in JSON-LD: of the page's own, if one is named."""
    objects = [item for item in json_objects(tree) if _has_type(item, wanted)]
    if len(objects) > 1:
        titles = {_key(" ".join(each.itertext())) for each in tree.iter("h1", "title")}
        titles |= {
            _key(each.get("content")) for each in tree.iterfind(".//meta[@property='og:title']")
        }
        own = {_bare_url(url) for url in urls} - {""}
        scores = [
            2 * any(_bare_url(url) in own for url in _urls_of(item))
            + (_key(item.get("headline") or item.get("name")) in titles - {()})
            for item in objects
        ]
        objects = [
            item for item, score in zip(objects, scores, strict=True) if score == max(scores)
        ]
    dates = (item.get("datePublished") or item.get("dateCreated") for item in objects)
    return [date for date in map(_value, dates) if date]


def _has_type(item: dict[str, Any], pattern: re.Pattern[str]) -> bool:
    types = item.get("@type")
    each = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and pattern.search(name) for name in each)


def _value(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    return value.strip() if isinstance(value, str) else str(value) if type(value) is int else None


def _urls_of(item: dict[str, Any]) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = item.get(key)
        for each in (
            (value, value.get("@id"), value.get("url")) if isinstance(value, dict) else (value,)
        ):
            if isinstance(each, str):
                yield each


def _bare_url(url: str) -> str:
    """Return an address without what may differ in it: the scheme, the query and the anchor."""
    return re.sub(r"^https?://(?:www\.)?|[?#].*|/+$", "", url[:2000].strip()).rstrip("/").lower()


def _key(title: object) -> tuple[str, ...]:
    return tuple(terms(title[:1000])) if isinstance(title, str) else ()


def _in_metas(tree: Any, names: frozenset[str]) -> Iterator[str]:
    for element in tree.iter("meta"):
        stated = (element.get(key) for key in ("property", "name", "itemprop"))
        if any(name and name.strip().lower() in names for name in stated):
            in_body = element.getparent() is not None and element.getparent().tag != "head"
            if not (in_body and _is_elsewhere(element)):
                yield (element.get("content") or "").strip()


def _marked_up(tree: Any) -> Iterator[str]:
    """Yield the dates of the elements that are marked as the date of publication."""
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag == "meta":
            continue
        mark = element.get("itemprop") or element.get("property")
        if (
            (mark and _MARKED.search(mark))
            or (element.tag == "time" and "pubdate" in element.attrib)
        ) and not _is_elsewhere(element):
            yield from _values_of(element)


def _values_of(element: Any) -> Iterator[str]:
    """Yield the date for programs and the text of an element, the former first if it is a day."""
    stated = (element.get("datetime") or element.get("content") or "").strip()
    text = " ".join("".join(element.itertext()).split())[:LINE_LENGTH]
    line = read_date_line(text)
    shown = (line.published or "") if line else text
    yield from (stated, shown) if stated and parse_day(stated) else (shown, stated)


def _is_elsewhere(element: Any) -> bool:
    """Return whether an element is in a part of the page that is not its article."""
    return any(map(_is_other_part, (element, *element.iterancestors())))


def _is_other_part(element: Any) -> bool:
    tag = element.tag
    if tag in ("html", "body", "main", "h1"):
        return False
    if tag in _SKIPPED and tag != "head":
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    is_other = bool(_OTHER_TYPE.search(element.get("itemtype") or "")) or (
        tag == "header"
        and not any(each.tag in ("article", "main") for each in element.iterancestors())
    )
    if not is_other and not (names and any(map(_ELSEWHERE.fullmatch, names))):
        return False
    return element.find(".//h1") is None


class _Shown(NamedTuple):
    """A date that is shown on a page; the least one counts."""

    is_unlabelled: bool
    is_before_title: bool
    is_unmarked: bool
    order: int
    written: str


@dataclass
class _Reading:
    """How far a page has been read from its beginning."""

    has_title: bool = False
    """Whether its title was read."""
    is_past_lede: bool = False
    previous: str = ""
    """The text before."""


def _shown(tree: Any) -> list[str]:
    """Return the dates of the date lines that are shown around the title, the likeliest first."""
    reading = _Reading()
    found: list[_Shown] = []
    body = tree.find("body")
    pending: list[Any] = [] if body is None else [body]
    while pending:
        element = pending.pop()
        if isinstance(element, str):
            _read_text(element, "", "", reading, found)
            continue
        tail = element.tail if element is not body else None
        if tail and tail.strip():
            pending.append(tail)
        if not isinstance(element.tag, str) or element.tag in _SKIPPED or _is_other_part(element):
            continue
        reading.has_title |= element.tag == "h1"
        stated = element.get("datetime") if element.tag == "time" else None
        if stated or (not len(element) and element.text):
            text = " ".join("".join(element.itertext()).split())
            _read_text(text, _marks(element), stated or "", reading, found)
            continue
        pending.extend(reversed(element))
        if element.text and element.text.strip():
            _read_text(element.text, _marks(element), "", reading, found)
    return [shown.written for shown in sorted(found)]


def _marks(element: Any) -> str:
    """Return the classes of an element, and of the one around it."""
    marks = ["time" if element.tag == "time" else ""]
    for each in (element, element.getparent()):
        if each is not None and each.tag not in ("html", "body", "main", "article"):
            marks += [each.get(key) or "" for key in ("class", "id", "itemprop")]
    return " ".join(filter(None, marks))


def _read_text(text: str, marks: str, stated: str, reading: _Reading, found: list[_Shown]) -> None:
    text = " ".join(text.split())
    previous, reading.previous = reading.previous, text or reading.previous
    reading.is_past_lede |= len(text) >= _PARAGRAPH
    if len(text) > LINE_LENGTH or not (stated or any(map(str.isdigit, text))):
        return
    label = last_label(previous) if len(previous) <= LINE_LENGTH else None
    line = read_date_line(text, label=label)
    if line and not line.label:
        written = line.published
        is_labelled = line.is_labelled
    else:
        written = stated if label != "updated" and last_label(text) != "updated" else None
        is_labelled = label == "published"
    if stated and written and parse_day(stated):
        written = stated
    is_updated = _UPDATED_CLASS.search(marks) and not _PUBLISHED_CLASS.search(marks)
    if not written or (is_updated and not is_labelled):
        return
    is_marked = bool(_DATE_CLASS.search(marks) or _PUBLISHED_CLASS.search(marks))
    if is_labelled or (not reading.is_past_lede and (is_marked or bool(line and line.is_certain))):
        is_labelled = is_labelled or (
            bool(_PUBLISHED_CLASS.search(marks)) and not reading.is_past_lede
        )
        found.append(
            _Shown(not is_labelled, not reading.has_title, not is_marked, len(found), written)
        )
