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
from ...text.patterns import regex
from ..blocks.date_labels import (
    is_of_something_else,
    is_update,
    label_words,
    last_label,
    stripped,
)
from ..blocks.date_lines import LINE_LENGTH, read_date_line
from .json_ld import ARTICLE, own_objects, read_objects
from .page_address import own_addresses
from .page_parts import is_in_other_part, is_other_part

_STATED = 20
"""The maximum number of dates of a page that are examined."""
_PARAGRAPH = 150
"""The length from which a text is a paragraph of the article, in characters."""

_PAGE = regex(r"(?:(?<!\w)\w*Page|CreativeWork)$")
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
_MARKED = regex(
    r"(?:^|[:\s])(?:datepublished|dc:issued|dc:created|dc:date dc:created)$", re.IGNORECASE
)
"""The property that microdata and RDFa give the date of publication."""
_DATE = "((?:19|20)\\d\\d){0}(0[1-9]|1[0-2]){0}(0[1-9]|[12]\\d|3[01])"
_URL_DATE = regex(rf"/{_DATE.format('/')}(?=[/.?]|$)|/{_DATE.format('-?')}(?=[/_-]|$)")

_SKIPPED = frozenset(
    "aside blockquote figcaption figure footer head nav script select style template".split()
)
_PUBLISHED_CLASS = regex(r"publi(?:sh|c)|pub-?date|posted|entry-date|created", re.IGNORECASE)
_UPDATED_CLASS = regex(r"updat|modif|edited", re.IGNORECASE)
_NEXT = "\n"
"""The separator of the classes of an element and those of the one around it."""
_NUMBER = regex(r"\d")
_BLOCKS = frozenset("p li td dd".split())
_DATE_CLASS = regex(r"date|time|stamp|byline|meta(?![a-z])|تاريخ", re.IGNORECASE)


def page_date(tree: Any, url: str | None = None) -> str | None:
    """Return the date of publication that a parsed page states, as it is written; None if none.

    The first that is a day counts. One that may be of two months stays as it is written, unless
    a later one is of the same day.
    """
    urls = list(filter(None, (url, *own_addresses(tree))))
    sources: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: _in_json(tree, urls, ARTICLE),
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
            day = None if is_update(written) else parse_day(written)
            if day and unclear and is_ambiguous(unclear):
                readings = (parse_day(unclear, day_first=first) for first in (True, False))
                return day.isoformat() if day in readings else unclear
            if day:
                return day.isoformat()
            if unclear is None and any(map(str.isdigit, written)) and not is_update(written):
                unclear = written
    return unclear


def _in_json(tree: Any, urls: list[str], wanted: re.Pattern[str]) -> list[str]:
    """Return the dates of the page's own objects of a type in JSON-LD."""
    titles = [" ".join(each.itertext()) for each in tree.iter("h1", "title")]
    metas = tree.iterfind(".//meta[@property='og:title']")
    titles += [each.get("content") or "" for each in metas]
    objects = own_objects(read_objects(tree), wanted, urls, titles)
    dates = (item.get("datePublished") or item.get("dateCreated") for item in objects)
    return [date for date in map(_value, dates) if date]


def _value(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value")
    return value.strip() if isinstance(value, str) else str(value) if type(value) is int else None


def _in_metas(tree: Any, names: frozenset[str]) -> Iterator[str]:
    for element in tree.iter("meta"):
        stated = (element.get(key) for key in ("property", "name", "itemprop"))
        if any(name and name.strip().lower() in names for name in stated):
            in_body = element.getparent() is not None and element.getparent().tag != "head"
            if not (in_body and is_in_other_part(element)):
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
        ) and not is_in_other_part(element):
            yield from _values_of(element)


def _values_of(element: Any) -> Iterator[str]:
    """Yield the date for programs and the text of an element, the former first if it is a day."""
    stated = (element.get("datetime") or element.get("content") or "").strip()
    text = " ".join("".join(element.itertext()).split())[:LINE_LENGTH]
    line = read_date_line(text)
    shown = (line.published or "") if line else text
    yield from (stated, shown) if stated and parse_day(stated) else (shown, stated)


class _Shown(NamedTuple):
    """A date that is shown on a page; the least one counts."""

    is_unlabelled: bool
    is_before_title: bool
    is_unmarked: bool
    order: int
    written: str
    is_late: bool
    """Whether it is below the beginning of the text."""


@dataclass
class _Reading:
    """How far a page has been read from its beginning."""

    has_title: bool = False
    """Whether its title was read."""
    is_past_lede: bool = False
    previous: str = ""
    """The text before."""

    def read(self, text: str) -> str:
        """Note a text that was read, and return the one before it."""
        previous, self.previous = self.previous, text or self.previous
        self.is_past_lede |= len(text) >= _PARAGRAPH
        return previous


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
        if not isinstance(element.tag, str) or element.tag in _SKIPPED or is_other_part(element):
            continue
        reading.has_title |= element.tag == "h1"
        if element.tag in _BLOCKS and _is_prose(element):
            reading.read(" ".join("".join(element.itertext()).split()))
            continue
        stated = element.get("datetime") if element.tag == "time" else None
        if stated or (not len(element) and element.text):
            text = " ".join("".join(element.itertext()).split())
            _read_text(text, _marks(element), stated or "", reading, found)
            continue
        pending.extend(reversed(element))
        if element.text and element.text.strip():
            _read_text(element.text, _marks(element), "", reading, found)
    # Several days below the text are those of other articles.
    late = {parse_day(shown.written) for shown in found if shown.is_late}
    return [shown.written for shown in sorted(found) if len(late) < 2 or not shown.is_late]


def _is_prose(element: Any) -> bool:
    """Return whether a block with a marked date is a sentence that mentions it."""
    if next(element.iter("time"), None) is None:
        return False
    whole = " ".join("".join(element.itertext()).split())
    dates = {" ".join("".join(each.itertext()).split()) for each in element.iter("time")}
    rest = whole
    for date in dates:
        rest = rest.replace(date, " ") if date else rest
    words = stripped(rest).split()
    small = [word for word in words if word.islower() and word not in label_words()["small"]]
    is_sentence = len(words) > 2 and whole.endswith((".", "!", "?", "؟", "…"))
    return is_sentence or len(small) > 1 or len(rest) > LINE_LENGTH


def _is_labelled_otherwise(previous: str) -> bool:
    """Return whether the text before a date says that it is of something else."""
    return is_of_something_else(previous) and (
        previous.rstrip().endswith((":", "：")) or len(previous.split()) < 3
    )


def _is_updated(marks: str) -> bool:
    """Return whether the nearest mark that says anything says that a date is of an update."""
    for each in marks.split(_NEXT):
        if _PUBLISHED_CLASS.search(each):
            return False
        if _UPDATED_CLASS.search(each):
            return True
    return False


def _marks(element: Any) -> str:
    """Return the classes of an element, and after a mark those of the one around it."""
    marks = []
    for each in (element, element.getparent()):
        named = [element.tag] if each is element and element.tag == "time" else []
        if each is not None and each.tag not in ("html", "body", "main", "article"):
            named += [each.get(key) or "" for key in ("class", "id", "itemprop")]
        marks.append(" ".join(filter(None, named)))
    return _NEXT.join(marks)


def _read_text(text: str, marks: str, stated: str, reading: _Reading, found: list[_Shown]) -> None:
    text = " ".join(text.split())
    previous = reading.read(text)
    if _is_labelled_otherwise(previous) or is_of_something_else(_NUMBER.split(text)[0]):
        return
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
    is_updated = _is_updated(marks)
    if not written or (is_updated and not is_labelled):
        return
    is_marked = bool(_DATE_CLASS.search(marks) or _PUBLISHED_CLASS.search(marks))
    if is_labelled or (not reading.is_past_lede and (is_marked or bool(line and line.is_certain))):
        is_labelled = is_labelled or (
            bool(_PUBLISHED_CLASS.search(marks)) and not reading.is_past_lede
        )
        found.append(
            _Shown(
                not is_labelled,
                not reading.has_title,
                not is_marked,
                len(found),
                written,
                reading.is_past_lede,
            )
        )
