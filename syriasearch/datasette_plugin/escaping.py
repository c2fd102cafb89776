"""Safe display of scraped text, which must neither run nor deceive.

Templates escape whatever they are given. Marks in a text are added here, by offsets. In a cell of a
table two control characters mark what is found. Ingest removes control characters from every text,
and so do the functions, so no article can contain them. A page shows them as `<mark>`, with
everything else escaped; JSON and CSV have the characters themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from .. import Entity, Mention, Snippet

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""The headers of every page: nothing from elsewhere, and nothing inline, runs."""

OPEN, CLOSE = "\x02", "\x03"
"""The marks of what is found, in a cell of a table."""

_ADDRESS = re.compile(r"(https?://[^\s<>]+[^\s<>.,;])")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f\ud800-\udfff]")


def shown(text: str | None) -> str:
    """Return a text on one line, without hidden or reversing characters; offsets do not change.

    Direction marks, control characters and invisible marks become spaces.
    """
    return _INVISIBLE.sub(" ", Snippet(text or "").to_text())


def cut(text: str | None, limit: int = 300) -> str:
    """Return a text for display, cut if it is too long to be read."""
    text = shown(text)
    return text if len(text) <= limit else text[:limit].rstrip() + "…"


def isolated(text: str | None, limit: int = 300, class_: str = "") -> Markup:
    """Return a text of an archive as HTML that does not turn the text around it.

    On pages in English it says if it is in Arabic script, for what reads pages aloud.
    """
    pieces = Markup(' class="{}"').format(class_) if class_ else Markup("")
    pieces += Markup(' lang="ar"') if _ARABIC.search(text or "") else Markup("")
    return Markup("<bdi{}>{}</bdi>").format(pieces, cut(text, limit))


def counted(number: int, noun: str) -> str:
    """Return a number with a noun: 1 article, 2,500 articles."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def with_addresses(text: str) -> Markup:
    """Return a text as HTML in which each web address is read from left to right."""
    pieces = _ADDRESS.split(text)
    return Markup("").join(
        Markup('<bdi dir="ltr">{}</bdi>').format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )


def web_address(url: str | None) -> str | None:
    """Return a URL that is safe to link: http or https, with a host and without a user name."""
    if not url or url != shown(url).strip() or len(url) > 2000:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return url if port is None or port > 0 else None


def host(url: str) -> str:
    """Return the host of a web address as it is resolved, without look-alike letters."""
    name = urlsplit(url).hostname or ""
    try:
        return name.encode("idna").decode("ascii").removeprefix("www.")
    except UnicodeError:
        return name.encode("ascii", "replace").decode("ascii")


def language(code: str | None) -> str | None:
    """Return a language as the value of an attribute; None if it is not a language."""
    return code if code and re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", code) else None


def marked(
    text: str,
    highlights: Sequence[tuple[int, int]] = (),
    mentions: Sequence[Mention] = (),
    address_of: Callable[[Entity], str] = lambda entity: "#",
) -> Markup:
    """Return a text as HTML: highlights in `<mark>`, each mention a link to its entity's page.

    The link's title says whose the name is taken for, and why. If mentions overlap the first
    counts, and the longest of those with the same beginning.
    """
    text = shown(text)
    pieces: list[Markup] = []
    done = 0
    seen: set[str] = set()
    whose: dict[tuple[int, int], list[str]] = {}
    for each in mentions:
        named = f"{each.entity.name} ({each.entity.type})"
        whose.setdefault((each.start, each.end), []).append(named)
    for mention in sorted(mentions, key=lambda each: (each.start, -each.end)):
        start, end = mention.start, min(mention.end, len(text))
        if not done <= start < end:
            continue
        entity = mention.entity
        named = cut(f"{' or '.join(whose[start, mention.end])}: {mention.why}")
        inside = _highlighted(text, start, end, highlights)
        pieces += [
            _highlighted(text, done, start, highlights),
            Markup('<a class="name {}" href="{}" title="{}">{}</a>').format(
                f"{entity.type} again" if entity.slug in seen else entity.type,
                *(address_of(entity), named, inside),
            ),
        ]
        seen.add(entity.slug)
        done = end
    return Markup("").join([*pieces, _highlighted(text, done, len(text), highlights)])


def _highlighted(text: str, start: int, end: int, ranges: Sequence[tuple[int, int]]) -> Markup:
    """Return a part of a text, with the ranges in it, sorted and disjoint, in `<mark>`."""
    pieces: list[str] = []
    for first, last in ranges:
        first, last = max(first, start), min(last, end)
        if first < last:
            pieces += [
                escape(text[start:first]),
                Markup("<mark>{}</mark>").format(text[first:last]),
            ]
            start = last
    return Markup("").join([*pieces, escape(text[start:end])])


def passage(
    snippet: Snippet,
    mentions: Sequence[Mention] = (),
    address_of: Callable[[Entity], str] = lambda entity: "#",
) -> Markup:
    """Return a snippet as HTML, with dots where the paragraph is cut, and with links in it.

    The offsets of `mentions` are those in the paragraph.
    """
    before, after = ("…" if cut else "" for cut in (snippet.cut_before, snippet.cut_after))
    inside = [
        replace(each, start=each.start - snippet.start, end=each.end - snippet.start)
        for each in mentions
    ]
    return before + marked(snippet.text, snippet.highlights, inside, address_of) + after
