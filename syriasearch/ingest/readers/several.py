"""Signs that a text or page holds several articles, as an export in a format that is not read.

What is read as one article is searched for what exports write between or above each of theirs: a
count ("Document 2 of 10"), a mark of the end, labels that an article has once (`Title:`, `Date:`),
the time of each message in a chat, long lines of one character; in a page, long elements `article`,
or an element that is repeated, each time with a date and a long text.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from html import unescape
from pathlib import Path

from ...text.patterns import regex
from ...text.word_lists import read_sections
from .base import Problem
from .field_mapping import field_of
from .press_dates import is_date

MAX_CHARACTERS = 4_000_000
"""Maximum number of characters that are searched."""
FEWEST_MESSAGES = 8
"""Minimum number of messages in a chat."""
FEWEST_PARTS = 3
"""Minimum number of long parts between lines of one character."""
LONG_ELEMENT = 1500
"""Minimum number of characters in the paragraphs of an element `article`, but for inner links."""
LONG_PART = 400
"""Minimum number of characters in a long part."""
_FEWEST_REPETITIONS = 3
"""Minimum number of repetitions of an element."""
_LONG_REPETITION = 250
"""Minimum number of letters after each of them."""
_SHARE = 0.8
"""Minimum share of repetitions that have a long text, and of those that have a date."""
_START = 4000
"""Number of characters of the source after a repetition among which is the date."""
_DATED = 200
"""Number of characters of the text after a repetition among which is the date."""

_OF = r"[ \t]?(?:of|von|de|di|sur|van|av|af|iz|из|من|/)[ \t]?"
_COUNT = regex(
    rf"^[ \t#*(\[]{{0,60}}(?:(\w{{2,20}})[ \t.:#]{{1,3}})?(\d{{1,5}}){_OF}(\d{{1,5}})"
    r"(?:[ \t]{1,3}(\w{2,20}))?[ \t*)\].:]{0,5}$",
    re.MULTILINE | re.IGNORECASE,
)
_HTML_COUNT = regex(
    rf">\s{{0,100}}(?:(\w{{2,20}})[ .:#]{{1,3}})?(\d{{1,5}}){_OF}(\d{{1,5}})"
    r"(?:\s{1,3}(\w{2,20}))?\s{0,100}<",
    re.IGNORECASE,
)
_ARTICLE = regex(r"<article\b[^<>]{0,1000}>", re.IGNORECASE)
_PARAGRAPH = regex(r"<p\b[^<>]{0,500}>([^<]{1,5000})", re.IGNORECASE)
_OF_SITES = ('property="og:', "application/ld+json", 'rel="canonical"', "rel=canonical")
_REPEATED = frozenset("article div hr section table".split())
_TAG = regex(r"<[^<>]*>")
_OPENED = regex(r"<([a-zA-Z][a-zA-Z0-9]{0,15})(?:[^<>]{0,300}?\sclass=[\"']?([^\"'<>]{0,80}))?")
_LABEL = regex(r"^[ \t]{0,20}([^\W\d_][^\n:]{1,30}):(?=[ \t\n]|$)", re.MULTILINE)
_MESSAGE = regex(
    r"^\u200e?\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?:\s?[APap]\.?[Mm]\.?)?"
    r"(?:\]| -|:) [^\n:]{1,80}: ",
    re.MULTILINE,
)
_RULE = regex(r"^[ \t]*([_=*#~–—-])\1{14,}[ \t]*$", re.MULTILINE)
_QUOTED = regex(r"^## [^\n]{1,500}\n\n[^\n]{1,1000}\n\n> ", re.MULTILINE)
"""A heading, a reference and a quotation, as this program exports hits in Markdown."""
_ONCE = ("title", "date", "author", "source", "url", "id")
"""Fields that an article has once."""


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    sections = read_sections(Path(__file__).parent / "data" / "several.txt")
    return {name: frozenset(lines) for name, lines in sections.items()}


def note_on(text: str) -> Problem | None:
    """Return a note that a text read as one article may hold several; None if it does not.

    >>> note_on("Document 1 of 2\\n\\nTalks end\\n\\nDocument 2 of 2\\n\\nRain falls").message[:28]
    'may hold 2 articles (“Docume'
    """
    text = text[:MAX_CHARACTERS]
    found = _counted(_COUNT, text) or _ended(text) or _labelled(text) or _parted(text)
    return _note(found or _quoted(text))


def note_on_page(html: str) -> Problem | None:
    """Return a note that a web page may hold several articles; None if it does not.

    Only counts with a word are looked at, as pages count the pictures in a gallery; and only long
    elements, as the teasers of a page are short. The page is one without scripts and comments.
    """
    html = html[:MAX_CHARACTERS]
    found = _counted(_HTML_COUNT, html, bare=False) or _elements(html)
    return _note(found or (None if is_of_site(html) else _repeated(html)))


def is_of_site(html: str) -> bool:
    """Return whether a page says of itself what pages of sites say, and exports never."""
    return any(mark in html for mark in _OF_SITES)


def _note(found: tuple[int, str] | None) -> Problem | None:
    if found is None:
        return None
    message = f"may hold {found[0]:,} articles ({found[1]}), and was read as one: split it"
    return Problem(f"{message}, or export it in a format that is read", lost=False)


def _counted(pattern: re.Pattern[str], text: str, *, bare: bool = True) -> tuple[int, str] | None:
    """Return the number of counts that follow each other, and the first one."""
    series: dict[tuple[str, str], tuple[int, str]] = {}
    for found in pattern.finditer(text):
        before, number, total, after = found.groups()
        words = {word.casefold() for word in (before, after) if word}
        if words & _lists()["pages"] or int(total) < 2 or not (words or bare):
            continue
        key = (" ".join(sorted(words)), total)
        reached, first = series.get(key, (0, found[0].strip(" \t\r\n<>")))
        if int(number) == reached + 1:
            series[key] = (reached + 1, first)
    best = max(series.values(), default=(0, ""))
    return (best[0], f"“{best[1]}” and so on") if best[0] >= 2 else None


def _elements(html: str) -> tuple[int, str] | None:
    """Return the number of elements `article` that have much text in paragraphs."""
    starts = [found.end() for found in _ARTICLE.finditer(html)]
    if len(starts) < 2:
        return None
    parts = [html[a:b] for a, b in zip(starts, [*starts[1:], len(html)], strict=True)]
    sizes = [
        sum(len(found[1]) for found in _PARAGRAPH.finditer(part.partition("</article")[0]))
        for part in parts
    ]
    long = sum(size >= LONG_ELEMENT for size in sizes)
    return (long, "each an element `article`") if long >= 2 else None


def _repeated(html: str) -> tuple[int, str] | None:
    """Return the number of repetitions of an element that each begin an article."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    letters = last = 0
    for tag in _TAG.finditer(html):
        letters += sum(map(len, html[last : tag.start()].split()))
        last = tag.end()
        opened = _OPENED.match(tag[0])
        if opened and (name := opened[1].lower()) in _REPEATED:
            places.setdefault((name, opened[2] or ""), []).append((tag.start(), letters))
    letters += sum(map(len, html[last:].split()))
    most = max((_articles(found, html, letters) for found in places.values()), default=0)
    return (most, "each with a date and a text") if most >= _FEWEST_REPETITIONS else None


def _articles(places: list[tuple[int, int]], html: str, letters: int) -> int:
    """Return the number of repetitions of an element that begin an article, 0 if few do."""
    if len(places) < _FEWEST_REPETITIONS:
        return 0
    ends = [count for _, count in places[1:]] + [letters]
    sizes = ((start, end - count) for (start, count), end in zip(places, ends, strict=True))
    long = [start for start, size in sizes if size >= _LONG_REPETITION]
    if len(long) < _SHARE * len(places):
        return 0
    sources = (html[start : start + _START] for start in long)
    texts = (" ".join(unescape(_TAG.sub(" ", source)).split())[:_DATED] for source in sources)
    return len(long) if sum(map(is_date, texts)) >= _SHARE * len(long) else 0


def _ended(text: str) -> tuple[int, str] | None:
    lowered = text.casefold()
    for mark in _lists()["ends"]:
        if mark in lowered:
            count = len(re.findall(rf"^[ \t*-]*{mark}[ \t.*-]*$", lowered, re.MULTILINE))
            if count >= 2:
                return count, f"each ends with “{mark}”"
    return None


def _labelled(text: str) -> tuple[int, str] | None:
    """Return how often a title and another field have a label, or a chat has a time."""
    if text.count(":") < 4:
        return None
    labels = Counter(found[1].strip() for found in _LABEL.finditer(text))
    fields: dict[str, tuple[int, str]] = {}
    for label, count in labels.items():
        field = field_of(label) if count >= 2 else None
        if field in _ONCE:
            fields[field] = max(fields.get(field, (0, "")), (count, label))
    if "title" in fields and len(fields) >= 2:
        count, label = fields["title"]
        return count, f"each has a line “{label}:”"
    messages = sum(1 for _ in _MESSAGE.finditer(text))
    return (messages, "messages with a time each") if messages >= FEWEST_MESSAGES else None


def _quoted(text: str) -> tuple[int, str] | None:
    count = sum(1 for _ in _QUOTED.finditer(text))
    return (count, "each with a reference and a quotation") if count >= 2 else None


def _parted(text: str) -> tuple[int, str] | None:
    rules = [found.span() for found in _RULE.finditer(text) if not _underlines(text, found)]
    starts = [0, *(end for _, end in rules)]
    ends = [*(start for start, _ in rules), len(text)]
    long = sum(len(text[a:b].strip()) >= LONG_PART for a, b in zip(starts, ends, strict=True))
    if long >= FEWEST_PARTS and len(rules) <= 3 * long:
        return long, "parted by lines of one character"
    return None


def _underlines(text: str, rule: re.Match[str]) -> bool:
    """Return whether a line of one character underlines the heading above it."""
    before = text[max(0, rule.start() - 300) : rule.start()]
    above = before.removesuffix("\n").rpartition("\n")[2].strip()
    return bool(above) and abs(len(above) - len(rule[0].strip())) <= 3
