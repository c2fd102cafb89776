"""Output of an article: its text, the names in it, and why each was recognized."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from .output import (
    bold,
    dim,
    entity_lines,
    linked,
    plain,
    print_json,
    print_lines,
    snippet_text,
    terminal_width,
    wrapped,
)

if TYPE_CHECKING:
    from .. import ArticleText, Mention


_STYLES: dict[str, Callable[[str], str]] = {"heading": bold, "caption": dim, "byline": dim}
_INDENT = "    "


def print_article(text: ArticleText, output: str, *, why: bool = False) -> None:
    """Print an article with its text on standard output.

    With `why` the text has, under each paragraph, the names in it and the reason of each.
    """
    if output == "text":
        print_lines(list(_article_lines(text, why)))
    else:
        print_json(text.to_dict())


def _article_lines(text: ArticleText, why: bool) -> Iterator[str]:
    width = terminal_width()
    article = text.article
    yield linked(bold(plain(article.title)), article.url)
    about = filter(None, (article.published, article.source, article.author, article.path))
    yield dim(plain(" · ".join(about)))
    if article.url:
        yield dim(plain(article.url))
    if why and text.paragraphs:
        yield from _why_lines(text.paragraphs[0].mentions, width)
    for paragraph in text.paragraphs[1:]:
        yield ""
        style: Callable[[str], str] = _STYLES.get(paragraph.kind, click.style)
        yield from wrapped(style(snippet_text(paragraph.snippet, width)), "", width)
        if why:
            yield from _why_lines(paragraph.mentions, width)
    if text.entities:
        yield ""
        yield from entity_lines(text.entities, "", width)


def _why_lines(mentions: Sequence[Mention], width: int) -> Iterator[str]:
    """Yield a line for each name of a paragraph; one that recurs for the same reason has one."""
    counts = Counter(
        (each.surface, each.entity.slug, each.entity.name, each.entity.type, each.why)
        for each in mentions
    )
    for (surface, slug, name, kind, why), times in counts.items():
        again = f" ({times} times)" if times > 1 else ""
        line = f"{plain(surface)}{again}: {plain(name)}, {kind} [{plain(slug)}]: {plain(why)}"
        yield from wrapped(dim(line), _INDENT, width)
