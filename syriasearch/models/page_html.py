"""Pages, hits and profiles as HTML, which notebooks show."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .article import printable
from .listed import html_table

if TYPE_CHECKING:
    from .entity_profile import EntityProfile
    from .page import Hit, Page

_NEIGHBOURS = 10
"""The number of neighbours that a profile lists."""


def _text(text: str) -> str:
    return f"<bdi>{escape(printable(text))}</bdi>"


def hit_html(hit: Hit) -> str:
    """Return a hit: its title, where and when it was published, and its passages."""
    article = hit.article
    title = _text(article.title)
    if article.url and article.url.startswith(("https://", "http://")):
        title = f'<a href="{escape(article.url)}" rel="noreferrer">{title}</a>'
    about = filter(None, (article.published, article.source, article.author))
    line = " · ".join(map(_text, about))
    passages = "".join(f'<p dir="auto">{each.snippet.to_html()}</p>' for each in hit.passages)
    partial = " (only some of the words)" if hit.partial else ""
    return f"<div><b>{title}</b>{partial}<br><small>{line}</small>{passages}</div>"


def page_html(page: Page) -> str:
    """Return a page: how many articles there are, and its hits."""
    number = page.total or page.partial_total
    articles = f"{number:,} article{'' if number == 1 else 's'}"
    of = f" for {_text(page.query)}" if page.query else ""
    items = "".join(f"<li>{hit_html(hit)}</li>" for hit in page.hits)
    return f'<p>{articles}{of}</p><ol start="{page.offset + 1}">{items}</ol>'


def profile_html(profile: EntityProfile) -> str:
    """Return a profile: who it is, its articles over time, and its neighbours."""
    entity = profile.entity
    about = f"<p>{_text(entity.description)}</p>" if entity.description else ""
    counts = f"<p>{profile.mentions:,} mentions in {profile.articles:,} articles</p>"
    drawing = profile.timeline.to_svg() if profile.timeline.buckets else ""
    neighbours = html_table(
        {"name": each.entity.name, "type": each.entity.type, "articles": each.articles}
        for each in profile.associates[:_NEIGHBOURS]
    )
    return f"<h3>{_text(entity.name)} · {entity.type}</h3>{about}{counts}{drawing}{neighbours}"
