"""View models: hits, facets and spans of time as a page shows them, with their links.

They are prepared here, so that templates compute nothing in loops.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .. import Facet, Hit
from .drawings.histogram import HEIGHT, WIDTH, Histogram, in_words
from .escaping import cut, host, language, passage, web_address
from .search_form import SearchForm
from .urls import Addresses

NAMES = 6
"""The number of entities shown under a hit."""
COPIES = 12
"""The number of copies shown for a hit."""
SHOWN, MORE = 8, 28
"""The number of values of a facet that are shown, and the number with those under `more`."""
SHOWN_LONG = 5
"""The number of values shown if each has to be a button."""
_HEADINGS = {
    "entity": "Named in them",
    "source": "Sources",
    "author": "Authors",
    "lang": "Languages",
}
_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "ku": "Kurdish",
    "ru": "Russian",
    "tr": "Turkish",
}
"""Names of languages; others are shown by their codes."""


@dataclass(frozen=True)
class Name:
    """An entity that is named, with its link."""

    name: str
    type: str
    count: int
    href: str


@dataclass(frozen=True)
class HitView:
    """A hit as it is shown."""

    title: str
    href: str
    lang: str | None
    published: str | None
    told: str
    source: str
    author: str
    url: str | None
    host: str
    partial: bool
    passages: tuple[tuple[Markup, str], ...]
    """Each with the address of its place in the article."""
    copies: tuple[tuple[str, str], ...]
    """The copies: the label of each, and its page."""
    names: tuple[Name, ...]
    related: str
    cite: str


@dataclass(frozen=True)
class Choice:
    """A value of a facet, with the link that narrows to it."""

    label: str
    value: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class FacetView:
    """A facet as it is shown."""

    name: str
    heading: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...]


def hits(found: Iterable[Hit], query: str, addresses: Addresses) -> list[HitView]:
    """Return hits as they are shown; links to their articles carry a query to highlight."""
    return [_hit(hit, query, addresses) for hit in found]


def _hit(hit: Hit, query: str, addresses: Addresses) -> HitView:
    article = hit.article
    url = web_address(article.url)
    alone, asked = addresses.article(article.slug), addresses.article(article.slug, q=query)
    sign = "&" if query else "?"
    return HitView(
        title=cut(article.title, 200) or "Untitled",
        href=asked,
        lang=language(article.lang),
        published=article.published,
        told=in_words(article.published) or "undated",
        source=cut(article.source, 80),
        author=cut(article.author, 80),
        url=url,
        host=cut(host(url), 60) if url else "",
        partial=hit.partial,
        passages=tuple(
            (passage(each.snippet), f"{asked}{sign}at={each.position}#p{each.position}")
            for each in hit.passages
        ),
        copies=tuple(
            (
                cut(each.source, 60) or in_words(each.published) or "Untitled",
                addresses.article(each.slug),
            )
            for each in hit.copies[:COPIES]
        ),
        names=tuple(
            Name(cut(each.name, 60), each.type, each.mentions or 0, addresses.entity(each.slug))
            for each in hit.entities[:NAMES]
        ),
        related=addresses.related(article.slug),
        cite=f"{alone}#cite",
    )


def facets(found: Iterable[Facet], asked: SearchForm) -> list[FacetView]:
    """Return the facets of a search that offer a choice."""
    shown = SHOWN_LONG if asked.is_long else SHOWN
    views = []
    for facet in found:
        if len(facet.values) < (1 if facet.name == "entity" else 2):
            continue
        choices = tuple(
            Choice(
                label=cut(_LANGUAGES.get(value.label, value.label), 60),
                value=value.value,
                count=value.count,
                href=asked.narrowing(facet.name, value.value),
                chosen=facet.name == "entity" and value.value in asked.entity,
            )
            for value in facet.values[: shown if asked.is_long else MORE]
        )
        views.append(FacetView(facet.name, _HEADINGS[facet.name], choices[:shown], choices[shown:]))
    return views


def bars(histogram: Histogram, asked: SearchForm, where: str = "") -> Markup:
    """Return a histogram as an SVG drawing, with each bar a link to its span of time.

    For readers who do not see the drawing there is a list, and a form.
    """
    if len(histogram.bars) < 2:
        return Markup("")
    drawing = Markup(
        '<svg class="bars" viewBox="0 0 {0} {1}" width="{0}" height="{1}"'
        ' preserveAspectRatio="none" aria-hidden="true" focusable="false">{2}</svg>'
        '<p class="scale" aria-hidden="true"><span>{3}</span><span>{4}</span></p>'
    )
    inside = Markup("").join(
        _bar(bar.x, bar.width, bar.height, bar.start, bar.end, f"{bar.name}: {bar.count:,}")
        if asked.is_long
        else Markup('<a href="{}" tabindex="-1">{}</a>').format(
            where + asked.address(after=bar.start, before=bar.end),
            _bar(bar.x, bar.width, bar.height, bar.start, bar.end, f"{bar.name}: {bar.count:,}"),
        )
        for bar in histogram.bars
    )
    first, last = histogram.bars[0], histogram.bars[-1]
    return drawing.format(WIDTH, HEIGHT, inside, first.name, last.name)


def _bar(x: float, width: float, height: float, start: str, end: str, title: str) -> Markup:
    """Return a bar, on a background of its width and the height of the drawing."""
    return Markup(
        f'<g data-after="{start}" data-before="{end}"><title>{title}</title>'
        f'<path class="space" d="M{x:g} 0h{width:g}v{HEIGHT}h-{width:g}z"/>'
        f'<path class="bar" d="M{x:g} {HEIGHT}h{width:g}v-{height:g}h-{width:g}z"/></g>'
    )


def listed(
    histogram: Histogram, asked: SearchForm, where: str = ""
) -> Sequence[tuple[str, str, int]]:
    """Return the same as a list: each span's name, link, and number of articles."""
    return [
        (name, where + asked.address(after=start, before=end), count)
        for start, end, name, count in histogram.listed
    ]
