"""BibTeX entries of articles.

An entry is an `@article`, or `@misc` if it lacks what the former requires: an author, a journal or
a year. Its title keeps its capitals, by a second pair of braces. The author names are those of the
other citations: bodies, and names that are not split, have braces of their own. The `date` has the
day, for biblatex.
"""

from __future__ import annotations

from ..models.article import Article
from ..text.authors import AuthorName, split_authors
from ..text.patterns import regex
from ..text.tex import escape_tex

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
"""The macros that every style defines."""
_NOT_IN_KEYS = regex(r"[\s\\{}%&$#_~^,=\"'()@]+")
_IN_ADDRESSES = {"\\": "%5C", "{": "%7B", "}": "%7D", " ": "%20"}


def bibtex_entry(article: Article, quote: str | None = None) -> str:
    """Return the entry of an article, with a quoted passage as its annotation."""
    authors = " and ".join(map(_name, split_authors(article.author or "")))
    day = article.date
    is_complete = authors and article.source and day
    source = article.source and escape_tex(article.source)
    fields = {
        "author": authors,
        "title": f"{{{escape_tex(article.title)}}}",
        "journal" if is_complete else "howpublished": source,
        "entrysubtype": "newspaper" if is_complete else None,
        "year": day and f"{day.year:04}",
        "month": day and _MONTHS[day.month - 1],
        "date": day and day.isoformat(),
        "url": article.url and "".join(_IN_ADDRESSES.get(each, each) for each in article.url),
        "language": article.lang and escape_tex(article.lang),
        "annote": quote and escape_tex(f"“{quote}”"),
    }
    lines = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
        for name, value in fields.items()
        if value
    ]
    key = _NOT_IN_KEYS.sub("-", article.slug)
    return "\n".join([f"@{'article' if is_complete else 'misc'}{{{key},", *lines, "}"])


def _name(name: AuthorName) -> str:
    """Return a name as BibTeX parses it: with a comma after the family name, or as a whole."""
    if name.is_body or not name.family or not name.given:
        return f"{{{escape_tex(name.literal)}}}"
    family = " ".join(filter(None, (name.particle, name.family)))
    return escape_tex(", ".join(filter(None, (family, name.suffix, name.given))))
