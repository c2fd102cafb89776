"""Articles of Google Alerts: a mail that lists what was found, each with its title and a summary.

The articles themselves are elsewhere. Each is read with the address that the link leads to, and
without a date, as the mail only has its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from ...text.patterns import regex
from ..blocks.html import html_blocks
from .base import Document
from .field_values import without_tags

SENDER = "googlealerts-noreply@google.com"
_LINK = regex(
    r"<a\b[^<>]{0,1000}?href\s*=\s*[\"'](https?://(?:www\.)?google\.[a-z.]{2,6}/url\?[^\"'<>]{1,3000})"
    r"[\"'][^<>]{0,1000}>",
    re.IGNORECASE,
)
_PLAIN = regex(r"<(https?://(?:www\.)?google\.[a-z.]{2,6}/url\?[^<>\s]{1,3000})>")
_ITEM = regex(r"<(\w+)[^<>]{0,500}\bitemprop\s*=\s*[\"']?(publisher|description)\b[^<>]{0,500}>")
_RULE = regex(r"^(?:===.*===|[- ]{5,})$", re.MULTILINE)
_LONGEST_NAME = 60


def articles(text: str, markup: str) -> Iterator[Document]:
    """Yield the articles that a mail lists."""
    seen: set[str] = set()
    for address, title, source, summary in _results(text, markup):
        url = _target(address)
        if url and title and url not in seen:
            seen.add(url)
            yield Document(summary or title, title=title, source=source, url=url)


def _results(text: str, markup: str) -> Iterator[tuple[str, str, str | None, str]]:
    if markup != "html":
        before = 0
        for found in _PLAIN.finditer(text):
            block = _RULE.split(text[before : found.start()])[-1]
            lines = [line.strip() for line in block.strip().split("\n\n")[-1].split("\n")]
            before = found.end()
            name = lines[1] if len(lines) > 2 and len(lines[1]) <= _LONGEST_NAME else None
            yield found[1], lines[0], name, " ".join(lines[2 if name else 1 :])
        return
    links = list(_LINK.finditer(text))
    ends = [link.start() for link in links[1:]] + [len(text)]
    for link, end in zip(links, ends, strict=False):
        inner, _, rest = text[link.end() : end].partition("</a>")
        title = " ".join(without_tags(inner).split())
        marked = {each[2].lower(): rest[each.end() :] for each in _ITEM.finditer(rest)}
        if "description" in marked:
            source, summary = _first(marked.get("publisher", "")), _first(marked["description"])
        else:
            blocks = [block.text for block in html_blocks(rest)]
            has_name = len(blocks) > 1 and len(blocks[0]) <= _LONGEST_NAME
            source = blocks.pop(0) if has_name else ""
            summary = blocks[0] if blocks else ""
        yield link[1], title, source or None, summary


def _first(html: str) -> str:
    """Return the text of the first block in a piece of HTML."""
    blocks = html_blocks(html)
    return blocks[0].text if blocks else ""


def _target(address: str) -> str | None:
    """Return the address that a link of Google leads to.

    >>> _target("https://www.google.com/url?rct=j&amp;url=https://example.org/a%3Fb&amp;ct=ga")
    'https://example.org/a?b'
    """
    query = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    targets = [*query.get("url", ()), *query.get("q", ())]
    return next((target for target in targets if target.startswith("http")), None)
