"""Citations of articles, for reference managers and for readers.

BibTeX entries, CSL-JSON items of type `article-newspaper` (citationstyles.org), RIS
records of type NEWS, and a plain reference.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, cast

from ..errors import OptionError
from ..models.article import Article, ArticleText
from ..models.options import CitationStyle, as_text, check_known
from ..models.page import Hit
from ..text.authors import AuthorName, split_authors
from .bibtex import bibtex_entry


def cite(
    article: Article | ArticleText | Hit, style: str = "text", *, quote: str | None = None
) -> str:
    """Return a citation of an article or a hit; `style` is text, bibtex, csl or ris.

    `quote` is a passage of the article to be quoted. Raises OptionError for an unknown style, and
    for what is no article.
    """
    article = article if isinstance(article, Article) else getattr(article, "article", article)
    if not isinstance(article, Article):
        raise OptionError(f"article takes an article or a hit, not {article!r}")
    quote = None if quote is None else as_text("quote", quote)
    styles: dict[CitationStyle, Callable[[Article, str | None], str]]
    styles = {"text": _text, "bibtex": bibtex_entry, "csl": _csl, "ris": _ris}
    check_known("citation style", style, styles)
    # A line end in a value would end a field of RIS.
    values = {each.name: getattr(article, each.name) for each in fields(article)}
    lines: dict[str, Any] = {
        name: " ".join(value.split()) for name, value in values.items() if isinstance(value, str)
    }
    return styles[cast("CitationStyle", style)](
        replace(article, **lines), " ".join(quote.split()) if quote else None
    )


def _authors(article: Article) -> list[AuthorName]:
    return split_authors(article.author or "")


def _text(article: Article, quote: str | None) -> str:
    ends = article.title.endswith((".", "?", "!", "…"))
    published = ", ".join(filter(None, (article.source, article.published)))
    parts = (
        f"{_listed(_authors(article))}." if article.author else None,
        f"“{article.title}{'' if ends else '.'}”",
        f"{published}." if published else None,
        article.url,
    )
    reference = " ".join(filter(None, parts))
    return f"“{quote}” — {reference}" if quote else reference


def _listed(names: list[AuthorName]) -> str:
    literals = [name.literal for name in names]
    line = ("; " if any("," in each for each in literals) else ", ").join(literals)
    return line.removesuffix(".")


def _csl(article: Article, quote: str | None) -> str:
    day = article.date
    item = {
        "id": article.slug,
        "type": "article-newspaper",
        "title": article.title,
        "author": list(map(_csl_name, _authors(article))),
        "container-title": article.source,
        "issued": day and {"date-parts": [[day.year, day.month, day.day]]},
        "URL": article.url,
        "language": article.lang,
        "note": quote and f"“{quote}”",
    }
    return json.dumps(
        {key: value for key, value in item.items() if value}, ensure_ascii=False, indent=2
    )


def _csl_name(name: AuthorName) -> dict[str, str]:
    if not name.family or not name.given:
        return {"literal": name.literal}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {key: value for key, value in parts.items() if value}


def _ris(article: Article, quote: str | None) -> str:
    day = (article.published or "").replace("-", "/")
    record = [
        ("TY", "NEWS"),
        ("ID", article.slug),
        *(("AU", name.sort_name) for name in _authors(article)),
        ("TI", article.title),
        ("T2", article.source),
        ("PY", day[:4]),
        ("DA", day),
        ("LA", article.lang),
        ("UR", article.url),
        ("N1", quote and f"“{quote}”"),
        ("ER", ""),
    ]
    return "\n".join(f"{tag}  - {value}" for tag, value in record if value or tag == "ER")
